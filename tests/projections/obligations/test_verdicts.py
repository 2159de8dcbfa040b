"""Verdicts: what each kind of clause says of a proposed event, and what on record meets a need."""

from __future__ import annotations

from typing import Any

import pytest

from projections.obligations.governed import governance
from tests.histories import Draft
from tests.projections.obligations.agreed import pact, said, shown
from tests.projections.subjects.record import COMMON, PREFERRED, at, on, opened, record, sold

HELD = [
    opened("alice", 150), opened("bob", 50), opened("carol", 700), opened("public", 100),
]  # fmt: skip
SALE = sold("2024-03-01", "sale", "alice", "bank", 60, price="EUR 10")
OF_ALICE = {"party": "alice"}
PERIOD = OF_ALICE | {"clause": "period", "kind": "lock-up", "until": "2024-06-30"}
FLOOR = OF_ALICE | {"clause": "floor", "kind": "lock-up", "percent": "10", "base": "issued"}
FIRST = OF_ALICE | {
    "clause": "first", "kind": "first-offer", "counterparties": ["carol"], "notice_days": "30",
    "window_days": "60",
}  # fmt: skip
TAG = OF_ALICE | {"clause": "tag", "kind": "tag-along", "counterparties": ["bob"]}


def one(rows: list[Any], verdict: str = "") -> Any:
    """The row of a verdict, which must be the only one."""
    [row] = [row for row in rows if verdict in ("", row["verdict"])]
    return row


def test_a_sale_under_four_clauses() -> None:
    rows = said([*HELD, *pact(PERIOD, FLOOR, FIRST, TAG)], SALE)
    assert shown(rows, "verdict", "clause", "measured", "needs", "of", "shares", "until") == [
        ("breaches", "period", None, None, [], None, "2024-06-30"),
        ("breaches", "floor", "9.0000", None, [], None, None),
        ("needs", "first", None, "offer", ["carol"], None, None),
        ("needs", "tag", None, "notice", ["bob"], "15", None),
        ("noted", "tag", None, None, [], "45", None),
    ]
    assert "90 of 1000 shares issued" in rows[1]["what"]
    assert "by 2024-01-30" in rows[2]["what"]
    assert "keeps 105, 10.5000% of all issued" in rows[4]["what"]
    assert rows[2]["from"] == "2024-04-01"


CEILING = OF_ALICE | {"clause": "cap", "kind": "standstill", "base": "issued"}


@pytest.mark.parametrize(
    ("percent", "fields", "verdict"),
    [("10", {}, "breaches"), ("15", {}, "permitted"), ("10", {"starts": "2024-01-01"}, "noted")],
)
def test_a_limit_that_begins_is_asked_of_what_is_held(
    percent: str, fields: dict[str, str], verdict: str
) -> None:
    row = one(said(HELD, *pact(CEILING | {"percent": percent} | fields)))
    assert shown([row], "verdict", "clause", "measured", "event") == [
        (verdict, "cap", "15.0000", "force")
    ]


def test_a_limit_whose_terms_change_is_asked_again() -> None:
    agreed = [*HELD, *pact(CEILING | {"percent": "20"})]
    changed = {"text": "as agreed", "issuer": "acme"} | CEILING | {"percent": "12"}
    amended = on("2023-06-01", "amended", "agreement-amended", agreement="pact",
                 clauses=[changed])  # fmt: skip
    assert shown([one(said(agreed, amended))], "verdict", "limit", "event") == [
        ("breaches", "12", "amended")
    ]
    field = {"field": "effective_on", "value": "2023-05-01"}
    corrected: Draft = (
        *("event-corrected", "corrected"),
        {"event": "amended", "because": "read wrongly", "changes": [field]},
    )
    assert shown([one(said([*agreed, amended], corrected))], "verdict", "from", "event") == [
        ("breaches", "2023-05-01", "corrected")
    ]


def test_what_is_taken_back_breaks_no_clause_and_what_is_corrected_does_as_it_is() -> None:
    agreed = [*HELD, *pact(PERIOD), SALE]
    gone: Draft = "event-retracted", "gone", {"event": "sale", "because": "it was not made"}
    assert said(agreed, gone) == []
    field = {"field": "shares", "value": "40"}
    less: Draft = (
        *("event-corrected", "less"), {"event": "sale", "because": "misread", "changes": [field]},
    )  # fmt: skip
    assert shown(said(agreed, less), "verdict", "event") == [("breaches", "less")]


