"""Pending: what is announced and not done, what is to come, dividends declared and not paid."""

from __future__ import annotations

from typing import Any

import pytest

from projections.answer import complete
from projections.subjects.pending import pending
from tests.histories import Draft
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    columns,
    on,
    opened,
    outcome,
    published,
    record,
    sold,
)

DAY = "2021-01-01"


def step(day: str, type: str, key: str = "", **fields: Any) -> Draft:
    """A step known on its own day."""
    return on(day, key or type, type, **{"known_on": day} | fields)


def told(*events: Draft, subject: str | None = None, **limits: str) -> list[tuple[Any, ...]]:
    """The kind, subject and status of what is pending."""
    rows = pending(at(record(*events), **limits), subject).rows
    return columns(rows, "kind", "subject", "status")


MERGER, STAKE = {"deal": "merger"}, {"investment": "stake"}
BOTH = {"parties": ["acme", "bolt"]}
TALKS = step("2020-01-01", "negotiation-opened", about="a merger", **MERGER, **BOTH)
TERMS = step("2020-02-01", "terms-agreed", terms="one for two", **MERGER, **BOTH)
SIGNED = step("2020-03-01", "agreement-signed", agreement="pact", title="Pact", **MERGER, **BOTH)
INVESTS = STAKE | {"investor": "acme", "investee": "bolt"}
CONSIDERED = step("2020-01-01", "investment-considered", **INVESTS)
COMMITTED = step("2020-02-01", "investment-committed", amount="EUR 600", **INVESTS)
PLANNED = step("2020-01-01", "offering-planned", offering="ipo", issuer="bolt", window="2021-H2")
MOVED = step("2020-02-01", "offering-rescheduled", offering="ipo", window="2022-H2")
EXPECTED = step("2020-01-01", "milestone-expected", milestone="vote", title="The vote",
                expected_on="2021-06", **MERGER)  # fmt: skip
PROJECT = step("2020-01-01", "project-announced", project="lab", title="A laboratory", **BOTH)


def paid(day: str, amount: str) -> Draft:
    return step(day, "investment-paid", f"paid-{day}", amount=amount, **STAKE)


THREADS: dict[str, tuple[list[Draft], tuple[str, str, str] | None]] = {
    "talks": ([TALKS], ("deal", "merger", "negotiating")),
    "terms": ([TALKS, TERMS], ("deal", "merger", "terms-agreed")),
    "a signature": ([TALKS, TERMS, SIGNED], ("deal", "merger", "signed")),
    "a closing": ([TALKS, step(DAY, "deal-completed", **MERGER)], None),
    "talks broken off": ([TALKS, step(DAY, "deal-abandoned", **MERGER)], None),
    "talks taken up again": (
        [step("2019-01-01", "negotiation-opened", "first", about="a merger", **MERGER, **BOTH),
         step("2019-02-01", "deal-abandoned", **MERGER), TALKS],
        ("deal", "merger", "negotiating")),
    "a thought": ([CONSIDERED], ("investment", "stake", "considered")),
    "a commitment": ([CONSIDERED, COMMITTED], ("investment", "stake", "committed")),
    "a part paid": ([COMMITTED, paid(DAY, "EUR 599")], ("investment", "stake", "committed")),
    "all paid in parts": ([COMMITTED, paid(DAY, "EUR 599"), paid("2021-02-01", "EUR 1")], None),
    "a release": ([COMMITTED, step(DAY, "investment-released", **STAKE)], None),
    "an offering": ([PLANNED], ("offering", "ipo", "planned")),
    "an offering put off": ([PLANNED, MOVED], ("offering", "ipo", "rescheduled")),
    "an offering called off": ([PLANNED, step(DAY, "offering-cancelled", offering="ipo")], None),
    "an offering held": ([PLANNED, step(DAY, "offering-completed", offering="ipo")], None),
    "a milestone": ([EXPECTED], ("milestone", "vote", "expected")),
    "a milestone met": ([EXPECTED, step(DAY, "milestone-met", milestone="vote", **MERGER)], None),
    "a project": ([PROJECT], ("project", "lab", "announced")),
    "a project at its end": ([PROJECT, step(DAY, "project-ended", project="lab")], None),
}  # fmt: skip


@pytest.mark.parametrize(("events", "row"), THREADS.values(), ids=THREADS)
def test_a_thread_is_pending_until_it_is_done_or_given_up(
    events: list[Draft], row: tuple[str, str, str] | None
) -> None:
    assert told(*events, as_of="2021-03-01") == ([row] if row else [])


