"""The network of stakes: what is known of a company's votes and shares, and how far it reaches."""

from __future__ import annotations

from fractions import Fraction

from projections.control.network import Network, bands
from tests.histories import Draft
from tests.projections.control.structures import disclosed, opened, related, seen, suspended
from tests.projections.subjects.record import on

RING = {"p": {"x": 40, "s": 25, "public": 35}, "s": {"p": 60, "w": 40}, "far": {"z": 1}}


def settled(**fields: object) -> Draft:
    terms = {"settlors": ["a"], "trustees": ["bank"], "beneficiaries": [{"party": "a"}]}
    return on("2020-02-01", "settled", "trust-settled", trust="t", **terms | fields)


def test_votes_and_shares_of_a_register_with_own_shares_out_and_suspensions_seen() -> None:
    view = seen(RING, opened("p", "p", 10), suspended("p", "s"), public="other", x="person")
    company = Network(view).company("p")
    assert {a: b.held for a, b in company.ballots.items() if a} == {"x": 40, "s": 25, "public": 35}
    assert company.totals == (110, 100, 75)
    assert company.held("p/common") == {"x": 40, "s": 25, "public": 35}
    assert company.outstanding("p/common") == 100
    assert company.is_counted
    assert [a for a in company.ballots if company.is_pool(a)] == ["public"]
    assert company.events("s") == ["opened-p-s"]


def test_above_and_below_reach_what_is_linked_and_nothing_else() -> None:
    network = Network(seen(RING, public="other"))
    assert set(network.above(["p"])) == {"p", "x", "s", "public", "w"}
    assert set(network.below(["x"])) == {"x", "p", "s"}
    assert network.below(["z"]) == ["z", "far"]
    assert "far" not in network._companies


def test_a_trust_votes_as_who_instructs_it_says_or_as_nobody_does() -> None:
    holdings = {"p": {"a": 30, "b": 70}}
    into = {"share_class": "p/common", "holder": "a", "trust": "t", "shares": "30"}
    placed = on("2020-03-01", "placed", "shares-placed-in-trust", **into)
    for terms, voters in (
        ({}, ["a"]),
        ({"voting": "neutral"}, []),
        ({"instructed_by": ["b"]}, ["b"]),
    ):
        view = seen(holdings, settled(**terms), placed, a="person", bank="company", t="trust")
        company = Network(view).company("p")
        assert company.voters("t") == voters
        assert company.voters("b") == ["b"]
        assert company.events("t") == ["placed", "settled"]


def test_stakes_without_a_register_are_intervals_of_what_was_printed() -> None:
    view = seen(
        {},
        disclosed("p", "x", "43.4"),
        disclosed("p", "x", "40", day="2020-03-01"),
        disclosed("p", "y", "25", percent_to="50", percent_of="issued"),
        disclosed("p", "z", "5", qualifier="at-least"),
        disclosed("p", "w", "12.5", qualifier="about"),
        p="company", x="company", y="company", z="company", w="company",
    )  # fmt: skip
    network = Network(view)
    found = {s.holder: (s.low * 100, s.high * 100, s.of) for s in network.company("p").stakes}
    assert found == {
        "x": (Fraction("43.35"), Fraction("43.45"), "votes"),
        "y": (25, 50, "issued"),
        "z": (5, 100, "votes"),
        "w": (Fraction("12.4"), Fraction("12.6"), "votes"),
    }
    assert set(network.holders("p")) == {"x", "y", "z", "w"}
    assert "p" in network.held_by("x")


def test_relationships_in_force_and_bands_of_significant_control() -> None:
    natures = [{"of": "votes", "band": "over-50-under-75"}, {"of": "board-majority"}]
    ended = on("2022-01-01", "ended", "relationship-ended", relationship="x-control-q")
    view = seen(
        {"q": {"x": 1}},
        related("y", "p", "significant-control", natures=natures),
        related("x", "q", "control", basis="board"),
        ended,
        p="company", y="person",
    )  # fmt: skip
    network = Network(view)
    assert network.relations("x") == []
    (relation,) = network.relations("p")
    assert relation[:3] == ("y", "p", "significant-control")
    assert [(s.low, s.high, s.of, s.above) for s in bands(relation)] == [
        (Fraction(1, 2), Fraction(3, 4), "votes", True)
    ]
    assert network.holders("p") == ["y"]
