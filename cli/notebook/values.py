"""Values of rows: exact numbers, money with its currency, dates that may cover several days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ledger.values.dates import BEGINNING, Days, parse_effective

_TOLD = re.compile(r"(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)", re.ASCII)  # days it became known
_DECIMAL = re.compile(r"-?[0-9]+([.][0-9]+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as it was written, and the first and last day that it may be.

    A date that has no first day begins on ``date.min``, one without a last day ends on
    ``date.max``.
    """

    text: str
    first: date
    last: date

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"PartialDate({self.text!r})"

    @property
    def day(self) -> date | None:
        """The day, where it is a single one."""
        return self.first if self.first == self.last else None


class Money(NamedTuple):
    """An amount of a currency (ISO 4217); a fraction where no decimal says it exactly."""

    currency: str
    amount: Decimal | Fraction

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"


def partial_date(text: str) -> PartialDate:
    """A date from the text of an answer."""
    told = _TOLD.fullmatch(text)
    days = Days(told[1] or BEGINNING, told[2]) if told else parse_effective(text)
    return PartialDate(text, date.fromisoformat(days.first), date.fromisoformat(days.last))


def count(text: str) -> int | Fraction:
    """A number of shares or votes, exactly."""
    number = Fraction(text)
    return number.numerator if number.denominator == 1 else number


def count_or_word(text: str) -> int | Fraction | str:
    """A number of shares or votes, or the word that stands for it, such as ``unlimited``."""
    return text if text[:1].isalpha() else count(text)


def decimal(text: str) -> Decimal:
    """A number as it is written; the sign that says what rounding did to it is left out."""
    return Decimal(text.lstrip("<>"))


def amount(text: str) -> Decimal | Fraction:
    """An amount of money, exactly."""
    return Decimal(text) if _DECIMAL.fullmatch(text) else Fraction(text)


def money(text: str) -> Money:
    """Money from its text, such as ``JPY 568.5``."""
    currency, _, number = text.partition(" ")
    return Money(currency, amount(number))


def instant(text: str) -> datetime:
    """A time, in UTC."""
    return datetime.fromisoformat(text)
