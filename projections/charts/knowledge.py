"""On which days it became known what an answer is made of, and when it was not yet known whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.conditions import RIGHTS, depends
from ledger.time.history import amending, known_ids
from ledger.time.identities import IDENTIFYING
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.subjects.register_walk import Asked

MOST_LOOKED = 50_000  # events of a ledger of which all are looked at


class Lag(NamedTuple):
    """The days from which on an event may have taken effect, up to when it was surely known."""

    since: str
    until: str


class _KnownBy(View):
    """A view of what was known by a day, whatever had begun. Facts that read alike whatever is
    known are shared: those that nothing amends, and that depend on nothing."""

    @classmethod
    def of(cls, view: View, day: str) -> _KnownBy:
        """What a view knows by a day."""
        other = cls(view.history, view.cut._replace(as_of=FOREVER, known_by=day))
        if other.whole is not other:
            other._whole = view.whole
        if not other.history.knows(f"type:{IDENTIFYING}"):
            facts = (fact for fact in view._facts.values() if fact and other._is_alike(fact))
            other._facts.keep({fact.recorded.position: fact for fact in facts})
        return other

    def _is_alike(self, fact: Fact) -> bool:
        return not (self.history.is_amended(fact.key) or depends(fact, self.history))


class Knowledge:
    """When the events among which an answer is looked for became known, as far as a view knows.

    It is not ``whole`` where that may depend on more events than are looked at.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._views = dict[str, View]()
        self._asked, self._seen = set[Asked](), set[int]()
        self.whole = True
        self.days = set[str]()
        self.lags = set[Lag]()

    def ask(self, asked: Iterable[Asked]) -> None:
        """Look at what is recorded of some subjects, too."""
        for subjects, types in set(asked) - self._asked:
            self._asked.add((subjects, types))
            for subject in self._view.identities.widened(subjects):
                self._look(self._view.history.mentioning(subject, types))

    def at(self, day: str) -> View:
        """What was known by a day, whatever had begun."""
        if day not in self._views:
            self._views[day] = _KnownBy.of(self._view, min(day, self._view.cut.known_by))
        return self._views[day]

    def lacks(self, since: str, until: str) -> bool:
        """Whether on any of the days before ``until`` something was not known that had begun."""
        return any(lag.since < until and since < lag.until for lag in self.lags)

    def _look(self, events: Iterable[Recorded]) -> None:
        for recorded in events:
            if recorded.position in self._seen:
                continue
            self._seen.add(recorded.position)
            told = list(self._told(recorded))
            days = {day for fact in told for day in fact.known if day > BEGINNING}
            self.days |= {day for day in days if day <= self._view.cut.known_by}
            effects = [_begins(fact) for fact in told if fact.recorded is recorded]
            if days and effects:
                self.lags.add(Lag(min(effects), max(days)))
            if self._view.history.is_amended(recorded.key):
                self.ask([((f"event:{recorded.key}",), None)])
            if any(map(_depends, told)):
                self._look_at_all()

    def _look_at_all(self) -> None:
        """What an event depends on may be recorded of any subject."""
        self.whole = self.whole and self._view.history.position <= MOST_LOOKED
        if self.whole:
            self.ask(((f"type:{name}",), None) for name in known_ids(self._view.history, "type"))

    def _told(self, recorded: Recorded) -> Iterator[Fact]:
        """An event and its amendments, in each of the ways in which they were known."""
        history = self._view.history
        if not history.is_amended(recorded.key):
            yield from filter(None, [self._view.fact(recorded)])
            return
        day: str | None = BEGINNING
        while day is not None:
            found = (self.at(day).fact(one) for one in amending(recorded, history, ()))
            facts = [fact for fact in found if fact is not None]
            yield from facts
            later = {one for fact in facts for one in fact.known if one > day}
            day = min((one for one in later if one <= self._view.cut.known_by), default=None)


def _depends(fact: Fact) -> bool:
    """Whether other subjects than its own may decide whether an event counts."""
    return "conditional_on" in fact.data or (fact.type in RIGHTS and "agreement" in fact.data)


def _begins(fact: Fact) -> str:
    """The first day on which an event may have had an effect."""
    agreed = fact.as_agreed()
    return min(one.effective.first if one.effective else BEGINNING for one in (fact, agreed))
