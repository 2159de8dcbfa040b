"""Types that a ledger declares itself, for a team's own facts; they change no figure."""

import re
from collections.abc import Mapping
from typing import Any

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import REGISTERED, Event, RecordKeeping
from ledger.values.refusals import Refusal, Refused

PREFIX = "local-"


class EventTypeDeclared(RecordKeeping, type="event-type-declared", stream="types"):
    """A type of the ledger's own: its name, wording and fields; declared again, its next version.

    What the wording has in brackets is told where its fields are given: `[ until {until}]`.

    Events keep the version they were recorded under.
    """

    sentence = "The type {name} is declared: {title}"
    example = {
        "name": "local-plant-leased",
        "title": "plant leased",
        "wording": "{subject} leases a plant from {lessor}[ until {until}]",
        "fields": [
            {"field": "lessor", "takes": "party", "required": "yes"},
            {"field": "until", "takes": "date"},
        ],
    }

    name: f.Word
    title: f.Text
    wording: f.Text
    fields: tuple[p.DeclaredField, ...]

    def check(self) -> None:
        if not self.name.startswith(PREFIX) or self.name in REGISTERED:
            raise Refused(
                Refusal.BAD_IDENTIFIER,
                f"{self.name} is no name for a type of one's own.",
                f"Begin it with {PREFIX}: {PREFIX}plant-leased.",
                "name",
            )
        named = {one.field for one in self.fields} | {"subject"}
        for field in re.findall(r"{(.*?)}", self.wording):
            if field not in named:
                raise Refused(
                    Refusal.UNKNOWN_FIELD,
                    f"The wording speaks of {field}, which is no field of the type.",
                    "Write {subject} and the fields declared.",
                    "wording",
                )
        if len(named) <= len(self.fields):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A field is declared twice, or is called subject.",
                "Name each field once; every event of the type has a subject.",
                "fields",
            )


class DeclaredEventRecorded(Event, type="declared-event-recorded", stream="claims:{subject}"):
    """An event of a type that the ledger declared: its fields and their values.

    Written under the name of its type, with the fields by name; unsaid, the version is the newest.
    """

    sentence = "{declaration}"
    example = {
        "declared": "local-plant-leased",
        "version": "1",
        "subject": "corvo",
        "values": [{"field": "lessor", "value": "delta"}, {"field": "until", "value": "2030"}],
    }

    declared: f.Word
    version: f.Shares | None = None
    subject: f.SubjectId
    values: tuple[p.DeclaredValue, ...] = ()


def as_recorded(declared: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an event written under the name of a declared type, as they are recorded."""
    own = DeclaredEventRecorded.model_fields
    values = [
        {"field": name.replace("_", "-"), "value": value}
        for name, value in given.items()
        if name not in own
    ]
    return {name: value for name, value in given.items() if name in own} | {
        "declared": declared,
        "values": values,
    }
