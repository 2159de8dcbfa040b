"""Certificates of shares: which are live, and for how many shares of whom."""

from __future__ import annotations

from ledger.model.fact import Fact
from ledger.time.view import View

TYPES = ("certificate-recorded",)


def certificates(view: View, share_class: str) -> dict[str, Fact]:
    """What was recorded last of each certificate of a class, by its number."""
    found = view.about(f"class:{share_class}", types=TYPES).counted
    return {
        fact.need("certificate"): fact for fact in found if fact.need("share_class") == share_class
    }


def live(view: View, share_class: str) -> dict[str, list[Fact]]:
    """The certificates that are issued and not given back, lost or replaced, by their holders."""
    found: dict[str, list[Fact]] = {}
    for fact in certificates(view, share_class).values():
        if fact.need("status") == "issued":
            found.setdefault(fact.need("holder"), []).append(fact)
    return found
