"""Upcasters: how an event of an older schema is read as one of the newest.

Each is a pure function of the data of one schema number, giving that of the next. Stored bytes are
never touched: what was hashed and signed stays as it was, and only what is computed from is new.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ledger.events.envelope import Recorded
from ledger.values.refusals import Damaged

Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]

# By type and the schema number that is left. An entry never changes after its release; a type whose
# schema number is n here ends at n + 1, which is that of its class.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}
_NEWEST: dict[str, int] = {}


def upcast(event: Recorded) -> Recorded:
    """The event as of the newest schema of its type; Damaged where a newer release wrote it."""
    newest = newest_schema(event.type)
    if event.schema == newest:
        return event
    if event.schema < 1:
        raise Damaged(f"Event #{event.position} ({event.type}) is of schema {event.schema}: none.")
    if event.schema > newest:
        raise Damaged(
            f"Event #{event.position} ({event.type}) is of schema {event.schema}; this release"
            f" knows {newest}. Use a newer stakebook; verify and export work with any."
        )
    data = event.data
    for schema in range(event.schema, newest):
        data = UPCASTERS[event.type, schema](data)
    return replace(event, schema=newest, data=data)


def newest_schema(type_name: str) -> int:
    """The schema number that upcasting ends at."""
    if not _NEWEST:
        for name, schema in UPCASTERS:
            _NEWEST[name] = max(_NEWEST.get(name, 1), schema + 1)
    return _NEWEST.get(type_name, 1)
