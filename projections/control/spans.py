"""Since when and until when something holds, and by which events: one answer asked day by day."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from itertools import islice
from typing import Generic, NamedTuple, Protocol, TypeVar

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import BEGINNING
from projections.subjects.register_walk import Noting, Stops, Watched

MOST_DAYS, MOST_READ, MOST_ASKED = 1_000, 5_000_000, 200_000
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Span(NamedTuple, Generic[Key, Value]):
    """A time in which something holds without a break, as it was at its end: from a day (None:
    from before what is looked at) to a day that is not in it (None: it holds still)."""

    key: Key
    value: Value
    since: str | None
    until: str | None
    began_by: list[Fact]
    ended_by: list[Fact]


class Spans(NamedTuple, Generic[Key, Value]):
    """The spans up to the cut, in order, and the first day looked at where earlier ones are not."""

    found: list[Span[Key, Value]]
    first: str | None


class Follows(Protocol[Key, Value]):
    """What an answer gives at the end of a day, where that follows from what it gives at the end of
    a later one, and from what is seen by a view; None where it has to be asked. What ends on the
    later day has the value of its own day, for as that it is told."""

    def __call__(
        self, day: str, later: str, found: Mapping[Key, Value], watched: Watched
    ) -> Mapping[Key, Value] | None: ...


def spans(
    view: View,
    ask: Callable[[View], Mapping[Key, Value]],
    follows: Follows[Key, Value] | None = None,
    *,
    current: bool = False,
) -> Spans[Key, Value]:
    """What an answer gives, by key, over the days up to the cut on which it can change; over the
    last of them where there are very many. With ``current`` no further back than to where all that
    holds at the cut has begun. On a day for which it ``follows`` from the next it is not asked."""
    on_day, watched = dict[str, Mapping[Key, Value]](), Watched(view)
    left, asked, facts, stops = [view.cut.as_of], list[str](), 0, Stops()  # days, ascending
    going: set[Key] | None = None
    while left:
        day = left[-1]
        if len(on_day) >= _most(facts, len(watched.asked)) or (current and going == set()):
            break
        place = bisect(asked, day)
        found, later = None, asked[place : place + 1]
        if follows is not None and later:
            found = follows(day, later[0], on_day[later[0]], watched)
        if found is None:
            noting = Noting(view.on(day))
            found = ask(noting)
            watched.follow_up(noting)
        on_day[day] = found
        going = set(found) if going is None else going & found.keys()
        asked.insert(place, left.pop())
        if len(watched.seen) > facts:
            stops.add(islice(watched.seen.values(), facts, None))
            facts = len(watched.seen)
            left = sorted(day for day in stops.days - on_day.keys() if day <= view.cut.as_of)
    first = None
    if left:  # of days before one that was left out nothing can be said
        on_day = {day: found for day, found in on_day.items() if day > left[-1]}
        first = min(on_day)
    return Spans(list(_joined(on_day, _by_day(view, watched.seen.values()), first)), first)


def _most(facts: int, asked: int) -> int:
    """On how many days it is asked: on fewer, the more events it is made of, and the more it asks
    of the history."""
    most = min(MOST_DAYS, MOST_READ // max(facts, 1), MOST_ASKED // max(asked, 1))
    return max(most, 2)


def _by_day(view: View, facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    """The facts by the day on which they take effect, or decide that others count no more."""
    found = defaultdict[str, dict[str, Fact]](dict)
    for fact in sorted(facts, key=lambda fact: fact.listed):
        if fact.effective is not None and not fact.timeless:
            found[fact.order[0]][fact.key] = fact
        for away in fact.depending.away if fact.depending else ():
            recorded = view.history.mentioning(f"key:{away.by}")
            decisive = {one.key: one for one in map(view.fact, recorded) if one is not None}
            for day in {*away.since, *(away.until or ())}:
                found[day] |= decisive
    return {day: list(made.values()) for day, made in found.items()}


def _joined(
    on_day: Mapping[str, Mapping[Key, Value]],
    events: Mapping[str, list[Fact]],
    first: str | None,
) -> Iterable[Span[Key, Value]]:
    going = dict[Key, str | None]()
    before: Mapping[Key, Value] = {}
    for day in sorted(on_day):
        now, made = on_day[day], events.get(day, [])
        if now is before:
            continue
        for key in [key for key in going if key not in now]:
            since = going.pop(key)
            yield Span(key, before[key], since, day, events.get(since or "", []), made)
        for key in now:
            going.setdefault(key, None if day in (first, BEGINNING) else day)
        before = now
    for key, since in going.items():
        yield Span(key, before[key], since, None, events.get(since or "", []), [])