def test_an_agreement_is_found_under_the_id_that_a_correction_gives_it() -> None:
    clause = {"issuer": "acme", "text": "as agreed"} | PERIOD
    signed = on("2023-01-01", "signed", "agreement-signed", agreement="pakt", title="Pact",
                parties=["alice", "bob"], clauses=[clause])  # fmt: skip
    field = {"field": "agreement", "value": "pact"}
    spelt: Draft = (
        *("event-corrected", "spelt"),
        {"event": "signed", "because": "misspelt", "changes": [field]},
    )  # fmt: skip
    assert shown(said([*HELD, signed, spelt], SALE), "verdict", "agreement") == [
        ("breaches", "pact")
    ]


def offer(day: str, **fields: Any) -> Draft:
    of = {"offer": "o", "offeror": "alice", "kind": "first-offer", "share_class": COMMON}
    of |= {"agreement": "pact", "clause": "first", "to": ["carol"], "shares": "60"}
    return on(day, "made", "offer-made", **of | {"price": "EUR 10"} | fields)


def closed(day: str, result: str) -> Draft:
    return on(day, "closed", "offer-closed", offer="o", result=result)


ANSWERED: dict[str, tuple[list[Draft], str, str, str | None]] = {
    "in time": ([offer("2024-01-30")], "permitted", "was not taken up", None),
    "too late": ([offer("2024-02-10")], "needs", "runs until the day before", "2024-03-12"),
    "declined": ([offer("2024-02-10"), closed("2024-02-20", "declined")], "permitted", "", None),
    "withdrawn": ([offer("2024-01-30"), closed("2024-02-20", "withdrawn")], "needs", "by", None),
    "long ago": ([offer("2023-06-01")], "needs", "allowed a sale until 2023-08-31", None),
    "dearer": ([offer("2024-01-30", price="EUR 11")], "needs", "the sale is at EUR 10", None),
    "of fewer": ([offer("2024-01-30", shares="50")], "needs", "was for 50 shares", None),
    "to another": ([offer("2024-01-30", to=["bob"])], "needs", "offered to carol", None),
    "accepted": ([offer("2024-01-30"), on("2024-02-01", "took", "offer-accepted", offer="o",
        holder="carol", shares="20")], "breaches", "accepted for 20 shares, which leaves 40", None),
    "waived": ([on("2024-02-01", "waived", "approval-granted", by="carol", kind="waiver", of="pact",
        clause="first", matter="a sale")], "permitted", "waived", None),
    "waived by another": ([on("2024-02-01", "waived", "approval-granted", by="bob", of="pact",
        kind="waiver", clause="first", matter="a sale")], "needs", "offered to carol", None),
}  # fmt: skip


@pytest.mark.parametrize(
    ("on_record", "verdict", "words", "first"), ANSWERED.values(), ids=ANSWERED
)
def test_what_an_offer_on_record_leaves(
    on_record: list[Draft], verdict: str, words: str, first: str | None
) -> None:
    row = one(said([*HELD, *pact(FIRST), *on_record], SALE))
    assert row["verdict"] == verdict, row["what"]
    assert words in row["what"]
    if first:
        assert row["from"] == first


ISSUE = on("2024-03-01", "issue", "shares-issued", share_class=COMMON, holder="bank", shares="100")
CONSENT = {
    "clause": "issue", "kind": "consent", "events": ["shares-issued"], "above": "5%",
    "consent_of": "carol",
}  # fmt: skip
PRE = {"clause": "pre", "kind": "pre-emption", "counterparties": ["alice", "bob"]}


def agreed(day: str, clause: str, by: str = "carol", key: str = "agreed", **fields: Any) -> Draft:
    of = {"by": by, "kind": "consent", "of": "pact", "clause": clause, "matter": "it"}
    return on(day, key, "approval-granted", **of | fields)


BEFORE = on("2024-02-10", "before", "shares-issued", share_class=COMMON, holder="bank",
            shares="90")  # fmt: skip
MATTERS: dict[str, tuple[list[Draft], Draft, str]] = {
    "above the limit": ([], ISSUE, "needs"),
    "with consent": ([agreed("2024-02-01", "issue")], ISSUE, "permitted"),
    "with consent that came later": ([agreed("2024-03-02", "issue")], ISSUE, "needs"),
    "with the consent of another": ([agreed("2024-02-01", "issue", "bob")], ISSUE, "needs"),
    "with consent used before": ([agreed("2024-02-01", "issue"), BEFORE], ISSUE, "needs"),
    "a small one": ([], on("2024-03-01", "small", "shares-issued", share_class=COMMON,
        holder="bank", shares="50"), "permitted"),
    "refused": ([on("2024-02-01", "no", "approval-refused", by="carol", of="pact", clause="issue",
        matter="it")], ISSUE, "needs"),
}  # fmt: skip


