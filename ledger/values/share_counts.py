"""Numbers of shares: whole, or to so many decimals as their class counts; always exact."""

from __future__ import annotations

import re
from fractions import Fraction

from ledger.values.quantities import decimal, parse_count, parse_shares
from ledger.values.refusals import Refusal, Refused, shown

MOST_DIGITS = 6  # that a class of shares can have after the point
_WITH_PARTS = re.compile(r"(0|[1-9][0-9]{0,37})\.[0-9]+", re.ASCII)


def parse_balance(text: str) -> int | Fraction:
    """A number of shares, zero included, of a class that may have fractional ones: 1631424.23."""
    if not _WITH_PARTS.fullmatch(text):
        return parse_count(text)
    if digits_of(text) > MOST_DIGITS:
        raise Refused(
            Refusal.BAD_NUMBER,
            f"{shown(text)} is not a number of at most {MOST_DIGITS} decimals.",
            "Write the shares with the decimals of their class, such as 1631424.23.",
        )
    return Fraction(text)


def parse_holding(text: str) -> int | Fraction:
    """A number of shares above zero, of a class that may have fractional ones."""
    shares = parse_balance(text)
    return shares or parse_shares("0")


def digits_of(text: str) -> int:
    """How many digits a number has after the point."""
    return len(text.partition(".")[2])


def fits(number: int | Fraction, digits: int) -> bool:
    """Whether a number of shares is one that a class with so many decimals can have."""
    return number.denominator == 1 or 10**digits % number.denominator == 0


def count_text(number: int | Fraction, digits: int = 0) -> str:
    """A number of shares or votes; one that is not whole is a decimal if so many digits are
    counted, and else stays a fraction."""
    if number.denominator == 1:
        return str(number.numerator)
    return decimal(Fraction(number)) or "" if fits(number, digits) else str(number)


def rounded_down(number: Fraction, digits: int) -> Fraction:
    """A number of shares without what is less than their last decimal."""
    return Fraction(number * 10**digits // 1, 10**digits)
