"""What is to come: the facts known by the as-of day of a view that take effect on a later one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.posted import end_of
from ledger.model.register import issuer_of
from ledger.model.subject import parse_subject
from ledger.time.dating import is_to_come
from ledger.time.history import KINDS, Span, Types, subjects_of
from ledger.time.view import View
from ledger.values.dates import FOREVER, next_day

_TOGETHER = 100  # events looked up at once


def upcoming(view: View, id: str | None = None) -> Iterator[Fact]:
    """What was known by the as-of day and takes effect on a later one, in no order; also what was
    still to come when it was told, and has not surely come by then. Of everything, or of what has
    an id.

    Of the posted movements only the later ones are read; no fact is remembered.
    """
    day, later = view.cut.as_of, _Later.of(view)
    return later.after(day, beginning_after(later, day)) if id is None else _of(later, id, day)


def _of(later: _Later, id: str, day: str) -> Iterator[Fact]:
    """What is to come of what has an id, under whatever kind of thing."""
    history, seen = later.history, set[int]()
    subjects = later.identities.widened(f"{kind}:{id}" for kind in sorted(KINDS))
    coming = (event for subject in subjects for event in history.each(subject))
    for fact in later.after(day, chain(coming, later.posted_after(id, day))):
        if fact.recorded.position not in seen:
            seen.add(fact.recorded.position)
            if any(parse_subject(s).id == id for s in subjects_of(fact.type, fact.data)):
                yield fact


def beginning_after(view: View, day: str, types: Types = None) -> Iterator[Recorded]:
    """The events, of some types (all, if None), that may take effect after a day; there are others
    among them, in no order."""
    history, span = view.history, Span(end_of(day), end_of(FOREVER), False)
    perhaps = {one.position for one in history.unplaced(next_day(day))}
    placed = (place[2] for place in history.placed(span, view.cut.limits, types))
    coming = chain(sorted(perhaps), (at for at in placed if at not in perhaps))
    while some := list(islice(coming, _TOGETHER)):
        yield from history.at_each(some)


class _Later(View):
    """A view that is asked for what comes after a day."""

    @classmethod
    def of(cls, view: View) -> _Later:
        """What a view knows by its as-of day, under the ids that are one party's on it."""
        known = min(view.cut.as_of, view.cut.known_by)
        later = cls(view.history, view.cut._replace(as_of=FOREVER, known_by=known))
        later._identities = view.identities
        return later

    def posted_after(self, id: str, day: str) -> Iterator[Recorded]:
        """The posted movements after a day of the issuer, the class or the party with an id."""
        ids = self.identities.all_of(id)
        for one in ids:
            posted = self.posted(issuer_of(one))
            for share_class in posted.classes:
                if one in (issuer_of(one), share_class):
                    yield from posted.later(share_class, day)
        for issuer in sorted({issuer for one in ids for issuer in self.history.registers_of(one)}):
            posted = self.posted(issuer)
            for share_class in posted.classes:
                for moved_on in posted.days(share_class, id, end_of(day), end_of(FOREVER)):
                    yield from posted.on(share_class, id, moved_on)

    def after(self, day: str, events: Iterable[Recorded]) -> Iterator[Fact]:
        """The facts surely known among some events that are to come after a day."""
        for recorded in events:
            if self.history.is_amended(recorded.key) or is_to_come(recorded.data, day):
                fact = self._unremembered(recorded)
                known = fact is not None and fact.known.last <= self.cut.known_by
                if fact and known and is_to_come(fact.data, day) and _announced(fact, day):
                    yield fact


def _announced(fact: Fact, day: str) -> bool:
    """Whether a fact to come waits for no condition, and is not called off by a day."""
    depending = fact.depending
    return depending is None or not (depending.waits or depending.away_on(day)[0])
