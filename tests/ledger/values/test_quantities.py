"""Values: a fraction is printed rounded half to even, a partial date covers all of its days."""

from __future__ import annotations

from calendar import monthrange
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from ledger.values.dates import Days, parse_days
from ledger.values.quantities import rounded


@given(st.fractions(), st.integers(0, 6))
@example(Fraction(1, 2), 0)
@example(Fraction(3, 2), 0)
@example(Fraction(-5, 2), 0)
@example(Fraction(1, 200), 2)
def test_a_fraction_is_rounded_half_to_even(value: Fraction, digits: int) -> None:
    printed = rounded(value, digits)
    assert Fraction(printed) == Fraction(round(value * 10**digits), 10**digits)
    assert len(printed.partition(".")[2]) == digits


@given(st.integers(1, 9999), st.integers(1, 12))
@example(2000, 2)
@example(1900, 2)
@example(9999, 12)
def test_a_month_has_the_days_of_the_calendar(year: int, month: int) -> None:
    written, last = f"{year:04}-{month:02}", monthrange(year, month)[1]
    assert parse_days(written) == Days(f"{written}-01", f"{written}-{last:02}")
