"""The parts of events with several of their kind: clauses, beneficiaries, options, vesting."""

from __future__ import annotations

from typing import Annotated, Literal

from ledger.events import fields as f
from ledger.values.text import parse_moment

Moment = Annotated[
    str,
    f.Kind("a date, or an event and how long after: director-left acme + 90 days"),
    f.checked(parse_moment),
]
Base = Literal[
    "issued", "outstanding", "gross-votes", "held-votes", "net-votes", "capital", "capital-par",
    "diluted", "present", "cast",
]  # fmt: skip


class SeatStep(f.Part):
    """From which percentage on how many seats are due."""

    separator = ":"

    from_percent: f.ShareOfAll
    seats: f.Count


class Clause(f.Part):
    """One typed clause of an agreement, of articles or of a class."""

    clause: f.Word
    kind: Literal[
        "standstill", "lock-up", "first-offer", "first-refusal", "pre-emption", "tag-along",
        "drag-along", "consent", "consultation", "notice", "information", "transfer-restriction",
        "put", "call", "non-compete", "exclusivity", "no-shop", "board-seat", "voting-cap",
        "rights-plan", "termination-fee", "specific-performance", "conduct", "non-disparagement",
        "fee-guarantee", "principle", "other",
    ]  # fmt: skip
    text: f.Text
    party: f.PartyId | None = None
    issuer: f.IssuerId | None = None
    percent: f.Percent | None = None
    parties: tuple[f.PartyId, ...] | None = None
    counterparties: tuple[f.PartyId, ...] | None = None
    share_class: f.ClassId | None = None
    base: Base | None = None
    reach: Literal["own", "instructed", "controlled", "concert", "group-and-derivatives"] | None = (
        None
    )
    shares: f.Shares | None = None
    starts: Moment | None = None
    until: Moment | None = None
    notice_days: f.Count | None = None
    window_days: f.Count | None = None
    consent_of: f.PartyId | None = None
    consent_of_class: f.ClassId | None = None
    consent_percent: f.Percent | None = None
    matters: tuple[f.Text, ...] | None = None
    seats: f.Shares | None = None
    price: f.Price | None = None
    amount: f.Money | None = None
    payer: f.PartyId | None = None
    payee: f.PartyId | None = None
    trigger: Moment | None = None
    passive: Literal["counts", "noted"] | None = None
    condition: f.ConditionId | None = None
    survives: f.YesNo | None = None


class Beneficiary(f.Part):
    """Who benefits from a trust, for what part, and of what."""

    separator = ":"

    party: f.PartyId
    fraction: f.Votes | None = None
    capital: f.YesNo | None = None
    income: f.YesNo | None = None


class Nature(f.Part):
    """A nature of control as a register of persons with significant control has it."""

    of: Literal["shares", "votes", "surplus", "board-majority", "influence"]
    band: Literal["over-25-to-50", "over-50-under-75", "75-or-more"] | None = None
    through: Literal["trust", "firm"] | None = None


class Identifier(f.Part):
    """An identifier of a party under a scheme, such as a commercial register's."""

    separator = ":"

    scheme: f.Word
    id: f.Text


class Option(f.Part):
    """One of the choices an offer or a dividend leaves to holders."""

    option: f.Word
    cash: f.Price | None = None
    ratio: f.Ratio | None = None
    into_class: f.ClassId | None = None


class ClassPrice(f.Part):
    """The price an offer names for one class."""

    separator = ":"

    share_class: f.ClassId
    price: f.Price


class Vesting(f.Part):
    """When, or on what condition, so many shares vest."""

    on: f.KnownDate | None = None
    condition: f.ConditionId | None = None
    shares: f.Shares


class LotShares(f.Part):
    """So many shares of a named lot of a holder."""

    separator = ":"

    lot: f.Word
    shares: f.Shares


class Excluded(f.Part):
    """A holder whose shares are left out of an exchange, how many, and why."""

    holder: f.PartyId
    shares: f.Shares | None = None
    because: Literal["own", "buyer", "rollover", "appraisal", "other"]


class AgendaItem(f.Part):
    """A resolution that a meeting is called to vote on."""

    resolution: f.ResolutionId
    title: f.Text
    majority: f.Majority | None = None


class ClassConsent(f.Part):
    """What may not be done without the consent of a class's holders."""

    separator = ":"

    matter: f.Word
    limits: f.Text | None = None


class DeclaredField(f.Part):
    """A field of a type that the ledger declares itself."""

    field: f.Word
    takes: Literal[
        "party", "class", "text", "word", "date", "money", "count", "percent", "source",
        "happening",
    ]  # fmt: skip
    required: f.YesNo = "no"


class DeclaredValue(f.Part):
    """A field of a declared type and its value."""

    separator = "="

    field: f.Word
    value: f.Text


class Settles(f.Part):
    """A condition that a decision settles, and how."""

    separator = ":"

    condition: f.ConditionId
    outcome: Literal["satisfied", "waived", "failed"]
