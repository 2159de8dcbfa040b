"""Exact quantities read from text: share counts, percentages, money, ratios; no float anywhere."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ledger.values.refusals import Refusal, Refused, shown

_COUNT = re.compile(r"0|[1-9][0-9]{0,37}", re.ASCII)
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,37})(\.[0-9]{1,18})?", re.ASCII)
_RATIO = re.compile(r"([1-9][0-9]{0,8}):([1-9][0-9]{0,8})", re.ASCII)

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


def parse_money(text: str) -> Money:
    """An amount above zero written ``EUR 600000000``."""
    currency, _, amount = text.partition(" ")
    remedy = "Write the ISO 4217 code and plain digits: EUR 600000000."
    if currency not in CURRENCIES or not _DECIMAL.fullmatch(amount) or Decimal(amount) == 0:
        raise _refuse(text, "an amount of money", remedy)
    return Money(currency, Decimal(amount))


def parse_ratio(text: str) -> Fraction:
    """New shares to old, written ``2:1``; as a fraction, 2."""
    found = _RATIO.fullmatch(text)
    if found is None:
        raise _refuse(text, "a ratio of new shares to old", "Write 2:1 for two new for one old.")
    return Fraction(int(found[1]), int(found[2]))


def rounded(value: Fraction, digits: int) -> str:
    """A fraction as decimal text, rounded half to even at ``digits`` places."""
    scaled, rest = divmod(value.numerator * 10**digits, value.denominator)
    scaled += 2 * rest > value.denominator - (scaled & 1)
    sign, whole = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(digits + 1, "0")
    return sign + (f"{whole[:-digits]}.{whole[-digits:]}" if digits else whole)


def printed_unit(text: str) -> Fraction:
    """The value of one step in the last printed digit: 43 -> 1, 43.40 -> 1/100."""
    return Fraction(1, 10 ** len(text.partition(".")[2]))
