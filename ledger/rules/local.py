"""Types that the ledger declares: a declaration keeps to its earlier ones, an event to its type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ledger.events.envelope import Recorded
from ledger.rules.new_events import NewEvents
from ledger.rules.references import is_known, unknown
from ledger.time.declared import DECLARED, REFERRING, declaration_of, declarations, declared_names
from ledger.time.view import View
from ledger.values import dates, quantities, text
from ledger.values.refusals import Refusal, Refused, nearest, shown, to_run

_CHECKS: Mapping[str, Callable[[str], object]] = {
    "party": text.checked_id,
    "class": text.checked_class_id,
    "source": text.checked_id,
    "text": text.checked_text,
    "word": text.checked_id,
    "date": dates.parse_effective,
    "money": quantities.parse_price,
    "count": quantities.parse_count,
    "percent": quantities.parse_share_of_all,
    "happening": text.parse_event_reference,
}


def declarations_hold(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """A declaration takes nothing away from its earlier versions, and an event fits its type."""
    for event in new_events.events(new_events.local):
        refused = _narrowed(view, event) if event.type == DECLARED else unlike_declared(view, event)
        if refused is not None:
            yield event, refused


def _narrowed(view: View, event: Recorded) -> Refused | None:
    versions = declarations(view.history, event.data["name"], event.position)
    if not versions:
        return None
    given = {one["field"]: one for one in event.data["fields"]}
    earlier = {one["field"]: one for one in versions[-1].data["fields"]}
    for name, before in earlier.items():
        now = given.get(name)
        if now is None or now["takes"] != before["takes"]:
            what = "is left out" if now is None else f"takes {now['takes']}"
            return Refused(
                Refusal.FIELDS_DISAGREE,
                f"{shown(name)} {what}; in version {len(versions)} it takes {before['takes']}.",
                "Keep the fields of earlier versions as they are, or declare another name.",
                "fields",
            )
    for name, now in given.items():
        if now["required"] == "yes" and earlier.get(name, {}).get("required") != "yes":
            return Refused(
                Refusal.FIELDS_DISAGREE,
                f"{shown(name)} is required, and was not in version {len(versions)}.",
                "Let it be optional, or declare another name.",
                "fields",
            )
    return None


def unlike_declared(view: View, event: Recorded) -> Refused | None:
    """Why an event does not fit the type that the ledger declares, if it does not."""
    declared = event.data["declared"]
    versions = declarations(view.history, declared, event.position)
    if not versions:
        names = declared_names(view.history)
        return Refused(
            Refusal.UNKNOWN_TYPE,
            f"No type {shown(declared)} is declared.",
            f"{nearest(declared, names)} Declare it first: {to_run('events', DECLARED)}.".strip(),
            "declared",
        )
    declaration = declaration_of(view.history, event)
    if declaration is None:
        return Refused(
            Refusal.UNKNOWN_TYPE,
            f"{shown(declared)} has {len(versions)} version(s), not {event.data['version']}.",
            "Leave version out for the newest.",
            "version",
        )
    return _wrong_value(view, event, {one["field"]: one for one in declaration.data["fields"]})


def _wrong_value(
    view: View, event: Recorded, fields: Mapping[str, Mapping[str, Any]]
) -> Refused | None:
    given = dict[str, str]()
    for one in event.data.get("values", ()):
        name, value = one["field"], one["value"]
        if name not in fields or name in given:
            wrong = "is given twice" if name in given else "is no field of it"
            return Refused(
                Refusal.UNKNOWN_FIELD,
                f"{shown(name)} {wrong}.",
                nearest(name, fields) or f"It takes {', '.join(fields)}.",
                name,
            )
        given[name] = value
        takes = fields[name]["takes"]
        try:
            _CHECKS[takes](value)
        except Refused as refused:
            return refused.at(name)
        if takes in REFERRING and not is_known(view, takes, value):
            return unknown(view.history, takes, value).at(name)
    missing = [n for n, f in fields.items() if f["required"] == "yes" and n not in given]
    if missing:
        return Refused(
            Refusal.MISSING_FIELD, f"{missing[0]} is missing.", f"Give {missing[0]}.", missing[0]
        )
    return None
