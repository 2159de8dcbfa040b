"""The rows of all answers, written from the classes by docs/generate.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from cli.notebook.made import Row
from cli.notebook.values import Money, PartialDate

# fmt: off


@dataclass(frozen=True, kw_only=True, repr=False)
class SupposedRow(Row):
    """An event that an answer supposes, recorded nowhere."""

    event: str
    position: None
    type: str
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, repr=False)
class HoldingRow(Row):
    """What somebody holds of a class, by the register or, without one, by the latest disclosure."""

    issuer: str
    issuer_name: str | None = None
    share_class: str | None = None
    share_class_name: str | None = None
    holder: str
    holder_name: str | None = None
    shares: int | Fraction | None = None
    shares_low: int | Fraction | None = None
    shares_high: int | Fraction | None = None
    percent: Fraction | None = None
    percent_to: Fraction | None = None
    percent_low: Decimal | None = None
    percent_high: Decimal | None = None
    percent_of: str | None = None
    percent_exact: Fraction | None = None
    basis: Literal["register", "disclosed", "asserted", "sum"]
    basis_detail: str
    capacity: str
    trustee: str | None = None
    trustee_name: str | None = None
    title_holder: str | None = None
    title_holder_name: str | None = None
    economic_owner: str | None = None
    economic_owner_name: str | None = None
    fraction: Fraction | None = None
    beneficiaries: tuple[BeneficiaryRow, ...] | None = None
    benefit: Literal["whole", "capital", "income"] | None = None
    chain: tuple[LinkRow, ...] | None = None
    voting: str | None = None
    votes_by: str | None = None
    votes_by_name: str | None = None
    disposal_by: str | None = None
    disposal_by_name: str | None = None
    vested: int | Fraction | None = None
    unvested: int | Fraction | None = None
    issued: int | Fraction | None = None
    outstanding: int | Fraction | None = None
    treasury: int | Fraction | None = None
    standing: str | None = None
    events: tuple[str, ...] | None = None
    events_count: int | None = None
    qualifier: str | None = None
    disclosed_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    sources: tuple[str, ...] | None = None
    sources_names: tuple[str | None, ...] | None = None
    others: int | None = None
    kind: str | None = None
    par_value: Money | None = None
    tranches: tuple[TrancheRow, ...] | None = None
    unpaid: Money | None = None
    unpaid_low: Money | None = None
    unpaid_high: Money | None = None
    capital_percent: Fraction | None = None
    capital_percent_exact: Fraction | None = None
    capital_par_percent: Fraction | None = None
    capital_par_percent_exact: Fraction | None = None
    rights: tuple[RightRow, ...] | None = None
    bound: tuple[BoundRow, ...] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class BeneficiaryRow(Row):
    """What part of the shares on an account is for somebody; null where that is not told."""

    party: str
    party_name: str | None = None
    fraction: Fraction | None = None
    benefit: Literal["whole", "capital", "income"]


@dataclass(frozen=True, kw_only=True, repr=False)
class LinkRow(Row):
    """A step from the name in the register to who bears gain and loss: who holds for whom, as what,
    and what part of it."""

    holder: str
    holder_name: str | None = None
    capacity: str
    party: str
    party_name: str | None = None
    fraction: Fraction | None = None
    share_class: str
    share_class_name: str | None = None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class TrancheRow(Row):
    """So many of a holder's shares, what each was issued at and what is paid on it."""

    shares: int | Fraction
    price: Money | None = None
    paid_per_share: Money | None = None
    lot: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class RightRow(Row):
    """A right in shares that stand in the name of another, and what it moves to whom."""

    right: str
    kind: str
    share_class: str
    share_class_name: str | None = None
    holder: str
    holder_name: str | None = None
    party: str
    party_name: str | None = None
    shares: int | Fraction | None = None
    extent: Literal["all", "number"]
    voting: str | None = None
    votes_by: str | None = None
    votes_by_name: str | None = None
    matters: tuple[str, ...]
    dividends_to: str
    dividends_to_name: str | None = None
    title_holder: str
    title_holder_name: str | None = None
    economic_owner: str
    economic_owner_name: str | None = None
    disposal_by: str
    disposal_by_name: str | None = None
    until: PartialDate | None = None
    since: PartialDate | None = None
    at_latest: PartialDate | None = None
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class BoundRow(Row):
    """How many shares the acceptance of an open offer binds."""

    offer: str
    shares: int | Fraction


