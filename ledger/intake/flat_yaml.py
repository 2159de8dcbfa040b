"""The plain form of YAML that most files of events have, read by one expression.

It is a list of mappings, a name and a text on each line. A name may have below it, four spaces in,
a list of texts or of such mappings. Any other line leaves the whole text to the full reader.
"""

from __future__ import annotations

import re
from typing import Any

from ledger.intake.yaml import Listed

MOST_LINES = 1_000  # of an item: the full reader counts what a longer one holds
_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,99}"
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"  # breaks of lines, and what is refused
)
_QUOTED = rf'"((?:[^"\\{_UNSEEN}]|\\["\\])*)"'
_REST = r"[\w ()/.,'+=;<>%@&*!-]*"
_PLAIN = rf"([\w(/.+=]{_REST}(?::(?=[\w/.]){_REST})*(?<! ))"
_TEXT = f"(?:{_PLAIN}|{_QUOTED})"
_LINE = re.compile(
    rf"(?:(- |  |    - |      )({_NAME}):(?: {_TEXT})?|    - {_TEXT}|#[^{_UNSEEN}]*|)\n"
)


def flat_items(text: str) -> list[tuple[dict[str, Any], int]] | None:
    """Each listed item with the line it begins on; None where a line is of another form."""
    reading, text = _Reading(), f"{text}\n"
    reached = number = 0
    while reached < len(text):
        line = _LINE.match(text, reached)
        number += 1
        if line is None or not reading.takes(number, *line.groups()):
            return None
        reached = line.end()
    return reading.items if reading.is_whole else None


class _Reading:
    """The items read so far, and what the next line may add to."""

    def __init__(self) -> None:
        self.items: list[tuple[dict[str, Any], int]] = []
        self._item: dict[str, Any] | None = None
        self._listed: Listed | None = None
        self._inner: dict[str, Any] | None = None
        self._first = 0

    @property
    def is_whole(self) -> bool:
        """Whether no list has been announced that holds nothing."""
        return self._listed is None or bool(self._listed)

    def takes(
        self, number: int, indent: str | None, name: str | None, plain: str | None,
        quoted: str | None, alone: str | None, alone_quoted: str | None,
    ) -> bool:  # fmt: skip
        """Add a line; False where it does not fit."""
        if name is None or indent is None:
            text = _text(alone, alone_quoted)
            return text is None or self._lists(number, text)
        value = _text(plain, quoted)
        if indent == "  ":
            return self._has(number, name, value)
        if value is None:
            return False
        if indent == "      ":
            return _put(self._inner, name, value)
        if indent == "- ":
            whole, self._listed, self._inner = self.is_whole, None, None
            self._item, self._first = {name: value}, number
            self.items.append((self._item, number))
            return whole
        inner = {name: value}
        fits = self._lists(number, inner)
        self._inner = inner
        return fits

    def _has(self, number: int, name: str, value: str | None) -> bool:
        """The item has a text under a name, or a list that follows."""
        if not self.is_whole or number - self._first > MOST_LINES:
            return False
        self._inner = None
        self._listed = Listed() if value is None else None
        return _put(self._item, name, self._listed if value is None else value)

    def _lists(self, number: int, value: Any) -> bool:
        """The list that is open has one more value."""
        if self._listed is None or number - self._first > MOST_LINES:
            return False
        self._inner = None
        self._listed.append(value)
        self._listed.lines.append(number)
        return True


def _text(plain: str | None, quoted: str | None) -> str | None:
    if quoted is None:
        return plain
    return re.sub(r"\\(.)", r"\1", quoted) if "\\" in quoted else quoted


def _put(into: dict[str, Any] | None, name: str, value: Any) -> bool:
    """Add a value to a mapping, if there is one in which the name is free."""
    if into is None or name in into:
        return False
    into[name] = value
    return True
