"""Meetings, resolutions and votes: what was called, what was held, what was decided by whom."""

from typing import Literal

from ledger.events import fields as f
from ledger.events import parts as p
from ledger.events.base import Event
from ledger.values.base_words import DisclosedBase
from ledger.values.majorities import majority_reached
from ledger.values.refusals import Refusal, Refused

VotesOf = Literal[
    "cast", "present", "eligible", "outstanding", "class-outstanding", "capital-present"
]


class MeetingCalled(Event, type="meeting-called", stream="governance:{company}"):
    """A meeting is called for a day; called again, it is moved."""

    sentence = "A {body} of {company} is called for {held_on}"
    example = {
        "meeting": "agm-2024",
        "company": "corvo",
        "body": "general meeting",
        "held_on": "2024-05-30",
        "record_on": "2024-05-28",
    }

    meeting: f.MeetingId
    company: f.PartyId
    body: f.Text
    held_on: f.AwaitedDate
    record_on: f.KnownDate | None = None
    place: f.Text | None = None
    agenda: tuple[p.AgendaItem, ...] = ()


class MeetingHeld(Event, type="meeting-held", stream="governance:{company}", schema=2):
    """A board, committee or general meeting takes place."""

    sentence = "The {body} of {company} meets[: {matter}]"
    example = {"company": "nissan", "body": "board", "matter": "the restructuring"}

    company: f.PartyId
    body: f.Text
    matter: f.Text | None = None
    meeting: f.MeetingId | None = None
    votes_present: f.Balance | None = None
    percent_present: f.ShareOfAll | None = None
    percent_of: DisclosedBase | None = None


class ResolutionVoted(Event, type="resolution-voted", stream="governance:{company}"):
    """A resolution is passed, rejected or withdrawn, at a meeting or in writing.

    The ``majority`` is of the votes that ``majority_of`` names; percentages are of those that
    ``percent_of_votes`` names. A ``preliminary`` result gives way to a later one.
    """

    sentence = "{company} votes on {title}: {outcome}"
    example = {
        "resolution": "agm-2024-12",
        "company": "corvo",
        "title": "issue of shares",
        "meeting": "agm-2024",
        "majority": "at least 2/3",
        "majority_of": "cast",
        "votes_for": "4200",
        "votes_against": "1800",
        "outcome": "passed",
    }

    resolution: f.ResolutionId
    company: f.PartyId
    title: f.Text
    outcome: Literal["passed", "rejected", "withdrawn"]
    meeting: f.MeetingId | None = None
    form: Literal["meeting", "written"] | None = None
    of_class: f.ClassId | None = None
    majority: f.Majority | None = None
    majority_of: VotesOf | None = None
    votes_for: f.Balance | None = None
    votes_against: f.Balance | None = None
    abstained: f.Balance | None = None
    withheld: f.Balance | None = None
    not_voted: f.Balance | None = None
    votes_present: f.Balance | None = None
    votes_eligible: f.Balance | None = None
    percent_for: f.ShareOfAll | None = None
    percent_against: f.ShareOfAll | None = None
    percent_abstained: f.ShareOfAll | None = None
    percent_of_votes: VotesOf | None = None
    quorum_percent: f.ShareOfAll | None = None
    qualifier: f.Qualifier = "exactly"
    preliminary: f.YesNo | None = None
    elects: tuple[f.PartyId, ...] = ()
    holdover: f.YesNo | None = None

    def check(self) -> None:
        reached = majority_reached(dict(self)) if self.standing == "official" else None
        if reached is not None and (self.outcome, reached) in (
            ("passed", False),
            ("rejected", True),
        ):
            words = "reach" if reached else "do not reach"
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                f"It is {self.outcome}, and its figures {words} {self.majority} of the votes"
                f" {self.majority_of}.",
                "Check the figures and the majority; what a source says all the same is reported.",
                "outcome",
            )


class VotesCast(Event, type="votes-cast", stream="governance:{company}"):
    """A holder casts votes on a resolution, itself or by proxy."""

    sentence = "{holder} casts {votes} votes {choice} {resolution}"
    example = {
        "company": "corvo",
        "resolution": "agm-2024-12",
        "holder": "delta",
        "votes": "1500",
        "choice": "against",
    }

    company: f.PartyId
    resolution: f.ResolutionId
    holder: f.PartyId
    votes: f.Balance
    choice: Literal["for", "against", "abstain"]
    share_class: f.ClassId | None = None
    proxy: f.PartyId | None = None
