"""Governance: rights to seats, people in seats and offices."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.values.base_words import ClauseBase
from ledger.values.refusals import Refusal, Refused


class BoardSeatGranted(Event, type="board-seat-granted", stream="governance:{company}", schema=2):
    """A party, or whoever holds a class, gains the right to fill seats on a company's board.

    Nobody sits by that alone. The right ends with its agreement, unless it survives it.
    """

    sentence = "{seat_holder} gains the right to {seats} on the board of {company}"
    example = {"company": "renault", "party": "nissan", "seats": "2"}

    company: f.PartyId
    party: f.PartyId | None = None
    holders_of: f.ClassId | None = None
    seats: f.Shares = "1"
    seat: Literal["director", "chair", "observer"] | None = None
    agreement: f.AgreementId | None = None
    steps: tuple[p.SeatStep, ...] = ()
    steps_of: ClauseBase | None = None
    of_class: f.ClassId | None = None
    ground: Literal["articles", "law", "agreement"] | None = None
    survives_agreement: f.YesNo | None = None

    def check(self) -> None:
        _check_whose(self.party, self.holders_of)


class BoardSeatWithdrawn(
    Event, type="board-seat-withdrawn", stream="governance:{company}", schema=2
):
    """A right to seats ends."""

    sentence = "{seat_holder} loses the right to {seats} on the board of {company}"
    example = {"company": "renault", "party": "nissan", "seats": "2"}

    company: f.PartyId
    party: f.PartyId | None = None
    holders_of: f.ClassId | None = None
    seats: f.Shares = "1"
    seat: Literal["director", "chair", "observer"] | None = None

    def check(self) -> None:
        _check_whose(self.party, self.holders_of)


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


class DirectorAppointed(
    DirectorStep, type="director-appointed", stream="governance:{company}", schema=2
):
    """A director takes office; nominated_by claims a seat that party has the right to fill."""

    sentence = (
        "{person} joins the board of {company}[ as {board_role}][, nominated by {nominated_by}]"
    )
    example = {"company": "nissan", "person": "pierre-fleuriot", "nominated_by": "renault"}

    role: f.Text = "director"
    term_ends_on: f.AwaitedDate | None = None


class DirectorLeft(DirectorStep, type="director-left", stream="governance:{company}", schema=2):
    """A director leaves the board."""

    sentence = "{person} leaves the board of {company}[, nominated by {nominated_by}][: {reason}]"
    example = {"company": "nissan", "person": "pierre-fleuriot"}

    reason: f.Text | None = None


class OfficerStep(Event):
    """Base of an officer's coming and going."""

    company: f.PartyId
    person: f.PartyId
    role: f.Text


class OfficerAppointed(
    OfficerStep, type="officer-appointed", stream="governance:{company}", schema=2
):
    """A person takes an office: chief executive, chair, ..."""

    sentence = "{person} becomes {role} of {company}"
    example = {"company": "nissan", "person": "ivan-espinosa", "role": "chief executive"}

    term_ends_on: f.AwaitedDate | None = None
    signs: Literal["alone", "jointly", "no"] | None = None


class OfficerLeft(OfficerStep, type="officer-left", stream="governance:{company}", schema=2):
    """A person leaves an office."""

    sentence = "{person} is no longer {role} of {company}[: {reason}]"
    example = {"company": "nissan", "person": "makoto-uchida", "role": "chief executive"}

    reason: f.Text | None = None


def _check_whose(party: str | None, holders_of: str | None) -> None:
    """Refuse a right to seats of nobody, or of two."""
    if (party is None) == (holders_of is None):
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            "A right to seats belongs to a party or to the holders of a class.",
            "Give party, or holders_of.",
            "party",
        )
