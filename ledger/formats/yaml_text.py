"""Writing YAML that is read back as it was: quotes only where needed, no folding, one value a line.

Every scalar is text to the reader, so a text is plain unless its characters mean something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[\w(/.+=][\w ()/.,'+=;<>%@&*!-]*(?::[\w/.][\w ()/.,'+=;<>%@&*!:-]*)*")
_SPECIAL = re.compile(r" #|: |---|\.\.\.$")


def written(value: Any, indent: int = 0) -> str:
    """Mappings, lists and texts as lines of YAML, the last one ended."""
    return "".join(f"{' ' * indent}{line}\n" for line in _lines(value))


def scalar(text: str) -> str:
    """A text as one YAML scalar."""
    plain = _PLAIN.fullmatch(text) and not _SPECIAL.search(text) and text == text.strip()
    return text if plain else json.dumps(text, ensure_ascii=False)


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _under(f"{scalar(str(name))}:", inner)
    else:
        for item in value:
            yield from _item(item)


def _under(head: str, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield f"{head} {scalar(value)}"
    elif _is_flat(value):
        yield f"{head} [{', '.join(_flow(item) for item in value)}]"
    elif not value:
        yield f"{head} {{}}"
    else:
        yield head
        yield from (f"  {line}" for line in _lines(value))


def _item(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield f"- {scalar(value)}"
        return
    first, *others = _lines(value)
    yield f"- {first}"
    yield from (f"  {line}" for line in others)


def _is_flat(value: Any) -> bool:
    return isinstance(value, Sequence) and all(isinstance(item, str) for item in value)


def _flow(text: str) -> str:
    plain = scalar(text)
    return json.dumps(text, ensure_ascii=False) if plain == text and "," in text else plain
