"""Vesting by months and by a list, on exact days."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.model.vesting import Schedule, months_between
from ledger.values.dates import FOREVER, later_by

MONTHLY = {"months": "48", "cliff": "12", "vests_from": "2022-02-01"}


def vested(terms: dict[str, Any], total: int, day: str, **settled: str) -> int:
    return Schedule(terms, "2022-02-01").vested(Fraction(total), day, settled)


@pytest.mark.parametrize(
    ("month", "shares"), [(11, 0), (12, 225), (13, 243), (14, 262), (15, 281), (16, 300), (48, 900)]
)
def test_the_floor_is_that_of_the_sum(month: int, shares: int) -> None:
    day = later_by("2022-02-01", month, "months")
    assert vested(MONTHLY, 900, day) == shares
    assert vested(MONTHLY, 4_625_000, day) == (4_625_000 * month // 48 if month > 11 else 0)


def test_months_that_count_together_vest_together() -> None:
    quarterly = MONTHLY | {"every": "3"}
    assert [vested(quarterly, 480, f"2023-{month:02}-01") for month in (2, 4, 5)] == [120, 120, 150]
    schedule = Schedule(quarterly, "")
    assert schedule.next_day("2022-02-01", {}) == "2023-02-01"
    assert schedule.next_day("2023-02-01", {}) == "2023-05-01"
    assert schedule.next_day("2026-01-31", {}) == "2026-02-01"
    assert schedule.next_day("2026-02-01", {}) == FOREVER


@given(st.integers(1, 30), st.integers(0, 40), st.integers(1, 12), st.integers(0, 60))
@example(10, 6, 4, 0)
def test_the_next_day_is_the_first_on_which_more_has_vested(
    months: int, cliff: int, every: int, now: int
) -> None:
    said = {"months": months, "cliff": cliff, "every": every}
    terms = {name: str(number) for name, number in said.items()}
    days = [later_by("2024-01-31", month, "months") for month in range(now, now + 120)]
    then, *later = (vested(terms | {"vests_from": "2024-01-31"}, months, day) for day in days)
    expected = next((day for day, n in zip(days[1:], later, strict=True) if n > then), FOREVER)
    assert Schedule(terms, "2024-01-31").next_day(days[0], {}) == expected


def test_a_schedule_may_be_longer_than_the_calendar() -> None:
    schedule = Schedule({"months": "9" * 38, "every": "9" * 37}, "2024-01-31")
    assert schedule.next_day("2026-01-31", {}) == FOREVER


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
        ("2024-01-31", "2024-03-30", 1),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-02-15", "2024-03-14", 0),
        ("2024-02-15", "2023-03-14", 0),
    ],
)
def test_a_month_is_over_on_the_same_day_or_the_last(first: str, last: str, months: int) -> None:
    assert months_between(first, last) == months
    assert later_by(first, months, "months") <= max(first, last)


def test_a_list_vests_by_days_and_conditions() -> None:
    terms = {
        "vests": [
            {"on": "2023-06", "shares": "10"},
            {"condition": "sale", "shares": "5"},
            {"on": "2024-01-01", "condition": "sale", "shares": "7"},
        ]
    }
    assert vested(terms, 30, "2023-06-29") == 0
    assert vested(terms, 30, "2023-06-30") == 10
    assert vested(terms, 30, "2025-01-01", sale="2023-07-01") == 22
    assert vested(terms, 30, "2023-07-01", sale="2023-07-01") == 15
    assert Schedule(terms, "", Fraction(2)).vested(Fraction(60), "2023-06-30", {}) == 20
