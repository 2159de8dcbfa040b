"""Two answers to one question compared: what identifies a row, and which of its fields differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

from projections.answer import Answer
from projections.columns import NAMED
from projections.questions import Question
from projections.rows import Row
from projections.told import Told, told

_ALL = "all"  # a row that nothing tells apart: of all together
_Line = TypeVar("_Line")
Change = Literal["changed", "added", "gone"]


class Line(Protocol):
    """What a row is made of. Lines that are equal make equal rows, and are compared much faster."""

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells the row from others."""

    @property
    def place(self) -> tuple[Any, ...]:
        """The place of the row in an answer."""

    def row(self, digits: int = 2) -> Row:
        """The row, its percentages with so many digits."""


Lines = Mapping[str, Row | Line]  # rows, or what they are made of, by what tells them apart


def changed(then: Lines, now: Lines) -> set[str]:
    """The words of the rows that come, go, or are not made of the same thing."""
    found = {words for words, line in now.items() if then.get(words) is not line}
    return found.union(then.keys() - now.keys())


class RowDifference(NamedTuple):
    """How a row, told apart by some words, differs: its fields before and after."""

    row: str
    change: Change
    fields: dict[str, list[Any]]


def differing(then: Answer[Any], now: Answer[Any], question: Question) -> list[RowDifference]:
    """The rows in which two answers to a question differ, with each field before and after.

    A row that comes or goes has all its fields, with None on the other side. With a number comes
    its qualifier, where it is not exact.
    """
    before, after = rows_by(then, question), rows_by(now, question)
    every = dict.fromkeys([*before, *after])
    found = (difference(words, before.get(words), after.get(words), question) for words in every)
    return [row for row in found if row is not None]


def difference(
    words: str, ours: Row | Line | None, theirs: Row | Line | None, question: Question
) -> RowDifference | None:
    """In what two rows that are told apart by some words differ; None where they do not."""
    if ours is not None and ours == theirs:
        return None
    fields = _fields(row_of(ours), row_of(theirs), question)
    if not fields and ours is not None and theirs is not None:
        return None
    change: Change = "gone" if theirs is None else "added" if ours is None else "changed"
    return RowDifference(_in_words(words, row_of(theirs or ours), question), change, fields)


def row_of(line: Row | Line | None, digits: int = 2) -> Row:
    """The row that a line makes; an empty one for none."""
    return line if isinstance(line, Mapping) else line.row(digits) if line else {}


def _fields(ours: Row, theirs: Row, question: Question) -> dict[str, list[Any]]:
    differing = {name for name in question.compared if ours.get(name) != theirs.get(name)}
    for name, qualifier in question.qualified.items():
        if name in differing and {ours.get(qualifier), theirs.get(qualifier)} - {None, "exactly"}:
            differing.add(qualifier)
    return {
        name: [ours.get(name), theirs.get(name)] for name in question.compared if name in differing
    }


def rows_by(answer: Answer[Any], question: Question) -> dict[str, Row]:
    """The rows of an answer by what identifies them; rows alike in that are numbered."""
    return _numbered((_words(row, question.identity), row) for row in answer.rows)


def lines_by(lines: Iterable[Row | Line], question: Question) -> Lines:
    """The same of what the rows of an answer are made of."""
    return _numbered(
        (
            _words(line, question.identity)
            if isinstance(line, Mapping)
            else " ".join(line.identity),
            line,
        )
        for line in lines
    )


def _numbered(lines: Iterable[tuple[str, _Line]]) -> dict[str, _Line]:
    found: dict[str, _Line] = {}
    alike: Counter[str] = Counter()
    for words, line in lines:
        alike[words] += 1
        found[f"{words} ({alike[words]})" if alike[words] > 1 else words] = line
    return found


def _in_words(identity: str, row: Row, question: Question) -> str:
    """What tells a row from others, in words that know of which things they speak."""
    parts: list[str] = []
    for name in question.identity:
        value = row.get(name)
        kind = NAMED.get(name) or str(row.get("kind") or "")
        ids = value if isinstance(value, list) else [] if value is None else [value]
        marked = [told(kind, id) if name in NAMED and kind.isalpha() else str(id) for id in ids]
        parts += [] if value is None else [";".join(marked)]
    words = Told(" ".join(parts) or _ALL)
    return words if words == identity else identity


def _words(row: Row, names: Sequence[str]) -> str:
    given = (row.get(name) for name in names)
    told = (";".join(v) if isinstance(v, list) else str(v) for v in given if v is not None)
    return " ".join(told) or _ALL
