"""Votes: held, exercisable, after caps; of all held, and of those that can be cast."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.subjects.ballots import Ballot, totals
from projections.subjects.bases import Totals
from tests.counted import votes
from tests.helpers import dated, joined, new_ledger, run
from tests.histories import Draft
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    columns,
    on,
    opened,
    outcome,
    placed,
    published,
    record,
    settled,
    sold,
)

DAY = "2021-01-01"
FIGURES = "votes", "exercisable", "after_caps"


def doubled(holder: str, shares: int | None = None, day: str = DAY, **fields: Any) -> Draft:
    some = {"shares": str(shares)} if shares else {}
    of = {"share_class": COMMON, "holder": holder}
    return on(day, f"doubled-{holder}", "double-votes-granted", **of | some | fields)


def suspended(holder: str, day: str = DAY, **fields: Any) -> Draft:
    of = {"issuer": "acme", "holder": holder, "reason": "late filing"}
    return on(day, f"suspended-{holder}", "voting-rights-suspended", **of | fields)


def capped(percent: str, holder: str = "alice", day: str = DAY, **fields: Any) -> Draft:
    of = {"issuer": "acme", "holder": holder, "percent": percent}
    return on(day, f"cap-{holder}", "voting-cap-agreed", **of | fields)


def ballot(*events: Draft, **limits: str) -> dict[str, tuple[Any, ...]]:
    """Votes held, exercisable and after caps, by holder."""
    rows = votes(at(record(*events), **limits), "acme").rows
    return {row["holder"]: columns([row], *FIGURES)[0] for row in rows}


def same(shares: int) -> tuple[str, str, str]:
    """Votes of which nothing takes any away."""
    return str(shares), str(shares), str(shares)


def test_each_class_carries_its_own_votes_and_the_issuer_has_none() -> None:
    """10 votes on each preferred share: 90 + 1 x 10 for Alice, 5 x 10 for Bob."""
    history = record(
        opened("alice", 90), opened("acme", 400), opened("alice", 1, PREFERRED),
        opened("bob", 5, PREFERRED),
    )  # fmt: skip
    answer = votes(at(history), "acme")
    told = "holder", "votes", "votes_percent", "votes_percent_exact", "exercisable_percent"
    assert columns(answer.rows, *told, "reasons") == [
        ("alice", "100", "66.67", "2/3", "66.67", []),
        ("bob", "50", "33.33", "1/3", "33.33", []),
        ("acme", "0", "0.00", "0", "0.00", ["treasury shares carry no votes"]),
    ]
    assert answer.notes[0].startswith("acme: 150 votes held, 150 can be cast.")


def test_a_share_that_votes_double_has_twice_the_votes_of_its_class() -> None:
    events = opened("alice", 5, PREFERRED), doubled("alice", 2, share_class=PREFERRED)
    assert ballot(*events)["alice"] == same(70)


def test_shares_without_votes_have_no_percentage() -> None:
    silent: Draft = ("share-class-created", "class-b",
                     {"share_class": "acme/b", "votes_per_share": "0"})  # fmt: skip
    (row,) = votes(at(record(silent, opened("alice", 9, "acme/b"))), "acme").rows
    assert (row["votes"], row["votes_percent"], row["exercisable_percent"]) == ("0", None, None)


SPLIT = on("2022-01-01", "split", "shares-split", share_class=COMMON, ratio="2:1")
DOUBLED: dict[str, tuple[list[Draft], str]] = {
    "all her shares": ([doubled("alice")], "200"),
    "a number of them": ([doubled("alice", 30)], "130"),
    "never more than she holds": ([doubled("alice", 500, standing="reported")], "200"),
    "all that she has after a sale": (
        [doubled("alice"), sold("2022-01-01", "sale", "alice", "bob", 40)], "120"),
    "the number granted, while she has as many": (
        [doubled("alice", 30), sold("2022-01-01", "sale", "alice", "bob", 40)], "90"),
    "all that she had, not what she buys later": (
        [doubled("alice"), sold("2022-01-01", "sale", "bob", "alice", 40)], "240"),
    "split with the shares": ([doubled("alice", 30), SPLIT], "260"),
    "ended": (
        [doubled("alice"), on("2022-01-01", "end", "double-votes-ended", share_class=COMMON,
                              holder="alice")], "100"),
    "ended on some of all": (
        [doubled("alice"), on("2022-01-01", "end", "double-votes-ended", share_class=COMMON,
                              holder="alice", shares="40")], "160"),
    "ended on more than were granted": (
        [doubled("alice", 30), on("2022-01-01", "end", "double-votes-ended", share_class=COMMON,
                                  holder="alice", shares="40",
                                  standing="reported")], "100"),
    "added up": ([doubled("alice", 30), on("2022-01-01", "anew", "double-votes-granted",
                                               share_class=COMMON, holder="alice",
                                               shares="50")], "180"),
    "converted shares leave them behind": (
        [doubled("alice"), on("2022-01-01", "converts", "shares-converted", share_class=COMMON,
                              into_class=PREFERRED, holder="alice", shares="100",
                              ratio="1:10")], "100"),
}  # fmt: skip


@pytest.mark.parametrize(("events", "held"), DOUBLED.values(), ids=DOUBLED)
def test_double_votes(events: list[Draft], held: str) -> None:
    assert ballot(opened("alice", 100), opened("bob", 50), *events)["alice"][0] == held


@pytest.mark.parametrize(
    ("shares", "left"), [(None, "0"), (25, "95"), (100, "0"), (500, "0")],
    ids=["all", "a quarter of the shares", "all of the shares", "more than there are"],
)  # fmt: skip
def test_suspended_votes_are_held_and_cannot_be_cast(shares: int | None, left: str) -> None:
    """Of 100 shares 20 vote double; those with the fewest votes are struck first."""
    part = {"shares": str(shares)} if shares else {}
    events = opened("alice", 100), opened("bob", 90), doubled("alice", 20)
    answer = votes(at(record(*events, suspended("alice", **part))), "acme")
    alice, bob = answer.rows
    assert columns([alice, bob], *FIGURES) == [("120", left, left), same(90)]
    assert (alice["votes_percent"], bob["votes_percent"]) == ("57.14", "42.86")  # of 210
    castable = 90 + int(left)
    assert f"210 votes held, {castable} can be cast" in answer.notes[0]
    assert bob["exercisable_percent"] == {90: "100.00", 185: "48.65"}[castable]
    taken = f"{120 - int(left)} votes suspended: late filing (suspended-alice)"
    assert alice["reasons"] == ["20 shares vote double (doubled-alice)", taken]


def test_restored_votes_are_cast_again() -> None:
    restored = on("2022-01-01", "r", "voting-rights-restored", issuer="acme", holder="alice")
    events = opened("alice", 100), suspended("alice"), restored
    assert ballot(*events, as_of="2021-12-31")["alice"] == ("100", "0", "0")
    assert ballot(*events, as_of="2022-01-01")["alice"] == same(100)


NAMED = [
    suspended("alice", shares="5", suspension="late"),
    on("2022-01-01", "court", "voting-rights-suspended", issuer="acme", holder="alice",
       reason="court order", shares="10", suspension="court"),
    on("2022-01-01", "pact", "voting-cap-agreed", issuer="acme", holder="alice", percent="10",
       cap="pact"),
    on("2022-01-01", "articles", "voting-cap-agreed", issuer="acme", holder="alice",
       percent="20", cap="articles"),
]  # fmt: skip
ENDS: dict[str, tuple[tuple[str, dict[str, str]] | None, str]] = {
    "nothing": (None, "8"),
    "the lower cap": (("voting-cap-lifted", {"cap": "pact"}), "15"),
    "both caps": (("voting-cap-lifted", {}), "15"),
    "one suspension": (("voting-rights-restored", {"suspension": "court"}), "9"),
}


def test_a_cap_on_every_holder_binds_whoever_has_no_lower_one() -> None:
    """Old Volkswagen articles: a fifth for each; of 100 votes Alice holds 60, Bob 30, Carol 10."""
    every = on(DAY, "fifth", "voting-cap-agreed", issuer="acme", every="yes", percent="20")
    events = opened("alice", 60), opened("bob", 30), opened("carol", 10), every
    assert ballot(*events, capped("15", "bob")) == {
        "alice": ("60", "60", "20"), "bob": ("30", "30", "15"), "carol": same(10)
    }  # fmt: skip
    free = on("2021-06-01", "free", "voting-cap-lifted", issuer="acme", every="yes")
    assert ballot(*events, free)["alice"] == same(60)


@pytest.mark.parametrize(("ended", "after"), ENDS.values(), ids=ENDS)
def test_suspensions_add_up_and_the_lowest_cap_binds(
    ended: tuple[str, dict[str, str]] | None, after: str
) -> None:
    """Of 100 votes 30, of which 5 and 10 are suspended: 15 of 85, or 25 of 95."""
    events = [opened("alice", 30), opened("bob", 70), *NAMED]
    if ended is not None:
        events.append(on("2023-01-01", "end", ended[0], issuer="acme", holder="alice", **ended[1]))
    assert ballot(*events)["alice"][2] == after


def test_who_has_no_shares_has_no_votes_to_suspend() -> None:
    assert ballot(opened("alice", 100), suspended("bob")) == {"alice": same(100)}


IN_TRUST = opened("alice", 100), opened("bob", 60), placed(40)


@pytest.mark.parametrize(
    ("voting", "exercisable", "reasons"),
    [
        ({}, "0", ["the trustee votes neutrally (settled)"]),
        ({"voting_exceptions": ["a bid: against"]}, "0",
         ["the trustee votes neutrally (settled)", "except a bid: against"]),
        ({"voting": "as-instructed"}, "40",
         ["the trustee votes as instructed by alice (settled)"]),
    ],
)  # fmt: skip
def test_a_trustee_votes_neutrally_or_as_instructed(
    voting: dict[str, Any], exercisable: str, reasons: list[str]
) -> None:
    answer = votes(at(record(*IN_TRUST[:2], settled(**voting), IN_TRUST[2])), "acme")
    (trust,) = (row for row in answer.rows if row["holder"] == "acme-trust")
    assert (trust["votes"], trust["exercisable"], trust["reasons"]) == ("40", exercisable, reasons)
    assert "160 votes held, 160 can be cast" in answer.notes[0]  # neutral ones are cast as well


def test_of_suspended_votes_in_trust_none_is_left_to_cast_neutrally() -> None:
    events = *IN_TRUST[:2], settled(), IN_TRUST[2], suspended("acme-trust", shares="10")
    answer = votes(at(record(*events)), "acme")
    assert "160 votes held, 150 can be cast" in answer.notes[0]
    assert ballot(*events)["acme-trust"] == ("40", "0", "0")


def test_the_cap_of_the_arithmetic_page() -> None:
    """15% of 400,888,775 votes that can be cast, with suspended ones apart and neutral ones in."""
    events = (
        opened("alice", 88_716_686 + 112_172_089), settled(), placed(112_172_089),
        opened("bob", 200_000_000), opened("carol", 44_358_343), suspended("carol"), capped("15"),
    )  # fmt: skip
    answer = votes(at(record(*events)), "acme")
    (alice,) = (row for row in answer.rows if row["holder"] == "alice")
    assert columns([alice], *FIGURES) == [("88716686", "88716686", "60133316")]
    assert (alice["exercisable_percent"], alice["after_caps_percent"]) == ("22.13", "15.00")
    assert alice["reasons"] == ["capped at 15% of 400888775 votes that can be cast (cap-alice)"]


@pytest.mark.parametrize(
    ("events", "after"),
    [
        ([capped("33.4")], "33"),
        ([capped("0.9")], "0"),
        ([capped("80")], "60"),
        ([capped("15")], "15"),
        ([capped("50"), suspended("alice", shares="30")], "30"),
        ([capped("50"), suspended("bob")], "30"),
        ([capped("15"), on("2022-01-01", "lift", "voting-cap-lifted", issuer="acme",
                           holder="alice")], "60"),
        ([capped("15"), on("2022-01-01", "again", "voting-cap-agreed", issuer="acme",
                           holder="alice", percent="25")], "15"),
    ],
    ids=["whole votes only", "less than one", "above what she has", "below it",
         "of what she may cast", "of what all may cast", "lifted", "the lowest of two"],
)  # fmt: skip
def test_a_cap_is_in_whole_votes_of_those_that_can_be_cast(events: list[Draft], after: str) -> None:
    assert ballot(opened("alice", 60), opened("bob", 40), *events)["alice"][2] == after


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"as_of": "2021-01-30"}, 100),
        ({"as_of": "2021-01-31"}, 0),
        ({"known_by": "2021-02-27"}, 100),
        ({"known_by": "2021-02-28"}, 0),
        ({"standing": "official"}, 100),
        ({"standing": "reported"}, 0),
    ],
)
def test_a_suspension_counts_from_its_last_day_when_it_is_known_and_of_good_enough_standing(
    limits: dict[str, str], left: int
) -> None:
    told = suspended("alice", "2021-01", standing="reported", known_on="2021-02-28")
    type_name, key, fields = opened("alice", 100)
    view = at(record((type_name, key, fields | {"known_on": "2020-01-01"}), told), **limits)
    answer = votes(view, "acme")
    assert [row["exercisable"] for row in answer.rows] == [str(left)]
    possible = ["suspended-alice"] if limits == {"as_of": "2021-01-30"} else []
    assert [row["event"] for row in answer.possible] == possible


def stake(**fields: str) -> Draft:
    of = {"issuer": "acme", "holder": "alice"}
    return on(DAY, "stake", "stake-disclosed", **of | fields)


def test_without_a_register_votes_are_as_disclosed_and_all_else_is_unknown() -> None:
    history = record(stake(percent="43.4", percent_of="votes"))
    view = at(history)
    answer = votes(view, "acme")
    unknown = "votes", "votes_percent_exact", "exercisable", "exercisable_percent", "after_caps"
    assert columns(answer.rows, "holder", "votes_percent", *unknown) == [
        ("alice", "43.4", None, None, None, None, None)
    ]
    assert answer.rows[0]["reasons"] == ["as disclosed on 2021-01-01 (stake)"]
    assert outcome(view, answer)[1].startswith("Not known: no event at this cut is of a register")
    assert votes(at(record(stake(percent="43.4", percent_of="issued"))), "acme").rows == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"qualifier": "about", "percent": "43", "percent_of": "votes"}, ": about 43%"),
        ({"qualifier": "at-least", "votes": "1000"}, ": at least 1000 votes"),
        ({"standing": "reported", "votes": "7"}, ": reported"),
        (
            {"standing": "unnamed", "qualifier": "at-most", "percent": "5", "percent_of": "votes"},
            ": at most 5%, unnamed",
        ),
    ],
)
def test_disclosed_votes_keep_their_hedges(fields: dict[str, str], words: str) -> None:
    answer = votes(at(record(stake(**fields))), "acme")
    assert answer.rows[0]["reasons"] == [f"as disclosed on 2021-01-01 (stake){words}"]


def test_a_disclosure_that_differs_from_the_count_keeps_its_hedge() -> None:
    hedged = stake(qualifier="about", percent="40", percent_of="votes")
    notes = votes(at(record(opened("alice", 100), hedged)), "acme").notes
    assert [
        note for note in notes if note.startswith("stake discloses about 40% of votes: differs")
    ]


def test_a_class_of_unknown_votes_leaves_all_votes_unknown() -> None:
    created: Draft = ("share-class-created", "class-b", {"share_class": "acme/b"})
    told = created[2] | {"citations": [{"source": "gazette"}]}
    shares = on(DAY, "b", "shares-issued", share_class="acme/b", holder="bob", shares="1",
                known_on=DAY)  # fmt: skip
    gazette = published("gazette", "2022-01-01")
    view = at(record(gazette, (*created[:2], told), shares), known_by="2021-12-31")
    answer = votes(view, "acme")
    assert answer.rows == []
    assert outcome(view, answer) == (
        "hidden",
        "Hidden by --known-by: no event at this cut tells the votes per share of acme/b, and 1 that"
        " is left out may.",
    )


def test_where_all_shares_are_cancelled_there_are_no_votes() -> None:
    gone = on(DAY, "gone", "shares-cancelled", share_class=COMMON, holder="alice", shares="9")
    view = at(record(opened("alice", 9), gone))
    said = "acme: no shares of acme/common in issue, and no votes."
    assert outcome(view, votes(view, "acme")) == ("none", said)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ({"votes": "120"}, "stake discloses 120 votes: agrees with the count."),
        ({"votes": "100"}, "stake discloses 100 votes: differs, the count is 120."),
        ({"percent": "60", "percent_of": "votes"},
         "stake discloses 60% of votes: agrees with the count."),
        ({"percent": "55.6", "percent_of": "votes"},
         "stake discloses 55.6% of votes: differs, the count is 60.0000%."),
        ({"votes": "9", "holder": "carol"}, "stake discloses 9 votes: differs, the count is 0."),
    ],
)  # fmt: skip
def test_disclosed_votes_are_compared_with_the_count_of_their_day(
    said: dict[str, str], verdict: str
) -> None:
    """Alice has 120 of 200 votes on that day, and 100 of 180 once her double votes end."""
    end = on("2022-01-01", "end", "double-votes-ended", share_class=COMMON, holder="alice")
    events = opened("alice", 100), opened("bob", 80), doubled("alice", 20, "2020-06-01"), end
    assert verdict in votes(at(record(*events, stake(**said))), "acme").notes


@pytest.mark.parametrize("question", ["explain", "evidence"])
def test_votes_that_were_only_disclosed_are_told_where_they_come_from(
    tmp_path: Path, question: str
) -> None:
    stake = {"issuer": "bolt", "holder": "acme", "percent": "33.3", "percent_of": "votes"}
    ledger = new_ledger(tmp_path, dated("stake-disclosed", key="stake", **stake, qualifier="about"))
    told = run(ledger, question, "votes", "bolt", "acme", COLUMNS="80")
    assert told.code == 0, told.err
    assert "33.3% of the votes, as disclosed on 2023-11-08 " in joined(told.out)
    assert "): about 33.3%" in joined(told.out)


_PARTS = st.fractions(min_value=0, max_value=10**9, max_denominator=12)


@given(st.lists(st.builds(Ballot, held=_PARTS, suspended=_PARTS, treasury=_PARTS), max_size=6))
def test_all_votes_are_those_of_each_account_together(found: list[Ballot]) -> None:
    whole = Totals()
    for ballot in found:
        whole = whole.more(Totals.of(ballot))
    counted = totals({str(number): ballot for number, ballot in enumerate(found)})
    assert counted == whole
    assert all(type(figure) is Fraction for figure in counted)
