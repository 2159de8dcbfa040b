"""Groups and votes by law, from a record: rows, notes and what they rest on."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.time.view import View
from ledger.values.dates import next_day
from projections.answer import complete
from projections.control.group import group
from projections.control.law_votes import votes_by_law
from projections.explain.control import explain_control
from tests.counted import votes
from tests.histories import Draft
from tests.projections.control.structures import (
    disclosed,
    law,
    opened,
    related,
    seen,
    sold,
    suspended,
)
from tests.projections.subjects.record import columns, on

CIRCLE = {"p": {"x": 40, "s": 25, "y": 20, "z": 15}, "s": {"p": 60, "w": 40}}
PERSONS = dict.fromkeys("xyzw", "person")
CASE_25 = {"corvo": {"lays": 60, "nadir": 10, "rest": 30}, "nadir": {"corvo": 51, "rest": 49}}


def links(view: View, company: str, **options: Any) -> list[tuple[Any, ...]]:
    """Who controls what, by which rule, with which percentage, certainly or not."""
    rows = group(view, company, **options).rows
    return columns(rows, "party", "in_control_of", "by", "percent", "certain")


def notes(view: View, company: str, **options: Any) -> str:
    return " ".join(map(str, complete(view, group(view, company, **options)).notes))


def test_the_circle_gives_control_where_the_law_takes_its_votes_away() -> None:
    view = seen(CIRCLE, law("p", "fr"), law("s", "fr"), **PERSONS)
    below = ("p", "s", "votes", "60.00", "yes")
    assert links(view, "p") == [below]
    assert links(view, "p", laws="issuer") == [("x", "p", "votes", "53.33", "yes"), below]
    assert links(view, "s", laws="issuer") == [below, ("x", "s", "votes", "60.00", "yes")]
    assert links(view, "x", laws="issuer") == [
        ("x", "p", "votes", "53.33", "yes"),
        ("x", "s", "votes", "60.00", "yes"),
    ]
    (row, _) = group(view, "x", laws="issuer").rows
    assert (row["votes_attributed"], row["events"]) == ("40", ["opened-p-x"])
    assert "L.233-31" in notes(view, "p", laws="issuer")


def test_a_sale_out_of_the_circle_ends_the_control_that_it_made() -> None:
    british = seen(CIRCLE, sold("p", "x", "y", 5), law("p", "gb"), **PERSONS)
    assert links(british, "x", laws="issuer") == []
    view = seen(CIRCLE, sold("p", "x", "y", 5), law("p", "fr"), **PERSONS)
    assert links(view, "x", laws="issuer")[0] == ("x", "p", "presumption", "46.67", "yes")
    assert links(british, "p", laws="issuer") == [("p", "s", "votes", "60.00", "yes")]
    rows = votes_by_law(view, "p", "issuer").rows
    assert columns(rows, "holder", "exercisable", "exercisable_percent") == [
        ("x", "35", "46.67"), ("s", "0", "0.00"), ("y", "25", "33.33"), ("z", "15", "20.00"),
    ]  # fmt: skip


def test_votes_by_law_suspend_what_nobody_recorded_and_say_so() -> None:
    view = seen(CIRCLE, law("p", "fr"), **PERSONS)
    (first, second, *_) = votes_by_law(view, "p", "issuer").rows
    assert (first["exercisable"], first["exercisable_percent"]) == ("40", "53.33")
    assert (second["holder"], second["suspended"]) == ("s", "25")
    assert "fall away by law" in second["reasons"][0]
    assert votes(view, "p").rows[1]["suspended"] == "0"
    for country in ("france", "fr-idf"):
        assert (
            votes_by_law(seen(CIRCLE, law("p", country), **PERSONS), "p", "issuer").rows[1][
                "suspended"
            ]
            == "25"
        )
    bare = seen(CIRCLE, **PERSONS)
    assert votes_by_law(bare, "p", "FR").rows[1]["suspended"] == "25", "the asker says the law"
    for view, said in ((bare, "issuer"), (seen(CIRCLE, law("p", "us-de"), **PERSONS), "issuer")):
        answer = votes_by_law(view, "p", said)
        assert answer.rows == votes(view, "p").rows
        assert "law of" in " ".join(map(str, answer.notes))


def test_what_is_suspended_on_record_is_not_struck_again() -> None:
    view = seen(CIRCLE, suspended("p", "s"), law("p", "fr"), **PERSONS)
    assert links(view, "p") == links(view, "p", laws="issuer")
    assert votes_by_law(view, "p", "issuer").rows == votes(view, "p").rows


def test_who_holds_a_circle_controls_it_and_its_votes_are_counted_once() -> None:
    stake = disclosed("corvo", "lays", "70.00", interest="aggregate", percent_of="issued")
    view = seen(CASE_25, stake, rest="other", lays="person")
    assert links(view, "lays") == [
        ("lays", "corvo", "votes", "70.00", "yes"), ("lays", "nadir", "votes", "51.00", "yes"),
    ]  # fmt: skip
    assert links(view, "corvo", laws="FR")[0] == ("lays", "corvo", "votes", "66.67", "yes")
    rows = votes_by_law(view, "corvo", "FR").rows
    assert [(r["holder"], r["suspended"]) for r in rows if r["suspended"] != "0"] == [
        ("nadir", "10")
    ]


def test_a_german_company_votes_whole_shares_of_no_more_than_a_quarter() -> None:
    holdings = {"a": {"b": 41, "p": 60}, "b": {"a": 30, "q": 70}}
    view = seen(holdings, law("a", "de"), law("b", "de"), p="person", q="person")
    row = next(r for r in votes_by_law(view, "a", "issuer").rows if r["holder"] == "b")
    assert (row["votes"], row["suspended"], row["exercisable"]) == ("41", "16", "25")
    view = seen(holdings, law("a", "delaware"), law("b", "denmark"), p="person", q="person")
    assert {row["suspended"] for row in votes_by_law(view, "a", "issuer").rows} == {"0"}


def test_recorded_control_bands_and_board_majorities() -> None:
    band = [{"of": "votes", "band": "over-50-under-75"}]
    low = [{"of": "votes", "band": "over-25-to-50"}]
    view = seen(
        {},
        related("x", "a", "control", basis="contract"),
        related("a", "b", "significant-control", natures=band),
        related("b", "c", "significant-control", natures=low),
        related("b", "d", "significant-control", natures=[{"of": "board-majority"}]),
        disclosed("e", "b", "45", percent_to="55"),
        a="company", b="company", c="company", d="company", e="company", x="person",
    )  # fmt: skip
    assert links(view, "x") == [
        ("x", "a", "recorded", None, "yes"),
        ("x", "b", "votes", None, "yes"),
        ("x", "d", "seats", None, "yes"),
        ("x", "e", "votes", None, "no"),
    ]
    rows = {row["in_control_of"]: row for row in group(view, "x").rows}
    assert (rows["b"]["percent_low"], rows["b"]["percent_high"]) == ("50.00", "75.00")
    assert rows["d"]["through"] == ["b"]
    assert rows["a"]["events"] == ["began-x-control-a"]


def test_a_concert_has_the_votes_of_its_members_and_each_is_attributed_the_whole() -> None:
    holdings = {"c": {"x": 30, "k": 25, "y": 45}, "own": {"k": 100}}
    kinds = {"x": "person", "k": "person", "y": "person"}
    view = seen(holdings, related("x", "k", "concert"), **kinds)
    assert links(view, "c") == [
        ("k", "c", "concert", "55.00", "yes"), ("x", "c", "concert", "55.00", "yes"),
    ]  # fmt: skip
    assert links(view, "x") == [("x", "c", "concert", "55.00", "yes")]
    ended = on("2022-01-01", "ended", "relationship-ended", relationship="x-concert-k")
    assert links(seen(holdings, related("x", "k", "concert"), ended, **kinds), "c") == []


def test_a_denial_counts_for_the_law_it_is_made_for() -> None:
    denial = related("a", "b", "no-control", denied_for="accounting")
    view = seen({"b": {"a": 52, "rest": 48}}, denial, rest="other")
    assert links(view, "a") == [("a", "b", "votes", "52.00", "yes")]
    assert "--for accounting" in notes(view, "a")
    assert links(view, "a", denied_for="accounting") == []
    assert "52.0000%" in notes(view, "a", denied_for="accounting")
    assert links(view, "a", denied_for="takeover-law") == links(view, "a")


def test_a_ring_without_owners_dirty_stakes_and_nobody_are_said() -> None:
    ring = seen({"a": {"b": 60, "q": 40}, "b": {"a": 60, "r": 40}}, q="person", r="person")
    assert "Self-controlled ring" in notes(ring, "a")
    assert links(ring, "q") == []
    dirty = seen({}, disclosed("p", "x", "80"), disclosed("p", "y", "70"), disclosed("p", "p", "5"),
                 p="company", x="person", y="person")  # fmt: skip
    assert "at least 153.5000%" in notes(dirty, "p")
    assert {row["party"] for row in group(dirty, "p").rows} == {"x", "y"}
    assert complete(dirty, group(dirty, "x")).outcome == "answered"
    lonely = seen({"p": {"x": 50, "y": 50}}, x="person", y="person", lone="person")
    assert complete(lonely, group(lonely, "p")).outcome == "none"
    assert complete(lonely, group(lonely, "lone")).outcome == "not-known"


@pytest.mark.parametrize(("votes_to", "found"), [("to", ["k"]), ("holder", [])])
def test_shares_that_another_may_vote_are_its_votes(votes_to: str, found: list[str]) -> None:
    pledge = on(
        "2021-01-01", "pledged", "share-right-granted", right="pledge", kind="pledge",
        share_class="c/common", holder="x", to="k", votes=votes_to,
    )  # fmt: skip
    view = seen({"c": {"x": 60, "y": 40}}, pledge, x="person", y="person", k="person")
    assert [row["party"] for row in group(view, "c").rows] == (found or ["x"])
    assert opened("c", "x", 1)[0] == "register-opened"


def test_control_over_time_with_the_events_that_began_and_ended_it() -> None:
    view = seen(
        {"a": {"x": 60, "y": 40}, "b": {"a": 100}},
        sold("a", "x", "y", 15, "2021-03-01"),
        sold("a", "y", "x", 25, "2022-05-01"),
        x="person", y="person",
    )  # fmt: skip
    times = ("party", "in_control_of", "since", "until", "began_by", "ended_by")
    first, last = "sold-a-x-y-2021-03-01", "sold-a-y-x-2022-05-01"
    rows = group(view, "a", over_time=True).rows
    assert sorted(columns(rows, *times), key=str)[1:] == [
        ("x", "a", "2020-01-01", "2021-03-01", ["opened-a-x", "opened-a-y", "opened-b-a"], [first]),
        ("x", "a", "2022-05-01", None, [last], []),
        ("y", "a", "2021-03-01", "2022-05-01", [first], [last]),
    ]
    (now, below) = group(view, "a").rows
    assert (now["since"], now["began_by"], below["since"]) == ("2022-05-01", [last], "2020-01-01")


def test_the_days_of_control_are_those_of_a_scan_of_every_day() -> None:
    view = seen(
        {"a": {"x": 60, "y": 40}, "b": {"a": 51, "y": 49}},
        sold("a", "x", "y", 15, "2020-01-09"),
        sold("b", "a", "y", 2, "2020-01-05"),
        related("x", "b", "control", "2020-01-07", basis="contract"),
        on("2020-01-12", "over", "relationship-ended", relationship="x-control-b"),
        as_of="2020-01-20", x="person", y="person",
    )  # fmt: skip
    spells = group(view, "b", over_time=True).rows
    day = "2019-12-30"
    while day <= "2020-01-20":
        found = {(r["party"], r["in_control_of"]) for r in group(view.on(day), "b").rows}
        told = {
            (r["party"], r["in_control_of"])
            for r in spells
            if (r["since"] or "") <= day < (r["until"] or "9999")
        }
        assert told == found, day
        day = next_day(day)


def test_a_stake_that_later_ones_leave_no_room_for_is_given_up() -> None:
    view = seen({}, disclosed("p", "x", "51"), disclosed("p", "y", "100", day="2023-01-01"),
                p="company", x="person", y="person")  # fmt: skip
    assert [row["party"] for row in group(view, "p").rows] == ["y"]
    assert group(view, "p").rows[0]["percent"] == "100.00"


def test_control_is_explained_round_by_round_with_its_sums() -> None:
    view = seen(CIRCLE, law("p", "fr"), **PERSONS)
    explained = explain_control(view, "p", laws="issuer")
    lines = " | ".join(map(str, explained.arithmetic))
    assert "By law, round 1: the votes fall away of s in p" in lines
    assert "x controls p, round 1: more than half" in lines
    assert "40 of x: 40 / 75 = 53.333333...% -> 53.33%" in lines
    assert [row["event"] for row in explained.rows] == ["opened-p-x", "opened-s-p"]
    assert explained.figure == group(view, "p", laws="issuer").rows


@pytest.mark.parametrize(
    ("reach", "after"),
    [
        (None, {"x": "20", "sub": "15"}),
        ("controlled", {"x": None, "sub": None}),
        ("concert", {"x": None, "sub": None, "ally": None}),
    ],
)
def test_a_cap_reaches_what_its_holder_controls_and_who_acts_with_it(
    reach: str | None, after: dict[str, str | None]
) -> None:
    """One limit for all of them; their own rows show the most that each could cast."""
    far = {"reach": reach} if reach else {}
    cap = on("2021-01-01", "cap", "voting-cap-agreed", issuer="c", holder="x", percent="20", **far)
    holdings = {"c": {"x": 25, "sub": 15, "ally": 10, "rest": 50}, "sub": {"x": 60, "y": 40}}
    view = seen(holdings, related("x", "ally", "concert"), cap, rest="other", **PERSONS)
    rows = {row["holder"]: row for row in votes(view, "c").rows if not row["group"]}
    assert {holder: rows[holder]["after_caps"] for holder in after} == after
    together = [row for row in votes(view, "c").rows if row["group"]]
    assert [(row["after_caps"], sorted(row["group"] or [])) for row in together] == (
        [("20", sorted(after))] if reach else []
    )


@pytest.mark.parametrize(("held_for", "together"), [(None, ["n", "x"]), ("20", [])])
def test_a_cap_reaches_a_nominee_that_holds_wholly_for_its_holder(
    held_for: str | None, together: list[str]
) -> None:
    cap = on("2021-01-01", "cap", "voting-cap-agreed", issuer="c", holder="x", percent="20")
    view = seen({"c": {"x": 15, "n": 25, "y": 60}}, nominee("r", "n", "x", held_for), cap,
                n="company", **PERSONS)  # fmt: skip
    groups = [(sorted(r["group"]), r["after_caps"]) for r in votes(view, "c").rows if r["group"]]
    assert groups == ([(together, "20")] if together else [])


def test_a_suspension_reaches_what_its_holder_controls() -> None:
    holdings = {"c": {"x": 25, "sub": 15, "rest": 60}, "sub": {"x": 60, "y": 40}}
    view = seen(holdings, suspended("c", "x", reach="controlled"), rest="other", **PERSONS)
    rows = {row["holder"]: row["suspended"] for row in votes(view, "c").rows}
    assert rows == {"x": "25", "sub": "15", "rest": "0"}


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ({"beneficiaries": [{"party": "x"}]}, {"x": "60.00"}),
        ({"beneficiaries": [{"party": "x", "fraction": "0.9"}, {"party": "y", "fraction": "0.1"}]},
         {"x": "54.00"}),
        ({"beneficiaries": [{"party": "x"}, {"party": "y"}], "kind": "discretionary"},
         {"bank": "60.00"}),
        ({"beneficiaries": [{"party": "x"}], "voting": "neutral"}, {}),
    ],
)  # fmt: skip
def test_the_votes_of_a_trust_are_those_of_who_instructs_it(
    terms: dict[str, Any], found: dict[str, str]
) -> None:
    base = {"trust": "t", "settlors": ["x"], "trustees": ["bank"]}
    trust = on("2019-01-01", "settled", "trust-settled", **base | terms)
    kinds = {"t": "trust", "bank": "company"} | PERSONS
    view = seen({"c": {"t": 60, "z": 40}}, trust, **kinds)
    rows = group(view, "c").rows
    assert {row["party"]: row["percent"] for row in rows} == found


def nominee(right: str, holder: str, to: str, shares: str | None = None) -> Draft:
    """A nominee's shares in c, held for another."""
    number = {"shares": shares} if shares else {}
    of = {"right": right, "kind": "nominee", "share_class": "c/common", "holder": holder}
    return on("2020-02-01", right, "share-right-granted", **of, to=to, **number)


