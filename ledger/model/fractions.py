"""Fractions of shares: what becomes of them when every holding is multiplied, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor, gcd, lcm
from typing import Any, NamedTuple

from ledger.values.quantities import Money, parse_price
from ledger.values.refusals import Refusal, Refused, to_run
from ledger.values.share_counts import count_text, fits

PAYING = ("cash", "to-party")
_MOST_NAMED = 5
_HALF = Fraction(1, 2)
_NONE = Fraction()


class Terms(NamedTuple):
    """What an event says of the fractions it leaves: how they are rounded, to whose account their
    whole shares go, and the price of a whole share. ``way`` is None where it says nothing."""

    way: str | None
    to: str | None = None
    price: Money | None = None
    digits: int = 0

    @property
    def rounds(self) -> bool:
        """Whether anything becomes of fractions; where not, there may be none."""
        return self.way not in (None, "refuse")


def terms_of(data: Mapping[str, Any], digits: int = 0) -> Terms:
    """The terms of an event of the fractions group, in a class of so many ``fraction_digits``."""
    price = data.get("fraction_price")
    to = data.get("fractions_to")
    return Terms(data.get("fractions"), to, parse_price(price) if price else None, digits)


class Settled(NamedTuple):
    """What becomes of exact results.

    ``whole`` is what each account receives of its own, ``gained`` what the party of the fractions
    receives beside it. ``left`` is the fraction of a share of each account that had one (where
    fractions are issued, what it is more than the class counts), ``cash`` what is due for it,
    exactly, in the currency of the price. ``ceased`` is what all exact results
    are more than what is received; below 0 where rounding up makes shares.
    """

    whole: Mapping[str, Fraction]
    gained: Fraction
    left: Mapping[str, Fraction]
    cash: Mapping[str, Fraction]
    ceased: Fraction

    @property
    def received(self) -> Fraction:
        """All that is received."""
        return sum(self.whole.values(), _NONE) + self.gained


def settle(terms: Terms, exact: Mapping[str, Fraction], issuer: str | None = None) -> Settled:
    """Round the exact result of every account as an event says.

    An account below zero, of a register seen in part, is rounded as its opposite; nothing is paid
    for it and its fraction joins no other. The account of the ``issuer`` is paid no cash, which it
    would owe itself.
    """
    if not terms.rounds:
        return Settled(exact, _NONE, {}, {}, _NONE)
    whole = {account: _rounded(terms, result) for account, result in exact.items()}
    parts = 10**terms.digits if terms.way == "issue" else 1
    left = {a: n * parts % 1 / parts for a, n in exact.items() if n > 0 and n != whole[a]}
    together = Fraction(floor(sum(left.values()))) if terms.way == "to-party" else _NONE
    cash: dict[str, Fraction] = {}
    if terms.price is not None and terms.way in PAYING:
        paid = {a: n for a, n in left.items() if terms.way == "to-party" or a != issuer}
        cash = {account: n * Fraction(terms.price.amount) for account, n in paid.items()}
    ceased = sum(exact.values(), _NONE) - sum(whole.values(), _NONE) - together
    return Settled(whole, together, left, cash, ceased)


def _rounded(terms: Terms, result: Fraction) -> Fraction:
    size = abs(result)
    match terms.way:
        case "up":
            whole = Fraction(ceil(size))
        case "nearest":
            whole = Fraction(floor(size + _HALF))
        case "issue":
            unit = 10**terms.digits
            whole = Fraction(floor(size * unit + _HALF), unit)
        case _:
            whole = Fraction(floor(size))
    return whole if result >= 0 else -whole


def mixed(number: Fraction, places: int = 0) -> str:
    """A number as it is read: 33 1/3; as a decimal, where so many places tell it."""
    if places and fits(number, places):
        return count_text(number, places)
    whole, rest = divmod(abs(number), 1)
    words = [str(whole)] if whole or not rest else []
    return "-" * (number < 0) + " ".join([*words, *([str(rest)] if rest else [])])


def unsaid(
    share_class: str,
    day: str,
    held: Mapping[str, Fraction],
    ratio: Fraction,
    digits: tuple[int, int],
    recorded: str = "",
) -> Refused:
    """The refusal of an event that leaves fractions and does not say what becomes of them.

    ``held`` has the old shares by the name that each account is told under; ``digits`` are the
    decimals of the class that is held and of the class received; ``recorded`` is the key of the
    event where it is no new one.
    """
    own, into = digits
    whole, part = dividing(held, least(ratio, own, into)), Fraction(1, 10**into)
    left = [
        f"{account} {(n * ratio) % part}"
        f" ({count_text(whole[account], own)} of {count_text(n, own)} divide)"
        for account, n in held.items()
        if n != whole[account]
    ]
    more = f", and {len(left) - _MOST_NAMED} others" if len(left) > _MOST_NAMED else ""
    correcting = f" with {to_run('correct', recorded, '--fractions', 'down')}" if recorded else ""
    given = " Shares given on top of those held are shares-distributed." if 1 < ratio < 2 else ""
    return Refused(
        Refusal.SPLIT_LEAVES_FRACTION,
        f"On {day} fractions of {share_class} are left: {', '.join(left[:_MOST_NAMED])}{more}.",
        f"Say what becomes of them{correcting}: --fractions{' issue,' if into else ''} down, up,"
        " nearest, cash (with"
        f" --fraction-price) or to-party (with --fractions-to).{given} Where nobody says it, record"
        " a claim-recorded, and what is held after it as stake-disclosed.",
        "" if recorded else "fractions",
    )


def least(ratio: Fraction, digits: int = 0, into: int = 0) -> Fraction:
    """The least number of shares, counted to so many decimals, that become at a ratio shares that
    are counted to as many as those of another class."""
    own, other = Fraction(1, 10**digits), 1 / (ratio * 10**into)
    return Fraction(lcm(own.numerator, other.numerator), gcd(own.denominator, other.denominator))


def dividing(held: Mapping[str, Fraction], unit: Fraction) -> Mapping[str, Fraction]:
    """What of each account is a multiple of a number of shares; the remainder stays."""
    return {a: (n // unit if n > 0 else -(-n // unit)) * unit for a, n in held.items()}
