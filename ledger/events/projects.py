"""Joint projects, and claims of things that have no type of their own."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import Event, RecordKeeping, class_of
from ledger.values.refusals import Refusal, Refused
from ledger.values.text import parse_event_reference

State = Literal["done", "not-yet", "will"]


class ProjectConsidered(Event, type="project-considered", stream="project:{project}"):
    """Parties think about doing something together; nobody has announced it."""

    sentence = "A project of {parties} is considered[, {place}]: {title}"
    example = {
        "project": "city-car",
        "title": "small car in Europe",
        "parties": ["corvo", "delta"],
        "expected_on": "2027",
    }

    project: f.ProjectId
    title: f.Text
    parties: f.Parties
    place: f.Text | None = None
    expected_on: f.AwaitedDate | None = None


class ProjectAnnounced(Event, type="project-announced", stream="project:{project}", schema=2):
    """Parties announce something to do together."""

    sentence = "{parties} announce a project[, {place}]: {title}"
    example = {
        "project": "flexevan",
        "title": "electric van shared in Europe",
        "parties": ["renault", "nissan"],
        "expected_on": "2026",
    }

    project: f.ProjectId
    title: f.Text
    parties: f.Parties
    place: f.Text | None = None
    expected_on: f.AwaitedDate | None = None


class ProjectUpdated(Event, type="project-updated", stream="project:{project}", schema=2):
    """Something about a project changes."""

    sentence = "The project {project} changes: {change}"
    example = {"project": "flexevan", "change": "starts a year later", "expected_on": "2027"}

    project: f.ProjectId
    change: f.Text
    expected_on: f.AwaitedDate | None = None


class ProjectEnded(Event, type="project-ended", stream="project:{project}", schema=2):
    """A project ends or is given up."""

    sentence = "The project {project} ends[: {reason}]"
    example = {"project": "flexevan", "reason": "given up"}

    project: f.ProjectId
    reason: f.Text | None = None


class ClaimRecorded(Event, type="claim-recorded", stream="claims:{subject}", schema=2):
    """A source says that an attribute of something has a value, at the effective date."""

    sentence = "{subject}: {attribute} is said to be {qualifier}{value}[ {unit}]"
    example = {
        "subject": "ampere",
        "attribute": "capacity",
        "value": "480000",
        "unit": "vehicles a year",
    }

    subject: f.SubjectId
    attribute: f.Word
    value: f.Text
    unit: f.Text | None = None
    qualifier: f.Qualifier = "exactly"
    tells: f.EventReference | None = None
    state: State | None = None
    earlier: f.EventReference | None = None
    later: f.EventReference | None = None
    nature: Literal["fact", "target", "forecast", "opinion"] | None = None
    speaker: f.PartyId | None = None
    person: f.PartyId | None = None

    def check(self) -> None:
        for one, other in (("tells", "state"), ("earlier", "later")):
            if (getattr(self, one) is None) != (getattr(self, other) is None):
                raise Refused(
                    Refusal.FIELDS_DISAGREE,
                    f"{one} and {other} go together; only one of them is given.",
                    "Give both or neither.",
                    one,
                )
        for name in ("tells", "earlier", "later"):
            written = getattr(self, name)
            if written is not None:
                try:
                    class_of(parse_event_reference(written).type)
                except Refused as refused:
                    raise refused.at(name) from None


class NoteAdded(RecordKeeping, type="note-added", stream="claims:{subject}", schema=2):
    """A remark of the recorder; it changes no answer."""

    sentence = "Note on {subject}: {text}"
    example = {"subject": "ampere", "text": "spelt Ampère by one source"}

    subject: f.SubjectId
    text: f.Text
