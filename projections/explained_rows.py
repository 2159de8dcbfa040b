"""Rows of what is asked about a figure: the steps to it, its sources, what is left out."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from projections.rows import ConflictRow, NamedEventRow
from projections.share_rows import CountedFields


class StepFields(CountedFields, total=False):
    """What a step to a figure may say of the state after it, by the kind of figure."""

    holder: str | None
    share_class: str | None
    delta: str | None
    balance: str | None
    issued: str | None
    percent: str | None
    chosen: str | None
    held: str | None
    suspended: str | None
    neutral: str | None
    all_held: str | None
    castable: str | None
    limit: str | None
    exercisable: str | None
    after_caps: str | None
    status: str | None
    since: str | None
    expected: str | None
    amount: str | None
    currency: str | None
    qualifier: str | None
    committed: str | None
    paid: str | None
    party: str | None
    seats: str | None
    sitting: str | None
    offices: str | None


class StepRow(StepFields):
    """An event that a figure is made of, with the state after it."""

    event: str
    type: str
    effective_on: str | None
    at_latest: str | None
    known_on: str | None
    standing: str
    what: str
    state: str
    sources: list[str]
    amended_by: list[str]
    recorder: NotRequired[str]
    repeats: str | None


class SourceRow(TypedDict):
    """Where the evidence of a figure stands, and the events that cite it."""

    source: str
    locator: str | None
    title: str | None
    publisher: str | None
    published_on: str | None
    events: list[str]


class CitedRow(TypedDict):
    """A place in a source, with what is recorded of the source and where its document is kept."""

    source: str
    locator: str | None
    title: str | None
    publisher: str | None
    published_on: str | None
    dated_by: str | None
    retrieved_on: str | None
    address: str | None
    sha256: str | None
    document: str | None
    document_whole: bool | None


class EvidenceRow(NamedEventRow):
    """An event that a figure rests on, or an amendment of one, with its evidence."""

    position: int
    known_on: str | None
    recorded_at: str
    recorder: NotRequired[str]
    amended_by: list[str]
    cited: list[CitedRow]
    conflicts: list[ConflictRow]


class ExcludedRow(NamedEventRow):
    """An event that does not count, with the reason."""

    reason: str
    why: str
