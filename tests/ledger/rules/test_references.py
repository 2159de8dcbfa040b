"""What an event speaks of is known, and registered once."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.histories import Draft
from tests.ledger.rules.record import Record, correction, official, retraction, transfer

UNKNOWN = Refusal.UNKNOWN_REFERENCE
REGISTERED = Refusal.ALREADY_REGISTERED
ONE_PARTY = {
    "party": "alice", "same_as": "bob", "because": "one passport", "effective_on": "2020-01-01",
    "standing": "official",
}  # fmt: skip
NOTE = {"subject": "acme", "text": "a remark"}


def party(id: str, key: str = "", **fields: Any) -> Draft:
    named = {"party": id, "kind": "other", "name": id.title()}
    return "party-registered", key or f"party-{id}-again", named | fields


class TestUnknown:
    @pytest.mark.parametrize(
        ("offered", "place", "what", "remedy"),
        [
            (
                transfer("new", "2020-03-15", "alice", "dora", 1),
                "transferee", 'No party "dora"', "Record a party-registered event for it first",
            ),
            (
                transfer("new", "2020-03-15", "alise", "bob", 1),
                "transferor", 'No party "alise"', "Did you mean alice?",
            ),
            (
                transfer("new", "2020-03-15", "alice", "bob", 1, share_class="acme/comon"),
                "share_class", 'No share class "acme/comon"', "Did you mean acme/common?",
            ),
            (
                transfer("new", "2020-03-15", "alice", "bob", 1, citations=[{"source": "filling"}]),
                "citations[1].source", 'No source "filling"', "Did you mean filing?",
            ),
            (
                ("note-added", "new", NOTE | {"reaffirms": "issue-9"}),
                "reaffirms", 'No event "issue-9"', "which `stakebook timeline` shows",
            ),
            (
                ("note-added", "new", NOTE | {"subject": "acne"}),
                "subject", 'No subject "acne"', "Record what it is first",
            ),
            (
                retraction("new", "issue-9"),
                "event", 'No event "issue-9"', "Give the key of a recorded event",
            ),
            (
                ("share-class-created", "new", {"share_class": "dora/common"}),
                "share_class", 'No party "dora"', "Record a party-registered event for it first",
            ),
            (
                official("stake-disclosed", "new", "2020-03-15", issuer="dora", holder="bob",
                         percent="5", percent_of="issued"),
                "issuer", 'No party "dora"', "of kind other if nobody says who it is",
            ),
            (
                ("source-retracted", "new", {"source": "press", "because": "forged"}),
                "source", 'No source "press"', "or leave it out and give known_on",
            ),
        ],
        ids=lambda value: value if isinstance(value, str) else value[0],
    )  # fmt: skip
    def test_it_is_named_with_the_field_and_the_way_out(
        self, offered: Draft, place: str, what: str, remedy: str
    ) -> None:
        blamed, refusal, words = Record().refuse(offered)
        assert (blamed, refusal) == ("new", UNKNOWN)
        assert words.startswith(f"{place}: {what} is recorded. ")
        assert remedy in words

    def test_a_batch_makes_known_what_it_speaks_of_in_any_order(self) -> None:
        offered = [
            transfer("new", "2020-03-15", "erin", "dora", 1, share_class="dora/common"),
            official("shares-issued", "issued", "2020-01-01", share_class="dora/common",
                     holder="erin", shares="1"),
            ("share-class-created", "class", {"share_class": "dora/common"}),
            party("dora"), party("erin"),
        ]  # fmt: skip
        Record().accept(*offered)
        Record().accept(*reversed(offered))

    def test_the_first_event_that_speaks_of_it_is_blamed(self) -> None:
        one = transfer("one", "2021-01-01", "alice", "dora", 1)
        other = transfer("other", "2020-03-15", "alice", "dora", 1)
        assert Record().refuse(one, other)[0] == "one"

    def test_several_are_told_in_the_order_of_the_events(self) -> None:
        one = transfer("one", "2021-01-01", "alice", "dora", 1)
        other = transfer("other", "2020-03-15", "alice", "erin", 1)
        assert '"dora"' in Record().refuse(one, other)[2]
        assert '"erin"' in Record().refuse(other, one)[2]

    @pytest.mark.parametrize("subject", ["acme", "filing", "acme/common", "merger", "lab"])
    def test_a_subject_may_be_a_party_a_source_a_class_or_a_thread(self, subject: str) -> None:
        deal = official(
            "negotiation-opened", "opened", "2020-01-01",
            deal="merger", parties=["alice", "bob"], about="a merger",
        )  # fmt: skip
        lab = official(
            "project-announced", "lab", "2020-01-01", project="lab", title="it", parties=["alice"]
        )
        Record(deal, lab).accept(("note-added", "note", NOTE | {"subject": subject}))

    def test_a_thread_needs_no_registration(self) -> None:
        Record().accept(official("deal-completed", "done", "2020-01-01", deal="anything"))


class TestLaterAndAmended:
    def test_what_is_retracted_is_unknown_until_it_is_revived(self) -> None:
        record = Record(retraction("gone", "party-boreal"))
        sold = transfer("sold", "2020-03-15", "alice", "boreal", 1)
        assert record.refuse(sold)[:2] == ("sold", UNKNOWN)
        record.accept(retraction("back", "gone"))
        record.accept(sold)

    def test_a_registration_is_known_by_its_corrected_id_alone(self) -> None:
        record = Record(correction("renamed", "party-boreal", party="borealis"))
        assert record.refuse(transfer("old", "2020-03-15", "alice", "boreal", 1))[1] is UNKNOWN
        record.accept(transfer("new", "2020-03-15", "alice", "borealis", 1))

    def test_a_registration_stands_without_its_source(self) -> None:
        cited: dict[str, Any] = {"citations": [{"source": "filing"}]}
        record = Record(
            party("dora", **cited),
            ("source-retracted", "withdrawn", {"source": "filing", "because": "forged"}),
        )
        record.accept(transfer("sold", "2020-03-15", "alice", "dora", 1))

    def test_an_event_is_reaffirmed_or_amended_after_it_is_recorded(self) -> None:
        first, second = ("note-added", "first", NOTE), ("note-added", "second", NOTE)
        again = ("note-added", "again", NOTE | {"reaffirms": "first"})
        Record().accept(first, again)
        blamed, refusal, words = Record().refuse(again, second, first)
        assert (blamed, refusal) == ("again", UNKNOWN)
        assert words.startswith(
            'reaffirms: #18 "first" is not recorded before the event that reaffirms it. Let the'
            " later one reaffirm the earlier one."
        )

    def test_what_identifies_parties_says_again_only_what_is_recorded(self) -> None:
        again = ("parties-identified", "again", ONE_PARTY | {"reaffirms": "nothing"})
        assert Record().refuse(again)[:2] == ("again", UNKNOWN)
        one, other = (
            ("parties-identified", key, ONE_PARTY | {"reaffirms": reaffirmed})
            for key, reaffirmed in (("one", "other"), ("other", "one"))
        )
        assert Record().refuse(one, other)[:2] == ("one", UNKNOWN)

    @pytest.mark.parametrize(
        "offered",
        [
            ("note-added", "same", NOTE | {"reaffirms": "same"}),
            ("parties-identified", "same", ONE_PARTY | {"reaffirms": "same"}),  # read to know ids
            retraction("same", "same"),
            correction("same", "same", because="it"),
        ],
        ids=lambda draft: draft[0],
    )
    def test_no_event_speaks_of_itself(self, offered: Draft) -> None:
        blamed, refusal, words = Record().refuse(offered)
        assert (blamed, refusal) == ("same", UNKNOWN)
        assert 'No event "same" is recorded.' in words

    def test_a_retracted_event_may_be_reaffirmed(self) -> None:
        """It is recorded all the same; what says it again then counts."""
        record = Record(retraction("gone", "issue-2"))
        given = {"share_class": "acme/preferred", "holder": "carol", "shares": "60"}
        record.accept(
            official("shares-issued", "again", "2020-01-01", **given, reaffirms="issue-2")
        )
        record.accept(
            transfer("sold", "2020-03-15", "carol", "bob", 60, share_class="acme/preferred")
        )


class TestRegisteredOnce:
    def test_the_same_facts_may_be_told_by_another_source(self) -> None:
        Record().accept(party("alice", citations=[{"source": "filing"}], note="as filed"))

    def test_other_facts_are_refused_and_set_beside_the_first(self) -> None:
        blamed, refusal, words = Record().refuse(party("alice", "again", name="Alicia"))
        assert (blamed, refusal) == ("again", REGISTERED)
        assert words == (
            'name: "alice" is registered by #1 with name "Alice", not "Alicia". Choose another id,'
            " or record the change (party-renamed, source-corrected). See"
            " `stakebook show 1`. [R302 already-registered]"
        )

    def test_what_was_corrected_may_be_told_as_it_stands_and_as_it_was(self) -> None:
        mended = correction("mended", "party-alice", name="Alice Lay")
        Record(mended).accept(party("alice", "now", name="Alice Lay"))
        Record(mended).accept(party("alice", "then"))
        _, refusal, words = Record(mended).refuse(party("alice", "other", name="Alicia"))
        assert refusal is REGISTERED
        assert 'is registered by #1 with name "Alice Lay", not "Alicia".' in words

    def test_fields_that_only_one_gives_do_not_disagree(self) -> None:
        Record(party("dora", lei="969500F7JLTX36OUI695")).accept(party("dora", "again"))

    def test_a_class_and_a_source_are_registered_once_too(self) -> None:
        more = {"share_class": "acme/common", "votes_per_share": "1"}
        _, refusal, words = Record().refuse(("share-class-created", "again", more))
        assert (refusal, words[:15]) == (REGISTERED, "votes_per_share")
        told = {"source": "filing", "title": "other", "kind": "press", "publisher": "P"}
        source = ("source-registered", "again", told | {"published_on": "2020-02-01"})
        assert Record().refuse(source)[2].startswith('title: "filing" is registered by #')

    def test_two_in_one_batch_are_compared(self) -> None:
        blamed, refusal, _ = Record().refuse(party("dora", "one"), party("dora", "two", name="D"))
        assert (blamed, refusal) == ("two", REGISTERED)

    def test_who_has_lost_its_source_binds_nobody(self) -> None:
        first = party("dora", "first", citations=[{"source": "filing"}])
        record = Record(first)
        other = party("dora", "other", name="Dorothea")
        assert record.refuse(other)[1] is REGISTERED
        record.accept(("source-retracted", "gone", {"source": "filing", "because": "forged"}))
        record.accept(other)

    def test_a_retracted_registration_binds_nobody(self) -> None:
        Record(retraction("gone", "party-boreal")).accept(party("boreal", name="Boreas"))
