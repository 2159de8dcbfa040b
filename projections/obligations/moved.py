"""The days on which new events move shares: theirs, and those of what reads their registers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ledger.events.envelope import Recorded
from ledger.model.across import source_of
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, classes_of
from ledger.model.register import issuer_of
from ledger.rules.across import bearing
from ledger.rules.new_events import NewEvents
from ledger.time.across import into
from ledger.time.history import root_of
from ledger.time.view import View
from ledger.values.dates import FOREVER

Days = dict[str, dict[str, Fact]]  # by issuer and day, the first new fact that bears on it


def days_moved(before: View, after: View, new: Sequence[Recorded], facts: Sequence[Fact]) -> Days:
    """The days on which some new facts, or what they amend, move the shares of each issuer."""
    days: Days = defaultdict(dict)
    for fact in facts:
        for moved in movements_of(before, after, fact):
            for issuer in dict.fromkeys(map(issuer_of, classes_of(moved.data))):
                _on_the_day_of(moved, issuer, fact, days)
    events = NewEvents(new, before.history.position + 1).within(after.history)
    for reading in bearing(after, events).facts:
        position = reading.recorded.position
        moving = after.fact(events.attribute_to(f"issuer:{source_of(reading)}", position))
        if moving is not None:
            for issuer in into(reading):
                _on_the_day_of(reading, issuer, moving, days)
    return days


def movements_of(before: View, after: View, fact: Fact) -> Iterator[Fact]:
    """The movement that a fact is, or those that it amends, as they were and are."""
    if fact.type in MOVEMENTS:
        yield fact
        return
    root = root_of(fact.recorded, after.history)
    if root is not None and root.type in MOVEMENTS:
        yield from filter(None, (before.fact(root), after.fact(root)))


def _on_the_day_of(moved: Fact, issuer: str, fact: Fact, days: Days) -> None:
    """Let a new fact bear on the day of a movement, unless another does or it has none."""
    dated = moved.effective
    if dated is not None and dated.last != FOREVER:
        days[issuer].setdefault(dated.last, fact)
