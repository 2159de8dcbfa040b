"""Fully diluted shares: holders, pools, promises and totals; with the instruments, if asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, date_words, trimmed
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer
from projections.rows import Row
from projections.subjects.diluted_rows import DilutedRow, InstrumentRow

_COLUMNS = (
    Column("holder", wrap=True), Column("shares", "right"), Column("vested", "right"),
    Column("unvested", "right"), Column("diluted", "right"), Column("%", "right"),
    Column("% no pool", "right"), Column("at caps", "right"), Column("% at caps", "right"),
)  # fmt: skip
_INSTRUMENTS = (
    Column("instrument", wrap=True), Column("open", "right"), Column("vested", "right"),
    Column("price", "right"), Column("expires"),
)  # fmt: skip
_FOOT = (
    "Shares: of classes that convert, what they become. Vested and unvested: open options, warrants"
    " and the like. %: with pools and promises."
)


@dataclass(frozen=True)
class DilutedPlan:
    """How the fully diluted shares of an issuer are told."""

    issuer: str
    detail: bool

    def screen(self, answer: Answer[DilutedRow], labels: Labels) -> Screen:
        """The shares as a person reads them."""
        title = f"Fully diluted shares of {labels.heading('party', self.issuer)}"
        pooled = any(row["kind"] == "total-without-pool" for row in answer.rows)
        lines = [self._line(row, labels, pooled) for row in answer.rows]
        blocks = [trimmed(Block(_COLUMNS, lines))] if lines else []
        if self.detail:
            found = [line for row in answer.rows for line in self._instruments(row, labels)]
            blocks += [trimmed(Block(_INSTRUMENTS, found, "Instruments"))] if found else []
        foot = [_FOOT] if lines else []
        if lines and not self.detail and any(row["instruments"] for row in answer.rows):
            foot.append(f"Each instrument: {labels.command(f'diluted {self.issuer} --detail')}")
        return Screen(title, blocks, [*foot, *map(labels.read, answer.notes)])

    def _line(self, row: DilutedRow, labels: Labels, pooled: bool) -> Line:
        holder = row["holder"]
        figures = (
            _some(row["as_converted"]), _some(row["vested"]),
            _some(row["unvested"]), count(row["diluted"]), row["percent"] or UNKNOWN,
            (row["percent_without_pool"] if pooled else None) or UNKNOWN, count(row["at_caps"]),
            row["percent_at_caps"] or UNKNOWN,
        )  # fmt: skip
        led = [
            labels.figure(text, "holdings", self.issuer, holder)
            if holder
            else labels.command(f"diluted {self.issuer} --detail", text)
            for text in figures
        ]
        cells = name_of(row, labels), *led
        hedge = ["at least; what instruments become is not known"] if row["unknown"] else []
        return Line(cells, hedge)

    def _instruments(self, row: DilutedRow, labels: Labels) -> Iterator[Line]:
        for one in row["instruments"]:
            prices = [one["exercise_price"], one["highest_exercise_price"]]
            price = " to ".join(filter(None, prices)) or UNKNOWN
            cells = (
                one["instrument"], count(one["open"]), count(one["vested"]), price,
                date_words(one["expires_on"]),
            )  # fmt: skip
            yield Line(cells, [f"{labels.name('party', row['holder'] or '')}: {_of(one, labels)}"])


def name_of(row: Row, labels: Labels) -> str:
    """What a part of the fully diluted shares is called."""
    match row["kind"]:
        case "holder":
            holder = row["holder"] or ""
            return labels.name("party", holder)
        case "pool":
            return f"Left of pool {row['pool']}"
        case "promised":
            return "Promised"
        case "total-without-pool":
            return "Total without pool"
        case _:
            return "Total"


def _of(one: InstrumentRow, labels: Labels) -> str:
    """The kind of an instrument, what it is on, and from what pool."""
    told = [one["kind"].replace("-", " ")]
    if one["share_class"]:
        told.append(f"on {labels.name('class', one['share_class'])}")
    if one["principal"]:
        told.append(f"of {one['principal']}")
    if one["cap"]:
        told.append(f"with cap {one['cap']}")
    if one["pool"]:
        told.append(f"from pool {one['pool']}")
    return " ".join(told)


def _some(value: str | None) -> str:
    return UNKNOWN if value in (None, "0") else count(value)
