"""Conditions, refusals and notices: what a deal waits for, and what one side says of its end."""

from typing import Literal

from ledger.events import fields as f
from ledger.events.base import Event
from ledger.values.base_words import ClauseBase
from ledger.values.refusals import Refusal, Refused


class ConditionSet(Event, type="condition-set", stream="condition:{condition}"):
    """Something depends on a condition: it waits for it (precedent), or ends by it (subsequent).

    ``met_by`` is the event that settles it by itself. A condition of kind ``ownership`` is
    settled by name, and ``check`` says where the register shows that it is met. A ``long_stop_on``
    that passes fails nothing by itself.
    """

    sentence = "A condition is set: {text}"
    example = {
        "condition": "delta-invests",
        "effect": "subsequent",
        "text": "delta is released from its investment in nido",
        "met_by": "investment-released delta-in-nido",
    }

    condition: f.ConditionId
    text: f.Text
    effect: Literal["precedent", "subsequent"]
    agreement: f.AgreementId | None = None
    kind: Literal[
        "vote", "regulatory", "financing", "acceptance", "event", "ownership", "date", "other"
    ] = "other"
    met_by: f.EventReference | None = None
    long_stop_on: f.AwaitedDate | None = None
    party: f.PartyId | None = None
    issuer: f.IssuerId | None = None
    base: ClauseBase | None = None
    at_least: f.Percent | None = None
    above: f.Percent | None = None

    def check(self) -> None:
        owning = (self.at_least or self.above) is not None
        if (self.kind == "ownership") != owning or (owning and self.issuer is None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A condition of ownership, and no other, has an issuer and a percentage.",
                "Give issuer and at_least or above with kind ownership.",
                "issuer",
            )


class ConditionSettled(Event, type="condition-settled", stream="condition:{condition}"):
    """A condition is satisfied, waived or failed; extended, or reopened after it failed."""

    sentence = "The condition {condition} is {outcome}[, by {by}]"
    example = {"condition": "antitrust", "outcome": "satisfied", "by": "regulator"}

    condition: f.ConditionId
    outcome: Literal["satisfied", "waived", "failed", "extended", "reopened"]
    by: f.PartyId | None = None
    because: f.Text | None = None
    long_stop_on: f.AwaitedDate | None = None

    def check(self) -> None:
        if (self.outcome == "extended") != (self.long_stop_on is not None):
            raise Refused(
                Refusal.FIELDS_DISAGREE,
                "A condition is extended to a day, and only then is one given.",
                "Give long_stop_on with outcome extended.",
                "long_stop_on",
            )


class ApprovalGranted(Event, type="approval-granted", stream="governance:{by}", schema=2):
    """A board, a meeting, a class, a court or an authority approves, consents or waives.

    ``of`` is what is approved: an event, an agreement, a condition or another thing on record.
    """

    sentence = "{by} approves: {matter}"
    example = {"deal": "alliance-rebalancing", "by": "nissan", "matter": "the framework agreement"}

    by: f.PartyId
    matter: f.Text
    kind: Literal["consent", "waiver", "disapplication"] | None = None
    of: f.SubjectId | None = None
    of_event: f.EventKey | None = None
    clause: f.Word | None = None
    body: f.Text | None = None
    by_class: f.ClassId | None = None
    percent: f.Percent | None = None


class ApprovalRefused(Event, type="approval-refused", stream="governance:{by}"):
    """A board, a meeting, a court or an authority refuses what it was asked for."""

    sentence = "{by} refuses: {matter}[: {reason}]"
    example = {"by": "state", "matter": "sale of the plant"}

    by: f.PartyId
    matter: f.Text
    of: f.SubjectId | None = None
    of_event: f.EventKey | None = None
    clause: f.Word | None = None
    body: f.Text | None = None
    reason: f.Text | None = None


class NoticeGiven(Event, type="notice-given", stream="governance:{by}"):
    """One party gives notice: of termination, breach, extension, resignation. It ends nothing.

    ``contests`` is the notice or the end that it answers as invalid.
    """

    sentence = "{by} gives notice of {kind}[ to {to}][: {reason}]"
    example = {"kind": "termination", "by": "delta", "to": ["corvo"], "agreement": "merger"}

    kind: Literal[
        "termination", "breach", "extension", "resignation", "exercise", "information-request",
        "objection",
    ]  # fmt: skip
    by: f.PartyId
    to: tuple[f.PartyId, ...] = ()
    agreement: f.AgreementId | None = None
    clause: f.Word | None = None
    ends_on: f.AwaitedDate | None = None
    contests: f.EventKey | None = None
    reason: f.Text | None = None
