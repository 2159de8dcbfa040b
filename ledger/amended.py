"""What amendments make of an event: the order in which they apply, and its data after each."""

from __future__ import annotations

from typing import Any

from ledger.dates import ALWAYS
from ledger.envelope import Recorded
from ledger.fact import Fact
from ledger.history import OWN_FIELDS


def in_force(amendments: list[Fact]) -> list[Fact]:
    """Amendments in the order they apply: as they became known, each clerical one after those
    recorded before it."""
    order: dict[int, tuple[str, int]] = {}
    latest = ""
    for fact in sorted(amendments, key=lambda fact: fact.recorded.position):
        known = latest if fact.known == ALWAYS else fact.known.last
        latest = max(latest, known)
        order[fact.recorded.position] = known, fact.recorded.position
    return sorted(amendments, key=lambda fact: order[fact.recorded.position])


def corrected(target: Recorded, data: dict[str, Any], amendment: Fact) -> dict[str, Any]:
    """The data of an event after one correction."""
    changed = dict(data)
    for change in amendment.many("changes"):
        name, value = change["field"], change.get("value")
        proposed = {c["field"] for c in changed.get("changes", ())}
        if target.type == "event-corrected" and (name in proposed or name not in OWN_FIELDS):
            others = [c for c in changed["changes"] if c["field"] != name]
            changed["changes"] = [*others, dict(change)]
        elif value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return changed
