"""Writes ledger/events/references.py from the event classes.

Run as ``python docs/references.py`` after adding an event type, before ``docs/generate.py``: what
that imports cannot be loaded without the references of every type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ledger.events.base import Event
from ledger.events.introspection import kind_of, part_of
from ledger.events.registry import event_types

REFERENCES = Path(__file__).parents[1] / "ledger" / "events" / "references.py"


def references_module() -> str:
    """ledger/events/references.py"""
    every = [set(_references(cls)) for cls in event_types().values()]
    common = set.intersection(*every)
    lines = [
        '"""What the fields of each type refer to, written from the classes by docs/references.py.',
        "",
        "Each reference is a field, the part of its items that refers (if it has items), the",
        "kind of thing, and whether the event makes the thing known. With this at hand an event",
        "is found by what it speaks of without the classes, which take longer to load.",
        '"""',
        "",
        "# fmt: off",
        "Reference = tuple[str, str, str, bool]",
        f"COMMON: tuple[Reference, ...] = {_tuple(sorted(common), '    ')}",
        "REFERENCES: dict[str, tuple[Reference, ...]] = {",
    ]
    for name, found in zip(event_types(), every, strict=True):
        lines.append(f'    "{name}": {_tuple(sorted(found - common), "        ")},')
    words = {
        name: kind.words
        for cls in event_types().values()
        for name, info in cls.model_fields.items()
        if (kind := kind_of(info)) and kind.words
    }
    lines += [
        "}",
        "WORDS: dict[str, tuple[str, ...]] = {  # of these fields, that refer to nothing",
    ]
    lines += [f'    "{name}": {_words(found)},' for name, found in sorted(words.items())]
    return "\n".join([*lines, "}", ""])


def _words(words: tuple[str, ...]) -> str:
    return f"({', '.join(json.dumps(word) for word in words)},)"


def _tuple(references: list[tuple[str, str, str, bool]], indent: str) -> str:
    if not references:
        return "()"
    texts = [f"{json.dumps(r[:3])[1:-1]}, {r[3]}" for r in references]
    return "(\n" + "".join(f"{indent}({text}),\n" for text in texts) + indent[4:] + ")"


def _references(cls: type[Event]) -> Iterator[tuple[str, str, str, bool]]:
    for name, info in cls.model_fields.items():
        part, kind = part_of(info.annotation), kind_of(info)
        if part is not None:
            for inner, inner_info in part.model_fields.items():
                inner_kind = kind_of(inner_info)
                if inner_kind is not None and inner_kind.refers:
                    yield name, inner, inner_kind.refers, inner_kind.introduces
        elif kind is not None and kind.refers:
            yield name, "", kind.refers, kind.introduces


if __name__ == "__main__":
    REFERENCES.write_text(references_module(), encoding="utf-8")
