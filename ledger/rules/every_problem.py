"""All that is wrong with a batch at once, without what only follows from what is wrong already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ledger.events.envelope import Recorded
from ledger.events.introspection import Mention
from ledger.events.registry import mentions
from ledger.rules import problems
from ledger.time.history import History
from ledger.values.refusals import Refusal, Refused

ROUNDS = 20  # of looking again at what is left without the events that are refused
_BROAD = {"source", "party"}  # of these many events speak that have nothing else in common


class Shadow:
    """What refused events would have made known or changed: problems with it may follow."""

    def __init__(self) -> None:
        self._introduced: set[str] = set()
        self._changed: set[str] = set()

    def cast_by_fields(self, fields: Any) -> None:
        """Take in fields that make no event."""
        texts = set(_texts(fields))
        self._introduced |= texts
        self._changed |= texts

    def cast_by(self, event: Recorded) -> None:
        """Take in an event that is refused."""
        found = list(mentions(event.type, event.data))
        self._introduced |= {one.id for one in found if one.kind.introduces}
        self._introduced.add(event.key)
        self._changed |= _about(found)

    def lies_on(self, event: Recorded, refused: Refused) -> bool:
        """Whether a problem with an event may be gone when others are right."""
        if refused.refusal is Refusal.ALREADY_REGISTERED:
            return False
        found = list(mentions(event.type, event.data))
        if refused.refusal is Refusal.UNKNOWN_REFERENCE:
            missing = {one.id for one in found if one.field == refused.place}
            return bool(missing & self._introduced)
        return bool(_about(found) & self._changed)


def every_problem(
    base: History, new: Sequence[Recorded], shadow: Shadow
) -> Iterator[tuple[Recorded, Refused]]:
    """What is wrong with new events that follow a history, for every rule that they break.

    The rules are asked of all, then of those that are left without the refused ones, and so on. A
    problem that lies in the shadow of events refused before is left out.
    """
    left = list(new)
    for _ in range(ROUNDS):
        found = list(problems(base, left))
        yield from (one for one in found if not shadow.lies_on(*one))
        for event, _ in found:
            shadow.cast_by(event)
        wrong = {event.position for event, _ in found}
        remaining = [event for event in left if event.position not in wrong]
        if not wrong or not remaining or len(remaining) == len(left):
            return
        left = remaining


def _about(found: Sequence[Mention]) -> set[str]:
    narrow = {one.id for one in found if one.kind.refers not in _BROAD}
    return narrow or {one.id for one in found if one.kind.refers != "source"}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
