"""Values: a fraction is printed rounded half to even, a partial date covers all of its days."""

from __future__ import annotations

from calendar import monthrange
from decimal import Context, Decimal
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from ledger.values.dates import Days, parse_days
from ledger.values.quantities import added, less, parse_price, plain, rounded

_WIDE = Context(prec=60)


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


@given(st.lists(st.integers(0, 10**56), min_size=1, max_size=40), st.integers(0, 10**56))
@example([10**56, 1], 1)
def test_sums_of_money_keep_every_digit(units: list[int], taken: int) -> None:
    amounts = [Decimal(one).scaleb(-18, _WIDE) for one in units]
    whole, less_one = added(amounts), less(amounts[0], Decimal(taken).scaleb(-18, _WIDE))
    assert Fraction(plain(whole)) == Fraction(sum(units), 10**18)
    assert Fraction(plain(less_one)) == Fraction(units[0] - taken, 10**18)


@given(st.integers(0, 10**19), st.integers(0, 18))
@example(0, 18)
def test_money_is_told_in_the_digits_in_which_it_is_written(number: int, places: int) -> None:
    written = decimal_text(number, places)
    assert str(parse_price(f"EUR {written}")) == f"EUR {written}"


def decimal_text(number: int, places: int) -> str:
    """A number of units of some decimal place, with all its places."""
    digits = f"{number:0{places + 1}}"
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits
