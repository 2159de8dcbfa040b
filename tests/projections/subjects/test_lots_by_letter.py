"""Lots of random histories are those of the letter of each event, and add up to all votes."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import View
from projections.subjects.vote_lots import lots
from tests import histories
from tests.counted import votes
from tests.lots_by_letter import Lots, naive_lots
from tests.projections.readmodel.test_histories import index_of, slow

DIGITS = {histories.PREFERRED: 1}


@settings(slow, max_examples=30)
@given(st.data())
def test_lots_are_those_of_the_letter(data: st.DataObject) -> None:
    drawn = data.draw(histories.drafts(most=30, among=histories.LOTS))
    events = histories.history(uncited(drawn))
    index = index_of(events)
    for _ in range(3):
        cut, count = data.draw(histories.cuts(len(events)))
        cut = cut._replace(known_by="9999-12-31")
        naive = naive_lots(events[:count], cut, DIGITS)
        for history in (Log(events[:count]), index.at(count)):
            assert shown(View(history, cut)) == naive


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
    """Events without their sources, which tell the letter nothing."""
    return [
        (name, key, {field: value for field, value in data.items() if field != "citations"})
        for name, key, data in drafts
    ]


def shown(view: View) -> Lots:
    return {
        (row["share_class"], row["holder"], row["lot"]): (Fraction(row["shares"]), row["factor"])
        for row in lots(view, "acme").rows
    }
