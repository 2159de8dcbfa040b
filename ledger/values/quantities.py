"""Exact quantities read from text: share counts, percentages, money, ratios; no float anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from ledger.values.refusals import Refusal, Refused, shown

_COUNT = re.compile(r"0|[1-9][0-9]{0,37}", re.ASCII)
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,37})(\.[0-9]{1,18})?", re.ASCII)
_RATIO = re.compile(r"([1-9][0-9]{0,17}):([1-9][0-9]{0,17})", re.ASCII)
_WITH_POINTS = re.compile(r"([0-9]+(?:\.[0-9]+)?):([0-9]+(?:\.[0-9]+)?)", re.ASCII)
_FRACTION = re.compile(r"([1-9][0-9]{0,17})/([1-9][0-9]{0,17})", re.ASCII)
UNLIMITED = "unlimited"
_DIGITS = 100  # more than a sum of amounts has

# ISO 4217 active codes of money (no funds, metals or test codes).
CURRENCIES = frozenset(
    [
        "AED",
        "AFN",
        "ALL",
        "AMD",
        "ANG",
        "AOA",
        "ARS",
        "AUD",
        "AWG",
        "AZN",
        "BAM",
        "BBD",
        "BDT",
        "BGN",
        "BHD",
        "BIF",
        "BMD",
        "BND",
        "BOB",
        "BRL",
        "BSD",
        "BTN",
        "BWP",
        "BYN",
        "BZD",
        "CAD",
        "CDF",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CRC",
        "CUP",
        "CVE",
        "CZK",
        "DJF",
        "DKK",
        "DOP",
        "DZD",
        "EGP",
        "ERN",
        "ETB",
        "EUR",
        "FJD",
        "FKP",
        "GBP",
        "GEL",
        "GHS",
        "GIP",
        "GMD",
        "GNF",
        "GTQ",
        "GYD",
        "HKD",
        "HNL",
        "HTG",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "IQD",
        "IRR",
        "ISK",
        "JMD",
        "JOD",
        "JPY",
        "KES",
        "KGS",
        "KHR",
        "KMF",
        "KPW",
        "KRW",
        "KWD",
        "KYD",
        "KZT",
        "LAK",
        "LBP",
        "LKR",
        "LRD",
        "LSL",
        "LYD",
        "MAD",
        "MDL",
        "MGA",
        "MKD",
        "MMK",
        "MNT",
        "MOP",
        "MRU",
        "MUR",
        "MVR",
        "MWK",
        "MXN",
        "MYR",
        "MZN",
        "NAD",
        "NGN",
        "NIO",
        "NOK",
        "NPR",
        "NZD",
        "OMR",
        "PAB",
        "PEN",
        "PGK",
        "PHP",
        "PKR",
        "PLN",
        "PYG",
        "QAR",
        "RON",
        "RSD",
        "RUB",
        "RWF",
        "SAR",
        "SBD",
        "SCR",
        "SDG",
        "SEK",
        "SGD",
        "SHP",
        "SLE",
        "SOS",
        "SRD",
        "SSP",
        "STN",
        "SVC",
        "SYP",
        "SZL",
        "THB",
        "TJS",
        "TMT",
        "TND",
        "TOP",
        "TRY",
        "TTD",
        "TWD",
        "TZS",
        "UAH",
        "UGX",
        "USD",
        "UYU",
        "UZS",
        "VED",
        "VES",
        "VND",
        "VUV",
        "WST",
        "XAF",
        "XCD",
        "XCG",
        "XOF",
        "XPF",
        "YER",
        "ZAR",
        "ZMW",
        "ZWG",
    ]
)


class Money(NamedTuple):
    """An exact amount of one ISO 4217 currency."""

    currency: str
    amount: Decimal

    @property
    def number(self) -> str:
        """The amount without its currency."""
        return plain(self.amount)

    def __str__(self) -> str:
        return f"{self.currency} {self.number}"


class Amount(NamedTuple):
    """An exact amount of money that need not be a decimal: a third of a euro."""

    currency: str
    value: Fraction

    @classmethod
    def of(cls, money: Money) -> Amount:
        """The same amount as money told."""
        return cls(money.currency, Fraction(money.amount))

    def times(self, factor: Fraction) -> Amount:
        """So many times the amount."""
        return Amount(self.currency, self.value * factor)

    @property
    def number(self) -> str:
        """The amount without its currency: as a decimal, or as a fraction where it is none."""
        return decimal(self.value) or str(self.value)

    def __str__(self) -> str:
        return f"{self.currency} {self.number}"


def plain(amount: Decimal) -> str:
    """A decimal in plain digits, however small it is."""
    return f"{amount:f}"


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of decimals, with every digit of each."""
    with localcontext(prec=_DIGITS):
        return sum(amounts, Decimal())


def less(amount: Decimal, taken: Decimal) -> Decimal:
    """What one decimal is more than another, with every digit of both."""
    with localcontext(prec=_DIGITS):
        return amount - taken


def decimal(value: Fraction) -> str | None:
    """A fraction as decimal text with all its digits; None where they do not end."""
    rest, places = value.denominator, 0
    while rest % 10 == 0:
        rest, places = rest // 10, places + 1
    for factor in (2, 5):
        while rest % factor == 0:
            rest, places = rest // factor, places + 1
    return rounded(value, places) if rest == 1 else None


def _refuse(text: object, wanted: str, remedy: str) -> Refused:
    return Refused(Refusal.BAD_NUMBER, f"{shown(text)} is not {wanted}.", remedy)


