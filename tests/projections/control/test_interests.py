"""Economic interests: worked examples, random loops against plain elimination, and dirty data."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product

import pytest

from projections.control.flows import components, total
from projections.control.interests import NONE, Between, Ownership, Reach, exactly
from projections.control.loops import solve

Given = Mapping[str, Mapping[str, str]]
CROSS = {
    "a": {"c": "1/5", "p": "4/5"},
    "b": {"a": "1/4", "q": "3/4"},
    "c": {"b": "2/5", "r": "3/5"},
}
ALLIANCE = {"r": {"state": "15/100", "n": "15/100"}, "n": {"r": "434/1000"}}


def between(text: str) -> Between:
    low, _, high = text.partition("..")
    return Between(Fraction(low), Fraction(high or low))


def owned(given: Given, most: int = 200) -> Ownership:
    return Ownership(
        {company: {o: between(text) for o, text in of.items()} for company, of in given.items()},
        most,
    )


def part_of(reach: Reach, company: str) -> Between:
    part = reach.parts[company]
    assert part is not None
    return part


def exact(given: Given, company: str) -> dict[str, str]:
    found = owned(given).of(company)
    assert all(part.is_exact for part in found.holders.values())
    return {holder: str(part.low) for holder, part in sorted(found.holders.items())}


def test_three_companies_that_hold_one_another() -> None:
    assert exact(CROSS, "a") == {"p": "40/49", "q": "3/49", "r": "6/49"}
    assert exact(CROSS, "b") == {"p": "10/49", "q": "75/98", "r": "3/98"}
    assert exact(CROSS, "c") == {"p": "4/49", "q": "15/49", "r": "30/49"}


def test_two_companies_that_hold_one_another() -> None:
    pair = {"a": {"b": "3/10", "p": "7/10"}, "b": {"a": "2/10", "q": "8/10"}}
    assert exact(pair, "a")["p"] == "35/47"
    assert exact(pair, "b")["p"] == "7/47"


def test_what_nobody_is_known_to_hold_is_not_known() -> None:
    found = owned(ALLIANCE)
    assert found.held_by("state").parts == {
        "r": exactly(Fraction(1500, 9349)),
        "n": exactly(Fraction(651, 9349)),
    }
    assert found.of("n").not_known == exactly(Fraction(9349 - 651, 9349))


def test_a_holder_in_a_loop_is_not_counted_round_again() -> None:
    found = owned(ALLIANCE).held_by("r")
    assert found.parts == {"n": exactly(Fraction(434, 1000))}
    assert found.itself == exactly(Fraction(651, 10000))


def test_ranges_by_lower_and_upper_ends() -> None:
    bands = owned({"a": {"x": "1/4..1/2"}, "b": {"a": "3/4..1"}})
    assert bands.held_by("x").parts["b"] == Between(Fraction(3, 16), Fraction(1, 2))
    assert bands.of("b").holders == {"x": Between(Fraction(3, 16), Fraction(1, 2))}
    assert bands.of("b").not_known == Between(Fraction(3, 8), Fraction(13, 16))


def test_the_upper_end_leaves_what_others_surely_have() -> None:
    shared = owned({"a": {"x": "1/4..3/4", "y": "1/2"}})
    assert shared.held_by("x").parts["a"] == Between(Fraction(1, 4), Fraction(1, 2))
    assert shared.of("a").holders["x"] == Between(Fraction(1, 4), Fraction(1, 2))


def test_the_upper_end_where_a_loop_may_be_closed_is_what_others_leave() -> None:
    closing = owned({"a": {"b": "1/2..1", "x": "0..1/2"}, "b": {"a": "1/2..1", "y": "1/10"}})
    upper = closing.of("a").holders["x"].high
    assert upper == 1 - closing.of("a").holders["y"].low
    assert part_of(closing.held_by("x"), "a").high == upper


def test_a_ring_that_owns_itself_has_no_outside_owner_and_the_rest_is_solved() -> None:
    ring = owned({"a": {"b": "1"}, "b": {"a": "1"}, "c": {"a": "1/2", "z": "1/2"}})
    found = ring.of("c")
    assert found.holders == {"z": exactly(Fraction(1, 2))}
    assert found.rings == {("a", "b"): exactly(Fraction(1, 2))}
    assert ring.of("a").rings == {("a", "b"): exactly(Fraction(1))}
    assert ring.held_by("z").parts == {"c": exactly(Fraction(1, 2))}
    assert ring.held_by("a").parts == {"b": exactly(Fraction(1)), "c": exactly(Fraction(1, 2))}
    alone = owned({"a": {"a": "1"}})
    assert alone.of("a").rings == {("a",): exactly(Fraction(1))}


def test_own_shares_count_as_if_they_were_out() -> None:
    selfish = owned({"a": {"a": "1/5", "x": "2/5", "y": "2/5"}})
    assert selfish.of("a").holders["x"] == exactly(Fraction(1, 2))
    assert [one.kind for one in selfish.oddities] == ["self-holding"]


def test_dirty_stakes_are_named_and_never_fail() -> None:
    dirty = owned(
        {
            "a": {"b": "3/2", "x": "1/2", "a": "1/10"},
            "b": {"a": "1", "y": "-1/2"},
            "c": {"a": "1/2", "z": "1/2"},
            "d": {"v": "7/10", "w": "5/10"},
        }
    )
    assert [(one.kind, one.company, one.owner) for one in dirty.oddities] == [
        ("self-holding", "a", "a"),
        ("more-than-whole", "a", "a"),
        ("negative", "b", "y"),
        ("more-than-whole", "d", "d"),
    ]
    assert dirty.of("c").unsolved == {("a", "b"): exactly(Fraction(1, 2))}
    assert dirty.of("c").holders == {"z": exactly(Fraction(1, 2))}
    assert dirty.held_by("x").parts == {"a": None, "b": None, "c": None}
    assert dirty.of("d").holders["v"] == exactly(Fraction(7, 10))
    assert dirty.of("d").not_known == NONE


def test_every_small_dirty_structure_is_answered() -> None:
    parts = ("0", "1/2", "1", "3/2", "-1/2", "1/4..1")
    for four in product(parts, repeat=4):
        found = owned(
            {"a": {"b": four[0], "a": four[1], "x": "1/5"}, "b": {"a": four[2], "x": four[3]}}
        )
        for company in "ab":
            shown = found.of(company)
            held = [*shown.holders.values(), *shown.rings.values(), *shown.unsolved.values()]
            assert all(0 <= part.low <= part.high for part in [*held, shown.not_known])
            part = found.held_by("x").parts.get(company, NONE)
            assert part is None or 0 <= part.low <= part.high


def tangled(draw: random.Random, companies: int, links: int) -> dict[str, dict[str, Between]]:
    """Companies that hold one another at random, the rest held by persons and not known."""
    found = {}
    for company in range(companies):
        whole = draw.randint(10, 10**9)
        left, of = whole, dict[str, Between]()
        for owner in draw.sample(range(companies), min(links, companies)):
            held = draw.randint(0, left // 2)
            left -= held
            of[f"c{owner}"] = exactly(Fraction(held, whole))
        for person in draw.sample(range(3), 2):
            held = draw.randint(0, left)
            left -= held
            of[f"p{person}"] = exactly(Fraction(held, whole))
        found[f"c{company}"] = of
    return found


def eliminated(owners: Mapping[str, Mapping[str, Between]], holder: str) -> dict[str, Fraction]:
    """e = d + e W by plain elimination."""
    names = list(owners)
    rows = [
        [Fraction(a == b) - owners[a].get(b, NONE).low for b in names]
        + [owners[a].get(holder, NONE).low]
        for a in names
    ]
    for n in range(len(names)):
        pivot = next(m for m in range(n, len(names)) if rows[m][n])
        rows[n], rows[pivot] = rows[pivot], rows[n]
        rows[n] = [value / rows[n][n] for value in rows[n]]
        for m, row in enumerate(rows):
            if m != n and row[n]:
                rows[m] = [a - row[n] * b for a, b in zip(row, rows[n], strict=True)]
    return {name: row[-1] for name, row in zip(names, rows, strict=True)}


@pytest.mark.parametrize("seed", range(6))
def test_interests_in_random_loops_are_those_of_plain_elimination_and_make_the_whole(
    seed: int,
) -> None:
    draw = random.Random(seed)
    owners = tangled(draw, draw.randint(2, 9), 3)
    found = Ownership(owners)
    want = {person: eliminated(owners, person) for person in ("p0", "p1", "p2")}
    for company in owners:
        shown = found.of(company)
        for person in want:
            assert shown.holders.get(person, NONE) == exactly(want[person][company])
            part = found.held_by(person).parts.get(company, NONE)
            assert part == exactly(want[person][company])
        whole = [*shown.holders.values(), *shown.rings.values(), shown.not_known]
        assert total(part.low for part in whole) == 1


def test_a_loop_too_long_to_solve_gives_bounds_that_hold_the_solution() -> None:
    owners = tangled(random.Random(7), 12, 4)
    solved, bounded = Ownership(owners), Ownership(owners, most=5)
    for company in owners:
        exact, shown = solved.of(company), bounded.of(company)
        assert (exact.bounded, shown.bounded) == (False, True)
        for holder, part in shown.holders.items():
            assert part.low <= exact.holders[holder].low <= part.high
            assert part.high - part.low < Fraction(1, 10**9)
    exactly_held, held = solved.held_by("p0"), bounded.held_by("p0")
    assert held.bounded == frozenset(held.parts)
    for company in held.parts:
        part = part_of(held, company)
        assert part.low <= part_of(exactly_held, company).low <= part.high


def test_systems_without_one_solution_have_none() -> None:
    half = Fraction(1, 2)
    singular: Sequence[Mapping[int, Fraction]] = [{0: half, 1: -half}, {0: -half, 1: half}]
    assert solve(singular, [half, half]) is None
    assert solve([{0: Fraction(-3, 7)}], [Fraction(2, 5)]) == [Fraction(-14, 15)]
    assert solve([{0: half, 1: Fraction(1)}, {0: Fraction(1)}], [half, Fraction()]) == [0, half]


def test_components_come_after_what_flows_into_them() -> None:
    graph = {"a": ["b"], "b": ["c"], "c": ["b", "d"], "e": ["a", "e"]}
    assert list(components(graph)) == [("d",), ("b", "c"), ("a",), ("e",)]


@pytest.mark.whole
def test_two_hundred_companies_in_one_loop_are_solved() -> None:
    owners = tangled(random.Random(11), 200, 8)
    shown = Ownership(owners).of("c0")
    assert not shown.bounded
    assert total(part.low for part in [*shown.holders.values(), shown.not_known]) == 1
