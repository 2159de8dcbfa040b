"""Trusts: the terms in force at a cut, and what is said where no event tells them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from ledger.time.log import Log
from projections.changes.impact import impact
from projections.subjects.holdings import holdings
from projections.subjects.trusts import Trust, trust_at
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import (
    COMMON,
    at,
    columns,
    on,
    opened,
    outcome,
    placed,
    published,
    record,
    recorded,
    settled,
    sold,
)

SETTLED = {
    "settlors": ["alice"],
    "trustees": ["bank"],
    "beneficiaries": [{"party": "alice"}],
    "voting": "neutral",
}


def amended(day: str = "2021-01-01", key: str = "amended", **fields: Any) -> Draft:
    return on(day, key, "trust-amended", trust="acme-trust", **fields)


def ended(day: str) -> Draft:
    return on(day, "ended", "trust-ended", trust="acme-trust")


def trust(*events: Draft, **limits: str) -> Trust:
    """Alice's trust at a cut of a record, where its terms are told."""
    found = trust_at(at(record(*events), **limits), "acme-trust")
    assert found is not None
    return found


def test_the_terms_are_those_it_is_settled_with() -> None:
    found = trust(settled(sale_ordered_by="alice", first_offer_to="acme"))
    assert found.terms == SETTLED | {"sale_ordered_by": "alice", "first_offer_to": "acme"}
    assert (found.beneficiary, found.trustee) == ("alice", "bank")
    assert [fact.key for fact in found.facts] == ["settled"]


@pytest.mark.parametrize(
    "change",
    [
        {"trustees": ["carol"]},
        {"beneficiaries": [{"party": "bob"}]},
        {"voting": "as-instructed"},
        {"voting_exceptions": ["a takeover bid: against"]},
        {"sale_ordered_by": "bob", "first_offer_to": "bolt"},
    ],
)
def test_an_amendment_replaces_the_terms_it_gives_and_keeps_the_others(
    change: dict[str, Any],
) -> None:
    exceptions = {"voting_exceptions": ["directors: in favour", "accounts: in favour"]}
    found = trust(settled(**exceptions), amended(**change))
    assert found.terms == SETTLED | exceptions | change
    assert [fact.key for fact in found.facts] == ["settled", "amended"]


def test_amendments_apply_in_the_order_of_the_fold_whatever_the_order_of_recording() -> None:
    late, early = amended("2022-01-01", "late", trustees=["carol"]), amended(trustees=["bob"])
    assert trust(settled(), late, early).trustee == "carol"
    same_day = amended(key="second", trustees=["carol"], sequence="2")
    assert trust(settled(), same_day, amended(trustees=["bob"], sequence="1")).trustee == "carol"


@pytest.mark.parametrize(
    ("as_of", "trustee"),
    [("2020-01-31", None), ("2020-02-01", "bank"), ("2020-12-31", "bank"), ("2021-01-01", "bob")],
)
def test_the_terms_are_those_of_the_day(as_of: str, trustee: str | None) -> None:
    found = trust_at(at(record(settled(), amended(trustees=["bob"])), as_of=as_of), "acme-trust")
    assert (found and found.trustee) == trustee


@pytest.mark.parametrize(
    ("date", "known_on", "before", "certain_from"),
    [
        ("2021-Q2", "2022-01-01", "2021-06-29", "2021-06-30"),
        ("2021-Q2", "2021-05-10", "2021-05-09", "2021-05-10"),
        ("2021-Q2", "2021-03-31", "2021-06-29", "2021-06-30"),
        ("unknown", "2021-05-10", "2021-05-09", "2021-05-10"),
    ],
    ids=["of a quarter", "told within it", "announced before it", "undated"],
)
def test_terms_of_several_days_hold_from_the_last_on_which_they_can_have_come(
    date: str, known_on: str, before: str, certain_from: str
) -> None:
    events = settled(), amended(date, voting="as-instructed", known_on=known_on)
    assert trust(*events, as_of=before).terms["voting"] == "neutral"
    assert trust(*events, as_of=certain_from).terms["voting"] == "as-instructed"


def test_an_amendment_counts_when_it_is_known_and_of_the_standing_asked_for() -> None:
    known = {"known_on": "2020-02-01"}
    hearsay = amended(trustees=["carol"], standing="reported", known_on="2021-03-01")
    events = settled(**known), hearsay
    assert trust(*events, known_by="2021-02-28").trustee == "bank"
    assert trust(*events, known_by="2021-03-01").trustee == "carol"
    assert trust(*events, standing="official").trustee == "bank"
    assert trust(*events, standing="reported").trustee == "carol"


