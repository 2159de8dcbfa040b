"""Defaults of a batch, which its first item may give; and words that stand for a known date.

Neither is stored: an event is made of the fields that it ends up with, so that a batch repeated
says the same. Registrations take no defaults, being record-keeping; other events without an
effective date of their own take none; and what has sources of its own is known from these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from ledger.events.base import Event
from ledger.events.introspection import field_names
from ledger.events.registry import event_types
from ledger.events.validation import frozen, refusal_of
from ledger.time.history import REGISTRATIONS
from ledger.values.dates import UNKNOWN
from ledger.values.refusals import Refusal, Refused, nearest, shown

HEADER = "defaults"
EFFECTIVE, TODAY = "effective", "today"


class Defaults(NamedTuple):
    """Fields that the events of a batch take where they have them and give none of their own."""

    fields: Mapping[str, Any] = {}

    def applied(self, type_name: str, given: dict[str, Any]) -> dict[str, Any]:
        """The fields given for an event, with the defaults it takes and its known date in full."""
        cls = event_types().get(type_name)
        if cls is None or type_name in REGISTRATIONS:
            return with_known_date(given)
        taken = {name: value for name, value in self.fields.items() if _takes(cls, name, given)}
        together = taken | given
        if together.get("standing") != "inferred":
            taken.pop("inferred_from", None)
        if taken.get("known_on") == EFFECTIVE and _effective(together) is None:
            del taken["known_on"]
        return with_known_date(taken | given)


NO_DEFAULTS = Defaults()


def with_known_date(given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields in which a known date is no word: ``effective`` is the effective date, and ``today``
    is told by the time of recording alone."""
    known = given.get("known_on")
    if known not in (EFFECTIVE, TODAY):
        return dict(given)
    date = _effective(given)
    if known == EFFECTIVE and date is None:
        raise Refused(
            Refusal.NO_EFFECTIVE_DATE,
            f"{shown(EFFECTIVE)} stands for the effective date, and there is none.",
            "Give a date, or today.",
            "known_on",
        )
    kept = {name: value for name, value in given.items() if name != "known_on"}
    return kept | ({"known_on": date} if known == EFFECTIVE else {})


def is_header(item: Any) -> bool:
    """Whether an item of a file gives defaults and no event."""
    return isinstance(item, dict) and HEADER in item and "type" not in item


def read_header(item: Mapping[str, Any], place: str) -> Defaults:
    """The defaults in the first item of a file; Refused where they are none."""
    fields = item[HEADER]
    try:
        if len(item) > 1 or not isinstance(fields, dict) or not fields:
            raise Refused(
                Refusal.BAD_DEFAULTS,
                "Defaults are fields by name, and stand alone.",
                "Write `- defaults: {standing: official, known_on: effective}`.",
            )
        for name, value in fields.items():
            _check(name, value)
    except Refused as refused:
        raise refused.at(f"{place}: {HEADER}") from None
    return Defaults(fields)


def misplaced() -> Refused:
    """The refusal of defaults after the first item of a file."""
    return Refused(
        Refusal.BAD_DEFAULTS,
        "Defaults come before every event of a file.",
        "Move them to the beginning, or split the file.",
        HEADER,
    )


def _takes(cls: type[Event], name: str, given: Mapping[str, Any]) -> bool:
    """Whether an event of a class takes a default that it does not give itself."""
    if name in given:
        return False
    if name == "effective_on":
        return cls.model_fields[name].is_required()
    if name == "known_on":
        return "citations" not in given
    return name in field_names(cls)


def _effective(given: Mapping[str, Any]) -> str | None:
    date = given.get("effective_on")
    return None if date in (None, UNKNOWN) else str(date)


def _check(name: str, value: Any) -> None:
    """Refuse a default that no event has, or one of the fields of all events that is not sound."""
    known = {field for cls in event_types().values() for field in field_names(cls)}
    if name not in known:
        raise Refused(
            Refusal.BAD_DEFAULTS,
            f"{shown(name)} is a field of no event.",
            nearest(name, known) or "Give fields that events take.",
            name if name.isprintable() else shown(name),
        )
    info = Event.model_fields.get(name)
    if info is None or (name == "known_on" and value in (EFFECTIVE, TODAY)):
        return
    kind: Any = Annotated[(info.annotation, info, *info.metadata)]
    try:
        TypeAdapter(kind).validate_python(frozen(value), strict=True)
    except ValidationError as error:
        raise refusal_of(Event, error).at(name) from None
