"""Figures, dates and lists as tables show them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from projections.answer import whole
from projections.told import grouped

UNKNOWN = "-"


def count(value: str | Fraction | None) -> str:
    """A number of shares or votes, its digits grouped."""
    if value is None:
        return UNKNOWN
    return "/".join(map(grouped, (value if isinstance(value, str) else whole(value)).split("/")))


def dated(since: str | None, at_latest: str | None) -> str:
    """A date as it was written, and the day by which it had come."""
    return ", ".join(filter(None, (since, at_latest and f"by {at_latest}"))) or UNKNOWN


def span(low: str | None, high: str | None, unit: str = "") -> str:
    """From a lowest to a highest figure."""
    return f"{count(low)} to {count(high)}{unit}"


def listed(items: Iterable[str]) -> str:
    """What a list holds, each once; a dash where it is empty."""
    return ", ".join(dict.fromkeys(items)) or UNKNOWN


def joined(*parts: str) -> str:
    """The parts that are not empty, with spaces between them."""
    return " ".join(filter(None, parts))
