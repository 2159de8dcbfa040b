"""Very many amendments: chains, stars and trees of them are followed once, and never by recursion.

What is counted is work, not time: events decoded, SQL statements, facts worked out.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.events.envelope import Recorded
from ledger.rules import problems
from ledger.time import view as views
from ledger.time.history import AMENDMENTS
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.changes.restatements import restatements
from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.explain.holdings import explain_holdings
from projections.questions import state
from projections.readmodel import amended
from projections.readmodel import index as read_model
from projections.readmodel.index import Index
from projections.readmodel.past import Past
from projections.subjects.holdings import holdings
from projections.subjects.timeline import show, timeline
from tests import histories
from tests.histories import Draft
from tests.projections.readmodel.test_histories import index_of, kept, opened, slow

NESTED = 160  # calls that are enough for any work that nests none for each amendment
FEW, MANY = 15, 150


def corrected(key: str, event: str, field: str = "shares", value: Any = "7") -> Draft:
    data = {"event": event, "because": "b", "changes": [{"field": field, "value": value}]}
    return "event-corrected", key, data


def retracted(key: str, event: str) -> Draft:
    return "event-retracted", key, {"event": event, "because": "b"}


def chain(length: int) -> Iterator[Draft]:
    """Corrections of a correction of a correction ... of an issue."""
    for n in range(length):
        yield corrected(f"c-{n}", f"c-{n - 1}" if n else "issue-0", value=str(1000 + n))


def star(length: int) -> Iterator[Draft]:
    """Corrections of one issue, every third by news that came later."""
    for n in range(length):
        type_name, key, data = corrected(f"c-{n}", "issue-0", value=str(1000 + n))
        new_events = {"correction": "new-information", "known_on": f"20{21 + n % 3}-01-01"}
        yield type_name, key, data | (new_events if n % 3 == 0 else {})


def flips(length: int) -> Iterator[Draft]:
    """An issue retracted, the retraction retracted, and so on."""
    for n in range(length):
        yield retracted(f"c-{n}", f"c-{n - 1}" if n else "issue-0")


def revivals(length: int) -> Iterator[Draft]:
    """An issue retracted and revived, again and again."""
    for n in range(length):
        yield retracted(f"c-{n}", f"c-{n - 1}" if n % 2 else "issue-0")


def tree(length: int) -> Iterator[Draft]:
    """Corrections of an issue or of any earlier correction."""
    drawn, keys = Random(1), ["issue-0"]
    for n in range(length):
        yield corrected(f"c-{n}", drawn.choice(keys), value=str(1000 + n))
        keys.append(f"c-{n}")


def corroborations(length: int) -> Iterator[Draft]:
    """One issue told by one source after another."""
    for n in range(length):
        yield "event-corroborated", f"c-{n}", {
            "event": "issue-0", "citations": [{"source": "filing", "locator": f"p. {n}"}]
        }  # fmt: skip


def papers(length: int) -> Iterator[Draft]:
    """Sources that each rest on the one before, and an issue that rests on the last."""
    for n in range(length):
        before = f"s-{n - 1}" if n else "filing"
        yield "source-registered", f"c-{n}", {
            "source": f"s-{n}", "title": "T", "kind": "press", "publisher": "P",
            "published_on": "2020-03-01", "citations": [{"source": before}],
        }  # fmt: skip
    yield "shares-issued", "issue", {
        "share_class": "acme/common", "holder": "bob", "shares": "5", "effective_on": "2020-02-02",
        "standing": "official", "citations": [{"source": f"s-{length - 1}"}],
    }  # fmt: skip


def news_of_a_source(length: int) -> Iterator[Draft]:
    """Corrections of one source."""
    for n in range(length):
        yield corrected(f"c-{n}", "source-filing", "title", f"title {n}")


SHAPES = (chain, star, flips, revivals, tree, corroborations, news_of_a_source)
Shape = Callable[[int], Iterator[Draft]]


def recorded(drafts: Sequence[Draft]) -> tuple[list[Recorded], list[Recorded]]:
    """The world, and the events of some drafts after it as one batch; no rule is asked."""
    log, world, batch = Log(), list[Recorded](), list[Recorded]()
    for number, draft in enumerate((*histories.WORLD, *drafts)):
        event = histories.made(draft, log, "2026-01-01")
        assert event is not None, draft
        log.position = event.position
        (world if number < len(histories.WORLD) else batch).append(event)
    return world, batch


class Work(NamedTuple):
    """Events decoded, SQL statements run and facts worked out."""

    decoded: int
    statements: int
    resolved: int


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Index, Callable[[Index], Any]], Work]:
    """Counts what some work on a read model takes."""

    def counted(index: Index, job: Callable[[Index], Any]) -> Work:
        decoded, statements, resolved = list[int](), list[str](), list[int]()
        read, resolve = read_model.read_state, View._resolve

        def resolving(self: View, *given: Any) -> Any:
            resolved.append(1)
            return resolve(self, *given)

        monkeypatch.setattr(read_model, "read_state", lambda s: decoded.append(1) or read(s))
        monkeypatch.setattr(View, "_resolve", resolving)
        index.connection.set_trace_callback(statements.append)
        job(index)
        index.connection.set_trace_callback(None)
        monkeypatch.undo()
        return Work(len(decoded), len(statements), len(resolved))

    return counted


@pytest.fixture(autouse=True, scope="module")
def replayed() -> Iterator[None]:
    """Let no version be posted: with more than a few amendments none is."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(amended, "MOST_AMENDMENTS", 0)
        yield


