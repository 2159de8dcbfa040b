"""Orders: the ways in which events in doubt can have come about, and in which order.

A possible event may have happened or not. An event dated by more than one day, certain or not, may
have come at any place among the events of its days; that matters where it does not commute with
one of them, as a split does not with a sale. A place is a moment of the fold: the beginning of the
event's first day, or right after another event.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, combinations, product
from typing import Any, NamedTuple

from ledger.model.across import written
from ledger.model.fact import Fact
from ledger.model.movements import (
    ACROSS,
    MOVEMENTS,
    PARTIES,
    SIGNS,
    SPLITTING,
    classes_of,
    rounds,
    takes_all,
)
from ledger.model.posted import FoldKey, Posted, end_of
from ledger.model.register import account_of
from ledger.time.view import View
from ledger.values.dates import ALWAYS, next_day, parse_days
from projections.answer import Answer
from projections.subjects.elsewhere import posted_in
from projections.subjects.register_at_cut import CHECKS, RegisterAtCut
from projections.told import told

MOST_TRIED = 20_000  # ways looked at before those that come to the same are put together
MOST_WAYS = 1_024  # ways that are answered for one by one
MOST_PLACES = 64  # of one event, where there are too many ways

Way = Mapping[str, FoldKey | None]  # what happened, by key, and where in the fold, if elsewhere
_Line = tuple[tuple[FoldKey | None, Fact], ...]


class Doubt(NamedTuple):
    """An event in doubt: where it can have come, and after which events that is told apart."""

    fact: Fact
    may_not: bool  # whether it may not have happened
    places: Sequence[FoldKey | None]
    partners: Sequence[FoldKey]  # the events of one day with which it does not commute
    rough: bool  # whether of these only the days are known


class Doubts:
    """The events in doubt at a cut, and the ways in which they can have come about."""

    def __init__(self, view: View, posted: Sequence[Posted], certain: Iterable[Fact],
                 possible: Iterable[Fact]) -> None:  # fmt: skip
        self._view, self._posted = view, posted
        self._possible = {fact.key: fact for fact in possible}
        facts = {fact.key: fact for fact in certain} | self._possible
        dated = [(fact, fact.effective) for fact in facts.values() if fact.effective]
        self._loose = {f.key: f for f, days in dated if days.first < days.last}
        self._fixed = [fact for fact, days in dated if days.first == days.last]
        self._facts = facts.values()

    @cached_property
    def each(self) -> list[Doubt]:
        """What is in doubt, event by event."""
        return [doubt for fact in self._facts if (doubt := self._doubt(fact))]

    @property
    def chosen(self) -> list[str]:
        """The keys of those that may not have happened, sorted."""
        return sorted(doubt.fact.key for doubt in self.each if doubt.may_not)

    @property
    def placed(self) -> list[str]:
        """The keys of those that can have come at more than one place, sorted."""
        return sorted(doubt.fact.key for doubt in self.each if len(doubt.places) > 1)

    @property
    def rough(self) -> list[str]:
        """The keys of those of which not every place is known, sorted."""
        return sorted(doubt.fact.key for doubt in self.each if doubt.rough)

    def ways(self) -> list[Way] | None:
        """Every way in which they can have come about, those that come to the same once; None
        where there are too many."""
        if self.rough:
            return None
        lines: list[_Line] = [()]
        for doubt in sorted(self.each, key=lambda doubt: doubt.fact.type in SIGNS):
            lines = [longer for line in lines for longer in _with(doubt, line)]
            if len(lines) > MOST_TRIED:
                return None
        found: dict[object, Way] = {}
        for line in lines:
            way = {fact.key: place for place, fact in line}
            found.setdefault(self._order_in(way), way)
        return list(found.values()) if len(found) <= MOST_WAYS else None

    def alone(self, doubt: Doubt) -> list[Way]:
        """The ways of one event, if nothing else in doubt came otherwise than it is replayed."""
        step = -(-len(doubt.places) // MOST_PLACES)
        return [{doubt.fact.key: place} for place in doubt.places[::step]]

    def _doubt(self, fact: Fact) -> Doubt | None:
        """What is in doubt about an event; None where that makes no difference."""
        may_not = fact.key in self._possible
        if fact.key not in self._loose:
            return Doubt(fact, True, (None,), (), False) if may_not else None
        partners, rough = self._partners[fact.key]
        begin, end = self._days(fact)
        if not partners and fact.key not in self._crossed:
            return Doubt(fact, True, (end,), (), False) if may_not else None
        places = self._places[bisect_left(self._places, begin) : bisect_right(self._places, end)]
        return Doubt(fact, may_not, places, partners, rough)

    @cached_property
    def _pairs(self) -> list[tuple[Fact, Fact]]:
        """The events of several days that may have come in either order, where that matters."""
        return list(self._crossing())

    @cached_property
    def _partners(self) -> dict[str, tuple[list[FoldKey], bool]]:
        """What each event of several days does not commute with, by its key."""
        return {key: self._met(fact) for key, fact in self._loose.items()}

    @cached_property
    def _crossed(self) -> set[str]:
        """The keys of the events that may have come before or after another one of several days."""
        return {fact.key for pair in self._pairs for fact in pair}

    @cached_property
    def _places(self) -> list[FoldKey]:
        """The places that matter to any event: the same for all, as far as within its days."""
        met = {key: fold_keys for key, (fold_keys, _) in self._partners.items() if fold_keys}
        begun = {self._days(self._loose[key])[0] for key in met.keys() | self._crossed}
        return sorted(begun.union(*met.values()))

    def _crossing(self) -> Iterator[tuple[Fact, Fact]]:
        plain = [fact for fact in self._loose.values() if fact.type in SIGNS]
        others = [fact for fact in self._loose.values() if fact.type not in SIGNS]
        for one, other in chain(combinations(others, 2), product(others, plain)):
            (begin, end), (start, until) = self._days(one), self._days(other)
            if begin <= until and start <= end and not commute(one, other):
                yield one, other

    def _met(self, fact: Fact) -> tuple[list[FoldKey], bool]:
        """The places of the events of one day, within the days of one that is dated by more, with
        which it does not commute; and whether only their days are told."""
        begin, end = self._days(fact)
        others = self._reshaping if fact.type in SIGNS else self._fixed
        met = ((other, _moment(other)) for other in others)
        read = _read_until(fact, end)  # what only adds and takes shares later makes no difference
        upto = ((o, at, read if o.type in SIGNS else end) for o, at in met)
        replayed = {at for o, at, last in upto if begin <= at <= last and not commute(fact, o)}
        posted, rough = self._posted_keys(fact, begin, read)
        return sorted(replayed | posted), rough

    @cached_property
    def _reshaping(self) -> list[Fact]:
        """The events of one day that do not only add and take shares."""
        return [fact for fact in self._fixed if fact.type not in SIGNS]

    def _days(self, fact: Fact) -> tuple[FoldKey, FoldKey]:
        """The first and the last moment at which an event can have come, by the as-of day."""
        first, last = fact.effective or ALWAYS
        record_on = fact.text("record_on")  # what is distributed arrives no earlier
        first = max(first, parse_days(record_on).first) if record_on else first
        return (first, -1, 0), end_of(min(last, self._view.cut.as_of))

    def _posted_keys(self, fact: Fact, begin: FoldKey, end: FoldKey) -> tuple[set[FoldKey], bool]:
        accounts: Sequence[str | None] = [None]
        if not takes_all(fact.type, fact.data):
            if fact.type in MOVEMENTS:  # it commutes with all that is posted
                return set(), False
            accounts = sorted(parties_of(fact))
        found: set[FoldKey] = set()
        rough = False
        for posted, share_class in ((one, c) for one in self._posted for c in one.classes):
            if fact.type in MOVEMENTS and share_class not in _read_by(fact):
                continue
            for party in accounts:
                account = None if party is None else account_of(share_class, party)
                summaries = posted.summaries(share_class, account, begin, end, MOST_PLACES).values()
                if any(one.number > len(one.listed) for one in summaries):
                    rough = True
                    days = posted.days(share_class, account, begin, end)
                    found |= {end_of(day) for day in days}
                for day, sequence, key in chain.from_iterable(one.listed for one in summaries):
                    (recorded,) = self._view.history.mentioning(f"key:{key}")
                    found.add((day, sequence, recorded.position))
        return found, rough

    def _order_in(self, way: Way) -> object:
        """What of a way matters: what happened, and in which order with what it crosses."""
        ranks = {key: (place, rank) for rank, (key, place) in enumerate(way.items()) if place}
        among = [
            bisect_right(doubt.partners, place) if (place := way[doubt.fact.key]) else 0
            for doubt in self.each
            if doubt.fact.key in way
        ]
        crossed = [
            ranks[one.key] < ranks[other.key]
            for one, other in self._pairs
            if one.key in ranks and other.key in ranks
        ]
        return frozenset(way), tuple(among), tuple(crossed)


def note_unplaced(answer: Answer[Any], at_cut: RegisterAtCut) -> None:
    """Say of which events another day would make other figures."""
    facts = [f for f in (*at_cut.counted, *at_cut.read.counted) if f.type not in CHECKS]
    placed = Doubts(at_cut.view, posted_in(at_cut.view, at_cut.issuer), facts, ()).placed
    if placed:
        events = ", ".join(told("event", key) for key in placed)
        answer.note(
            f"The day is not known of: {events}. The figures are those of the last day"
            " it can be; --range tells what other days would make of them."
        )


def commute(one: Fact, other: Fact) -> bool:
    """Whether two events come to the same in either order."""
    if one.type in MOVEMENTS and other.type in MOVEMENTS:
        if _is_linear(one) and _is_linear(other):
            return True
        return not (_read_by(one) & _written(other) or _read_by(other) & _written(one))
    taking_all = any(takes_all(fact.type, fact.data) for fact in (one, other))
    return not taking_all and not parties_of(one) & parties_of(other)


def _is_linear(fact: Fact) -> bool:
    """Whether an event multiplies every holding and rounds none."""
    return fact.type in SPLITTING and not rounds(fact.data)


def _read_by(movement: Fact) -> set[str]:
    """The share classes whose balances decide what a movement does."""
    takes = takes_all(movement.type, movement.data)
    return {movement.need("share_class")} if takes else set()


def _read_until(fact: Fact, end: FoldKey) -> FoldKey:
    """The last moment of which an event that comes by another may read the balances."""
    record_on = fact.text("record_on") if fact.type in ACROSS else None
    return min(end, end_of(parse_days(record_on).last)) if record_on else end


def _written(fact: Fact) -> set[str]:
    return written(fact) if fact.type in ACROSS else classes_of(fact.data)


def _moment(fact: Fact) -> FoldKey:
    """The place from which on an event is told apart: its own, or the day after its record day."""
    record_on = fact.text("record_on")
    return (next_day(parse_days(record_on).last), -1, 0) if record_on else fact.order


def parties_of(fact: Fact) -> set[str]:
    """The parties whose shares or rights an event bears on."""
    return {fact.data[name] for name in PARTIES & fact.data.keys()}


def _with(doubt: Doubt, line: _Line) -> Iterator[_Line]:
    """A line of events in the order in which they came, with one more at each of its places.

    Among the events of one place, it may stand first, or after any with which it does not commute.
    """
    if doubt.may_not:
        yield line
    for place in doubt.places:
        start = sum(1 for other, _ in line if place and (other is None or other < place))
        ties = [n for n, (other, _) in enumerate(line) if place and other == place]
        plain = doubt.fact.type in SIGNS
        after = [n + 1 for n in ties if not (plain and commute(doubt.fact, line[n][1]))]
        for at in (start, *after):
            yield *line[:at], (place, doubt.fact), *line[at:]