@dataclass(frozen=True, kw_only=True, repr=False)
class IndirectRow(Row):
    """What a holder has of an issuer: votes that are attributed to it, and its economic interest
    through chains and loops."""

    direct: int | Fraction | None = None
    trusts: int | Fraction | None = None
    by_rights: int | Fraction | None = None
    controlled: int | Fraction | None = None
    concert: int | Fraction | None = None
    attributed: int | Fraction | None = None
    attributed_percent: Decimal | None = None
    base: str | None = None
    issuer: str
    issuer_name: str | None = None
    economic: Fraction | None = None
    economic_percent: Decimal | None = None
    economic_low: Decimal | None = None
    economic_high: Decimal | None = None
    chains: tuple[ChainRow, ...]
    through_loops: Fraction | None = None
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ChainRow(Row):
    """A chain of stakes, from the holder to the issuer, and the product of the stakes."""

    parties: tuple[str, ...]
    parties_names: tuple[str | None, ...] | None = None
    percent: Fraction | None = None
    percent_exact: Fraction | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class PossibleRow(Row):
    """An event that may count at the cut, with why that is not certain."""

    event: str
    type: str
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    standing: str
    what: str
    why: str


@dataclass(frozen=True, kw_only=True, repr=False)
class VoteRow(Row):
    """What somebody can vote in an issuer, on the way from held to usable."""

    issuer: str
    issuer_name: str | None = None
    holder: str
    holder_name: str | None = None
    group: tuple[str, ...] | None = None
    votes: int | Fraction | None = None
    votes_low: int | Fraction | None = None
    votes_high: int | Fraction | None = None
    votes_percent: Fraction | None = None
    votes_percent_exact: Fraction | None = None
    gross: int | Fraction | None = None
    gross_percent: Decimal | None = None
    suspended: int | Fraction | None = None
    neutral: int | Fraction | None = None
    exercisable: int | Fraction | None = None
    exercisable_percent: Decimal | None = None
    limit: int | Fraction | None = None
    bound_by: tuple[str, ...]
    after_caps: int | Fraction | None = None
    after_caps_low: int | Fraction | None = None
    after_caps_high: int | Fraction | None = None
    after_caps_percent: Decimal | None = None
    gross_votes: int | Fraction | None = None
    held_votes: int | Fraction | None = None
    net_votes: int | Fraction | None = None
    instructed: tuple[InstructedRow, ...] | None = None
    uninstructed: int | Fraction | None = None
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class InstructedRow(Row):
    """How many whole votes a party instructs; null where that is not told."""

    party: str
    party_name: str | None = None
    votes: int | Fraction | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class LotRow(Row):
    """A holder's shares of a class that are of one lot, or of none (``ordinary``)."""

    issuer: str
    issuer_name: str | None = None
    holder: str
    holder_name: str | None = None
    share_class: str
    share_class_name: str | None = None
    lot: str
    shares: int | Fraction
    factor: int
    votes: int | Fraction
    since: PartialDate | None = None
    reasons: tuple[str, ...]
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ClassVoteRow(Row):
    """What a holder can vote with its shares of a class, or all holders (``holder`` null); with
    ``share_class`` null, with those of all classes."""

    issuer: str
    issuer_name: str | None = None
    share_class: str | None = None
    share_class_name: str | None = None
    holder: str | None = None
    holder_name: str | None = None
    group: tuple[str, ...] | None = None
    gross: int | Fraction
    gross_percent: Decimal | None = None
    gross_percent_of: str
    votes: int | Fraction
    votes_percent: Decimal | None = None
    votes_percent_of: str
    suspended: int | Fraction
    net: int | Fraction
    neutral: int | Fraction
    exercisable: int | Fraction
    exercisable_percent: Decimal | None = None
    exercisable_percent_of: str
    limit: int | Fraction | None = None
    bound_by: tuple[str, ...]
    after_caps: int | Fraction | None = None
    after_caps_low: int | Fraction | None = None
    after_caps_high: int | Fraction | None = None
    after_caps_percent: Decimal | None = None
    after_caps_percent_of: str
    gross_votes: int | Fraction
    held_votes: int | Fraction
    net_votes: int | Fraction
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class TotalRow(Row):
    """A total that a statement asserts, beside what the events make it; a total at the end of a
    month; or what an event adds to a total. Of statements ``delta`` is what the events add up to
    since the last one that agreed (``since``), of other totals since the one before."""

    issuer: str
    issuer_name: str | None = None
    base: str
    share_class: str | None = None
    share_class_name: str | None = None
    kind: Literal["start", "change", "statement", "month-end"]
    day: PartialDate
    stated: int | Fraction | None = None
    recorded: int | Fraction | None = None
    delta: int | Fraction | None = None
    since: PartialDate | None = None
    gap: int | Fraction | None = None
    gap_before: int | Fraction | None = None
    unexplained: int | Fraction | None = None
    agrees_without: tuple[str, ...]
    agrees_with: tuple[str, ...]
    what: str
    standing: str
    known_on: PartialDate | None = None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class DilutedRow(Row):
    """A part of the fully diluted shares: a holder's, what a pool has left, what is promised, or a
    total."""

    issuer: str
    issuer_name: str | None = None
    kind: str
    holder: str | None = None
    holder_name: str | None = None
    pool: str | None = None
    as_converted: int | Fraction | None = None
    vested: int | Fraction | None = None
    unvested: int | Fraction | None = None
    diluted: int | Fraction
    unknown: tuple[str, ...]
    percent: Decimal | None = None
    percent_without_pool: Decimal | None = None
    at_caps: int | Fraction | None = None
    percent_at_caps: Decimal | None = None
    instruments: tuple[InstrumentRow, ...]
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class InstrumentRow(Row):
    """An instrument that is open: on how many shares, at what price, until when."""

    instrument: str
    kind: str
    share_class: str | None = None
    share_class_name: str | None = None
    open: int | Fraction | None = None
    vested: int | Fraction | None = None
    exercise_price: Money | None = None
    highest_exercise_price: Money | None = None
    expires_on: PartialDate | None = None
    principal: Money | None = None
    cap: Money | None = None
    pool: str | None = None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class GraphRow(Row):
    """What a party has of another: shares and votes, a role in a trust, a right, control. Of a
    stake, ``percent`` is of the shares issued (of several classes, of the whole capital) or, where
    it is disclosed, of what ``percent_of`` says."""

    party: str
    party_name: str | None = None
    party_kind: str
    of: str
    of_kind: str
    role: str
    shares: int | Fraction | None = None
    percent: Fraction | None = None
    percent_exact: Fraction | None = None
    percent_to: Fraction | None = None
    qualifier: str | None = None
    percent_of: str | None = None
    votes: int | Fraction | None = None
    votes_percent: Fraction | None = None
    votes_percent_exact: Fraction | None = None
    after_caps_percent: Fraction | None = None
    after_caps_percent_exact: Fraction | None = None
    suspended: int | Fraction | None = None
    neutral: int | Fraction | None = None
    factor: int | Fraction | None = None
    bound_by: tuple[str, ...]
    basis: Literal["register", "disclosed", "asserted", "recorded"]
    in_control: Literal["yes", "perhaps", "no"]
    closes_loop: bool
    since: PartialDate | None = None
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class GroupRow(Row):
    """A party that controls a company: since when, by which rule, with which votes."""

    party: str
    party_name: str | None = None
    in_control_of: str
    in_control_of_name: str | None = None
    since: PartialDate | None = None
    until: PartialDate | None = None
    began_by: tuple[str, ...]
    ended_by: tuple[str, ...]
    by: str
    through: tuple[str, ...]
    through_names: tuple[str | None, ...] | None = None
    votes_attributed: int | Fraction | None = None
    percent: Decimal | None = None
    percent_low: Decimal | None = None
    percent_high: Decimal | None = None
    base: str | None = None
    certain: Literal["yes", "no"]
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ControlRow(Row):
    """A party that controls a company: by which rule, with which votes."""

    party: str
    party_name: str | None = None
    in_control_of: str
    in_control_of_name: str | None = None
    by: str
    through: tuple[str, ...]
    through_names: tuple[str | None, ...] | None = None
    votes_attributed: int | Fraction | None = None
    percent: Decimal | None = None
    percent_low: Decimal | None = None
    percent_high: Decimal | None = None
    base: str | None = None
    certain: Literal["yes", "no"]


