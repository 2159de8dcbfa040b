"""An event in every view at once: what it says, and the limits between which it says so.

A view is cut by a day of knowledge, an instant of recording and a floor of standing. An event has
one version for each way it stands in such views; each version is a box, an interval on each of the
three clocks and floors, and the boxes of one event never meet. The as-of day is no part of it: no
event's own content depends on it.

Most events have one version, for nothing amends them or their sources. The others are looked at in
a view of each kind: an event can change only where something that bears on it is recorded or, being
an amendment, becomes known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from ledger.dates import ALWAYS, FOREVER
from ledger.envelope import Recorded
from ledger.fact import Fact
from ledger.history import AMENDMENTS, SOURCE_EVENTS, History
from ledger.view import FLOORS, Cut, View

WHENEVER = ALWAYS.first
KEPT = 5_000  # facts held before what was worked out is let go
_NAMES = tuple(sorted(FLOORS, key=lambda name: FLOORS[name]))


class Timeline(History, Protocol):
    """A history that can be cut at an instant of recording."""

    def recorded_by(self, instant: str) -> Timeline:
        """The same history as it was at a stored instant."""


class Version(NamedTuple):
    """A fact, and the cuts at which it is certain once it has taken effect.

    The ends called ``until`` are exclusive, None where there is none; both floors are inclusive.
    ``known_from`` is None for what is known whenever it is recorded. ``told`` is the key of the
    first of the events that say the same.
    """

    fact: Fact
    told: str
    recorded_from: str
    recorded_until: str | None
    known_from: str | None
    known_until: str | None
    floor_from: int
    floor_until: int


_Spans = tuple[tuple[str, str], tuple[str, str], tuple[int, int]]


class _Box(NamedTuple):
    """A fact between limits on three axes: recorded, known, floor (as a place in ``_NAMES``)."""

    spans: _Spans
    content: str
    fact: Fact
    told: str


class Versions:
    """The versions of the events of a history."""

    def __init__(self, history: Timeline) -> None:
        self._history = history
        self._views: dict[tuple[str, str, str], View] = {}
        self._histories: dict[str, Timeline] = {}
        self._settled: dict[str, str] = {}
        self._looked = 0

    def of(self, recorded: Recorded) -> Iterator[Version]:
        """Every version of an event, in a fixed order."""
        self._looked += 1
        if self._looked % KEPT == 0:
            self._views.clear()
            self._histories.clear()
        if self._is_settled(recorded):
            fact = self._view(FOREVER, FOREVER, "any").fact(recorded)
            if fact is not None:
                floors = _NAMES.index(_floor(fact)), len(_NAMES)
                spans = (recorded.recorded_at, FOREVER), (WHENEVER, FOREVER), floors
                yield _version(fact, recorded.key, spans)
            return
        boxes = list(self._boxes(recorded))
        for axis in (1, 0, 2):
            boxes = _joined(boxes, axis)
        for box in sorted(boxes, key=lambda box: box.spans):
            version = _version(box.fact, box.told, box.spans)
            if version.known_until is None or (version.known_from or "") < version.known_until:
                yield version

    def _is_settled(self, recorded: Recorded) -> bool:
        """Whether nothing can change what an event says from when it is recorded."""
        if self._history.is_amended(recorded.key) or "reaffirms" in recorded.data:
            return False
        return all(self._settled_from(s) <= recorded.recorded_at for s in _sources(recorded))

    def _settled_from(self, source: str) -> str:
        """From when a source's date can no longer change; FOREVER where it is not known."""
        if source not in self._settled:
            telling = self._history.mentioning(f"source:{source}", SOURCE_EVENTS)
            plain = (
                len(telling) == 1
                and not self._history.is_amended(telling[0].key)
                and "citations" not in telling[0].data
            )
            self._settled[source] = telling[0].recorded_at if plain else FOREVER
        return self._settled[source]

    def _boxes(self, recorded: Recorded) -> Iterator[_Box]:
        bearing = self._bearing(recorded)
        after = {other.recorded_at for other in bearing} | {recorded.recorded_at}
        instants = sorted(at for at in after if at >= recorded.recorded_at)
        for start, end in zip(instants, [*instants[1:], FOREVER], strict=True):
            amendments = [e for e in bearing if e.type in AMENDMENTS and e.recorded_at <= start]
            for place, floor in enumerate(_NAMES):
                days = self._turning(amendments, start, floor)
                for first, next_first in zip(days, [*days[1:], FOREVER], strict=True):
                    view = self._view(start, first, floor)
                    fact = view.fact(recorded)
                    if fact is not None:
                        told = _root(view, recorded).key
                        spans = (start, end), (first, next_first), (place, place + 1)
                        yield _Box(spans, _content(fact, told), fact, told)

    def _turning(self, amendments: Iterable[Recorded], instant: str, floor: str) -> list[str]:
        """The days from which a view may hold another selection of amendments, sorted."""
        days, fresh = {WHENEVER}, {WHENEVER}
        while fresh:
            facts = (self._view(instant, d, floor).fact(e) for d in fresh for e in amendments)
            fresh = {fact.known.last for fact in facts if fact is not None} - days
            days |= fresh
        return sorted(days)

    def _bearing(self, recorded: Recorded) -> list[Recorded]:
        """The events that can change what an event says: amendments, sources, what it repeats."""
        found = {recorded.position: recorded}
        pending = [recorded]
        while pending:
            event = pending.pop()
            related: list[Recorded] = []
            if self._history.is_amended(event.key):
                related += self._history.mentioning(f"event:{event.key}", AMENDMENTS)
            for source in _sources(event):
                related += self._history.mentioning(f"source:{source}", SOURCE_EVENTS)
            for key in _repeated(event):
                related += self._history.mentioning(f"key:{key}")
            fresh = [other for other in related if other.position not in found]
            found.update((other.position, other) for other in fresh)
            pending += fresh
        return list(found.values())

    def _view(self, instant: str, known_by: str, floor: str) -> View:
        asked = instant, known_by, floor
        if asked not in self._views:
            if instant not in self._histories:
                whole = instant == FOREVER
                self._histories[instant] = (
                    self._history if whole else self._history.recorded_by(instant)
                )
            cut = Cut(known_by=known_by, standing=floor)
            self._views[asked] = View(self._histories[instant], cut)
        return self._views[asked]


