"""Two answers to one question compared: what identifies a row, and which of its fields differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ledger.view import View
from projections.answer import Answer, Row
from projections.claims import claims
from projections.deals import deals
from projections.governance import governance
from projections.holdings import holdings
from projections.votes import votes


class Asked(NamedTuple):
    """A question whose answers are compared: what identifies a row, and what of it is shown."""

    name: str
    kind: str
    ask: Callable[[View, str], Answer]
    identity: tuple[str, ...]
    shown: tuple[str, ...]


_SEATS = ("kind", "party", "person", "role", "agreement", "clause")
_TERMS = ("since", "at_latest", "until", "percent", "text", "standing")
_STATUS = (
    *("status", "party", "amount", "currency", "qualifier", "paid", "percent"),
    *("percent_qualifier", "expected", "since", "at_latest", "standing"),
)
ASKED = (
    Asked("holdings", "issuer", holdings, ("share_class", "holder"),
          ("shares", "percent", "percent_of", "qualifier", "basis", "capacity", "trustee",
           "standing")),
    Asked("votes", "issuer", votes, ("holder",),
          ("votes", "votes_percent", "exercisable", "exercisable_percent", "after_caps")),
    Asked("governance", "party", governance, _SEATS, _TERMS),
    *(
        Asked("deals", kind, deals, ("kind", "subject"), _STATUS)
        for kind in ("deal", "investment", "offering", "project")
    ),
    Asked("claims", "subject", claims, ("attribute", "events"),
          ("value", "unit", "qualifier", "preferred", "standing")),
)  # fmt: skip
QUALIFIED = {  # by answer: the fields that are read with a qualifier, and where it stands
    "holdings": {"shares": "qualifier", "percent": "qualifier"},
    "deals": {"amount": "qualifier", "percent": "percent_qualifier"},
    "claims": {"value": "qualifier"},
}


def differing(then: Answer, now: Answer, asked: Asked) -> list[Row]:
    """The rows in which two answers to a question differ, with each field before and after.

    A row that comes or goes has all its fields, with None on the other side. With a number comes
    its qualifier, where it is not exact.
    """
    before, after = rows_by(then, asked), rows_by(now, asked)
    found = []
    for row in dict.fromkeys([*before, *after]):
        ours, theirs = before.get(row, {}), after.get(row, {})
        fields = _fields(ours, theirs, asked)
        if fields or row not in before or row not in after:
            change = "changed" if row in before and row in after else "added"
            change = change if row in after else "gone"
            found.append({"row": row, "change": change, "fields": fields})
    return found


def _fields(ours: Row, theirs: Row, asked: Asked) -> Row:
    differing = {name for name in asked.shown if ours.get(name) != theirs.get(name)}
    for name, qualifier in QUALIFIED.get(asked.name, {}).items():
        if name in differing and {ours.get(qualifier), theirs.get(qualifier)} - {None, "exactly"}:
            differing.add(qualifier)
    return {name: [ours.get(name), theirs.get(name)] for name in asked.shown if name in differing}


def rows_by(answer: Answer, asked: Asked) -> dict[str, Row]:
    """The rows of an answer by what identifies them; rows alike in that are numbered."""
    found: dict[str, Row] = {}
    alike: Counter[str] = Counter()
    for row in answer.rows:
        words = _words(row, asked.identity)
        alike[words] += 1
        found[f"{words} ({alike[words]})" if alike[words] > 1 else words] = row
    return found


def _words(row: Row, names: Sequence[str]) -> str:
    given = (row.get(name) for name in names)
    return " ".join(";".join(v) if isinstance(v, list) else str(v) for v in given if v is not None)
