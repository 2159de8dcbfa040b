"""Rows of a graph: an edge each, from who has something to what it has it of."""

from __future__ import annotations

from typing import Literal, TypedDict


class GraphRow(TypedDict):
    """What a party has of another: shares and votes, a role in a trust, a right, control.

    Of a stake, ``percent`` is of the shares issued (of several classes, of the whole capital) or,
    where it is disclosed, of what ``percent_of`` says.
    """

    party: str
    party_kind: str
    of: str
    of_kind: str
    role: str
    shares: str | None
    percent: str | None
    percent_exact: str | None
    percent_to: str | None
    qualifier: str | None
    percent_of: str | None
    votes: str | None
    votes_percent: str | None
    votes_percent_exact: str | None
    after_caps_percent: str | None
    after_caps_percent_exact: str | None
    suspended: str | None
    neutral: str | None
    factor: str | None
    bound_by: list[str]
    basis: Literal["register", "disclosed", "asserted", "recorded"]
    in_control: Literal["yes", "perhaps", "no"]
    closes_loop: bool
    since: str | None
    standing: str
    events: list[str]
