"""What conditions make of an event, where a day has more than one turn."""

from __future__ import annotations

import pytest

from ledger.time.log import Log
from ledger.time.view import Cut, View
from tests import histories
from tests.histories import Draft
from tests.oracle import Oracle


def official(type: str, key: str, on: str, **fields: object) -> Draft:
    return type, key, {"effective_on": on, "standing": "official", **fields}


@pytest.mark.parametrize("keys", [("a", "b"), ("b", "a")])
def test_the_turns_of_one_day_are_taken_in_the_order_of_the_fold(keys: tuple[str, str]) -> None:
    """Whatever their keys are: met, and reopened on the same day, a condition is open."""
    met, reopened = keys
    settled = {"condition": "sale"}
    events = histories.history([
        *histories.WORLD,
        official("condition-set", "set", "2020-01-01", **settled, effect="precedent", text="sold"),
        official(
            "board-seat-granted", "seat", "2020-01-01", company="boreal", party="alice",
            conditional_on=[settled],
        ),
        official("condition-settled", met, "2021-01-01", **settled, outcome="satisfied"),
        official("condition-settled", reopened, "2021-01-01", **settled, outcome="reopened"),
    ])  # fmt: skip
    assert [event.key for event in events[-2:]] == [met, reopened]
    view = View(Log(events), Cut(as_of="2022-01-01"))
    counted = [fact.key for fact in view.every(("board-seat-granted",)).certain]
    assert counted == []
    assert "seat" not in {one.event.key for one in Oracle(events, view.cut).certain()}


def test_a_reopening_that_is_perhaps_known_leaves_what_waited_in_doubt() -> None:
    settled = {"condition": "sale"}
    of_seat = {"company": "boreal", "party": "alice", "conditional_on": [settled]}
    met = {**settled, "outcome": "satisfied"}
    events = histories.history([
        *histories.WORLD,
        official("condition-set", "set", "2020-01-01", **settled, effect="precedent", text="sold",
                 known_on="2020-01-01"),
        official("board-seat-granted", "seat", "2020-01-01", **of_seat, known_on="2020-01-01"),
        official("condition-settled", "met", "2021-01-01", **met, known_on="2021-01-01"),
        official("condition-settled", "again", "2021-06-01", **settled, outcome="reopened",
                 known_on="2021-06"),
        official("condition-settled", "anew", "2021-09-01", **met, known_on="2021-09-01"),
    ])  # fmt: skip
    assert len(events) == len(histories.WORLD) + 5
    seats = ("board-seat-granted",)
    doubted = View(Log(events), Cut(as_of="2021-06-15", known_by="2021-06-15")).every(seats)
    assert [fact.key for fact in doubted.certain] == []
    assert [one.fact.key for one in doubted.possible] == ["seat"]
    later = View(Log(events), Cut(as_of="2021-09-15", known_by="2021-09-15")).every(seats)
    assert [fact.key for fact in later.certain] == ["seat"]
