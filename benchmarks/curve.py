"""How a time grows with the size of a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from math import log


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The b of time = a * size ** b by least squares on logarithms; None for a single size."""
    logs = [(log(size), log(seconds)) for size, seconds in points if seconds > 0]
    if len({x for x, _ in logs}) < 2:
        return None
    middle_x = sum(x for x, _ in logs) / len(logs)
    middle_y = sum(y for _, y in logs) / len(logs)
    above = sum((x - middle_x) * (y - middle_y) for x, y in logs)
    return above / sum((x - middle_x) ** 2 for x, _ in logs)
