"""Charts as one line of text: eighth blocks, or plain characters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from cli.pictures.chart import Chart, Line
from ledger.values.dates import days_before, next_day

BLOCKS, ASCII = "▁▂▃▄▅▆▇█", "_,:-=+*#"
_EVER = "9999-99-99"  # after every day
NONE = {BLOCKS: "·", ASCII: "."}  # where there is nothing


def bar(chart: Chart, line: Line, cells: int, levels: str = BLOCKS) -> str:
    """What a line has over time, a cell so many days: the most that it has in them."""
    days = [days_before(chart.first, 1), *cell_days(chart.first, chart.last, cells)]
    return "".join(_level(_most(line, *cell), chart.most, levels) for cell in pairwise(days))


def cell_days(first: str, last: str, cells: int) -> Sequence[str]:
    """The last day of each cell."""
    start, end = date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal()
    ends = (start + (end - start) * (n + 1) // cells for n in range(cells))
    return [date.fromordinal(day).isoformat() for day in ends]


def _most(line: Line, after: str, day: str) -> Fraction | None:
    """The most that a line has on any day after one, up to another."""
    begun = (step for step in line.steps if step.since <= day)
    parts = (s.now for s in begun if next_day(after) < (s.row["until"] or _EVER))
    return max((part for part in parts if part is not None), default=None)


def _level(part: Fraction | None, most: Fraction, levels: str) -> str:
    if part is None:
        return NONE[levels]
    if most <= 0 or part <= 0:
        return levels[0]
    return levels[min(int(part * len(levels) / most), len(levels) - 1)]