@pytest.mark.parametrize(
    ("as_of", "status"), [("2021-06-30", "expected"), ("2021-07-01", "not known whether met")]
)
def test_a_milestone_overdue_is_pending_and_not_known_to_be_met(as_of: str, status: str) -> None:
    assert told(EXPECTED, as_of=as_of) == [("milestone", "vote", status)]


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        (None, {"merger", "stake", "ipo"}),
        ("merger", {"merger"}),
        ("stake", {"stake"}),
        ("acme", {"merger", "stake"}),
        ("bolt", {"merger", "stake", "ipo"}),
        ("carol", set()),
    ],
)
def test_of_a_party_is_pending_what_it_takes_part_in(subject: str | None, found: set[str]) -> None:
    rows = told(TALKS, COMMITTED, PLANNED, subject=subject, as_of=DAY)
    assert {thread for _, thread, _ in rows} == found


FORWARD = sold("2030-01-01", "forward", "alice", "bob", 30, known_on="2021-03-01")
SCHEDULED = ("scheduled", COMMON, "expected")


@pytest.mark.parametrize(
    ("limits", "rows"),
    [
        ({"as_of": "2021-02-28"}, []),
        ({"as_of": "2021-03-01"}, [SCHEDULED]),
        ({"as_of": "2029-12-31"}, [SCHEDULED]),
        ({"as_of": "2030-01-01"}, []),
        ({"as_of": "2025-01-01", "known_by": "2021-02-28"}, []),
        ({"as_of": "2025-01-01", "known_by": "2021-03-01"}, [SCHEDULED]),
    ],
)
def test_an_event_of_a_later_day_is_pending_from_when_it_is_known(
    limits: dict[str, str], rows: list[Any]
) -> None:
    assert told(opened("alice", 100), FORWARD, **limits) == rows


@pytest.mark.parametrize("subject", [None, "acme", COMMON, "alice", "bob"])
def test_what_is_to_come_is_pending_of_all_it_names(subject: str | None) -> None:
    history = record(opened("alice", 100), FORWARD)
    (row,) = pending(at(history, as_of="2025-01-01"), subject).rows
    assert (row["expected"], row.get("step")) == ("2030-01-01", "shares-transferred")
    assert row["title"] == "alice passes 30 acme/common to bob"
    assert (row["since"], row["last_heard"], row["events"]) == (None, None, ["forward"])
    assert pending(at(history, as_of="2025-01-01"), "carol").rows == []


def test_where_something_is_to_come_nothing_is_said_to_be_unknown() -> None:
    view = at(record(opened("alice", 100), FORWARD), as_of="2025-01-01")
    answer = complete(view, pending(view, "acme"))
    assert (answer.outcome, answer.notes) == ("answered", [])


@pytest.mark.parametrize(("as_of", "scheduled"), [("2029-12-31", True), ("2030-01-01", False)])
def test_what_is_to_come_in_some_month_is_scheduled_until_it_may_have_come(
    as_of: str, scheduled: bool
) -> None:
    seat = {"company": "acme", "party": "bolt", "known_on": DAY}
    later = on("2030-01", "later", "board-seat-granted", **seat)
    rows = pending(at(record(later), as_of=as_of)).rows
    assert columns(rows, "kind", "expected") == [("scheduled", "2030-01")] * scheduled


def test_the_nearest_to_come_is_first() -> None:
    sooner = sold("2029-01-01", "sooner", "alice", "bob", 1, known_on=DAY)
    rows = pending(at(record(opened("alice", 100), FORWARD, sooner), as_of="2025-01-01")).rows
    assert [row["expected"] for row in rows] == ["2029-01-01", "2030-01-01"]


def declared(day: str, key: str, money: str = "EUR 2", of: str = COMMON, **fields: str) -> Draft:
    return step(day, "dividend-declared", key, share_class=of, per_share=money, **fields)


def dividend_paid(day: str, key: str, money: str = "EUR 2", of: str = COMMON) -> Draft:
    return step(day, "dividend-paid", key, share_class=of, per_share=money)


FIRST, SECOND = declared("2021-05-01", "first"), declared("2022-05-01", "second")
DIVIDENDS: dict[str, tuple[list[Draft], list[str]]] = {
    "declared": ([FIRST, SECOND], ["first", "second"]),
    "the earliest of its amount is paid": (
        [FIRST, SECOND, dividend_paid("2022-06-01", "pays")], ["second"]),
    "each payment pays one": (
        [FIRST, SECOND, dividend_paid("2022-06-01", "pays"), dividend_paid("2022-07-01", "again")],
        []),
    "a payment pays none declared later": (
        [FIRST, SECOND, dividend_paid("2021-06-01", "pays")], ["second"]),
    "nor does what was paid before any": ([FIRST, dividend_paid("2020-06-01", "pays")], ["first"]),
    "the amount in other digits": ([FIRST, dividend_paid("2022-06-01", "pays", "EUR 2.00")], []),
    "another amount": ([FIRST, dividend_paid("2022-06-01", "pays", "EUR 3")], ["first"]),
    "another currency": ([FIRST, dividend_paid("2022-06-01", "pays", "JPY 2")], ["first"]),
    "another class": ([FIRST, dividend_paid("2022-06-01", "pays", of=PREFERRED)], ["first"]),
    "recorded in any order": ([dividend_paid("2022-06-01", "pays"), FIRST], []),
}  # fmt: skip