@pytest.mark.parametrize(("on_record", "event", "verdict"), MATTERS.values(), ids=MATTERS)
def test_what_needs_a_consent(on_record: list[Draft], event: Draft, verdict: str) -> None:
    row = one(said([*HELD, *pact(CONSENT), *on_record], event))
    assert row["verdict"] == verdict, row["what"]
    if verdict == "needs":
        assert (row["needs"], row["of"], row["limit"]) == ("consent", ["carol"], "5%")


def test_of_new_shares_each_is_offered_its_part_first() -> None:
    rows = said([*HELD, *pact(PRE)], ISSUE)
    assert shown(rows, "verdict", "of", "shares") == [
        ("needs", ["alice"], "15"), ("needs", ["bob"], "5"),
    ]  # fmt: skip
    waived = agreed("2024-02-01", "pre", "alice", kind="waiver")
    assert one(said([*HELD, *pact(PRE), waived], ISSUE))["of"] == ["bob"]
    off = agreed("2024-02-01", "pre", "acme", kind="disapplication")
    assert one(said([*HELD, *pact(PRE), off], ISSUE))["verdict"] == "permitted"


EXCEPTED: dict[str, tuple[dict[str, str], str]] = {
    "to whom": ({"transferee": "bank"}, "permitted"),
    "to another": ({"transferee": "carol"}, "breaches"),
    "a size": ({"percent": "6"}, "permitted"),
    "a smaller size": ({"percent": "5.9"}, "breaches"),
    "a ground": ({"ground": "gift"}, "breaches"),
    "affiliates": ({"among": "affiliates"}, "breaches"),
    "in words": ({"text": "to who is fit"}, "cannot be told"),
    "over": ({"transferee": "bank", "until": "2024-02-29"}, "breaches"),
}


@pytest.mark.parametrize(("exception", "verdict"), EXCEPTED.values(), ids=EXCEPTED)
def test_what_a_clause_excepts(exception: dict[str, str], verdict: str) -> None:
    exceptions = [{"clause": "period"} | exception]
    row = one(said([*HELD, *pact(PERIOD, exceptions=exceptions)], SALE))
    assert row["verdict"] == verdict, row["what"]


def test_an_affiliate_is_one_while_it_is_controlled() -> None:
    exceptions = [{"clause": "period", "among": "affiliates"}]
    controls = on("2023-01-01", "controls", "relationship-began", relationship="r", party="alice",
                  of="bank", kind="control", basis="contract")  # fmt: skip
    ended = on("2024-02-01", "ended", "relationship-ended", relationship="r")
    before = [*HELD, *pact(PERIOD, exceptions=exceptions), controls]
    assert one(said(before, SALE))["verdict"] == "permitted"
    assert one(said([*before, ended], SALE))["verdict"] == "breaches"


OTHERS: dict[str, tuple[dict[str, Any], Draft, str, str]] = {
    "a clause in words": ({"clause": "c", "kind": "principle"}, SALE, "cannot be told", "read it"),
    "a lock-up in words": (OF_ALICE | {"clause": "c", "kind": "lock-up"}, SALE, "cannot be told",
        "read it"),
    "a rights plan": ({"clause": "c", "kind": "rights-plan", "percent": "6"}, SALE, "noted",
        "6% is 60 shares"),
    "a drag": (OF_ALICE | {"clause": "c", "kind": "drag-along", "percent": "15"}, SALE, "permitted",
        "may require the others to sell: bob 50"),
    "a restriction in words": (OF_ALICE | {"clause": "c", "kind": "transfer-restriction"}, SALE,
        "cannot be told", "read it"),
    "a restriction with consent": (OF_ALICE | {"clause": "c", "kind": "transfer-restriction",
        "consent_of": "bob"}, SALE, "needs", "the consent of bob"),
    "consultation": ({"clause": "c", "kind": "consultation", "events": ["shares-issued"],
        "counterparties": ["bob"], "notice_days": "10"}, ISSUE, "needs", "by 2024-02-20"),
    "a clause that has not started": (PERIOD | {"starts": "2024-04-01"}, SALE, "noted",
        "has not started"),
    "a ceiling of derivatives too": ({"clause": "c", "kind": "standstill", "party": "bank",
        "percent": "10", "base": "issued", "reach": "group-and-derivatives"}, SALE, "permitted",
        "derivatives are not known"),
    "a cap on votes": ({"clause": "c", "kind": "voting-cap", "party": "alice", "percent": "5"},
        SALE, "noted", "of 90 votes 50 may be cast"),
    "a seat with a holding": (OF_ALICE | {"clause": "c", "kind": "board-seat", "percent": "10",
        "base": "issued"}, SALE, "noted", "no right to 1 is left"),
}  # fmt: skip


