"""An amendment speaks of an earlier event that stands, and leaves it a valid event."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.histories import Draft
from tests.ledger.rules.record import Record, correction, retraction, transfer

BAD = Refusal.BAD_AMENDMENT
SOLD = transfer("sold", "2020-03-15", "alice", "bob", 10)


def corroboration(key: str, event: str, source: str = "filing") -> Draft:
    return "event-corroborated", key, {"event": event, "citations": [{"source": source}]}


def registered(key: str, **fields: Any) -> Draft:
    named = {"party": "boreal", "kind": "other", "name": "Boreal"}
    return "party-registered", key, named | fields


class TestPlace:
    @pytest.mark.parametrize(
        "amendment",
        [
            retraction("amends", "sold"),
            correction("amends", "sold", shares="9"),
            corroboration("amends", "sold"),
        ],
        ids=lambda draft: draft[0],
    )
    def test_it_is_recorded_after_what_it_amends(self, amendment: Draft) -> None:
        Record().accept(SOLD, amendment)
        blamed, refusal, words = Record().refuse(amendment, SOLD)
        assert (blamed, refusal) == ("amends", BAD)
        assert words.startswith("event: #17 is recorded later than its amendment. Swap them.")

    @pytest.mark.parametrize(
        "amendment",
        [
            retraction("amends", "sold"),
            correction("amends", "sold", shares="9"),
            corroboration("amends", "sold"),
        ],
        ids=lambda draft: draft[0],
    )
    def test_what_is_retracted_takes_no_amendment(self, amendment: Draft) -> None:
        record = Record(SOLD, retraction("gone", "sold"))
        blamed, refusal, words = record.refuse(amendment)
        assert (blamed, refusal) == ("amends", BAD)
        assert words.startswith('event: "sold" is already retracted, by #17. Retract "gone" to')
        record.accept(retraction("back", "gone"))
        record.accept(amendment)

    def test_of_two_retractions_in_one_batch_the_second_is_refused(self) -> None:
        record = Record(SOLD)
        assert record.refuse(retraction("one", "sold"), retraction("two", "sold"))[0] == "two"

    def test_a_retraction_of_a_retraction_may_be_retracted_in_turn(self) -> None:
        record = Record(
            SOLD, retraction("gone", "sold"), retraction("back", "gone"), retraction("no", "back")
        )
        assert record.refuse(correction("less", "sold", shares="9"))[:2] == ("less", BAD)
        record.accept(retraction("yes", "no"))
        record.accept(correction("less", "sold", shares="9"))

    def test_what_only_a_retraction_by_a_withdrawn_source_takes_away_stands(self) -> None:
        gone = (*retraction("gone", "sold")[:2], {
            "event": "sold", "because": "as filed", "citations": [{"source": "filing"}],
        })  # fmt: skip
        record = Record(SOLD, gone)
        assert record.refuse(correction("less", "sold", shares="9"))[:2] == ("less", BAD)
        record.accept(("source-retracted", "forged", {"source": "filing", "because": "forged"}))
        record.accept(correction("less", "sold", shares="9"))


class TestWhatMayBeCorrected:
    def test_of_a_retraction_its_own_fields(self) -> None:
        record = Record(SOLD, retraction("gone", "sold"))
        record.accept(correction("why", "gone", because="a misprint", note="see page 2"))
        blamed, refusal, words = record.refuse(correction("what", "gone", shares="9"))
        assert (blamed, refusal) == ("what", BAD)
        assert 'A retraction has no field "shares". Retract it instead.' in words

    @pytest.mark.parametrize("amendment", ["retracted", "corrected", "corroborated"])
    def test_an_amendment_stays_about_its_event(self, amendment: str) -> None:
        first = {
            "retracted": retraction("first", "sold"),
            "corrected": correction("first", "sold", shares="9"),
            "corroborated": corroboration("first", "sold"),
        }[amendment]
        record = Record(SOLD, first)
        blamed, refusal, words = record.refuse(correction("other", "first", event="issue-0"))
        assert (blamed, refusal) == ("other", BAD)
        assert '"first" stays about the event it names. Retract it, and record another' in words

    @pytest.mark.parametrize("type", ["source-corrected", "source-retracted"])
    def test_what_tells_of_a_source_stays_about_it(self, type: str) -> None:
        moved = {"published_on": "2020-02-02"} if type == "source-corrected" else {}
        first = (type, "first", {"source": "filing", "because": "misread"} | moved)
        blamed, refusal, words = Record(first).refuse(correction("other", "first", source="leak"))
        assert (blamed, refusal) == ("other", BAD)
        assert '"first" stays about the source it names.' in words

    def test_a_correction_of_a_correction_changes_what_that_one_proposes(self) -> None:
        record = Record(SOLD, correction("less", "sold", shares="9"))
        record.accept(correction("lesser", "less", shares="1", because="a misprint"))
        record.accept(transfer("rest", "2020-03-15", "alice", "bob", 999))
        assert record.refuse(transfer("one", "2020-03-15", "alice", "bob", 1))[0] == "one"


class TestWhatItLeaves:
    @pytest.mark.parametrize(
        ("changes", "refusal", "words"),
        [
            ({"shares": "none"}, Refusal.BAD_NUMBER, "shares: "),
            ({"shares": "0"}, Refusal.BAD_NUMBER, "shares: "),
            ({"shares": None}, Refusal.MISSING_FIELD, "shares: "),
            ({"effective_on": None}, Refusal.MISSING_FIELD, "effective_on: "),
            ({"holder": "bob"}, Refusal.UNKNOWN_FIELD, "holder: "),
            ({"transferee": "alice"}, Refusal.SAME_HOLDER, ""),
            ({"transferee": "Bob!"}, Refusal.BAD_IDENTIFIER, "transferee: "),
            ({"transferee": "dora"}, Refusal.UNKNOWN_REFERENCE, 'transferee: No party "dora" is'),
            ({"share_class": "acme/b"}, Refusal.UNKNOWN_REFERENCE, "share_class: No class"),
            ({"reaffirms": "nothing"}, Refusal.UNKNOWN_REFERENCE, "reaffirms: No event"),
        ],
        ids=str,
    )
    def test_an_event_is_still_valid(
        self, changes: dict[str, Any], refusal: Refusal, words: str
    ) -> None:
        blamed, why, said = Record(SOLD).refuse(correction("wrong", "sold", **changes))
        assert (blamed, why) == ("wrong", refusal)
        assert said.startswith(words)

    def test_one_correction_may_mend_what_another_field_of_it_breaks(self) -> None:
        record = Record(SOLD)
        assert record.refuse(correction("half", "sold", transferee="alice"))[0] == "half"
        record.accept(correction("both", "sold", transferor="bob", transferee="alice"))

    def test_a_correction_of_a_correction_is_blamed_for_what_it_makes_of_the_event(self) -> None:
        record = Record(SOLD, correction("turned", "sold", transferor="bob", transferee="carol"))
        blamed, refusal, _ = record.refuse(correction("more", "turned", transferee="bob"))
        assert (blamed, refusal) == ("more", Refusal.SAME_HOLDER)

    def test_a_retraction_of_a_correction_that_another_rests_on_is_refused(self) -> None:
        record = Record(
            SOLD,
            correction("to-carol", "sold", transferee="carol"),
            correction("by-bob", "sold", transferor="bob"),
        )
        blamed, refusal, _ = record.refuse(retraction("no", "to-carol"))
        assert (blamed, refusal) == ("no", Refusal.SAME_HOLDER)
        record.accept(retraction("neither", "by-bob"), retraction("no", "to-carol"))

    def test_of_a_retracted_event_nothing_is_asked(self) -> None:
        record = Record(SOLD, retraction("gone", "sold"))
        record.accept(correction("why", "gone", note="it never was"))

    def test_an_event_reaffirms_only_what_is_recorded_before(self) -> None:
        record = Record(SOLD, transfer("later", "2020-03-15", "alice", "bob", 10))
        record.accept(correction("same", "later", reaffirms="sold"))
        blamed, refusal, words = record.refuse(correction("turned", "sold", reaffirms="later"))
        assert (blamed, refusal) == ("turned", Refusal.UNKNOWN_REFERENCE)
        assert '#17 "later" is not recorded before the event that reaffirms it' in words


class TestRegistrations:
    @pytest.mark.parametrize(
        ("undoing", "id", "first"),
        [
            (retraction("undo", "party-alice"), "alice", "issue-0"),
            (correction("undo", "party-alice", party="alicia"), "alice", "issue-0"),
            (retraction("undo", "class-common"), "acme/common", "issue-0"),
            (correction("undo", "class-common", share_class="acme/c"), "acme/common", "issue-0"),
        ],
        ids=lambda value: value if isinstance(value, str) else value[0],
    )
    def test_what_others_speak_of_stays(self, undoing: Draft, id: str, first: str) -> None:
        blamed, refusal, words = Record().refuse(undoing)
        assert (blamed, refusal) == ("undo", BAD)
        assert f'"{id}" is spoken of by ' in words
        assert f" {first}. Retract those first, or correct the registration's" in words

    @pytest.mark.parametrize(
        "undoing",
        [retraction("undo", "party-acme"), correction("undo", "party-acme", party="acme-2")],
    )
    def test_an_issuer_stays_while_it_has_classes(self, undoing: Draft) -> None:
        blamed, refusal, words = Record().refuse(undoing)
        assert (blamed, refusal) == ("undo", BAD)
        assert '"acme" is spoken of by 2 events, the first #7 class-common.' in words

    def test_a_class_is_not_corrected_or_revived_without_its_issuer(self) -> None:
        new = ("share-class-created", "new", {"share_class": "boreal/common"})
        moved = correction("moved", "new", share_class="nobody/common")
        blamed, refusal, words = Record(new).refuse(moved)
        assert (blamed, refusal) == ("moved", Refusal.UNKNOWN_REFERENCE)
        assert 'No issuer "nobody" is recorded.' in words
        gone = (retraction("gone", "new"), retraction("undo", "party-boreal"))
        assert Record(new, *gone).refuse(retraction("back", "gone"))[:2] == ("back", refusal)

    def test_a_source_that_is_cited_stays(self) -> None:
        cited = (*SOLD[:2], SOLD[2] | {"citations": [{"source": "filing"}]})
        blamed, refusal, words = Record(cited).refuse(retraction("undo", "source-filing"))
        assert (blamed, refusal) == ("undo", BAD)
        assert '"filing" is spoken of by 1 events, the first #16 sold.' in words
        Record().accept(retraction("undo", "source-filing"))

    def test_who_nobody_speaks_of_may_go(self) -> None:
        Record().accept(retraction("undo", "party-boreal"))
        Record().accept(correction("undo", "party-boreal", party="borealis"))

    def test_other_fields_may_be_corrected(self) -> None:
        Record().accept(correction("name", "party-alice", name="Alice A."))

    def test_of_two_registrations_one_may_go(self) -> None:
        sold = transfer("sold", "2020-03-15", "alice", "boreal", 1)
        record = Record(registered("again"), sold)
        record.accept(retraction("one", "party-boreal"))
        assert record.refuse(retraction("other", "again"))[:2] == ("other", BAD)

    def test_it_may_go_with_what_speaks_of_it(self) -> None:
        record = Record(transfer("sold", "2020-03-15", "alice", "boreal", 1))
        assert record.refuse(retraction("undo", "party-boreal"))[0] == "undo"
        record.accept(retraction("unsold", "sold"), retraction("undo", "party-boreal"))
        record = Record(transfer("sold", "2020-03-15", "alice", "boreal", 1))
        record.accept(retraction("undo", "party-boreal"), retraction("unsold", "sold"))

    def test_what_speaks_of_it_is_not_revived_without_it(self) -> None:
        record = Record(
            transfer("sold", "2020-03-15", "alice", "boreal", 1),
            retraction("unsold", "sold"),
            retraction("undo", "party-boreal"),
        )
        blamed, refusal, words = record.refuse(retraction("revived", "unsold"))
        assert (blamed, refusal) == ("revived", Refusal.UNKNOWN_REFERENCE)
        assert 'transferee: No party "boreal" is recorded. Register it first.' in words


class TestProposals:
    """Each value that a correction proposes is looked at before anything is counted with it."""

    MENDED = correction("mended", "sold", shares="9")
    NOTED = correction("noted", "sold", note="seen")

    @pytest.mark.parametrize(
        ("event", "field", "value", "refusal"),
        [
            ("sold", "standing", "certain", Refusal.BAD_CHOICE),
            ("sold", "citations", "filing", Refusal.BAD_SHAPE),
            ("sold", "citations", ["filing"], Refusal.BAD_SHAPE),
            ("sold", "effective_on", "2020-13", Refusal.BAD_DATE),
            ("sold", "effective_on", ["2020-01-01"], Refusal.BAD_SHAPE),
            ("sold", "transferee", ["bob"], Refusal.BAD_SHAPE),
            ("sold", "sequence", "first", Refusal.BAD_NUMBER),
            ("sold", "reaffirms", ["issue-0"], Refusal.BAD_SHAPE),
            ("sold", "colour", "red", Refusal.UNKNOWN_FIELD),
            ("mended", "correction", "x", Refusal.BAD_CHOICE),
            ("mended", "because", None, Refusal.MISSING_FIELD),
            ("mended", "known_on", "soon", Refusal.BAD_DATE),
            ("mended", "shares", "-1", Refusal.BAD_NUMBER),
            ("mended", "changes", [], Refusal.UNKNOWN_FIELD),
            ("noted", "note", ["x"], Refusal.BAD_SHAPE),
        ],
    )
    def test_a_value_that_no_field_takes_is_refused(
        self, event: str, field: str, value: Any, refusal: Refusal
    ) -> None:
        record = Record(SOLD, self.MENDED, self.NOTED)
        blamed, found, words = record.refuse(correction("bad", event, **{field: value}))
        assert (blamed, found) == ("bad", refusal), words
        assert words.startswith((field, "changes")), words

    def test_values_that_fit_only_together_are_looked_at_together(self) -> None:
        swapped = correction("swapped", "sold", transferor="bob", transferee="alice")
        Record(SOLD).accept(swapped)
        blamed, refusal, _ = Record(SOLD).refuse(correction("bad", "sold", transferee="alice"))
        assert (blamed, refusal) == ("bad", Refusal.SAME_HOLDER)

    def test_a_correction_of_a_correction_may_name_a_field_of_either(self) -> None:
        record = Record(SOLD, self.MENDED)
        record.accept(correction("one", "mended", because="seen again"))
        record.accept(correction("two", "mended", shares="8"))
        record.accept(correction("three", "two", shares="7", note="thrice"))

    @pytest.mark.parametrize(
        "amendment",
        [retraction("back", "renamed"), correction("back", "new", party="boreal-two")],
        ids=["retracted", "corrected again"],
    )
    def test_an_id_that_a_correction_gave_stays_while_events_speak_of_it(
        self, amendment: Draft
    ) -> None:
        new = registered("new", party="borea")
        record = Record(new, correction("renamed", "new", party="borealis"))
        record.accept(transfer("gift", "2021-01-01", "alice", "borealis", 1))
        blamed, refusal, words = record.refuse(amendment)
        assert (blamed, refusal) == ("back", BAD)
        assert '"borealis" is spoken of by 1 events, the first #18 gift.' in words
        record.accept(retraction("none", "gift"), amendment)
