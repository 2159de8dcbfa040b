"""The cells of a film: each is what is asked at its own cut, whatever was taken over."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.cut import Cut
from ledger.time.log import Log
from ledger.time.view import View
from projections.names import Names
from projections.pictures.cells import TooMany, cells_of
from projections.pictures.graph import graph
from tests import histories
from tests.projections.readmodel.test_histories import slow
from tests.projections.subjects.record import COMMON, on, record, sold


def ask(view: View) -> str:
    """The graph around acme, with the names in it."""
    rows, names = graph(view, "acme").rows, Names(view)
    named = {one: names.name("party", one) for row in rows for one in (row["party"], row["of"])}
    return json.dumps([rows, named])


@settings(slow, max_examples=2)
@given(st.data())
def test_each_cell_is_what_is_asked_at_its_cut(data: st.DataObject) -> None:
    _is_as_asked(data)


@pytest.mark.whole
@settings(slow, max_examples=100)
@given(st.data())
def test_each_cell_of_many_histories_is_what_is_asked(data: st.DataObject) -> None:
    _is_as_asked(data)


def _is_as_asked(data: st.DataObject) -> None:
    history = Log(histories.history(data.draw(histories.drafts())))
    end = Cut(as_of="2026-06-30", known_by="2026-06-30")
    cells = cells_of(View(history, end), ask)
    for _ in range(6):
        day, known = (data.draw(st.sampled_from(histories.CUTS[:-1])) for _ in range(2))
        assert cells.at(day, known) == ask(View(history, end._replace(as_of=day, known_by=known)))


def parts(view: View) -> tuple[tuple[str, str | None], ...]:
    """Who has which part of acme."""
    return tuple((row["party"], row["percent"]) for row in graph(view, "acme").rows)


def sales() -> View:
    """Alice sells to Bob; the day of the sale is told a year later, and corrected in another."""
    sale = sold("2020-05-10", "sale", "alice", "bob", 20, known_on="2021-05-20")
    to_later = {"event": "sale", "because": "a slip", "known_on": "2022-06-30"}
    changes = {"changes": [{"field": "effective_on", "value": "2020-05-20"}]}
    day = {"known_on": "2020-01-01"}
    issued = on("2020-01-01", "issued", "shares-issued", share_class=COMMON, holder="alice",
                shares="50", **day)  # fmt: skip
    history = record(issued, sale, ("event-corrected", "later", to_later | changes))
    return View(history, Cut(as_of="2023-01-01", known_by="2023-01-01"))


WHOLE, SOLD = (("alice", "100.00"),), (("alice", "60.00"), ("bob", "40.00"))


def test_days_are_those_from_which_on_anything_is_otherwise() -> None:
    cells = cells_of(sales(), parts)
    assert cells.days == ["0001-01-01", "2020-01-01", "2020-05-10", "2020-05-20"]
    assert cells.known == ["0001-01-01", "2020-01-01", "2021-05-20", "2022-06-30"]
    assert cells.rows == [
        ((), (), (), ()), ((), WHOLE, WHOLE, WHOLE), ((), WHOLE, SOLD, SOLD),
        ((), WHOLE, WHOLE, SOLD),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("most", "grain", "day", "known"),
    [(25, "", "2020-05-10", "2021-05-20"), (24, "month", "2020-05-31", "2021-05-31"),
     (19, "year", "2020-12-31", "2021-12-31")],
)  # fmt: skip
def test_of_too_many_days_the_ends_of_longer_times_are_looked_at(
    most: int, grain: str, day: str, known: str
) -> None:
    cells = cells_of(sales(), parts, most=most)
    assert cells.grain == grain
    assert day in cells.days
    assert known in cells.known
    assert cells.at(day, known) == parts(View(sales().history, Cut(day, known)))


def test_more_than_are_looked_at_even_so_are_too_many() -> None:
    with pytest.raises(TooMany):
        cells_of(sales(), parts, most=2)