@cache
def _indexed(shape: Shape, length: int) -> tuple[bytes, int]:
    world, batch = recorded(list(shape(length)))
    index = index_of([*world, *batch])
    return kept(index), index.position


def indexed(index: Index, events: list[Recorded]) -> Index:
    from tests.projections.readmodel.test_histories import _again

    return _again(index.connection, events)


JOBS: dict[str, Callable[[Index], Any]] = {
    "state": lambda index: state(View(index)),
    "holdings": lambda index: holdings(View(index), "acme"),
    "holdings-known-by": lambda index: holdings(View(index, Cut(known_by="2022-06-01")), "acme"),
    "show": lambda index: show(View(index), "issue-0"),
    "explain": lambda index: explain_holdings(View(index), "alice", "acme"),
    "timeline": lambda index: timeline(View(index)),
    "timeline-known-by": lambda index: timeline(View(index, Cut(known_by="2022-06-01"))),
    "check": lambda index: check(View(index)),
    "conflicts": lambda index: conflicts(View(index)),
    "last-restatement": lambda index: restatements(View(index), Past(index).at, last=1),
}


@contextmanager
def nested_at_most(calls: int) -> Iterator[None]:
    """Let so many more calls be nested than there are now."""
    frame, depth, before = sys._getframe(), 0, sys.getrecursionlimit()
    while (outer := frame.f_back) is not None:
        frame, depth = outer, depth + 1
    sys.setrecursionlimit(depth + calls)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@pytest.fixture(params=[NESTED + 20, pytest.param(1_200, marks=pytest.mark.whole)])
def deep(request: pytest.FixtureRequest) -> Iterator[int]:
    """How many amendments there are: many more than calls may be nested."""
    length: int = request.param
    asked_of(chain, 2)  # all that takes part is imported
    with nested_at_most(NESTED):
        yield length


def test_the_control_one_call_for_each_amendment_is_too_deep(deep: int) -> None:
    def followed(left: int) -> int:
        return followed(left - 1) if left else 0

    with pytest.raises(RecursionError):
        followed(deep)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("shape", [*SHAPES, papers], ids=lambda shape: shape.__name__)
def test_nothing_is_too_deep(shape: Shape, deep: int) -> None:
    """The rules, the read model and every question, deeper than calls may be nested."""
    asked_of(shape, deep)


def asked_of(shape: Shape, length: int) -> None:
    world, batch = recorded(list(shape(length)))
    index = index_of(world)
    assert not list(problems(index, batch))
    assert not list(problems(Log(world), batch))
    index = indexed(index, [*world, *batch])
    for job in JOBS.values():
        job(index)
    log = Log([*world, *batch])
    for cut in (Cut(), Cut(known_by="2022-06-01"), Cut(as_of="2020-06-01", standing="official")):
        assert state(View(index, cut)) == state(View(log, cut))


