"""What new events touch: themselves, what they amend, what rests on sources they amend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.envelope import Recorded
from ledger.history import AMENDMENTS, SOURCE_EVENTS, Log, corrected_subjects, root_of, subjects_of


class News:
    """The new events, and every subject whose answers they can change."""

    def __init__(self, events: Sequence[Recorded], history: Log) -> None:
        self.events = events
        self._blame: dict[str, Recorded] = {}
        for event in events:
            for subject in _touched(event, history):
                self._blame.setdefault(subject, event)

    def touched(self, prefix: str) -> list[str]:
        """The ids after a prefix such as ``issuer:`` that the new events bear on, sorted."""
        return sorted(s.removeprefix(prefix) for s in self._blame if s.startswith(prefix))

    def blame(self, subject: str, at_position: int) -> Recorded:
        """The new event at a position if it is one, else the first that touched the subject."""
        for event in self.events:
            if event.position == at_position:
                return event
        return self._blame[subject]


def _touched(event: Recorded, history: Log, seen: set[int] | None = None) -> Iterator[str]:
    """The subjects an event bears on: its own, those of what it amends, of what rests on it.

    ``seen`` holds the positions already followed, for events can rest on one another.
    """
    seen = set() if seen is None else seen
    if event.position in seen:
        return
    seen.add(event.position)
    for telling in _telling(event, history):
        yield from sorted(subjects_of(telling.type, telling.data))
    if event.type in AMENDMENTS:
        root = root_of(event, history)
        if root is not None:
            yield from _touched(root, history, seen)
            for correction in _corrections(root, history):
                yield from sorted(corrected_subjects(correction, root))
    elif event.type in SOURCE_EVENTS:
        for resting in history.mentioning(f"source:{event.data['source']}"):
            yield from _touched(resting, history, seen)
    elif event.type.startswith("trust-"):
        yield from _entrusted(event, history)


def _entrusted(event: Recorded, history: Log) -> Iterator[str]:
    """The issuers of what a trust was given: its terms decide on their votes."""
    for placed in history.mentioning(f"party:{event.data['trust']}", ("shares-placed-in-trust",)):
        yield from sorted(subjects_of(placed.type, placed.data))


def _corrections(event: Recorded, history: Log) -> Iterator[Recorded]:
    """Every correction of an event and of its corrections: each may have moved it elsewhere."""
    for amendment in history.mentioning(f"event:{event.key}", AMENDMENTS):
        if amendment.data["event"] == event.key:
            if amendment.type == "event-corrected":
                yield amendment
            yield from _corrections(amendment, history)


def _telling(event: Recorded, history: Log) -> list[Recorded]:
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
