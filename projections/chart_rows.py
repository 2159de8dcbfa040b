"""Rows of charts: what a holder has over time, and since when what is agreed or held in office."""

from __future__ import annotations

from typing import Literal, TypedDict


class FigureRow(TypedDict):
    """A number of shares or votes, what it is a part of, as a base too, and how exact it is."""

    number: str | None
    of: str | None
    percent: str | None
    percent_exact: str | None
    percent_of: str | None
    qualifier: str | None


class StakeRow(TypedDict):
    """What a holder has from a day on (``since``) until a day that is not in it (null: to the cut).

    ``now`` is the figure as known at the cut, null where there is none. ``then`` says whether on
    the day itself the ``same`` was known, another figure (``known_then``), ``nothing``, or that it
    was ``not-looked-at``. ``made`` tells of a step of ``now`` whether the holder's own movement or
    another's made it, a date alone (``dated``), or an earlier day that is not looked at
    (``start``); null where ``now`` goes on. Where the step is dated by several days ``earliest``
    is the first of them, ``unknown`` where none is known.
    """

    issuer: str
    holder: str
    basis: Literal["register", "disclosed", "asserted"]
    line: str
    since: str | None
    until: str | None
    now: FigureRow | None
    then: Literal["same", "other", "nothing", "not-looked-at"]
    known_then: FigureRow | None
    made: Literal["own", "passive", "dated", "start"] | None
    causes: list[str]
    earliest: str | None
    events: list[str]


class TermRow(TypedDict):
    """A time in which an agreement or a clause was signed or in force, or somebody in office.

    It counts from ``since`` (null: before what is looked at) until a day that is not in it (null:
    to the cut). Where a date is of several days, ``earliest`` and ``ends_earliest`` are their
    first, ``unknown`` where none is known. ``lane`` has all the times of one thing in common.
    """

    company: str
    kind: Literal["agreement", "clause", "director", "officer"]
    lane: str
    agreement: str | None
    clause: str | None
    person: str | None
    role: str | None
    party: str | None
    title: str | None
    status: str
    since: str | None
    until: str | None
    earliest: str | None
    ends_earliest: str | None
    standing: str
    began_by: list[str]
    ended_by: list[str]
