"""Calendars: the days on which markets are closed, and the day by which a notice is due.

Saturdays and Sundays are closed everywhere. Other closed days come from a file; where it does not
tell of all days that are counted, a due day is the earliest possible, for closed days only move it
later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ledger.values.dates import FOREVER, days_before, later_by, next_day, parse_partial
from ledger.values.refusals import Refusal, Refused, shown
from projections.radar.rule import PERIODS, Deadline

_FIELDS = frozenset(["market", "closed", "from", "to"])
_MOST = 10_000  # days counted
_WORKING = 5  # working days of a week
_WEEKEND = ("a Saturday", "a Sunday")


@dataclass(frozen=True)
class Calendar:
    """The closed days of a market, weekends apart, and the days that it tells of."""

    closed: frozenset[str] = frozenset()
    first: str = FOREVER
    last: str = ""

    def is_open(self, day: str) -> bool:
        """Whether the market is open on a day."""
        return not self.closed_by(day)

    def closed_by(self, day: str) -> str:
        """Why the market is closed on a day; empty where it is open."""
        weekday = date.fromisoformat(day).weekday()
        if weekday >= _WORKING:
            return _WEEKEND[weekday - _WORKING]
        return "closed by the calendar" if day in self.closed else ""

    def tells_of(self, first: str, last: str) -> bool:
        """Whether the closed days of an interval are all told."""
        return self.first <= first and last <= self.last


NO_CALENDAR = Calendar()


class Due(NamedTuple):
    """The day by which a notice is due, and whether closed days that are not told may move it."""

    day: str
    may_move: bool = False


class Looked(NamedTuple):
    """A day looked at in counting to another: which of those counted it is, or why it is none."""

    day: str
    number: int | None
    closed: str = ""


class Counting(NamedTuple):
    """How a day on which a notice is due was found: from when a crossing is deemed known, from
    when the days count, each of them, and those by which it moves from a closed day."""

    due: Due
    start: str
    deemed: Sequence[Looked] = ()
    counted: Sequence[Looked] = ()
    rolled: Sequence[Looked] = ()


def due(day: str, deadline: Deadline, calendar: Calendar) -> Due | None:
    """When a notice of a crossing on a day is due; None where the deadline has no number."""
    found = counting(day, deadline, calendar)
    return found.due if found else None


def counting(day: str, deadline: Deadline, calendar: Calendar) -> Counting | None:
    """How the day on which a notice is due is counted; None where the deadline has no number."""
    if deadline.number is None or deadline.counts_from == "confirmation":
        return None
    start, moved, also = day, False, False
    deemed, counted, rolled = list[Looked](), list[Looked](), list[Looked]()
    if deadline.counts_from in PERIODS:
        start = period_end(day, deadline.counts_from)
    elif deadline.counts_from == "knowledge":
        deemed = _open_days(day, deadline.deemed, calendar)
        start, moved = _last(day, deemed, calendar)
    match deadline.unit:
        case "trading-days" | "business-days":
            counted = _open_days(start, deadline.number, calendar)
            last, also = _last(start, counted, calendar)
        case unit:
            unit = "days" if unit == "calendar-days" else unit
            last = later_by(start, deadline.number, unit)
    if deadline.rolls and last != FOREVER:
        rolled = [] if calendar.is_open(last) else _open_days(last, 1, calendar)
        landed = rolled[-1].day if rolled else last
        also = not calendar.tells_of(last, landed)
        last = landed
    return Counting(Due(last, moved or also), start, deemed, counted, rolled)


def _open_days(day: str, number: int, calendar: Calendar) -> list[Looked]:
    """The days after one, up to the open day of a number, those passed over too."""
    looked, found = list[Looked](), 0
    while found < min(number, _MOST) and day != FOREVER:
        day = next_day(day)
        closed = calendar.closed_by(day)
        found += not closed
        looked.append(Looked(day, None if closed else found, closed))
    return looked


def _last(day: str, looked: Sequence[Looked], calendar: Calendar) -> tuple[str, bool]:
    """The last day counted from one, and whether closed days that are not told may move it."""
    if not looked:
        return day, False
    return looked[-1].day, not calendar.tells_of(next_day(day), looked[-1].day)


def period_end(day: str, period: str) -> str:
    """The last day of the month, quarter or year of a day."""
    year, month = int(day[:4]), int(day[5:7])
    months = PERIODS[period]
    last = (month + months - 1) // months * months
    if year == 9999 and last == 12:
        return FOREVER
    after = f"{year + last // 12:04}-{last % 12 + 1:02}-01"
    return days_before(after, 1)


def parse_calendars(data: Any, name: str) -> dict[str, Calendar]:
    """The calendars of a file, by market: each has its ``closed`` days, and tells of those ``from``
    and ``to``; unsaid, of the years in which there are any."""
    if not isinstance(data, list) or not data:
        raise Refused(
            Refusal.BAD_SHAPE,
            "It is no list of calendars.",
            "Begin each with `- market: fr`.",
            name,
        )
    found: dict[str, Calendar] = {}
    for number, one in enumerate(data, 1):
        place = f"{name}, calendar {number}"
        market = one.get("market") if isinstance(one, Mapping) else None
        if not isinstance(one, Mapping) or not isinstance(market, str) or one.keys() - _FIELDS:
            raise Refused(
                Refusal.BAD_SHAPE,
                f"{shown(one)} is no calendar.",
                "Give market and closed, and from and to where they say more.",
                place,
            )
        if market in found:
            raise Refused(
                Refusal.DUPLICATE_KEY, f"{shown(market)} is there twice.", "Join them.", place
            )
        found[market] = _calendar(one, place)
    return found


def _calendar(data: Mapping[str, Any], place: str) -> Calendar:
    listed = data.get("closed", [])
    if not isinstance(listed, list):
        raise Refused(Refusal.BAD_SHAPE, "closed is no list of days.", "Write [2024-07-15].", place)
    closed = frozenset(_day(one, place) for one in listed)
    told = {name: _day(data[name], place) for name in ("from", "to") if name in data}
    if not closed and len(told) < 2:
        raise Refused(
            Refusal.MISSING_FIELD,
            "Nothing says of which days the calendar tells.",
            "Give closed days, or from and to.",
            place,
        )
    return Calendar(
        closed,
        told.get("from") or f"{min(closed)[:4]}-01-01",
        told.get("to") or f"{max(closed)[:4]}-12-31",
    )


def _day(text: Any, place: str) -> str:
    try:
        days = parse_partial(str(text))
    except Refused as refused:
        raise refused.at(place) from None
    if days.first != days.last:
        raise Refused(
            Refusal.BAD_DATE, f"{shown(str(text))} is not one day.", "Write 2024-07-15.", place
        )
    return days.first
