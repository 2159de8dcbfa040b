"""Rows of threads: what each of them tells, whatever its kind."""

from __future__ import annotations

from datetime import date

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.dates import parse_published
from projections.answer import keys, weakest
from projections.rows import DealRow
from projections.subjects.threads import Thread


def thread_row(
    deal: str | None, kind: str, subject: str, facts: list[Fact], status: str
) -> DealRow:
    """A row of a thread, of which nothing more is said yet."""
    last = max(facts, key=lambda fact: fact.order)
    return {
        "deal": deal,
        "kind": kind,
        "subject": subject,
        "party": None,
        "amount": None,
        "currency": None,
        "qualifier": None,
        "status": status,
        "since": None,
        "at_latest": None,
        "expected": None,
        "last_heard": last.since or last.at_latest,
        "standing": weakest(facts),
        "events": keys(facts),
    }


def set_since(row: DealRow, fact: Fact) -> None:
    """Let a row tell from when its status is."""
    row["since"], row["at_latest"] = fact.since, fact.at_latest


def deal_of(thread: Thread) -> str | None:
    """The deal that a thread is part of."""
    return next((step.text("deal") for step in thread.steps if step.text("deal")), None)


def passed(day: str | None, view: View) -> bool:
    """Whether a date lies before the as-of day."""
    days = parse_published(day)
    return days is not None and days.last < view.cut.as_of


def days_late(fact: Fact, due: str) -> int:
    """How many days after a date a fact surely came about; 0 where it may have been in time."""
    days = parse_published(due)
    if days is None or fact.effective is None or fact.effective.first <= days.last:
        return 0
    return (date.fromisoformat(fact.effective.first) - date.fromisoformat(days.last)).days
