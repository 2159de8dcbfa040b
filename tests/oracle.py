"""The rule of dates and knowledge by its letter, event by event, without views and histories.

Everything is worked out again from the list of events at each question, as slowly as that is; it
shares nothing with the product. What events depend on is in ``contingent.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ledger.events.envelope import Recorded
from ledger.time.view import Cut
from tests.contingent import NO, PERHAPS, YES, Contingencies
from tests.dates_by_letter import EVER, days_of

RANKS = ("official", "reported", "unnamed", "inferred")
FLOORS = {"official": 1, "reported": 2, "any": 4}
AMENDING = ("event-corrected", "event-retracted", "event-corroborated")
OF_SOURCES = ("source-registered", "source-corrected", "source-retracted")
REGISTRATIONS = ("party-registered", "share-class-created", "source-registered")
OWN = ("event", "because", "correction", "standing", "known_on", "citations", "inferred_from",
       "note")  # fmt: skip


class Standing(NamedTuple):
    """An event as it stands: its fields, when it became known, the days it may have happened on."""

    event: Recorded
    data: Mapping[str, Any]
    known: tuple[str, str]
    effective: tuple[str, str] | None

    @property
    def place(self) -> tuple[str, int, int]:
        """Where it is replayed: the day by which it happened, its sequence, its position."""
        day = self.effective[1] if self.effective else ""
        return day, int(self.data.get("sequence", "0")), self.event.position


class Oracle:
    """What stands at a cut, among the events recorded by then."""

    def __init__(
        self, events: Sequence[Recorded], cut: Cut, dates: dict[str, str] | None = None
    ) -> None:
        self.events, self._cut = events, cut
        self._dates = {} if dates is None else dates
        self._contingencies = Contingencies(self)

    def certain(self) -> list[Standing]:
        """What certainly took effect and is known, in the order of the fold."""
        found = [one for one, sure in self._counted() if sure == YES]
        return sorted(found, key=lambda one: one.place)

    def possible(self) -> set[str]:
        """The keys of what may have taken effect and be known."""
        return {one.event.key for one, sure in self._counted() if sure == PERHAPS}

    def is_known(self, one: Standing) -> int:
        """Whether an event is known by the cut."""
        first, last = one.known
        return NO if first > self._cut.known_by else YES if last <= self._cut.known_by else PERHAPS

    def _counted(self) -> Iterator[tuple[Standing, int]]:
        for event in self.events:
            one = self.stands(event)
            if one is not None:
                counts, begun = self._contingencies.counts(one, self._cut.as_of)
                yield begun, min(counts, self.is_known(one))

    def repeats(self, one: Standing) -> bool:
        """Whether a certain event tells what another, recorded before it, certainly told."""
        root = self._told_first(one.event)
        return any(
            other.event.position < one.event.position and self._told_first(other.event) == root
            for other in self.certain()
        )

    def _told_first(self, event: Recorded) -> str:
        """The key of the event at the end of those that one says again."""
        stands = self.stands(event)
        again = (stands.data if stands else event.data).get("reaffirms")
        if again is None:
            return event.key
        return self._told_first(next(other for other in self.events if other.key == again))

    def stands(self, event: Recorded) -> Standing | None:
        """An event after its amendments; None where it is retracted, fallen or too weak."""
        data = dict(event.data)
        for amendment in self._in_force(event):
            if amendment.event.type == "event-retracted":
                return None
            if amendment.event.type == "event-corroborated":
                data["citations"] = [*data.get("citations", ()), *amendment.data["citations"]]
            else:
                data = _changed(event, data, amendment.data["changes"])
        cited = [c["source"] for c in data.get("citations", ())]
        left = [source for source in cited if self._published(source) != "withdrawn"]
        registration = event.type in REGISTRATIONS
        fallen = bool(cited) and not left and not registration
        if RANKS.index(data["standing"]) >= FLOORS[self._cut.standing] or fallen:
            return None
        told = self._told(event, data, left)
        known = min(first for first, _ in told), min(last for _, last in told)
        if "known_on" in data:
            known = days_of(data["known_on"])
        elif self._is_always_known(event, data, left):
            known = EVER, EVER
        return Standing(event, data, known, _bounded(data, told))

    def _is_always_known(
        self, event: Recorded, data: Mapping[str, Any], left: Sequence[str]
    ) -> bool:
        if event.type in AMENDING:
            return bool(data.get("correction", "clerical") == "clerical")
        return event.type in REGISTRATIONS and not (left and event.data.get("citations"))

    def _told(
        self, event: Recorded, data: Mapping[str, Any], left: Sequence[str]
    ) -> list[tuple[str, str]]:
        """The days on which it was told: by its sources, on its known date; or when recorded."""
        if event.type in OF_SOURCES:
            date = self._published(data["source"])
            date = data.get("published_on", "unknown") if date == "withdrawn" else date
            dates = [] if date == "unknown" else [date]
        else:
            dates = [date for s in left if (date := self._published(s)) != "unknown"]
        told = [days_of(date) for date in dates]
        if "known_on" in data:
            return [*told, days_of(data["known_on"])]
        own = [  # as it was recorded, whatever a correction names
            c["source"]
            for c in event.data.get("citations", ())
            if self._published(c["source"]) != "withdrawn"
        ]
        if event.type in OF_SOURCES:
            own_dated, nothing_own = bool(dates), False
        else:
            own_dated = any(self._published(source) != "unknown" for source in own)
            nothing_own = not event.data.get("citations")
        if not told or nothing_own or (own and not own_dated):
            told.append((event.recorded_at[:10], event.recorded_at[:10]))
        return told

    def _published(self, source: str) -> str:
        """A publication date as last recorded, ``unknown``, or ``withdrawn``."""
        if source not in self._dates:
            self._dates[source] = "unknown"  # one that rests on itself in the end ends here
            self._dates[source] = self._worked_out(source)
        return self._dates[source]

    def _worked_out(self, source: str) -> str:
        everything = Oracle(self.events, Cut(), self._dates)
        date = "unknown"
        for event in self.events:
            if event.type in OF_SOURCES:
                data = everything._told_of_source(event)
                if data is not None and data["source"] == source:
                    if event.type == "source-retracted":
                        return "withdrawn"
                    date = data.get("published_on", date)
        return date

    def _told_of_source(self, event: Recorded) -> Mapping[str, Any] | None:
        """The fields of a source event after its amendments; those cite nothing here."""
        data = dict(event.data)
        for amendment in self._in_force(event):
            if amendment.event.type == "event-retracted":
                return None
            if amendment.event.type == "event-corrected":
                data = _changed(event, data, amendment.data["changes"])
        return data

    def _in_force(self, event: Recorded) -> list[Standing]:
        """The amendments of an event that count at the cut, in the order in which they apply."""
        found: list[tuple[str, int, Standing]] = []
        latest = ""
        for other in self.events:
            about = other.type in AMENDING and other.data["event"] == event.key
            if about and other.position > event.position:
                one = self.stands(other)
                if one is not None and one.known[1] <= self._cut.known_by:
                    day = latest if one.known == (EVER, EVER) else one.known[1]
                    latest = max(latest, day)
                    found.append((day, other.position, one))
        return [one for *_, one in sorted(found, key=lambda placed: placed[:2])]


def _bounded(data: Mapping[str, Any], told: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    if "effective_on" not in data:
        return None
    first, last = days_of(data["effective_on"])
    if "tense" in data:
        return first, last
    after = [day for _, day in told if day >= first]
    return first, min([last, *after])


def _changed(event: Recorded, data: Mapping[str, Any], changes: Sequence[Any]) -> dict[str, Any]:
    changed = dict(data)
    for change in changes:
        name, value = change["field"], change.get("value")
        proposed = [c["field"] for c in changed.get("changes", ())]
        if event.type == "event-corrected" and (name in proposed or name not in OWN):
            others = [c for c in changed["changes"] if c["field"] != name]
            changed["changes"] = [*others, change]
        elif value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return changed