def test_a_correction_changes_the_terms_and_a_retraction_takes_them_away() -> None:
    why = {"event": "amended", "because": "misread"}
    correction: Draft = (
        "event-corrected",
        "c",
        why | {"changes": [{"field": "trustees", "value": ["bob"]}]},
    )
    events = settled(), amended(trustees=["carol"])
    assert trust(*events, correction).trustee == "bob"
    assert trust(*events, ("event-retracted", "r", why)).trustee == "bank"


def test_a_trust_that_has_ended_keeps_its_terms_for_the_shares_still_in_it() -> None:
    events = opened("alice", 100), settled(), placed(40), ended("2022-01-01")
    assert trust(*events).terms == SETTLED | {"ended_on": "2022-01-01"}
    rows = holdings(at(record(*events)), "acme", "acme-trust").rows
    assert columns(rows, "shares", "capacity", "economic_owner") == [
        ("40", "ended trust for alice", "alice")
    ]


def reached(**terms: Any) -> tuple[Draft, ...]:
    """A trust that had shares from the first day on, bought some and was issued others."""
    issued = {"share_class": COMMON, "holder": "acme-trust", "shares": "10"}
    return (
        opened("alice", 95), opened("acme-trust", 5), settled("2019-03-01", **terms),
        sold("2020-02-02", "bought", "alice", "acme-trust", 25),
        on("2020-02-03", "issued", "shares-issued", **issued),
    )  # fmt: skip


def test_a_trust_is_one_by_its_terms_however_its_shares_came() -> None:
    view = at(record(*reached()))
    rows = holdings(view, holder="alice").rows
    entitled = "title_holder", "economic_owner", "fraction", "voting", "votes_by"
    assert columns(rows, "holder", "shares", "capacity", *entitled) == [
        ("alice", "70", "own name", "alice", "alice", "1", "holder", "alice"),
        ("acme-trust", "40", "trustee for alice", "bank", "alice", "1", "neutral", None),
    ]
    counted = votes(view, "acme").rows
    figures = "votes", "neutral", "exercisable", "after_caps", "gross_votes", "net_votes"
    assert columns(counted, "holder", *figures) == [
        ("alice", "70", "0", "70", "70", "110", "110"),
        ("acme-trust", "40", "40", "0", "0", "110", "110"),
    ]


def test_a_trust_is_one_from_the_day_on_which_its_terms_take_effect() -> None:
    late = settled("2021-01-01")
    history = record(*(late if key == "settled" else (t, key, d) for t, key, d in reached()))
    for day, exercisable in (("2020-12-31", "40"), ("2021-01-01", "0")):
        rows = votes(at(history, as_of=day), "acme").rows
        assert columns(rows, "holder", "exercisable")[1] == ("acme-trust", exercisable)


def test_the_terms_of_a_trust_that_bought_its_shares_change_the_answers_of_the_issuer() -> None:
    kept = recorded(*reached())
    terms = [event for event in kept if event.key == "settled"]
    others = [event for event in kept if event.key != "settled"]
    late = [replace(event, position=len(kept)) for event in terms]
    moved = [replace(event, position=n) for n, event in enumerate(others, 1)]
    changes = impact(Log(moved), Log([*moved, *late]), late).changes
    days = "2020-01-01", "2020-02-02", "2020-02-03"
    assert {(one["answer"], one["row"], one["from"]) for one in changes} == {
        ("holdings", "acme/common acme-trust", "2020-01-01"),
        *(("votes", "acme-trust", day) for day in days),
    }


def test_of_several_beneficiaries_each_has_its_fraction() -> None:
    halves = [{"party": "alice", "fraction": "1/2"}, {"party": "bob", "fraction": "1/3"}]
    (row,) = holdings(at(record(*reached(beneficiaries=halves))), holder="bob").rows
    assert (row["economic_owner"], row["fraction"]) == (None, None)
    assert columns(row["beneficiaries"], "party", "fraction") == [("alice", "1/2"), ("bob", "1/3")]