def _sources(event: Recorded) -> set[str]:
    """The sources an event rests on, or a correction names; of an event about one, that one."""
    found = {str(citation["source"]) for citation in event.data.get("citations", ())}
    if event.type in SOURCE_EVENTS:
        found.add(str(event.data["source"]))
    for change in event.data.get("changes", ()):
        if change["field"] == "source" and change.get("value") is not None:
            found.add(str(change["value"]))
    return found


def _repeated(event: Recorded) -> Iterator[str]:
    """The keys of events that an event reaffirms, or a correction makes another reaffirm."""
    if "reaffirms" in event.data:
        yield str(event.data["reaffirms"])
    for change in event.data.get("changes", ()):
        if change["field"] == "reaffirms" and change.get("value") is not None:
            yield str(change["value"])


def _root(view: View, recorded: Recorded) -> Recorded:
    """The first of the events that a view has as saying the same."""
    while True:
        fact = view.fact(recorded)
        said = (fact.data if fact else recorded.data).get("reaffirms")
        if said is None:
            return recorded
        (recorded,) = view.history.mentioning(f"key:{said}")


def _floor(fact: Fact) -> str:
    """The highest floor that lets a fact through."""
    return next(name for name in _NAMES if fact.rank <= FLOORS[name])


def _content(fact: Fact, told: str) -> str:
    cited = [list(citation) for citation in fact.citations]
    return json.dumps([fact.data, fact.effective, fact.known, cited, told], sort_keys=True)


def _joined(boxes: list[_Box], axis: int) -> list[_Box]:
    """The boxes, those of one content that touch on an axis and agree on the others made one."""
    found: dict[tuple[object, ...], list[_Box]] = {}
    for box in sorted(boxes, key=lambda box: box.spans[axis]):
        others = tuple(span for place, span in enumerate(box.spans) if place != axis)
        row = found.setdefault((box.content, *others), [])
        if row and row[-1].spans[axis][1] == box.spans[axis][0]:
            row[-1] = row[-1]._replace(spans=_stretched(row[-1].spans, axis, box.spans))
        else:
            row.append(box)
    return [box for row in found.values() for box in row]


def _stretched(spans: _Spans, axis: int, to: _Spans) -> _Spans:
    """The spans, that of one axis ending where another's does."""
    recorded, known, floors = spans
    match axis:
        case 0:
            recorded = recorded[0], to[0][1]
        case 1:
            known = known[0], to[1][1]
        case _:
            floors = floors[0], to[2][1]
    return recorded, known, floors


def _version(fact: Fact, told: str, spans: _Spans) -> Version:
    recorded, known, floors = spans
    known_from = max(known[0], fact.known.last)
    return Version(
        fact=fact,
        told=told,
        recorded_from=recorded[0],
        recorded_until=None if recorded[1] == FOREVER else recorded[1],
        known_from=None if known_from == WHENEVER else known_from,
        known_until=None if known[1] == FOREVER else known[1],
        floor_from=FLOORS[_NAMES[floors[0]]],
        floor_until=FLOORS[_NAMES[floors[1] - 1]],
    )
