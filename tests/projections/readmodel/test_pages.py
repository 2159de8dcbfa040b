"""What is asked page by page is what is asked at once, for every history and at every cut."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.answer import Answer, complete
from projections.consistency.conflicts import conflicts
from projections.directory.classes import classes, sources
from projections.questions import state
from projections.subjects.deals import deals
from projections.subjects.holdings import holdings
from projections.subjects.pending import pending
from projections.subjects.timeline import timeline
from projections.subjects.wanted import Wanted
from tests import histories
from tests.projections.readmodel.test_histories import index_of

slow = settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)
LISTS: dict[str, tuple[Callable[..., Answer[Any]], Callable[[Any], str]]] = {
    "conflicts": (
        lambda view, *page: conflicts(view, None, lambda _: None, None, *page),
        lambda row: row["subject"],
    ),
    "classes": (lambda view, *page: classes(view, None, *page), lambda row: row["share_class"]),
    "sources": (lambda view, *page: sources(view, "", *page), lambda row: row["source"]),
    "deals": (
        lambda view, *page: deals(view, None, *page), lambda row: f"{row['kind']}:{row['subject']}"
    ),
    "pending": (
        lambda view, *page: pending(view, None, *page),
        lambda row: f"{row['kind']}:{row['subject']}",
    ),
}  # fmt: skip


def pages(ask: Callable[..., Answer[Any]], view: View, most: int) -> list[Answer[Any]]:
    """All pages of a list, each gone on with as the one before says."""
    found, after = list[Answer[Any]](), ""
    while True:
        found.append(ask(view, most, after))
        notes = [note for note in found[-1].notes if "go on with --after " in note]
        if not notes:
            return found
        after = notes[0].rpartition("--after ")[2].removesuffix(".")
        assert len(found[-1].rows) >= most


@pytest.mark.parametrize("name", LISTS)
@slow
@given(st.data())
def test_the_pages_of_a_list_are_the_list(name: str, data: st.DataObject) -> None:
    ask, named = LISTS[name]
    events = histories.history(data.draw(histories.drafts(most=40)))
    cut, count = data.draw(histories.cuts(len(events)))
    upto = events[: max(count, 1)]
    pure, read = View(Log(upto), cut), View(index_of(events).at(len(upto)), cut)
    whole = ask(read)
    assert whole == ask(pure)
    for most in (1, 3, 100):
        found = pages(ask, read, most)
        assert found == pages(ask, pure, most)
        rows = [row for page in found for row in page.rows]
        expected = sorted(whole.rows, key=named) if name == "sources" else whole.rows
        assert rows == expected
        possible = {row["event"] for row in chain.from_iterable(one.possible for one in found)}
        assert possible <= {row["event"] for row in whole.possible}


@slow
@given(st.data())
def test_what_is_issued_of_a_class_is_what_its_holdings_say(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=40)))
    view = View(Log(events), data.draw(histories.cuts(len(events)))[0])
    for row in classes(view).rows:
        held = [
            one
            for one in holdings(view, row["issuer"]).rows
            if one["share_class"] == row["share_class"] and one["basis"] == "register"
        ]
        assert row["holders"] == sum(one["capacity"] != "treasury" for one in held)
        for total in ("issued", "outstanding", "treasury"):
            assert row[total] == (held[0].get(total) if held else None)  # type: ignore[literal-required]


def test_of_a_source_with_many_citations_not_all_are_counted() -> None:
    said = {"subject": "acme", "attribute": "staff", "effective_on": "2020-03-01"}
    cited = {"citations": [{"source": "filing"}], "standing": "reported"}
    claims = [("claim-recorded", f"c{n}", {**said, "value": f"{n}", **cited}) for n in range(4)]
    events = histories.history([*histories.WORLD, *claims])
    view = View(index_of(events))
    whole, brief = sources(view), sources(view, citing=2)
    assert "filing" in brief.in_part
    for some, every in zip(brief.rows, whole.rows, strict=True):
        in_part = some["source"] in brief.in_part
        assert some == {**every, "cited_by": 2 if in_part else every["cited_by"]}
        assert every["cited_by"] > 2 or not in_part


def turned(view: View, wanted: Wanted, most: int, oldest: bool) -> list[Answer[Any]]:
    """All pages of the timeline of everything, each gone on with as the one before says."""
    found, place = list[Answer[Any]](), dict[str, str]()
    while True:
        found.append(timeline(view, None, most, oldest=oldest, wanted=wanted, **place))
        notes = [note for note in found[-1].notes if "go on with --" in note]
        if not notes:
            return found
        option, _, key = notes[0].rpartition("go on with --")[2].partition(" ")
        assert option == ("after" if oldest else "before")
        assert len(found[-1].rows) == most
        place = {option: key.removesuffix(".")}


@slow
@given(st.data())
def test_the_pages_of_the_timeline_of_everything_are_the_timeline(data: st.DataObject) -> None:
    """Amended, partly dated and undated events stand where the pure fold places them."""
    events = histories.history(data.draw(histories.drafts(most=40)))
    cut, count = data.draw(histories.cuts(len(events)))
    upto = events[: max(count, 1)]
    pure, read = View(Log(upto), cut), View(index_of(events).at(len(upto)), cut)
    days = st.sampled_from(["", "2019-06-01", "2020-03-01", "2021-01-01"])
    topics = data.draw(st.sampled_from([(), ("register",), ("parties", "claims")]))
    wanted = Wanted(topics, data.draw(days), data.draw(st.sampled_from(["2020-12-31", FOREVER])))
    whole = timeline(pure, wanted=wanted)
    assert timeline(read, wanted=wanted) == whole
    laid = View(Log(upto[-3:], index_of(events).at(max(len(upto) - 3, 0))), cut)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.subjects.timeline.MOST_WHOLE", 0)
        for most in (1, 3, 100):
            for oldest in (False, True):
                found = turned(pure, wanted, most, oldest)
                assert turned(read, wanted, most, oldest) == found
                assert turned(laid, wanted, most, oldest) == found
                ordered = found if oldest else found[::-1]
                assert [row for page in ordered for row in page.rows] == whole.rows
                possible = chain.from_iterable(one.possible for one in found)
                assert {row["event"] for row in possible} == {r["event"] for r in whole.possible}
                later = {one.hidden.as_of for one in found if one.hidden}
                assert not later or later == {whole.hidden and whole.hidden.as_of}


SEQUENCES = ("1", str(2**62), str(2**63 - 1), str(2**63), "9" * 38)


@slow
@given(st.data())
def test_a_sequence_may_be_larger_than_any_number_of_the_read_model(data: st.DataObject) -> None:
    random = Random(data.draw(st.integers()))
    drawn = data.draw(histories.drafts(most=30))
    events = histories.history(
        [
            (name, key, said | {"sequence": random.choice(SEQUENCES)})
            if "effective_on" in said
            else (name, key, said)
            for name, key, said in drawn
        ]
    )
    cut, _ = data.draw(histories.cuts(0))
    pure, read = View(Log(events), cut), View(index_of(events, 2), cut)
    assert state(read) == state(pure)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.subjects.timeline.MOST_WHOLE", 0)
        for oldest in (False, True):
            whole = turned(pure, Wanted(), 3, oldest)
            assert turned(read, Wanted(), 3, oldest) == whole


@slow
@given(st.data())
def test_a_timeline_of_everything_in_which_nothing_is_wanted_says_the_same(
    data: st.DataObject,
) -> None:
    """What is only possible, and how many are to come, as where all events are looked at."""
    events = histories.history(data.draw(histories.drafts(most=40)))
    cut = Cut(as_of=data.draw(st.sampled_from(["2018-06-01", "2020-03-01", "2026-12-31"])))
    topics = data.draw(st.sampled_from([(), ("register",), ("disclosures",), ("meetings",)]))
    days = data.draw(st.sampled_from([("2030-01-01", FOREVER), ("2020-05-02", "2020-05-02")]))
    wanted = Wanted(topics, *days)
    pure, read = View(Log(events), cut), View(index_of(events), cut)
    whole = complete(pure, timeline(pure, None, 3, wanted=wanted))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("projections.subjects.timeline.MOST_WHOLE", 0)
        for view in (View(Log(events), cut), read):
            if not whole.rows:
                assert complete(view, timeline(view, None, 3, wanted=wanted)) == whole
