"""Power: who the players are, how many votes win, and what is said where nothing is counted."""

from __future__ import annotations

import pytest

from ledger.time.view import View
from ledger.values.majorities import parse_quota
from ledger.values.refusals import Refused
from projections.answer import Answer
from projections.control.power import power
from projections.control_rows import PowerRow
from tests.projections.control.structures import START, Draft, seen
from tests.projections.subjects.record import on

FOUR = {"quart": {"ada": 40, "ben": 35, "cleo": 15, "dan": 10}}


def players(answer: Answer[PowerRow]) -> dict[str, tuple[str, str | None]]:
    """The votes and the swings of each player, the rest under its own name."""
    rows = (row for row in answer.rows if row["kind"] != "coalition")
    return {row["holder"] or "rest": (row["votes"], row["swings"]) for row in rows}


def concert(party: str, of: str) -> Draft:
    fields = {"relationship": f"{party}-{of}", "party": party, "of": of, "kind": "concert"}
    return on(START, f"concert-{party}-{of}", "relationship-began", **fields)


@pytest.fixture(scope="module")
def four() -> View:
    return seen(FOUR)


@pytest.mark.parametrize(
    ("quota", "least"),
    [
        ("50%+1", "51"), ("2/3", "67"), ("more than 50%", "51"), ("50%", "50"),
        ("more than 2/3", "67"), ("75%", "75"), ("1/2+10", "60"),
        ("67", "67"), ("100%", "100"),
    ],
)  # fmt: skip
def test_a_quota_is_a_part_of_the_votes_or_a_number(four: View, quota: str, least: str) -> None:
    assert {row["quota"] for row in power(four, "quart", quota).rows} == {least}


@pytest.mark.parametrize(
    "quota", ["", "0", "0%", "-1", "101%", "3/2", "50+1", "50%+", "50%+0", "x"]
)
def test_other_quotas_are_refused(quota: str) -> None:
    with pytest.raises(Refused):
        parse_quota(quota)


def test_a_quota_of_votes_in_parts_needs_whole_votes_more() -> None:
    assert parse_quota("50%+1").least(201, 2) == 102  # of 100.5 votes in halves: 51
    assert parse_quota("51").least(201, 2) == 102
    assert parse_quota("2/3").least(201, 2) == 134


def test_those_who_act_together_are_one_player() -> None:
    answer = power(seen(FOUR, concert("dan", "cleo"), concert("dan", "ben")), "quart")
    assert players(answer) == {"ben": ("60", "2"), "ada": ("40", "0")}
    assert answer.rows[0]["parties"] == ["ben", "cleo", "dan"]
    assert sorted(answer.rows[0]["events"]) == ["concert-dan-ben", "concert-dan-cleo"]


def test_those_who_are_in_concert_through_somebody_without_votes_are_one_player() -> None:
    answer = power(seen(FOUR, concert("ben", "eve"), concert("dan", "eve"), eve="person"), "quart")
    assert players(answer)["ben"] == ("45", "2")


def test_votes_are_those_that_a_cap_leaves() -> None:
    fields = {"issuer": "quart", "holder": "ada", "percent": "10"}
    answer = power(seen(FOUR, on(START, "cap", "voting-cap-agreed", **fields)), "quart")
    assert players(answer)["ada"] == ("10", "1")
    assert answer.rows[0]["quota"] == "36"


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("absent", {"ada": ("40", "1"), "ben": ("35", "0")}),
        ("block", {"rest": ("100", "1"), "ada": ("40", "0"), "ben": ("35", "0")}),
        ("listed", {"public": ("100", "1"), "ada": ("40", "0"), "ben": ("35", "0")}),
    ],
)
def test_shareholders_who_are_counted_together_are_the_rest(
    rest: str, found: dict[str, tuple[str, str]]
) -> None:
    view = seen({"quart": {"ada": 40, "ben": 35, "public": 100}}, public="other")
    answer = power(view, "quart", rest=rest)  # type: ignore[arg-type]
    assert {name: votes for name, (votes, _) in players(answer).items()} == {
        name: votes for name, (votes, _) in found.items()
    }
    decides = {name for name, (_, swings) in players(answer).items() if swings != "0"}
    assert decides == {name for name, (_, swings) in found.items() if swings != "0"}


def test_trusts_vote_as_they_are_instructed_and_a_neutral_one_does_not() -> None:
    terms = {"settlors": ["ada"], "trustees": ["dan"], "beneficiaries": [{"party": "ada"}]}
    by_ben = terms | {"trust": "one", "voting": "as-instructed", "instructed_by": ["ben"]}
    neutral = terms | {"trust": "two", "voting": "neutral"}
    holdings = {"quart": {"ada": 40, "ben": 20, "one": 25, "two": 90}}
    trusts = [on(START, name, "trust-settled", **f) for name, f in (("a", by_ben), ("b", neutral))]
    answer = power(seen(holdings, *trusts, one="trust", two="trust", dan="person"), "quart")
    assert {name: votes for name, (votes, _) in players(answer).items()} == {
        "ben": "45", "ada": "40",
    }  # fmt: skip
    assert "No player is who votes neutrally: two." in answer.notes


def test_too_many_players_are_shown_without_power_and_a_way_out_is_named() -> None:
    view = seen({"quart": {f"p{n:02}": 2**n + 10**10 for n in range(30)}})
    answer = power(view, "quart")
    assert {swings for _, swings in players(answer).values()} == {None}
    (note,) = (note for note in answer.notes if note.startswith("Not counted: 30 players"))
    assert "--top 28 counts the 28 largest" in note
    assert len(players(power(view, "quart", top=4))) == 4


def test_a_quota_that_nobody_has_and_one_that_two_can_have_at_once_are_said(four: View) -> None:
    assert "No coalition has so many: nobody decides." in power(four, "quart", "101").notes
    assert any("at once" in note for note in power(four, "quart", "50").notes)


def test_without_a_register_nothing_is_counted() -> None:
    answer = power(seen(FOUR), "ada")
    assert answer.gaps
    assert not answer.rows
