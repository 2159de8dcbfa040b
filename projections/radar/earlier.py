"""A history as it was when an earlier position was the last."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ledger.events.envelope import Recorded
from ledger.time.history import REVISIONS, History, subjects_of
from ledger.time.without_sums import WithoutSums


class Earlier(WithoutSums):
    """The events of another history up to a position of it, found as they were then."""

    def __init__(self, base: History, position: int) -> None:
        self._base, self.position = base, position
        self._found: dict[tuple[str, tuple[str, ...] | None], Sequence[Recorded]] = {}

    def is_amended(self, key: str) -> bool:
        if not self._base.is_amended(key):
            return False
        amending = self._base.mentioning(f"event:{key}", REVISIONS)
        return any(event.position <= self.position for event in amending)

    def root(self, key: str) -> Recorded | None:
        return self._base.root(key)

    def moved(self, event: Recorded) -> Sequence[str]:
        return self._base.moved(event) if self.is_amended(event.key) else ()

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        asked = subject, None if types is None else tuple(types)
        if asked not in self._found:
            found = self._base.mentioning(subject, types)
            self._found[asked] = [e for e in found if self._was_under(e, subject)]
        return self._found[asked]

    def knows(self, subject: str) -> bool:
        return self._base.knows(subject) and bool(self.mentioning(subject))

    def subjects(self, prefix: str) -> Sequence[str]:
        return [subject for subject in self._base.subjects(prefix) if self.knows(subject)]

    def _was_under(self, event: Recorded, subject: str) -> bool:
        """Whether an event was recorded, and not found under a subject by a later correction
        alone."""
        if event.position > self.position:
            return False
        own = f"key:{event.key}", f"position:{event.position}", f"id:{event.id}"
        if subject in own or subject in subjects_of(event.type, event.data):
            return True
        return self.is_amended(event.key)
