"""Votes by class: a block for each class with its total, and one of all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, span
from cli.plans.votes import WHOLES, reasons
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.subjects.votes import OF_WHOLES
from projections.vote_rows import ClassVoteRow

_COLUMNS = (
    Column("holder", wrap=True), Column("id", from_width=100), Column("votes held", "right"),
    Column("held %", "right"), Column("suspended", "right", from_width=120),
    Column("before caps", "right", from_width=120), Column("may cast", "right"),
    Column("% of all", "right"),
)  # fmt: skip
_FLAT = (
    Column("class"), Column("holder"), Column("id"),
    *(
        Column(heading, "right")
        for heading in (
            "gross", "gross %", "votes held", "held %", "suspended", "net", "neutral",
            "before caps", "% before caps", "may cast", "% of all",
        )
    ),
    Column("reasons"),
)  # fmt: skip


@dataclass(frozen=True)
class ClassesPlan:
    """How the votes in an issuer are told by class."""

    issuer: str

    def screen(self, answer: Answer[ClassVoteRow], labels: Labels) -> Screen:
        """The votes as a person reads them."""
        title = f"Votes in {labels.heading('party', self.issuer)}"
        exceptions: list[str] = []
        if labels.flat:
            lines = [self._flat(row, labels) for row in answer.rows]
            blocks = [Block(_FLAT, lines)] if lines else []
        else:
            blocks = list(self._blocks(answer.rows, labels, exceptions))
        told = [note for note in answer.notes if labels.flat or not note.endswith(OF_WHOLES)]
        notes = [*exceptions, *map(labels.read, told)]
        if blocks and not labels.flat:
            notes.append(f"{count(answer.rows[-1]['net_votes'])} votes can be cast before caps.")
            notes.append(f"{WHOLES}.")
        return Screen(title, blocks, notes)

    def _blocks(
        self, rows: Sequence[ClassVoteRow], labels: Labels, exceptions: list[str]
    ) -> Iterator[Block]:
        for share_class, group in groupby(rows, key=lambda row: row["share_class"]):
            heading = labels.name("class", share_class) if share_class else "all classes"
            lines = [self._line(row, labels, exceptions) for row in group]
            yield Block(_COLUMNS, lines, heading)

    def _line(self, row: ClassVoteRow, labels: Labels, exceptions: list[str]) -> Line:
        figures = (
            count(row["votes"]), row["votes_percent"] or UNKNOWN, count(row["suspended"]),
            count(row["exercisable"]), _after(row), row["after_caps_percent"] or UNKNOWN,
        )  # fmt: skip
        cells = (
            self._holder(row, labels), row["holder"] or "",
            *(self._figure(row, one, labels) for one in figures),
        )  # fmt: skip
        treasury = row["gross"] != row["votes"] and row["holder"] is None
        under = [f"{count(row['gross'])} with those of treasury shares"] if treasury else []
        return Line(cells, [*reasons(row["reasons"], labels, exceptions), *under])

    def _figure(self, row: ClassVoteRow, text: str, labels: Labels) -> str:
        """A figure of a holder, which leads to its explanation, or of all, to how it came about."""
        if row["holder"] is None:
            return labels.command(f"votes {self.issuer} --totals", text)
        return text if row["group"] else labels.figure(text, "votes", self.issuer, row["holder"])

    def _flat(self, row: ClassVoteRow, labels: Labels) -> Line:
        percent = (row["gross_percent"], row["votes_percent"], row["exercisable_percent"])
        gross, held, exercisable = (one or UNKNOWN for one in percent)
        return Line((
            row["share_class"] or "all", self._holder(row, labels), row["holder"] or UNKNOWN,
            count(row["gross"]), gross, count(row["votes"]), held, count(row["suspended"]),
            count(row["net"]), count(row["neutral"]), count(row["exercisable"]), exercisable,
            _after(row), row["after_caps_percent"] or UNKNOWN,
            "; ".join(map(labels.read, row["reasons"])) or UNKNOWN,
        ))  # fmt: skip

    def _holder(self, row: ClassVoteRow, labels: Labels) -> str:
        if row["holder"] is None:
            return "Total"
        if row["group"] is not None:
            names = [labels.short("party", one) for one in row["group"]]
            return f"{', '.join(names[:-1])} and {names[-1]} together"
        return "Treasury" if row["holder"] == row["issuer"] else labels.name("party", row["holder"])


def _after(row: ClassVoteRow) -> str:
    """The votes after caps, or from the fewest to the most."""
    if row["after_caps"] is not None:
        return count(row["after_caps"])
    low, high = row["after_caps_low"], row["after_caps_high"]
    if high is None:
        return UNKNOWN
    return f"at most {count(high)}" if low is None else span(low, high)