def test_a_chain_says_what_its_last_correction_says(deep: int) -> None:
    world, batch = recorded(list(chain(deep)))
    (alice,) = holdings(View(Log([*world, *batch])), "acme", "alice").rows
    assert alice["shares"] == str(1000 + deep - 1)
    for end in (1, 2, deep // 2):
        (alice,) = holdings(View(Log([*world, *batch[:end]])), "acme", "alice").rows
        assert alice["shares"] == str(1000 + end - 1)


@pytest.mark.parametrize("more", [0, 1])
def test_an_event_stands_after_an_even_number_of_retractions(deep: int, more: int) -> None:
    world, batch = recorded(list(flips(deep + more)))
    rows = holdings(View(Log([*world, *batch])), "acme", "alice").rows
    assert len(rows) == (deep + more + 1) % 2


@pytest.mark.sampled(4)
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
@pytest.mark.parametrize("job", JOBS)
def test_ten_times_the_amendments_cost_ten_times_as_much(
    shape: Shape, job: str, work: Callable[..., Work]
) -> None:
    small, large = (work(opened(*_indexed(shape, n)), JOBS[job]) for n in (FEW, MANY))
    assert all(more <= 11 * less + 60 for less, more in zip(small, large, strict=True)), large


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_filing_and_the_rules_cost_ten_times_as_much(
    shape: Shape, work: Callable[..., Work]
) -> None:
    found = []
    for length in (FEW, MANY):
        world, batch = recorded(list(shape(length)))
        index = index_of(world)
        asked = work(index, lambda index, batch=batch: list(problems(index, batch)))
        indexer = work(index, lambda index, events=[*world, *batch]: indexed(index, events))
        together = Index(index.connection, len(world) + len(batch))
        again = work(
            together,
            lambda index, world=world, batch=batch: list(
                problems(index.at(len(world)), batch, index)
            ),
        )
        found.append((*asked, *indexer, *again))
    small, large = found
    assert all(more <= 11 * less + 60 for less, more in zip(small, large, strict=True)), found


@pytest.mark.parametrize("shape", [star, corroborations])
def test_restatements_cost_ten_times_as_much_for_ten_times_the_amendments(
    shape: Shape, work: Callable[..., Work]
) -> None:
    """What a chain takes is the square of its depth in facts, for each of them reads otherwise
    after every amendment; its events are read once all the same."""
    small, large = (
        work(opened(*_indexed(shape, n)), lambda index: restatements(View(index), Past(index).at))
        for n in (FEW, MANY)
    )
    assert all(more <= 11 * less + 60 for less, more in zip(small, large, strict=True)), large


def test_restatements_of_a_chain_read_each_event_once(work: Callable[..., Work]) -> None:
    world, batch = recorded(list(chain(MANY)))
    index = index_of([*world, *batch])
    found = work(index, lambda index: restatements(View(index), Past(index).at))
    assert found.decoded <= 12 * MANY
    assert found.statements <= 25 * MANY


def test_a_chain_longer_than_what_is_remembered_is_worked_out_few_times(
    monkeypatch: pytest.MonkeyPatch, work: Callable[..., Work]
) -> None:
    monkeypatch.setattr(views, "MOST_REMEMBERED", 20)
    world, batch = recorded(list(chain(MANY)))
    mixed = [event for pair in zip(batch, batch[::-1], strict=True) for event in pair]
    index = index_of([*world, *batch])

    def asked(index: Index) -> None:
        view = View(index)
        for event in [*mixed, *world * 20, *mixed]:
            view.fact(event)

    monkeypatch.setattr(views, "MOST_REMEMBERED", 20)
    assert work(index, asked).resolved <= 12 * MANY


@slow
@given(st.data())
def test_the_past_is_as_the_log_was(data: st.DataObject) -> None:
    """Restatements are the same from the read model and from the pure log, at every cut."""
    events = histories.history(data.draw(histories.drafts()))
    cut, _ = data.draw(histories.cuts(len(events)))
    index, log = index_of(events), Log(events)
    assert restatements(View(index, cut), Past(index).at) == restatements(
        View(log, cut), lambda position: Log(events[:position])
    )
    past = Past(index)
    for position in (len(events) // 2, len(events), len(histories.WORLD)):
        then, pure = past.at(position), Log(events[:position])
        for subject in pure.subjects(""):
            assert list(then.mentioning(subject)) == list(pure.mentioning(subject))
            if not subject.startswith(("position:", "id:")):
                assert then.knows(subject) == pure.knows(subject)
        for event in events[:position]:
            assert then.is_amended(event.key) == pure.is_amended(event.key)
            assert list(then.moved(event)) == list(pure.moved(event))
            if event.type in AMENDMENTS:
                assert then.root(event.key) == pure.root(event.key)
