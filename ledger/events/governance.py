"""Governance: rights to seats, people in seats and offices, meetings."""

from ledger.events import fields as f
from ledger.events.base import Event
from ledger.values.refusals import Refusal, Refused


class BoardSeatGranted(Event, type="board-seat-granted", stream="governance:{company}"):
    """A party gains the right to fill seats on a company's board; nobody sits by that alone."""

    sentence = "{party} gains the right to {seats} on the board of {company}"
    example = {"company": "renault", "party": "nissan", "seats": "2"}

    company: f.PartyId
    party: f.PartyId
    seats: f.Shares = "1"
    agreement: f.AgreementId | None = None


class BoardSeatWithdrawn(Event, type="board-seat-withdrawn", stream="governance:{company}"):
    """A right to seats ends."""

    sentence = "{party} loses the right to {seats} on the board of {company}"
    example = {"company": "renault", "party": "nissan", "seats": "2"}

    company: f.PartyId
    party: f.PartyId
    seats: f.Shares = "1"


class DirectorStep(Event):
    """Base of a director's coming and going: a person, or an unknown occupant of a party's seat."""

    company: f.PartyId
    person: f.PartyId | None = None
    nominated_by: f.PartyId | None = None

    def check(self) -> None:
        if self.person is None and self.nominated_by is None:
            raise Refused(
                Refusal.MISSING_FIELD,
                "Neither the director nor the nominating party is named.",
                "Give person, or nominated_by when the occupant is unknown.",
                "person",
            )


class DirectorAppointed(DirectorStep, type="director-appointed", stream="governance:{company}"):
    """A director takes office; nominated_by claims a seat that party has the right to fill."""

    sentence = (
        "{person} joins the board of {company}[ as {board_role}][, nominated by {nominated_by}]"
    )
    example = {"company": "nissan", "person": "pierre-fleuriot", "nominated_by": "renault"}

    role: f.Text = "director"
    term_ends_on: f.KnownDate | None = None


class DirectorLeft(DirectorStep, type="director-left", stream="governance:{company}"):
    """A director leaves the board."""

    sentence = "{person} leaves the board of {company}[, nominated by {nominated_by}][: {reason}]"
    example = {"company": "nissan", "person": "pierre-fleuriot"}

    reason: f.Text | None = None


class OfficerStep(Event):
    """Base of an officer's coming and going."""

    company: f.PartyId
    person: f.PartyId
    role: f.Text


class OfficerAppointed(OfficerStep, type="officer-appointed", stream="governance:{company}"):
    """A person takes an office: chief executive, chair, ..."""

    sentence = "{person} becomes {role} of {company}"
    example = {"company": "nissan", "person": "ivan-espinosa", "role": "chief executive"}

    term_ends_on: f.KnownDate | None = None


class OfficerLeft(OfficerStep, type="officer-left", stream="governance:{company}"):
    """A person leaves an office."""

    sentence = "{person} is no longer {role} of {company}[: {reason}]"
    example = {"company": "nissan", "person": "makoto-uchida", "role": "chief executive"}

    reason: f.Text | None = None


class MeetingHeld(Event, type="meeting-held", stream="governance:{company}"):
    """A board, committee or general meeting takes place."""

    sentence = "The {body} of {company} meets: {matter}"
    example = {"company": "nissan", "body": "board", "matter": "the restructuring"}

    company: f.PartyId
    body: f.Text
    matter: f.Text
