"""Lots of random histories are those of the letter of each event, and add up to all votes."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.history import History
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.subjects.vote_lots import lots
from tests import histories
from tests.counted import votes
from tests.lots_by_letter import Lots, naive_lots
from tests.projections.readmodel.test_histories import index_of, slow

DIGITS = {histories.PREFERRED: 1, histories.ELSEWHERE: 1}
AMONG = (
    *histories.LOTS, *histories.LOTS, "shares-distributed", "shares-exchanged", "shares-exchanged",
    "instrument-granted", "instrument-exercised", "registration-changed",
)  # fmt: skip


def compared(data: st.DataObject, cuts: int) -> None:
    """Draw a history, and hold its lots against those of the letter at some cuts."""
    drawn = uncited(data.draw(histories.drafts(most=30, among=AMONG)))
    events = histories.history(histories.across(drawn) if data.draw(st.booleans()) else drawn)
    index = index_of(events)
    for _ in range(cuts):
        cut, count = data.draw(histories.cuts(len(events)))
        for issuer in ("acme", "boreal"):
            naive = naive_lots(events[:count], cut, DIGITS, issuer)
            for history in (Log(events[:count]), index.at(count)):
                assert shown(history, cut, issuer, naive) == naive


@settings(slow, max_examples=12)
@given(st.data())
def test_lots_are_those_of_the_letter(data: st.DataObject) -> None:
    compared(data, 2)


@pytest.mark.whole
@settings(slow, max_examples=1_000)
@given(st.data())
def test_lots_of_many_histories_are_those_of_the_letter(data: st.DataObject) -> None:
    compared(data, 4)


@slow
@given(st.data())
def test_the_lots_add_up_to_the_shares_and_the_votes(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(among=histories.LOTS)))
    view = View(Log(events), data.draw(histories.cuts(0))[0])
    rows, answer = lots(view, "acme").rows, votes(view, "acme")
    if answer.held is None:
        return
    found: Counter[str] = Counter()
    for row in rows:
        found[row["holder"]] += Fraction(row["votes"])  # type: ignore[assignment]
    own = {row["holder"]: row["votes"] for row in answer.rows if row["group"] is None}
    assert {holder: Fraction(n) for holder, n in found.items()} == {
        holder: Fraction(n or 0) for holder, n in own.items()
    }
    assert sum(found.values()) == answer.held


def uncited(drafts: list[histories.Draft]) -> list[histories.Draft]:
    """Events without their sources, of which the letter knows nothing that bears on lots."""
    return [
        (name, key, {field: value for field, value in data.items() if field != "citations"})
        for name, key, data in drafts
    ]


def shown(history: History, cut: Cut, issuer: str, naive: Lots) -> Lots:
    """What is answered; where the letter does not tell since when, neither is it compared."""
    found: Lots = {}
    for row in lots(View(history, cut), issuer).rows:
        key = row["share_class"], row["holder"], row["lot"]
        since = naive[key][2] and row["since"] if key in naive else row["since"]
        found[key] = Fraction(row["shares"]), row["factor"], since
    return found
