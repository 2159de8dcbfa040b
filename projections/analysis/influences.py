"""Influences: what can change what an event says, gathered for each event once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.time.history import SOURCE_EVENTS, History, amending, amendments_of, sources_of

_NONE = frozenset[str]()


class _Gathered(NamedTuple):
    """What an event and its amendments, theirs and so on give, rest on and repeat."""

    given: frozenset[str]
    sources: frozenset[str]
    repeated: frozenset[str]


class Influences:
    """Gathers what the events give that can change what one says: its amendments, the events about
    their sources, what they repeat, and those that bear on these."""

    def __init__(self, history: History, given: Callable[[Recorded], Iterable[str]]) -> None:
        self._history, self._given = history, given
        self._found: dict[int, _Gathered] = {}

    def on(self, event: Recorded) -> set[str]:
        """All that is given by an event and those that bear on it."""
        found, followed = set[str](), set[str]()
        pending = [event]
        while pending:
            gathered = self._gathered(pending.pop())
            found |= gathered.given
            for source in gathered.sources - followed:
                pending += self._history.mentioning(f"source:{source}", SOURCE_EVENTS)
            for key in gathered.repeated - followed:
                pending += self._history.mentioning(f"key:{key}")
            followed |= gathered.sources | gathered.repeated
        return found

    def clear(self) -> None:
        """Let go of what was gathered."""
        self._found.clear()

    def __len__(self) -> int:
        return len(self._found)

    def _gathered(self, event: Recorded) -> _Gathered:
        for one in amending(event, self._history, self._found):
            parts = [self._found[a.position] for a in amendments_of(one, self._history)]
            own = _Gathered(*map(frozenset, (self._given(one), sources_of(one), _repeated(one))))
            self._found[one.position] = _Gathered(*map(_union, own, *parts))
        return self._found[event.position]


def _union(*sets: frozenset[str]) -> frozenset[str]:
    """All that is in any of some sets; one of them where it has it all, to take no more room."""
    found = _NONE.union(*sets)
    return next((one for one in sets if len(one) == len(found)), found)


def _repeated(event: Recorded) -> Iterator[str]:
    """The keys of events that an event reaffirms, or a correction makes another reaffirm."""
    if "reaffirms" in event.data:
        yield str(event.data["reaffirms"])
    for change in event.data.get("changes", ()):
        if change["field"] == "reaffirms" and change.get("value") is not None:
            yield str(change["value"])