@pytest.mark.parametrize(("clause", "event", "verdict", "words"), OTHERS.values(), ids=OTHERS)
def test_what_other_clauses_say(
    clause: dict[str, Any], event: Draft, verdict: str, words: str
) -> None:
    row = one(said([*HELD, *pact(clause)], event))
    assert row["verdict"] == verdict, row["what"]
    assert words in row["what"]


def test_seats_by_steps_fall_with_the_holding_and_nobody_leaves() -> None:
    steps = [{"from_percent": "15", "seats": "2"}, {"from_percent": "10", "seats": "1"}]
    right = on("2023-01-01", "right", "board-seat-granted", company="acme", party="alice",
               steps=steps, steps_of="issued")  # fmt: skip
    seats = [
        on("2023-02-01", f"in-{who}", "director-appointed", company="acme", person=who,
           nominated_by="alice")
        for who in ("bob", "carol")
    ]  # fmt: skip
    row = one(said([*HELD, right, *seats], ISSUE))
    assert (row["verdict"], row["measured"], row["limit"]) == ("noted", "13.6364", "15")
    assert "is to 1 of the board's seats, was to 2" in row["what"]
    assert "1 of its nominees sits without a right" in row["what"]


def test_seats_by_a_holding_in_another_company_fall_with_it() -> None:
    steps = [{"from_percent": "15", "seats": "2"}, {"from_percent": "10", "seats": "1"}]
    right = on("2023-01-01", "right", "board-seat-granted", company="bolt", party="alice",
               steps=steps, steps_of="issued", of_class=COMMON)  # fmt: skip
    row = one(said([*HELD, right], ISSUE))
    assert (row["verdict"], row["measured"], row["limit"]) == ("noted", "13.6364", "15")
    assert "is to 1 of the board's seats, was to 2" in row["what"]


def test_governance_marks_who_sits_without_a_right_and_since_when() -> None:
    steps = [{"from_percent": "15", "seats": "2"}, {"from_percent": "10", "seats": "1"}]
    right = on("2023-01-01", "right", "board-seat-granted", company="acme", party="alice",
               steps=steps)  # fmt: skip
    seats = [
        on(f"2023-02-0{n}", f"in-{who}", "director-appointed", company="acme", person=who,
           nominated_by="alice")
        for n, who in ((1, "bob"), (2, "carol"))
    ]  # fmt: skip
    issued = on("2024-03-01", "issue", "shares-issued", share_class=COMMON, holder="bank",
                shares="100")  # fmt: skip
    log = record(opened("alice", 160), opened("public", 840), right, *seats, issued)

    def marked(as_of: str) -> list[Any]:
        rows = governance(at(log, as_of=as_of), "acme").rows
        return [(r["kind"], r["person"]) for r in rows if r.get("status")]

    assert marked("2024-02-29") == []
    assert marked("2024-03-01") == [("seat", "carol"), ("director", "carol")]
    answer = governance(at(log, as_of="2025-01-01"), "acme")
    assert {r.get("status") for r in answer.rows} == {None, "no right since 2024-03-01"}
    assert any("is to 1 now (14.5455%" in note for note in answer.notes)


def test_a_drag_of_a_class_is_told_of_its_first_sale_whatever_else_is_sold_that_day() -> None:
    held = [*HELD, opened("alice", 60, PREFERRED), opened("bob", 40, PREFERRED)]
    drag = OF_ALICE | {"clause": "c", "kind": "drag-along", "percent": "50"}
    other = sold("2024-03-01", "other", "carol", "bank", 1)
    sale = sold("2024-03-01", "sale", "alice", "bank", 6, share_class=PREFERRED)
    row = one(said([*held, *pact(drag | {"share_class": PREFERRED})], other, sale))
    assert (row["verdict"], row["event"], row["measured"]) == ("permitted", "sale", "60.0000")


def test_shares_are_measured_in_votes_where_a_clause_is_of_votes() -> None:
    """Alice has 1,100 of 2,000 votes, by 100 ordinary shares and 100 with ten votes each."""
    held = [opened("alice", 100), opened("bob", 900), opened("alice", 100, PREFERRED)]
    drag = OF_ALICE | {"clause": "c", "kind": "drag-along", "percent": "50", "base": "net-votes"}
    sale = sold("2024-03-01", "sale", "alice", "carol", 10)
    row = one(said([*held, *pact(drag)], sale))
    assert (row["verdict"], row["measured"]) == ("permitted", "55.0000")
    consent = {
        "clause": "c",
        "kind": "consent",
        "events": ["shares-issued"],
        "above": "25%",
        "base": "net-votes",
        "consent_of": "bob",
    }
    issue = on("2024-03-01", "issue", "shares-issued", share_class=PREFERRED, holder="carol",
               shares="60")  # fmt: skip
    assert one(said([*held, *pact(consent)], issue))["verdict"] == "needs"  # 600 votes, 30%