@pytest.mark.parametrize(
    ("terms", "instructed", "uninstructed"),
    [
        ({"beneficiaries": ["alice 1/3", "bob 2/3"]}, [("alice", "33"), ("bob", "66")], "1"),
        ({"beneficiaries": ["alice 1/2"]}, [("alice", "50")], "50"),
        ({"beneficiaries": ["alice", "bob"]}, [("alice", None), ("bob", None)], None),
        ({"instructed_by": ["bob"]}, [("bob", "100")], "0"),
        ({"voting": "neutral"}, None, None),
        ({"kind": "discretionary", "voting": None}, None, None),
    ],
    ids=["parts of a vote", "half not told", "not told", "named", "neutral", "at discretion"],
)
def test_each_instructs_the_whole_votes_of_its_part(
    terms: dict[str, Any], instructed: list[tuple[str, str]] | None, uninstructed: str | None
) -> None:
    written = (one.split() for one in terms.get("beneficiaries", ["alice"]))
    named = [dict(zip(("party", "fraction"), one, strict=False)) for one in written]
    fields = {"voting": "as-instructed"} | terms | {"beneficiaries": named}
    kind, key, data = settled("2019-03-01", **fields)
    told = {name: value for name, value in data.items() if value is not None}
    (row,) = votes(at(record(opened("acme-trust", 100), (kind, key, told))), "acme").rows
    found = columns(row["instructed"], "party", "votes") if "instructed" in row else None
    assert (found, row.get("uninstructed")) == (instructed, uninstructed)


@pytest.mark.parametrize(
    ("terms", "parts"),
    [
        ({}, [("alice", 0, 1), ("bob", 0, 1)]),
        ({"kind": "discretionary"}, [("alice", 0, 1), ("bob", 0, 1)]),
        (
            {"first": {"fraction": "1/4"}},
            [("alice", Fraction(1, 4), Fraction(1, 4)), ("bob", 0, Fraction(3, 4))],
        ),
        ({"second": {"capital": "no"}}, [("alice", 1, 1), ("bob", 1, 1)]),
    ],
    ids=["not told", "at discretion", "one told", "income alone"],
)
def test_what_is_not_told_of_a_part_is_between_two_ends(
    terms: dict[str, Any], parts: list[tuple[str, Any, Any]]
) -> None:
    both = [
        {"party": "alice"} | terms.get("first", {}),
        {"party": "bob"} | terms.get("second", {}),
    ]
    kind = {"kind": terms["kind"]} if "kind" in terms else {}
    found = trust(settled(beneficiaries=both, **kind)).benefits
    assert [(one.party, one.low, one.high) for one in found] == parts


def test_an_end_of_a_month_is_on_its_last_day() -> None:
    assert trust(settled(), ended("2022-02")).terms["ended_on"] == "2022-02-28"


def test_a_trust_that_is_trustee_of_another_is_not_settled_by_that() -> None:
    view = at(record(settled(trust="bolt", trustees=["acme-trust"])))
    assert trust_at(view, "acme-trust") is None
    other = trust_at(view, "bolt")
    assert other is not None
    assert other.trustee == "acme-trust"


def test_without_its_settlement_an_amendment_tells_no_terms() -> None:
    """The deed is published late; the amendment alone does not say whose the shares are."""
    deed = settled(citations=[{"source": "deed"}])
    events = published("deed", "2023-01-01"), deed, amended(trustees=["bob"], known_on="2021-01-01")
    assert trust_at(at(record(*events), known_by="2022-12-31"), "acme-trust") is None
    assert trust(*events, known_by="2023-01-01").trustee == "bob"


def test_shares_in_a_trust_whose_terms_are_hidden_are_its_own_and_that_is_said() -> None:
    known, late = {"known_on": "2020-02-01"}, {"known_on": "2023-01-01"}
    type_name, key, fields = placed(40)
    type_opened, opening, of = opened("alice", 100)
    history = record(
        (type_opened, opening, of | known), settled(**late), (type_name, key, fields | known)
    )
    view = at(history, known_by="2022-12-31")
    answer = holdings(view, "acme")
    assert columns(answer.rows, "holder", "capacity", "trustee", "economic_owner") == [
        ("alice", "own name", None, "alice"),
        ("acme-trust", "own name", None, "acme-trust"),
    ]
    hidden = (
        "Hidden by --known-by: no event at this cut tells the terms of acme-trust, and 1 that is"
        " left out may."
    )
    assert outcome(view, answer) == ("answered", hidden)
    counted = votes(view, "acme")
    assert outcome(view, counted) == ("answered", hidden)
    assert columns(counted.rows, "holder", "exercisable") == [("alice", "60"), ("acme-trust", "40")]
    full = at(history)
    assert columns(votes(full, "acme").rows, "holder", "exercisable") == [
        ("alice", "60"),
        ("acme-trust", "0"),
    ]
