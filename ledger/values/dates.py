"""Dates as sources give them: a day, a month, a quarter, a half, a year, days between two of
these, before or after one, or unknown."""

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
_BETWEEN, _OPEN = "/", ".."  # of intervals, as in EDTF
_INTERVAL = re.compile(r"(\.\.|[0-9]{4}[^/]*)/(\.\.|[0-9]{4}[^/]*)")
_ANY = (
    f"{_REMEDY[:-1]}; or days: ../2024-01 (by), 2023-11/.. (not before), 2023-11/2024-01 (between)."
)


class Days(NamedTuple):
    """An interval of days, both ends included, as ISO texts (which sort as dates do)."""

    first: str
    last: str


ALWAYS = Days(BEGINNING, BEGINNING)  # when what is known at every date became known
_EVERY_DAY = Days(BEGINNING, FOREVER)


@lru_cache(maxsize=50_000)  # days repeat
def parse_partial(text: str) -> Days:
    """The days a partial date covers.

    Raises Refused (BAD_DATE) for anything but the five written forms, in years 0001 to 9999.
    """
    return _partial(text, text, _REMEDY)


def _partial(date: str, text: str, remedy: str) -> Days:
    """The days of a partial date, which may be a part of a text."""
    found = _FORM.fullmatch(date)
    if found is None or found["year"] == "0000":
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not a date.", remedy)
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
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} names no month.", remedy)
    end = _days_in(int(year), last_month)
    if found["day"]:
        if not 1 <= int(found["day"]) <= end:
            raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not in the calendar.", remedy)
        return Days(date, date)
    return Days(f"{year}-{first_month:02}-01", f"{year}-{last_month:02}-{end:02}")


def _days_in(year: int, month: int) -> int:
    return 31 if month == 12 else (date(year, month + 1, 1) - date(year, month, 1)).days


@lru_cache(maxsize=50_000)
def parse_days(text: str) -> Days:
    """The days of a partial date, or of two with a slash between them: between ``2024-01/2024-03``,
    by ``../2023-12``, not before ``2023-12/..``.

    Raises Refused (BAD_DATE) where the end is before the start, and where less says the same.
    """
    start, between, end = text.partition(_BETWEEN)
    if not between:
        return _partial(text, text, _ANY)
    if start == end == _OPEN:
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is any day at all.", "Leave it out.")
    first = BEGINNING if start == _OPEN else _partial(start, text, _ANY).first
    last = FOREVER if end == _OPEN else _partial(end, text, _ANY).last
    if start == end:
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} says one date twice.", f"Write {end}.")
    if last < first:
        raise Refused(
            Refusal.BAD_DATE,
            f"{shown(text)} ends before it begins.",
            f"Write the earlier date first: {end}{_BETWEEN}{start}.",
        )
    return Days(first, last)


def parse_effective(text: str) -> Days:
    """The days of an effective date; of ``unknown``, which alone stands for them, all days."""
    if text == f"{_OPEN}{_BETWEEN}{_OPEN}":
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is any day at all.", f"Write {UNKNOWN}.")
    return _EVERY_DAY if text == UNKNOWN else parse_days(text)


def text_of(days: Days) -> str:
    """An effective date of some days, as it is written where nothing shorter is known."""
    first, last = days
    if first == last:
        return first
    start, end = first if first != BEGINNING else _OPEN, last if last != FOREVER else _OPEN
    return UNKNOWN if start == end else f"{start}{_BETWEEN}{end}"


def parse_told(text: str) -> Days:
    """The days on which something may have been told, which have an end.

    Raises Refused (BAD_DATE) for those without, for it would never be sure that it was known.
    """
    days = parse_days(text)
    if text.endswith(_OPEN):
        raise Refused(
            Refusal.BAD_DATE,
            f"{shown(text)} has no last day, so that it would never be known for sure.",
            "Write a day by which it was known: ../2024-01, or 2023-11/2024-01.",
        )
    return days


def parse_published(text: str | None) -> Days | None:
    """The days of a date that may not be known; None where it is not."""
    return None if text in (None, UNKNOWN) else parse_days(str(text))


def overlap(one: Days | None, other: Days | None) -> bool:
    """Whether two dates may be the same day; where there is none it may be any."""
    return one is None or other is None or (one.first <= other.last and other.first <= one.last)


def place_of(written: str | None, at_latest: str | None = None) -> tuple[str, str]:
    """The place of a date in a list: by its first day, or the last where it has no first; what has
    neither comes first."""
    first, last = parse_effective(written or UNKNOWN)
    ended = at_latest or (last if last != FOREVER else "")
    return first if first != BEGINNING else ended, written or ""


def is_date(field: str) -> bool:
    """Whether what events and answers have in a field of some name is a date."""
    return field.endswith(("_on", "until")) or field in ("since", "window", "expected")


def worded(written: str) -> str:
    """A date as people read it."""
    if not _INTERVAL.fullmatch(written):
        return written
    start, _, end = written.partition(_BETWEEN)
    if start == _OPEN:
        return f"by {end}"
    return f"not before {start}" if end == _OPEN else f"between {start} and {end}"


def after(preposition: str, words: str) -> str:
    """A date in words after a preposition, unless it begins with one of its own."""
    own = words.startswith(("by ", "not before ", "between ", "at the latest "))
    return words if own else f"{preposition} {words}"


def since_words(words: str) -> str:
    """From when on something is so, by a date in words: a bound is one of the beginning alone."""
    if words.startswith("between "):
        return f"since a day {words}"
    for own, bound in (("by", "latest"), ("not before", "earliest"), ("at the latest", "latest")):
        if words.startswith(f"{own} "):
            return f"since {words.removeprefix(f'{own} ')} at the {bound}"
    return f"since {words}"


def in_words(written: str | None, at_latest: str | None) -> str:
    """An effective date as people read it, as it is written and as it is bounded."""
    bound = at_latest and f"at the latest {at_latest}"
    return ", ".join(filter(None, (written and worded(written), bound))) or "an unknown date"


def parse_instant(text: str) -> str:
    """The last microsecond of the day, minute or second named, as a stored instant (UTC).

    Accepts ``2026-11-22`` and ``2026-11-22T10:00[:00[.123456]]Z``; an offset other than UTC or none
    at all is refused, because the answer would depend on where it is asked.
    """
    if len(text) == 10:
        day = parse_partial(text)
        return f"{day.last}T23:59:59.999999Z"
    found = _INSTANT.fullmatch(text)
    remedy = "Write a day (2026-11-22) or a UTC instant (2026-11-22T10:00:00Z)."
    if found is None:
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not an instant in UTC.", remedy)
    day_text, minute, second, fraction, _ = found.groups()
    if fraction is not None and second is None:
        raise Refused(Refusal.BAD_DATE, f"{shown(text)} is not an instant in UTC.", remedy)
    parse_partial(day_text)
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


def later_by(day: str, number: int, unit: str) -> str:
    """The day so many ``days``, ``months`` or ``years`` after an ISO day; of a month that is too
    short its last day. FOREVER where the calendar ends before."""
    if unit == "days":
        ordinal = date.fromisoformat(day).toordinal() + number
        return date.fromordinal(ordinal).isoformat() if ordinal <= date.max.toordinal() else FOREVER
    year, month, of_month = (int(part) for part in day.split("-"))
    years, months = divmod(month - 1 + number * (12 if unit == "years" else 1), 12)
    if year + years > 9999:
        return FOREVER
    last = _days_in(year + years, months + 1)
    return f"{year + years:04}-{months + 1:02}-{min(of_month, last):02}"