@dataclass(frozen=True, kw_only=True, repr=False)
class OwnerRow(Row):
    """An owner of a company under a named rule: by which limb of it, with what, since when. The row
    of what is not known has no party; that of a ring names its companies in ``through``."""

    company: str
    company_name: str | None = None
    rule: str
    party: str | None = None
    party_name: str | None = None
    role: str
    by: str
    through: tuple[str, ...]
    through_names: tuple[str | None, ...] | None = None
    percent: Fraction | None = None
    percent_exact: Fraction | None = None
    percent_low: Decimal | None = None
    percent_high: Decimal | None = None
    percent_of: str | None = None
    band: str | None = None
    certain: Literal["yes", "no"]
    since: PartialDate | None = None
    until: PartialDate | None = None
    began_by: tuple[str, ...]
    ended_by: tuple[str, ...]
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class EconomicRow(Row):
    """Who has what of a company in the end, by stakes multiplied along all chains. The row of what
    is not known has no party, nor has that of a company that rests on a loop too long to be solved;
    that of a ring names its companies in ``through``."""

    company: str
    company_name: str | None = None
    rule: Literal["economic"]
    party: str | None = None
    party_name: str | None = None
    role: str
    by: str
    through: tuple[str, ...]
    through_names: tuple[str | None, ...] | None = None
    percent: Fraction | None = None
    percent_exact: Fraction | None = None
    percent_low: Decimal | None = None
    percent_high: Decimal | None = None
    percent_of: str | None = None
    certain: Literal["yes", "no"]


