"""Days and places in the fold as the read model has them: numbers."""

from __future__ import annotations

from functools import lru_cache

from ledger.model.posted import FoldKey

Place = tuple[int, int, int]  # a place in the fold: day, sequence within it, position

LARGEST = 2**63 - 1  # of SQLite's numbers: no sequence that is kept is as large


def number_of(day: str) -> int:
    """A day as a number that sorts as days do: 20231108."""
    return int(day[:4]) * 10_000 + int(day[5:7]) * 100 + int(day[8:10]) if day else 0


@lru_cache(20_000)
def day_of(number: int) -> str:
    """The day of such a number."""
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}"


def numbers_of(place: FoldKey) -> Place:
    """A place to compare with those that are kept: one that is too large to be is after them."""
    day, sequence, position = place
    return number_of(day), min(sequence, LARGEST), min(position, LARGEST)
