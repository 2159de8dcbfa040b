"""Lots that an event names are there, of so many shares, and of one holder."""

from __future__ import annotations

import pytest

from ledger.values.refusals import Refusal
from tests.histories import Draft
from tests.ledger.rules.record import COMMON, PREFERRED, Record, official, retraction, transfer
from tests.ledger.rules.test_voting import granted


def split(ratio: str, *lots: dict[str, str], type: str = "shares-split") -> Draft:
    into = {"into_class": PREFERRED} if type == "shares-reclassified" else {}
    of = {"share_class": COMMON, "ratio": ratio, "fractions": "down", "lots": list(lots)} | into
    return official(type, "then", "2021-01-01", **of)


def lot(name: str, shares: str, **holder: str) -> dict[str, str]:
    return {"lot": name, "shares": shares} | holder


OWNED = (
    granted("first", "2020-03-15", "101", lot="old"),
    granted("second", "2020-03-15", "51", lot="old", holder="bob"),
    granted("third", "2020-03-15", "11", lot="new"),
    granted("Registered:2018/1", "2020-03-15", "7"),
    official("shares-issued", "series-a", "2020-03-15", share_class=COMMON, holder="bob",
             shares="5", lot="series-a"),
)  # fmt: skip
WRONG = {
    "a lot that two have": (
        split("1:2", lot("old", "50")),
        'there is a lot "old" of each of alice, bob, and whose is meant is not said.'),
    "a lot of another": (split("1:2", lot("new", "5", holder="bob")), 'bob has no lot "new"'),
    "a lot of nobody": (split("1:2", lot("older", "5")), 'acme/common has no lot "older" then; its'
                        " lots are: Registered:2018/1, new, old."),
    "more than there is": (split("1:2", lot("new", "501")), "the lots named of alice are 501"
                           " shares, and it has 500 acme/common then."),
    "a lot that two have, by another word": (
        split("1:1", lot("old", "50"), type="shares-reclassified"), "whose is meant"),
    "a name mistyped in a sale": (
        transfer("then", "2021-01-01", "alice", "bob", 9, lots=[lot("nwe", "9")]),
        'alice has no lot "nwe" then; its lots are: Registered:2018/1, new, old.'),
    "more than is sold": (
        transfer("then", "2021-01-01", "alice", "bob", 9, lots=[lot("new", "10")]),
        "the lots named are 10 shares, more than the 9 of the event."),
    "more than the lot has": (
        transfer("then", "2021-01-01", "alice", "bob", 20, lots=[lot("new", "12")]),
        'alice has 11 acme/common in the lot "new" then, not the 12 named.'),
    "more than is ordinary": (
        transfer("then", "2021-01-01", "alice", "bob", 900, lots=[lot("ordinary", "900")]),
        'alice has 881 acme/common in the lot "ordinary" then, not the 900 named.'),
    "of one who has none": (
        official("shares-cancelled", "then", "2021-01-01", share_class=PREFERRED, holder="carol",
                 shares="9", lots=[lot("new", "9")]), 'carol has no lot "new" then; it has none.'),
    "bearer shares of no lot": (
        official("registration-changed", "then", "2021-01-01", share_class=COMMON, holder="alice",
                 shares="9", to="bearer", lots=[lot("newer", "9")]), 'alice has no lot "newer"'),
}  # fmt: skip
RIGHT = {
    "each holder is named": split("1:2", lot("old", "51", holder="alice"),
                                  lot("old", "26", holder="bob")),
    "only one has it": split("1:2", lot("new", "6")),
    "of the issue": transfer("then", "2021-01-01", "bob", "alice", 9, lots=[lot("series-a", "5")]),
    "by the key of its grant": transfer("then", "2021-01-01", "alice", "bob", 9,
                                        lots=[lot("Registered:2018/1", "7")]),
    "ordinary ones": transfer("then", "2021-01-01", "alice", "bob", 9, lots=[lot("ordinary", "9")]),
    "ordinary ones of one who has no others": official(
        "shares-cancelled", "then", "2021-01-01", share_class=PREFERRED, holder="carol",
        shares="9", lots=[lot("ordinary", "9")]),
    "as a source has it": transfer("then", "2021-01-01", "alice", "bob", 9,
                                   lots=[lot("nwe", "9")], standing="reported"),
}  # fmt: skip


@pytest.fixture(scope="module")
def record() -> Record:
    return Record(*OWNED)


@pytest.mark.parametrize(("event", "words"), WRONG.values(), ids=WRONG)
def test_what_is_named_is_there(record: Record, event: Draft, words: str) -> None:
    blamed, refusal, said = record.refuse(event)
    assert (blamed, refusal) == ("then", Refusal.CONTRADICTORY_STEP)
    assert said.startswith("lots: On 2021-01-01 ")
    assert words in said


@pytest.mark.parametrize("event", RIGHT.values(), ids=RIGHT)
def test_what_is_there_may_be_named(event: Draft) -> None:
    Record(*OWNED).accept(event)


def test_a_grant_that_a_sale_names_is_not_taken_away() -> None:
    sale = transfer("sale", "2021-01-01", "alice", "bob", 9, lots=[lot("new", "9")])
    blamed, refusal, _ = Record(*OWNED, sale).refuse(retraction("undone", "third"))
    assert (blamed, refusal) == ("undone", Refusal.BREAKS_LATER_EVENT)
