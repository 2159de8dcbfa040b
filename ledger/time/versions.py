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
from ledger.model.movements import SIGNS
from ledger.time.cut import FLOORS
from ledger.time.dating import Published
from ledger.time.history import AMENDMENTS, REVISIONS, History, amendments_of
from ledger.time.identities import Identities
from ledger.time.influences import Influences
from ledger.time.view import Cut, View
from ledger.values.dates import ALWAYS, FOREVER, Days

WHENEVER = ALWAYS.first
_AS_RECORDED = Identities()
FLOOR_NAMES = tuple(sorted(FLOORS, key=lambda name: FLOORS[name]))
_DECIDING = frozenset(["reaffirms", "conditional_on"])  # fields that bring other events in
_FINAL = FOREVER, FLOOR_NAMES[-1]  # where everything is known, and of any standing


def floor_of(rank: int) -> int:
    """The place of the highest floor that lets a standing through."""
    return next(n for n, name in enumerate(FLOOR_NAMES) if rank <= FLOORS[name])


def _stands(amendment: Fact, floor: int) -> bool:
    """Whether a floor lets an amendment through."""
    return amendment.rank <= floor or amendment.recorded.supposed


class Standing(NamedTuple):
    """A fact as it is read from a day of knowledge until another, at some floors: their places in
    ``FLOOR_NAMES``, from one until another."""

    fact: Fact
    known: tuple[str, str]
    floors: tuple[int, int]

    @property
    def seen(self) -> tuple[str, str]:
        """A day of knowledge and a floor of a view in which it is read so."""
        return self.known[0], FLOOR_NAMES[self.floors[1] - 1]


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
        self.whole._published, self._final = published, final

    def _resolve(self, recorded: Recorded, amendments: Mapping[int, Fact | None]) -> Fact | None:
        one_version = recorded.type in AMENDMENTS and not self.history.is_amended(recorded.key)
        if self._final is None or not one_version:
            return super()._resolve(recorded, amendments)
        fact = self._final(recorded)
        return fact if fact and _stands(fact, self._floor) else None

    def resolved(
        self, recorded: Recorded, amendments: Mapping[int, Fact | None], known_by: str
    ) -> Fact | None:
        """An event as it is read with what is known by a day, given all its amendments; it depends
        on nothing else that the day decides on."""
        self.cut = self.cut._replace(known_by=known_by)
        return super()._resolve(recorded, amendments)

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

    ``partial`` says whether, of what bears on the event that was asked for last, the day is not
    known on which any became known.
    """

    def __init__(self, history: History, published: dict[str, Published] | None = None) -> None:
        self._history, self._published = history, {} if published is None else published
        self._views: dict[tuple[str, str], _Looked] = {}
        self._moving: dict[str, _AsRecorded] = {}  # from day to day, by floor
        self.partial = False

    def of(self, recorded: Recorded) -> list[Standing]:
        """Each way in which an event is read, from the weakest floor on."""
        self.partial = False
        if recorded.type in AMENDMENTS and not self._history.is_amended(recorded.key):
            return self._of_one_version(recorded)
        found, upto = list[Standing](), len(FLOOR_NAMES)
        amendments = self._only_amendments(recorded)
        while upto:
            floor = FLOOR_NAMES[upto - 1]
            if amendments is None:
                days, rank = self._turning(recorded, floor)
                facts = [self.view(start, floor).fact(recorded) for start in days]
            else:
                days, rank, facts = self._by_day(recorded, amendments, floor)
            first = min(upto - 1, floor_of(rank))
            for start, end, fact in zip(days, [*days[1:], FOREVER], facts, strict=True):
                if fact is not None:
                    found.append(Standing(fact, (start, end), (first, upto)))
            upto = first
        return found

    def _of_one_version(self, recorded: Recorded) -> list[Standing]:
        """The way in which an amendment that nothing amends is read, if it stands."""
        fact = self.final(recorded)
        if fact is None:
            return []
        self.partial = fact.known.first != fact.known.last
        return [Standing(fact, (WHENEVER, FOREVER), (floor_of(fact.rank), len(FLOOR_NAMES)))]

    def final(self, recorded: Recorded) -> Fact | None:
        """An event as it is read with everything known, at the weakest floor."""
        return self.view(*_FINAL).fact(recorded)

    def view(self, known_by: str, floor: str) -> View:
        """The view of a day of knowledge and a floor, every id as it was recorded."""
        return self._look(known_by, floor).view

    def forget(self, position: int) -> None:
        """Read the event at a position anew, for another amends it now."""
        for looked in self._views.values():
            looked.forget(position)

    def _only_amendments(self, recorded: Recorded) -> dict[int, Fact | None] | None:
        """What the amendments of an event say, by their positions, if nothing amends them, and
        nothing else can change what the event says."""
        others = self._history.mentioning(f"event:{recorded.key}", REVISIONS)
        amendments = amendments_of(recorded, self._history)
        changed = {c["field"] for one in amendments for c in one.data.get("changes", ())}
        if (
            recorded.type not in SIGNS
            or len(others) > len(amendments)
            or not _DECIDING.isdisjoint(changed.union(recorded.data))
            or any("reaffirms" in one.data for one in amendments)
            or any(self._history.is_amended(one.key) for one in amendments)
        ):
            return None
        return {one.position: self.final(one) for one in amendments}

    def _by_day(
        self, recorded: Recorded, amendments: Mapping[int, Fact | None], floor: str
    ) -> tuple[list[str], int, list[Fact | None]]:
        """The days from which an event may read otherwise for its amendments alone, the weakest
        standing of what bears on it, and what it says from each of the days on."""
        if floor not in self._moving:
            self._moving[floor] = self._made(WHENEVER, floor)
        visible = {
            at: f if f and _stands(f, FLOORS[floor]) else None for at, f in amendments.items()
        }
        given = [fact for fact in visible.values() if fact is not None]
        days = sorted({WHENEVER, *(fact.known.last for fact in given)})
        facts = [self._moving[floor].resolved(recorded, visible, day) for day in days]
        self.partial |= any(fact.known.first != fact.known.last for fact in given)
        weakest = max([0, *(fact.rank for fact in (*given, *facts) if fact is not None)])
        return days, weakest, facts

    def _turning(self, recorded: Recorded, floor: str) -> tuple[list[str], int]:
        """The days from which a view may hold another selection of amendments, sorted; and the
        weakest standing of what bears on an event."""
        days, fresh, weakest = {WHENEVER}, {WHENEVER}, 0
        while fresh:
            found = set[tuple[Days, int]]()
            for day in fresh:
                found |= self._look(day, floor).bearing.on(recorded)
            weakest = max([weakest, *(rank for _, rank in found)])
            self.partial |= any(known.first != known.last for known, _ in found)
            fresh = {known.last for known, _ in found} - days
            days |= fresh
        return sorted(days), weakest

    def _look(self, known_by: str, floor: str) -> _Looked:
        if (known_by, floor) not in self._views:
            self._views[known_by, floor] = _Looked(self._made(known_by, floor))
        return self._views[known_by, floor]

    def _made(self, known_by: str, floor: str) -> _AsRecorded:
        final = None if (known_by, floor) == _FINAL else self.final
        cut = Cut(known_by=known_by, standing=floor)
        return _AsRecorded(self._history, cut, self._published, final)
