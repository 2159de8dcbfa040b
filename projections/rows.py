"""Rows of answers: one type for each.

A column means the same in every answer, in every format. Amounts, numbers of shares and percentages
are text, exact; unknown is None. Dates are as they were written, so ``since`` may be ``2023-Q4``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

from projections.share_rows import FractionRow

Row = Mapping[str, Any]  # a row of any answer

SENTENCES = frozenset(  # columns in words, which may be worded otherwise and mean the same
    ["basis_detail", "claimed", "note", "reasons", "settle", "state", "terms", "title",
     "what", "why"]
)  # fmt: skip

DERIVED = frozenset(  # columns that follow from others of the answer, and of no digest
    ["capital_percent", "capital_percent_exact", "capital_par_percent", "capital_par_percent_exact"]
)  # fmt: skip


class InstructedRow(TypedDict):
    """How many whole votes a party instructs; null where that is not told."""

    party: str
    votes: str | None


class VoteRow(TypedDict):
    """What somebody can vote in an issuer, on the way from held to usable."""

    issuer: str
    holder: str
    group: list[str] | None
    votes: str | None
    votes_low: NotRequired[str | None]
    votes_high: NotRequired[str | None]
    votes_percent: str | None
    votes_percent_exact: str | None
    gross: str | None
    gross_percent: str | None
    suspended: str | None
    neutral: str | None
    exercisable: str | None
    exercisable_percent: str | None
    limit: str | None
    bound_by: list[str]
    after_caps: str | None
    after_caps_low: NotRequired[str | None]
    after_caps_high: NotRequired[str | None]
    after_caps_percent: str | None
    gross_votes: str | None
    held_votes: str | None
    net_votes: str | None
    instructed: NotRequired[list[InstructedRow]]
    uninstructed: NotRequired[str | None]
    reasons: list[str]


class GovernanceRow(TypedDict):
    """A seat, a director, an officer, an agreement or a clause in force."""

    company: str
    kind: Literal["seat", "director", "officer", "agreement", "clause"]
    party: str | None
    person: str | None
    role: str | None
    since: str | None
    at_latest: str | None
    until: str | None
    standing: str
    events: list[str]
    agreement: NotRequired[str | None]
    clause: NotRequired[str]
    holders_of: NotRequired[str | None]
    issuer: NotRequired[str | None]
    parties: NotRequired[list[str]]
    percent: NotRequired[str | None]
    signs: NotRequired[str]
    status: NotRequired[str]
    terms: NotRequired[str]
    text: NotRequired[str | None]
    title: NotRequired[str]
    what: NotRequired[str]


class DealRow(TypedDict):
    """A deal, investment, offering, milestone, project, dividend or scheduled event, and where it
    stands."""

    deal: str | None
    kind: str
    subject: str
    party: str | None
    amount: str | None
    currency: str | None
    qualifier: str | None
    status: str
    since: str | None
    at_latest: str | None
    expected: str | None
    last_heard: str | None
    standing: str
    events: list[str]
    disputed: NotRequired[list[str]]
    committed: NotRequired[str | None]
    paid: NotRequired[str | None]
    released: NotRequired[str]
    owed: NotRequired[str]
    within: NotRequired[str | None]
    investee: NotRequired[str | None]
    percent: NotRequired[str | None]
    percent_qualifier: NotRequired[str | None]
    announcements: NotRequired[int]
    terms: NotRequired[str | None]
    title: NotRequired[str | None]
    place: NotRequired[str | None]
    step: NotRequired[str]
    accepted: NotRequired[str | None]


class ClaimRow(TypedDict):
    """What a source says of a subject that has no event type of its own."""

    subject: str
    attribute: str
    value: str
    unit: str | None
    qualifier: str
    claimed: str
    nature: str
    speaker: str | None
    person: str | None
    effective_on: str | None
    at_latest: str | None
    known_on: str | None
    standing: str
    sources: list[str]
    preferred: bool
    others: int
    events: list[str]
    note: str | None


class RecorderRow(TypedDict):
    """Who recorded an event, where the ledger keeps that."""

    recorder: NotRequired[str]


class EventRow(RecorderRow):
    """An event of a timeline."""

    effective_on: str | None
    at_latest: str | None
    known_on: str | None
    recorded_at: str | None
    position: int | None
    event: str
    type: str
    caev: str | None
    camv: str | None
    what: str
    standing: str
    sources: list[str]
    amended_by: list[str]


class WholeEventRow(TypedDict):
    """One event whole: as it stands, as it was recorded, and what amended it."""

    position: int | None
    id: str
    key: str
    type: str
    schema: int
    stream: str
    version: int
    recorded_at: str | None
    effective_on: str | None
    at_latest: str | None
    known_on: str | None
    standing: str
    what: str | None
    data: dict[str, Any] | None
    recorded_data: dict[str, Any]
    amended_by: list[str]
    sources: list[str]
    actor: NotRequired[dict[str, str]]
    fractions: NotRequired[list[FractionRow]]


class NamedEventRow(TypedDict):
    """What rows say of an event that they are not made of."""

    event: str
    type: str
    effective_on: str | None
    at_latest: str | None
    standing: str
    what: str


class PossibleRow(NamedEventRow):
    """An event that may count at the cut, with why that is not certain."""

    why: str


class SearchRow(TypedDict):
    """A place where the words of a search stand, and the command that looks further."""

    kind: str
    subject: str
    where: str
    matched: str
    effective_on: str | None
    at_latest: str | None
    event: str
    standing: str
    look: str


class StatementRow(TypedDict):
    """What one event says on a matter in conflict."""

    event: str
    type: str
    value: str
    effective_on: str | None
    at_latest: str | None
    known_on: str | None
    standing: str
    sources: list[str]


class FindingRow(TypedDict):
    """Something that a check found, with the event that shows it, if one does."""

    check: str
    subject: str
    event: str | None
    what: str


class ConflictRow(TypedDict):
    """What cannot all be true: the events, the one preferred and why, what would settle it."""

    subject: str
    attribute: str
    kind: Literal["value", "register", "order", "done", "step"]
    claims: list[StatementRow]
    claimed: list[str]
    preferred: str
    why: str
    settle: str


ChangeRow = TypedDict(  # a row of an answer that new events change, over an interval of days
    "ChangeRow",
    {
        "answer": str,
        "subject": str,
        "row": str,
        "change": Literal["changed", "added", "gone"],
        "fields": dict[str, list[Any]],
        "from": str | None,
        "until": str | None,
    },
)


class EventNameRow(TypedDict):
    """An event by its key and type."""

    event: str
    type: str


class CrossingRow(TypedDict):
    """A threshold that is crossed with new events, or without them, and not the other way."""

    issuer: str
    share_class: str | None
    holder: str
    threshold: str
    of: str
    day: str
    direction: Literal["up", "down"]
    change: Literal["added", "gone"]
    own_number_unchanged: bool
    events: list[EventNameRow]


class RestatedRow(TypedDict):
    """An earlier event that reads otherwise, each pair before and after."""

    event: str
    position: int
    type: str
    stands: list[bool]
    known: list[str | None]
    at_latest: list[str | None]
    fields: dict[str, list[Any]]


class ImpactFields(TypedDict):
    """What new events change, as plain values."""

    changes: list[ChangeRow]
    crossings: list[CrossingRow]
    events: list[RestatedRow]
    notes: list[str]


class RestatementRow(TypedDict):
    """An amendment, what it amends and why, and what it changed."""

    position: int
    recorded_at: str
    known_on: str | None
    type: str
    event: str
    amends: str | None
    kind: str | None
    because: str | None
    stands: bool
    changed: ImpactFields


class DifferenceRow(TypedDict):
    """A row that is another in two answers, with the fields that differ and the events that make
    the difference."""

    answer: str
    about: str
    row: str
    change: Literal["changed", "added", "gone"]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    events: list[str]


class PossibleOnASideRow(NamedEventRow):
    """An event that is only possible in one of two answers: how it stands in each."""

    before: str | None
    after: str | None
