"""Owners by named rules: one structure and its several answers, trusts, time, what is not known."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import chain, combinations

import pytest

from cli.commands.owners import RULES as OFFERED
from ledger.time.view import View
from projections.control import spans
from projections.control.all_owners import all_owners
from projections.control.blocked import blocked
from projections.control.group import group
from projections.control.interests import exactly
from projections.control.legal_owners import RULES
from projections.control.owner_rules import Threshold
from projections.control.owners import owners
from projections.control_rows import OwnerRow
from tests.histories import Draft
from tests.projections.control.structures import (
    disclosed,
    opened,
    related,
    seen,
    sold,
)
from tests.projections.control.test_interests import tangled
from tests.projections.subjects.record import on

TWO_STEPS = {"t": {"a": 40, "public": 60}, "a": {"x": 60, "y": 40}}
PERSONS = {"x": "person", "y": "person", "w": "person", "public": "other"}


def rows(view: View, company: str, rule: str = "economic", at: str | None = None) -> list[OwnerRow]:
    return [row for row in owners(view, company, rule, at).rows if row["until"] is None]


def found(view: View, company: str, rule: str, at: str | None = None) -> dict[str, str | None]:
    return {str(row["party"]): row["percent"] for row in rows(view, company, rule, at)}


def test_every_rule_can_be_asked_for() -> None:
    assert tuple(RULES) == OFFERED


def test_one_structure_has_other_owners_by_each_rule() -> None:
    view = seen(TWO_STEPS, **PERSONS)
    assert found(view, "t", "economic") == {"x": "24.0000", "y": "16.0000", "None": "60.0000"}
    assert found(view, "t", "economic", "20") == {"x": "24.0000", "None": "60.0000"}
    (x,) = rows(view, "t", "amlr")
    assert (x["party"], x["percent"], x["by"]) == ("x", "40.0000", "controls who has an interest")
    assert x["through"] == ["a"]
    (x,) = rows(view, "t", "psc")
    assert (x["party"], x["percent"], x["band"]) == ("x", "40.0000", "over-25-to-50")
    assert found(view, "a", "ofac") == {"x": "60.0000"}
    answer = owners(view, "t", "ofac")
    assert (answer.rows, answer.outcome) == ([], "none")


def test_a_company_is_looked_through_that_is_an_issuer_under_another_id() -> None:
    one: Draft = "parties-identified", "one", {"party": "a", "same_as": "a-two", "because": "one"}
    told = disclosed("a-two", "x", "100", percent_of="issued")
    view = seen({"t": TWO_STEPS["t"]}, told, one, a_two="company", **PERSONS)
    assert [row["percent"] for row in rows(view, "t") if row["party"] == "x"] == ["40.0000"]


def test_what_is_blocked_by_aggregates_and_no_more_when_one_falls_below_half() -> None:
    holdings = {
        "c": {"a": 250, "b": 250, "public": 500},
        "a": {"x": 500, "y": 500},
        "b": {"x": 500, "w": 500},
    }
    view = seen(holdings, **PERSONS)
    assert found(view, "c", "ofac") == {"x": "50.0000"}
    assert found(view, "c", "economic", "25")["x"] == "25.0000"
    after = seen(holdings, sold("a", "x", "y", 1), **PERSONS)
    assert found(after, "c", "ofac") == {}
    assert found(after, "c", "economic", "20")["x"] == "24.9750"
    (past,) = owners(after, "c", "ofac").rows
    assert (past["party"], past["since"], past["until"]) == ("x", "2020-01-01", "2022-01-01")
    assert past["ended_by"] == ["sold-a-x-y-2022-01-01"]


def test_those_who_are_blocked_count_together() -> None:
    holdings = {
        "c": {"a": 250, "y": 250, "public": 500},
        "a": {"x": 400, "w": 300, "public": 300},
    }
    view = seen(holdings, **PERSONS)
    answer = owners(view, "c", "ofac")
    assert (answer.rows, "--blocked" in answer.notes[1]) == ([], True)

    def named(*parties: str) -> tuple[list[tuple[object, ...]], str]:
        answer = owners(view, "c", "ofac", blocked=parties)
        told = [(row["party"], row["percent"], row["through"]) for row in answer.rows]
        return told, answer.notes[1].rpartition(": ")[2]

    together = [("x", "50.0000", ["a"]), ("w", "50.0000", ["a"]), ("y", "50.0000", [])]
    assert named("x", "w", "y") == (together, "by this rule it is blocked too.")
    assert named("x", "y") == ([], "by this rule it is not blocked.")
    answer = owners(view, "c", "ofac", blocked=["x", "y"])
    assert "25% belongs to who is blocked" in answer.notes[1]
    assert named("c") == ([], "c is itself told to be blocked, whoever owns it.")


def test_who_is_frozen_on_record_is_blocked_until_it_is_active_again() -> None:
    status = ("party-status-changed", "frozen-x", "active-x")
    frozen, active = (
        on(day, key, status[0], party="x", status=key[:6], **more)
        for day, key, more in (
            ("2022-03-01", status[1], {"by": "w"}), ("2023-05-01", status[2], {}),
        )
    )  # fmt: skip
    holdings = {"t": {"a": 50, "y": 50}, "a": {"x": 50, "y": 50}}
    view = seen(holdings, frozen, **PERSONS)
    answer = owners(view, "t", "ofac")
    (x,) = answer.rows
    assert (x["party"], x["since"], x["began_by"]) == ("x", "2022-03-01", ["frozen-x"])
    assert "frozen-x" in x["events"]
    assert answer.notes[1] == "x counts as blocked: it is recorded as frozen by w (frozen-x)."
    after = owners(seen(holdings, frozen, active, **PERSONS), "t", "ofac")
    (past,) = after.rows
    assert (past["until"], past["ended_by"]) == ("2023-05-01", ["active-x"])
    assert after.notes[1] == "Nobody is blocked at this cut."
    named = owners(seen(holdings, frozen, active, **PERSONS), "t", "ofac", blocked=["x"])
    assert [(row["party"], row["until"]) for row in named.rows] == [("x", None)]
    assert {row["party"] for row in rows(view, "t", "economic")} == {"x", "y"}


def test_threshold_of_the_old_and_the_new_european_rule() -> None:
    view = seen({"t": {"x": 25, "y": 26, "public": 49}}, **PERSONS)
    assert set(found(view, "t", "amlr")) == {"x", "y"}
    assert set(found(view, "t", "amld")) == {"y"}
    assert set(found(view, "t", "psc")) == {"y"}


def test_an_interest_in_who_controls_and_control_on_record() -> None:
    holdings = {"t": {"h": 51, "public": 49}, "h": {"x": 30, "public": 70}}
    view = seen(holdings, related("w", "t", "control", basis="contract"), **PERSONS)
    by = {row["party"]: row["by"] for row in rows(view, "t", "amlr")}
    assert by == {"x": "interest in who controls", "w": "control"}
    assert found(view, "t", "psc") == {"w": None}


def test_the_parties_to_a_trust_are_owners_each_with_a_role() -> None:
    terms = {
        "settlors": ["x"], "trustees": ["bank"], "protectors": ["w"],
        "beneficiaries": [{"party": "x", "fraction": "1/2"}, {"party": "y", "fraction": "1/4"}],
    }  # fmt: skip
    settled = on("2020-02-01", "settled", "trust-settled", trust="trust", **terms)
    view = seen(
        {"t": {"trust": 40, "public": 60}}, settled, bank="company", trust="trust", **PERSONS
    )
    assert found(view, "t", "economic") == {"x": "20.0000", "y": "10.0000", "None": "70.0000"}
    roles = [(row["party"], row["role"]) for row in rows(view, "t", "amlr")]
    assert roles == [
        ("x", "settlor"), ("bank", "trustee"), ("w", "protector"), ("x", "beneficiary"),
        ("y", "beneficiary"),
    ]  # fmt: skip


def test_bands_are_ranges_and_what_nobody_is_known_to_hold_is_said() -> None:
    bands: list[Draft] = [
        disclosed("a", "x", "25", percent_to="50", percent_of="issued"),
        disclosed("b", "a", "75", percent_to="100", percent_of="issued"),
    ]
    view = seen({}, *bands, a="company", b="company", **PERSONS)
    x, unknown = rows(view, "b")
    assert (x["percent"], x["percent_low"], x["percent_high"]) == (None, "18.7500", "50.0000")
    assert unknown["role"] == "not known"
    assert [row["certain"] for row in rows(view, "b", at="20")] == ["no", "yes"]
    (x,) = rows(view, "b", "amlr")
    assert (x["by"], x["certain"]) == ("interest in who controls", "yes")


def test_a_nominee_and_own_shares_are_looked_through() -> None:
    right = {"right": "r", "share_class": "t/common", "holder": "nominee", "to": "x"}
    client = on("2020-02-01", "client", "share-right-granted", kind="nominee", shares="30", **right)
    view = seen({"t": {"nominee": 40, "y": 40, "t": 20}}, client, nominee="company", **PERSONS)
    assert found(view, "t", "economic") == {"y": "50.0000", "x": "37.5000", "None": "12.5000"}


def test_of_a_nominee_with_fewer_shares_than_its_clients_each_part_is_a_range() -> None:
    """Of 60 for rights on 40 and on 30, one has 30 to 40 and the other 20 to 30."""
    rights = [
        on("2020-02-01", to, "share-right-granted", kind="nominee", right=to, holder="nominee",
           to=to, shares=shares, share_class="t/common")
        for to, shares in (("x", "40"), ("z", "30"))
    ]  # fmt: skip
    view = seen({"t": {"nominee": 60, "y": 40}}, *rights, nominee="company", z="person", **PERSONS)
    answer = owners(view, "t")
    parts = {row["party"]: (row["percent_low"], row["percent_high"]) for row in answer.rows}
    assert (parts["x"], parts["z"]) == (("30.0000", "40.0000"), ("20.0000", "30.0000"))
    assert any("rights of kind nominee are together" in note for note in answer.notes)


def test_oddities_are_named() -> None:
    dirty = [
        disclosed("a", "a", "10", percent_of="issued"),
        disclosed("a", "x", "70", percent_of="issued"),
        disclosed("a", "y", "50", percent_of="issued"),
    ]
    view = seen({}, *dirty, a="company", **PERSONS)
    for answer in (owners(view, "a"), all_owners(view)):
        assert "a has 10% of itself: what others have is counted without it." in answer.notes
        assert "The stakes in a make 130%: interests do not make the whole." in answer.notes
    ring = owners(seen({"a": {"b": 1}, "b": {"a": 1}}), "a")
    assert [(row["role"], row["through"]) for row in ring.rows] == [
        ("no outside owner", ["a", "b"])
    ]


@pytest.mark.parametrize("bound", ["MOST_DAYS", "MOST_READ", "MOST_ASKED"])
def test_of_very_many_days_only_the_last_are_looked_at(
    bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spans, bound, 2)
    sales = [sold("t", "x", "y", 1, f"2022-0{month}-01") for month in range(1, 6)]
    answer = owners(seen({"t": {"x": 10}}, *sales, **PERSONS), "t")
    assert {row["since"] for row in answer.rows} == {None}
    assert "Changes before 2022-05-01 are not looked at: there are very many." in answer.notes


def test_of_days_before_one_that_is_left_out_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A company that is met on an earlier day has days of its own, after it."""
    holdings = {"t": {"a": 60, "y": 40}, "a": {"x": 60, "y": 40}}
    sales = [
        sold("a", "x", "y", 20, "2023-01-01"),
        sold("t", "a", "y", 60, "2022-06-01"),
        sold("a", "y", "x", 20, "2023-03-01"),
        sold("t", "y", "a", 60, "2023-06-01"),
    ]
    view = seen(holdings, *sales, **PERSONS)
    whole = [(r["party"], r["since"], r["until"]) for r in owners(view, "t", "psc").rows]
    assert whole == [
        ("y", "2020-01-01", None), ("x", "2023-06-01", None), ("x", "2020-01-01", "2022-06-01"),
    ]  # fmt: skip
    for most in range(2, 8):
        monkeypatch.setattr(spans, "MOST_DAYS", most)
        answer = owners(view, "t", "psc")
        (first,) = [note.split()[2] for note in answer.notes if "looked at" in note] or [None]
        kept = [
            (party, since if since > (first or "") else None, until)
            for party, since, until in whole
            if until is None or until > (first or "")
        ]
        assert [(r["party"], r["since"], r["until"]) for r in answer.rows] == kept, most
        over = group(view, "t", over_time=True)
        assert any("looked at" in note for note in over.notes) or most > 4


