"""Claims: what sources say side by side, which of them disagree, and which is preferred."""

from __future__ import annotations

from typing import Any

import pytest

from projections.subjects.claims import claims
from tests.histories import Draft
from tests.projections.subjects.record import at, columns, on, outcome, published, record

DAY = "2021-01-01"


def claim(key: str, value: str, day: str = DAY, **fields: Any) -> Draft:
    """What is said of Acme's staff, known on the day itself unless the fields say otherwise."""
    of = {"subject": "acme", "attribute": "staff", "value": value, "known_on": DAY}
    return on(day, key, "claim-recorded", **of | fields)


def rivals(*events: Draft, **limits: str) -> dict[str, int]:
    """How many others each claim about Acme disagrees with."""
    rows = claims(at(record(*events), **limits), "acme").rows
    return {row["events"][0]: row["others"] for row in rows}


def test_claims_are_told_by_their_dates() -> None:
    told = (("may", "../2021-05-31"), ("first", "2021-Q1"), ("unknown", "unknown"),
            ("second", "2021-02"), ("day", "2021-06-01"))  # fmt: skip
    rows = claims(at(record(*(claim(key, key, day) for key, day in told))), "acme").rows
    assert [row["value"] for row in rows] == ["unknown", "first", "second", "may", "day"]


# two values of one thing at one time, each with its qualifier, and whether both can be true
VALUES = [
    ("10000", "about", "5001", "exactly", True),  # from 5,000 to 15,000
    ("10000", "about", "4999", "exactly", False),
    ("10000", "about", "15001", "exactly", False),
    ("12000", "about", "12400", "exactly", True),  # half a step of the second digit
    ("12000", "about", "12600", "exactly", False),
    ("15.0", "about", "15.4", "exactly", True),
    ("0.5", "about", "0.53", "exactly", True),  # from 0.45 to 0.55
    ("0.5", "about", "0.6", "exactly", False),
    ("0.05", "about", "0.4", "exactly", False),
    ("43.4", "exactly", "43", "exactly", True),
    ("43.6", "exactly", "43", "exactly", False),
    ("2", "exactly", "3", "exactly", False),  # they only touch
    ("2", "exactly", "2.0", "exactly", True),
    ("10", "at-most", "9", "exactly", True),
    ("10", "at-most", "11", "exactly", False),
    ("10", "at-least", "11", "exactly", True),
    ("10", "at-least", "9", "exactly", False),
    ("10", "at-least", "9", "at-most", False),
    ("10", "at-least", "12", "at-most", True),
    ("10", "at-least", "900", "at-least", True),
    ("EUR 600000000", "exactly", "EUR 600000001", "exactly", False),
    ("EUR 600000000", "about", "EUR 640000000", "exactly", True),
    ("EUR 600000000", "exactly", "JPY 1", "exactly", True),  # they are not compared
    ("2001-12-20", "exactly", "2001-12", "exactly", True),
    ("2001-12-20", "exactly", "2001-H1", "exactly", False),
    ("2001-Q4", "exactly", "2001-H2", "exactly", True),
    ("Yokohama", "exactly", "YOKOHAMA", "exactly", True),
    ("Yokohama", "exactly", "Paris", "exactly", False),
    ("many", "exactly", "120", "exactly", False),
]


@pytest.mark.parametrize(("value", "qualifier", "other", "others_qualifier", "agree"), VALUES)
def test_two_values_disagree_where_they_cannot_both_be_true(
    value: str, qualifier: str, other: str, others_qualifier: str, agree: bool
) -> None:
    one = claim("one", value, qualifier=qualifier)
    two = claim("two", other, qualifier=others_qualifier)
    expected = {"one": 0, "two": 0} if agree else {"one": 1, "two": 1}
    assert rivals(one, two) == rivals(two, one) == expected


