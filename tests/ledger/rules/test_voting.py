"""Votes are granted on shares that there are; what is ended, restored or lifted is there."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.histories import Draft
from tests.ledger.rules.record import (
    COMMON,
    PREFERRED,
    Record,
    correction,
    official,
    retraction,
    transfer,
)

NOT_THERE = Refusal.CONTRADICTORY_STEP


def granted(key: str, on: str, shares: str | None = "600", **fields: Any) -> Draft:
    of = {"share_class": COMMON, "holder": "alice"} | ({"shares": shares} if shares else {})
    return official("double-votes-granted", key, on, **of | fields)


def ended(key: str, on: str, **fields: Any) -> Draft:
    return official(
        "double-votes-ended", key, on, **{"share_class": COMMON, "holder": "alice"} | fields
    )


def restricted(type: str, key: str, on: str = "2021-01-01", **fields: Any) -> Draft:
    return official(type, key, on, **{"issuer": "acme", "holder": "alice"} | fields)


def test_no_more_is_granted_than_is_in_no_lot() -> None:
    record = Record(granted("first", "2020-03-15"))
    blamed, refusal, words = record.refuse(granted("second", "2020-12-31", "401"))
    assert (blamed, refusal) == ("second", NOT_THERE)
    assert words.startswith(
        "shares: On 2020-12-31 alice has 400 acme/common then that are in no lot, not the 401"
    )
    record.accept(granted("third", "2020-12-31", "400"))
    assert record.refuse(granted("all", "2021-01-01", None))[1] == NOT_THERE
    record.accept(granted("step", "2021-01-01", None, lot="third", factor="3"))
    record.accept(granted("said", "2021-01-01", "401", standing="reported"))


def test_a_sale_before_a_grant_is_refused_and_both_are_named() -> None:
    record = Record(granted("grant", "2020-12-31"))
    record.accept(transfer("few", "2020-03-15", "alice", "bob", 400))
    blamed, refusal, words = record.refuse(transfer("more", "2020-03-15", "alice", "bob", 1))
    assert (blamed, refusal) == ("more", Refusal.BREAKS_LATER_EVENT)
    assert '"grant" (double-votes-granted, 2020-12-31) could not stand: alice has 599' in words


@pytest.mark.parametrize("undone", [retraction("undone", "issue-0"),
                                    correction("undone", "issue-0", shares="599")])  # fmt: skip
def test_what_a_grant_rests_on_is_not_taken_away(undone: Draft) -> None:
    assert Record(granted("grant", "2020-12-31")).refuse(undone)[0] == "undone"


def test_a_class_that_votes_by_units_has_no_lots() -> None:
    unit = official("share-class-amended", "unit", "2020-01-01", share_class=COMMON, unit="100")
    blamed, _, words = Record(unit).refuse(granted("grant", "2020-12-31"))
    assert (blamed, "by units of 100" in words) == ("grant", True)
    assert Record(granted("grant", "2020-12-31")).refuse(unit)[0] == "unit"


def test_a_lot_is_not_called_ordinary() -> None:
    refused = Record().refuse(granted("grant", "2020-12-31", lot="ordinary"))
    assert (refused[0], refused[2].startswith("lot: ")) == ("grant", True)


@pytest.mark.parametrize(
    "fields", [{"shares": "601"}, {"lot": "other"}, {"holder": "bob"}, {"share_class": PREFERRED}]
)
def test_what_ends_is_there(fields: dict[str, str]) -> None:
    record = Record(granted("grant", "2020-12-31", lot="old"))
    assert record.refuse(ended("end", "2021-01-01", **fields))[:2] == ("end", NOT_THERE)
    record.accept(ended("some", "2021-01-01", shares="100", lot="old"))
    record.accept(ended("rest", "2021-01-01"))
    assert record.refuse(ended("again", "2021-01-01"))[:2] == ("again", NOT_THERE)


@pytest.mark.parametrize(
    ("begins", "ends", "field", "fields"),
    [
        ("voting-rights-suspended", "voting-rights-restored", "suspension", {"reason": "late"}),
        ("voting-cap-agreed", "voting-cap-lifted", "cap", {"percent": "10"}),
    ],
)
def test_what_is_restored_or_lifted_is_in_force(
    begins: str, ends: str, field: str, fields: dict[str, str]
) -> None:
    one, two = ({**fields, field: name} for name in ("one", "two"))
    record = Record(restricted(begins, "first", "2020-03-15", **one))
    record.accept(restricted(begins, "second", "2020-03-15", **two))
    other = restricted(ends, "other", **{field: "three"})
    blamed, refusal, words = record.refuse(other)
    assert (blamed, refusal, "There are: one, two." in words) == ("other", NOT_THERE, True)
    assert record.refuse(restricted(ends, "bobs", holder="bob"))[0] == "bobs"
    record.accept(restricted(ends, "ends", **{field: "one"}))
    assert record.refuse(restricted(ends, "twice", "2021-06-30", **{field: "one"}))[0] == "twice"
    record.accept(restricted(ends, "all", "2021-06-30"))
    assert record.refuse(restricted(ends, "none", "2022-02-28"))[0] == "none"
    assert record.refuse(retraction("undone", "second"))[1] == Refusal.BREAKS_LATER_EVENT


def test_what_ended_by_itself_may_be_said_to_end() -> None:
    for_a_time = restricted("voting-cap-agreed", "cap", "2020-03-15", percent="10",
                            until="2020-12-31")  # fmt: skip
    Record(for_a_time).accept(restricted("voting-cap-lifted", "lifted"))


def test_a_suspension_by_number_says_of_which_class() -> None:
    both = official("shares-issued", "both", "2020-01-01", share_class=PREFERRED, holder="alice",
                    shares="10")  # fmt: skip
    late = {"reason": "late", "shares": "5"}
    suspends = restricted("voting-rights-suspended", "late", **late)
    blamed, _, words = Record(both).refuse(suspends)
    assert (blamed, f"Give share_class: {COMMON} or {PREFERRED}." in words) == ("late", True)
    Record(both).accept(restricted("voting-rights-suspended", "late", share_class=COMMON, **late))
    Record(suspends).accept(both)


def test_a_grant_may_be_told_before_the_register_is() -> None:
    opens = official("register-opened", "opens", "2021-01-01", share_class=COMMON,
                     holder="carol", shares="50")  # fmt: skip
    record = Record(opens)
    record.accept(granted("grant", "2020-12-31", "50", holder="carol"))
    assert record.refuse(granted("more", "2020-12-31", "1", holder="carol"))[0] == "more"
