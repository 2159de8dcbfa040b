"""Rows of fully diluted shares, and of the instruments in them."""

from __future__ import annotations

from typing import TypedDict


class InstrumentRow(TypedDict):
    """An instrument that is open: on how many shares, at what price, until when."""

    instrument: str
    kind: str
    share_class: str | None
    open: str | None
    vested: str | None
    exercise_price: str | None
    highest_exercise_price: str | None
    expires_on: str | None
    principal: str | None
    cap: str | None
    pool: str | None
    events: list[str]


class DilutedRow(TypedDict):
    """A part of the fully diluted shares: a holder's, what a pool has left, what is promised, or a
    total."""

    issuer: str
    kind: str
    holder: str | None
    pool: str | None
    as_converted: str | None
    vested: str | None
    unvested: str | None
    diluted: str
    unknown: list[str]
    percent: str | None
    percent_without_pool: str | None
    at_caps: str | None
    percent_at_caps: str | None
    instruments: list[InstrumentRow]
    standing: str
    events: list[str]
