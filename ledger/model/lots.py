"""Lots: the shares on an account that carry more votes than others of their class.

Shares that carry more votes do so as lots, each with a name and a factor; all other shares of the
account are ordinary, with factor 1. A lot goes with the shares, never with the holder: shares that
leave become ordinary, and what is lost never revives, unless the law that the event names keeps the
votes (French Code de commerce, L.225-123 and L.225-124; Italian TUF, 127-quinquies).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.register import TREASURY, Pair
from ledger.values.share_counts import rounded_down

KEEPING = frozenset([
    "family-gift", "inheritance", "transmission", "matrimonial", "survivorship", "merger",
    "demerger", "nominee-change",
])  # fmt: skip
ORDERS = ("fewest-votes", "oldest", "newest", "most-votes")
USUAL_ORDER = "fewest-votes"
ORDINARY = "ordinary"  # the name of the shares that are in no lot
_NONE = Fraction()


class Lot(NamedTuple):
    """Shares of one factor: ``since`` is the day of the grant that ``by`` tells."""

    name: str
    shares: Fraction
    factor: int
    since: str
    by: Fact

    @property
    def extra(self) -> Fraction:
        """The shares whose votes it has beside those of ordinary shares."""
        return self.shares * (self.factor - 1)


class Part(NamedTuple):
    """A part of a holder's shares: of a lot, or of ordinary ones (None)."""

    lot: Lot | None
    shares: Fraction

    @property
    def factor(self) -> int:
        return self.lot.factor if self.lot else 1

    @property
    def named(self) -> str:
        return self.lot.name if self.lot else ORDINARY


class Change(NamedTuple):
    """Shares that an event put into a lot (or took from it, below zero), or a new factor of it;
    ``origin`` is the account and the lot that they left, where they kept its votes."""

    pair: Pair
    lot: str
    by: Fact
    shares: Fraction
    factor: int
    origin: tuple[Pair, str] | None = None


