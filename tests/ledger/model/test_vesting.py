"""Vesting by months and by a list, on exact days."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ledger.model.vesting import Schedule, month_after, months_between

MONTHLY = {"months": "48", "cliff": "12", "vests_from": "2022-02-01"}


def vested(terms: dict[str, Any], total: int, day: str, **settled: str) -> int:
    return Schedule(terms, "2022-02-01").vested(Fraction(total), day, settled)


@pytest.mark.parametrize(
    ("month", "shares"), [(11, 0), (12, 225), (13, 243), (14, 262), (15, 281), (16, 300), (48, 900)]
)
def test_the_floor_is_that_of_the_sum(month: int, shares: int) -> None:
    day = month_after("2022-02-01", month)
    assert vested(MONTHLY, 900, day) == shares
    assert vested(MONTHLY, 4_625_000, day) == (4_625_000 * month // 48 if month > 11 else 0)


def test_months_that_count_together_vest_together() -> None:
    quarterly = MONTHLY | {"every": "3"}
    assert [vested(quarterly, 480, f"2023-{month:02}-01") for month in (2, 4, 5)] == [120, 120, 150]
    days = Schedule(quarterly, "").days({})
    assert days[:2] == ["2023-02-01", "2023-05-01"]
    assert days[-1] == "2026-02-01"


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
    assert month_after(first, months) <= max(first, last)


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
