"""Two answers to one question compared: what identifies a row, and which of its fields differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

from ledger.time.view import View
from projections.answer import Answer, Row
from projections.subjects.claims import claims
from projections.subjects.deals import deals
from projections.subjects.governance import governance
from projections.subjects.holdings import holdings
from projections.subjects.votes import votes

_Line = TypeVar("_Line")


class Asked(NamedTuple):
    """A question whose answers are compared: what identifies a row, and what of it is shown."""

    name: str
    kind: str
    ask: Callable[[View, str], Answer]
    identity: tuple[str, ...]
    shown: tuple[str, ...]


_SEATS = ("kind", "party", "person", "role", "agreement", "clause")
_TERMS = ("since", "at_latest", "until", "percent", "text", "standing")
_STATUS = (
    *("status", "party", "amount", "currency", "qualifier", "paid", "percent"),
    *("percent_qualifier", "expected", "since", "at_latest", "standing"),
)
HOLDINGS = Asked(
    "holdings", "issuer", holdings, ("share_class", "holder"),
    ("shares", "percent", "percent_of", "qualifier", "basis", "capacity", "trustee", "standing"),
)  # fmt: skip
VOTES = Asked(
    "votes", "issuer", votes, ("holder",),
    ("votes", "votes_percent", "exercisable", "exercisable_percent", "after_caps"),
)  # fmt: skip
ASKED = (
    HOLDINGS,
    VOTES,
    Asked("governance", "party", governance, _SEATS, _TERMS),
    *(
        Asked("deals", kind, deals, ("kind", "subject"), _STATUS)
        for kind in ("deal", "investment", "offering", "project")
    ),
    Asked("claims", "subject", claims, ("attribute", "events"),
          ("value", "unit", "qualifier", "preferred", "standing")),
)  # fmt: skip
QUALIFIED = {  # by answer: the fields that are read with a qualifier, and where it stands
    "holdings": {"shares": "qualifier", "percent": "qualifier"},
    "deals": {"amount": "qualifier", "percent": "percent_qualifier"},
    "claims": {"value": "qualifier"},
}


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


def differing(then: Answer, now: Answer, asked: Asked) -> list[Row]:
    """The rows in which two answers to a question differ, with each field before and after.

    A row that comes or goes has all its fields, with None on the other side. With a number comes
    its qualifier, where it is not exact.
    """
    before, after = rows_by(then, asked), rows_by(now, asked)
    every = dict.fromkeys([*before, *after])
    found = (difference(words, before.get(words), after.get(words), asked) for words in every)
    return [row for row in found if row is not None]


def difference(
    words: str, ours: Row | Line | None, theirs: Row | Line | None, asked: Asked
) -> Row | None:
    """In what two rows that are told apart by some words differ; None where they do not."""
    if ours is not None and ours == theirs:
        return None
    fields = _fields(row_of(ours), row_of(theirs), asked)
    if not fields and ours is not None and theirs is not None:
        return None
    change = "gone" if theirs is None else "added" if ours is None else "changed"
    return {"row": words, "change": change, "fields": fields}


def row_of(line: Row | Line | None, digits: int = 2) -> Row:
    """The row that a line makes; an empty one for none."""
    return line if isinstance(line, dict) else line.row(digits) if line else {}


def _fields(ours: Row, theirs: Row, asked: Asked) -> Row:
    differing = {name for name in asked.shown if ours.get(name) != theirs.get(name)}
    for name, qualifier in QUALIFIED.get(asked.name, {}).items():
        if name in differing and {ours.get(qualifier), theirs.get(qualifier)} - {None, "exactly"}:
            differing.add(qualifier)
    return {name: [ours.get(name), theirs.get(name)] for name in asked.shown if name in differing}


def rows_by(answer: Answer, asked: Asked) -> dict[str, Row]:
    """The rows of an answer by what identifies them; rows alike in that are numbered."""
    return _numbered((_words(row, asked.identity), row) for row in answer.rows)


def lines_by(lines: Iterable[Row | Line], asked: Asked) -> Lines:
    """The same of what the rows of an answer are made of."""
    return _numbered(
        (_words(line, asked.identity) if isinstance(line, dict) else " ".join(line.identity), line)
        for line in lines
    )


def _numbered(lines: Iterable[tuple[str, _Line]]) -> dict[str, _Line]:
    found: dict[str, _Line] = {}
    alike: Counter[str] = Counter()
    for words, line in lines:
        alike[words] += 1
        found[f"{words} ({alike[words]})" if alike[words] > 1 else words] = line
    return found


def _words(row: Row, names: Sequence[str]) -> str:
    given = (row.get(name) for name in names)
    return " ".join(";".join(v) if isinstance(v, list) else str(v) for v in given if v is not None)
