"""Percentages that rounding makes round numbers: marked for readers, and plain in data."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.screen import Block, Column, Line, Screen, laid_out
from ledger.values.quantities import rounded
from projections.answer import exact, percentage
from projections.told import Rounded


@pytest.mark.parametrize(
    ("part", "base", "digits", "told"),
    [
        (4_999_999, 100_000_000, 2, "<5.00"),
        (5_000_001, 100_000_000, 2, ">5.00"),
        (5, 100, 2, "5.00"),
        (1, 10**9, 2, ">0.00"),
        (0, 10**9, 2, "0.00"),
        (10**9 - 1, 10**9, 2, "<100.00"),
        (12_499_999, 10**8, 2, "<12.50"),
        (43_401, 100_000, 2, "43.40"),
        (1, 3, 2, "33.33"),
        (49_999, 10**6, 4, "4.9999"),
        (4_999_999_999, 10**11, 4, "<5.0000"),
        (4_999, 10**5, 1, "<5.0"),
        (5_499, 10**5, 1, "5.5"),
        (4_999, 10**5, 0, "<5"),
        (4_301, 10**5, 0, "4"),
        (-1, 10**9, 2, "<0.00"),
    ],
)
def test_a_figure_that_only_reads_round_tells_its_side(
    part: int, base: int, digits: int, told: str
) -> None:
    found = percentage(Fraction(part), Fraction(base), digits)
    assert found is not None
    assert (found.marked if isinstance(found, Rounded) else found) == told
    assert json.loads(json.dumps([found])) == [told.lstrip("<>")]
    screen = Screen("", [Block((Column("%", "right"),), [Line((found,))])])
    assert [line.strip() for line in laid_out(screen, 80)][-1] == told


@given(
    st.fractions(-200, 10**12, max_denominator=40), st.fractions(0, 10**12, max_denominator=40),
    st.integers(0, 6),
)  # fmt: skip
def test_whole_numbers_make_the_same_percentages_as_fractions(
    part: Fraction, base: Fraction, digits: int
) -> None:
    found = percentage(part, base, digits)
    if not base:
        assert found is None
        assert exact(part, base) is None
        return
    value = part / base * 100
    assert found == rounded(value, digits)
    assert exact(part, base) == str(part / base)
    if isinstance(found, Rounded):
        assert found.marked[0] == ("<" if value < Fraction(found) else ">")
        assert value != Fraction(found)
