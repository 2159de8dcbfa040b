"""Amendment trees: what amends an event, what amends that and so on, found by one statement."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from ledger.events.envelope import Recorded
from ledger.time.history import AMENDMENTS, History
from projections.readmodel.queries import OF_TREE

_AMENDMENTS = frozenset(AMENDMENTS)


class AmendmentTree:
    """The amendments in the tree of the event of a history that was asked about last; ``rows``
    finds events by a query, with what is given for it."""

    def __init__(self, history: History, rows: Callable[..., Iterable[Recorded]]) -> None:
        self._history, self._rows = history, rows
        self._found: dict[str, list[Recorded]] = {}  # by the keys of what they amend
        self._reaffirming: bool | None = None  # whether any event of the history reaffirms another

    def about(self, subject: str, types: Collection[str] | None) -> list[Recorded] | None:
        """The events of some types about a subject; None where there may be others than amendments
        of one event."""
        if types is None or not subject.startswith("event:") or not _AMENDMENTS.issuperset(types):
            return None
        if self._reaffirming is None:  # an amendment that reaffirms one is found under it too
            self._reaffirming = bool(self._history.subjects("reaffirmed:"))
        key = subject.removeprefix("event:")
        if self._reaffirming:
            return None
        if key not in self._found:
            self._found = {key: []}
            for event in self._rows(OF_TREE, key, self._history.position):
                self._found.setdefault(event.key, [])
                self._found.setdefault(event.data["event"], []).append(event)
        return [event for event in self._found[key] if event.type in types]

    def has(self, key: str) -> bool:
        """Whether any of those that are known by now names the event with a key."""
        return bool(self._found.get(key))