@dataclass(frozen=True, kw_only=True, repr=False)
class PowerRow(Row):
    """A player in a vote with its power to decide, or a coalition that wins by every member."""

    issuer: str
    issuer_name: str | None = None
    kind: Literal["player", "rest", "coalition"]
    holder: str | None = None
    holder_name: str | None = None
    parties: tuple[str, ...]
    parties_names: tuple[str | None, ...] | None = None
    with_rest: Literal["yes", "no"]
    votes: int | Fraction
    percent: Fraction | None = None
    percent_exact: Fraction | None = None
    quota: int | Fraction
    swings: int | Fraction | None = None
    banzhaf: Fraction | None = None
    banzhaf_exact: Fraction | None = None
    shapley: Fraction | None = None
    shapley_exact: Fraction | None = None
    in_minimal: Literal["yes", "no"] | None = None
    veto: Literal["yes", "no"] | None = None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class RadarRow(Row):
    """A threshold of a rule that a holder crossed, when a notice was due, and what was disclosed.
    ``kind`` is ``crossing``; ``noted`` for one that was over by the end of the day; ``withdrawn``
    for one that a correction undid; ``disclosed`` for one that disclosures alone tell; ``distance``
    for how far the next thresholds are."""

    threshold_up: str | None = None
    bought_up: int | Fraction | None = None
    issued_up: int | Fraction | None = None
    threshold_down: str | None = None
    sold_down: int | Fraction | None = None
    cancelled_down: int | Fraction | None = None
    kind: Literal["crossing", "noted", "withdrawn", "disclosed", "distance"]
    rule: str
    applies_to: str
    holder: str
    holder_name: str | None = None
    of_whom: tuple[str, ...]
    base: str
    share_class: str | None = None
    share_class_name: str | None = None
    number_before: int | Fraction | None = None
    number_after: int | Fraction | None = None
    total: int | Fraction | None = None
    total_by: str | None = None
    percent_before: Fraction | None = None
    percent_before_exact: Fraction | None = None
    percent_after: Fraction | None = None
    percent_after_exact: Fraction | None = None
    percent_reported: Decimal | None = None
    threshold: str | None = None
    direction: str | None = None
    passive: bool
    day: PartialDate | None = None
    day_first: PartialDate | None = None
    duty: str
    deadline: str
    due_on: PartialDate | None = None
    due_first_on: PartialDate | None = None
    due_may_move: bool
    disclosed_by: str | None = None
    disclosure_known_on: PartialDate | None = None
    late: int | None = None
    late_at_most: int | None = None
    form_due: str | None = None
    form_filed: str | None = None
    status: str
    withdrawn_by: tuple[str, ...]
    waived_by: tuple[str, ...]
    known_on: PartialDate | None = None
    law: str
    certainty: str
    standing: str
    events: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class GovernanceRow(Row):
    """A seat, a director, an officer, an agreement or a clause in force."""

    company: str
    company_name: str | None = None
    kind: Literal["seat", "director", "officer", "agreement", "clause"]
    party: str | None = None
    party_name: str | None = None
    person: str | None = None
    person_name: str | None = None
    role: str | None = None
    since: PartialDate | None = None
    at_latest: PartialDate | None = None
    until: PartialDate | None = None
    standing: str
    events: tuple[str, ...]
    agreement: str | None = None
    agreement_name: str | None = None
    clause: str | None = None
    holders_of: str | None = None
    issuer: str | None = None
    issuer_name: str | None = None
    parties: tuple[str, ...] | None = None
    parties_names: tuple[str | None, ...] | None = None
    percent: Fraction | None = None
    signs: str | None = None
    status: str | None = None
    terms: str | None = None
    text: str | None = None
    title: str | None = None
    what: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class MeetingRow(Row):
    """A meeting, or a resolution with its result."""

    company: str
    company_name: str | None = None
    kind: Literal["meeting", "resolution"]
    subject: str | None = None
    subject_name: str | None = None
    meeting: str | None = None
    title: str | None = None
    body: str | None = None
    status: str
    held_on: PartialDate | None = None
    record_on: PartialDate | None = None
    majority: str | None = None
    majority_of: str | None = None
    votes_for: int | Fraction | None = None
    votes_against: int | Fraction | None = None
    abstained: int | Fraction | None = None
    percent_for: Decimal | None = None
    percent_for_of: str | None = None
    cast: tuple[CastRow, ...]
    since: PartialDate | None = None
    at_latest: PartialDate | None = None
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class CastRow(Row):
    """The votes of one holder on a resolution."""

    holder: str
    holder_name: str | None = None
    votes: int | Fraction
    choice: str
    proxy: str | None = None
    event: str