@pytest.mark.parametrize(("events", "left"), DIVIDENDS.values(), ids=DIVIDENDS)
def test_a_dividend_is_pending_until_it_is_paid(events: list[Draft], left: list[str]) -> None:
    rows = pending(at(record(*events), as_of="2023-01-01")).rows
    assert [row["events"] for row in rows] == [[key] for key in left]


def test_a_dividend_says_what_is_owed_and_when() -> None:
    dividend = declared("2021-05-01", "first", "JPY 12.5", PREFERRED, payable_on="2021-06-30")
    history = record(dividend)
    said = "kind", "subject", "party", "amount", "currency", "status", "since", "expected"
    for subject in (None, "acme", PREFERRED):
        rows = pending(at(history, as_of="2021-05-01"), subject).rows
        assert columns(rows, *said) == [
            ("dividend", PREFERRED, "acme", "12.5", "JPY", "declared", "2021-05-01", "2021-06-30")
        ]
    for subject in ("bolt", COMMON):
        assert pending(at(history, as_of="2021-05-01"), subject).rows == []


def test_a_dividend_to_be_declared_is_scheduled() -> None:
    later = declared("2021-05-01", "first", known_on=DAY)
    assert told(later, as_of="2021-04-30") == [("scheduled", COMMON, "expected")]
    assert told(later, as_of="2021-05-01") == [("dividend", COMMON, "declared")]


def test_a_payment_counts_when_it_is_known_and_of_the_standing_asked_for() -> None:
    pays = dividend_paid("2021-06-01", "pays")
    heard = *pays[:2], pays[2] | {"standing": "reported", "known_on": "2021-08-01"}
    owed = [("dividend", COMMON, "declared")]
    day = {"as_of": "2022-01-01"}
    assert told(FIRST, heard, **day, known_by="2021-07-31") == owed
    assert told(FIRST, heard, **day, known_by="2021-08-01") == []
    assert told(FIRST, heard, **day, standing="official") == owed


@pytest.mark.parametrize(
    ("events", "limits", "said"),
    [
        ([], {}, ("not-known", "Not known: no event at this cut tells a step of merger.")),
        ([TALKS, step(DAY, "deal-completed", **MERGER)], {},
         ("none", "Nothing is pending: all that is recorded of it is done or has ended.")),
        ([TALKS], {"known_by": "2019-12-31"},
         ("hidden", "Hidden by --known-by: no event at this cut tells a step of merger, and 1 that"
                    " is left out may.")),
        ([TALKS], {"as_of": "2019-12-31"},
         ("hidden", "Hidden by --as-of: no event at this cut tells a step of merger, and 1 that is"
                    " left out may.")),
    ],
    ids=["nothing recorded", "all done", "known later", "not even to come on that day"],
)  # fmt: skip
def test_nothing_pending_is_none_not_known_or_hidden(
    events: list[Draft], limits: dict[str, str], said: tuple[str, str]
) -> None:
    view = at(record(*events), **limits)
    answer = pending(view, "merger")
    assert answer.rows == []
    assert outcome(view, answer) == said


@pytest.mark.parametrize("subject", [None, "acme", COMMON])
def test_a_dividend_that_a_limit_hides_is_hidden(subject: str | None) -> None:
    heard = declared("2021-05-01", "first", standing="reported", known_on="2021-06-01")
    for limits in ({"standing": "official"}, {"known_by": "2021-05-31"}, {"as_of": "2021-04-30"}):
        view = at(record(heard), **limits)
        assert outcome(view, pending(view, subject))[0] == "hidden"


def test_what_is_to_come_and_listed_is_not_left_out() -> None:
    """Of three talks to come two are known, and one of these is off again by now."""
    later = [
        step(f"2030-01-0{n}", "negotiation-opened", key, about="x", known_on=DAY, **MERGER, **BOTH)
        for n, key in enumerate(("one", "two", "three"), 1)
    ]
    unknown = *later[2][:2], later[2][2] | {"known_on": "2026-01-01"}
    why = {"because": "off", "correction": "new-information", "known_on": "2025-01-01"}
    off: Draft = ("event-retracted", "off", {"event": "two"} | why)
    view = at(record(*later[:2], unknown, off), as_of="2024-01-01")
    answer = complete(view, pending(view, "merger"))
    assert [row["events"] for row in answer.rows] == [["one"], ["two"]]
    assert answer.hidden is not None
    assert answer.hidden.total == 1


