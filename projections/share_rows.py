"""Rows of answers on offers for shares, rights in them, and what is received for them."""

from __future__ import annotations

from typing import Literal, TypedDict


class RightRow(TypedDict):
    """A right in shares that stand in the name of another, and what it moves to whom."""

    right: str
    kind: str
    share_class: str
    holder: str
    party: str
    shares: str | None
    extent: Literal["all", "number"]
    voting: str | None
    votes_by: str | None
    matters: list[str]
    dividends_to: str
    title_holder: str
    economic_owner: str
    disposal_by: str
    until: str | None
    since: str | None
    at_latest: str | None
    standing: str
    events: list[str]


class BoundRow(TypedDict):
    """How many shares the acceptance of an open offer binds."""

    offer: str
    shares: str


class LotRow(TypedDict):
    """A holder's shares of a class that are of one lot, or of none (``ordinary``)."""

    issuer: str
    holder: str
    share_class: str
    lot: str
    shares: str
    factor: int
    votes: str
    since: str | None
    reasons: list[str]
    events: list[str]


class OfferRow(TypedDict):
    """What a holder accepted of an offer, what of it is taken by its rule, and what has moved."""

    offer: str
    holder: str
    held: str | None
    entitlement: str | None
    accepted: str | None
    option: str | None
    price: str | None
    taken: str | None
    moved: str
    since: str | None
    at_latest: str | None
    note: str | None
    standing: str
    events: list[str]


class CountedFields(TypedDict, total=False):
    """What an event counted of a holder, what became of its fraction (``rounding``, in words), and
    the money due."""

    counted: str | None
    counted_class: str | None
    counted_on: str | None
    ratio: str | None
    rounding: str | None
    fraction: str | None
    cash: str | None


class FractionRow(TypedDict):
    """What an event that left fractions made of one holding, or gave for those of all."""

    holder: str
    exact: str | None
    fraction: str | None
    shares: str
    cash: str | None
