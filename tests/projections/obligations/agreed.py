"""Agreements in force for tests, and what their clauses say of an event."""

from __future__ import annotations

from typing import Any

from ledger.events.envelope import Recorded
from ledger.time.log import Log
from ledger.time.view import View
from projections.obligation_rows import VerdictRow
from projections.obligations.verdicts import verdicts
from tests.histories import Draft
from tests.projections.subjects.record import on, recorded

DAY = "2023-01-01"


def pact(*clauses: dict[str, Any], day: str = DAY, **fields: Any) -> list[Draft]:
    """An agreement of alice, bob and carol in force from a day on, with clauses on acme."""
    of_acme = [{"issuer": "acme", "text": "as agreed"} | clause for clause in clauses]
    parties = {"title": "Pact", "parties": ["alice", "bob", "carol"], "agreement": "pact"}
    return [
        on(day, "signed", "agreement-signed", clauses=of_acme, **parties | fields),
        on(day, "force", "agreement-in-force", agreement="pact"),
    ]


def said(recorded_before: list[Draft], *new: Draft) -> list[VerdictRow]:
    """What clauses say of events that are proposed after others."""
    events: list[Recorded] = recorded(*recorded_before, *new)
    before = Log(events[: len(events) - len(new)])
    coming = events[len(events) - len(new) :]
    return verdicts(View(before), View(Log(coming, before)), coming).rows


def shown(rows: list[Any], *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of rows."""
    return [tuple(row[column] for column in columns) for row in rows]
