"""Reach: which recorded events may read otherwise because of another one."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.envelope import Recorded
from ledger.history import AMENDMENTS, SOURCE_EVENTS, History, corrected_subjects, root_of


def bears_on_others(event: Recorded) -> bool:
    """Whether an event can change how another one reads."""
    return event.type in AMENDMENTS or event.type in SOURCE_EVENTS or "reaffirms" in event.data


def reached(event: Recorded, history: History, seen: set[int] | None = None) -> Iterator[Recorded]:
    """An event, what tells the same, what it amends, what rests on a source it tells of.

    ``seen`` holds the positions already followed, for events can rest on one another.
    """
    seen = set() if seen is None else seen
    if event.position in seen:
        return
    seen.add(event.position)
    yield from _telling(event, history)
    if event.type in AMENDMENTS:
        root = root_of(event, history)
        if root is not None:
            yield from reached(root, history, seen)
    elif event.type in SOURCE_EVENTS:
        for source in _sources(event, history):
            for resting in history.mentioning(f"source:{source}"):
                yield from reached(resting, history, seen)


def corrections(event: Recorded, history: History) -> Iterator[Recorded]:
    """Every correction of an event and of its corrections: each may have moved it elsewhere."""
    if not history.is_amended(event.key):
        return
    for amendment in history.mentioning(f"event:{event.key}", AMENDMENTS):
        if amendment.data["event"] == event.key and amendment.position > event.position:
            if amendment.type == "event-corrected":
                yield amendment
            yield from corrections(amendment, history)


def moved_to(event: Recorded, history: History) -> Iterator[str]:
    """The subjects that any correction of an event would make it speak of."""
    for correction in corrections(event, history):
        yield from sorted(corrected_subjects(correction, event))


def _sources(event: Recorded, history: History) -> list[str]:
    """The ids of the source that an event tells of, its corrected ones included."""
    found = {event.data["source"]: None}
    for subject in moved_to(event, history):
        if subject.startswith("source:"):
            found[subject.removeprefix("source:")] = None
    return list(found)


def _telling(event: Recorded, history: History) -> list[Recorded]:
    """An event and those that reaffirm one another with it: where one falls, another counts."""
    first = event
    while "reaffirms" in first.data:
        earlier = history.mentioning(f"key:{first.data['reaffirms']}")
        if not earlier or earlier[0].position >= first.position:
            break  # it reaffirms nothing that it could: another rule refuses it
        first = earlier[0]
    found = [first]
    for one in found:
        others = history.mentioning(f"event:{one.key}")
        later = (other for other in others if other.position > one.position)
        found += [other for other in later if other.data.get("reaffirms") == one.key]
    return found
