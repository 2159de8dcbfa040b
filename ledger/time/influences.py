"""Influences: what can change what an event says, gathered for each event once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from ledger.events.envelope import Recorded
from ledger.time.history import SOURCE_EVENTS, History, amending, amendments_of, sources_of

Given = TypeVar("Given")


class _Gathered(NamedTuple):
    """What an event and its amendments, theirs and so on give, rest on and repeat."""

    given: frozenset[Any]
    sources: frozenset[str]
    repeated: frozenset[str]


class Influences(Generic[Given]):
    """Gathers what the events give that can change what one says: its amendments, what they repeat,
    and those that bear on these; and the events about their sources, unless those are left out."""

    def __init__(
        self,
        history: History,
        given: Callable[[Recorded], Iterable[Given]],
        *,
        sources: bool = True,
    ) -> None:
        self._history, self._given, self._sources = history, given, sources
        self._found: dict[int, _Gathered] = {}

    def on(self, event: Recorded) -> set[Given]:
        """All that is given by an event and those that bear on it."""
        found, followed = set[Given](), set[str]()
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

    def forget(self, position: int) -> None:
        """Let go of what was gathered for the event at a position."""
        self._found.pop(position, None)

    def __len__(self) -> int:
        return len(self._found)

    def _gathered(self, event: Recorded) -> _Gathered:
        for one in amending(event, self._history, self._found):
            sources = sources_of(one) if self._sources else ()
            given, repeated = frozenset(self._given(one)), frozenset(_repeated(one))
            found = _Gathered(given, frozenset(sources), repeated)
            for amendment in amendments_of(one, self._history):
                part = self._found[amendment.position]
                found = part if found == part else _Gathered(*map(_union, found, part))
            self._found[one.position] = found
        return self._found[event.position]


def _union(one: frozenset[Any], other: frozenset[Any]) -> frozenset[Any]:
    """All that is in any of two sets; one of them where it has it all, to take no more room."""
    return one if one >= other else other if other >= one else one | other


def _repeated(event: Recorded) -> Iterator[str]:
    """The keys of events that an event reaffirms, or a correction makes another reaffirm."""
    if "reaffirms" in event.data:
        yield str(event.data["reaffirms"])
    for change in event.data.get("changes", ()):
        if change["field"] == "reaffirms" and change.get("value") is not None:
            yield str(change["value"])
