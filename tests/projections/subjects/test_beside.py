"""A register known in part: whose its rest is, as far as disclosures tell, and each share once."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from projections.answer import Answer
from projections.control.beneficial import beneficial
from projections.control.group import group
from projections.control.owners import owners
from projections.control.power import power
from projections.explain.votes import explain_votes
from projections.subjects.diluted import diluted
from projections.subjects.holdings import holdings
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import COMMON, at, columns, on, opened, record, settled

TOTAL = on("2021-01-01", "total", "balance-asserted", share_class=COMMON, total="issued",
           shares="1000")  # fmt: skip
PART = opened("alice", 300), opened("bob", 100), TOTAL


def said(holder: str, key: str = "", day: str = "2021-03-01", **fields: Any) -> Draft:
    names = {"issuer": "acme", "holder": holder}
    return on(day, key or f"of-{holder}", "stake-disclosed", **names | fields)


NUMBER = said("carol", shares="92", percent="9.2", percent_of="issued")
PERCENT = said("bolt", percent="20.00", percent_of="outstanding")
KNOWN = at(record(*PART, NUMBER, PERCENT))


def test_disclosed_holders_come_out_of_what_nobody_is_known_to_hold() -> None:
    rows = holdings(KNOWN, "acme", digits=4).rows
    assert columns(rows, "holder", "shares", "percent", "basis") == [
        ("alice", "300", "30.0000", "register"),
        ("bob", "100", "10.0000", "register"),
        ("bolt", None, "20.00", "disclosed"),
        ("carol", "92", "9.2000", "disclosed"),
        ("not known", "308", "30.8000", "asserted"),
    ]
    notes = holdings(KNOWN, "acme").notes
    assert (
        "of-bolt tells 20.00% and no number: 200 acme/common, the nearest, come out of the rest."
        in notes
    )
    counted = votes(KNOWN, "acme").rows
    assert columns(counted, "holder", "votes", "votes_percent", "reasons") == [
        ("not known", "308", "30.80", ["the register names nobody who holds them (total)"]),
        ("alice", "300", "30.00", []),
        ("bolt", "200", "20.00", ["as disclosed on 2021-03-01 (of-bolt): 20.00% of outstanding"]),
        ("bob", "100", "10.00", []),
        ("carol", "92", "9.20", ["as disclosed on 2021-03-01 (of-carol)"]),
    ]  # fmt: skip


def test_no_other_answer_takes_the_accounts_of_a_register_in_part_for_the_whole() -> None:
    assert columns(diluted(KNOWN, "acme").rows, "holder", "percent") == [
        ("not known", "30.80"), ("alice", "30.00"), ("bolt", "20.00"), ("bob", "10.00"),
        ("carol", "9.20"), (None, "100.00"),
    ]  # fmt: skip
    rows = beneficial(KNOWN, "acme").rows
    assert columns(rows, "economic_owner", "percent", "basis")[0] == ("alice", "30.00", "register")
    assert columns(rows, "economic_owner", "percent", "basis")[-1] == (None, "30.80", "asserted")
    assert columns(owners(KNOWN, "acme").rows, "party", "percent") == [
        ("alice", "30.0000"), ("bolt", "20.0000"), ("bob", "10.0000"), ("carol", "9.2000"),
        (None, "30.8000"),
    ]  # fmt: skip
    assert group(KNOWN, "acme").rows == []
    players = power(KNOWN, "acme")
    assert columns(players.rows, "holder", "votes")[0] == ("alice", "300")
    assert any("not known" in note for note in players.notes)
    lines = "\n".join(explain_votes(KNOWN, "carol", "acme").arithmetic)
    assert "votes % = held / V: 92 / 1,000 = 9.200000% -> 9.20" in lines


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ((said("carol", shares="150", interest="group"),), "600"),
        ((said("carol", shares="150", interest="indirect"),), "600"),
        ((said("carol", shares="150", qualifier="at-least"),), "600"),
        ((said("carol", percent="10", percent_to="20", percent_of="issued"),), "600"),
        ((said("carol", percent="10", percent_of="votes"),), "600"),
        ((said("carol", shares="150", interest="aggregate"),), "450"),
        ((said("carol", shares="150", interest="aggregate"),
          said("carol", "own", shares="92")), "508"),
        ((said("carol", shares="92"), said("carol", "later", "2021-04-01", shares="10")), "590"),
        ((said("alice", shares="900"),), "600"),
    ],
)  # fmt: skip
def test_no_share_is_counted_twice(events: tuple[Draft, ...], left: str) -> None:
    view = at(record(*PART, *events))
    assert holdings(view, "acme").rows[-1]["shares"] == left
    assert votes(view, "acme").rows[0]["votes"] == left


def test_what_is_in_trust_for_a_holder_is_on_an_account_already() -> None:
    trust = settled(beneficiaries=[{"party": "carol"}]), opened("acme-trust", 50)
    events = (*PART, *trust, said("carol", shares="92", interest="aggregate"))
    view = at(record(*events))
    assert holdings(view, "acme").rows[-1]["shares"] == "508"
    assert {row["holder"]: row["votes"] for row in votes(view, "acme").rows}["carol"] == "42"


def test_what_later_disclosures_leave_no_room_for_is_not_counted() -> None:
    older = said("carol", day="2021-02-01", shares="500")
    view = at(record(*PART, older, PERCENT))
    assert {row["holder"] for row in votes(view, "acme").rows} == {
        "not known", "alice", "bob", "bolt"
    }  # fmt: skip
    assert any("of-carol tells more than is left" in note for note in holdings(view, "acme").notes)


def test_all_rows_make_the_whole_whatever_is_disclosed() -> None:
    dice = random.Random(7)
    for _ in range(6):
        interests = [dice.choice(("direct", "aggregate", "group")) for _ in range(4)]
        events = [
            said(
                dice.choice(("carol", "bolt", "bank", "alice")), f"said-{number}",
                f"2021-0{dice.randint(2, 4)}-01", interest=interest,
                **dice.choice((
                    {"shares": str(dice.randint(1, 400))},
                    {"percent": f"{dice.randint(1, 40)}.{dice.randint(0, 9)}",
                     "percent_of": "issued"},
                )),
            )
            for number, interest in enumerate(interests)
        ]  # fmt: skip
        view = at(record(*PART, *events))
        for answer in (votes(view, "acme"), diluted(view, "acme")):
            assert _total(answer) == 1000, events


def _total(answer: Answer[Any]) -> Fraction:
    names = "votes" if "votes" in answer.rows[0] else "diluted"
    rows = (row for row in answer.rows if row["holder"] is not None)
    return sum((Fraction(row[names]) for row in rows), Fraction())


OF_VOTES = on("2021-01-01", "of-votes", "balance-asserted", share_class=COMMON, total="held-votes",
              shares="1000")  # fmt: skip


def test_disclosed_votes_come_out_of_a_rest_that_is_told_in_votes_alone() -> None:
    """The register has 400 of 1,000 votes; Carol told 500 and later 90, the bank more than is left,
    Bolt at least 50."""
    events = (
        *PART[:2], OF_VOTES, said("carol", "before", "2021-02-01", votes="500"),
        said("carol", votes="90"), said("bank", day="2021-02-02", votes="511"),
        said("bolt", votes="50", qualifier="at-least"), said("public", votes="60",
        interest="group"),
    )  # fmt: skip
    view = at(record(*events))
    answer = votes(view, "acme")
    assert columns(answer.rows, "holder", "votes", "votes_percent") == [
        ("not known", "510", "51.00"), ("alice", "300", "30.00"), ("bob", "100", "10.00"),
        ("carol", "90", "9.00"),
    ]  # fmt: skip
    assert answer.held == 1000
    why = "carol has no line in the register of acme, which is known in part"
    assert f"of-carol cannot be checked: {why}." in answer.notes
    assert not any("differs" in note for note in answer.notes)
    lines = "\n".join(explain_votes(view, "carol", "acme").arithmetic)
    assert "in V, votes disclosed of holders without a line: 90" in lines
