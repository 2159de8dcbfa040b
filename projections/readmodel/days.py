"""Days as the read model has them: numbers."""

from __future__ import annotations

from functools import lru_cache


def number_of(day: str) -> int:
    """A day as a number that sorts as days do: 20231108."""
    return int(day[:4]) * 10_000 + int(day[5:7]) * 100 + int(day[8:10]) if day else 0


@lru_cache(20_000)
def day_of(number: int) -> str:
    """The day of such a number."""
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}"
