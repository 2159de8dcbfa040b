"""JSON with two spaces a level: the text that ``json`` writes so, several times as fast.

Its fast writer knows no levels. It is given what holds nothing else that holds anything, a row
mostly, with the line break and the spaces as the separator.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from projections.answer import Rows

_NESTING = (dict, list, tuple)


def indented(value: Any, plain: bool, level: int = 1) -> Iterator[str]:
    """The text of a value whose names are all texts, piece by piece; plain is in ASCII alone."""
    if not isinstance(value, _NESTING) or not value:
        yield _writer(plain, level).encode(value)
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    inner, outer = "\n" + "  " * level, "\n" + "  " * (level - 1)
    if _is_flat(value):
        yield f"{opening}{inner}{_writer(plain, level).encode(value)[1:-1]}{outer}{closing}"
        return
    yield opening
    between = inner
    pairs = value.items() if isinstance(value, dict) else ((None, one) for one in value)
    for name, one in pairs:
        yield between if name is None else f"{between}{_writer(plain, level).encode(name)}: "
        yield from indented(one, plain, level + 1)
        between = f",{inner}"
    yield outer + closing


def _is_flat(value: Any) -> bool:
    """Whether nothing in a value holds anything; rows that are found as they are read are."""
    if isinstance(value, Rows):
        return False
    held: Iterable[Any] = value.values() if isinstance(value, dict) else value
    return not any(isinstance(one, _NESTING) and (isinstance(one, Rows) or one) for one in held)


@cache
def _writer(plain: bool, level: int) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=plain, separators=(",\n" + "  " * level, ": "))
