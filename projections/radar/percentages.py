"""Percentages as thresholds have them: exact fractions of a hundred."""

from __future__ import annotations

from fractions import Fraction

from ledger.values import quantities
from ledger.values.refusals import Refusal, Refused, shown


def parse_percentage(text: str) -> Fraction:
    """A percentage above 0 and at most 100, written 5, 12.5 or 100/3 for 33 1/3."""
    over, slash, under = text.partition("/")
    try:
        value = Fraction(quantities.parse_decimal(over))
        value /= quantities.parse_shares(under) if slash else 1
    except Refused:
        value = Fraction()
    if not 0 < value <= 100:
        raise Refused(
            Refusal.BAD_NUMBER,
            f"{shown(text)} is not a percentage above 0 and at most 100.",
            "Write 5,10,33.33 or 100/3 for 33 1/3.",
        )
    return value


def percentage_words(percentage: Fraction) -> str:
    """A percentage as it is spoken of: 5, 12.5, 33 1/3."""
    whole, rest = divmod(percentage, 1)
    if not rest:
        return str(whole)
    exactly = quantities.rounded(percentage, 6)
    if Fraction(exactly) == percentage:
        return exactly.rstrip("0")
    return f"{whole} {rest}" if whole else str(rest)
