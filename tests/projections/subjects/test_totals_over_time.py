"""Totals over time: what is stated beside what is recorded, and every event between the two."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.control.members import members
from projections.subjects.ballots import ballots_of, totals
from projections.subjects.bases import Totals
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.totals_over_time import Wanted
from projections.subjects.voting_rights import Rights
from projections.vote_rows import TotalRow
from tests import histories
from tests.counted import totals_over_time
from tests.histories import Draft
from tests.projections.readmodel.test_histories import slow
from tests.projections.subjects.record import COMMON, at, columns, on, opened, outcome, record, sold

AMONG = (*histories.LOTS, *histories.VOTES, *["balance-asserted"] * 4)
MONTHLY = Wanted(monthly=True)
STATED = Wanted()


def stated(day: str, key: str, total: str, shares: int, **fields: str) -> Draft:
    of = {"share_class": COMMON, "total": total, "shares": str(shares)}
    return on(day, key, "balance-asserted", **of | fields)


def issued(day: str, key: str, shares: int) -> Draft:
    of = {"share_class": COMMON, "holder": "bob", "shares": str(shares)}
    return on(day, key, "shares-issued", **of)


def doubled(day: str, key: str, shares: int) -> Draft:
    of = {"share_class": COMMON, "holder": "alice", "shares": str(shares)}
    return on(day, key, "double-votes-granted", **of)


YEAR = (
    opened("alice", 400),
    opened("bob", 600),
    stated("2020-01-31", "january", "theoretical-votes", 1000),
    doubled("2020-02-10", "doubled", 100),
    issued("2020-02-20", "issue", 50),
    stated("2020-02-29", "february", "theoretical-votes", 1150),
    sold("2020-03-05", "sale", "alice", "bob", 350),
    stated("2020-03-31", "march", "theoretical-votes", 1120),
    stated("2020-04-30", "april", "theoretical-votes", 1120),
)


def rows(*events: Draft, wanted: Wanted = STATED, **limits: str) -> list[TotalRow]:
    return totals_over_time(at(record(*events), **limits), "acme", wanted=wanted).rows


def test_a_gap_is_told_beside_every_event_since_the_last_statement_that_agreed() -> None:
    assert columns(rows(*YEAR), "day", "events", "delta", "recorded", "stated", "gap") == [
        ("2020-01-01", ["opened-alice-common"], "400", "400", None, None),
        ("2020-01-01", ["opened-bob-common"], "600", "1000", None, None),
        ("2020-01-31", ["january"], "1000", "1000", "1000", "0"),
        ("2020-02-10", ["doubled"], "100", "1100", None, None),
        ("2020-02-20", ["issue"], "50", "1150", None, None),
        ("2020-02-29", ["february"], "150", "1150", "1150", "0"),
        ("2020-03-05", ["sale"], "-50", "1100", None, None),
        ("2020-03-31", ["march"], "-50", "1100", "1120", "20"),
        ("2020-04-30", ["april"], "-50", "1100", "1120", "20"),
    ]
    told = [row for row in rows(*YEAR) if row["kind"] == "statement"]
    assert columns(told, "since", "gap_before", "unexplained") == [
        (None, None, "0"),
        ("2020-01-31", "0", "0"),
        ("2020-02-29", "0", "20"),
        ("2020-02-29", "20", "20"),
    ]
    assert {row["base"] for row in told} == {"gross-votes"}


def test_a_statement_that_would_agree_without_an_event_or_with_a_later_one_says_so() -> None:
    early = stated("2020-02-19", "early", "theoretical-votes", 1150)
    late = stated("2020-02-25", "late", "theoretical-votes", 1050)
    found = [row for row in rows(*YEAR, early, late) if row["kind"] == "statement"]
    told = {row["events"][0]: row for row in found}
    assert (told["early"]["gap"], told["early"]["agrees_with"]) == ("50", ["issue"])
    assert (told["late"]["gap"], told["late"]["agrees_without"]) == ("-100", ["doubled"])
    assert (told["early"]["unexplained"], told["late"]["unexplained"]) == ("0", "0")
    together = stated("2020-02-21", "together", "theoretical-votes", 1000)
    (row,) = [row for row in rows(*YEAR, together) if row["events"] == ["together"]]
    assert row["agrees_without"] == ["doubled", "issue"]


def test_months_without_a_statement_are_told_too() -> None:
    found = rows(*YEAR, wanted=Wanted("2020-02-15", "2020-03-31", True))
    shown = [row for row in found if row["base"] == "net-votes"]
    assert columns(shown, "kind", "day", "recorded", "delta") == [
        ("start", "2020-02-14", "1100", None),
        ("change", "2020-02-20", "1150", "50"),
        ("month-end", "2020-02-29", "1150", "150"),
        ("change", "2020-03-05", "1100", "-50"),
        ("month-end", "2020-03-31", "1100", "-50"),
    ]
    gross = [row["kind"] for row in found if row["base"] == "gross-votes"]
    assert gross == ["start", "change", "statement", "change", "statement"]


def test_each_clock_and_the_floor_cut_totals_as_any_answer() -> None:
    days = [row["day"] for row in rows(*YEAR, as_of="2020-02-29")]
    assert days[-1] == "2020-02-29"
    leak = ("shares-issued", "leak", {
        "share_class": COMMON, "holder": "bob", "shares": "20", "effective_on": "2020-03-20",
        "standing": "reported",
    })  # fmt: skip
    told = {row["events"][0]: row["gap"] for row in rows(*YEAR, leak) if row["stated"]}
    assert told["march"] == "0"
    floored = {r["events"][0]: r["gap"] for r in rows(*YEAR, leak, standing="official")}
    assert floored["march"] == "20"


def test_a_suspension_that_a_date_ends_moves_the_total_on_its_day() -> None:
    late = on("2020-02-01", "late", "voting-rights-suspended", issuer="acme", holder="bob",
              shares="100", reason="late", until="2020-03-10")  # fmt: skip
    events = opened("bob", 600), late, stated("2020-03-31", "march", "exercisable-votes", 600)
    found = rows(*events)
    assert columns(found[1:], "day", "events", "delta", "recorded") == [
        ("2020-02-01", ["late"], "-100", "500"),
        ("2020-03-11", ["late"], "100", "600"),
        ("2020-03-31", ["march"], "600", "600"),
    ]


def test_what_nobody_states_is_no_answer() -> None:
    view = at(record(opened("bob", 600)))
    assert outcome(view, totals_over_time(view, "acme"))[0] == "none"
    view = at(record())
    assert outcome(view, totals_over_time(view, "acme", wanted=MONTHLY))[0] == "not-known"


@settings(slow, max_examples=6)
@given(st.data())
def test_contributions_add_up_to_the_difference_and_totals_are_those_of_their_day(
    data: st.DataObject,
) -> None:
    events = histories.history(data.draw(histories.drafts(among=AMONG)))
    cut = data.draw(histories.cuts(0))[0]
    as_of = min(cut.as_of, "2022-12-31")
    view = View(Log(events), Cut(**cut._replace(as_of=as_of)._asdict()))
    found = totals_over_time(view, "acme", wanted=MONTHLY).rows
    for _, group in groupby(found, key=lambda row: (row["base"], row["share_class"])):
        series = list(group)
        adding, agreed, gap = Fraction(), Fraction(), None
        for row in series:
            if row["kind"] == "change":
                adding += Fraction(row["delta"] or 0)
                assert adding == Fraction(row["recorded"] or 0)
                continue
            assert row["recorded"] == recorded(view, row), row
            if row["recorded"] is None:
                continue
            assert adding == Fraction(row["recorded"])
            if row["kind"] == "statement":
                assert adding - agreed == Fraction(row["delta"] or 0)
                assert Fraction(row["stated"] or 0) == adding + Fraction(row["gap"] or 0)
                assert row["gap_before"] == gap
                gap = row["gap"]
                agreed = adding if gap == "0" else agreed


def recorded(view: View, row: TotalRow) -> str | None:
    """The recorded figure of the day of a row, counted in a register walked to that day alone."""
    that_day = view.on(row["day"])
    rights = Rights(that_day, members)
    at_cut = register_at_cut(that_day, "acme", rights, checking=False)
    register, share_class = at_cut.register, row["share_class"]
    if share_class is not None:
        return at_cut.count(share_class, getattr(register, row["base"])(share_class))
    if row["base"] == "capital":
        number = sum(map(register.issued, at_cut.capital), Fraction())
    else:
        if rights.untold(at_cut.classes):
            return None
        counted = totals(ballots_of(at_cut, rights, named=True)) if at_cut.classes else Totals()
        place = ("gross-votes", "held-votes", "net-votes").index(row["base"])
        number = counted[place]
    return at_cut.count(histories.PREFERRED, number)
