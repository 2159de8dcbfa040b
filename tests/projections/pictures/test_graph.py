"""The graph: its stakes are those of holdings and votes, and without its loops it has none."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import View
from projections.control.group import group
from projections.control.members import members
from projections.pictures.graph import graph
from projections.subjects.holdings import holdings
from projections.subjects.votes import votes
from tests import histories
from tests.projections.subjects.record import COMMON, at, on, opened, record, settled


def edges(view: View, party: str = "acme", depth: int | None = None) -> dict[Any, Any]:
    rows = graph(view, party, depth).rows
    return {(row["party"], row["of"], row["role"]): row for row in rows}


@pytest.fixture(scope="module")
def loop() -> Log:
    """alice has acme, acme has bolt, bolt has acme; a trust holds for alice."""
    of_bolt = {"share_class": "bolt/common"}
    return record(
        on("2020-01-01", "class", "share-class-created", **of_bolt),
        on("2020-01-01", "of-bolt", "shares-issued", holder="acme", shares="60", **of_bolt),
        on("2020-01-01", "rest", "shares-issued", holder="bob", shares="40", **of_bolt),
        settled(),
        opened("alice", 50),
        opened("bolt", 30),
        opened("acme-trust", 20),
    )


def test_who_stands_above_and_below_is_drawn_with_roles_and_loops(loop: Log) -> None:
    found = edges(at(loop))
    assert found["bolt", "acme", "holder"]["percent"] == "30.00"
    assert found["acme", "bolt", "holder"]["percent"] == "60.00"
    assert found["acme", "bolt", "holder"]["in_control"] == "yes"
    closing = [key for key, row in found.items() if row["closes_loop"]]
    assert closing in ([("bolt", "acme", "holder")], [("acme", "bolt", "holder")])
    assert ("alice", "acme-trust", "beneficiary") in found
    assert found["acme-trust", "acme", "holder"]["neutral"] == "20"


def test_who_instructs_a_trust_is_drawn_where_its_terms_do_not_say_how_it_votes() -> None:
    terms = {"settlors": ["alice"], "trustees": ["bank"], "beneficiaries": [{"party": "alice"}]}
    told = on("2020-02-01", "settled", "trust-settled", trust="acme-trust", instructed_by=["bob"],
              **terms)  # fmt: skip
    log = record(told, opened("acme-trust", 20), opened("carol", 80))
    assert ("bob", "acme-trust", "instructs") in edges(at(log))


def test_a_stake_is_of_all_shares_also_those_that_nobody_is_known_to_hold() -> None:
    total = {"share_class": COMMON, "total": "issued", "shares": "100"}
    log = record(opened("alice", 60), on("2020-02-01", "total", "balance-asserted", **total))
    assert edges(at(log))["alice", "acme", "holder"]["percent"] == "60.00"


def test_it_is_said_of_which_companies_others_have_something_too() -> None:
    log = record(opened("alice", 60), opened("bob", 40))
    (said,) = [note for note in graph(at(log), "alice").notes if "not drawn" in note]
    assert said == "Others who have something of acme are not drawn."
    assert not [note for note in graph(at(log), "acme").notes if "not drawn" in note]


def test_depth_is_counted_in_steps(loop: Log) -> None:
    near = edges(at(loop), "bob", 1)
    assert set(near) == {("bob", "bolt", "holder")}
    assert ("acme", "bolt", "holder") not in near


def test_who_is_nowhere_is_told_to_be(loop: Log) -> None:
    answer = graph(at(loop), "nobody")
    assert answer.rows == []
    assert "nobody" in answer.gaps[0].clause


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_stakes_are_those_of_holdings_and_votes_and_loops_are_all_marked(
    data: st.DataObject,
) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, _ = data.draw(histories.cuts(len(events)))
    view = View(Log(events), cut)
    rows = graph(view, "acme").rows
    below = defaultdict[str, set[str]](set)
    for row in rows:
        if not row["closes_loop"]:
            below[row["party"]].add(row["of"])
    assert not any(one in _reached(one, below) for one in list(below))
    held = [row for row in holdings(view, "acme").rows if row["basis"] == "register"]
    drawn = {
        row["party"]: row for row in rows if row["of"] == "acme" and row["basis"] == "register"
    }
    assert {row["holder"] for row in held} <= set(drawn)
    if {row["share_class"] for row in held} == {COMMON}:
        assert {r["holder"]: r["percent"] for r in held} == {
            holder: row["percent"] for holder, row in drawn.items() if row["role"] == "holder"
        }
    cast = {r["holder"]: r["votes_percent"] for r in votes(view, "acme", members).rows}
    for holder, row in drawn.items():
        if row["role"] == "holder" and holder in cast:
            assert row["votes_percent"] == cast[holder]


def _reached(start: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(below[start])
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += below.get(one, ())
    return found


def test_who_controls_by_instructing_a_trust_is_drawn_to_do_so() -> None:
    """Carol holds no share; the trust votes its 60 as she says. `group` says that she controls."""
    instructed = {"voting": "as-instructed", "instructed_by": ["carol"]}
    log = record(settled(**instructed), opened("alice", 40), opened("acme-trust", 60))
    found = edges(at(log))
    assert ("carol", "acme-trust", "instructs") in found
    control = found["carol", "acme", "control"]
    (row,) = [one for one in group(at(log), "acme").rows if one["party"] == "carol"]
    assert (control["in_control"], control["basis"]) == ("yes", "recorded")
    assert (control["standing"], control["events"]) == (row["standing"], row["events"])
    neutral = record(settled(), opened("alice", 40), opened("acme-trust", 60))
    assert not [key for key in edges(at(neutral)) if key[2] in ("instructs", "control")]


def test_shareholders_counted_together_are_not_drawn_to_control() -> None:
    of_bolt = {"share_class": "bolt/common"}
    crowd = [
        on("2020-01-01", "who", "party-registered", party="crowd", kind="other", name="Crowd"),
        on("2020-01-01", "class", "share-class-created", **of_bolt),
        on("2020-01-01", "all", "shares-issued", holder="acme", shares="9", **of_bolt),
        opened("crowd", 60), opened("bob", 40),
    ]  # fmt: skip
    found = edges(at(record(*crowd)))
    assert not [key for key in found if key[2] == "control"]


def test_control_along_drawn_edges_needs_no_edge_of_its_own() -> None:
    of_bolt = {"share_class": "bolt/common"}
    chain = [
        on("2020-01-01", "class", "share-class-created", **of_bolt),
        on("2020-01-01", "all", "shares-issued", holder="acme", shares="9", **of_bolt),
        opened("alice", 60), opened("bob", 40),
    ]  # fmt: skip
    found = edges(at(record(*chain)), "bolt")
    assert {key for key, row in found.items() if row["in_control"] == "yes"} == {
        ("alice", "acme", "holder"), ("acme", "bolt", "holder"),
    }  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whoever_group_says_controls_is_led_to_it_by_control(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts()))
    cut, _ = data.draw(histories.cuts(len(events)))
    view = View(Log(events), cut)
    found = edges(view)
    parties = {end for party, of, _ in found for end in (party, of)}
    below = defaultdict[str, set[str]](set)
    for (party, of, _), row in found.items():
        if row["in_control"] == "yes":
            below[party].add(of)
    for row in group(view, "acme").rows:
        if row["certain"] == "yes" and {row["party"], row["in_control_of"]} <= parties:
            assert row["in_control_of"] in _reached(row["party"], below), row