@dataclass(frozen=True, kw_only=True, repr=False)
class DealRow(Row):
    """A deal, investment, offering, milestone, project, dividend or scheduled event, and where it
    stands."""

    deal: str | None = None
    kind: str
    subject: str
    subject_name: str | None = None
    party: str | None = None
    party_name: str | None = None
    amount: Decimal | Fraction | None = None
    currency: str | None = None
    qualifier: str | None = None
    status: str
    since: PartialDate | None = None
    at_latest: PartialDate | None = None
    expected: PartialDate | None = None
    last_heard: PartialDate | None = None
    standing: str
    events: tuple[str, ...]
    disputed: tuple[str, ...] | None = None
    committed: Decimal | Fraction | None = None
    paid: Decimal | Fraction | None = None
    released: Decimal | Fraction | None = None
    owed: Decimal | Fraction | None = None
    within: str | None = None
    investee: str | None = None
    investee_name: str | None = None
    percent: Fraction | None = None
    percent_qualifier: str | None = None
    announcements: int | None = None
    terms: str | None = None
    title: str | None = None
    place: str | None = None
    step: str | None = None
    accepted: int | Fraction | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class OfferRow(Row):
    """What a holder accepted of an offer, what of it is taken by its rule, and what has moved."""

    offer: str
    holder: str
    holder_name: str | None = None
    held: int | Fraction | None = None
    entitlement: int | Fraction | None = None
    accepted: int | Fraction | None = None
    option: str | None = None
    price: Money | None = None
    taken: int | Fraction | None = None
    moved: int | Fraction
    since: PartialDate | None = None
    at_latest: PartialDate | None = None
    note: str | None = None
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class DividendRow(Row):
    """What a holder is due of a dividend; of one without a holder that is not known."""

    dividend: str | None = None
    share_class: str
    share_class_name: str | None = None
    holder: str | None = None
    holder_name: str | None = None
    shares: int | Fraction | None = None
    per_share: Money | None = None
    amount: Decimal | Fraction | None = None
    currency: str | None = None
    in_class: str | None = None
    new_shares: int | Fraction | None = None
    out_of: str | None = None
    record_on: PartialDate | None = None
    ex_on: PartialDate | None = None
    payable_on: PartialDate | None = None
    status: str
    paid_on: PartialDate | None = None
    option: str | None = None
    options: tuple[str, ...] | None = None
    default_option: str | None = None
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class BreachRow(Row):
    """A row of a clause, or of what changed."""

    agreement: str
    agreement_name: str | None = None
    clause: str
    kind: str
    party: str | None = None
    party_name: str | None = None
    issuer: str | None = None
    issuer_name: str | None = None
    verdict: Literal["breaches", "needs", "cannot be told", "noted", "permitted"]
    from_: PartialDate
    until: PartialDate | None = None
    measured: Decimal | None = None
    limit: int | Fraction | None = None
    base: str | None = None
    opened_by: str | None = None
    closed_by: str | None = None
    what: str
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ClaimRow(Row):
    """What a source says of a subject that has no event type of its own."""

    subject: str
    subject_name: str | None = None
    attribute: str
    value: str
    unit: str | None = None
    qualifier: str
    claimed: str
    nature: str
    speaker: str | None = None
    person: str | None = None
    person_name: str | None = None
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    known_on: PartialDate | None = None
    standing: str
    sources: tuple[str, ...]
    sources_names: tuple[str | None, ...] | None = None
    preferred: bool
    others: int
    events: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class EventRow(Row):
    """An event of a timeline."""

    recorder: str | None = None
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    known_on: PartialDate | None = None
    recorded_at: datetime | None = None
    position: int | None = None
    event: str
    type: str
    caev: str | None = None
    camv: str | None = None
    what: str
    standing: str
    sources: tuple[str, ...]
    sources_names: tuple[str | None, ...] | None = None
    amended_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class PartyRow(Row):
    """A party of the directory: who it is, and what it is in this ledger."""

    party: str
    party_name: str | None = None
    name: str
    kind: str | None = None
    former_names: tuple[str, ...]
    lei: str | None = None
    aliases: tuple[str, ...]
    members: tuple[str, ...]
    status: str | None = None
    status_since: PartialDate | None = None
    addresses: tuple[AddressRow, ...]
    details: Mapping[str, str]
    identifiers: tuple[Mapping[str, str], ...]
    ended_on: PartialDate | None = None
    successors: tuple[str, ...]
    relations: tuple[RelationRow, ...]
    classes: tuple[str, ...]
    registers: tuple[str, ...]
    trusts: tuple[RoleRow, ...]
    boards: tuple[RoleRow, ...]
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class AddressRow(Row):
    """An address of a party at the cut."""

    kind: str | None = None
    address: str
    since: PartialDate | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class RelationRow(Row):
    """A relationship of a party at the cut: its kind, the other party, and which of the two it is.
    ``role`` is ``of`` for the party that controls, belongs, acts or works; ``by`` for the other."""

    relationship: str
    kind: str
    role: str
    party: str
    party_name: str | None = None
    words: str | None = None
    basis: str | None = None
    percent: Fraction | None = None
    percent_to: Fraction | None = None
    qualifier: str
    since: PartialDate | None = None
    event: str


