"""Defaults of a batch, which items between its events give; and words for a known date.

A further item of defaults replaces the fields it names and keeps the others; the item
``end-defaults`` (in JSON Lines the text) ends them all. None of it is stored: an event is made of
the fields that it ends up with, so that a batch repeated says the same. Registrations take no
defaults, being record-keeping; other events without an effective date of their own take none; and
what has sources of its own is known from these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from ledger.events.base import Event
from ledger.events.introspection import field_names, part_of
from ledger.events.registry import event_types
from ledger.events.validation import frozen, refusals_of
from ledger.time.history import REGISTRATIONS
from ledger.values.dates import UNKNOWN
from ledger.values.refusals import Refusal, Refused, all_of, nearest, shown

HEADER, END = "defaults", "end-defaults"
EFFECTIVE, TODAY = "effective", "today"
# What the record may tell of instruments: completed from it, or what others are completed from.
COMPLETED = ("instrument-granted", "instrument-transferred", "instrument-exercised")


def unchanged(_: str, given: dict[str, Any]) -> dict[str, Any]:
    """The fields of an event as they are given."""
    return given


class Defaults(NamedTuple):
    """Fields that the events of a batch take where they have them and give none of their own.

    What an event then lacks and the record tells is given by ``complete``.
    """

    fields: Mapping[str, Any] = {}
    complete: Callable[[str, dict[str, Any]], dict[str, Any]] = unchanged

    def applied(self, type_name: str, given: dict[str, Any]) -> dict[str, Any]:
        """The fields given for an event, completed, with its known date in full."""
        return self.complete(type_name, self._defaulted(type_name, given))

    def leave(self, type_name: str) -> bool:
        """Whether events of a type that say all in full are as they are given."""
        return not self.fields and (self.complete is unchanged or type_name not in COMPLETED)

    def _defaulted(self, type_name: str, given: dict[str, Any]) -> dict[str, Any]:
        """The fields given for an event, with the defaults it takes and its known date in full."""
        cls = event_types().get(type_name)
        if cls is not None:
            given = with_parts(cls, given)
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
            f"{shown(EFFECTIVE)} stands for the effective date, and there is none that ends.",
            "Give a date, or today.",
            "known_on",
        )
    kept = {name: value for name, value in given.items() if name != "known_on"}
    return kept | ({"known_on": date} if known == EFFECTIVE else {})


def with_parts(cls: type[Event], given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields in which no part of an event is written as one word, such as ``minutes:p. 2``."""
    found = dict(given)
    for name, value in given.items():
        info = cls.model_fields.get(name)
        if isinstance(value, list) and info and (part := part_of(info.annotation)):
            words = part.separator
            found[name] = [
                part.of_word(one) if words and isinstance(one, str) else one for one in value
            ]
    return found


def is_header(item: Any) -> bool:
    """Whether an item of a file gives or ends defaults and is no event."""
    return item == END or (isinstance(item, dict) and HEADER in item and "type" not in item)


def read_header(item: Any, place: str, before: Defaults) -> Defaults:
    """The defaults from an item of a file on; Refused where it gives none."""
    if item == END:
        return before._replace(fields={})
    fields = item[HEADER]
    try:
        if len(item) > 1 or not isinstance(fields, dict) or not fields:
            raise Refused(
                Refusal.BAD_DEFAULTS,
                "Defaults are fields by name, and stand alone.",
                "Write `- defaults: {standing: official, known_on: effective}`.",
            )
        fields = with_parts(Event, fields)
        for name, value in fields.items():
            _check(name, value)
    except Refused as refused:
        raise refused.at(f"{place}: {HEADER}") from None
    return before._replace(fields={**before.fields, **fields})


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
    """The effective date, if it says by when something had happened."""
    date = str(given.get("effective_on", UNKNOWN))
    return None if date == UNKNOWN or date.endswith("..") else date


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
        raise all_of(refusals_of(Event, error, name)) from None
