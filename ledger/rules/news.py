"""What new events touch: themselves, what they amend, what rests on sources they amend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from ledger.envelope import Recorded
from ledger.history import History, subjects_of
from ledger.reach import moved_to, reached


class News:
    """The new events, from a position on, and every subject whose answers they can change.

    ``filed`` says that the history holds them like all others, not laid over it. ``moved`` has
    subjects touched by settled movements that are not among the events, as far as those are known
    to bear on nothing else.
    """

    def __init__(
        self,
        events: Iterable[Recorded],
        history: History,
        first: int,
        *,
        filed: bool = False,
        moved: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self.events, self.filed = events, filed
        self._history, self._first = history, first
        self._blame: dict[str, int] = dict(moved)  # by subject, a position
        for event in events:
            for subject in _touched(event, history):
                self._blame.setdefault(subject, event.position)

    def touched(self, prefix: str) -> list[str]:
        """The ids after a prefix such as ``issuer:`` that the new events bear on, sorted."""
        return sorted(s.removeprefix(prefix) for s in self._blame if s.startswith(prefix))

    def has(self, position: int) -> bool:
        """Whether the event at a position is a new one."""
        return position >= self._first

    def blame(self, subject: str, at_position: int) -> Recorded:
        """The new event at a position if it is one, else the first that touched the subject."""
        position = at_position if self.has(at_position) else self._blame[subject]
        return self._history.mentioning(f"position:{position}")[0]


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
