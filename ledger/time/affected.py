"""Affected events: which recorded events may read otherwise because of another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

from ledger.events.envelope import Recorded
from ledger.model.subject import parse_subject
from ledger.time.dependents import Dependents, decides_on_others
from ledger.time.history import (
    AMENDMENTS,
    SOURCE_EVENTS,
    History,
    amending,
    root_of,
    sources_of,
    target_of,
)
from ledger.time.identities import IDENTIFYING

_AFFECTING = frozenset([*AMENDMENTS, *SOURCE_EVENTS, IDENTIFYING])


def affects_others(event: Recorded) -> bool:
    """Whether an event can change how another one reads."""
    if event.type in _AFFECTING or "reaffirms" in event.data:
        return True
    return decides_on_others(event)


class Affected:
    """Follows events to those they bear on; what was reached once is not reached again."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._dependents = Dependents(history)
        self._followed: set[int] = set()
        self._reporting: set[int] = set()  # first events of those that tell the same

    def of(self, event: Recorded) -> Iterator[Recorded]:
        """An event, what tells the same, what it amends, what rests on a source it tells of, and
        what depends on any of these."""
        pending = [event]
        while pending:
            one = pending.pop()
            if one.position in self._followed:
                continue
            self._followed.add(one.position)
            first = _first_reporting(one, self._history)
            if first.position not in self._reporting:
                self._reporting.add(first.position)
                yield from _reporting(first, self._history)
            pending += self._dependents.of(one)
            if one.type in AMENDMENTS:
                root = root_of(one, self._history)
                pending += [root] if root is not None else []
            elif one.type in SOURCE_EVENTS:
                for source in _sources(one, self._history):
                    pending += self._history.mentioning(f"source:{source}")


def reached(event: Recorded, history: History) -> Iterator[Recorded]:
    """All that an event bears on, itself among it."""
    return Affected(history).of(event)


def _sources(event: Recorded, history: History) -> list[str]:
    """The ids of the source that an event tells of, its corrected ones included."""
    found = {event.data["source"]: None}
    for subject in history.moved(event):
        if subject.startswith("source:"):
            found[parse_subject(subject).id] = None
    return list(found)


def about_source(source: str, history: History) -> Iterator[Recorded]:
    """The events that tell of a source, or may do so corrected."""
    for recorded in history.mentioning(f"source:{source}", SOURCE_EVENTS):
        if recorded.data["source"] == source or history.is_amended(recorded.key):
            yield recorded


def resting_on(source: str, history: History, known: Container[str]) -> list[list[str]]:
    """A source after those that it rests on, each after its own, of all these those not known;
    those that rest on one another are together, in the order of their ids."""
    rests, closed, pending = dict[str, list[str]](), dict[str, None](), [source]
    while pending:
        one = pending[-1]
        if one in rests:
            closed[pending.pop()] = None
        else:
            rests[one] = [other for other in _cited_about(one, history) if other not in known]
            pending += [other for other in rests[one] if other not in rests]
    bearing_on = defaultdict[str, list[str]](list)
    for one, others in rests.items():
        for other in others:
            bearing_on[other].append(one)
    found, seen = list[list[str]](), set[str]()
    for one in reversed(closed):  # a part after those that rest on it (Kosaraju)
        if one not in seen:
            together = [one]
            seen.add(one)
            for member in together:
                more = set(bearing_on[member]) - seen
                seen |= more
                together += more
            found.append(sorted(together))
    return found[::-1]


def _cited_about(source: str, history: History) -> Iterator[str]:
    """The sources on which what is told of a source rests."""
    for about in about_source(source, history):
        for event in amending(about, history, ()):
            yield from sources_of(event)


def reread(new: Iterable[Recorded], earlier: History, history: History) -> set[int] | None:
    """The positions of the events of a history that read otherwise with new ones; None where any
    may, for something new is told of a source."""
    found: set[int] = set()
    dependents = Dependents(history)
    for event in new:
        if event.type in SOURCE_EVENTS and earlier.knows(f"source:{event.data['source']}"):
            return None
        pending = [event]
        while pending:
            one = pending.pop()
            if one.position != event.position and one.type in SOURCE_EVENTS:
                return None
            amended = target_of(one, history) if one.type in AMENDMENTS else None
            for other in (*((amended,) if amended else ()), *dependents.of(one)):
                if other.position not in found:
                    found.add(other.position)
                    pending.append(other)
    return found


def _first_reporting(event: Recorded, history: History) -> Recorded:
    """The first event that one reaffirms, by what it says or by what that one reaffirms."""
    first = event
    while "reaffirms" in first.data:
        earlier = history.mentioning(f"key:{first.data['reaffirms']}")
        if not earlier or earlier[0].position >= first.position:
            break  # it reaffirms nothing that it could: another rule refuses it
        first = earlier[0]
    return first


def _reporting(first: Recorded, history: History) -> list[Recorded]:
    """An event and those that reaffirm one another with it: where one falls, another counts."""
    found = [first]
    for one in found:
        again = f"reaffirmed:{one.key}"
        others = history.mentioning(again) if history.knows(again) else ()
        later = (other for other in others if other.position > one.position)
        found += [other for other in later if other.data.get("reaffirms") == one.key]
    return found
