"""Rows of answers on who controls whom, who owns whom in the end, what is held through others."""

from __future__ import annotations

from typing import Literal, TypedDict


class ControlRow(TypedDict):
    """A party that controls a company: by which rule, with which votes."""

    party: str
    in_control_of: str
    by: str
    through: list[str]
    votes_attributed: str | None
    percent: str | None
    percent_low: str | None
    percent_high: str | None
    base: str | None
    certain: Literal["yes", "no"]


class GroupRow(TypedDict):
    """A party that controls a company: since when, by which rule, with which votes."""

    party: str
    in_control_of: str
    since: str | None
    until: str | None
    began_by: list[str]
    ended_by: list[str]
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


class PartTold(TypedDict):
    """The part of an owner, as rows of owners have it."""

    percent: str | None
    percent_exact: str | None
    percent_low: str | None
    percent_high: str | None
    percent_of: str | None


class OwnerRow(TypedDict):
    """An owner of a company under a named rule: by which limb of it, with what, since when.

    The row of what is not known has no party; that of a ring names its companies in ``through``.
    """

    company: str
    rule: str
    party: str | None
    role: str
    by: str
    through: list[str]
    percent: str | None
    percent_exact: str | None
    percent_low: str | None
    percent_high: str | None
    percent_of: str | None
    band: str | None
    certain: Literal["yes", "no"]
    since: str | None
    until: str | None
    began_by: list[str]
    ended_by: list[str]
    standing: str
    events: list[str]


class EconomicRow(TypedDict):
    """Who has what of a company in the end, by stakes multiplied along all chains.

    The row of what is not known has no party, nor has that of a company that rests on a loop too
    long to be solved; that of a ring names its companies in ``through``.
    """

    company: str
    rule: Literal["economic"]
    party: str | None
    role: str
    by: str
    through: list[str]
    percent: str | None
    percent_exact: str | None
    percent_low: str | None
    percent_high: str | None
    percent_of: str | None
    certain: Literal["yes", "no"]


class ChainRow(TypedDict):
    """A chain of stakes, from the holder to the issuer, and the product of the stakes."""

    parties: list[str]
    percent: str | None
    percent_exact: str | None


class Votes(TypedDict):
    """Votes that are attributed to a holder, by what makes them its."""

    direct: str | None
    trusts: str | None
    by_rights: str | None
    controlled: str | None
    concert: str | None
    attributed: str | None
    attributed_percent: str | None
    base: str | None


class IndirectRow(Votes):
    """What a holder has of an issuer: votes that are attributed to it, and its economic interest
    through chains and loops."""

    issuer: str
    economic: str | None
    economic_percent: str | None
    economic_low: str | None
    economic_high: str | None
    chains: list[ChainRow]
    through_loops: str | None
    standing: str
    events: list[str]


class PowerRow(TypedDict):
    """A player in a vote with its power to decide, or a coalition that wins by every member."""

    issuer: str
    kind: Literal["player", "rest", "coalition"]
    holder: str | None
    parties: list[str]
    with_rest: Literal["yes", "no"]
    votes: str
    percent: str | None
    percent_exact: str | None
    quota: str
    swings: str | None
    banzhaf: str | None
    banzhaf_exact: str | None
    shapley: str | None
    shapley_exact: str | None
    in_minimal: Literal["yes", "no"] | None
    veto: Literal["yes", "no"] | None
    events: list[str]
