"""Owners: those there are by a rule, then those who were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, date_words, joined, listed, span
from cli.screen import DATES, Block, Column, Line, Screen
from projections.answer import Answer
from projections.control_rows import EconomicRow, OwnerRow

_LAST = (Column("standing", from_width=120), Column("events", "right", from_width=120))
_COLUMNS = (
    Column("owner", wrap=True), Column("id", from_width=100), Column("%", "right"),
    Column("by", wrap=True), Column("since", most=DATES), *_LAST,
)  # fmt: skip
_PAST = (*_COLUMNS[:-2], Column("until", most=DATES), *_LAST)
_FLAT = tuple(
    Column(heading, "right" if heading in ("%", "% low", "% high", "events") else "left")
    for heading in (
        "owner", "id", "role", "by", "through", "%", "% low", "% high", "% of", "certain", "since",
        "until", "standing", "events",
    )
)  # fmt: skip
_OF_ALL = Column("company", wrap=True), Column("owner", wrap=True), Column("%", "right")
_ROLES = {
    "not solved": "Not solved", "not known": "Not known", "no outside owner": "No outside owner",
    "cannot be told": "Cannot be told",
}  # fmt: skip


@dataclass(frozen=True)
class AllPlan:
    """How the economic owners of all companies are told."""

    def screen(self, answer: Answer[EconomicRow], labels: Labels) -> Screen:
        """A line for each company and owner."""
        lines = [
            Line((labels.name("party", row["company"]), _name(row, labels), _percent(row)))
            for row in answer.rows
        ]
        blocks = [Block(_OF_ALL, lines)] if lines else []
        return Screen("Economic owners", blocks, [labels.read(note) for note in answer.notes])


@dataclass(frozen=True)
class OwnersPlan:
    """How the owners of a company by a rule are told."""

    company: str
    rule: str

    def screen(self, answer: Answer[OwnerRow], labels: Labels) -> Screen:
        """The owners as a person reads them."""
        title = f"Owners of {labels.heading('party', self.company)} by rule {self.rule}"
        blocks = list(self._blocks(answer, labels))
        return Screen(title, blocks, [labels.read(note) for note in answer.notes])

    def _blocks(self, answer: Answer[OwnerRow], labels: Labels) -> Iterator[Block]:
        rows = answer.rows
        if labels.flat:
            yield from [Block(_FLAT, [_flat(row, labels) for row in rows])] if rows else []
            return
        if now := [_line(row, labels) for row in rows if row["until"] is None]:
            yield Block(_COLUMNS, now)
        if past := [_line(row, labels) for row in rows if row["until"] is not None]:
            yield Block(_PAST, past, "Before")


def _line(row: OwnerRow, labels: Labels) -> Line:
    until = [date_words(row["until"])] if row["until"] is not None else []
    sign = labels.marks.sign(row["standing"]) if row["party"] else ""
    events = row["events"]
    cells = (
        _name(row, labels), row["party"] or "",
        labels.evidence(events, joined(_percent(row), sign)), _by(row, labels),
        date_words(row["since"]), *until, row["standing"], labels.evidence(events),
    )  # fmt: skip
    return Line(cells, _under(row, labels))


def _name(row: OwnerRow | EconomicRow, labels: Labels) -> str:
    if row["party"] is None:
        return _ROLES[row["role"]]
    return labels.name("party", row["party"])


def _percent(row: OwnerRow | EconomicRow) -> str:
    low, high = row["percent_low"], row["percent_high"]
    return row["percent"] or (span(low, high) if low and high else UNKNOWN)


def _by(row: OwnerRow, labels: Labels) -> str:
    if row["by"] == "trust":
        return f"{row['role']} of {labels.name('party', row['through'][0])}"
    return row["by"] if row["party"] else ""


def _under(row: OwnerRow, labels: Labels) -> list[str]:
    found = []
    if row["through"] and row["by"] != "trust":
        found.append(f"through {_names(row, labels)}" if row["party"] else _names(row, labels))
    low, high = row["percent_low"], row["percent_high"]
    if row["percent"] and low and high and low != high:
        found.append(f"{span(low, high)}% before it was rounded")
    if row["band"]:
        found.append(row["band"])
    if row["certain"] == "no":
        found.append("possible, not certain")
    return found


def _names(row: OwnerRow, labels: Labels) -> str:
    return listed(labels.name("party", one) for one in row["through"])


def _flat(row: OwnerRow, labels: Labels) -> Line:
    """A row for programs, every column."""
    cells = (
        _name(row, labels), row["party"], row["role"], row["by"], _names(row, labels),
        row["percent"], row["percent_low"], row["percent_high"], row["percent_of"], row["certain"],
        row["since"], row["until"], row["standing"], labels.evidence(row["events"]),
    )  # fmt: skip
    return Line(tuple(cell or UNKNOWN for cell in cells))
