"""What it costs to find what amendments changed grows with their number and with the days on which
answers change, and no faster: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from ledger.events.envelope import Recorded
from ledger.time.log import Log
from ledger.time.view import View
from projections.changes import impact as impacts
from projections.changes.impact import impact
from projections.changes.restatements import restatements
from projections.readmodel.index import Index
from projections.readmodel.opening import open_index
from projections.readmodel.past import Past
from tests.histories import EventList
from tests.projections.readmodel.test_growth import LAST, recorded, register


class Cost(NamedTuple):
    """SQL statements run, facts resolved, rows compared."""

    statements: int
    resolved: int
    compared: int


def corrected(event: Recorded, position: int, shares: int) -> Recorded:
    """A correction, known later, of the shares of a movement."""
    change = {"field": "shares", "value": str(shares)}
    known = (LAST + timedelta(days=shares)).isoformat()
    said = {"event": event.key, "changes": [change], "because": "read anew"}
    said |= {"correction": "new-information", "known_on": known}
    return recorded(position, "event-corrected", said)


@pytest.fixture
def cost(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[list[Recorded], Callable[[Index], Any]], Cost]:
    """What some work on a history costs."""

    def counted(events: list[Recorded], work: Callable[[Index], Any]) -> Cost:
        index = open_index(None, EventList(events))
        statements, resolved, compared = list[str](), list[int](), list[int]()
        resolve, difference = View._resolve, impacts.difference
        with monkeypatch.context() as patched:
            patched.setattr(View, "_resolve", lambda *a: resolved.append(1) or resolve(*a))
            patched.setattr(impacts, "difference", lambda *a: compared.append(1) or difference(*a))
            index.connection.set_trace_callback(statements.append)
            work(index)
            index.connection.set_trace_callback(None)
        return Cost(len(statements), len(resolved), len(compared))

    return counted


def _restated(corrections: int) -> list[Recorded]:
    """A register of forty transfers, the first of them corrected so often."""
    events = register(40)
    first, position = events[-40], len(events)
    return [*events, *(corrected(first, position + n, 1 + n) for n in range(1, corrections + 1))]


def test_restatements_cost_as_much_for_each_of_forty_corrections_as_for_each_of_ten(
    cost: Callable[..., Cost],
) -> None:
    def restated(index: Index) -> None:
        rows = restatements(View(index), Past(index).at).rows
        assert all(row["changed"]["changes"] for row in rows)

    few, many = cost(_restated(10), restated), cost(_restated(40), restated)
    assert many.statements <= 4 * few.statements, (few, many)
    assert many.compared <= 4.5 * few.compared, (few, many)
    assert many.resolved <= 4.5 * few.resolved, (few, many)


def test_what_a_correction_changes_costs_as_much_on_each_of_four_hundred_days_as_of_a_hundred(
    cost: Callable[..., Cost],
) -> None:
    def changed(index: Index) -> None:
        first = register(1)[-1]  # of the transfers, at the same place however many there are
        event = corrected(first, index.position + 1, 5)
        found = impact(index, Log([event], index), [event])
        assert found.changes
        assert not found.notes

    few, many = cost(register(100), changed), cost(register(400), changed)
    assert many.statements <= 4 * few.statements, (few, many)
    assert many.compared <= 4.5 * few.compared, (few, many)
    assert many.resolved <= 4.5 * few.resolved, (few, many)
