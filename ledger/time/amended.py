"""What amendments make of an event: the order in which they apply, and its data after each."""

from __future__ import annotations

from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.time.history import OWN_FIELDS
from ledger.values.dates import ALWAYS


def in_force(amendments: list[Fact]) -> list[Fact]:
    """Amendments in the order they apply: as they became known, each clerical one after those
    recorded before it."""
    if all(fact.known is ALWAYS for fact in amendments):
        return sorted(amendments, key=lambda fact: fact.recorded.position)
    order: dict[int, tuple[str, int]] = {}
    latest = ""
    for fact in sorted(amendments, key=lambda fact: fact.recorded.position):
        known = latest if fact.known == ALWAYS else fact.known.last
        latest = max(latest, known)
        order[fact.recorded.position] = known, fact.recorded.position
    return sorted(amendments, key=lambda fact: order[fact.recorded.position])


def correct(target: Recorded, data: dict[str, Any], amendment: Fact) -> None:
    """Make one correction of the data of an event."""
    proposing = target.type == "event-corrected"
    for change in amendment.data.get("changes", ()):
        name, value = change["field"], change.get("value")
        proposed = {c["field"] for c in data.get("changes", ())} if proposing else ()
        if proposing and (name in proposed or name not in OWN_FIELDS):
            others = [c for c in data["changes"] if c["field"] != name]
            data["changes"] = [*others, dict(change)]
        elif value is None:
            data.pop(name, None)
        else:
            data[name] = value
