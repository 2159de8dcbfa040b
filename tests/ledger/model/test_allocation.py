"""Allocation: whole shares by a named rule, never more than there are or than is asked."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model.allocation import (
    capped,
    clearing_price,
    down,
    largest_remainder,
    parts_of,
    pro_rata,
)

NUMBERS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 10**6), min_size=1)


@given(NUMBERS, st.integers(0, 10**6))
def test_a_part_of_each_is_never_more_than_the_whole(asked: dict[str, int], limit: int) -> None:
    given = pro_rata(asked, limit)
    whole = sum(asked.values())
    assert sum(given.values()) <= max(limit, 0) or given == asked
    for name, shares in given.items():
        exact = Fraction(asked[name]) * min(Fraction(1), Fraction(limit, whole))
        assert shares <= exact < shares + 1


@given(NUMBERS, st.integers(0, 10**6))
def test_the_largest_remainders_leave_nothing_over(weights: dict[str, int], limit: int) -> None:
    parts = parts_of(limit, weights)
    found = largest_remainder(parts, sorted(weights))
    assert sum(found.values()) == limit
    assert all(parts[name] - 1 < shares < parts[name] + 1 for name, shares in found.items())


@given(NUMBERS, NUMBERS, st.integers(0, 10**6))
def test_what_one_leaves_goes_to_those_who_ask(
    asked: dict[str, int], weights: dict[str, int], limit: int
) -> None:
    found = capped(asked, weights, limit, largest_remainder, sorted(asked))
    assert all(shares <= asked[name] for name, shares in found.items())
    could = sum(shares for name, shares in asked.items() if name in weights)
    assert sum(found.values()) == min(limit, could)


def test_equal_remainders_go_to_who_entered_first() -> None:
    parts = parts_of(1, {"a": 1, "b": 1})
    assert largest_remainder(parts, ["b", "a"]) == {"a": 0, "b": 1}
    assert down(parts) == {"a": 0, "b": 0}


@pytest.mark.parametrize(
    ("asked", "prices", "buys", "price"),
    [
        ({"a": 3, "b": 3}, {"a": 10, "b": 11}, 5, 11),
        ({"a": 3, "b": 3}, {"a": 10, "b": 11}, 3, 10),
        ({"a": 3, "b": 3}, {"a": 10, "b": 11}, 9, 11),
        ({"a": 4, "b": 4}, {"a": 10, "b": 10}, 5, 10),
    ],
)
def test_the_lowest_price_that_fills_an_offer_is_paid(
    asked: dict[str, int], prices: dict[str, int], buys: int, price: int
) -> None:
    at = {name: Decimal(number) for name, number in prices.items()}
    assert clearing_price(asked, at, lambda _: buys) == Decimal(price)
