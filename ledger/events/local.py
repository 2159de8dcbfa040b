"""Types that a ledger declares itself, for a team's own facts; they change no figure."""

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import REGISTERED, Event, RecordKeeping
from ledger.values.refusals import Refusal, Refused

PREFIX = "local-"


class EventTypeDeclared(RecordKeeping, type="event-type-declared", stream="types"):
    """A type of the ledger's own: its name, wording and fields; declared again, its next version.

    Events keep the version they were recorded under.
    """

    sentence = "The type {name} is declared: {title}"
    example = {
        "name": "local-plant-leased",
        "title": "plant leased",
        "wording": "{subject} leases a plant from {lessor}",
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


class DeclaredEventRecorded(Event, type="declared-event-recorded", stream="claims:{subject}"):
    """An event of a type that the ledger declared: its fields and their values."""

    sentence = "{subject}: {declared}"
    example = {
        "declared": "local-plant-leased",
        "version": "1",
        "subject": "corvo",
        "values": [{"field": "lessor", "value": "delta"}, {"field": "until", "value": "2030"}],
    }

    declared: f.Word
    version: f.Shares
    subject: f.SubjectId
    values: tuple[p.DeclaredValue, ...]
