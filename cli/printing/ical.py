"""Days as iCalendar (RFC 5545), by the package icalendar, which is imported only here.

An event of the calendar is known by the id of the event that gives it, so importing a newer file
changes what an older one brought, and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cli.safe_text import visible
from ledger.values.dates import parse_stored
from projections.registers.calendar import Day

if TYPE_CHECKING:
    from icalendar import Event

_PRODUCT = "-//stakebook//calendar of a ledger//EN"


def ical(ledger: str, title: str, days: Iterable[Day]) -> bytes:
    """A calendar of whole days; the same bytes for the same days."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", visible(title))
    for day in days:
        calendar.add_component(_event(ledger, day))
    return bytes(calendar.to_ical())


def uid(ledger: str, day: Day) -> str:
    """What a day is known by: its event and field, and the ledger."""
    return f"{day.event.id}-{day.field.replace('_', '-')}@{ledger}"


def _event(ledger: str, day: Day) -> Event:
    from icalendar import Event

    event, on = Event(), date.fromisoformat(day.day)
    event.add("uid", uid(ledger, day))
    event.add("dtstamp", parse_stored(day.told_at).replace(microsecond=0))
    event.add("created", parse_stored(day.event.recorded_at).replace(microsecond=0))
    event.add("dtstart", on)
    if on < date.max:
        event.add("dtend", on + timedelta(1))
    event.add("summary", visible(day.summary))
    event.add("description", visible(day.description))
    event.add("sequence", day.sequence)
    event.add("status", "CANCELLED" if day.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