PAPER = published("paper", "2020-01-01")
CITING = {"known_on": DAY, "citations": [{"source": "paper"}]}


@pytest.mark.parametrize(
    ("subject", "coming"),
    [
        ("acme", declared("2030-01-01", "first", known_on=DAY)),
        ("paper", step("2030-01-01", "negotiation-opened", about="x", **MERGER, **BOTH, **CITING)),
    ],
    ids=["a dividend", "named by its source alone"],
)
def test_where_all_that_is_to_come_is_listed_nothing_is_left_out(
    subject: str, coming: Draft
) -> None:
    answer = pending(at(record(PAPER, coming), as_of="2024-01-01"), subject)
    assert [row["kind"] for row in answer.rows] == ["scheduled"]
    assert answer.hidden is not None
    assert answer.hidden.total == 0


def _option(kind: str, **terms: Any) -> list[Draft]:
    """An option of carol: to sell to alice, or to buy from her."""
    of = {"clause": "opt", "kind": kind, "text": "an option", "party": "carol", "issuer": "acme"}
    parties: dict[str, Any] = {"parties": ["alice", "carol"], "agreement": "pact"}
    clause = of | {"counterparties": ["alice"]} | terms
    return [
        opened("alice", 100), opened("carol", 100),
        on(DAY, "signed", "agreement-signed", title="Pact", clauses=[clause], **parties),
        on(DAY, "force", "agreement-in-force", agreement="pact"),
    ]  # fmt: skip


def _exercise(day: str, **fields: Any) -> Draft:
    about = {"kind": "exercise", "by": "carol", "agreement": "pact", "clause": "opt"}
    return on(day, f"notice-{day}", "notice-given", **about | fields)


def test_an_option_that_is_exercised_is_pending_until_its_shares_pass() -> None:
    call = [*_option("call", notice_days="30"), _exercise("2022-01-10")]
    (row,) = pending(at(record(*call)), "pact").rows
    assert (row["kind"], row["status"], row["expected"]) == ("exercise", "exercised", "2022-02-09")
    assert (row["party"], row["terms"]) == ("alice, carol", "call opt")
    sale, other = (
        sold("2022-02-01", key, giver, taker, 10)
        for key, giver, taker in (("sale", "alice", "carol"), ("other", "carol", "alice"))
    )
    assert told(*call, sale, subject="acme") == []
    assert told(*call, sale, subject="acme", as_of="2022-01-31") != []
    assert told(*call, other, subject="carol") == [("exercise", "pact", "exercised")]
    again = _exercise("2022-01-20", ends_on="2022-03-31")
    assert len(told(*call, again, sale)) == 1, "one sale delivers one exercise"
    assert told(*_option("put"), _exercise("2022-01-10"), other) == []
    (undated,) = pending(at(record(*_option("put"), _exercise("2022-01-10")))).rows
    assert undated["expected"] is None


def test_payments_in_other_currencies_are_told_in_their_order() -> None:
    others = ("USD", "GBP", "CHF", "SEK", "JPY", "NOK")
    payments = [paid(f"2020-03-0{n}", f"{c} 0.0000001") for n, c in enumerate(others, 1)]
    answer = pending(at(record(COMMITTED, *payments)))
    assert [note for note in answer.notes if "was paid as well" in note] == [
        f"stake: {currency} 0.0000001 was paid as well." for currency in others
    ]


def test_what_is_left_of_a_commitment_is_exact() -> None:
    committed = COMMITTED[2] | {"amount": "EUR 99999999999999999999.000000000000000001"}
    released = step("2020-03-01", "investment-released", amount="EUR 0.0000001", **STAKE)
    [row] = pending(at(record((*COMMITTED[:2], committed), released))).rows
    assert (row["committed"], row["released"], row["owed"]) == (
        "99999999999999999999.000000000000000001", "0.0000001",
        "99999999999999999998.999999900000000001",
    )  # fmt: skip


def test_what_vests_next_is_told_of_a_schedule_longer_than_the_calendar() -> None:
    granted = step(
        "2020-02-01", "instrument-granted", instrument="warrant", kind="warrant", holder="alice",
        share_class=COMMON, shares="10", months="9" * 38, cliff="6", every="4",
    )  # fmt: skip
    for as_of, expected in (("2020-02-01", "2020-08-01"), ("2020-08-01", "2020-10-01")):
        [row] = pending(at(record(granted), as_of=as_of)).rows
        assert (row["status"], row["expected"]) == ("vests", expected)
