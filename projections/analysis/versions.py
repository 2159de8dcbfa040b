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
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.cut import FLOORS
from ledger.time.history import SOURCE_EVENTS, History, sources_of
from ledger.time.influences import Influences
from ledger.time.versions import FLOOR_NAMES, WHENEVER, Standings, floor_of
from ledger.time.view import View
from ledger.values.dates import FOREVER

KEPT = 5_000  # facts held before what was worked out is let go


class Timeline(History, Protocol):
    """A history that can be cut at an instant of recording."""

    def recorded_by(self, instant: str) -> Timeline:
        """The same history as it was at a stored instant."""


class Version(NamedTuple):
    """A fact, and the cuts at which it is certain once it has taken effect.

    The ends called ``until`` are exclusive, None where there is none; both floors are inclusive.
    ``known_from`` is None for what is known whenever it is recorded. ``first_report`` is the key of
    the first of the events that report the same.
    """

    fact: Fact
    first_report: str
    recorded_from: str
    recorded_until: str | None
    known_from: str | None
    known_until: str | None
    floor_from: int
    floor_until: int


_Spans = tuple[tuple[str, str], tuple[str, str], tuple[int, int]]


class _Box(NamedTuple):
    """A fact between limits: recorded, known, and floors by their places in ``FLOOR_NAMES``."""

    spans: _Spans
    content: str
    fact: Fact
    first_report: str


class Versions:
    """The versions of the events of a history."""

    def __init__(self, history: Timeline) -> None:
        self._history = history
        self._standings: dict[str, Standings] = {}
        self._posted: dict[str, str] = {}
        self._influences = Influences(history, lambda event: (event.recorded_at,))
        self._looked = 0

    def of(self, recorded: Recorded) -> Iterator[Version]:
        """Every version of an event, in a fixed order."""
        self._looked += 1
        if self._looked > max(KEPT, 2 * len(self._influences)):
            self._standings.clear()
            self._influences.clear()
            self._looked = 0
        if self._is_final(recorded):
            fact = self._at(FOREVER).final(recorded)
            if fact is not None:
                floors = floor_of(fact.rank), len(FLOOR_NAMES)
                spans = (recorded.recorded_at, FOREVER), (WHENEVER, FOREVER), floors
                yield _version(fact, recorded.key, spans)
            return
        boxes = list(self._boxes(recorded))
        for axis in (1, 0, 2):
            boxes = _joined(boxes, axis)
        for box in sorted(boxes, key=lambda box: box.spans):
            version = _version(box.fact, box.first_report, box.spans)
            if version.known_until is None or (version.known_from or "") < version.known_until:
                yield version

    def _is_final(self, recorded: Recorded) -> bool:
        """Whether nothing can change what an event says from when it is recorded."""
        if self._history.is_amended(recorded.key) or "reaffirms" in recorded.data:
            return False
        return all(self._final_from(s) <= recorded.recorded_at for s in sources_of(recorded))

    def _final_from(self, source: str) -> str:
        """From when a source's date can no longer change; FOREVER where it is not known."""
        if source not in self._posted:
            reporting = self._history.mentioning(f"source:{source}", SOURCE_EVENTS)
            plain = (
                len(reporting) == 1
                and not self._history.is_amended(reporting[0].key)
                and "citations" not in reporting[0].data
            )
            self._posted[source] = reporting[0].recorded_at if plain else FOREVER
        return self._posted[source]

    def _boxes(self, recorded: Recorded) -> Iterator[_Box]:
        instants = sorted(at for at in self._influences.on(recorded) if at >= recorded.recorded_at)
        for start, end in zip(instants, [*instants[1:], FOREVER], strict=True):
            standings = self._at(start)
            for standing in standings.of(recorded):
                fact, first_report = standing.fact, recorded.key
                if "reaffirms" in fact.data:
                    first_report = _root(standings.view(*standing.seen), recorded).key
                content = _content(fact, first_report)
                for place in range(*standing.floors):
                    spans = (start, end), standing.known, (place, place + 1)
                    yield _Box(spans, content, fact, first_report)

    def _at(self, instant: str) -> Standings:
        """How the events are read in the history as it was at an instant."""
        if instant not in self._standings:
            whole = instant == FOREVER
            history = self._history if whole else self._history.recorded_by(instant)
            self._standings[instant] = Standings(history)
        return self._standings[instant]


def _root(view: View, recorded: Recorded) -> Recorded:
    """The first of the events that a view has as saying the same."""
    while True:
        fact = view.fact(recorded)
        reaffirmed = (fact.data if fact else recorded.data).get("reaffirms")
        if reaffirmed is None:
            return recorded
        (recorded,) = view.history.mentioning(f"key:{reaffirmed}")


def _content(fact: Fact, first_report: str) -> str:
    cited = [list(citation) for citation in fact.citations]
    return json.dumps([fact.data, fact.effective, fact.known, cited, first_report], sort_keys=True)


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


def _version(fact: Fact, first_report: str, spans: _Spans) -> Version:
    recorded, known, floors = spans
    known_from = max(known[0], fact.known.last)
    return Version(
        fact=fact,
        first_report=first_report,
        recorded_from=recorded[0],
        recorded_until=None if recorded[1] == FOREVER else recorded[1],
        known_from=None if known_from == WHENEVER else known_from,
        known_until=None if known[1] == FOREVER else known[1],
        floor_from=FLOORS[FLOOR_NAMES[floors[0]]],
        floor_until=FLOORS[FLOOR_NAMES[floors[1] - 1]],
    )
