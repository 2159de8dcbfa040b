"""Holdings on one day: positions, their total, and percentages that are checked and never used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.formats.cells import Cell
from ledger.formats.drafts import Made, digest, row_keys
from ledger.formats.headings import fields_of, is_of_nobody, is_total, speaks_of_total
from ledger.formats.losses import Loss
from ledger.formats.records import Record
from ledger.formats.rows import Rows
from ledger.formats.yaml_text import scalar
from ledger.values.refusals import Refusal, shown

FIELDS = (
    "entry", "certificate", "holder", "share_class", "issuer", "shares", "percent", "party_kind",
    "lei", "born", "address",
)  # fmt: skip
_PERCENT = re.compile(r"(<?)\s*(\d{1,3}(?:[.,]\d{1,18})?)\s*%?")


class Position(NamedTuple):
    """Shares of a class that a line of a snapshot gives a holder."""

    holder: str
    name: str
    share_class: str
    shares: int
    place: str


class Snapshot(NamedTuple):
    """The positions of a table on its date, and what opening or asserting them would record."""

    on: str
    positions: Sequence[Position]
    opened: Sequence[Made]
    asserted: Sequence[Made]


def read_snapshot(rows: Rows, on: str) -> Snapshot:
    """The positions of a table, each line a position on its date."""
    keys = row_keys(rows.records, rows.resolved(), rows.mapping, rows.found, by_id=True)
    positions, opened = [], []
    for line, key in zip(rows.records.lines, keys, strict=True):
        if not rows.need(line, "holder", "share_class", "shares"):
            continue
        holder, share_class = rows.party(line, "holder"), rows.share_class(line)
        shares, place = int(line.value("shares")), rows.records.place(line.row, "shares")
        if share_class:
            name = line.value("holder")
            positions.append(Position(holder, name, share_class, shares, place))
        if shares:
            opened.append(
                rows.made(
                    line,
                    "register-opened",
                    key,
                    "shares",
                    share_class=share_class,
                    holder=holder,
                    shares=line.value("shares"),
                    effective_on=on,
                )
            )
        else:
            why = "a register opens with more than no shares"
            rows.found.lose(Loss("not-carried", place, "shares", "0", why), line.row)
    _ask_repeated(rows, positions)
    _ask_totals(rows, positions)
    _ask_nobody(rows, positions)
    totals = _totals(rows, positions, on)
    _check_percentages(rows, positions)
    return Snapshot(on, positions, [*opened, *totals], [*_asserted(rows, on), *totals])


def _ask_repeated(rows: Rows, positions: Sequence[Position]) -> None:
    """Ask where rows of one holder and class have dates: they may be balances on several days."""
    dated = any("effective_on" in fields_of(heading) for heading in rows.headings.values())
    if not dated or rows.mapping.text("duplicates") == "keep":
        return
    places: dict[tuple[str, str], list[str]] = {}
    for one in positions:
        places.setdefault((one.name, one.share_class), []).append(one.place)
    for (name, share_class), same in places.items():
        if len(same) > 1:
            rows.found.ask(
                ", ".join(same[:5]),
                f"{shown(name)} has {len(same)} rows of {share_class}, and rows have dates: these"
                " may be balances on several days. If they add up, say so.",
                "duplicates: keep",
            )


def _ask_totals(rows: Rows, positions: Sequence[Position]) -> None:
    """Ask where a new holder may be a total: it is called so, or has the sum of those above."""
    if rows.mapping.has("total-rows"):
        return
    new = {made.fields["party"] for made in rows.parties.made}
    sums = _sums(positions)
    open_ = [
        one for one in positions if one.holder in new and (one in sums or speaks_of_total(one.name))
    ]
    if not open_:
        return
    known = dict.fromkeys(
        text
        for total in rows.records.totals
        if is_total(text := rows.records.text(total.row, "holder"))
    )
    names = dict.fromkeys(one.name for one in open_)
    rows.found.said.pop("total-rows", None)
    rows.found.ask(
        ", ".join(dict.fromkeys(one.place for one in open_[:5])),
        f"{', '.join(map(shown, names))} may be a holder, or the label of a total.",
        *(
            f"total-rows: {{where: holder, is: [{', '.join(map(scalar, some))}]}}"
            for some in ({**known, **names}, known)
        ),
    )


def _ask_nobody(rows: Rows, positions: Sequence[Position]) -> None:
    """Ask where a new holder may be shares that nobody holds, or the company itself."""
    new = {made.fields["party"] for made in rows.parties.made}
    for one in positions:
        if one.holder in new and one.name not in rows.parties.ids and is_of_nobody(one.name):
            issuer, name = one.share_class.partition("/")[0], scalar(one.name)
            rows.found.refuse(
                Refusal.QUESTION_OPEN, one.place,
                f"{shown(one.name)} may be shares that are not in issue, or the company's own.",
                f"Take the row out, or say in the ids file (--ids) who holds them: `{name}:"
                f" {issuer}` for the company, `{name}: new` for a holder of this name.",
            )  # fmt: skip


def _sums(positions: Sequence[Position]) -> list[Position]:
    """The last positions, of all and of a class, that are the sum of at least two above."""
    of_class: dict[str, list[Position]] = {}
    for one in positions:
        of_class.setdefault(one.share_class, []).append(one)
    return [
        some[-1]
        for some in (positions, *of_class.values())
        if len(some) > 2 and 0 < some[-1].shares == _sum(some[:-1])
    ]


def _asserted(rows: Rows, on: str) -> list[Made]:
    """A balance asserted for each holder and class; several lines of one add up."""
    sums: dict[tuple[str, str], int] = {}
    first: dict[tuple[str, str], Record] = {}
    for line in rows.records.lines:
        if not (line.value("holder") and line.value("shares")):
            continue
        pair = rows.party(line, "holder"), rows.share_class(line)
        sums[pair] = sums.get(pair, 0) + int(line.value("shares"))
        first.setdefault(pair, line)
    return [
        rows.made(
            first[pair], "balance-asserted", _balance_key(*pair, on), "shares", holder=pair[0],
            share_class=pair[1], shares=str(shares), effective_on=on,
        )
        for pair, shares in sums.items()
    ]  # fmt: skip


def _balance_key(holder: str, share_class: str, on: str) -> str:
    return f"balance:{digest({'holder': holder, 'share_class': share_class, 'on': on})}"


def _totals(rows: Rows, positions: Sequence[Position], on: str) -> list[Made]:
    """The totals printed, each compared with the rows above; of one class, asserted."""
    made, start, records = [], 0, rows.records
    by_row = {line.row: p for line, p in zip(records.lines, positions, strict=False)}
    if len(by_row) != len(records.lines):
        return []  # rows were refused, which is told
    whole = [(row, by_row[row]) for row in sorted(by_row)]
    for total in records.totals:
        if not total.value("shares"):
            continue
        above = [p for row, p in whole if start < row < total.row]
        everything = [p for row, p in whole if row < total.row]
        printed = int(total.value("shares"))
        meant = next((some for some in (above, everything) if _sum(some) == printed), None)
        if meant is None:
            rows.found.refuse(
                Refusal.FIELDS_DISAGREE, records.place(total.row, "shares"),
                f"The total is {printed:,}, but the rows above it add up to"
                f" {_sum(everything):,}.",
                "Look for rows that are hidden, left out or counted twice; mend the total.",
            )  # fmt: skip
            continue
        start = total.row
        classes = {p.share_class for p in meant}
        of_class = [p for p in positions if p.share_class in classes]
        if len(classes) == 1 and len(of_class) == len(meant):
            (share_class,) = classes
            key = f"balance:{digest({'total': 'issued', 'share_class': share_class, 'on': on})}"
            fields = {"total": "issued", "share_class": share_class, "shares": str(printed)}
            made.append(
                rows.made(total, "balance-asserted", key, "shares", effective_on=on, **fields)
            )
    return made


def _sum(positions: Sequence[Position]) -> int:
    return sum(position.shares for position in positions)


def _check_percentages(rows: Rows, positions: Sequence[Position]) -> None:
    """Compare printed percentages with the shares: of the class or of all, as most lines agree."""
    column = rows.records.columns.get("percent")
    if column is None or len(positions) != len(rows.records.lines):
        return
    cells = {
        line.row: (rows.records.cells[line.row].cell(column), position)
        for line, position in zip(rows.records.lines, positions, strict=True)
    }
    of_class: dict[str, int] = {}
    for one in positions:
        of_class[one.share_class] = of_class.get(one.share_class, 0) + one.shares
    everything = _sum(positions)
    said = rows.mapping.text("percent")
    attempts = []
    for form in [said] if said else ["of-100", "fraction"]:
        for by_class in (True, False):
            wrong = [
                row
                for row, (cell, one) in cells.items()
                if not _agrees(cell, one.shares, of_class[one.share_class] if by_class
                               else everything, form)
            ]  # fmt: skip
            attempts.append((len(wrong), form, wrong))
    _, form, wrong = min(attempts, key=lambda attempt: attempt[0])
    rows.found.said["percent"] = form
    for row in wrong:
        text = cells[row][0].text
        why = "it does not agree with the shares, which are taken"
        loss = Loss("unproved", rows.records.place(row, "percent"), "percent", text, why)
        rows.found.lose(loss, row)


def _agrees(cell: Cell, shares: int, total: int, form: str) -> bool:
    """Whether a printed percentage is the exact one within half a unit of its last digit.

    German lists may write ``< 1 %``, and do not round down to 0, 25 or 50.
    """
    if cell.kind == "blank" or not total:
        return True
    exact = Fraction(100 * shares, total)
    found = _PERCENT.fullmatch(cell.text)
    if found is None:
        return False
    printed, digits = (
        Fraction(found[2].replace(",", ".")),
        len(found[2].replace(",", ".").partition(".")[2]),
    )
    if found[1]:
        return exact < printed
    if cell.kind == "number" and cell.percent_digits is not None:
        printed, digits = 100 * printed, cell.percent_digits
    elif form == "fraction":
        printed, digits = 100 * printed, max(digits - 2, 0)
    unit = Fraction(1, 10**digits)
    rounded_up = exact < printed + unit and any(0 < exact - at < unit for at in (0, 25, 50))
    return abs(printed - exact) <= unit / 2 or (rounded_up and printed - exact < unit)
