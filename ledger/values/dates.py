"""Dates as sources give them: a day, a month, a quarter, a half, a year, or unknown."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from ledger.values.refusals import Refusal, Refused, shown

BEGINNING = "0001-01-01"  # as the first day of an interval: from ever
FOREVER = "9999-12-31"
LAST_SECOND = 253_402_300_799  # of the calendar, in seconds since 1970
UNKNOWN = "unknown"

_FORM = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|Q(?P<quarter>[1-4])|H(?P<half>[12])))?",
    re.ASCII,
)
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,6})?(Z|\+00:00)", re.ASCII)
_STORED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_REMEDY = "Write 2023-11-08, 2023-11, 2023-Q4, 2023-H2 or 2023."


class Days(NamedTuple):
    """An interval of days, both ends included, as ISO texts (which sort as dates do)."""

    first: str
    last: str


ALWAYS = Days(BEGINNING, BEGINNING)  # when what is known at every date became known
_EVERY_DAY = Days(BEGINNING, FOREVER)


@lru_cache(maxsize=50_000)  # days repeat
def parse_days(text: str) -> Days:
    """The days a partial date covers.

    Raises Refused (BAD_DATE) for anything but the five written forms, in years 0001 to 9999.
    """
    found = _FORM.fullmatch(text)
    if found is None or found["year"] == "0000":
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not a date.", _REMEDY)
    year = found["year"]
    if found["month"]:
        first_month = last_month = int(found["month"])
    elif found["quarter"]:
        first_month, last_month = 3 * int(found["quarter"]) - 2, 3 * int(found["quarter"])
    elif found["half"]:
        first_month, last_month = 6 * int(found["half"]) - 5, 6 * int(found["half"])
    else:
        first_month, last_month = 1, 12
    if not 1 <= first_month <= 12:
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} names no month.", _REMEDY)
    end = _days_in(int(year), last_month)
    if found["day"]:
        if not 1 <= int(found["day"]) <= end:
            raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not in the calendar.", _REMEDY)
        return Days(text, text)
    return Days(f"{year}-{first_month:02}-01", f"{year}-{last_month:02}-{end:02}")


def _days_in(year: int, month: int) -> int:
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


def parse_effective(text: str) -> Days:
    """The days of an effective date; of ``unknown``, all days."""
    return _EVERY_DAY if text == UNKNOWN else parse_days(text)


def parse_published(text: str | None) -> Days | None:
    """The days of a publication date; None where it is not known."""
    return None if text in (None, UNKNOWN) else parse_days(str(text))


def overlap(one: Days | None, other: Days | None) -> bool:
    """Whether two dates may be the same day; where there is none it may be any."""
    return one is None or other is None or (one.first <= other.last and other.first <= one.last)


def in_words(written: str | None, at_latest: str | None) -> str:
    """An effective date as people read it, as it is written and as it is bounded."""
    bound = at_latest and f"at the latest {at_latest}"
    return ", ".join(filter(None, (written, bound))) or "an unknown date"


def parse_instant(text: str) -> str:
    """The last microsecond of the day, minute or second named, as a stored instant (UTC).

    Accepts ``2026-11-22`` and ``2026-11-22T10:00[:00[.123456]]Z``; an offset other than UTC or none
    at all is refused, because the answer would depend on where it is asked.
    """
    if len(text) == 10:
        day = parse_days(text)
        return f"{day.last}T23:59:59.999999Z"
    found = _INSTANT.fullmatch(text)
    remedy = "Write a day (2026-11-22) or a UTC instant (2026-11-22T10:00:00Z)."
    if found is None:
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not an instant in UTC.", remedy)
    day_text, minute, second, fraction, _ = found.groups()
    if fraction is not None and second is None:
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not an instant in UTC.", remedy)
    parse_days(day_text)
    if minute > "23:59" or int(minute[3:]) > 59 or (second or ":00") > ":59":
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} names no time of day.", remedy)
    micro = (fraction or ".")[1:].ljust(6, "9" if fraction is None else "0")
    return f"{day_text}T{minute}{second or ':59'}.{micro}Z"


def stored_instant(moment: datetime) -> str:
    """An aware datetime as the log stores it: UTC, microseconds, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def next_instant(previous: str) -> str:
    """The stored instant one microsecond later."""
    return stored_instant(parse_stored(previous) + timedelta(microseconds=1))


def parse_stored(instant: str) -> datetime:
    """The moment of a stored instant; ValueError where it is none."""
    if not _STORED.fullmatch(instant):
        raise ValueError(f"{shown(instant)} is not written as instants are stored")
    return datetime.fromisoformat(instant)


def days_before(day: str, days: int) -> str:
    """The day so many days before an ISO day; the first of all where there is none."""
    early = date.fromisoformat(day).toordinal() - days
    return date.fromordinal(max(early, 1)).isoformat()


def next_day(day: str) -> str:
    """The day after an ISO day; FOREVER has none after it."""
    return day if day == FOREVER else (date.fromisoformat(day) + timedelta(days=1)).isoformat()
