"""The parts of events with several of their kind: clauses, beneficiaries, options, vesting."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ledger.events import fields as f
from ledger.events.base import class_of
from ledger.values.base_words import ClauseBase
from ledger.values.quantities import parse_percent
from ledger.values.refusals import Refusal, Refused
from ledger.values.text import parse_moment

Moment = Annotated[
    str,
    f.Kind("a date, or an event and how long after: director-left acme + 90 days"),
    f.checked(parse_moment),
]


def _event_type(value: str) -> None:
    """Refuse what is no type, at the place where it is written."""
    try:
        class_of(value)
    except Refused as refused:
        raise Refused(refused.refusal, refused.wrong, refused.remedy) from None


EventType = Annotated[str, f.Kind("type of an event: shares-issued"), f.checked(_event_type)]


class SeatStep(f.Part):
    """From which percentage on how many seats are due."""

    separator = ":"

    from_percent: f.ShareOfAll
    seats: f.Count


class Clause(f.Part):
    """One typed clause of an agreement, of articles or of a class.

    What needs a consent is told by ``events`` and from which size on by ``above``, a clause each
    where that differs; by ``matters`` in words. ``holders_of`` are counterparties by their class.
    """

    clause: f.Word
    kind: Literal[
        "standstill", "lock-up", "first-offer", "first-refusal", "pre-emption", "tag-along",
        "drag-along", "consent", "consultation", "notice", "information", "transfer-restriction",
        "put", "call", "non-compete", "exclusivity", "no-shop", "board-seat", "voting-cap",
        "rights-plan", "termination-fee", "specific-performance", "conduct", "non-disparagement",
        "fee-guarantee", "principle", "leaver", "quorum", "deadlock", "anti-dilution", "adherence",
        "non-solicitation", "confidentiality", "registration", "dividends", "other",
    ]  # fmt: skip
    text: f.Text
    party: f.PartyId | None = None
    issuer: f.IssuerId | None = None
    percent: f.Percent | None = None
    multiples: f.YesNo | None = None
    parties: tuple[f.PartyId, ...] | None = None
    counterparties: tuple[f.PartyId, ...] | None = None
    holders_of: f.ClassId | None = None
    share_class: f.ClassId | None = None
    base: ClauseBase | None = None
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
    events: tuple[EventType, ...] | None = None
    above: f.Limit | None = None
    seats: f.Shares | None = None
    price: f.Price | None = None
    ratio: f.Ratio | None = None
    value_multiple: f.Votes | None = None
    automatic: f.YesNo | None = None
    amount: f.Money | None = None
    payer: f.PartyId | None = None
    payee: f.PartyId | None = None
    trigger: Moment | None = None
    passive: Literal["counts", "noted"] | None = None
    condition: f.ConditionId | None = None
    survives: f.YesNo | None = None


class ClauseException(f.Part):
    """What a clause of the agreement does not forbid: to whom, by whom, on what ground, how much.

    All that it says must be so; ``among`` is whose affiliates, family and so on may receive.
    """

    clause: f.Word
    transferor: f.PartyId | None = None
    transferee: f.PartyId | None = None
    among: (
        Literal["affiliates", "family", "family-trusts", "fund-investors", "members", "employees"]
        | None
    ) = None
    ground: f.Ground | None = None
    event: EventType | None = None
    consent_of: f.PartyId | None = None
    percent: f.Percent | None = None
    until: Moment | None = None
    text: f.Text | None = None

    def model_post_init(self, _: Any) -> None:
        """An exception from everything would be no clause."""
        if f.given(self) == {"clause"}:
            raise Refused(
                Refusal.MISSING_FIELD,
                f"Nothing says what the clause {self.clause} does not forbid.",
                "Give transferee, among, ground or another field; in words, text.",
            )


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


class LeaverWindow(f.Part):
    """How long after leaving in this manner what has vested may be exercised; 0 for not at all."""

    separator = ":"

    manner: f.Leaving
    window: f.Window


class LotShares(f.Part):
    """So many shares of a named lot of a holder."""

    separator = ":"

    lot: f.LotName
    shares: f.Shares


class LotThen(LotShares):
    """So many shares of a named lot after an event; of a holder, where several have such a one."""

    holder: f.PartyId | None = None


class Excluded(f.Part):
    """A holder whose shares are left out of an exchange, how many, and why."""

    holder: f.PartyId
    shares: f.Holding | None = None
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


def check_band(percent: str | None, percent_to: str | None) -> None:
    """Refuse the upper end of a band without its lower end, or not above it."""
    if percent_to is None or (percent and parse_percent(percent) < parse_percent(percent_to)):
        return
    raise Refused(
        Refusal.FIELDS_DISAGREE,
        "percent_to is the upper end of a band.",
        "Give percent, the lower end, below it; without a band, give percent alone.",
        "percent_to",
    )
