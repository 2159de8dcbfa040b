"""What becomes of fractions, against sums done in whole numbers of smallest parts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.model.fractions import Terms, dividing, least, mixed, settle, unsaid
from ledger.values.quantities import Money
from ledger.values.share_counts import fits

PRICE = Money("EUR", Decimal(12))
HELD = {"milo": 100, "lays": 200, "public": 700}
WAYS = ("cash", "down", "up", "nearest", "to-party")


def exact(held: dict[str, int], new: int, old: int) -> dict[str, Fraction]:
    return {account: Fraction(n * new, old) for account, n in held.items()}


@pytest.mark.parametrize(
    ("way", "whole", "gained", "ceased"),
    [
        ("cash", [33, 66, 233], 0, Fraction(4, 3)),
        ("down", [33, 66, 233], 0, Fraction(4, 3)),
        ("up", [34, 67, 234], 0, Fraction(-5, 3)),
        ("nearest", [33, 67, 233], 0, Fraction(1, 3)),
        ("to-party", [33, 66, 233], 1, Fraction(1, 3)),
        ("issue", [Fraction("33.33"), Fraction("66.67"), Fraction("233.33")], 0, Fraction(1, 300)),
    ],
)
def test_a_consolidation_of_three(
    way: str, whole: list[int], gained: int, ceased: Fraction
) -> None:
    found = settle(Terms(way, "agent", digits=2), exact(HELD, 1, 3))
    assert list(found.whole.values()) == whole
    assert (found.gained, found.ceased) == (gained, ceased)


@pytest.mark.parametrize("way", ["cash", "to-party"])
def test_cash_is_paid_for_fractions(way: str) -> None:
    found = settle(Terms(way, "agent", PRICE), exact(HELD, 1, 3))
    assert found.cash == {"milo": 4, "lays": 8, "public": 4}


@pytest.mark.parametrize("way", [None, "refuse"])
def test_unsaid_nothing_is_rounded(way: str | None) -> None:
    found = settle(Terms(way), exact(HELD, 1, 3))
    assert found.whole == exact(HELD, 1, 3)
    assert not found.ceased


def test_the_one_share_that_accounts_lose() -> None:
    held = {"snb": 307_591_623, "new": 154_450_261, "rest": 2_650_747_720}
    found = settle(Terms("to-party", "agent"), exact(held, 2, 7))
    assert sum(found.whole.values()) == 889_368_457
    assert (found.gained, found.ceased) == (1, Fraction(2, 7))


@given(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(-(10**6), 10**30)),
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.sampled_from(WAYS),
)
def test_fractions_as_an_oracle_counts_them(
    held: dict[str, int], new: int, old: int, way: str
) -> None:
    found = settle(Terms(way, "agent", PRICE), exact(held, new, old))
    parts_left = 0
    for account, shares in held.items():
        whole, parts = divmod(abs(shares) * new, old)
        if way == "up":
            whole += parts > 0
        if way == "nearest":
            whole += 2 * parts >= old
        assert found.whole[account] == (whole if shares >= 0 else -whole)
        parts_left += parts if shares > 0 else 0
        if parts and shares > 0 and way in ("cash", "to-party"):
            assert found.cash[account] * old == parts * 12
    assert found.gained == (parts_left // old if way == "to-party" else 0)
    received = sum(found.whole.values()) + found.gained
    assert (received + found.ceased) * old == sum(held.values()) * new


def test_fractions_are_read() -> None:
    assert [*map(mixed, [Fraction(100, 3), Fraction(1, 3), Fraction(4), Fraction(0)])] == [
        "33 1/3", "1/3", "4", "0",
    ]  # fmt: skip


def test_what_divides_is_told() -> None:
    held = {account: Fraction(n) for account, n in HELD.items()}
    refused = unsaid(
        "corvo/common", "2021-05-01", held | {"so": Fraction(3)}, Fraction(1, 3), (0, 0)
    )
    assert refused.wrong == (
        "On 2021-05-01 fractions of corvo/common are left: milo 1/3 (99 of 100 divide),"
        " lays 2/3 (198 of 200 divide), public 1/3 (699 of 700 divide)."
    )
    refused = unsaid(
        "a/b", "2021-05-01", {"snb": Fraction(307591623)}, Fraction(2, 7), (0, 0), "used"
    )
    assert "snb 6/7 (307591620 of 307591623 divide)" in refused.wrong
    assert "`stakebook correct used --fractions down`" in refused.remedy


@given(
    st.integers(1, 10**6), st.integers(1, 60), st.integers(1, 60), st.integers(0, 3),
    st.integers(0, 3),
)  # fmt: skip
def test_the_most_that_divides_is_found(
    parts: int, new: int, old: int, digits: int, into: int
) -> None:
    held, ratio = Fraction(parts, 10**digits), Fraction(new, old)
    used = dividing({"a": held}, least(ratio, digits, into))["a"]
    assert fits(used, digits)
    assert fits(used * ratio, into)
    rest = [Fraction(n, 10**digits) for n in range(1, min(60, int((held - used) * 10**digits) + 1))]
    assert not any(fits((used + more) * ratio, into) for more in rest)


def test_of_whole_shares_the_old_side_divides() -> None:
    assert least(Fraction(2, 7)) == 7
