"""Figures, dates and lists as tables show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from cli.screen import Block
from ledger.values.dates import Days, parse_days, worded
from ledger.values.share_counts import digits_of
from projections.answer import whole
from projections.told import counted

UNKNOWN = "-"


def count(value: str | Fraction | None, decimals: int = 0) -> str:
    """A number of shares or votes, its digits grouped; to so many decimals, if it is not whole."""
    if value is None:
        return UNKNOWN
    return counted(value if isinstance(value, str) else whole(value, decimals))


def decimals_of(*numbers: str | None) -> int:
    """The most decimals of some numbers, and so of any sum of them."""
    return max((digits_of(number) for number in numbers if number), default=0)


def dated(since: str | None, at_latest: str | None) -> str:
    """A date as it was written, and the day by which it had come."""
    written = since and worded(since)
    if written and at_latest and written.startswith("by "):
        written = None
    return ", ".join(filter(None, (written, at_latest and f"by {at_latest}"))) or UNKNOWN


def date_words(date: str | None) -> str:
    """A date as people read it; a dash where there is none."""
    return worded(date) if date else UNKNOWN


def known_words(known_on: str | None) -> str:
    """When something became known: a day, or the month, quarter or year that is known of it."""
    if known_on is None:
        return UNKNOWN
    first, _, last = known_on.partition("..")
    if not first:
        return f"by {last}"
    days = Days(first, last or first)
    quarter = f"{first[:4]}-Q{(int(first[5:7]) + 2) // 3}"
    half = f"{first[:4]}-H{1 if first[5:7] < '07' else 2}"
    written = (first, first[:7], quarter, half, first[:4])
    return next((text for text in written if parse_days(text) == days), f"{first} to {last}")


def span(low: str | None, high: str | None, unit: str = "") -> str:
    """From a lowest to a highest figure."""
    return f"{count(low)} to {count(high)}{unit}"


def printed(row: Mapping[str, Any]) -> str:
    """A percentage as it was disclosed, or the band."""
    percent: str | None = row["percent"]
    upto: str | None = row.get("percent_to")
    return span(percent, upto) if upto else percent or UNKNOWN


def listed(items: Iterable[str]) -> str:
    """What a list holds, each once; a dash where it is empty."""
    return ", ".join(dict.fromkeys(items)) or UNKNOWN


def trimmed(block: Block) -> Block:
    """A block without the columns of which nothing is known in any line."""
    known = [
        n for n in range(len(block.columns)) if any(_is_known(x.cells[n]) for x in block.lines)
    ]
    lines = [replace(line, cells=[line.cells[n] for n in known]) for line in block.lines]
    return replace(block, columns=[block.columns[n] for n in known], lines=lines)


def _is_known(cell: str) -> bool:
    return cell not in ("", UNKNOWN)


def joined(*parts: str) -> str:
    """The parts that are not empty, with spaces between them."""
    return " ".join(filter(None, parts))
