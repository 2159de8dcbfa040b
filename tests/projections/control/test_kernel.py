"""Control as the least set, by which rule and in which round, on plain numbers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from projections.control.kernel import Block, Control, Electorate, Structure
from projections.control.law import Companies, settle, struck

Votes = Mapping[str, Mapping[str, int]]
CIRCLE = {"p": {"x": 40, "s": 25, "y": 20, "z": 15}, "s": {"p": 60, "w": 40}}


def electorate(held: Mapping[str, int], pools: frozenset[str] = frozenset()) -> Electorate:
    base = Fraction(sum(held.values()))
    blocks = (
        Block(a, frozenset({a}), Fraction(v), Fraction(v), Fraction(v), v / base, a not in pools)
        for a, v in held.items()
    )
    return Electorate(tuple(blocks), base, base)


def plain(votes: Votes, pools: frozenset[str] = frozenset(), **told: Any) -> Structure:
    return Structure({c: electorate(held, pools) for c, held in votes.items()}, **told)


def entered(control: Control, party: str) -> dict[str, tuple[str, int]]:
    return {company: tuple(entry) for company, entry in control.group(party).entries.items()}


def test_a_chain_is_controlled_link_by_link_and_a_half_is_no_majority() -> None:
    votes = {"a": {"x": 51, "y": 49}, "b": {"a": 30, "x": 21, "y": 49}, "c": {"b": 50, "y": 50}}
    control = Control(plain(votes))
    assert entered(control, "x") == {"a": ("votes", 1), "b": ("votes", 2)}
    assert entered(control, "y") == {}
    assert control.tally("b", control.group("x").voting)[:2] == (51, 100)


def test_the_rules_in_their_order() -> None:
    votes = {
        "a": {"x": 10, "y": 90},
        "b": {"x": 41, "y": 40, "z": 19},
        "c": {"x": 30, "k": 30, "y": 40},
    }
    told = {
        "recorded": {"x": frozenset({"a"})},
        "concerts": {"x": frozenset({"k"}), "k": frozenset({"x"})},
        "presumed": frozenset({"b"}),
    }
    control = Control(plain(votes, **told))
    assert entered(control, "x") == {
        "a": ("recorded", 1), "b": ("presumption", 1), "c": ("concert", 1),
    }  # fmt: skip
    assert entered(Control(plain(votes, **told | {"presumed": frozenset()})), "x").keys() == {
        "a",
        "c",
    }
    assert control.group("k").entries.keys() == {"c"}, "what the other controls alone is its own"


def test_control_is_presumed_of_the_largest_alone_and_strangers_counted_together_are_nobody() -> (
    None
):
    for held, pools, found in (
        ({"x": 43, "rest": 57}, {"rest"}, True),
        ({"x": 43, "rest": 57}, set(), False),
        ({"x": 40, "y": 30, "z": 30}, set(), False),
        ({"x": 42, "y": 30, "z": 28}, set(), True),
        ({"x": 45, "y": 45, "z": 10}, set(), False),  # CNCC, EJ 2020-65: not of two alike
    ):
        control = Control(plain({"c": held}, frozenset(pools)), presuming=True)
        assert ("c" in control.group("x").entries) == found, held
    together = {"y": frozenset({"z"}), "z": frozenset({"y"})}
    held = {"x": 42, "y": 30, "z": 28}
    assert not Control(plain({"c": held}, concerts=together), presuming=True).group("x").entries


def test_what_is_denied_is_not_controlled_by_votes_but_by_what_is_recorded() -> None:
    votes = {"a": {"x": 60, "y": 40}, "b": {"a": 60, "y": 40}}
    denied = frozenset({("a", "b")})
    control = Control(plain(votes, denied=denied))
    assert control.group("x").entries.keys() == {"a"}
    assert not control.group("a").entries
    assert control.tally("b", control.group("x").voting).votes == 60, "its votes are attributed"
    told = {"recorded": {"x": frozenset({"b"})}}
    assert Control(plain(votes, denied=denied, **told)).group("x").entries.keys() == {"a", "b"}


def test_seats_make_control_certain_only_on_a_board_that_is_known() -> None:
    board = Electorate(seats={"x": 3, "y": 2}, board=5)
    assert not Control(Structure({"c": board})).group("x").entries
    assert Control(Structure({"c": board}), sure=False).group("x").entries["c"].by == "seats"
    assert not Control(Structure({"c": board}), sure=False).group("y").entries


def test_bands_are_certain_at_their_low_end_and_possible_at_their_high_end() -> None:
    def band(low: int, high: int) -> Electorate:
        of = (Block("x", frozenset({"x"}), Fraction(low, 100), Fraction(high, 100)),)
        return Electorate(of, Fraction(1), Fraction(1), "votes")

    for low, high, certain, possible in ((25, 50, 0, 0), (50, 75, 0, 1), (75, 100, 1, 1)):
        structure = Structure({"c": band(low, high)})
        assert bool(Control(structure).group("x").entries) == bool(certain)
        assert bool(Control(structure, sure=False).group("x").entries) == bool(possible)


def test_companies_that_hold_one_another_alone_are_a_ring_of_nobody() -> None:
    votes = {"a": {"b": 60, "p": 40}, "b": {"c": 51, "q": 49}, "c": {"a": 60, "r": 40}}
    control = Control(plain(votes))
    assert control.rings() == [frozenset({"a", "b", "c"})]
    assert not any(control.group(party).entries for party in "pqr")
    assert not Control(plain(CIRCLE)).rings()
    assert not Control(plain(votes, recorded={"p": frozenset({"a"})})).rings()
    assert Control(plain({"a": {"a": 60, "p": 40}})).rings() == []


def test_the_circle_of_a_company_and_its_subsidiary_gives_the_largest_other_holder_control() -> (
    None
):
    structure = plain(CIRCLE)
    found = settle(structure, Companies({"p": "fr", "s": "fr"}))
    assert [sorted(one) for one in found.rounds] == [[], [("p", "s")], [("p", "s")]]
    (strike,) = found.strikes.values()
    assert (strike.rule, strike.part, found.unsettled) == ("fr-l233-31", 1, [])
    before, after = Control(structure), Control(structure, struck(found.strikes))
    assert not before.group("x").entries
    assert entered(after, "x") == {"p": ("votes", 1), "s": ("votes", 2)}
    assert after.tally("p", {"x"})[:2] == (40, 75)


NISSAN = {
    "r": {"n": 15, "state": 15, "rest": 70},
    "n": {"r": Fraction("43.4"), "rest": Fraction("56.6")},
}


def alliance(nissan: int, recorded: bool = False) -> list[tuple[str, str]]:
    """What falls away where Nissan has so much of Renault, which has 43.4% of Nissan."""
    votes: Any = {**NISSAN, "r": {"n": nissan, "state": 15, "rest": 85 - nissan}}
    told = {"recorded": {"r": frozenset({"n"})}} if recorded else {}
    structure = plain(votes, frozenset({"rest"}), **told)
    found = settle(structure, Companies({"r": "fr", "n": "jp"}))
    assert not found.unsettled
    return sorted(found.strikes)


def test_two_laws_over_one_crossed_holding() -> None:
    assert alliance(15) == [("r", "n")]
    assert alliance(25) == [("n", "r")], "without its votes in Nissan Renault is presumed nothing"
    assert alliance(25, recorded=True) == [("n", "r"), ("r", "n")]


def test_german_companies_with_more_than_a_quarter_of_one_another_vote_a_quarter() -> None:
    votes = {"a": {"b": 40, "p": 60}, "b": {"a": 30, "q": 70}}
    (one, other) = settle(plain(votes), Companies({"a": "de", "b": "de"})).strikes.values()
    assert (one.account, one.rule, one.part) == ("b", "de-328", Fraction(15, 40))
    assert (other.account, other.part) == ("a", Fraction(5, 30))
    only = settle(plain(votes), Companies({"a": "de", "b": "fr"}))
    assert not only.strikes
    dependent = {"a": {"b": 40, "p": 60}, "b": {"a": 60, "q": 40}}
    (strike,) = settle(plain(dependent), Companies({"a": "de", "b": "de"})).strikes.values()
    assert (strike.company, strike.rule, strike.part) == ("a", "de-71d", 1)


def test_a_company_that_is_none_by_shares_and_a_british_subsidiary_cast_nothing() -> None:
    votes = {"a": {"b": 5, "p": 95}, "b": {"a": 11, "q": 89}}
    found = settle(plain(votes), Companies({"a": "fr"}, frozenset({"b"})))
    assert {s.rule for s in found.strikes.values()} == {"fr-l233-30"}
    assert not settle(plain(votes), Companies({"a": "fr"})).strikes
    assert {s.rule for s in settle(plain(CIRCLE), Companies({"p": "gb"})).strikes.values()} == {
        "gb-136"
    }


COMPANIES, PERSONS = [f"c{n}" for n in range(6)], [f"p{n}" for n in range(4)]


def dense(chance: random.Random, laws: list[str]) -> tuple[Structure, Companies]:
    """Six companies that hold one another, with four persons, at random."""
    votes = {}
    for company in COMPANIES:
        holders = chance.sample([c for c in COMPANIES if c != company] + PERSONS, 5)
        votes[company] = {holder: chance.randint(1, 40) for holder in holders}
    return plain(votes), Companies({c: chance.choice(laws) for c in COMPANIES})


@pytest.mark.parametrize("seed", [264, 315, 327])
def test_where_laws_swing_between_states_what_differs_is_not_settled(seed: int) -> None:
    structure, laws = dense(random.Random(seed), ["fr", "jp"])
    found = settle(structure, laws)
    one, other, again = found.cycle
    assert one == again != other
    assert set(found.unsettled) == {*one} ^ {*other}
    assert found.strikes == {place: strike for place, strike in one.items() if place in other}


@pytest.mark.parametrize("seed", range(12))
def test_random_structures_settle_or_say_what_does_not(seed: int) -> None:
    """Every state that comes back follows from the one before it; a settled one from itself, and
    the sets are the least that their rules allow."""
    chance = random.Random(seed)
    structure, laws = dense(chance, ["fr", "jp", "de", "gb", ""])
    found = settle(structure, laws)
    assert (len(found.cycle) == 2) == (not found.unsettled)
    assert found.cycle[0] == found.cycle[-1]
    control = Control(structure, struck(found.cycle[0]))
    for party in (*COMPANIES, *PERSONS):
        members = {party}
        while more := {
            c
            for c in COMPANIES
            if c not in members and control.tally(c, members).exceeds(Fraction(1, 2))
        }:
            members |= more
        assert control.group(party).members == members
