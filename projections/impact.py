"""Impact: which answers new events change, before and after, on the days they bear on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ledger.dates import FOREVER
from ledger.envelope import Recorded
from ledger.history import Log
from ledger.rules.news import News
from ledger.view import Cut, View
from projections.answer import Answer, Row
from projections.claims import claims
from projections.deals import deals
from projections.governance import governance
from projections.holdings import holdings
from projections.votes import votes

_ASKED: tuple[tuple[str, str, Callable[[View, str], Answer], tuple[str, ...], tuple[str, ...]], ...] = (
    ("holdings", "issuer", holdings, ("share_class", "holder"), ("shares", "percent", "basis")),
    ("votes", "issuer", votes, ("holder",), ("votes", "exercisable", "after_caps")),
    ("governance", "party", governance, ("kind", "party", "person", "role", "agreement", "clause"), ("since", "until", "percent", "text")),
    ("deals", "deal", deals, ("kind", "subject"), ("status", "amount", "expected")),
    ("deals", "investment", deals, ("kind", "subject"), ("status", "amount", "expected")),
    ("deals", "offering", deals, ("kind", "subject"), ("status", "amount", "expected")),
    ("deals", "project", deals, ("kind", "subject"), ("status", "title", "expected")),
    ("claims", "subject", claims, ("attribute", "events"), ("value", "preferred")),
)  # fmt: skip
MOST_DAYS = 12


def changes(before: Any, after: Log, new: Sequence[Recorded]) -> list[Row]:
    """The rows of answers that differ, on each day the new events take effect and at the end."""
    news = News(new, after)
    asked = [
        (name, ask, id, identity, shown)
        for name, kind, ask, identity, shown in _ASKED
        for id in news.touched(f"{kind}:")
    ]
    found: list[Row] = []
    for day in _days(after, new):
        cut = Cut(as_of=day)
        then, now = View(before, cut), View(after, cut)
        for name, ask, id, identity, shown in asked:
            for row in _differences(ask(then, id), ask(now, id), identity, shown):
                if not any(row.items() <= earlier.items() for earlier in found):
                    found.append({"as_of": "the end" if day == FOREVER else day, "answer": f"{name} {id}"} | row)
    return found


def _days(after: Log, new: Sequence[Recorded]) -> list[str]:
    view = View(after)
    facts = [fact for event in new if (fact := view.fact(event)) is not None]
    days = sorted({fact.order[0] for fact in facts if fact.effective is not None})
    return [*days[-MOST_DAYS:], FOREVER]


def _differences(
    then: Answer, now: Answer, identity: Sequence[str], shown: Sequence[str]
) -> list[Row]:
    before, after = _by(then, identity, shown), _by(now, identity, shown)
    return [
        {"row": row, "before": before.get(row), "after": after.get(row)}
        for row in dict.fromkeys([*before, *after])
        if before.get(row) != after.get(row)
    ]


def _by(answer: Answer, identity: Sequence[str], shown: Sequence[str]) -> dict[str, str]:
    return {_words(row, identity): _words(row, shown) for row in answer.rows}


def _words(row: Row, names: Sequence[str]) -> str:
    given = (row.get(name) for name in names)
    return " ".join(";".join(v) if isinstance(v, list) else str(v) for v in given if v is not None)
