"""Control over time: since when who controls whom, until when, and by which events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from ledger.time.view import View
from ledger.values.dates import BEGINNING
from projections.control.found import Asked, Found, Pair
from projections.control_rows import GroupRow
from projections.subjects.register_walk import Watched, stops_of

MOST_DAYS = 200  # looked at; of what has changed on more, the last ones

_Key = tuple[str, str]


class Spell(NamedTuple):
    """A time during which a party controls a company, as it was at its end.

    ``since`` is None where it began before the days that were looked at, ``until`` where it has not
    ended.
    """

    pair: Pair
    since: str | None
    until: str | None
    began_by: list[str]
    ended_by: list[str]

    @property
    def key(self) -> tuple[str, str]:
        """Who controls whom."""
        return self.pair.party, self.pair.company

    def row(self, digits: int = 2) -> GroupRow:
        """The row, its percentages with so many digits."""
        row = self.pair.row(digits)
        row["since"], row["until"] = self.since, self.until
        row["began_by"], row["ended_by"] = self.began_by, self.ended_by
        return row


class OverTime:
    """Control around a company on the days on which it can have changed, the last ones first."""

    def __init__(self, view: View, asked: Asked) -> None:
        self._view, self._asked = view, asked
        self._pairs: dict[str, Mapping[_Key, Pair]] = {}
        self._events: dict[str, list[str]] = {}
        self._stops: set[str] = set()
        self._seen: set[int] = set()
        self._watched: set[str] = set()
        self._last = view.cut.as_of

    @cached_property
    def found(self) -> Found:
        """Control at the cut itself."""
        return self._look(self._last)

    @property
    def is_cut(self) -> bool:
        """Whether there are more days than were looked at."""
        return bool(self._stops - self._pairs.keys())

    def current(self) -> list[Spell]:
        """What holds at the cut, since when."""
        now = {(pair.party, pair.company): pair for pair in self.found.pairs()}
        self._walk(set(now))
        found = {spell.key: spell for spell in self._spells() if spell.until is None}
        return [found[key] for key in now]

    def all(self) -> list[Spell]:
        """Every time of control up to the cut, in their order."""
        self._walk(None)
        return list(self._spells())

    def _walk(self, keys: set[_Key] | None) -> None:
        """Look at day after day, back from the cut; with keys until each did not hold."""
        if self._last not in self._pairs:
            self._look(self._last)
        while len(self._pairs) < MOST_DAYS and (left := self._stops - self._pairs.keys()):
            day = max(left)
            later = [pairs for on, pairs in self._pairs.items() if on > day]
            if keys is not None and all(any(k not in pairs for pairs in later) for k in keys):
                return
            self._look(day)

    def _look(self, day: str) -> Found:
        """Look at a day; at the events of companies that are met for the first time."""
        view = self._view if day == self._last else self._view.on(day)
        found = Found(view, self._asked)
        self._pairs[day] = {(p.party, p.company): p for p in found.pairs()}
        if not self._watched.issuperset(found.network.looked_up):
            watched = Watched(self._view)
            again = Found(watched, self._asked)
            again.pairs()
            for one in found.network.looked_up:
                again.network.look_up(one)
            self._watched |= again.network.looked_up | found.network.looked_up
            self._note(watched)
        return found

    def _note(self, watched: Watched) -> None:
        facts = [f for at, f in watched.seen.items() if at not in self._seen]
        self._seen.update(watched.seen)
        self._stops |= {day for day in stops_of(facts) if day <= self._last}
        for fact in sorted(facts, key=lambda fact: fact.listed):
            if fact.effective is not None:
                self._events.setdefault(fact.order[0], []).append(fact.key)

    def _spells(self) -> Iterator[Spell]:
        """Each time, pieced together from the days that were looked at."""
        days = sorted(self._pairs)
        begun: dict[tuple[_Key, bool], str] = {}
        for day, then in zip(days, [*days[1:], None], strict=True):
            now = {(key, pair.control.sure): pair for key, pair in self._pairs[day].items()}
            after = self._pairs[then] if then else {}
            for key, pair in now.items():
                start = begun.setdefault(key, day)
                goes_on = key[0] in after and after[key[0]].control.sure == key[1]
                if then is None or not goes_on:
                    yield self._spell(pair, start, then, days[0])
                    del begun[key]

    def _spell(self, pair: Pair, start: str, end: str | None, first: str) -> Spell:
        unknown = start == BEGINNING or (start == first and self.is_cut)
        return Spell(
            pair,
            None if unknown else start,
            end,
            [] if unknown else self._events.get(start, []),
            self._events.get(end, []) if end else [],
        )
