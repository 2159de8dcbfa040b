"""The gate every event comes through: untrusted fields made into an event, or refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from ledger.events.base import ASSIGNED_BY_STORE, Event, RecordKeeping
from ledger.events.introspection import field_names, part_of
from ledger.events.registry import event_class
from ledger.values.refusals import MOST_TOLD, Refusal, Refused, all_of, nearest, shown, to_run

SEALED = "sealed"  # the only name of an object that stands in place of a value, some day


def make_event(type_name: str, data: Mapping[str, Any]) -> Event:
    """An event from untrusted fields; Refused for every field that cannot be taken."""
    cls = event_class(type_name)
    known = field_names(cls)
    refused = [] if data.keys() <= known else [_not_taken(cls, n) for n in data if n not in known]
    taken = {name: value for name, value in data.items() if name in known} if refused else data
    try:
        event = cls.model_validate(_tuples(taken))
    except ValidationError as error:
        refused += refusals_of(cls, error)
    if refused:
        raise all_of(refused)
    return event


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with its lists as tuples, which immutable events are made of."""
    return {
        name: value if isinstance(value, str) else frozen(value) for name, value in data.items()
    }


def frozen(value: Any) -> Any:
    """A value with its lists as tuples."""
    if isinstance(value, Mapping):
        return _tuples(value)
    return tuple(map(frozen, value)) if isinstance(value, list | tuple) else value


def _not_taken(cls: type[Event], name: str) -> Refused:
    """What is wrong with a field that a class does not have."""
    if name in ASSIGNED_BY_STORE:
        return Refused(
            Refusal.ASSIGNED_BY_STORE,
            f"{name} is given by the store when it records the event.",
            "Leave it out.",
            name,
        )
    return _not_a_field(cls, name, list(cls.model_fields), name)


def _not_a_field(cls: type[BaseModel], name: str, known: list[str], place: str) -> Refused:
    otherwise = " What has no field can stand in note." if "note" in known else ""
    remedy = nearest(name, known) or f"It takes {', '.join(known)}.{otherwise}"
    if hasattr(cls, "type") and issubclass(cls, Event):  # a base has no page of its own
        remedy = f"{remedy} See {to_run('events', cls.type)}."
    shown_place = place if place.isprintable() else shown(place)
    return Refused(
        Refusal.UNKNOWN_FIELD,
        f"{shown(name)} is not a field here.",
        remedy,
        shown_place,
    )


def _given_or_else(cls: type[BaseModel], field: str) -> str:
    """What to do about a missing field: what may be said where it is not known."""
    if field == "effective_on":
        return "Give effective_on; it may be unknown."
    tells = issubclass(cls, Event) and not issubclass(cls, RecordKeeping)
    if tells and field not in Event.model_fields and cls.__name__ != "ClaimRecorded":
        return f"Give {field}, or record what is known as claim-recorded."
    return f"Give {field}."


def refusals_of(cls: type[BaseModel], error: ValidationError, *within: str) -> list[Refused]:
    """What validation of a class, or of one field of it, found wrong, each as a refusal."""
    return [
        _refusal_of(cls, {**one, "loc": (*within, *one["loc"])})
        for one in error.errors()[:MOST_TOLD]
    ]


def _refusal_of(cls: type[BaseModel], one: Mapping[str, Any]) -> Refused:
    place = ".".join(str(p + 1) if isinstance(p, int) else p for p in one["loc"])
    kind, given = one["type"], one.get("input")
    if isinstance(given, Mapping) and given.keys() == {SEALED}:
        return _sealed(place)
    if kind == "extra_forbidden" and one["loc"][-1:] == (SEALED,):
        return _sealed(place.rpartition(".")[0])
    if isinstance(inner := one.get("ctx", {}).get("error"), Refused):
        return inner if inner.place else inner.at(place)
    if kind == "missing":
        return Refused(
            Refusal.MISSING_FIELD, f"{place} is missing.", _given_or_else(cls, place), place
        )
    if kind == "extra_forbidden":
        part = part_of(cls.model_fields[str(one["loc"][0])].annotation)
        return _not_a_field(
            cls, str(one["loc"][-1]), list(part.model_fields) if part else [], place
        )
    if kind == "literal_error":
        words = one["ctx"]["expected"].replace("'", "")
        return Refused(
            Refusal.BAD_CHOICE, f"{shown(given)} is not a choice.", f"Write {words}.", place
        )
    wanted, remedy = _wanted(kind, given)
    return Refused(Refusal.BAD_SHAPE, f"{shown(given)} is not {wanted}.", remedy, place)


def _sealed(place: str) -> Refused:
    return Refused(
        Refusal.SEALED_VALUE,
        "A sealed value can be destroyed later; this release neither makes nor reads any.",
        "Write the text itself, or leave the field out and keep the detail outside the ledger.",
        place,
    )


def _wanted(kind: str, given: Any) -> tuple[str, str]:
    """What a value of another shape should be, and how it is written."""
    if "tuple" in kind:
        return "a list", "Write a list, also of one."
    if kind != "string_type":
        return "a part with fields", "Write its fields by name."
    if isinstance(given, tuple | Mapping):
        return "one text", "Write one value; for several, an event for each."
    return "one text", "Numbers, dates and yes/no are written as text, in quotes in JSON."
