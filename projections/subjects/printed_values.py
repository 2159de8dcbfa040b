"""Values as they are printed: whether two of them can both be true."""

from __future__ import annotations

import re
from fractions import Fraction

from ledger.values.dates import Days, overlap, parse_days
from ledger.values.quantities import CURRENCIES, printed_unit
from ledger.values.refusals import Refused

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
Range = tuple[Fraction | None, Fraction | None]


def may_agree(one: str, qualifier: str, other: str, other_qualifier: str) -> bool:
    """Whether two printed values of one thing at one time can both be true.

    Numbers and amounts of one currency: if the ranges of their printed precision and qualifiers
    overlap (to touch is not enough: 2 and 3 differ); amounts of different currencies are not
    compared. Dates: if their days overlap. Other words: if they are the same, upper and lower
    case apart.
    """
    ours, theirs = _money(one), _money(other)
    if ours and theirs:
        same = ours[0] == theirs[0]
        return not same or may_agree(ours[1], qualifier, theirs[1], other_qualifier)
    if _NUMBER.fullmatch(one) and _NUMBER.fullmatch(other):
        return _overlapping(range_of(one, qualifier), range_of(other, other_qualifier))
    days, other_days = _days(one), _days(other)
    if days and other_days:
        return overlap(days, other_days)
    return one.casefold() == other.casefold()


def range_of(text: str, qualifier: str) -> Range:
    """The lowest and highest value a printed number allows; None where it sets no bound."""
    value, half = Fraction(text), printed_unit(text) / 2
    match qualifier:
        case "at-most":
            return None, value + half
        case "at-least":
            return value - half, None
        case "more-than":
            return value, None
        case "less-than":
            return None, value
        case "about":
            digits = text.replace(".", "")
            zeros = len(digits) - len(digits.rstrip("0")) if value else 0
            step = Fraction(10) ** (zeros - len(text.partition(".")[2]))
            return value - step / 2, value + step / 2
    return value - half, value + half


def _days(text: str) -> Days | None:
    """The days of a printed date; None for what is none. A year alone is a number."""
    try:
        return None if text.isdecimal() else parse_days(text)
    except Refused:
        return None


def _money(text: str) -> tuple[str, str] | None:
    currency, _, amount = text.partition(" ")
    return (currency, amount) if currency in CURRENCIES and _NUMBER.fullmatch(amount) else None


def _overlapping(one: Range, other: Range) -> bool:
    (low, high), (other_low, other_high) = one, other
    return (low is None or other_high is None or low < other_high) and (
        other_low is None or high is None or other_low < high
    )
