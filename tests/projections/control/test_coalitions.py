"""Coalitions: against published indices, and against all coalitions one by one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.control import coalitions
from projections.control.coalitions import MOST_HALVED, MOST_LISTED, Coalitions, TooLarge


def banzhaf(votes: Sequence[int], quota: int) -> list[Fraction | None]:
    return [power.banzhaf for power in Coalitions(votes, quota).powers()]


def shapley(votes: Sequence[int], quota: int) -> list[Fraction | None]:
    return [power.shapley for power in Coalitions(votes, quota).powers()]


def test_four_players_and_two_quotas() -> None:
    half, two_thirds = (Coalitions([40, 35, 15, 10], quota) for quota in (51, 67))
    assert [power.swings for power in half.powers()] == [5, 3, 3, 1]
    twelfths = [Fraction(5, 12), Fraction(3, 12), Fraction(3, 12), Fraction(1, 12)]
    assert [power.banzhaf for power in half.powers()] == twelfths
    assert [power.shapley for power in half.powers()] == twelfths
    assert half.minimal() == ([(0, 1), (0, 2), (1, 2, 3)], 3)
    assert two_thirds.minimal() == ([(0, 1)], 1)
    assert [power.swings for power in two_thirds.powers()] == [4, 4, 0, 0]
    assert [power.veto for power in two_thirds.powers()] == [True, True, False, False]


def test_the_council_of_six_states_in_which_luxembourg_decided_nothing() -> None:
    """Of 17 votes 12 won, from 1958 to 1973: the Britannica Guide has 5/21, 1/7 and 0."""
    votes = [4, 4, 4, 2, 2, 1]
    fifths, sevenths = Fraction(5, 21), Fraction(1, 7)
    assert banzhaf(votes, 12) == [fifths, fifths, fifths, sevenths, sevenths, 0]
    assert shapley(votes, 12)[0] == Fraction(14, 60)


def test_the_published_indices_of_fifteen_parties() -> None:
    """The values of the package power_index_calculator, to three decimals."""
    votes = [47, 18, 16, 11, 11, 9, 9, 7, 5, 5, 5, 3, 3, 3, 3]
    by_banzhaf = [396, 100, 89, 62, 62, 51, 51, 39, 28, 28, 28, 17, 17, 17, 17]
    by_shapley = [393, 103, 91, 62, 62, 51, 51, 39, 28, 28, 28, 16, 16, 16, 16]
    assert [round(1000 * (one or 0)) for one in banzhaf(votes, 89)] == by_banzhaf
    assert [round(1000 * (one or 0)) for one in shapley(votes, 89)] == by_shapley


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=7).map(lambda v: sorted(v, reverse=True)),
    st.integers(1, 40),
)
def test_all_coalitions_one_by_one_say_the_same(votes: list[int], quota: int) -> None:
    winning = [
        places
        for size in range(1, len(votes) + 1)
        for places in combinations(range(len(votes)), size)
        if sum(votes[p] for p in places) >= quota
    ]
    without = {places: sum(votes[p] for p in places) - quota for places in winning}
    found = Coalitions(votes, quota)
    powers = found.powers()
    assert [power.swings for power in powers] == [
        sum(p in places and over < votes[p] for places, over in without.items())
        for p in range(len(votes))
    ]
    minimal = [one for one, over in without.items() if all(over < votes[p] for p in one)]
    assert found.minimal() == (minimal[:MOST_LISTED], len(minimal))
    assert [power.veto for power in powers] == [
        bool(winning) and all(p in places for places in winning) for p in range(len(votes))
    ]
    assert sum(power.shapley or 0 for power in powers) == bool(winning)


def test_too_many_players_are_refused_with_how_many_are_not() -> None:
    votes = [2**n for n in range(40, 0, -1)]
    with pytest.raises(TooLarge) as refused:
        Coalitions(votes, sum(votes) // 2 + 1).powers()
    assert refused.value.counted == MOST_HALVED


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=9).map(lambda v: sorted(v, reverse=True)),
    st.integers(1, 250),
    st.integers(0, 80),
)
def test_what_is_refused_at_once_is_refused_by_counting(
    votes: list[int], quota: int, most: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(coalitions, "MOST_HALVED", 3)
        patched.setattr(coalitions, "FEW_STATES", most)
        patched.setattr(coalitions, "MOST_STATES", most)
        at_once = _refused(votes, quota)
        patched.setattr(Coalitions, "_surely_more", lambda *_: False)
        assert at_once == _refused(votes, quota)


def _refused(votes: list[int], quota: int) -> int | None:
    try:
        Coalitions(votes, quota).check()
    except TooLarge as refused:
        return refused.counted
    return None


def test_players_of_very_many_states_are_refused_at_once() -> None:
    votes = [10**6 + 7 * n**3 for n in range(50, 0, -1)]
    assert Coalitions(votes, sum(votes) // 2 + 1)._surely_more(coalitions.MOST_STATES)


def test_halves_held_against_each_other_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(7)
    for _ in range(40):
        votes = sorted((rng.randint(1, 12) for _ in range(rng.randint(1, 8))), reverse=True)
        quota = rng.randint(1, sum(votes) + 1)
        by_states = Coalitions(votes, quota)
        expected = by_states.powers(), by_states.minimal()
        with monkeypatch.context() as patched:
            patched.setattr(coalitions, "FEW_STATES", 0)
            by_halves = Coalitions(votes, quota)
            assert (by_halves.powers(), by_halves.minimal()) == expected, (votes, quota)


def test_shareholders_with_many_shares_each_are_counted() -> None:
    votes = [10**9 + 3**n for n in range(20, 0, -1)]
    found = Coalitions(votes, sum(votes) // 2 + 1)
    assert sum(power.shapley or 0 for power in found.powers()) == 1
    assert found.minimal().total > MOST_LISTED


def test_of_very_many_coalitions_the_first_are_listed_and_all_are_counted() -> None:
    found = Coalitions([1] * 20, 10).minimal()
    assert len(found.listed) == MOST_LISTED
    assert found.total == 184_756
