"""Written dates by their letter."""

from __future__ import annotations

from calendar import monthrange

EVER, NEVER = "0001-01-01", "never"  # which is later than any day


def days_of(date: str) -> tuple[str, str]:
    """The first and last day of a written date."""
    if date == "unknown":
        return EVER, NEVER
    first, *more = date.split("/")
    last = more[0] if more else first
    return EVER if first == ".." else _months(first)[0], NEVER if last == ".." else _months(last)[1]


def _months(date: str) -> tuple[str, str]:
    year, _, rest = date.partition("-")
    if len(rest) == 5:
        return date, date
    first, last = {"": (1, 12), "H1": (1, 6), "H2": (7, 12)}.get(rest, (0, 0))
    if rest.startswith("Q"):
        first, last = {1: (1, 3), 2: (4, 6), 3: (7, 9), 4: (10, 12)}[int(rest[1])]
    elif not first:
        first = last = int(rest)
    return f"{year}-{first:02}-01", f"{year}-{last:02}-{monthrange(int(year), last)[1]}"
