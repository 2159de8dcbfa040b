"""Votes by class: each class beside the others, and together what the plain answer has."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import View
from projections.rows import VoteRow
from projections.vote_rows import ClassVoteRow
from tests import histories
from tests.counted import votes, votes_by_class
from tests.histories import Draft
from tests.projections.readmodel.test_histories import slow
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    columns,
    on,
    opened,
    outcome,
    placed,
    record,
    settled,
)
from tests.projections.subjects.test_lots import YEARS, granted

HELD = (opened("alice", 40), opened("bob", 60), opened("alice", 10, PREFERRED))
SHOWN = "share_class", "holder", "votes", "suspended", "after_caps_low", "after_caps_high"
ADDED = ("votes", "gross", "suspended", "neutral", "exercisable")


def rows(*events: Draft) -> list[ClassVoteRow]:
    return votes_by_class(at(record(*HELD, *events)), "acme").rows


def test_each_class_has_its_holders_and_its_totals() -> None:
    late = on(YEARS[0], "late", "voting-rights-suspended", issuer="acme", holder="alice",
              share_class=PREFERRED, shares="4", reason="late")  # fmt: skip
    found = rows(granted(YEARS[0], "lot", shares="5"), late)
    assert columns(found, *SHOWN[:-2], "net") == [
        (COMMON, "bob", "60", "0", "60"),
        (COMMON, "alice", "45", "0", "45"),
        (COMMON, None, "105", "0", "105"),
        (PREFERRED, "alice", "100", "40", "60"),
        (PREFERRED, None, "100", "40", "60"),
        (None, "alice", "145", "40", "105"),
        (None, None, "205", "40", "165"),
    ]
    assert found[1]["reasons"] == ["5 shares vote double (lot)"]
    assert found[3]["reasons"] == ["40 votes suspended: late (late)"]
    percent = [row["votes_percent"] for row in found]
    assert percent == ["29.27", "21.95", "51.22", "48.78", "48.78", "70.73", "100.00"]


def test_a_cap_is_not_shared_out_among_classes() -> None:
    cap = on(YEARS[0], "cap", "voting-cap-agreed", issuer="acme", holder="alice", percent="60")
    found = rows(cap)
    assert columns(found, *SHOWN) == [
        (COMMON, "bob", "60", "0", "60", "60"),
        (COMMON, "alice", "40", "0", "20", "40"),
        (COMMON, None, "100", "0", None, None),
        (PREFERRED, "alice", "100", "0", "80", "100"),
        (PREFERRED, None, "100", "0", None, None),
        (None, "alice", "140", "0", "120", "120"),
        (None, None, "200", "0", "180", "180"),
    ]
    assert found[1]["bound_by"] == found[3]["bound_by"] == ["cap"]
    assert found[1]["after_caps"] is None


def test_treasury_and_neutral_votes_are_of_their_class() -> None:
    bought = on(YEARS[0], "bought", "shares-repurchased", share_class=COMMON, holder="bob",
                shares="10")  # fmt: skip
    found = rows(settled(), placed(15), bought)
    own = {row["holder"]: row for row in found if row["share_class"] == COMMON}
    trust, total = own["acme-trust"], own[None]
    assert (trust["neutral"], trust["exercisable"], trust["after_caps"]) == ("15", "0", "0")
    assert (own["acme"]["gross"], own["acme"]["votes"]) == ("10", "0")
    assert (total["gross"], total["votes"], total["exercisable"]) == ("100", "90", "75")


def test_without_votes_told_the_classes_are_not_known() -> None:
    view = at(record())
    assert outcome(view, votes_by_class(view, "acme"))[0] == "not-known"


AMONG = (*histories.LOTS, *histories.VOTES)


@settings(slow, max_examples=8)
@given(st.data())
def test_the_classes_add_up_to_the_plain_answer(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(among=AMONG)))
    view = View(Log(events), data.draw(histories.cuts(0))[0])
    plain = votes(view, "acme")
    if plain.held is None:
        return
    found = votes_by_class(view, "acme").rows
    by_class = [row for row in found if row["share_class"] and row["holder"]]
    accounts = {row["holder"]: row for row in plain.rows if row["group"] is None}
    for name in ADDED:
        totals: Counter[str | None] = Counter()
        for row in by_class:
            totals[row["holder"]] += number(row, name)  # type: ignore[assignment]
            totals[row["share_class"]] += number(row, name)  # type: ignore[assignment]
        named = {row["share_class"]: row for row in found if row["holder"] is None}
        assert all(totals[c] == number(row, name) for c, row in named.items() if c)
        assert all(totals[holder] == number(row, name) for holder, row in accounts.items())
        assert number(named[None], name) == sum(number(row, name) for row in accounts.values())
    for row in by_class:
        low, high = row["after_caps_low"], Fraction(row["after_caps_high"] or 0)
        assert Fraction(low or 0) <= high or high < 0
        assert high <= number(row, "exercisable")
    assert number(found[-1], "votes") == plain.held


def number(row: ClassVoteRow | VoteRow, name: str) -> Fraction:
    return Fraction(row.get(name) or 0)  # type: ignore[arg-type]
