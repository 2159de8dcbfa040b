"""A record of a few named events in memory, and what it answers at a cut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ledger.events.envelope import Recorded
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.answer import Answer, complete
from tests import histories
from tests.histories import Draft

PARTIES = {
    "acme": "company", "bolt": "company", "alice": "person", "bob": "person", "carol": "person",
    "bank": "company", "acme-trust": "trust", "public": "other",
}  # fmt: skip
COMMON, PREFERRED = "acme/common", "acme/preferred"
REGISTRATIONS: tuple[Draft, ...] = (
    *(
        ("party-registered", f"party-{p}", {"party": p, "kind": kind, "name": p.title()})
        for p, kind in PARTIES.items()
    ),
    ("share-class-created", "class-common", {"share_class": COMMON}),
    ("share-class-created", "class-preferred", {"share_class": PREFERRED, "votes_per_share": "10"}),
)


def on(day: str, key: str, type: str, **fields: Any) -> Draft:
    """An official event of a day, unless its fields say otherwise."""
    return type, key, {"effective_on": day, "standing": "official"} | fields


def opened(holder: str, shares: int, share_class: str = COMMON, day: str = "2020-01-01") -> Draft:
    """What a holder has when the register opens."""
    fields = {"share_class": share_class, "holder": holder, "shares": str(shares)}
    return on(day, f"opened-{holder}-{share_class[5:]}", "register-opened", **fields)


def sold(day: str, key: str, seller: str, buyer: str, shares: int, **fields: Any) -> Draft:
    """A sale of common shares."""
    of = {"share_class": COMMON, "transferor": seller, "transferee": buyer, "shares": str(shares)}
    return on(day, key, "shares-transferred", **of | fields)


def settled(day: str = "2020-02-01", **fields: Any) -> Draft:
    """Alice's trust, which the bank votes neutrally."""
    terms = {
        "settlors": ["alice"],
        "trustees": ["bank"],
        "beneficiaries": [{"party": "alice"}],
        "voting": "neutral",
    }
    return on(day, "settled", "trust-settled", **{"trust": "acme-trust"} | terms | fields)


def placed(shares: int, day: str = "2020-02-02") -> Draft:
    """Shares that Alice places in her trust."""
    of = {"share_class": COMMON, "holder": "alice", "shares": str(shares)}
    return on(day, "placed", "shares-placed-in-trust", trust="acme-trust", **of)


def published(source: str, day: str) -> Draft:
    """A source of a day."""
    fields = {"title": source, "kind": "press", "publisher": "Press", "published_on": day}
    return "source-registered", source, {"source": source} | fields


def recorded(*events: Draft) -> list[Recorded]:
    """Events that the rules must all accept, all recorded on 1 January 2026."""
    offered = [*REGISTRATIONS, *events]
    kept = histories.history(offered, histories.DAY)
    assert [event.key for event in kept] == [key for _, key, _ in offered], "an event is refused"
    return kept


def record(*events: Draft) -> Log:
    """The record of such events."""
    return Log(recorded(*events))


def at(history: Log, **limits: str) -> View:
    """A record seen at a cut."""
    return View(history, Cut(**limits))


def outcome(view: View, answer: Answer[Any]) -> tuple[str, str]:
    """The outcome of an answer, and the last of its notes."""
    told = complete(view, answer)
    return told.outcome, told.notes[-1]


def columns(rows: Iterable[Mapping[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    """Some columns of rows, in their order."""
    return [tuple(row.get(name) for name in names) for row in rows]