@pytest.mark.parametrize(
    ("day", "others", "rivalled"),
    [
        ("2021-01-01", "2021-01-01", True),
        ("2021-01-01", "2021-01-02", False),
        ("2021-01", "2021", True),
        ("2021-Q1", "2021-Q2", False),
        ("unknown", "2020-06-30", True),  # told on 1 January 2021: at any time before
        ("unknown", "2021-01-02", False),
        ("2021", "2021-06-30", False),  # the year is told of on its first day
    ],
)
def test_claims_disagree_for_days_that_overlap_as_far_as_they_are_bounded(
    day: str, others: str, rivalled: bool
) -> None:
    number = int(rivalled)
    assert rivals(claim("one", "5", day), claim("two", "7", others)) == {
        "one": number,
        "two": number,
    }


@pytest.mark.parametrize(
    "apart",
    [
        {"unit": "people"},
        {"attribute": "turnover"},
        {"subject": "bolt"},
    ],
    ids=["unit", "attribute", "subject"],
)
def test_what_is_said_of_other_things_is_no_rival(apart: dict[str, str]) -> None:
    assert rivals(claim("one", "5"), claim("two", "7", **apart))["one"] == 0


@pytest.mark.parametrize(("attribute", "rivalled"), [("signed-on", 1), ("moved-on", 0)])
def test_an_agreement_is_signed_once_whenever_that_is_said(attribute: str, rivalled: int) -> None:
    one = claim("one", "2001-12-20", "2002-01-01", attribute=attribute)
    two = claim("two", "2001-11-20", "2003-01-01", attribute=attribute)
    assert rivals(one, two) == {"one": rivalled, "two": rivalled}


def test_claims_about_an_event_told_at_two_times_are_no_rivals() -> None:
    done = on(DAY, "done", "deal-completed", deal="merger")
    about = {"attribute": "merger", "tells": "deal-completed merger"}
    assert rivals(
        done,
        claim("one", "not yet", **about, state="not-yet"),
        claim("two", "done", **about, state="done"),
    ) == {"one": 0, "two": 0}


def test_a_row_says_what_is_claimed_by_whom_and_when() -> None:
    of = {"subject": "acme", "attribute": "staff", "value": "10000", "unit": "people"}
    cited = {"citations": [{"source": "report", "locator": "p. 2"}]}
    said = on(
        "2020-12", "said", "claim-recorded", qualifier="about", note="a poster", **of, **cited
    )
    (row,) = claims(at(record(published("report", "2021-03-01"), said)), "acme").rows
    assert row == {
        "subject": "acme",
        "attribute": "staff",
        "value": "10000",
        "unit": "people",
        "qualifier": "about",
        "claimed": "about 10000 people",
        "nature": "fact",
        "speaker": None,
        "person": None,
        "effective_on": "2020-12",
        "at_latest": None,
        "known_on": "2021-03-01",
        "standing": "official",
        "sources": ["report"],
        "preferred": True,
        "others": 0,
        "events": ["said"],
        "note": "a poster",
    }


def test_a_claim_without_a_date_was_true_at_the_latest_when_it_was_told() -> None:
    (row,) = claims(at(record(claim("said", "5", "unknown"))), "acme").rows
    assert (row["effective_on"], row["at_latest"], row["claimed"]) == (None, DAY, "5")


RIVALS = (
    published("paper", "2021-02-01"),
    claim("rounded", "100", qualifier="about"),
    claim("filed", "100"),
    claim("heard", "200", standing="reported", known_on="2021-03-01"),
    claim("printed", "300", standing="unnamed", citations=[{"source": "paper"}]),
)


