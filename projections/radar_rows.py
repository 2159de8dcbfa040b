"""Rows of the radar: thresholds crossed, and how far they are."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict


class DistanceFields(TypedDict, total=False):
    """How many shares or votes bring a holder to the far side of its next thresholds: those that
    exist (``bought``, ``sold``), and those that come into being or cease (``issued``,
    ``cancelled``)."""

    threshold_up: str | None
    bought_up: str | None
    issued_up: str | None
    threshold_down: str | None
    sold_down: str | None
    cancelled_down: str | None


class RadarRow(DistanceFields):
    """A threshold of a rule that a holder crossed, when a notice was due, and what was disclosed.

    ``kind`` is ``crossing``; ``noted`` for one that was over by the end of the day; ``withdrawn``
    for one that a correction undid; ``disclosed`` for one that disclosures alone tell;
    ``distance`` for how far the next thresholds are.
    """

    kind: Literal["crossing", "noted", "withdrawn", "disclosed", "distance"]
    rule: str
    applies_to: str
    holder: str
    of_whom: list[str]
    base: str
    share_class: str | None
    number_before: str | None
    number_after: str | None
    total: str | None
    total_by: str | None
    percent_before: str | None
    percent_before_exact: str | None
    percent_after: str | None
    percent_after_exact: str | None
    percent_reported: str | None
    threshold: str | None
    direction: str | None
    passive: bool
    day: str | None
    day_first: str | None
    duty: str
    deadline: str
    due_on: str | None
    due_first_on: str | None
    due_may_move: bool
    disclosed_by: str | None
    disclosure_known_on: str | None
    late: int | None
    late_at_most: int | None
    form_due: str | None
    form_filed: str | None
    status: str
    withdrawn_by: list[str]
    waived_by: list[str]
    known_on: str | None
    law: str
    certainty: str
    standing: str
    events: NotRequired[list[str]]