@dataclass(frozen=True, kw_only=True, repr=False)
class RoleRow(Row):
    """What a party is to another: trustee of a trust, director of a company."""

    role: str
    party: str
    party_name: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ClassRow(Row):
    """A share class of the directory: its terms at the cut, and what is issued of it."""

    share_class: str
    share_class_name: str | None = None
    name: str
    issuer: str
    issuer_name: str | None = None
    kind: str
    votes_per_share: int | Fraction | str | None = None
    par_value: Money | None = None
    converts_into: str | None = None
    converts_at: str | None = None
    other_terms: Mapping[str, Any]
    authorised: int | Fraction | str | None = None
    limits: tuple[LimitRow, ...]
    listings: tuple[ListingRow, ...]
    isin: str | None = None
    issued: int | Fraction | None = None
    outstanding: int | Fraction | None = None
    treasury: int | Fraction | None = None
    holders: int
    standing: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class LimitRow(Row):
    """How many shares there may be, or may be issued or bought back: of a class, or of its issuer
    where no class is named."""

    share_class: str | None = None
    share_class_name: str | None = None
    authorises: str
    authority: str | None = None
    shares: int | Fraction | str | None = None
    amount: Decimal | Fraction | None = None
    until: PartialDate | None = None
    event: str


@dataclass(frozen=True, kw_only=True, repr=False)
class ListingRow(Row):
    """Where a class is listed and since when it has its status there."""

    venue: str
    status: str
    symbol: str | None = None
    since: PartialDate | None = None
    event: str


@dataclass(frozen=True, kw_only=True, repr=False)
class SourceEntryRow(Row):
    """A source of the directory: the document, and how many events cite it."""

    source: str
    title: str | None = None
    kind: str | None = None
    publisher: str | None = None
    published_on: PartialDate | None = None
    address: str | None = None
    sha256: str | None = None
    retracted: bool
    cited_by: int
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class WholeEventRow(Row):
    """One event whole: as it stands, as it was recorded, and what amended it."""

    position: int | None = None
    id: str
    key: str
    type: str
    schema: int
    stream: str
    version: int
    recorded_at: datetime | None = None
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    known_on: PartialDate | None = None
    standing: str
    what: str | None = None
    data: Mapping[str, Any] | None = None
    recorded_data: Mapping[str, Any]
    amended_by: tuple[str, ...]
    sources: tuple[str, ...]
    sources_names: tuple[str | None, ...] | None = None
    actor: Mapping[str, str] | None = None
    fractions: tuple[FractionRow, ...] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class FractionRow(Row):
    """What an event that left fractions made of one holding, or gave for those of all."""

    holder: str
    holder_name: str | None = None
    exact: int | Fraction | None = None
    fraction: Fraction | None = None
    shares: int | Fraction
    cash: Money | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class ConflictRow(Row):
    """What cannot all be true: the events, the one preferred and why, what would settle it."""

    subject: str
    subject_name: str | None = None
    attribute: str
    kind: Literal["value", "register", "order", "done", "step"]
    claims: tuple[StatementRow, ...]
    claimed: tuple[str, ...]
    preferred: str
    why: str
    settle: str


