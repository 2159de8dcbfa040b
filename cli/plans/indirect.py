"""What a holder has through others: a line an issuer, then each chain with its product."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, joined, span, trimmed
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer, percentage
from projections.control_rows import ChainRow, IndirectRow

_COLUMNS = (
    Column("of", wrap=True), Column("id", from_width=100), Column("direct", "right"),
    Column("trusts", "right"), Column("by rights", "right", yields=3),
    Column("controlled", "right", yields=1), Column("concert", "right", yields=2),
    Column("% votes", "right"),
    Column("% economic", "right"), Column("standing", from_width=120),
)  # fmt: skip
_CHAINS = (Column("chain", wrap=True), Column("%", "right"))
_FLAT = (
    *(Column(heading) for heading in ("of", "id")),
    *(
        Column(heading, "right")
        for heading in (
            "direct", "trusts", "by rights", "controlled", "concert", "attributed",
            "% votes", "base", "economic", "% economic", "% low", "% high",
        )
    ),
    *(Column(heading) for heading in ("chains", "through loops", "standing")),
)  # fmt: skip


@dataclass(frozen=True)
class IndirectPlan:
    """How what a holder has through others is told: of all companies, or of one."""

    holder: str
    issuer: str | None

    def screen(self, answer: Answer[IndirectRow], labels: Labels) -> Screen:
        """What a holder has through others as a person reads it."""
        title = f"Direct and indirect holdings of {labels.heading('party', self.holder)}"
        if self.issuer is not None:
            title += f" in {labels.heading('party', self.issuer)}"
        blocks = list(self._blocks(answer, labels))
        return Screen(title, blocks, [labels.read(note) for note in answer.notes])

    def _blocks(self, answer: Answer[IndirectRow], labels: Labels) -> Iterator[Block]:
        if labels.flat:
            lines = [_flat(row, labels) for row in answer.rows]
            yield from [Block(_FLAT, lines)] if lines else []
            return
        if answer.rows:
            yield trimmed(Block(_COLUMNS, [_line(row, labels, self.holder) for row in answer.rows]))
        for row in answer.rows:
            lines = [
                Line((_words(one, labels), one["percent"] or UNKNOWN)) for one in row["chains"]
            ]
            if row["through_loops"] not in (None, "0"):
                rest = percentage(Fraction(row["through_loops"] or 0), Fraction(1), 4) or UNKNOWN
                lines.append(Line(("through loops", rest)))
            if lines:
                yield Block(_CHAINS, lines, f"Stakes in {labels.title('party', row['issuer'])}")


def _line(row: IndirectRow, labels: Labels, holder: str) -> Line:
    sign = labels.marks.sign(row["standing"])
    explained = "indirect", holder, row["issuer"]
    cells = (
        labels.name("party", row["issuer"]), row["issuer"], _votes(row["direct"]),
        _votes(row["trusts"]), _votes(row["by_rights"]), _votes(row["controlled"]),
        _votes(row["concert"]),
        labels.figure(row["attributed_percent"] or UNKNOWN, *explained),
        labels.figure(joined(_economic(row), sign), *explained), row["standing"],
    )  # fmt: skip
    low, high = row["economic_low"], row["economic_high"]
    ranged = row["economic_percent"] and low != high
    return Line(cells, [f"{span(low, high)}% before it was rounded"] if ranged else [])


def _votes(votes: str | None) -> str:
    return UNKNOWN if votes in (None, "0") else count(votes)


def _economic(row: IndirectRow) -> str:
    low, high = row["economic_low"], row["economic_high"]
    return row["economic_percent"] or (span(low, high) if low and high else UNKNOWN)


def _words(one: ChainRow, labels: Labels) -> str:
    return " > ".join(labels.short("party", party) for party in one["parties"])


def _flat(row: IndirectRow, labels: Labels) -> Line:
    """A row for programs, every column."""
    chains = "; ".join(
        f"{_words(one, labels)}: {one['percent'] or UNKNOWN}" for one in row["chains"]
    )
    cells = (
        labels.name("party", row["issuer"]), row["issuer"], row["direct"], row["trusts"],
        row["by_rights"], row["controlled"], row["concert"], row["attributed"],
        row["attributed_percent"], row["base"], row["economic"], row["economic_percent"],
        row["economic_low"], row["economic_high"], chains, row["through_loops"], row["standing"],
    )  # fmt: skip
    return Line(tuple(cell or UNKNOWN for cell in cells))
