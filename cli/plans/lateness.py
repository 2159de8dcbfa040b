"""How long after it happened an event became known."""

from __future__ import annotations

from datetime import date

from ledger.values.dates import parse_days
from projections.rows import Row

_LATE = 30  # days; what became known later than that is marked


def late(row: Row) -> str:
    """``+141 d`` where an event became known long after it happened; else empty."""
    happened, known = row["at_latest"] or row["effective_on"], row["known_on"]
    if not happened or not known:
        return ""
    first, last = known.partition("..")[0], parse_days(happened).last
    if not first:
        return ""
    days = (date.fromisoformat(first) - date.fromisoformat(last)).days
    return f"+{days:,} d" if days > _LATE else ""