def test_nothing_on_record_is_not_known() -> None:
    view = seen({"t": {"x": 1}}, opened("t", "y", 1), **PERSONS, z="company")
    assert (rows(view, "z"), owners(view, "z").gaps != []) == ([], True)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_blocked_is_the_least_set_that_is_closed(seed: int) -> None:
    """Against every set of companies: the smallest that is blocked whole by itself and no more."""
    draw = random.Random(seed)
    owned = tangled(draw, 5, 2)
    half = Threshold(Fraction(2, 5))
    given = {"p0"}

    def is_closed(chosen: tuple[str, ...]) -> bool:
        whole = given | set(chosen)
        return all(
            (sum(owned[c][o].low for o in owned[c] if o in whole) >= half.at) <= (c in chosen)
            for c in owned
        )

    sets = chain.from_iterable(combinations(owned, size) for size in range(len(owned) + 1))
    least = next(set(chosen) for chosen in sets if is_closed(chosen))
    assert set(blocked(owned, given, half, low=True)) == least


def test_a_loop_that_blocks_itself_is_not_blocked_by_others() -> None:
    ring = {"a": {"b": exactly(Fraction(1))}, "b": {"a": exactly(Fraction(1))}}
    assert blocked(ring, ["x"], Threshold(Fraction(1, 2)), low=True) == {}