def bare(trust: str, *parties: str) -> Draft:
    """A trust that those instruct whom it is for, each its own part."""
    parts = [{"party": one, "fraction": f"1/{len(parties)}"} for one in parties]
    base = {"trust": trust, "settlors": ["x"], "trustees": ["bank"], "beneficiaries": parts}
    return on("2019-01-01", f"settled-{trust}", "trust-settled", **base)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([bare("t", "u"), bare("u", "x")], {"x": "80.00"}),
        ([bare("t", "u"), bare("u", "x", "y")], {}),
        ([bare("t", "u"), bare("u", "t")], {}),
        ([bare("t", "u", "x"), bare("u", "x")], {"x": "80.00"}),
        ([bare("t", "k"), nominee("n", "t", "x", "55")], {"x": "55.00"}),
        ([nominee("n", "t", "sub"), nominee("m", "sub", "x")], {"x": "80.00"}),
        ([nominee("n", "t", "u", "60"), bare("u", "x")], {"x": "60.00"}),
        ([nominee("n", "t", "x", "45")], {}),
        ([nominee("n", "t", "x", "70"), nominee("m", "t", "y", "60")], {"x": None}),
    ],
)
def test_votes_are_followed_through_trusts_and_nominees_to_who_instructs_them(
    events: list[Draft], found: dict[str, str | None]
) -> None:
    """Of the 80 of 100: for whom a nominee has the rest is not known; who has no room is possible.

    Rights on 70 and 60 of 80 leave 20 to 70 for the one, 10 to 60 for the other.
    """
    kinds = dict.fromkeys("tu", "trust") | {"bank": "company", "sub": "company"} | PERSONS
    if events[0][1] == "n":
        kinds["t"] = "company"
    view = seen({"c": {"t": 80, "w": 20}}, *events, k="company", **kinds)
    rows = group(view, "c").rows
    assert {row["party"]: row["percent"] for row in rows if row["party"] != "y"} == found
    assert all((row["certain"] == "yes") == (row["percent"] is not None) for row in rows)


def test_of_a_trust_that_others_instruct_too_the_part_of_a_subsidiary_falls_away() -> None:
    parts = [{"party": "s", "fraction": "0.4"}, {"party": "y", "fraction": "0.6"}]
    terms = {"settlors": ["s"], "trustees": ["bank"], "beneficiaries": parts}
    trust = on("2019-01-01", "settled", "trust-settled", trust="t", **terms)
    holdings = {"p": {"t": 50, "x": 50}, "s": {"p": 60, "w": 40}}
    view = seen(holdings, trust, law("p", "fr"), **{"t": "trust", "bank": "company"} | PERSONS)
    rows = {row["holder"]: row["suspended"] for row in votes_by_law(view, "p", "issuer").rows}
    assert rows == {"t": "20", "x": "0"}


def test_theoretical_votes_are_votes_and_come_before_shares() -> None:
    shares = disclosed("c", "x", "40.00", percent_of="issued")
    told = disclosed("c", "x", "60.00", percent_of="theoretical-votes", day="2021-01-02")
    view = seen({}, shares, told, c="company", x="person")
    assert [link[:3] for link in links(view, "x")] == [("x", "c", "votes")]
