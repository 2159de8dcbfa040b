"""What changed of fully diluted shares, of dividends and of offers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from cli.labels import Labels
from cli.plans.changed_rows import Change
from cli.plans.diluted import name_of
from cli.plans.dividends import heading
from cli.plans.figures import UNKNOWN, count, joined
from cli.screen import Line
from projections.rows import Row
from projections.sentences import money_words

_OF_OFFERS = ("accepted", "taken", "moved", "held", "entitlement")


def diluted(changes: Sequence[Change], labels: Labels) -> Iterator[Line]:
    """Each part of the fully diluted shares of an issuer, and the total."""
    for one in changes:
        percents = dict.fromkeys(side.get("percent") or UNKNOWN for side in (one.old, one.new))
        figures = [_diluted(side, labels) for side in (one.old, one.new)]
        name = name_of(one.either, labels)
        yield Line((one.sign, name, *figures, " -> ".join(percents)))


def _diluted(side: Row, labels: Labels) -> str:
    """The fully diluted shares on one side; at least so many, where some are not known."""
    hedge = labels.marks.sign("at-least") if side.get("unknown") else ""
    return joined(hedge, count(side.get("diluted")))


def dividends(changes: Sequence[Change], labels: Labels) -> Iterator[Line]:
    """Each dividend once, with the holders whose part of it is another."""
    for _, group in groupby(changes, lambda one: one.either["events"][0]):
        found = list(group)
        rows = [one.either for one in found]
        signs = {one.sign for one in found}
        under = [_due(one, labels) for one in found if one.either["holder"] is not None]
        yield Line((signs.pop() if len(signs) == 1 else "~", heading(rows, labels)), under)


def _due(change: Change, labels: Labels) -> str:
    name = labels.name("party", change.either["holder"])
    sides = [_worth(side) for side in (change.old, change.new)]
    told = {"+": sides[1], "-": f"was {sides[0]}"}.get(change.sign, "")
    if not told:
        told = " -> ".join(sides) if sides[0] != sides[1] else _status(change)
    return f"{name}: {told}"


def _worth(row: Row) -> str:
    if row.get("amount"):
        return money_words(f"{row['currency']} {row['amount']}")
    shares = row.get("new_shares") or row.get("shares")
    return f"{count(shares)} shares" if shares else UNKNOWN


def _status(change: Change) -> str:
    sides = [side.get("status") or UNKNOWN for side in (change.old, change.new)]
    return " -> ".join(dict.fromkeys(sides))


def offers(changes: Sequence[Change], labels: Labels) -> Iterator[Line]:
    """What each holder accepted of an offer, what of it is taken, and what has moved."""
    for one in changes:
        row = one.either
        who = f"{labels.name('party', row['holder'])}, {labels.name('offer', row['offer'])}"
        names = [n for n in _OF_OFFERS if n in one.fields]
        told = [f"{name} {_sides(one, name)}" for name in names]
        if one.sign == "-":
            told = ["no longer accepted"]
        yield Line((one.mark(labels), f"{who}: {'; '.join(told) or 'other terms'}"))


def _sides(change: Change, name: str) -> str:
    before, after = (count(side.get(name)) for side in (change.old, change.new))
    return after if change.sign == "+" else f"{before} -> {after}"
