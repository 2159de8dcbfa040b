"""Dividends: one block each, with what every holder is due of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from cli.labels import Labels
from cli.plans.figures import UNKNOWN, count, decimals_of, joined, listed, trimmed
from cli.screen import Block, Column, Line, Screen
from ledger.model.fractions import mixed
from ledger.values.quantities import Amount
from projections.answer import Answer
from projections.rows import Row
from projections.sentences import money_words
from projections.subjects.dividends import DividendRow

_COLUMNS = (
    Column("holder", wrap=True), Column("id", from_width=100), Column("shares", "right"),
    Column("choice"), Column("due", "right"), Column("new shares", "right"), Column("paid"),
    Column("standing", from_width=120),
)  # fmt: skip
_FLAT = (
    Column("dividend"), Column("class"), *_COLUMNS[:6], Column("record day"), Column("payable"),
    *_COLUMNS[6:],
)  # fmt: skip


def dividends_screen(subject: str | None, answer: Answer[DividendRow], labels: Labels) -> Screen:
    """The dividends of a subject as a person reads them."""
    make = _flat if labels.flat else _blocks
    title = "Dividends"
    if subject is not None:
        title += f" of {labels.heading(labels.kind_of(subject), subject)}"
    return Screen(title, list(make(answer.rows, labels)), [labels.read(n) for n in answer.notes])


def _blocks(rows: Sequence[DividendRow], labels: Labels) -> Iterator[Block]:
    for _, group in groupby(rows, key=lambda row: row["events"][0]):
        found = list(group)
        due = [row for row in found if row["holder"] is not None]
        lines = [Line(_cells(row, labels)) for row in due]
        yield trimmed(Block(_COLUMNS, [*lines, *_total(due, labels)], heading(found, labels)))


def heading(rows: Sequence[DividendRow] | Sequence[Row], labels: Labels) -> str:
    """What the dividend is, of what, out of what, and its days; paid where all are."""
    row: Row = max(rows, key=lambda one: bool(one["status"] == "declared"))
    each = row["per_share"] and f"{money_words(row['per_share'])} a share"
    of = None if row.get("options") else row["in_class"]
    kind = of and f"shares in kind, {labels.class_name(of)}"
    whole = None
    if row["holder"] is None and row["amount"] and not each:
        whole = f"{row['currency']} {count(row['amount'])} in all"
    told = [row["dividend"], each, whole, kind, row["out_of"] and f"out of {row['out_of']}"]
    told += [f"on {labels.class_name(row['share_class'])} ({row['share_class']})"]
    days = {"record day": row["record_on"], "ex-day": row["ex_on"], "payable": row["payable_on"]}
    told += [f"{word} {day}" for word, day in days.items() if day]
    if options := row.get("options"):
        default = row.get("default_option")
        choices = " or ".join(map(labels.read, options))
        told.append(f"choice of {choices}" + (f", else {default}" if default else ""))
    told += [f"paid {row['paid_on']}" if row["paid_on"] else row["status"]]
    return listed(filter(None, told))


def _cells(row: DividendRow, labels: Labels) -> tuple[str, ...]:
    holder = row["holder"]
    due = f"{row['currency']} {count(row['amount'])}" if row["amount"] else UNKNOWN
    paid = row["paid_on"] or ("yes" if row["status"] == "paid" else UNKNOWN)
    new = _new(row["new_shares"], decimals_of(row["new_shares"]))
    return (
        labels.name("party", holder) if holder else UNKNOWN, holder or UNKNOWN,
        count(row["shares"]), row.get("option") or UNKNOWN, due, new, paid,
        row["standing"],
    )  # fmt: skip


def _new(shares: str | Fraction | None, places: int) -> str:
    """New shares, and the fraction of one."""
    return count(mixed(Fraction(shares), places)) if shares is not None else UNKNOWN


def _total(rows: Sequence[DividendRow], labels: Labels) -> Iterator[Line]:
    """What all holders are due, by currency; at least so much, where of some it is not known."""
    if len(rows) < 2:
        return
    money, classes = defaultdict[str, Fraction](Fraction), set[str | None]()
    for row in rows:
        if row["amount"]:
            money[row["currency"] or ""] += Fraction(row["amount"])
        if row["new_shares"]:
            classes.add(row["in_class"])
    given = _sum(row["new_shares"] for row in rows) if len(classes) == 1 else None
    untold = any(row["amount"] is None and row["new_shares"] is None for row in rows)
    hedge = labels.marks.sign("at-least") if untold and (money or given) else ""
    due = " and ".join(f"{one} {count(Amount(one, sums).number)}" for one, sums in money.items())
    new = _new(given, decimals_of(*(row["new_shares"] for row in rows)))
    held = count(_sum(row["shares"] for row in rows), decimals_of(*(row["shares"] for row in rows)))
    cells = "Total", "", held, "", joined(hedge, due) if due else UNKNOWN
    yield Line((*cells, joined(hedge, new) if given else UNKNOWN, "", ""))


def _sum(numbers: Iterable[str | None]) -> Fraction:
    return sum((Fraction(one or 0) for one in numbers), Fraction())


def _flat(rows: Sequence[DividendRow], labels: Labels) -> Iterator[Block]:
    lines = []
    for row in rows:
        cells, days = _cells(row, labels), (row["record_on"], row["payable_on"])
        of = (row["dividend"] or UNKNOWN, labels.name("class", row["share_class"]))
        lines.append(Line((*of, *cells[:6], *(day or UNKNOWN for day in days), *cells[6:])))
    if lines:
        yield Block(_FLAT, lines)
