"""Events that reaffirm one another: which tell the same, and when one takes another's place."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.history import History

Read = Callable[[Recorded], Fact | None]


def reaffirmed_by(recorded: Recorded, read: Read) -> str | None:
    """The key of the event, always an earlier one, that an event says again."""
    fact = read(recorded)
    reaffirmed = (fact.data if fact else recorded.data).get("reaffirms")
    return None if reaffirmed is None else str(reaffirmed)


def reporting(recorded: Recorded, history: History, read: Read) -> list[Recorded]:
    """The events that tell the same as one, itself among them, in log order.

    One that says an event again which is not recorded before it is still to be refused, and ends
    here.
    """
    root, earlier = recorded, _said_again(recorded, history, read)
    while earlier is not None:
        root, earlier = earlier, _said_again(earlier, history, read)
    found = [root]
    for one in found:
        others = history.mentioning(f"reaffirmed:{one.key}")
        later = (other for other in others if other.position > one.position)
        found += [other for other in later if reaffirmed_by(other, read) == one.key]
    return sorted(found, key=lambda one: one.position)


def _said_again(recorded: Recorded, history: History, read: Read) -> Recorded | None:
    """The event, recorded before it, that an event says again."""
    key = reaffirmed_by(recorded, read)
    told = history.mentioning(f"key:{key}") if key is not None else ()
    return next((one for one in told if one.position < recorded.position), None)


def handovers(facts: Iterable[Fact], history: History, read: Read) -> list[str]:
    """The days on which any of the facts stops being counted, for one that was recorded before it
    and tells the same takes effect; ascending."""
    days = set[str]()
    for fact in facts:
        for other in reporting(fact.recorded, history, read) if fact.repeats else ():
            first = read(other) if other.position < fact.recorded.position else None
            if first is not None and first.order[0] > fact.order[0]:
                days.add(first.order[0])
    return sorted(days)
