"""The questions: each name with the function that answers it, and the state they make together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from ledger.view import View
from projections import claims, deals, governance, holdings, trusts, votes
from projections.answer import Answer

HANDLED = {
    "holdings": holdings.TYPES,
    "votes": votes.TYPES,
    "trusts": trusts.TYPES,
    "governance": governance.TYPES,
    "deals": deals.TYPES,
    "claims": claims.TYPES,
    "parties": ("party-registered", "party-renamed", "party-ended"),
    "view": (
        "source-registered", "source-corrected", "source-retracted", "event-corrected",
        "event-retracted", "event-corroborated",
    ),
    "pending": deals.DIVIDENDS,
    "seals": ("signing-key-rotated",),  # for those who verify, in ledger.trust
}  # fmt: skip


def state(view: View) -> dict[str, Any]:
    """Every answer at the view's cut, by question and subject: what two replays must agree on."""
    ids = {
        kind: [s.removeprefix(f"{kind}:") for s in view.history.subjects(f"{kind}:")]
        for kind in ("issuer", "party", "subject")
    }
    found: dict[str, Answer] = {"deals": deals.deals(view), "holdings": holdings.holdings(view)}
    asked: tuple[tuple[str, str, Callable[[View, str], Answer]], ...] = (
        ("votes", "issuer", votes.votes),
        ("governance", "party", governance.governance),
        ("claims", "subject", claims.claims),
    )
    for name, kind, ask in asked:
        for id in ids[kind]:
            found[f"{name} {id}"] = ask(view, id)
    return {
        name: {"rows": a.rows, "possible": a.possible, "notes": a.notes}
        for name, a in found.items()
    }


def digest(view: View) -> str:
    """SHA-256 of the whole state at the view's cut, in hex."""
    text = json.dumps(state(view), sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
