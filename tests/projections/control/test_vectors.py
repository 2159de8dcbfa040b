"""Owners of many companies at once against those of each, on random loops and rings."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random

from projections.control.all_owners import exact_owners
from projections.control.interests import Interests, Ownership, exactly
from projections.control.owner_rules import Threshold, economic_owners
from projections.control.vectors import Ends, Stakes, ends


def drawn(random: Random) -> dict[str, Stakes]:
    """Companies that hold one another by chance, some a part of themselves."""
    names = [f"c{n}" for n in range(random.randrange(2, 9))]
    found = {}
    for company in names:
        among = [*names, "x", "y"] if random.random() < 0.8 else names
        holders = random.sample(among, random.randrange(1, min(len(among), 4) + 1))
        owners = {one: random.randrange(1, 30) for one in holders}
        spare = random.choice((0, 0, 7))
        found[company] = Stakes(sum(owners.values()) + spare, owners)
    return found


def parts_of(found: Ends) -> Mapping[str | None, Fraction]:
    return {end: Fraction(n, found.whole) for end, n in found.parts.items() if n}


def test_what_is_solved_together_is_what_each_has_by_itself() -> None:
    random = Random(3)
    solved = 0
    for _ in range(400):
        stakes = drawn(random)
        owned = Ownership(
            {
                c: {o: exactly(Fraction(n, whole)) for o, n in of.items()}
                for c, (whole, of) in stakes.items()
            }
        )
        for company, found, long in ends(stakes, {}):
            alone = owned.of(company)
            assert not long
            assert (found is None) == bool(alone.rings)
            if found is not None:
                solved += 1
                expected: dict[str | None, Fraction] = {o: p.low for o, p in alone.holders.items()}
                if alone.not_known.low:
                    expected[None] = alone.not_known.low
                assert parts_of(found) == expected
    assert solved > 1_000


def test_what_rests_on_what_is_left_or_too_long_is_not_worked_out() -> None:
    stakes = {
        "a": Stakes(100, {"b": 50, "x": 50}),
        "b": Stakes(100, {"a": 50, "y": 50}),
        "c": Stakes(100, {"a": 60, "odd": 40}),
        "d": Stakes(100, {"x": 100}),
    }
    found = {one.company: one for one in ends(stakes, {"odd": ["d"]})}
    assert found["c"].ends is None
    assert not found["c"].long
    assert found["odd"].ends is None
    assert found["a"].ends is not None
    assert parts_of(found["a"].ends) == {"x": Fraction(2, 3), "y": Fraction(1, 3)}
    short = {one.company: (one.ends is None, one.long) for one in ends(stakes, {}, most=1)}
    assert short == {
        "a": (True, True), "b": (True, True), "c": (True, True), "d": (False, False)
    }  # fmt: skip


def test_owners_of_exact_parts_are_those_of_the_interests() -> None:
    random = Random(5)
    told = 0
    for _ in range(300):
        stakes = drawn(random)
        threshold = Threshold(Fraction(random.randrange(0, 60), 100), random.random() < 0.5)
        for _, found, _ in ends(stakes, {}):
            if found is None:
                continue
            parts = {
                o: exactly(Fraction(n, found.whole))
                for o, n in found.parts.items()
                if o is not None
            }
            unknown = exactly(Fraction(found.parts.get(None, 0), found.whole))
            interests = Interests(parts, {}, {}, unknown)
            expected = [*economic_owners(interests, interests, threshold)]
            assert [*exact_owners(found, threshold)] == expected
            told += len(expected)
    assert told > 500
