"""Deadlines: by when a notice of a crossing was due, and from which day and by which calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.values.dates import Days
from projections.radar.calendars import NO_CALENDAR, Calendar, Counting, counting
from projections.radar.crossings import Crossing, Scan


class Until(NamedTuple):
    """By when a notice is due, from the first and the last day on which the crossing may have been.

    ``published`` is the day of the issuer's publication, where the days count from that; ``market``
    that of the calendar, None where none tells closed days.
    """

    earliest: Counting
    latest: Counting
    published: str | None
    market: str | None

    @property
    def days(self) -> Days:
        return Days(self.earliest.due.day, self.latest.due.day)

    @property
    def may_move(self) -> bool:
        """Whether closed days that are not told may move it."""
        return self.earliest.due.may_move or self.latest.due.may_move


class Deadlines:
    """The deadlines of the crossings of a scan, by some calendars."""

    def __init__(self, scan: Scan, calendars: Mapping[str, Calendar]) -> None:
        self._scan, self._calendars = scan, calendars

    def of(self, one: Crossing, first: str) -> Until | None:
        """By when a notice of a crossing, on ``first`` at the earliest, is due; None where the
        record does not tell it."""
        deadline, days, published = one.rule.deadline, Days(first, one.day), None
        if one.passive and one.rule.passive == "from-publication":
            published = self._scan.positions.published.first_after(one.day)
            if published is None:
                return None
            deadline = deadline._replace(counts_from="crossing")
            days = Days(published, published)
        market = self._market(one)
        calendar = NO_CALENDAR if market is None else self._calendars[market]
        earliest, latest = (counting(day, deadline, calendar) for day in days)
        if earliest is None or latest is None:
            return None
        return Until(earliest, latest, published, market)

    def _market(self, one: Crossing) -> str | None:
        """Whose calendar counts: that of the rule's law, else of the issuer's home or seat."""
        law = self._scan.positions.laws.on(one.day)
        markets = (one.rule.jurisdiction, law.home_state or "", law.seat or "")
        return next((market for market in markets if market in self._calendars), None)
