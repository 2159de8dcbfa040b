"""Rows of answers on clauses: what a proposed event does to them, and when they were broken."""

from __future__ import annotations

from typing import Literal, TypedDict

Verdict = Literal["breaches", "needs", "cannot be told", "noted", "permitted"]

IN_WORDS = "it is in words: read it"  # said of a clause that no rule can test

VerdictRow = TypedDict(  # what a clause says of an event that is proposed or recorded
    "VerdictRow",
    {
        "agreement": str | None,
        "clause": str | None,
        "kind": str,
        "party": str | None,
        "issuer": str | None,
        "event": str,
        "step": str,
        "verdict": Verdict,
        "needs": str | None,
        "of": list[str],
        "shares": str | None,
        "measured": str | None,
        "limit": str | None,
        "base": str | None,
        "from": str | None,
        "until": str | None,
        "what": str,
        "events": list[str],
    },
)

BreachRow = TypedDict(  # days on which a clause was broken, from its first to the day of its end
    "BreachRow",
    {
        "agreement": str,
        "clause": str,
        "kind": str,
        "party": str | None,
        "issuer": str | None,
        "verdict": Verdict,
        "from": str,
        "until": str | None,
        "measured": str | None,
        "limit": str | None,
        "base": str | None,
        "opened_by": str | None,
        "closed_by": str | None,
        "what": str,
        "standing": str,
        "events": list[str],
    },
)
