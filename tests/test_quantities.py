"""Exact numbers: what is printed of a fraction is that fraction, rounded half to even."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from ledger.quantities import rounded


@given(st.fractions(), st.integers(0, 6))
@example(Fraction(1, 2), 0)
@example(Fraction(3, 2), 0)
@example(Fraction(-5, 2), 0)
@example(Fraction(1, 200), 2)
def test_a_fraction_is_rounded_half_to_even(value: Fraction, digits: int) -> None:
    printed = rounded(value, digits)
    assert Fraction(printed) == Fraction(round(value * 10**digits), 10**digits)
    assert len(printed.partition(".")[2]) == digits
