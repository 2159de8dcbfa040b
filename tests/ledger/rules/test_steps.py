"""An official step that contradicts the record's own official history is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.histories import Draft
from tests.ledger.rules.record import (
    COMMON,
    Record,
    correction,
    official,
    reported,
    retraction,
    transfer,
)

CONTRADICTORY = Refusal.CONTRADICTORY_STEP
FIELDS: dict[str, dict[str, Any]] = {
    "negotiation-opened": {"deal": "merger", "parties": ["alice", "bob"], "about": "a merger"},
    "terms-agreed": {"deal": "merger", "parties": ["alice", "bob"], "terms": "one for one"},
    "statement-made": {"deal": "merger", "speaker": "alice", "statement": "talks go on"},
    "deal-completed": {"deal": "merger"},
    "deal-abandoned": {"deal": "merger"},
    "agreement-signed": {"agreement": "pact", "title": "Pact", "parties": ["alice", "bob"]},
    "agreement-in-force": {"agreement": "pact"},
    "agreement-amended": {"agreement": "pact", "dropped_clauses": ["floor"]},
    "agreement-ended": {"agreement": "pact"},
    "investment-committed": {
        "investment": "stake", "investor": "alice", "investee": "boreal", "amount": "EUR 600",
    },
    "investment-paid": {"investment": "stake", "amount": "EUR 200"},
    "investment-released": {"investment": "stake"},
    "offering-planned": {"offering": "ipo", "issuer": "boreal", "window": "2022"},
    "offering-rescheduled": {"offering": "ipo", "window": "2023"},
    "offering-cancelled": {"offering": "ipo"},
    "offering-completed": {"offering": "ipo", "price": "EUR 10"},
    "milestone-expected": {
        "deal": "merger", "milestone": "signing", "title": "signed", "expected_on": "2022",
    },
    "milestone-met": {"deal": "merger", "milestone": "signing"},
    "project-announced": {"project": "lab", "title": "a lab", "parties": ["alice"]},
    "project-updated": {"project": "lab", "change": "it starts later"},
    "project-ended": {"project": "lab"},
    "trust-settled": {
        "trust": "acme-trust", "settlors": ["alice"], "trustees": ["bob"],
        "beneficiaries": [{"party": "alice"}],
        "voting": "neutral",
    },
    "shares-placed-in-trust": {
        "trust": "acme-trust", "holder": "alice", "share_class": COMMON, "shares": "10",
    },
    "trust-ended": {"trust": "acme-trust"},
    "voting-rights-suspended": {"issuer": "acme", "holder": "alice", "reason": "circular"},
    "voting-rights-restored": {"issuer": "acme", "holder": "alice"},
    "voting-cap-agreed": {"issuer": "acme", "holder": "alice", "percent": "15"},
    "voting-cap-lifted": {"issuer": "acme", "holder": "alice"},
    "double-votes-granted": {"share_class": COMMON, "holder": "alice"},
    "double-votes-ended": {"share_class": COMMON, "holder": "alice"},
    "party-ended": {"party": "alice"},
}  # fmt: skip


def step(type: str, on: str, key: str = "", **fields: Any) -> Draft:
    """A step of the one thread of its kind."""
    return official(type, key or type, on, **FIELDS[type] | fields)


@pytest.mark.parametrize(
    ("before", "then"),
    [
        (["deal-completed"], "deal-abandoned"),
        (["deal-abandoned"], "deal-completed"),
        (["deal-completed"], "terms-agreed"),
        (["deal-completed"], "negotiation-opened"),
        (["agreement-signed", "agreement-ended"], "agreement-in-force"),
        (["agreement-signed", "agreement-in-force"], "agreement-signed"),
        (["agreement-signed", "agreement-ended"], "agreement-amended"),
        (["investment-committed", "investment-released"], "investment-released"),
        (["investment-committed", "investment-released"], "investment-paid"),
        (["offering-planned", "offering-cancelled"], "offering-completed"),
        (["offering-planned", "offering-completed"], "offering-rescheduled"),
        (["milestone-expected", "milestone-met"], "milestone-expected"),
        (["project-announced", "project-ended"], "project-updated"),
        (["trust-settled"], "trust-settled"),
        (["trust-settled", "trust-ended"], "shares-placed-in-trust"),
        ([], "shares-placed-in-trust"),
        ([], "trust-ended"),
        ([], "voting-rights-restored"),
        (["voting-rights-suspended"], "voting-rights-suspended"),
        ([], "voting-cap-lifted"),
        ([], "double-votes-ended"),
        (["party-ended"], "party-ended"),
    ],
)
def test_what_cannot_follow_is_refused_and_names_what_it_contradicts(
    before: list[str], then: str
) -> None:
    record = Record(*(step(type, f"2020-06-0{n}") for n, type in enumerate(before, 1)))
    blamed, refusal, words = record.refuse(step(then, "2021-01-01", "then"))
    assert (blamed, refusal) == ("then", CONTRADICTORY)
    last = (
        f'#{15 + len(before)} "{before[-1]}" ({before[-1]}, 2020-06-0{len(before)})'
        if before
        else "a record in which nothing has begun that it could end"
    )
    assert words.startswith(f"It ({then}, 2021-01-01) contradicts {last}.")
    assert "If it says the same again, give reaffirms" in words


@pytest.mark.parametrize(
    "steps",
    [
        ["deal-abandoned", "negotiation-opened", "deal-completed"],
        ["deal-completed", "statement-made"],
        ["agreement-signed", "agreement-in-force", "agreement-amended", "agreement-ended"],
        ["agreement-in-force", "agreement-ended"],
        ["investment-committed", "investment-paid", "investment-paid", "investment-released"],
        ["offering-planned", "offering-rescheduled", "offering-cancelled"],
        ["milestone-met"],
        ["trust-settled", "shares-placed-in-trust", "trust-ended"],
        ["voting-rights-suspended", "voting-rights-restored", "voting-rights-suspended"],
        ["voting-cap-agreed", "voting-cap-agreed", "voting-cap-lifted"],
        ["double-votes-granted", "double-votes-ended", "double-votes-granted"],
    ],
    ids=lambda steps: "-".join(steps)[:60],
)
def test_steps_that_can_follow_one_another_are_accepted(steps: list[str]) -> None:
    drafts = [step(type, f"2020-06-0{n}", f"step-{n}") for n, type in enumerate(steps, 1)]
    Record(*drafts)
    Record().accept(*reversed(drafts))


def test_what_happened_to_a_part_of_the_shares_leaves_the_others_as_they_are() -> None:
    record = Record(step("voting-rights-suspended", "2020-03-15", shares="10"))
    record.accept(step("voting-rights-suspended", "2020-06-01", "rest"))
    assert record.refuse(step("voting-rights-suspended", "2021-01-01", "more"))[0] == "more"


class TestDays:
    def test_steps_of_one_day_are_taken_in_the_order_in_which_they_can_be(self) -> None:
        record = Record()
        record.accept(
            step("trust-ended", "2020-03-15"),
            step("shares-placed-in-trust", "2020-03-15"),
            step("trust-settled", "2020-03-15"),
        )

    def test_a_sequence_within_the_day_comes_first(self) -> None:
        ended = step("trust-ended", "2020-03-15", sequence="1")
        settled = step("trust-settled", "2020-03-15", sequence="2")
        blamed, _, words = Record().refuse(settled, ended)
        assert blamed == "trust-ended"
        assert "contradicts a record in which nothing has begun" in words

    def test_a_step_dated_back_must_agree_with_the_later_ones(self) -> None:
        record = Record(step("deal-completed", "2021-01-01"))
        record.accept(step("terms-agreed", "2020-06-01"))
        blamed, _, words = record.refuse(step("deal-abandoned", "2020-12-31"))
        assert blamed == "deal-abandoned"
        assert words.startswith(
            '#16 (deal-completed, 2021-01-01) contradicts #18 "deal-abandoned"'
            " (deal-abandoned, 2020-12-31)."
        )

    @pytest.mark.parametrize("on", ["2020", "2020-H2", "2020-12"])
    def test_a_date_in_part_counts_from_its_last_day(self, on: str) -> None:
        record = Record(step("deal-completed", "2020-12-30"))
        assert record.refuse(step("terms-agreed", on))[0] == "terms-agreed"
        Record(step("deal-completed", "2021-01-01")).accept(step("terms-agreed", on))

    def test_an_unknown_date_counts_from_the_day_it_was_told(self) -> None:
        record = Record(step("deal-completed", "2026-01-16"))
        blamed, _, words = record.refuse(step("terms-agreed", "unknown"))
        assert blamed == "terms-agreed"
        assert "It (terms-agreed, " in words
        cited: dict[str, Any] = {"citations": [{"source": "leak"}]}
        record.accept(step("terms-agreed", "unknown", **cited))


class TestStanding:
    def test_a_report_that_contradicts_the_record_is_kept_and_told(self) -> None:
        record = Record(step("deal-completed", "2020-03-15"))
        (words,) = record.accept(
            reported("deal-abandoned", "press", "2020-06-01", **FIELDS["deal-abandoned"])
        )
        assert words == (
            "#17 press (reported) is kept as what its source says; it contradicts"
            ' #16 "deal-completed" (deal-completed, 2020-03-15).'
        )

    def test_an_official_step_is_heard_before_reports(self) -> None:
        """The report is then what contradicts the record, and nothing new is told of it."""
        record = Record(step("deal-abandoned", "2020-03-15", standing="reported"))
        assert record.accept(step("deal-completed", "2020-06-01")) == ()
        record = Record(step("deal-completed", "2020-06-01", standing="unnamed"))
        record.accept(step("deal-abandoned", "2020-03-15", standing="official"))

    def test_one_step_reported_twice_is_no_contradiction_to_be_told(self) -> None:
        record = Record(step("investment-released", "2020-06"))
        again = step("investment-released", "2020-06-15", "press", standing="reported")
        assert record.accept(again) == ()
        other = step("investment-released", "2020-07-01", "other", standing="reported")
        (words,) = record.accept(other)
        assert words.startswith("#18 other (reported) is kept")

    def test_what_becomes_official_must_agree(self) -> None:
        press = step("deal-abandoned", "2020-06-01", "press", standing="reported")
        record = Record(step("deal-completed", "2020-03-15"), press)
        blamed, refusal, words = record.refuse(correction("now", "press", standing="official"))
        assert (blamed, refusal) == ("now", CONTRADICTORY)
        assert words.startswith(
            "Without it #17 press (deal-abandoned, 2020-06-01) would contradict #16"
        )


class TestSaidAgain:
    def test_a_step_said_again_is_no_other_step(self) -> None:
        record = Record(step("investment-released", "2020-03-15"))
        again = step("investment-released", "2021-01-01", "again")
        assert record.refuse(again)[0] == "again"
        said = (*again[:2], again[2] | {"reaffirms": "investment-released"})
        assert record.accept(said) == ()

    def test_where_the_first_falls_the_other_counts(self) -> None:
        record = Record(
            step("deal-completed", "2020-03-15"),
            step("deal-completed", "2020-06-01", "again", reaffirms="deal-completed"),
            retraction("gone", "deal-completed"),
        )
        blamed, _, words = record.refuse(step("deal-abandoned", "2021-01-01"))
        assert blamed == "deal-abandoned"
        assert 'contradicts #17 "again"' in words


class TestAmendments:
    def test_what_a_later_step_rests_on_stays(self) -> None:
        record = Record(step("trust-settled", "2020-01-01"), step("trust-ended", "2020-06-01"))
        blamed, refusal, words = record.refuse(retraction("undo", "trust-settled"))
        assert (blamed, refusal) == ("undo", CONTRADICTORY)
        assert words.startswith(
            "Without it #17 trust-ended (trust-ended, 2020-06-01) would contradict a record in"
            " which nothing has begun that it could end. Correct or retract that event first,"
        )
        record.accept(retraction("end-undone", "trust-ended"), retraction("undo", "trust-settled"))

    @pytest.mark.parametrize(
        "changes",
        [{"effective_on": "2020-06-02"}, {"effective_on": "2020"}, {"trust": "boreal"}],
        ids=str,
    )
    def test_a_correction_that_moves_it_away_is_refused(self, changes: dict[str, str]) -> None:
        record = Record(step("trust-settled", "2020-01-01"), step("trust-ended", "2020-06-01"))
        blamed, refusal, _ = record.refuse(correction("undo", "trust-settled", **changes))
        assert (blamed, refusal) == ("undo", CONTRADICTORY)

    def test_a_source_withdrawn_is_blamed_for_what_falls_with_it(self) -> None:
        settled = step("trust-settled", "2020-01-01", citations=[{"source": "filing"}])
        record = Record(settled, step("trust-ended", "2020-06-01"))
        withdrawn = ("source-retracted", "withdrawn", {"source": "filing", "because": "forged"})
        assert record.refuse(withdrawn)[:2] == ("withdrawn", CONTRADICTORY)

    def test_a_retraction_undone_brings_the_contradiction_back(self) -> None:
        record = Record(
            step("deal-completed", "2020-03-15"),
            retraction("gone", "deal-completed"),
            step("deal-abandoned", "2020-06-01"),
        )
        assert record.refuse(retraction("back", "gone"))[:2] == ("back", CONTRADICTORY)


def test_a_movement_out_of_a_trust_is_no_step_of_it() -> None:
    """What an ended trust still holds can be released; shares moved to it by others are its own."""
    record = Record(
        step("trust-settled", "2020-01-01"),
        step("shares-placed-in-trust", "2020-03-15"),
        step("trust-ended", "2020-06-01"),
    )
    record.accept(
        official(
            "shares-released-from-trust", "out", "2021-01-01",
            trust="acme-trust", transferee="alice", share_class=COMMON, shares="10",
            manner="return",
        )
    )  # fmt: skip
    record.accept(transfer("given", "2021-01-01", "alice", "acme-trust", 10))
