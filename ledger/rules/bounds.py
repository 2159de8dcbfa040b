"""Dates of several days that end by what their sources can have known."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.rules.new_events import NewEvents
from ledger.time.history import root_of
from ledger.time.view import View
from ledger.values.dates import parse_told
from ledger.values.warnings import Warned, WarningKind

_DATING = frozenset(["effective_on", "tense"])


def bounded(view: View, new_events: NewEvents) -> Iterator[Warned]:
    """Warnings of events that are new, or dated anew, and taken as happened before their date
    ends."""
    for event, by in _dated(view, new_events):
        fact = view.fact(event)
        if fact is not None and fact.at_latest and not fact.undated:
            yield Warned(
                WarningKind.DATE_CUT_SHORT,
                f"#{event.position} is taken as happened by {fact.at_latest}, {_bounded_by(fact)};"
                " if it is still to come, say tense: upcoming or give a date that begins later.",
                position=by.position,
            )


def _dated(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Recorded]]:
    """The events dated by several days or dated anew, each with the new event that does so."""
    for event in new_events.events(new_events.spanning):
        yield event, event
    for event in new_events.events(new_events.correcting(_DATING)):
        root = root_of(event, view.history)
        if root is not None:
            yield root, event


def _bounded_by(fact: Fact) -> str:
    known = fact.text("known_on")
    if known and parse_told(known).last == fact.at_latest:
        return "its known date"
    return "the day its source was published" if fact.citations else "the day it is recorded"
