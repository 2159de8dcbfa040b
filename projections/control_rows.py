"""Rows of answers on who controls whom."""

from __future__ import annotations

from typing import Literal, TypedDict


class GroupRow(TypedDict):
    """A party that controls a company: since when, by which rule, with which votes."""

    party: str
    in_control_of: str
    since: str | None
    until: str | None
    by: str
    through: list[str]
    votes_attributed: str | None
    percent: str | None
    percent_low: str | None
    percent_high: str | None
    base: str | None
    certain: Literal["yes", "no"]
    standing: str
    events: list[str]
