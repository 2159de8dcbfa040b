"""Allocation: how shares are shared out by a rule that is named, exactly, in whole shares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

Shares = Mapping[str, int]
Parts = Mapping[str, Fraction]
Rule = Callable[[Parts, Sequence[str]], dict[str, int]]  # exact parts to whole shares


def down(parts: Parts, _: Sequence[str] = ()) -> dict[str, int]:
    """The whole shares in each part; what the fractions add up to is left over."""
    return {name: int(part) for name, part in parts.items()}


def largest_remainder(parts: Parts, entered: Sequence[str]) -> dict[str, int]:
    """The whole shares in each part, and one more for the largest fractions while any are left.

    Of equal fractions the one entered first comes first.
    """
    found = down(parts)
    place = {name: number for number, name in enumerate(entered)}
    left = int(sum(parts.values(), Fraction())) - sum(found.values())
    by_rest = sorted(parts, key=lambda n: (found[n] - parts[n], place.get(n, len(place)), n))
    for name in by_rest[:left]:
        found[name] += 1
    return found


def parts_of(limit: int, weights: Mapping[str, int | Fraction]) -> dict[str, Fraction]:
    """The exact parts of a number of shares by weights."""
    whole = sum(weights.values(), Fraction())
    return {name: limit * Fraction(w) / whole for name, w in weights.items()} if whole else {}


def pro_rata(asked: Shares, limit: int, of: int | None = None) -> dict[str, int]:
    """What each is given of what it asks: the floor of asked x limit / all that is asked.

    ``of`` is all that is asked, where that is more than is told of each.
    """
    whole = of or sum(asked.values())
    if whole <= limit:
        return dict(asked)
    return {name: shares * limit // whole for name, shares in asked.items()}


def capped(
    asked: Shares, weights: Mapping[str, int | Fraction], limit: int, rule: Rule,
    entered: Sequence[str] = (),
) -> dict[str, int]:  # fmt: skip
    """A number of shares by weights, none more than it asks; what one leaves goes to the others."""
    given = dict.fromkeys(asked, 0)
    open_ = {name for name, shares in asked.items() if shares and weights.get(name)}
    while open_ and limit:
        parts = parts_of(limit, {name: weights[name] for name in asked if name in open_})
        full = {name for name in open_ if parts[name] >= asked[name]}
        if not full:
            return given | rule(parts, entered)
        given |= {name: asked[name] for name in full}
        limit -= sum(asked[name] for name in full)
        open_ -= full
    return given


def clearing_price(
    asked: Shares, prices: Mapping[str, Decimal], fills: Callable[[Decimal], int]
) -> Decimal:
    """The lowest price at which as much is asked as is bought at it; where all ask less, the
    highest. ``fills`` tells how many shares are bought at a price."""
    for price in sorted(set(prices.values())):
        if sum(n for name, n in asked.items() if prices[name] <= price) >= fills(price):
            return price
    return max(prices.values())
