"""Agreements of public filings: what clauses say of each event, and their breaches, by hand."""

from __future__ import annotations

from functools import cache

import pytest

from ledger.events.envelope import Recorded
from ledger.time.log import Log
from ledger.time.view import View
from projections.obligations.breaches import breaches
from projections.obligations.verdicts import verdicts
from tests import histories
from tests.projections.obligations.agreed import shown
from tests.projections.obligations.filed import FILED

EVENTS = [(name, key) for name, filed in FILED.items() for key in filed.said]


@cache
def told(name: str) -> list[Recorded]:
    """All events of an agreement as recorded."""
    offered = [*FILED[name].before, *FILED[name].comes]
    kept = histories.history(offered, histories.DAY)
    assert [event.key for event in kept] == [key for _, key, _ in offered], "an event is refused"
    return kept


@pytest.mark.parametrize(("name", "key"), EVENTS, ids=[f"{n}: {key}" for n, key in EVENTS])
def test_what_the_clauses_say_of_an_event(name: str, key: str) -> None:
    events = told(name)
    place = next(n for n, event in enumerate(events) if event.key == key)
    before, new = Log(events[:place]), events[place : place + 1]
    rows = verdicts(View(before), View(Log(new, before)), new).rows
    found = shown(rows, "clause", "verdict", "measured", "limit")
    assert [(c, v, m or "", limit) for c, v, m, limit in found] == FILED[name].said[key]


@pytest.mark.parametrize("name", FILED)
def test_from_when_to_when_each_clause_is_broken(name: str) -> None:
    rows = breaches(View(Log(told(name))), "filed").rows
    assert shown(rows, "clause", "from", "until", "opened_by", "closed_by") == FILED[name].broken
