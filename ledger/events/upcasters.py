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

# The types that release 0.1.0 recorded.
OF_SCHEMA_1 = (
    "party-registered", "party-renamed", "party-ended", "source-registered", "source-corrected",
    "source-retracted", "share-class-created", "register-opened", "shares-issued",
    "shares-transferred", "shares-repurchased", "shares-cancelled", "shares-split",
    "shares-converted", "shares-reclassified", "dividend-declared", "dividend-paid",
    "double-votes-granted", "double-votes-ended", "stake-disclosed", "balance-asserted",
    "trust-settled", "trust-amended", "trust-ended", "shares-placed-in-trust",
    "shares-released-from-trust", "voting-rights-suspended", "voting-rights-restored",
    "voting-cap-agreed", "voting-cap-lifted", "negotiation-opened", "topic-tabled",
    "statement-made", "terms-agreed", "agreement-signed", "agreement-in-force",
    "agreement-amended", "agreement-ended", "approval-granted", "milestone-expected",
    "milestone-met", "deal-completed", "deal-abandoned", "investment-considered",
    "investment-planned", "investment-committed", "investment-confirmed", "investment-paid",
    "investment-released", "offering-planned", "offering-rescheduled", "offering-cancelled",
    "offering-completed", "board-seat-granted", "board-seat-withdrawn", "director-appointed",
    "director-left", "officer-appointed", "officer-left", "meeting-held", "project-announced",
    "project-updated", "project-ended", "claim-recorded", "note-added", "event-corrected",
    "event-retracted", "event-corroborated", "signing-key-rotated",
)  # fmt: skip
_SEVERAL = {"settlor": "settlors", "trustee": "trustees", "beneficiary": "beneficiaries"}


def _several_in_trusts(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """One settlor, trustee and beneficiary become lists of one."""
    return {_SEVERAL.get(name, name): _one_of(name, value) for name, value in data.items()}


def _corrected_trusts(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Corrections of these fields, which only trusts have, speak of the lists."""
    return {**data, "changes": [_change(change) for change in data["changes"]]}


def _change(change: Mapping[str, Any]) -> Mapping[str, Any]:
    name = change["field"]
    told = {"value": _one_of(name, change["value"])} if "value" in change else {}
    return {**change, "field": _SEVERAL.get(name, name), **told}


def _one_of(name: str, value: Any) -> Any:
    if name not in _SEVERAL or not isinstance(value, str):
        return value
    return [{"party": value}] if name == "beneficiary" else [value]


def present_fields(type_name: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Fields as files may give them, those of an earlier schema under their present names."""
    former = {name for name in _SEVERAL if name in given}
    if not former or (type_name, 1) not in UPCASTERS:
        return given
    upcast = UPCASTERS[type_name, 1]
    return given if upcast is dict else upcast(given)


# By type and the schema number that is left. An entry never changes after its release; a type whose
# schema number is n here ends at n + 1, which is that of its class.
UPCASTERS: dict[tuple[str, int], Upcaster] = {(name, 1): dict for name in OF_SCHEMA_1} | {
    ("trust-settled", 1): _several_in_trusts,
    ("trust-amended", 1): _several_in_trusts,
    ("event-corrected", 1): _corrected_trusts,
}
# The stream of a type before it was recorded in another.
STREAMS_BEFORE = {("approval-granted", 1): "deal:{deal}"}
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
    return replace(event, schema=newest, data=data, before=event.schema)


def newest_schema(type_name: str) -> int:
    """The schema number that upcasting ends at."""
    if not _NEWEST:
        for name, schema in UPCASTERS:
            _NEWEST[name] = max(_NEWEST.get(name, 1), schema + 1)
    return _NEWEST.get(type_name, 1)
