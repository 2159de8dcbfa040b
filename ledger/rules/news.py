"""What new events touch: themselves, what they amend, what rests on sources they amend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.envelope import Recorded
from ledger.history import History, subjects_of
from ledger.reach import moved_to, reached


class News:
    """The new events, and every subject whose answers they can change."""

    def __init__(self, events: Sequence[Recorded], history: History) -> None:
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


def _touched(event: Recorded, history: History) -> Iterator[str]:
    """The subjects an event bears on: its own, and those of every event it reaches."""
    for recorded in reached(event, history):
        yield from sorted(subjects_of(recorded.type, recorded.data))
        yield from moved_to(recorded, history)
        if recorded.type.startswith("trust-"):
            yield from _entrusted(recorded, history)


def _entrusted(event: Recorded, history: History) -> Iterator[str]:
    """The issuers of what a trust was given: its terms decide on their votes."""
    for placed in history.mentioning(f"party:{event.data['trust']}", ("shares-placed-in-trust",)):
        yield from sorted(subjects_of(placed.type, placed.data))
