"""Past: the history in a read model as it was at many positions, each event read once.

It has no sums: whoever asks for one position after another would ask for them anew each time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.time.without_sums import WithoutSums
from projections.readmodel.index import MOST_REMEMBERED, Index

Chosen = tuple[str, ...] | None


class _Listed(NamedTuple):
    """The events indexed under a subject, and the position from which on each is."""

    events: list[Recorded]
    since: list[int]
    ascending: bool

    def upto(self, position: int) -> list[Recorded]:
        if self.ascending:
            return self.events[: bisect_right(self.since, position)]
        indexed = zip(self.events, self.since, strict=True)
        return [event for event, since in indexed if since <= position]


class Past:
    """The history of an index, at any of its positions."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._listed: dict[tuple[str, Chosen], _Listed] = {}
        self._kept, self._room = 0, MOST_REMEMBERED
        self._amended: dict[str, int | None] = {}
        self._known: dict[str, int | None] = {}

    def at(self, position: int) -> Then:
        """The history when a position was the last."""
        return Then(self, min(position, self.index.position))

    def listed(self, subject: str, chosen: Chosen) -> _Listed:
        """What is indexed under a subject at the last position."""
        if (subject, chosen) not in self._listed:
            found = self.index.listed(subject, chosen)
            since = [position for position, _ in found]
            if self._kept > self._room:
                self._listed.clear()
                self._kept = 0
            self._kept += len(found) + 1
            self._room = max(self._room, 4 * len(found))
            ascending = all(one <= other for one, other in pairwise(since))
            events = [event for _, event in found]
            self._listed[subject, chosen] = _Listed(events, since, ascending)
        return self._listed[subject, chosen]

    def amended(self, key: str) -> int | None:
        """The position of the first event that amends the one with a key."""
        if key not in self._amended:
            self._amended[key] = self.index.amended(key)
        return self._amended[key]

    def known(self, subject: str) -> int | None:
        """The position of the first event about a subject."""
        if subject not in self._known:
            self._known[subject] = self.index.known(subject)
        return self._known[subject]


class Then(WithoutSums):
    """The history of an index at one position."""

    def __init__(self, past: Past, position: int) -> None:
        self._past, self.position = past, position
        self._index = past.index.at(position)
        self._found: dict[tuple[str, Chosen], Sequence[Recorded]] = {}

    def is_amended(self, key: str) -> bool:
        first = self._past.amended(key)
        return first is not None and first <= self.position

    def root(self, key: str) -> Recorded | None:
        return self._index.root(key)

    def moved(self, event: Recorded) -> Sequence[str]:
        return self._index.moved(event) if self.is_amended(event.key) else ()

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        asked = subject, None if types is None else tuple(types)
        if asked not in self._found:
            self._found[asked] = self._past.listed(*asked).upto(self.position)
        return self._found[asked]

    def knows(self, subject: str) -> bool:
        first = self._past.known(subject)
        return first is not None and first <= self.position

    def subjects(self, prefix: str) -> Sequence[str]:
        return self._index.subjects(prefix)
