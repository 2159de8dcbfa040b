"""Dates given in part that end by what their sources can have known."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.fact import Fact
from ledger.rules.new_events import NewEvents
from ledger.time.view import View
from ledger.values.dates import parse_days
from ledger.values.warnings import Warned, WarningKind


def bounded(view: View, new_events: NewEvents) -> Iterator[Warned]:
    """Warnings of new events that are taken as happened before their date ends."""
    for event in new_events.events(new_events.spanning):
        fact = view.fact(event)
        if fact is not None and fact.at_latest and not fact.undated:
            yield Warned(
                WarningKind.DATE_CUT_SHORT,
                f"#{event.position} is taken as happened by {fact.at_latest}, {_bounded_by(fact)};"
                " if that day only announced it, give a date that begins later.",
                position=event.position,
            )


def _bounded_by(fact: Fact) -> str:
    known = fact.text("known_on")
    if known and parse_days(known).last == fact.at_latest:
        return "its known date"
    return "the day its source was published" if fact.citations else "the day it is recorded"