class Lots:
    """The lots on each account of each class, as events make and end them.

    What became of each is kept, in order; ``rounded`` are the events that left a fraction of one,
    ``short`` the grants of more than the ordinary shares there were, with these.
    """

    def __init__(self) -> None:
        self._lots: dict[Pair, list[Lot]] = defaultdict(list)
        self._changes: dict[tuple[Pair, str], list[tuple[int, Change]]] = defaultdict(list)
        self._changed = 0
        self.rounded: list[Fact] = []
        self.short: list[tuple[Fact, Fraction]] = []

    def __contains__(self, pair: Pair) -> bool:
        return bool(self._lots.get(pair))

    def of(self, pair: Pair) -> Sequence[Lot]:
        """The lots on an account, in the order in which they were granted."""
        return self._lots.get(pair, ())

    def pairs(self, share_class: str | None = None) -> list[Pair]:
        """The accounts with a lot, of a class or of all."""
        return [p for p, lots in self._lots.items() if lots and share_class in (None, p[0])]

    def extra(self, pair: Pair) -> Fraction:
        """The shares that the lots of an account count beside the shares that there are."""
        return sum((lot.extra for lot in self.of(pair)), _NONE)

    def ordinary(self, pair: Pair, balance: Fraction) -> Fraction:
        """The shares of a balance that are in no lot."""
        return balance - sum((lot.shares for lot in self.of(pair)), _NONE)

    def parts(self, pair: Pair, balance: Fraction, order: str) -> list[Part]:
        """A balance in parts, those that leave first before those that leave last."""
        ordinary = Part(None, max(self.ordinary(pair, balance), _NONE))
        parts = [Part(lot, lot.shares) for lot in self.of(pair)]
        newest = [ordinary, *reversed(parts)]
        match order:
            case "oldest":
                return [*parts, ordinary]
            case "newest":
                return newest
            case "most-votes":
                return sorted(newest, key=lambda part: -part.factor)
            case _:
                return sorted(newest, key=lambda part: part.factor)

    def grant(self, pair: Pair, name: str, factor: int, by: Fact, balance: Fraction) -> None:
        """Make shares a lot: so many as the event says, or all ordinary ones that there are.

        A lot that is named once more takes the new factor, and the shares that are granted anew.
        """
        lots = self._lots[pair]
        named = next((n for n, lot in enumerate(lots) if lot.name == name), None)
        ordinary = max(self.ordinary(pair, balance), _NONE)
        shares = min(Fraction(by.shares()), ordinary) if "shares" in by.data else ordinary
        if "shares" in by.data and shares < by.shares():
            self.short.append((by, ordinary))
        if named is not None:
            old, shares = lots[named], shares if "shares" in by.data else _NONE
            lots[named] = old._replace(shares=old.shares + shares, factor=factor, by=by)
        elif shares:
            lots.append(Lot(name, shares, factor, by.order[0], by))
        if named is not None or shares:
            self._add(Change(pair, name, by, shares, factor))

    def end(self, pair: Pair, name: str | None, shares: Fraction | None, by: Fact) -> None:
        """Make lots ordinary: that of a name or all; of so many shares, the newest first."""
        left, kept = shares, list[Lot]()
        for lot in reversed(self._lots.get(pair, [])):
            if name not in (None, lot.name):
                kept.append(lot)
                continue
            ending = lot.shares if left is None else min(lot.shares, left)
            left = None if left is None else left - ending
            if ending < lot.shares:
                kept.append(lot._replace(shares=lot.shares - ending))
            self._change(pair, lot, -ending, by)
        self._set(pair, reversed(kept))

    def leave(
        self,
        pair: Pair,
        shares: Fraction,
        balance: Fraction,
        order: str,
        by: Fact,
        said: Mapping[str, Fraction] | None = None,
    ) -> list[Part]:
        """Take shares from an account that had a balance; returns the parts that left.

        ``said`` has how many leave of which lot; the rest leave in the order.
        """
        gone: list[Part] = []
        parts = self.parts(pair, balance, order)
        for part in parts:
            part_gone = min((said or {}).get(part.named, _NONE), part.shares, shares)
            gone.append(Part(part.lot, part_gone))
            shares -= part_gone
        for number, part in enumerate(parts):
            more = min(part.shares - gone[number].shares, shares)
            gone[number] = Part(part.lot, gone[number].shares + more)
            shares -= more
        left = {part.lot.name: part.shares for part in gone if part.lot}
        lots = self._lots.get(pair, ())
        self._set(pair, (lot._replace(shares=lot.shares - left[lot.name]) for lot in lots))
        for part in gone:
            if part.lot:
                self._change(pair, part.lot, -part.shares, by)
        return [part for part in gone if part.shares]

    def arrive(self, pair: Pair, parts: Iterable[Part], by: Fact, origin: Pair) -> None:
        """Add to an account parts that left another and keep their votes; the issuer has none."""
        if pair[1] == TREASURY:
            return
        lots = self._lots[pair]
        for part in parts:
            if part.lot is None:
                continue
            same = next((n for n, lot in enumerate(lots) if lot.name == part.lot.name), None)
            if same is not None and lots[same].factor == part.lot.factor:
                lot = lots[same] = lots[same]._replace(shares=lots[same].shares + part.shares)
            else:
                name = _free(part.lot.name, {lot.name for lot in lots})
                lot = part.lot._replace(shares=part.shares, name=name)
                lots.append(lot)
            self._change(pair, lot, part.shares, by, (origin, part.lot.name))

    def scale(
        self,
        pair: Pair,
        into: Pair,
        ratio: Fraction,
        digits: int,
        by: Fact,
        said: Mapping[str, Fraction],
    ) -> None:
        """Multiply the lots of an account, each rounded down to shares of so many decimals, or as
        ``said`` has them; the rest becomes ordinary."""
        scaled = []
        for lot in self._lots.pop(pair, []):
            exact = lot.shares * ratio
            shares = said.get(lot.name, rounded_down(exact, digits))
            if lot.name not in said and shares != exact and by not in self.rounded:
                self.rounded.append(by)
            scaled.append(Part(lot, shares))
            self._change(pair, lot, (shares if into == pair else _NONE) - lot.shares, by)
        scaled = [part for part in scaled if part.shares]
        if into == pair:
            self._set(pair, (p.lot._replace(shares=p.shares) for p in scaled if p.lot))
        else:
            self.arrive(into, scaled, by, pair)

    def history(self, pair: Pair, name: str, upto: int | None = None) -> list[Change]:
        """What became of a lot, and before that of the lots whose shares passed into it."""
        found = list[Change]()
        for number, change in self._changes.get((pair, name), ()):
            if upto is not None and number > upto:
                break
            if change.origin is not None:
                before = self.history(*change.origin, number)
                found += [one for one in before if one.by is not change.by]
            found.append(change)
        return found

    @property
    def known(self) -> list[tuple[Pair, str]]:
        """The accounts and names of all lots that there ever were."""
        return list(self._changes)

    def _change(
        self,
        pair: Pair,
        lot: Lot,
        shares: Fraction,
        by: Fact,
        origin: tuple[Pair, str] | None = None,
    ) -> None:
        if shares:
            self._add(Change(pair, lot.name, by, shares, lot.factor, origin))

    def _add(self, change: Change) -> None:
        self._changed += 1
        self._changes[change.pair, change.lot].append((self._changed, change))

    def _set(self, pair: Pair, lots: Iterable[Lot]) -> None:
        self._lots[pair] = [lot for lot in lots if lot.shares > 0]


def keeps_votes(fact: Fact) -> bool:
    """Whether shares that pass keep the votes of their lots: the ground says so, or the event."""
    said = fact.text("multiple_votes_kept")
    return said == "yes" if said else fact.text("ground") in KEEPING


def within(parts: Sequence[Part], balance: Fraction) -> list[Part]:
    """Parts of a balance that are no more than the balance, of which the first are left out."""
    over = sum((part.shares for part in parts), Fraction()) - max(balance, Fraction())
    found = []
    for part in parts:
        cut = min(max(over, Fraction()), part.shares)
        over -= cut
        found.append(Part(part.lot, part.shares - cut))
    return [part for part in found if part.shares]


def lots_of(parts: Iterable[Part]) -> Iterator[tuple[Lot, Fraction]]:
    """The lots among parts, with their shares."""
    return ((part.lot, part.shares) for part in parts if part.lot)


def said_lots(fact: Fact) -> dict[str, Fraction]:
    """How many shares of which lots leave by an event, as it says."""
    return {one["lot"]: Fraction(one["shares"]) for one in fact.many("lots")}


def _free(name: str, taken: set[str]) -> str:
    """A name that no lot of an account has."""
    names: Iterator[str] = (f"{name}-{n}" for n in range(2, len(taken) + 3))
    return name if name not in taken else next(n for n in names if n not in taken)
