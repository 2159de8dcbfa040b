"""Lots of random histories are those of the letter of each event, and add up to all votes."""

from __future__ import annotations

from collections import defaultdict
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
from tests.projections.subjects.record import COMMON, on, opened, recorded

DIGITS = {histories.PREFERRED: 1, histories.ELSEWHERE: 1}
AMONG = (
    *histories.LOTS, *histories.LOTS, "shares-distributed", "shares-exchanged", "shares-exchanged",
    "instrument-granted", "instrument-exercised", "registration-changed",
)  # fmt: skip


def compared(data: st.DataObject, cuts: int) -> None:
    """Draw a history, and hold its lots against those of the letter at some cuts."""
    drawn = data.draw(histories.drafts(most=30, among=AMONG))
    events = histories.history(histories.across(drawn) if data.draw(st.booleans()) else drawn)
    index = index_of(events)
    for _ in range(cuts):
        cut, count = data.draw(histories.cuts(len(events)))
        for issuer in ("acme", "boreal"):
            naive = naive_lots(events[:count], cut, DIGITS, issuer)
            for history in (Log(events[:count]), index.at(count)):
                assert shown(history, cut, issuer, naive) == naive
        add_up(View(Log(events[:count]), cut))


@settings(slow, max_examples=12)
@given(st.data())
def test_lots_are_those_of_the_letter(data: st.DataObject) -> None:
    compared(data, 2)


@pytest.mark.whole
@settings(slow, max_examples=500)
@given(st.data())
def test_lots_of_many_histories_are_those_of_the_letter(data: st.DataObject) -> None:
    compared(data, 4)


def add_up(view: View) -> None:
    """The lots of each holder carry its votes, and all together all votes."""
    rows, answer = lots(view, "acme").rows, votes(view, "acme")
    if answer.held is None:
        return
    found: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        found[row["holder"]] += Fraction(row["votes"])
    own = {row["holder"]: row["votes"] for row in answer.rows if row["group"] is None}
    assert found == {holder: Fraction(n or 0) for holder, n in own.items()}
    assert sum(found.values()) == answer.held


def test_sources_that_are_corrected_by_each_other_are_dated_by_neither() -> None:
    named = {"title": "A paper", "kind": "press", "publisher": "Press"}
    drafts = [
        ("source-registered", one, {"source": one, "published_on": "2021-01-01", **named})
        for one in ("first", "second")
    ]
    for one, other in (("first", "second"), ("second", "first")):
        change = {"field": "published_on", "value": "2022-02-02"}
        mended = {"event": one, "because": "a slip", "changes": [change]}
        cited = {"correction": "new-information", "citations": [{"source": other}]}
        drafts.append(("event-corrected", f"mended-{one}", mended | cited))
    grant = {"share_class": COMMON, "holder": "alice", "shares": "40"}
    drafts.append(opened("alice", 100))
    drafts.append(on("2023-01-01", "double", "double-votes-granted", **grant,
                     citations=[{"source": "first"}]))  # fmt: skip
    events = recorded(*drafts)
    naive = naive_lots(events, Cut(), DIGITS)
    assert shown(Log(events), Cut(), "acme", naive) == naive
    assert naive[COMMON, "alice", "double"][:2] == (40, 2)


def shown(history: History, cut: Cut, issuer: str, naive: Lots) -> Lots:
    """What is answered; where the letter does not tell since when, neither is it compared."""
    found: Lots = {}
    for row in lots(View(history, cut), issuer).rows:
        key = row["share_class"], row["holder"], row["lot"]
        since = naive[key][2] and row["since"] if key in naive else row["since"]
        found[key] = Fraction(row["shares"]), row["factor"], since
    return found
