"""Rows of answers on the votes in an issuer: by class, and in all from day to day."""

from __future__ import annotations

from typing import Literal, TypedDict


class ClassVoteRow(TypedDict):
    """What a holder can vote with its shares of a class, or all holders (``holder`` null); with
    ``share_class`` null, with those of all classes."""

    issuer: str
    share_class: str | None
    holder: str | None
    group: list[str] | None
    gross: str
    gross_percent: str | None
    gross_percent_of: str
    votes: str
    votes_percent: str | None
    votes_percent_of: str
    suspended: str
    net: str
    neutral: str
    exercisable: str
    exercisable_percent: str | None
    exercisable_percent_of: str
    limit: str | None
    bound_by: list[str]
    after_caps: str | None
    after_caps_low: str | None
    after_caps_high: str | None
    after_caps_percent: str | None
    after_caps_percent_of: str
    gross_votes: str
    held_votes: str
    net_votes: str
    reasons: list[str]


class TotalRow(TypedDict):
    """A total that a statement asserts, beside what the events make it; a total at the end of a
    month; or what an event adds to a total.

    Of statements ``delta`` is what the events add up to since the last one that agreed (``since``),
    of other totals since the one before.
    """

    issuer: str
    base: str
    share_class: str | None
    kind: Literal["start", "change", "statement", "month-end"]
    day: str
    stated: str | None
    recorded: str | None
    delta: str | None
    since: str | None
    gap: str | None
    gap_before: str | None
    unexplained: str | None
    agrees_without: list[str]
    agrees_with: list[str]
    what: str
    standing: str
    known_on: str | None
    events: list[str]
