"""Groups: a line for each party that controls a company, above it and below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, date_words, joined, listed, trimmed
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.control_rows import ControlRow, GroupRow

_FOUND = (
    Column("by"), Column("through", wrap=True, yields=2), Column("votes", "right"),
    Column("%", "right"), Column("of", yields=3),
)  # fmt: skip
_LAST = (
    Column("since", yields=1), *_FOUND,
    Column("standing", from_width=120), Column("events", "right", from_width=120),
)  # fmt: skip


_EACH = Column("party", wrap=True), Column("in control of", wrap=True), *_FOUND


@dataclass(frozen=True)
class AllPlan:
    """How control among all parties is told."""

    def screen(self, answer: Answer[ControlRow], labels: Labels) -> Screen:
        """A line for each party and company that it controls."""
        lines = [
            Line(
                (
                    *(labels.name("party", row[of]) for of in ("party", "in_control_of")),
                    *_found(row, labels),
                )
            )
            for row in answer.rows
        ]
        blocks = [Block(_EACH, lines)] if lines else []
        return Screen("Who controls whom", blocks, [labels.read(note) for note in answer.notes])


@dataclass(frozen=True)
class GroupPlan:
    """How the group of a company is told."""

    company: str

    def screen(self, answer: Answer[GroupRow], labels: Labels) -> Screen:
        """The group as a person reads it."""
        title = f"Group of {labels.heading('party', self.company)}"
        notes = [labels.read(note) for note in answer.notes]
        return Screen(title, list(self._blocks(answer, labels)), notes)

    def _blocks(self, answer: Answer[GroupRow], labels: Labels) -> Iterator[Block]:
        if labels.flat:
            columns = (Column("party"), Column("in control of"), *_LAST)
            lines = [_line(row, labels, row["party"], row["in_control_of"]) for row in answer.rows]
            yield from [Block(columns, lines)] if lines else []
            return
        of = labels.title("party", self.company)
        company = labels.view.identities.of(self.company)
        above = [row for row in answer.rows if row["in_control_of"] == company]
        below = [row for row in answer.rows if row["party"] == company]
        if above:
            lines = [_line(row, labels, row["party"]) for row in above]
            yield trimmed(Block((Column(wrap=True), *_LAST), lines, f"Who controls {of}"))
        if below:
            lines = [_line(row, labels, row["in_control_of"]) for row in below]
            yield trimmed(Block((Column(wrap=True), *_LAST), lines, f"What {of} controls"))


def _line(row: GroupRow, labels: Labels, *parties: str) -> Line:
    return Line(
        (
            *(labels.name("party", one) for one in parties),
            labels.figure(_when(row), "control", row["in_control_of"]),
            *_found(row, labels, labels.marks.sign(row["standing"])),
            row["standing"], labels.evidence(row["events"]),
        )
    )  # fmt: skip


def _found(row: GroupRow | ControlRow, labels: Labels, sign: str = "") -> tuple[str, ...]:
    by = row["by"] if row["certain"] == "yes" else f"{row['by']}, perhaps"
    control = "control", row["in_control_of"]
    return (
        joined(by, sign), listed(labels.short("party", one) for one in row["through"]),
        labels.figure(count(row["votes_attributed"]), *control),
        labels.figure(_percent(row), *control), _base(row),
    )  # fmt: skip


def _when(row: GroupRow) -> str:
    since = date_words(row["since"])
    return f"{since} to {date_words(row['until'])}" if row["until"] else since


def _percent(row: GroupRow | ControlRow) -> str:
    low, high = row["percent_low"], row["percent_high"]
    if low is not None and high is not None:
        return f"{low} to {high}"
    return row["percent"] or UNKNOWN


def _base(row: GroupRow | ControlRow) -> str:
    return row["base"].replace("-", " ") if row["base"] else UNKNOWN