@dataclass(frozen=True, kw_only=True, repr=False)
class StatementRow(Row):
    """What one event says on a matter in conflict."""

    event: str
    type: str
    value: str
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    known_on: PartialDate | None = None
    standing: str
    sources: tuple[str, ...]
    sources_names: tuple[str | None, ...] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class FindingRow(Row):
    """Something that a check found, with the event that shows it, if one does."""

    check: str
    subject: str
    subject_name: str | None = None
    event: str | None = None
    what: str


@dataclass(frozen=True, kw_only=True, repr=False)
class EvidenceRow(Row):
    """An event that a figure rests on, or an amendment of one, with its evidence."""

    event: str
    type: str
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    standing: str
    what: str
    position: int
    known_on: PartialDate | None = None
    recorded_at: datetime
    recorder: str | None = None
    amended_by: tuple[str, ...]
    cited: tuple[CitedRow, ...]
    conflicts: tuple[ConflictRow, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class CitedRow(Row):
    """A place in a source, with what is recorded of the source and where its document is kept."""

    source: str
    locator: str | None = None
    title: str | None = None
    publisher: str | None = None
    published_on: PartialDate | None = None
    dated_by: str | None = None
    retrieved_on: PartialDate | None = None
    address: str | None = None
    sha256: str | None = None
    document: str | None = None
    document_whole: bool | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class VerdictRow(Row):
    """A row of a clause, or of what changed."""

    agreement: str | None = None
    agreement_name: str | None = None
    clause: str | None = None
    kind: str
    party: str | None = None
    party_name: str | None = None
    issuer: str | None = None
    issuer_name: str | None = None
    event: str
    step: str
    verdict: Literal["breaches", "needs", "cannot be told", "noted", "permitted"]
    needs: str | None = None
    of: tuple[str, ...]
    shares: int | Fraction | None = None
    measured: Decimal | None = None
    limit: int | Fraction | None = None
    base: str | None = None
    from_: PartialDate | None = None
    until: PartialDate | None = None
    what: str
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class SearchRow(Row):
    """A place where the words of a search stand, and the command that looks further."""

    kind: str
    subject: str
    subject_name: str | None = None
    where: str
    matched: str
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    event: str
    standing: str
    look: str


@dataclass(frozen=True, kw_only=True, repr=False)
class StakeRow(Row):
    """What a holder has from a day on (``since``) until a day that is not in it (null: to the cut).
    ``now`` is the figure as known at the cut, null where there is none. ``then`` says whether on
    the day itself the ``same`` was known, another figure (``known_then``), ``nothing``, or that it
    was ``not-looked-at``. ``made`` tells of a step of ``now`` whether the holder's own movement or
    another's made it, a date alone (``dated``), or an earlier day that is not looked at
    (``start``); null where ``now`` goes on. Where the step is dated by several days ``earliest`` is
    the first of them, ``unknown`` where none is known."""

    issuer: str
    issuer_name: str | None = None
    holder: str
    holder_name: str | None = None
    basis: Literal["register", "disclosed", "asserted"]
    line: str
    since: PartialDate | None = None
    until: PartialDate | None = None
    now: FigureRow | None = None
    then: Literal["same", "other", "nothing", "not-looked-at"]
    known_then: FigureRow | None = None
    made: Literal["own", "passive", "dated", "start"] | None = None
    causes: tuple[str, ...]
    earliest: str | None = None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class FigureRow(Row):
    """A number of shares or votes, what it is a part of, as a base too, and how exact it is."""

    number: str | None = None
    of: str | None = None
    percent: Fraction | None = None
    percent_exact: Fraction | None = None
    percent_of: str | None = None
    qualifier: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class TermRow(Row):
    """A time in which an agreement or a clause was signed or in force, or somebody in office. It
    counts from ``since`` (null: before what is looked at) until a day that is not in it (null: to
    the cut). Where a date is of several days, ``earliest`` and ``ends_earliest`` are their first,
    ``unknown`` where none is known. ``lane`` has all the times of one thing in common."""

    company: str
    company_name: str | None = None
    kind: Literal["agreement", "clause", "director", "officer"]
    lane: str
    agreement: str | None = None
    agreement_name: str | None = None
    clause: str | None = None
    person: str | None = None
    person_name: str | None = None
    role: str | None = None
    party: str | None = None
    party_name: str | None = None
    title: str | None = None
    status: str
    since: PartialDate | None = None
    until: PartialDate | None = None
    earliest: str | None = None
    ends_earliest: str | None = None
    standing: str
    began_by: tuple[str, ...]
    ended_by: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class RestatementRow(Row):
    """An amendment, what it amends and why, and what it changed."""

    position: int
    recorded_at: datetime
    known_on: PartialDate | None = None
    type: str
    event: str
    amends: str | None = None
    kind: str | None = None
    because: str | None = None
    stands: bool
    changed: ImpactFields


@dataclass(frozen=True, kw_only=True, repr=False)
class ImpactFields(Row):
    """What new events change, as plain values."""

    changes: tuple[ChangeRow, ...]
    crossings: tuple[CrossingRow, ...]
    events: tuple[RestatedRow, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ChangeRow(Row):
    """A row of a clause, or of what changed."""

    answer: str
    subject: str
    subject_name: str | None = None
    row: str
    change: Literal["changed", "added", "gone"]
    fields: Mapping[str, Any]
    from_: PartialDate | None = None
    until: PartialDate | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class CrossingRow(Row):
    """A threshold that is crossed with new events, or without them, and not the other way."""

    issuer: str
    issuer_name: str | None = None
    share_class: str | None = None
    share_class_name: str | None = None
    holder: str
    holder_name: str | None = None
    threshold: str
    of: str
    day: PartialDate
    direction: Literal["up", "down"]
    change: Literal["added", "gone"]
    own_number_unchanged: bool
    events: tuple[EventNameRow, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class EventNameRow(Row):
    """An event by its key and type."""

    event: str
    type: str


@dataclass(frozen=True, kw_only=True, repr=False)
class RestatedRow(Row):
    """An earlier event that reads otherwise, each pair before and after."""

    event: str
    position: int
    type: str
    stands: tuple[bool, ...]
    known: tuple[str | None, ...]
    at_latest: tuple[str | None, ...]
    fields: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, repr=False)
class DifferenceRow(Row):
    """A row that is another in two answers, with the fields that differ and the events that make
    the difference."""

    answer: str
    about: str
    row: str
    change: Literal["changed", "added", "gone"]
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class PossibleOnASideRow(Row):
    """An event that is only possible in one of two answers: how it stands in each."""

    event: str
    type: str
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    standing: str
    what: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class StepRow(Row):
    """An event that a figure is made of, with the state after it."""

    counted: int | Fraction | None = None
    counted_class: str | None = None
    counted_on: PartialDate | None = None
    ratio: str | None = None
    rounding: str | None = None
    fraction: Fraction | None = None
    cash: Money | None = None
    holder: str | None = None
    holder_name: str | None = None
    share_class: str | None = None
    share_class_name: str | None = None
    delta: int | Fraction | None = None
    balance: int | Fraction | None = None
    issued: int | Fraction | None = None
    percent: Decimal | None = None
    chosen: str | None = None
    held: int | Fraction | None = None
    suspended: int | Fraction | None = None
    neutral: int | Fraction | None = None
    all_held: int | Fraction | None = None
    castable: int | Fraction | None = None
    limit: int | Fraction | None = None
    exercisable: int | Fraction | None = None
    after_caps: int | Fraction | None = None
    status: str | None = None
    since: PartialDate | None = None
    expected: PartialDate | None = None
    amount: Decimal | Fraction | None = None
    currency: str | None = None
    qualifier: str | None = None
    committed: Decimal | Fraction | None = None
    paid: Decimal | Fraction | None = None
    party: str | None = None
    party_name: str | None = None
    seats: str | None = None
    sitting: str | None = None
    offices: str | None = None
    event: str
    type: str
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    known_on: PartialDate | None = None
    standing: str
    what: str
    state: str
    sources: tuple[str, ...]
    sources_names: tuple[str | None, ...] | None = None
    amended_by: tuple[str, ...]
    recorder: str | None = None
    repeats: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class SourceRow(Row):
    """Where the evidence of a figure stands, and the events that cite it."""

    source: str
    locator: str | None = None
    title: str | None = None
    publisher: str | None = None
    published_on: PartialDate | None = None
    events: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, repr=False)
class ExcludedRow(Row):
    """An event that does not count, with the reason."""

    event: str
    type: str
    effective_on: PartialDate | None = None
    at_latest: PartialDate | None = None
    standing: str
    what: str
    reason: str
    why: str
