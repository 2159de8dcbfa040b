"""Holdings: a block a class with its totals, then what trusts add up to, and what was disclosed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, groupby
from operator import itemgetter

from cli.labels import Labels
from cli.plans.figures import (
    UNKNOWN,
    count,
    dated,
    decimals_of,
    joined,
    listed,
    printed,
    span,
    trimmed,
)
from cli.plans.held import capacity, for_whom, several, unpaid, voted
from cli.plans.rights import held_rights
from cli.screen import Block, Column, Line, Screen
from projections.answer import Answer, percentage, weakest_of
from projections.holding_rows import HoldingRow
from projections.subjects.balances import (
    OWN_NAME,
    TREASURY_SHARES,
)
from projections.subjects.holding_notes import no_register_note, totals_note

_NO_LINE = "no line of their own in the register"
_TOGETHER = "In own name and in trust together"
_REGISTERED = (
    Column(wrap=True), Column("id", from_width=100), Column("shares", "right"),
    Column("% issued", "right"), Column("% outst.", "right"), Column("basis", yields=1),
    Column("standing", from_width=120), Column("events", "right", from_width=120),
)  # fmt: skip
_SUMMED = (0, 1, 2, 3, 4, 6)  # the columns of those that a sum of rows has
_DISCLOSED = (
    Column(wrap=True), Column("id", from_width=100), Column("shares", "right", yields=1),
    Column("%", "right"), Column("of"), Column("disclosed"), Column("standing", from_width=120),
    Column("source", wrap=True, yields=2),
)  # fmt: skip
_FLAT = (
    Column("class"), Column("holder"), Column("id"), Column("shares", "right"),
    Column("% issued", "right"), Column("% outst.", "right"), Column("for"), Column("trustee"),
    Column("votes"), Column("disposal"),
    Column("basis"), Column("standing"), Column("events", "right"),
)  # fmt: skip
_FLAT_DISCLOSED = (
    Column("class"), Column("holder"), Column("id"), Column("shares", "right"),
    Column("%", "right"), Column("of"), Column("disclosed"), Column("capacity"), Column("standing"),
    Column("sources"), Column("other sources", "right"), Column("event"),
)  # fmt: skip
_RANGES = tuple(
    Column(heading, "right")
    for heading in ("shares, low", "shares, high", "% issued, low", "% issued, high")
)


@dataclass(frozen=True)
class HoldingsPlan:
    """How holdings are told: in an issuer, of a holder, or of all."""

    issuer: str | None
    holder: str | None
    digits: int
    ranged: bool

    def screen(self, answer: Answer[HoldingRow], labels: Labels) -> Screen:
        """The holdings as a person reads them."""
        rows = answer.rows
        told: set[str] = {
            no_register_note(row["issuer"]) for row in rows if row["basis"] == "disclosed"
        }
        if not self.holder:
            told |= {_totals_note(row) for row in rows if row["basis"] == "register"}
        kept = answer.notes if labels.flat else set(answer.notes) - told
        notes = [labels.read(note) for note in answer.notes if note in kept]
        make = self._flat if labels.flat else self._narrow
        if self.ranged and rows and not labels.flat:
            notes.append("Where no range is given, no other figure is possible.")
        return Screen(
            self._title(labels), [*make(rows, labels), *held_rights(rows, labels)], notes,
            remark=self._elsewhere(answer, labels),
        )  # fmt: skip

    def _title(self, labels: Labels) -> str:
        title = "Holdings"
        if self.holder is not None:
            title += f" of {labels.heading('party', self.holder)}"
        if self.issuer is not None:
            title += f" in {labels.heading('party', self.issuer)}"
        return title

    def _elsewhere(self, answer: Answer[HoldingRow], labels: Labels) -> str:
        """Where to look when one that issued nothing is asked about and holds something."""
        view, issuer = labels.view, self.issuer
        if answer.rows or issuer is None or self.holder or view.history.knows(f"issuer:{issuer}"):
            return ""
        if not view.history.knows(f"party:{issuer}"):
            return ""
        return (
            f"Nobody is recorded to hold anything in {labels.title('party', issuer)}."
            f" What it holds itself: {labels.command(f'holdings --holder {issuer}')}"
        )

    def _narrow(self, rows: Sequence[HoldingRow], labels: Labels) -> Iterator[Block]:
        for issuer, found in groupby(rows, itemgetter("issuer")):
            before = "" if self.issuer else f"{labels.title('party', issuer)}: "
            registered, disclosed = _by_basis(found)
            classes = [list(held) for _, held in groupby(registered, itemgetter("share_class"))]
            for held in classes:
                kind = f": {row_kind}s, no capital" if (row_kind := held[0].get("kind")) else ""
                heading = before + _class_heading(labels, held[0]["share_class"]) + kind
                yield Block(_REGISTERED, self._class_lines(held, labels), heading)
            capital = [held for held in classes if "kind" not in held[0]]
            if len(capital) > 1 and self.holder is None:
                yield self._all_classes(capital, labels, before)
            for held in classes:
                lines = list(self._together(held, labels))
                of = f", {labels.name('class', held[0]['share_class'])}" if len(classes) > 1 else ""
                yield from [Block(_REGISTERED, lines, before + _TOGETHER + of)] if lines else []
            for words, told in _disclosures(disclosed):
                lines = [self._disclosed(row, labels) for row in told]
                yield trimmed(Block(_DISCLOSED, lines, f"{before}as disclosed; {words}"))

    def _class_lines(self, rows: Sequence[HoldingRow], labels: Labels) -> list[Line]:
        ordered = sorted(rows, key=lambda row: row["capacity"] == TREASURY_SHARES)
        lines = [self._registered(row, labels) for row in ordered]
        return lines if self.holder else [*lines, *self._totals(rows, labels, _whole(rows))]

    def _registered(self, row: HoldingRow, labels: Labels) -> Line:
        treasury = row["capacity"] == TREASURY_SHARES
        standing = row.get("standing", "")
        cells = (
            "Treasury" if treasury else labels.name("party", row["holder"]), row["holder"],
            *(_figure(row, labels, text) for text in (
                count(row["shares"]), row["percent"] or UNKNOWN, self._of_outstanding(row),
            )),
            joined(row["basis"], labels.marks.sign(standing)), standing,
            labels.evidence(row.get("events", ()), str(row.get("events_count", ""))),
        )  # fmt: skip
        return Line(cells, [*capacity(row, labels), *self._range(row), *unpaid(row)])

    def _of_outstanding(self, row: HoldingRow) -> str:
        if row["capacity"] == TREASURY_SHARES:
            return UNKNOWN
        return self._percent(_shares(row), Fraction(row.get("outstanding") or 0))

    def _percent(self, part: Fraction, base: Fraction) -> str:
        return percentage(part, base, self.digits) or UNKNOWN

    def _range(self, row: HoldingRow) -> Iterator[str]:
        if not self.ranged:
            return
        shares = row["shares_low"], row["shares_high"]
        percents = row["percent_low"], row["percent_high"]
        if len({row["shares"], *shares}) > 1 or len(set(percents)) > 1:
            yield f"{span(*shares)} shares, {span(*percents)}% of {row['percent_of']}"

    def _totals(
        self, rows: Sequence[HoldingRow], labels: Labels, whole: tuple[Fraction, Fraction]
    ) -> list[Line]:
        """The sums of some rows, which lead to how they came about."""
        (issued, outstanding), places = whole, _places(rows)
        hundred, share = self._percent(issued, issued), self._percent(outstanding, issued)
        figures = (
            ("Total issued", count(issued, places), hundred, ""),
            ("Total outstanding", count(outstanding, places), share, hundred),
        )
        over_time = f"votes {rows[0]['issuer']} --totals"
        return [
            _sum(name, "", [labels.command(over_time, text) if text else "" for text in texts])
            for name, *texts in figures
        ]

    def _all_classes(
        self, classes: Sequence[Sequence[HoldingRow]], labels: Labels, before: str
    ) -> Block:
        """What each holds of all shares, whatever their class: by number, and by par if told."""
        issued, outstanding = map(sum, zip(*map(_whole, classes), strict=True))
        held: dict[tuple[bool, str], list[HoldingRow]] = defaultdict(list)
        for row in chain(*classes):
            held[row["capacity"] == TREASURY_SHARES, row["holder"]].append(row)
        places = _places(list(chain(*classes)))
        lines: list[tuple[Line, list[HoldingRow]]] = []
        for (treasury, holder), rows in sorted(
            held.items(), key=lambda i: (i[0][0], -_sum_of(i[1]), i[0])
        ):
            shares = _sum_of(rows)
            name = "Treasury" if treasury else labels.name("party", holder)
            of = UNKNOWN if treasury else self._percent(shares, Fraction(outstanding))
            percent = self._percent(shares, Fraction(issued))
            evidence = _evidence(rows, labels)
            figures = [
                labels.figure(text, "holdings", rows[0]["issuer"], holder)
                for text in (count(shares, places), percent, of)
            ]
            lines.append((_sum(name, holder, figures, *evidence), rows))
        whole = Fraction(issued), Fraction(outstanding)
        lines += [(line, []) for line in self._totals(list(chain(*classes)), labels, whole)]
        heading = f"{before}All classes"
        if classes[0][0].get("capital_par_percent") is None:
            return Block(_REGISTERED, [line for line, _ in lines], heading)
        columns = (*_REGISTERED[:5], Column("% par", "right"), *_REGISTERED[5:])
        par = [Line((*line.cells[:5], self._by_par(rows), *line.cells[5:])) for line, rows in lines]
        return Block(columns, par, heading)

    def _by_par(self, rows: Sequence[HoldingRow]) -> str:
        """The part of capital by par value that some rows are together."""
        exactly = (Fraction(row.get("capital_par_percent_exact") or 0) for row in rows)
        return self._percent(sum(exactly, Fraction()), Fraction(1)) if rows else ""

    def _together(self, rows: Sequence[HoldingRow], labels: Labels) -> Iterator[Line]:
        """What those who bear gain and loss of a trust hold with what they hold besides."""
        issued, outstanding = _whole(rows)
        lines: dict[str, list[HoldingRow]] = defaultdict(list)
        for row in rows:
            lines[row["economic_owner"] or ""].append(row)
        for owner, held in lines.items():
            trusting = any("beneficiaries" in row for row in held)
            if not owner or len(held) < 2 or not trusting or self.holder not in (None, owner):
                continue
            shares = _sum_of(held)
            percents = self._percent(shares, issued), self._percent(shares, outstanding)
            evidence = _evidence(held, labels)
            figures = [
                labels.figure(text, "holdings", held[0]["issuer"], owner)
                for text in (count(shares, _places(rows)), *percents)
            ]
            yield _sum(labels.name("party", owner), owner, figures, *evidence)

    def _disclosed(self, row: HoldingRow, labels: Labels) -> Line:
        marks, doubt = labels.marks, "disputed" if row.get("others") else None
        sign = marks.sign(row.get("qualifier"))
        name = labels.name("party", row["holder"])
        when = dated(row.get("disclosed_on"), row.get("at_latest"))
        sources = listed(labels.name("source", source) for source in row.get("sources", []))
        cells = (
            joined(name, marks.sign(doubt)), row["holder"],
            joined(sign, _figure(row, labels)) if row["shares"] else UNKNOWN,
            joined(sign, _figure(row, labels, printed(row))) if row["percent"] else UNKNOWN,
            row["percent_of"] or UNKNOWN, joined(when, marks.sign(row.get("standing"))),
            row.get("standing", ""), sources,
        )  # fmt: skip
        of = row["share_class"]
        kind = [] if of is None else [_class_heading(labels, of)]
        both = [row["capacity"]] if row["capacity"] != OWN_NAME else []
        return Line(cells, [*kind, *both, *self._range(row)])

    def _flat(self, rows: Sequence[HoldingRow], labels: Labels) -> Iterator[Block]:
        registered, disclosed = _by_basis(rows)
        ranges = _RANGES if self.ranged else ()
        of = () if self.issuer else (Column("issuer"),)
        if registered:
            lines = [self._flat_line(row, labels) for row in registered]
            yield Block((*of, *_FLAT, *ranges), lines)
        columns = [_REGISTERED[n] for n in _SUMMED]
        for issuer, found in groupby(registered, itemgetter("issuer")):
            before = "" if self.issuer else f"{labels.title('party', issuer)}: "
            for share_class, held in groupby(found, itemgetter("share_class")):
                name = labels.name("class", share_class)
                lines = list(self._together(list(held), labels))
                heading = f"{before}{_TOGETHER}, {name}"
                yield from [Block(columns, _picked(lines, _SUMMED), heading)] if lines else []
        for words, told in _disclosures(disclosed):
            lines = [self._flat_disclosed(row, labels) for row in told]
            yield Block((*of, *_FLAT_DISCLOSED, *ranges), lines, f"As disclosed; {words}")

    def _flat_line(self, row: HoldingRow, labels: Labels) -> Line:
        treasury = row["capacity"] == TREASURY_SHARES
        cells = (
            labels.name("class", row["share_class"]),
            "Treasury" if treasury else labels.name("party", row["holder"]), row["holder"],
            count(row["shares"]), row["percent"] or UNKNOWN, self._of_outstanding(row),
            for_whom(row, labels) or UNKNOWN, several(row["trustee"], labels) or UNKNOWN,
            voted(row, labels) or UNKNOWN, several(row["disposal_by"], labels) or UNKNOWN,
            row["basis"],
            row.get("standing", UNKNOWN), str(row.get("events_count", UNKNOWN)),
        )  # fmt: skip
        return Line((*self._of_issuer(row, labels), *cells, *self._flat_range(row)))

    def _flat_disclosed(self, row: HoldingRow, labels: Labels) -> Line:
        how = row.get("qualifier", "exactly").replace("-", " ").replace("exactly", "")
        when = dated(row.get("disclosed_on"), row.get("at_latest"))
        of = row["share_class"]
        cells = (
            labels.name("class", of),
            labels.name("party", row["holder"]), row["holder"],
            joined(how, count(row["shares"])) if row["shares"] else UNKNOWN,
            joined(how, printed(row)) if row["percent"] else UNKNOWN,
            row["percent_of"] or UNKNOWN, when, row["capacity"], row.get("standing", UNKNOWN),
            listed(labels.name("source", source) for source in row.get("sources", [])),
            str(row.get("others", 0)), listed(row.get("events", [])),
        )  # fmt: skip
        return Line((*self._of_issuer(row, labels), *cells, *self._flat_range(row)))

    def _of_issuer(self, row: HoldingRow, labels: Labels) -> tuple[str, ...]:
        return () if self.issuer else (labels.name("party", row["issuer"]),)

    def _flat_range(self, row: HoldingRow) -> tuple[str, ...]:
        if not self.ranged:
            return ()
        shares = count(row["shares_low"]), count(row["shares_high"])
        return (*shares, row["percent_low"] or UNKNOWN, row["percent_high"] or UNKNOWN)


def _disclosures(disclosed: Iterable[HoldingRow]) -> Iterator[tuple[str, list[HoldingRow]]]:
    """What was disclosed, without a register and of those whom one counts with others."""
    among: dict[bool, list[HoldingRow]] = {False: [], True: []}
    for row in disclosed:
        among[row.get("issued") is not None].append(row)
    for counted, rows in among.items():
        if rows:
            yield _NO_LINE if counted else "there is no register", rows


def _by_basis(rows: Iterable[HoldingRow]) -> tuple[list[HoldingRow], list[HoldingRow]]:
    """What the register has, and what was disclosed."""
    found = list(rows)
    registered = [row for row in found if row["basis"] != "disclosed"]
    places = {c: n for n, c in enumerate(dict.fromkeys(row["share_class"] for row in registered))}
    registered.sort(key=lambda row: places[row["share_class"]])
    return registered, [row for row in found if row["basis"] == "disclosed"]


def _whole(rows: Sequence[HoldingRow]) -> tuple[Fraction, Fraction]:
    """The issued and the outstanding shares of the class of some rows."""
    return Fraction(rows[0].get("issued") or 0), Fraction(rows[0].get("outstanding") or 0)


def _places(rows: Sequence[HoldingRow]) -> int:
    """The most decimals of what is held and issued."""
    told = ((row["shares"], row.get("issued"), row.get("treasury")) for row in rows)
    return decimals_of(*chain(*told))


def _totals_note(row: HoldingRow) -> str:
    treasury = Fraction(row.get("treasury") or 0)
    issued, kind = Fraction(row.get("issued") or 0), row.get("kind", "share")
    return totals_note(row["share_class"] or "", issued, treasury, kind, _places([row]))


def _shares(row: HoldingRow) -> Fraction:
    return Fraction(row["shares"] or 0)


def _sum_of(rows: Iterable[HoldingRow]) -> Fraction:
    return sum(map(_shares, rows), Fraction())


def _evidence(rows: Iterable[HoldingRow], labels: Labels) -> tuple[str, str]:
    """The weakest standing among some rows: what bears its sign, and its word."""
    standing = weakest_of(row.get("standing", "official") for row in rows)
    sign = labels.marks.sign(standing)
    return f"register {sign}" if sign else "", standing


def _sum(name: str, id: str, figures: Sequence[str], basis: str = "", standing: str = "") -> Line:
    """A line of a sum: its shares, and what part of the issued and the outstanding they are."""
    return Line((name, id, *figures, basis, standing, ""))


def _picked(lines: Sequence[Line], cells: Sequence[int]) -> list[Line]:
    return [Line([line.cells[n] for n in cells]) for line in lines]


def _class_heading(labels: Labels, share_class: str | None) -> str:
    """A class with its id: ``common shares (nissan/common)``."""
    return f"{labels.class_name(share_class or '')} ({share_class})"


def _figure(row: HoldingRow, labels: Labels, text: str = "") -> str:
    """A number of shares, or another figure of a row, which leads to its explanation."""
    return labels.figure(text or count(row["shares"]), "holdings", row["issuer"], row["holder"])
