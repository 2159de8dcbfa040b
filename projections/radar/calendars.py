"""Calendars: the days on which markets are closed, and the day by which a notice is due.

Saturdays and Sundays are closed everywhere. Other closed days come from a file; where it does not
tell of all days that are counted, a due day is the earliest possible, for closed days only move it
later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from ledger.values.dates import FOREVER, days_before, later_by, next_day, parse_partial
from ledger.values.refusals import Refusal, Refused, shown
from projections.radar.rule import PERIODS, Deadline

_FIELDS = frozenset(["market", "closed", "from", "to"])
_MOST = 10_000  # days counted


@dataclass(frozen=True)
class Calendar:
    """The closed days of a market, weekends apart, and the days that it tells of."""

    closed: frozenset[str] = frozenset()
    first: str = FOREVER
    last: str = ""

    def is_open(self, day: str) -> bool:
        """Whether the market is open on a day."""
        return date.fromisoformat(day).weekday() < 5 and day not in self.closed

    def tells_of(self, first: str, last: str) -> bool:
        """Whether the closed days of an interval are all told."""
        return self.first <= first and last <= self.last


NO_CALENDAR = Calendar()


class Due(NamedTuple):
    """The day by which a notice is due, and whether closed days that are not told may move it."""

    day: str
    may_move: bool = False


def due(day: str, deadline: Deadline, calendar: Calendar) -> Due | None:
    """When a notice of a crossing on a day is due; None where the deadline has no number."""
    if deadline.number is None or deadline.counts_from == "confirmation":
        return None
    start, moved = day, False
    if deadline.counts_from in PERIODS:
        start = period_end(day, deadline.counts_from)
    elif deadline.counts_from == "knowledge":
        start, moved = _after(day, deadline.deemed, calendar)
    last, also = start, False
    match deadline.unit:
        case "trading-days" | "business-days":
            last, also = _after(start, deadline.number, calendar)
        case "calendar-days":
            last = later_by(start, deadline.number, "days")
        case unit:
            last = later_by(start, deadline.number, unit)
    if deadline.rolls and last != FOREVER:
        rolled = last if calendar.is_open(last) else _after(last, 1, calendar)[0]
        also = not calendar.tells_of(last, rolled)
        last = rolled
    return Due(last, moved or also)


def _after(day: str, number: int, calendar: Calendar) -> tuple[str, bool]:
    """The day so many open days after another, and whether closed days that are not told may move
    it."""
    found, start = day, next_day(day)
    for _ in range(min(number, _MOST)):
        found = next_day(found)
        while found != FOREVER and not calendar.is_open(found):
            found = next_day(found)
    return found, number > 0 and not calendar.tells_of(start, found)


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
