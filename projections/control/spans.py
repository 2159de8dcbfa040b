"""Since when and until when something holds, and by which events: one answer asked day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from typing import Generic, NamedTuple, TypeVar

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.subjects.register_walk import Watched, stops_of

MOST_DAYS, MOST_READ = 400, 2_000_000
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


def spans(view: View, ask: Callable[[View], Mapping[Key, Value]]) -> Spans[Key, Value]:
    """What an answer gives, by key, over the days up to the cut on which it can change; over the
    last of them where there are very many."""
    on_day, seen, days = dict[str, Mapping[Key, Value]](), dict[int, Fact](), {view.cut.as_of}
    while new := sorted(days - on_day.keys(), reverse=True)[: _left(on_day, seen)]:
        for day in new:
            watched = Watched(view.on(day))
            on_day[day] = ask(watched)
            seen |= watched.seen
        days |= {day for day in stops_of(seen.values()) if day <= view.cut.as_of}
    first = min(on_day) if days - on_day.keys() else None
    return Spans(list(_joined(on_day, _by_day(seen.values()), first)), first)


def _left(on_day: Collection[str], seen: Collection[int]) -> int:
    """On how many more days it is asked: on fewer, the more events each of them reads."""
    most = max(min(MOST_DAYS, MOST_READ // max(len(seen), 1)), 1)
    return max(most - len(on_day), 0)


def _by_day(facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    found = defaultdict[str, list[Fact]](list)
    for fact in facts:
        if fact.effective is not None and not fact.timeless:
            found[fact.order[0]].append(fact)
    return found


def _joined(
    on_day: Mapping[str, Mapping[Key, Value]],
    events: Mapping[str, list[Fact]],
    first: str | None,
) -> Iterable[Span[Key, Value]]:
    going = dict[Key, str | None]()
    before: Mapping[Key, Value] = {}
    for day in sorted(on_day):
        now, made = on_day[day], events.get(day, [])
        for key in [key for key in going if key not in now]:
            since = going.pop(key)
            yield Span(key, before[key], since, day, events.get(since or "", []), made)
        for key in now:
            going.setdefault(key, None if day == first else day)
        before = now
    for key, since in going.items():
        yield Span(key, before[key], since, None, events.get(since or "", []), [])
