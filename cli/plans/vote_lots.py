"""Lots of votes: a block for each class, the lots of a holder under one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, date_words
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.share_rows import LotRow
from projections.told import told

_COLUMNS = (
    Column("holder", wrap=True), Column("id", from_width=100), Column("lot", wrap=True),
    Column("shares", "right"), Column("times", "right"), Column("votes", "right"),
    Column("since"),
)  # fmt: skip
_FLAT = (Column("class"), *_COLUMNS, Column("reasons"))


@dataclass(frozen=True)
class LotsPlan:
    """How the lots in an issuer are told."""

    issuer: str

    def screen(self, answer: Answer[LotRow], labels: Labels) -> Screen:
        """The lots as a person reads them."""
        title = f"Votes in {labels.heading('party', self.issuer)}"
        blocks = list((_flat if labels.flat else _blocks)(answer.rows, labels))
        notes = [labels.read(note) for note in answer.notes]
        if blocks and not labels.flat:
            notes.append("Times: how many times the votes of an ordinary share.")
        return Screen(title, blocks, notes)


def _blocks(rows: Sequence[LotRow], labels: Labels) -> Iterator[Block]:
    for share_class, group in groupby(rows, key=lambda row: row["share_class"]):
        lines, named = [], ""
        for row in group:
            lines.append(_line(row, labels, row["holder"] == named))
            named = row["holder"]
        yield Block(_COLUMNS, lines, labels.name("class", share_class))


def _line(row: LotRow, labels: Labels, again: bool) -> Line:
    holder = "" if again else _holder(row, labels)
    lot = row["lot"]
    if lot in row["events"]:  # the grant has the only name that it has
        lot = labels.read(told("event", lot))
    figures = (labels.figure(one, "votes", row["issuer"], row["holder"]) for one in _figures(row))
    cells = (holder, "" if again else row["holder"], lot, *figures)
    return Line(cells, [labels.read(reason) for reason in row["reasons"]])


def _flat(rows: Sequence[LotRow], labels: Labels) -> Iterator[Block]:
    lines = [
        Line((
            row["share_class"], _holder(row, labels), row["holder"], row["lot"], *_figures(row),
            "; ".join(map(labels.read, row["reasons"])) or UNKNOWN,
        ))
        for row in rows
    ]  # fmt: skip
    if lines:
        yield Block(_FLAT, lines)


def _figures(row: LotRow) -> tuple[str, ...]:
    shares, votes = count(row["shares"]), count(row["votes"])
    return shares, str(row["factor"]), votes, date_words(row["since"])


def _holder(row: LotRow, labels: Labels) -> str:
    return "Treasury" if row["holder"] == row["issuer"] else labels.name("party", row["holder"])
