"""Types that a ledger declares: which declaration an event was recorded under."""

from __future__ import annotations

from ledger.events.envelope import Recorded
from ledger.time.history import History

DECLARED = "event-type-declared"
REFERRING = ("party", "class", "source")  # what a declared field may take that is recorded


def declared_names(history: History) -> set[str]:
    """The names of all types that are declared."""
    return {one.data["name"] for one in history.mentioning(f"type:{DECLARED}")}


def declarations(history: History, name: str, before: int | None = None) -> list[Recorded]:
    """The declarations of a type, its versions in order; with a position, those before it."""
    found = history.mentioning(f"type:{DECLARED}")
    return [
        one for one in found
        if one.data["name"] == name and (before is None or one.position < before)
    ]  # fmt: skip


def declaration_of(history: History, event: Recorded) -> Recorded | None:
    """The declaration that an event was recorded under: the version it names, or the newest."""
    versions = declarations(history, event.data["declared"], event.position)
    number = int(event.data.get("version", len(versions)))
    return versions[number - 1] if 0 < number <= len(versions) else None
