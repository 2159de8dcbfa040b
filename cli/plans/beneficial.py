"""Beneficial holdings: by owner what it has of a class, and through whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, joined, printed, span
from cli.plans.held import DEPOSITARY, depositary, several, voted
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer, percentage
from projections.holding_rows import HoldingRow, LinkRow

_NOT_KNOWN = "Not known"
_NARROW = (
    Column(wrap=True), Column("id", from_width=100), Column("shares", "right"),
    Column("% issued", "right"), Column("% outst.", "right"), Column("basis", yields=1),
    Column("standing", from_width=120),
)  # fmt: skip
_FLAT = (
    Column("issuer"), Column("class"), Column("owner"), Column("id"), Column("shares", "right"),
    Column("% issued", "right"), Column("% outst.", "right"), Column("of"), Column("through"),
    Column("title"), Column("votes"), Column("disposal"), Column("basis"), Column("standing"),
    Column("events", "right"),
)  # fmt: skip


@dataclass(frozen=True)
class BeneficialPlan:
    """How beneficial holdings are told: in an issuer, of an owner, or of all."""

    issuer: str | None
    holder: str | None
    digits: int

    def screen(self, answer: Answer[HoldingRow], labels: Labels) -> Screen:
        """The holdings as a person reads them."""
        title = "Holdings"
        if self.holder is not None:
            title += f" of {labels.heading('party', self.holder)}"
        if self.issuer is not None:
            title += f" in {labels.heading('party', self.issuer)}"
        make = self._flat if labels.flat else self._narrow
        notes = [labels.read(note) for note in answer.notes]
        return Screen(title, list(make(answer.rows, labels)), notes)

    def _narrow(self, rows: Sequence[HoldingRow], labels: Labels) -> Iterator[Block]:
        for issuer, found in groupby(rows, itemgetter("issuer")):
            before = "" if self.issuer else f"{labels.title('party', issuer)}: "
            held = list(found)
            each = [row for row in held if row["basis"] != "sum"]
            sums = [row for row in held if row["basis"] == "sum"]
            for share_class, of in groupby(each, itemgetter("share_class")):
                own = [row for row in sums if row["share_class"] == share_class]
                heading = labels.name("class", share_class) if share_class else "as disclosed"
                heading = before + heading
                yield Block(_NARROW, list(self._by_owner(list(of), own, labels)), heading)
            whole = [row for row in sums if row["share_class"] is None]
            if whole:
                lines = [self._line(row, self._name(row, labels), labels) for row in whole]
                yield Block(_NARROW, lines, f"{before}All classes")

    def _by_owner(
        self, rows: Sequence[HoldingRow], sums: Sequence[HoldingRow], labels: Labels
    ) -> Iterator[Line]:
        """The rows of each owner one under the other, then what they make together."""
        owners = dict.fromkeys(row["economic_owner"] for row in rows)
        for owner in sorted(owners, key=lambda one: (one is None, -_shares(rows, one))):
            for row in rows:
                if row["economic_owner"] == owner:
                    yield self._line(row, self._name(row, labels), labels)
            for row in sums:
                if row["economic_owner"] == owner:
                    yield self._line(row, f"{self._name(row, labels)}, together", labels)

    def _name(self, row: HoldingRow, labels: Labels) -> str:
        owner = row["economic_owner"]
        return labels.name("party", owner) if owner else _NOT_KNOWN

    def _line(self, row: HoldingRow, name: str, labels: Labels) -> Line:
        explained = row["issuer"], row["economic_owner"] or row["holder"]
        cells = (
            name, row["economic_owner"] or "",
            *(labels.figure(one, "holdings", *explained) for one in self._figures(row)),
            joined(_BASIS[row["basis"]], labels.marks.sign(row.get("standing"))),
            row.get("standing", ""),
        )  # fmt: skip
        return Line(cells, [*_under(row, labels)])

    def _figures(self, row: HoldingRow) -> tuple[str, str, str]:
        if row["basis"] == "disclosed":
            shares = joined(_how(row), count(row["shares"])) if row["shares"] else UNKNOWN
            return shares, UNKNOWN, UNKNOWN
        outstanding = Fraction(row.get("outstanding") or 0)
        share = percentage(Fraction(row["shares"] or 0), outstanding, self.digits)
        told = row["share_class"] is not None
        return (
            count(row["shares"]), row["percent"] or UNKNOWN,
            (share if told else None) or UNKNOWN,
        )  # fmt: skip

    def _flat(self, rows: Sequence[HoldingRow], labels: Labels) -> Iterator[Block]:
        if rows:
            yield Block(_FLAT, [self._flat_line(row, labels) for row in rows])

    def _flat_line(self, row: HoldingRow, labels: Labels) -> Line:
        of = [row.get("benefit", ""), _between(row), *_part_disclosed(row)]
        is_disclosed = row["basis"] == "disclosed"
        return Line((
            labels.name("party", row["issuer"]), labels.name("class", row["share_class"]),
            self._name(row, labels), row["economic_owner"] or UNKNOWN, *self._figures(row),
            ", ".join(filter(None, of)) or UNKNOWN,
            _chain(row.get("chain", ()), labels) or UNKNOWN,
            several(row["title_holder"], labels) or UNKNOWN, voted(row, labels) or UNKNOWN,
            several(row["disposal_by"], labels) or UNKNOWN,
            row["basis_detail"] if is_disclosed else row["basis"],
            row.get("standing", UNKNOWN), str(row.get("events_count", UNKNOWN)),
        ))  # fmt: skip


_BASIS = {"register": "register", "disclosed": "disclosed", "asserted": "asserted", "sum": ""}


def _shares(rows: Iterable[HoldingRow], owner: str | None) -> Fraction:
    own = (row for row in rows if row["economic_owner"] == owner)
    return sum((Fraction(row["shares"] or 0) for row in own), Fraction())


def _under(row: HoldingRow, labels: Labels) -> Iterator[str]:
    """Through whom, of what, and between which figures."""
    of = row.get("benefit", "whole")
    through = _chain(row.get("chain", ()), labels)
    if not row["economic_owner"]:
        through = f"held by {labels.name('party', row['holder'])}"
    words = [f"the {of} alone" if of != "whole" else "", through, _between(row)]
    if row["basis"] == "disclosed":
        words = [*_part_disclosed(row), row["basis_detail"]]
    if row["basis"] == "asserted":
        words = [row["basis_detail"]]
    if told := ", ".join(filter(None, words)):
        yield told


def _how(row: HoldingRow) -> str:
    """How exact a disclosure is, where it is not."""
    return row.get("qualifier", "exactly").replace("-", " ").replace("exactly", "")


def _part_disclosed(row: HoldingRow) -> Iterator[str]:
    """The part of a company that is disclosed, with its base."""
    if row["basis"] == "disclosed" and row["percent"]:
        yield joined(_how(row), f"{printed(row)}% of {row['percent_of']}")


def _between(row: HoldingRow) -> str:
    if "shares_high" not in row:
        return ""
    return f"{span(row['shares_low'], row['shares_high'])} shares"


def _chain(chain: Sequence[LinkRow], labels: Labels) -> str:
    """Who holds for whom, from the name in the register on."""
    return ", ".join(_step(link, labels) for link in chain if link["capacity"] != "own name")


def _step(link: LinkRow, labels: Labels) -> str:
    capacity = link["capacity"]
    if capacity.startswith(DEPOSITARY):
        capacity = depositary(capacity, labels)
    part = {"1": "", None: " (part not told)"}.get(link["fraction"], f" ({link['fraction']})")
    return f"by {labels.name('party', link['holder'])} as {capacity}{part}"
