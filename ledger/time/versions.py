"""What an event says in every view of one history: its versions, each between a first and a last
day of knowledge and between two floors of standing. The as-of day is no part of it: no event's own
content depends on it.

An event can read otherwise only from a day on which an amendment that bears on it became known, or
below a floor that leaves out what bears on it. So it is looked at in a view of each such day, and
of each such floor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.cut import FLOORS
from ledger.time.dating import Published
from ledger.time.history import AMENDMENTS, History
from ledger.time.identities import Identities
from ledger.time.influences import Influences
from ledger.time.view import Cut, View
from ledger.values.dates import ALWAYS, FOREVER, Days

WHENEVER = ALWAYS.first
_AS_RECORDED = Identities()
FLOOR_NAMES = tuple(sorted(FLOORS, key=lambda name: FLOORS[name]))
_FINAL = FOREVER, FLOOR_NAMES[-1]  # where everything is known, and of any standing


def floor_of(rank: int) -> int:
    """The place of the highest floor that lets a standing through."""
    return next(n for n, name in enumerate(FLOOR_NAMES) if rank <= FLOORS[name])


class Standing(NamedTuple):
    """A fact as it is read from a day of knowledge until another, at some floors: their places in
    ``FLOOR_NAMES``, from one until another; and a view in which it is read so."""

    fact: Fact
    known: tuple[str, str]
    floors: tuple[int, int]
    view: View


class _AsRecorded(View):
    """A view in which every id is the one recorded, whatever ids are one party's: which ones are
    depends on the as-of day. When sources were published is known already, and so is, but for the
    floor, what an amendment says that no other amends."""

    def __init__(
        self,
        history: History,
        cut: Cut,
        published: dict[str, Published],
        final: Callable[[Recorded], Fact | None] | None,
    ) -> None:
        super().__init__(history, cut)
        self._open = self if self._open is self else View(history)
        self._open._published, self._final = published, final

    def _resolve(self, recorded: Recorded, amendments: Mapping[int, Fact | None]) -> Fact | None:
        one_version = recorded.type in AMENDMENTS and not self.history.is_amended(recorded.key)
        if self._final is None or not one_version:
            return super()._resolve(recorded, amendments)
        fact = self._final(recorded)
        return fact if fact and (fact.rank <= self._floor or recorded.supposed) else None

    @property
    def identities(self) -> Identities:
        return _AS_RECORDED

    def forget(self, position: int) -> None:
        """Read the event at a position anew."""
        self._facts.forget(position)


class _Looked:
    """A view, and what can make an event read otherwise in another: when amendments became known,
    and the standings of all that bears on it."""

    def __init__(self, view: _AsRecorded) -> None:
        self.view, self.bearing = view, Influences(view.history, self._bears, sources=False)

    def _bears(self, event: Recorded) -> list[tuple[Days, int]]:
        fact = self.view.fact(event)
        if fact is None:
            return []
        return [(fact.known if event.type in AMENDMENTS else ALWAYS, fact.rank)]

    def forget(self, position: int) -> None:
        """Read the event at a position anew."""
        self.view.forget(position)
        self.bearing.forget(position)


class Standings:
    """How the events of a history are read; when its sources were published may be known, and is
    added to as it is worked out.

    Of the event that was asked for last, and all that bears on it: ``latest`` is a day from which
    every amendment is known, ``weakest`` the weakest rank, and ``partial`` says whether the day is
    not known on which any became known.
    """

    def __init__(self, history: History, published: dict[str, Published] | None = None) -> None:
        self._history, self._published = history, {} if published is None else published
        self._views: dict[tuple[str, str], _Looked] = {}
        self.latest, self.weakest, self.partial = WHENEVER, 0, False

    def of(self, recorded: Recorded) -> list[Standing]:
        """Each way in which an event is read, from the weakest floor on."""
        self.latest, self.weakest, self.partial = WHENEVER, 0, False
        found, upto = list[Standing](), len(FLOOR_NAMES)
        while upto:
            floor = FLOOR_NAMES[upto - 1]
            days, rank = self._turning(recorded, floor)
            first = min(upto - 1, floor_of(rank))
            for start, end in zip(days, [*days[1:], FOREVER], strict=True):
                view = self._view(start, floor).view
                fact = view.fact(recorded)
                if fact is not None:
                    found.append(Standing(fact, (start, end), (first, upto), view))
            upto = first
        return found

    def final(self, recorded: Recorded) -> Fact | None:
        """An event as it is read with everything known, at the weakest floor."""
        return self._view(*_FINAL).view.fact(recorded)

    def forget(self, position: int) -> None:
        """Read the event at a position anew, for another amends it now."""
        for looked in self._views.values():
            looked.forget(position)

    def _turning(self, recorded: Recorded, floor: str) -> tuple[list[str], int]:
        """The days from which a view may hold another selection of amendments, sorted; and the
        weakest standing of what bears on an event."""
        days, fresh, weakest = {WHENEVER}, {WHENEVER}, 0
        while fresh:
            found = set[tuple[Days, int]]()
            for day in fresh:
                found |= self._view(day, floor).bearing.on(recorded)
            weakest = max([weakest, *(rank for _, rank in found)])
            self.partial |= any(known.first != known.last for known, _ in found)
            fresh = {known.last for known, _ in found} - days
            days |= fresh
        self.latest, self.weakest = max(self.latest, *days), max(self.weakest, weakest)
        return sorted(days), weakest

    def _view(self, known_by: str, floor: str) -> _Looked:
        asked = known_by, floor
        if asked not in self._views:
            cut = Cut(known_by=known_by, standing=floor)
            final = None if asked == _FINAL else self.final
            view = _AsRecorded(self._history, cut, self._published, final)
            self._views[asked] = _Looked(view)
        return self._views[asked]