@pytest.mark.parametrize(
    ("policy", "best"),
    [
        ("standing", "filed"),
        ("latest", "heard"),
        ("source:paper", "printed"),
        ("source:filing,paper", "printed"),
        ("source:filing", "filed"),
    ],
)
def test_the_policy_prefers_one_of_those_that_disagree(policy: str, best: str) -> None:
    """The rounded figure agrees with the one filed, and is preferred beside it."""
    answer = claims(at(record(*RIVALS), policy=policy), "acme")
    beside = {"filed", "rounded"} if best == "filed" else {best}
    assert {row["events"][0] for row in answer.rows if row["preferred"]} == beside
    assert columns(answer.rows, "events", "others") == [
        (["filed"], 2), (["heard"], 3), (["printed"], 3), (["rounded"], 2),
    ]  # fmt: skip
    (note,) = answer.notes
    value = {"filed": "100", "heard": "200", "printed": "300"}[best]
    assert note.startswith(f"Sources disagree on staff of acme: {value} ({best})")
    assert note.endswith(f"Preferred is {value}.")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"standing": "official"}, {"standing": "reported", "known_on": "2022-01-01"}),
        ({"known_on": "2022-01-01"}, {"known_on": "2021-01-01"}),
        ({}, {}),
    ],
    ids=["standing first", "then what is known later", "then what is recorded later"],
)
def test_by_default_better_standing_goes_before_later_knowledge(
    better: dict[str, str], worse: dict[str, str]
) -> None:
    history = record(claim("worse", "5", **worse), claim("better", "7", **better))
    rows = claims(at(history), "acme").rows
    assert columns(rows, "events", "preferred") == [(["better"], True), (["worse"], False)]


def test_rows_are_by_attribute_then_by_date() -> None:
    history = record(
        claim("late", "5", "2021-02-01"), claim("early", "7", "2020-02-01"),
        claim("other", "x", attribute="seat"), claim("undated", "6", "unknown"),
    )  # fmt: skip
    rows = claims(at(history), "acme").rows
    assert [row["events"][0] for row in rows] == ["other", "undated", "early", "late"]


@pytest.mark.parametrize(
    ("limits", "rows", "possible"),
    [
        ({"as_of": "2020-12-31"}, [], []),
        ({"as_of": "2021-06-30"}, [], ["said"]),
        ({"as_of": "2021-12-31"}, ["said"], []),
        ({"known_by": "2021-12-31"}, [], []),
        ({"known_by": "2022-03-15"}, [], ["said"]),
        ({"known_by": "2022-03-31"}, ["said"], []),
        ({"standing": "official"}, [], []),
        ({"standing": "reported"}, ["said"], []),
    ],
)
def test_a_claim_counts_once_its_day_and_its_knowledge_are_certain(
    limits: dict[str, str], rows: list[str], possible: list[str]
) -> None:
    view = at(record(claim("said", "5", "2021", standing="reported", known_on="2022-03")), **limits)
    answer = claims(view, "acme")
    assert [row["events"][0] for row in answer.rows] == rows
    assert [row["event"] for row in answer.possible] == possible
    if not rows and not possible:
        assert outcome(view, answer)[0] == "hidden"


def test_a_retracted_claim_is_gone_and_a_corrected_one_says_what_it_should() -> None:
    why = {"event": "two", "because": "misread"}
    both = claim("one", "5"), claim("two", "7")
    assert rivals(*both, ("event-retracted", "undo", why)) == {"one": 0}
    fixed: Draft = ("event-corrected", "fix", why | {"changes": [{"field": "value", "value": "5"}]})
    assert rivals(*both, fixed) == {"one": 0, "two": 0}


def test_remarks_are_notes_and_no_claims() -> None:
    remark: Draft = ("note-added", "remark", {"subject": "acme", "text": "spelt ACME by some"})
    view = at(record(remark))
    answer = claims(view, "acme")
    assert answer.rows == []
    assert answer.notes == ["spelt ACME by some (remark)"]
    assert outcome(view, answer)[0] == "not-known"


def test_nothing_claimed_is_not_known() -> None:
    view = at(record())
    said = "Not known: no event at this cut claims anything about acme."
    assert outcome(view, claims(view, "acme")) == ("not-known", said)


def test_a_fact_may_miss_its_target() -> None:
    events = (
        claim("hope", "10", nature="target"),
        claim("guess", "8", nature="forecast"),
        claim("told", "6"),
        claim("told-again", "7", nature="fact"),
    )
    assert rivals(*events) == {"hope": 0, "guess": 0, "told": 1, "told-again": 1}
