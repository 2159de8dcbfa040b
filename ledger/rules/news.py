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


def _touched(event: Recorded, history: Log) -> Iterator[str]:
    yield from sorted(subjects_of(event.type, event.data))
    if event.type in AMENDMENTS:
        yield from _amended(event, history)
    elif event.type in SOURCE_EVENTS:
        yield from _resting_on(event, history)
    elif event.type.startswith("trust-"):
        yield from _entrusted(event, history)


def _amended(amendment: Recorded, history: Log) -> Iterator[str]:
    """What an amendment bears on: its root, wherever any correction of it ever moved that."""
    root = root_of(amendment, history)
    if root is not None:
        yield from _resting_on(root, history)
        for correction in _corrections(root, history):
            yield from sorted(corrected_subjects(correction, root))
        if root.type.startswith("trust-"):
            yield from _entrusted(root, history)


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


def _resting_on(event: Recorded, history: Log) -> Iterator[str]:
    resting = [event]
    if event.type in SOURCE_EVENTS:
        resting += history.mentioning(f"source:{event.data['source']}")
    for one in resting:
        for telling in _telling(one, history):
            yield from sorted(subjects_of(telling.type, telling.data))
        if one is not event and one.type in AMENDMENTS:  # it may stand or fall with the source
            yield from _amended(one, history)


def _telling(event: Recorded, history: Log) -> list[Recorded]:
    """An event and those that reaffirm one another with it: where one falls, another counts."""
    first = event
    while "reaffirms" in first.data:
        (first,) = history.mentioning(f"key:{first.data['reaffirms']}")
    found = [first]
    for one in found:
        others = history.mentioning(f"event:{one.key}")
        found += [other for other in others if other.data.get("reaffirms") == one.key]
    return found
