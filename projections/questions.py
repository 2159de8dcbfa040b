"""The questions: each name with the function that answers it, and the state they make together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from ledger.time.history import known_ids
from ledger.time.view import View
from projections.answer import Answer, complete
from projections.subjects import (
    ballots,
    claims,
    deals,
    governance,
    holdings,
    pending,
    trusts,
    votes,
)

HANDLED = {
    "holdings": holdings.TYPES,
    "votes": ballots.TYPES,
    "trusts": trusts.TYPES,
    "governance": governance.TYPES,
    "deals": deals.TYPES,
    "claims": claims.TYPES,
    "parties": ("party-registered", "party-renamed", "party-ended"),
    "view": (
        "source-registered", "source-corrected", "source-retracted", "event-corrected",
        "event-retracted", "event-corroborated",
    ),
    "pending": pending.DIVIDENDS,
    "seals": ("signing-key-rotated",),  # for those who verify, in ledger.trust
}  # fmt: skip


def answers(view: View) -> Iterator[tuple[str, Answer]]:
    """Every answer at the view's cut, by question and subject, one by one in the order of names."""
    yield from _about_each(view, "claims", "subject", claims.claims)
    yield "deals", complete(view, deals.deals(view))
    yield from _about_each(view, "governance", "party", governance.governance)
    yield from _about_each(view, "holdings", "issuer", holdings.holdings)
    yield from _about_each(view, "votes", "issuer", votes.votes)


def _about_each(
    view: View, name: str, kind: str, ask: Callable[[View, str], Answer]
) -> Iterator[tuple[str, Answer]]:
    for id in known_ids(view.history, kind):
        yield f"{name} {id}", complete(view, ask(view, id))


def state(view: View) -> dict[str, Any]:
    """Every answer at the view's cut as plain values: what two replays must agree on."""
    return {name: _plain(answer) for name, answer in answers(view)}


def digest(view: View) -> str:
    """SHA-256 in hex of the whole state, as JSON in ASCII with sorted names and no spaces."""
    found, before = hashlib.sha256(b"{"), b""
    for name, answer in answers(view):
        found.update(before + f"{json.dumps(name)}:{_JSON.encode(_plain(answer))}".encode())
        before = b","
    found.update(b"}")
    return found.hexdigest()


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "outcome": answer.outcome,
        "rows": answer.rows,
        "possible": answer.possible,
        "notes": answer.notes,
        "hidden": answer.hidden and answer.hidden._asdict(),
    }


_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
