"""Moments that clauses name: a date, or an event and how long after."""

from __future__ import annotations

from ledger.time.view import View
from ledger.values.dates import Days, later_by
from ledger.values.text import Moment, parse_moment
from projections.subjects.conditions import happened_as


def days_of(view: View, moment: Moment, since: str = "") -> Days | None:
    """When a moment is; None where its event is not on record at the cut from a day on."""
    days = moment.on
    if moment.event is not None:
        found = happened_as(view, moment.event, since)
        first = min(found, key=lambda fact: fact.order, default=None)
        days = first.effective if first else None
    return shifted(days, moment) if days else None


def shifted(days: Days, moment: Moment) -> Days:
    """So long after a date as a moment is."""
    if moment.after is None:
        return days
    number, unit = moment.after
    return Days(later_by(days.first, number, unit), later_by(days.last, number, unit))


def begun(view: View, starts: str | None) -> bool:
    """Whether what starts at a moment has surely started; without one it has."""
    if starts is None:
        return True
    days = days_of(view, parse_moment(starts))
    return days is not None and days.last <= view.cut.as_of


def ended(view: View, until: str | None, since: str) -> bool:
    """Whether what lasts until a moment is surely over: a last day has passed, or the event has
    come that ends it."""
    if until is None:
        return False
    moment = parse_moment(until)
    days = days_of(view, moment, since)
    if days is None:
        return False
    by_event = moment.event is not None and moment.after is None
    return days.last <= view.cut.as_of if by_event else days.last < view.cut.as_of
