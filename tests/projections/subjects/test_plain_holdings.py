"""Registers read many at once tell what they tell walked one by one, event by event."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.generate import plan_of
from benchmarks.market import Market
from ledger.events.envelope import Recorded
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.answer import Answer, complete
from projections.holding_rows import HoldingRow
from projections.readmodel.index import Index
from projections.readmodel.opening import open_index
from projections.subjects import plain_holdings as module
from projections.subjects.holdings import holdings
from projections.subjects.plain_holdings import PlainHoldings
from tests import histories
from tests.counted import members
from tests.histories import Draft, EventList

DAYS = ("2001-06-30", "2008-03-31", "2014-12-31", "2020-06-30", "2026-12-31", "9999-12-31")
NAMES = {
    "acme-trust": "i00000-trust", "acme": "i00000", "boreal": "i00001", "alice": "h000001",
    "bob": "h000002", "carol": "h000003",
}  # fmt: skip
OF_ONE = {"share_class": "i00002/common", "standing": "official"}
ODD: Mapping[str, Draft] = {
    "another class": ("share-class-created", "o", OF_ONE | {"share_class": "i00002/b"}),
    "terms": ("share-class-amended", "o", OF_ONE | {
        "par_value": "EUR 1", "effective_on": "2014-01-01",
    }),
    "a total": ("balance-asserted", "o", OF_ONE | {
        "total": "issued", "shares": "900000000", "effective_on": "2014-01-01",
    }),
    "a percentage": ("stake-disclosed", "o", OF_ONE | {
        "issuer": "i00002", "holder": "h000001", "percent": "5", "percent_of": "issued",
        "effective_on": "2014-01-01",
    }),
    "a group": ("stake-disclosed", "o", OF_ONE | {
        "issuer": "i00002", "holder": "h000001", "shares": "5", "interest": "group",
        "effective_on": "2014-01-01",
    }),
    "no holder": ("stake-disclosed", "o", OF_ONE | {
        "issuer": "i00002", "holder": "i00001", "shares": "5", "effective_on": "2014-01-01",
    }),
    "an unknown day": ("shares-issued", "o", OF_ONE | {
        "holder": "h000001", "shares": "5", "effective_on": "2014",
    }),
    "fractions": ("shares-split", "o", OF_ONE | {
        "ratio": "2:7", "fractions": "down", "effective_on": "2014-01-01",
    }),
    "parts of shares": ("shares-split", "o", OF_ONE | {
        "ratio": "2:7", "effective_on": "2014-01-01",
    }),
    "a pledge": ("share-right-granted", "o", OF_ONE | {
        "right": "r", "holder": "h000001", "to": "i00001", "kind": "pledge",
        "effective_on": "2014-01-01",
    }),
}  # fmt: skip


def drafts(events: int, seed: int = 1) -> Iterator[Draft]:
    for event in Market(plan_of(events, 4, 20, seed)).events():
        data = {name: value for name, value in event.items() if name not in ("type", "key")}
        yield event["type"], event["key"], data


@cache
def market(seed: int) -> tuple[Recorded, ...]:
    """The events of a small market."""
    return tuple(added(Log(), drafts(400, seed), ruled=False))


def added(log: Log, more: Iterable[Draft], *, ruled: bool = True) -> Iterator[Recorded]:
    """The events of some drafts, which a log takes in; of those alone that the rules accept."""
    for draft in more:
        event = (histories.recorded if ruled else histories.made)(draft, log)
        if event is not None:
            log.add(event)
            yield event


def of_market(draft: Draft) -> Draft:
    """A draft of the usual histories, about the market."""
    type_name, key, data = draft
    text = json.dumps(data)
    for name, other in NAMES.items():
        text = text.replace(name, other)
    return type_name, key, json.loads(text)


def told(view: View) -> Answer[HoldingRow]:
    return complete(view, holdings(view, most=0, members=members))


def same(events: list[Recorded], cut: Cut) -> int:
    """How many registers are plain; the answer is that of the walk, by the log and read model."""
    view, plain = View(open_index(None, EventList(events)), cut), list[str]()

    class Counted(PlainHoldings):
        def add(self, answer: Answer[HoldingRow], issuer: str) -> bool:
            found = super().add(answer, issuer)
            plain.extend([issuer] if found else [])
            return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PlainHoldings", Counted)
        fast = told(view)
    slow = told(View(Log(events), cut))
    assert [[*row.items()] for row in fast.rows] == [[*row.items()] for row in slow.rows]
    assert fast == slow
    return len(plain)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(st.data())
def test_at_every_cut_a_market_is_as_the_walk_of_each_register(data: st.DataObject) -> None:
    events = list(market(data.draw(st.integers(1, 3))))
    offered = map(of_market, data.draw(histories.drafts(most=25)))
    events += added(Log(events), offered)
    cut = Cut(
        data.draw(st.sampled_from(DAYS)), data.draw(st.sampled_from(DAYS)),
        standing=data.draw(st.sampled_from(("official", "reported", "any"))),
    )  # fmt: skip
    same(events[: data.draw(st.integers(100, len(events)))], cut)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("day", DAYS)
def test_registers_of_a_market_are_plain(seed: int, day: str) -> None:
    assert same(list(market(seed)), Cut(day)) >= 1


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", ODD)
def test_a_register_of_which_more_is_recorded_is_walked(what: str) -> None:
    events = list(market(1))
    (odd,) = added(Log(events), [ODD[what]], ruled=False)
    before, cut = same(events, Cut("2020-06-30")), Cut("2020-06-30")
    assert same([*events, odd], cut) == before - 1


def test_a_market_takes_few_statements() -> None:
    """They grow with the registers, and not with what there is of each."""

    def statements(events: int) -> int:
        index = open_index(None, EventList([*added(Log(), drafts(events), ruled=False)]))
        run = list[str]()
        index.connection.set_trace_callback(run.append)
        holdings(View(Index(index.connection, index.position), Cut("2020-06-30")), most=0)
        return len(run)

    assert statements(3_000) <= 2 * statements(600)
