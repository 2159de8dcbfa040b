"""An id of a thread that nothing earlier speaks of, but should, is likely misspelled."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.rules.threads import one_slip_apart
from tests.ledger.rules.record import Record, official

OPENED = official(
    "negotiation-opened", "opened", "2020-03-15",
    deal="merger", parties=["alice", "bob"], about="a merger",
)  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("merger", "meger"),  # left out
        ("merger", "erger"),
        ("merger", "merge"),
        ("merger", "mergeer"),  # put in
        ("merger", "mergers"),
        ("merger", "amerger"),
        ("merger", "merber"),  # mistaken
        ("merger", "nerger"),
        ("merger", "mergex"),
        ("merger", "megrer"),  # swapped
        ("merger", "emrger"),
        ("merger", "mergre"),
        ("ipo-1", "ipo-2"),
        ("a", "b"),
        ("a", ""),
    ],
)
def test_one_slip_tells_two_words_apart(one: str, other: str) -> None:
    assert one_slip_apart(one, other)
    assert one_slip_apart(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("merger", "merger"),
        ("merger", "merg"),
        ("merger", "mxrgxr"),
        ("merger", "mregre"),  # two swaps
        ("merger", "gremer"),
        ("abc", "cba"),
        ("abcd", "badc"),
        ("", ""),
    ],
)
def test_more_slips_are_other_words(one: str, other: str) -> None:
    assert not one_slip_apart(one, other)
    assert not one_slip_apart(other, one)


@pytest.mark.parametrize("id", ["meger", "mergers", "mergor", "megrer"])
def test_a_thread_begun_under_nearly_the_id_of_another_is_told(id: str) -> None:
    begun = official(
        "terms-agreed", "terms", "2020-06-01",
        deal=id, parties=["alice", "bob"], terms="shares for shares",
    )  # fmt: skip
    assert Record(OPENED).accept(begun) == (
        f'#17 (terms-agreed) is the first to speak of deal "{id}". Did you mean merger?',
    )


def test_every_near_id_is_named_in_order() -> None:
    other = ("negotiation-opened", "other", OPENED[2] | {"deal": "mergar"})
    near = ("negotiation-opened", "near", OPENED[2] | {"deal": "merga"})
    (words,) = Record(OPENED, other).accept(near)
    assert words.endswith("Did you mean mergar?")
    nearer = ("negotiation-opened", "nearer", OPENED[2] | {"deal": "mergor"})
    (words,) = Record(OPENED, other).accept(nearer)
    assert words.endswith("Did you mean mergar or merger?")


WAITING = {
    "project": "new", "title": "it", "parties": ["alice"], "conditional_on": [{"condition": "far"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("type", "fields", "kind"),
    [
        ("deal-completed", {"deal": "far"}, "deal"),
        ("deal-abandoned", {"deal": "far"}, "deal"),
        ("investment-released", {"investment": "far"}, "investment"),
        ("offering-cancelled", {"offering": "far"}, "offering"),
        ("offering-rescheduled", {"offering": "far", "window": "2021"}, "offering"),
        ("project-updated", {"project": "far", "change": "later"}, "project"),
        ("project-ended", {"project": "far"}, "project"),
        ("condition-settled", {"condition": "far", "outcome": "satisfied"}, "condition"),
        ("project-announced", WAITING, "condition"),
    ],
)
def test_what_is_seldom_the_first_of_its_thread_is_told(
    type: str, fields: dict[str, Any], kind: str
) -> None:
    (words,) = Record(OPENED).accept(official(type, "last", "2020-06-01", **fields))
    assert words == f'#17 ({type}) is the first to speak of {kind} "far".'


@pytest.mark.parametrize(
    ("type", "fields"),
    [
        ("negotiation-opened", {"deal": "far", "parties": ["alice", "bob"], "about": "it"}),
        ("statement-made", {"deal": "far", "speaker": "alice", "statement": "no"}),
        ("deal-completed", {"deal": "merger"}),
        ("investment-paid", {"investment": "merge", "amount": "EUR 1"}),  # of another kind
        ("project-announced", {"project": "merger2", "title": "it", "parties": ["alice"]}),
    ],
)
def test_what_may_begin_a_thread_or_goes_on_with_one_is_not(
    type: str, fields: dict[str, Any]
) -> None:
    assert Record(OPENED).accept(official(type, "next", "2020-06-01", **fields)) == ()


def test_in_a_batch_the_first_event_of_a_thread_tells_how_it_begins() -> None:
    ends = official("deal-completed", "ends", "2020-06-01", deal="merger")
    assert Record().accept(OPENED, ends) == ()
    (words,) = Record().accept(ends, OPENED)
    assert words.startswith("#16 (deal-completed)")


def test_what_was_misspelled_once_is_known_from_then_on() -> None:
    again = {"speaker": "alice", "statement": "talks go on", "deal": "mergers"}
    record = Record(OPENED)
    assert len(record.accept(official("statement-made", "one", "2020-06-01", **again))) == 1
    assert record.accept(official("statement-made", "two", "2020-06-01", **again)) == ()


def test_a_deal_named_by_an_event_of_another_kind_is_looked_at_too() -> None:
    signed = official(
        "agreement-signed", "signed", "2020-06-01",
        agreement="pact", title="Pact", parties=["alice", "bob"], deal="mergr",
    )  # fmt: skip
    (words,) = Record(OPENED).accept(signed)
    assert words == (
        '#17 (agreement-signed) is the first to speak of deal "mergr". Did you mean merger?'
    )
