"""Rows of answers on the votes in an issuer: by class, and in all from day to day."""

from __future__ import annotations

from typing import TypedDict


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
