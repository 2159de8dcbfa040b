"""A page of the timeline of everything: read are the events that it shows, and those that may stand
among them, however many there are."""

from __future__ import annotations

from bisect import insort
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact, Possible
from ledger.model.posted import LAST, MOST_COUNTED, FoldKey, Hidden, end_of
from ledger.time.exclusions import Count
from ledger.time.history import AMENDMENTS, Span, Unplaced
from ledger.time.reader import Reader
from ledger.time.upcoming import beginning_after
from ledger.time.view import View
from ledger.time.visibility import is_visible
from ledger.values.dates import FOREVER
from projections.subjects.wanted import Wanted

WHOLE = Span(("", -1, -1), end_of(FOREVER), True)
_UNDATED = ("", LAST, LAST)  # after all that has no date
_TOGETHER, _MOST_TOGETHER = 100, 1_000  # events looked up at once, first and later


class Found(NamedTuple):
    """The events of a page in the order of the fold, whether there are more, and what may stand
    among them."""

    facts: Sequence[Fact]
    more: bool
    possible: Sequence[Possible]


def page_of(view: View, wanted: Wanted, span: Span, most: int) -> Found:
    """So many of the certain events of a part of the fold that are wanted, from where it begins."""
    page = _Page(view, wanted, span, min(most + 1, _TOGETHER))
    facts = list(islice(page.facts(), most + 1))
    more = len(facts) > most
    del facts[most:]
    if more:  # of the next page is what may stand beyond the last one shown
        day, sequence, position = facts[-1].order
        if span.newest:
            span = span._replace(after=(day, sequence, position - 1))
        else:
            span = span._replace(before=(day, sequence, position + 1))
    return Found(facts[::-1] if span.newest else facts, more, page.possible(span))


def later(view: View, wanted: Wanted, most: int | None = MOST_COUNTED) -> Hidden:
    """How many wanted events take effect after the as-of day; of more than the most that is all."""
    count, day = Count(view), view.cut.as_of
    if day == FOREVER:
        return Hidden()
    for event in beginning_after(view, day, wanted.types(view.history)):
        if wanted.of_topic(event.type):
            count.see(event)
        if most is not None and count.found.as_of >= most:
            return Hidden(as_of=most)
    return Hidden(as_of=count.found.as_of)


class _Page:
    """Reads the events of a part of the fold in its order.

    Those with a place come one by one. Of the others each is read as soon as it may stand next.
    """

    def __init__(self, view: View, wanted: Wanted, span: Span, together: int) -> None:
        self._reader, self._wanted, self._span = Reader.of(view), wanted, span
        self._newest, self._together = span.newest, together
        self._waiting: list[Unplaced] = []  # those without a place, the next of them last
        self._known = set[Unplaced]()  # the same, with those that were read
        self._read = set[int]()
        self._found: list[Fact] = []  # read ahead, in the order of the fold
        self._possible: list[tuple[Possible, Collection[FoldKey]]] = []

    def facts(self) -> Iterator[Fact]:
        """The certain ones that are wanted, in the order asked for."""
        placed = self._placed()
        coming = next(placed, None)
        while True:
            day = self._next_day(coming)
            while self._waiting and (day is None or self._may_reach(self._waiting[-1], day)):
                self._place(self._waiting.pop().position)
                day = self._next_day(coming)
            if day is None:
                return
            if self._is_next(coming):
                yield self._found.pop(-1 if self._newest else 0)
            elif coming is not None:
                yield coming
                coming = next(placed, None)

    def possible(self, span: Span) -> list[Possible]:
        """What may stand in a part of the fold, of what was read."""
        return [
            possible
            for possible, places in self._possible
            if any(span.after < place < span.before for place in places)
        ]

    def _placed(self) -> Iterator[Fact]:
        """The certain events that have a place. Before those of some days are read, it is looked up
        what may lie on these days without a place."""
        view, limited = self._reader, bool(self._wanted.first) or self._wanted.last != FOREVER
        types = self._wanted.types(view.history)
        if types is not None and not types:  # no event is of what is wanted
            return
        first = (self._wanted.first, -1, -1) if self._wanted.first else _UNDATED
        after = max(self._span.after, first) if limited else self._span.after
        upto = min(view.cut.as_of, self._wanted.last)
        span = Span(after, min(self._span.before, end_of(upto)), self._newest)
        keys = view.history.placed(span, view.cut.limits, types)
        ends = max(self._span.after[0], self._wanted.first), span.before[0]
        reached, end = reversed(ends) if self._newest else ends
        while coming := list(islice(keys, self._together)):
            others = self._await(reached, coming[-1][0])
            reached, self._together = coming[-1][0], min(2 * self._together, _MOST_TOGETHER)
            places = [position for *_, position in coming if position not in others]
            yield from filter(None, map(self._certain, view.history.at_each(places)))
        self._await(reached, end)

    def _await(self, *days: str) -> Collection[int]:
        """Look up what may lie between two days without a place: the positions of all that."""
        found = self._reader.history.unplaced(min(days), max(days))
        self._waiting += set(found) - self._known
        self._known.update(found)
        if self._newest:
            self._waiting.sort(key=lambda one: (one.last, one.position))
        else:
            self._waiting.sort(key=lambda one: (one.first, -one.position), reverse=True)
        return {one.position for one in found}

    def _certain(self, recorded: Recorded) -> Fact | None:
        """An event if it is certain, wanted and within; one that is only possible is kept apart."""
        read = self._reader.read(recorded)
        if read is None or not self._is_reached(read.fact):
            return None
        fact = read.fact
        if read.why:
            if self._wanted.may_hold(fact):
                self._possible.append((read, [fact.order]))
            return None
        within = self._span.after < fact.order < self._span.before
        return fact if within and self._wanted.holds(fact) else None

    def _place(self, position: int) -> None:
        """Read an event without a place of its own, once."""
        if position in self._read:
            return
        self._read.add(position)
        for recorded in self._reader.history.at_each([position]):
            for one in self._reader.perhaps(recorded):
                amendment = one.amendment.fact
                if self._is_reached(amendment) and self._wanted.may_hold(amendment):
                    self._possible.append((one.amendment, one.places))
            if (fact := self._certain(recorded)) is not None:
                insort(self._found, fact, key=lambda found: found.order)

    def _is_reached(self, fact: Fact) -> bool:
        return fact.type not in AMENDMENTS or is_visible(self._reader, fact.recorded)

    def _may_reach(self, one: Unplaced, day: str) -> bool:
        return one.last >= day if self._newest else one.first <= day

    def _next_day(self, coming: Fact | None) -> str | None:
        orders = [fact.order for fact in (coming, *self._ahead()) if fact is not None]
        if not orders:
            return None
        return (max(orders) if self._newest else min(orders))[0]

    def _ahead(self) -> Sequence[Fact]:
        return self._found[-1:] if self._newest else self._found[:1]

    def _is_next(self, coming: Fact | None) -> bool:
        """Whether one that was read ahead comes before the next one that has a place."""
        if not self._found or coming is None:
            return bool(self._found)
        (ahead,) = self._ahead()
        return (ahead.order > coming.order) == self._newest