def parse_count(text: str) -> int:
    """A whole number of at most 38 digits, zero included."""
    if len(text) > 38 and text.isascii() and text.isdigit():
        raise _refuse(
            text, "a number of at most 38 digits", "Check it; nothing has so many shares."
        )
    if not _COUNT.fullmatch(text):
        raise _refuse(text, "a whole number", "Write plain digits, such as 633107267.")
    return int(text)


def parse_shares(text: str) -> int:
    """A share count above zero, of at most 38 digits."""
    count = parse_count(text)
    if count == 0:
        raise _refuse(text, "a number of shares above zero", "Leave the event out instead.")
    return count


def parse_decimal(text: str) -> Decimal:
    """A non-negative decimal in plain digits with a dot, at most 18 places."""
    if not _DECIMAL.fullmatch(text):
        raise _refuse(text, "a decimal number", "Write digits with a dot, such as 28.4.")
    return Decimal(text)


def parse_percent(text: str) -> Decimal:
    """A percentage above 0 and at most 100."""
    percent = parse_decimal(text)
    if not 0 < percent <= 100:
        raise _refuse(text, "a percentage above 0 and at most 100", "Write 28.4 for 28.4%.")
    return percent


def parse_share_of_all(text: str) -> Decimal:
    """A percentage from 0 to 100."""
    percent = parse_decimal(text)
    if percent > 100:
        raise _refuse(text, "a percentage of at most 100", "Write 28.4 for 28.4%.")
    return percent


def parse_money(text: str) -> Money:
    """An amount above zero written ``EUR 600000000``."""
    money = parse_price(text)
    if not money.amount:
        raise _not_money(text)
    return money


def parse_price(text: str) -> Money:
    """An amount of money, nothing included: ``EUR 0``."""
    currency, _, amount = text.partition(" ")
    if currency not in CURRENCIES or not _DECIMAL.fullmatch(amount):
        raise _not_money(text)
    return Money(currency, Decimal(amount))


def _not_money(text: str) -> Refused:
    remedy = "Write the ISO 4217 code and plain digits: EUR 600000000."
    return _refuse(text, "an amount of money", remedy)


def parse_ratio(text: str) -> Fraction:
    """New shares to old, two whole numbers written ``2:1``; as a fraction, 2."""
    found = _RATIO.fullmatch(text)
    if found is None:
        raise _refuse(text, "a ratio of new shares to old", _whole_ratio(text))
    return Fraction(int(found[1]), int(found[2]))


def _whole_ratio(text: str) -> str:
    """How a ratio is written; where one has decimals, the same in whole numbers."""
    pointed = _WITH_POINTS.fullmatch(text)
    if pointed is None or not Decimal(pointed[1]) or not Decimal(pointed[2]):
        return "Write 2:1 for two new for one old."
    exact = Fraction(pointed[1]) / Fraction(pointed[2])
    return f"Write it in two whole numbers: {exact.numerator}:{exact.denominator}."


def parse_votes(text: str) -> Fraction:
    """The votes of one share: ``1``, ``1/10`` or ``0.0001``."""
    found = _FRACTION.fullmatch(text)
    if found is not None:
        return Fraction(int(found[1]), int(found[2]))
    if not _DECIMAL.fullmatch(text):
        raise _refuse(text, "a number of votes a share", "Write 1, 1/10 or 0.0001.")
    return Fraction(text)


def parse_authorised(text: str) -> int | None:
    """A number of shares above zero; None where it is unlimited."""
    return None if text == UNLIMITED else parse_shares(text)


def parse_limit(text: str) -> int | Decimal | Money:
    """What an offer is limited to: a number of shares, a percentage (``25%``) or money."""
    if text.endswith("%"):
        return parse_percent(text.removesuffix("%"))
    return parse_money(text) if " " in text else parse_shares(text)


class Majority(NamedTuple):
    """The part of the votes that a resolution needs; ``above`` where exactly that is too little."""

    part: Fraction
    above: bool


def parse_majority(text: str) -> Majority:
    """A majority: ``2/3`` or ``at least 2/3``, ``more than 4/5``, ``more than 50%``."""
    above = text.startswith("more than ")
    part = text.removeprefix("more than ").removeprefix("at least ")
    found = _FRACTION.fullmatch(part)
    if found is not None and (of := Fraction(int(found[1]), int(found[2]))) <= 1:
        return Majority(of, above)
    if not part.endswith("%"):
        raise _refuse(text, "a majority", "Write at least 2/3, more than 1/2 or more than 50%.")
    return Majority(Fraction(parse_percent(part.removesuffix("%"))) / 100, above)


def rounded(value: Fraction, digits: int) -> str:
    """A fraction as decimal text, rounded half to even at ``digits`` places."""
    return with_point(nearest(value.numerator * 10**digits, value.denominator), digits)


def nearest(over: int, under: int) -> int:
    """The whole number nearest to a ratio, of two as near the even one."""
    found, rest = divmod(over, under)
    return found + (2 * rest > under - (found & 1))


def with_point(number: int, digits: int) -> str:
    """A whole number as text with so many of its digits after a point."""
    sign, whole = ("-" if number < 0 else ""), str(abs(number)).rjust(digits + 1, "0")
    return sign + (f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole)


def printed_unit(text: str) -> Fraction:
    """The value of one step in the last printed digit: 43 -> 1, 43.40 -> 1/100."""
    return Fraction(1, 10 ** len(text.partition(".")[2]))
