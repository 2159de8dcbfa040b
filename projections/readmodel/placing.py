"""Where events stand in the fold, as the read model keeps it: at one place whatever else is
recorded, or somewhere between two days.

An event of one day that depends on nothing has its place. One that is amended, waits for a
condition, has no exact date or a sequence too large to be kept lies between two days, under every
date that it is given.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.fact import STANDINGS
from ledger.model.posted import FoldKey, Limits
from ledger.time.history import (
    AMENDMENTS,
    Span,
    Types,
    Unplaced,
    known_when_recorded,
)
from ledger.values.dates import FOREVER, parse_effective, parse_told
from projections.readmodel.days import LARGEST, day_of, number_of, numbers_of

_ALWAYS = 0
_CONDITION, _DATE = "conditional_on", "effective_on"
_PLACED = (
    "SELECT day, sequence, position FROM placed WHERE (day, sequence, position) > (:d0, :s0, :p0)"
    " AND (day, sequence, position) < (:d1, :s1, :p1) AND position <= :now AND known <= :known"
    " AND rank <= :rank{typed} ORDER BY day {way}, sequence {way}, position {way}"
)
_TYPED = (
    " AND type IN (SELECT s.id FROM json_each(:types) t JOIN subjects s ON s.subject = t.value)"
)
_UNPLACED = (
    "SELECT first, last, position FROM unplaced WHERE position <= :now AND first <= :to"
    " AND last >= :from"
)


def place_of(event: Recorded, of_type: int) -> tuple[int, int, int, int, int, int] | None:
    """The row of an event that has a place: with its type, the first day on which it can be known
    (0 where that depends on others) and the rank of its standing."""
    data = event.data
    written = data.get(_DATE)
    sequence = int(data.get("sequence", "0"))
    between = written is not None and (not _is_a_day(written) or _CONDITION in data)
    if between or sequence >= LARGEST:
        return None
    amending = event.type in AMENDMENTS  # others may amend it as well, and it keeps its place
    known, rank = (
        (_ALWAYS, 0) if amending else (_first_known(event), STANDINGS.index(data["standing"]))
    )
    return number_of(written or ""), sequence, event.position, of_type, known, rank


def unplaced_of(event: Recorded) -> tuple[int, int, int]:
    """The row of an event, as it was recorded, that lies between two days."""
    waits = _CONDITION in event.data
    return event.position, *_between(event.data.get(_DATE), waits)


def replaced_by(amendment: Recorded, root: Recorded) -> Iterator[tuple[int, int, int]]:
    """The rows that an amendment adds: where what it amends in the end may lie with it."""
    yield unplaced_of(root)
    waits = _CONDITION in root.data
    for change in amendment.data.get("changes", ()):
        if change["field"] == _CONDITION:
            yield root.position, *_between("unknown", True)
        elif change["field"] == _DATE:
            yield root.position, *_between(change.get("value"), waits)


def _is_a_day(written: str) -> bool:
    """Whether a date is one day: 2023-11-08."""
    return len(written) == 10 and written[4] == written[7] == "-"


def _between(written: Any, waits: bool) -> tuple[int, int]:
    """The days between which a date puts an event; without one it stands before all days."""
    if written is None:
        return 0, 0
    first, last = parse_effective(str(written))
    return number_of(first), number_of(FOREVER if waits else last)


def _first_known(event: Recorded) -> int:
    if "known_on" in event.data:
        return number_of(parse_told(event.data["known_on"]).first)
    return number_of(event.recorded_at[:10]) if known_when_recorded(event) else _ALWAYS


def placed(
    connection: sqlite3.Connection, span: Span, limits: Limits, types: Types, now: int
) -> Iterator[FoldKey]:
    """The places in a part of the fold, in order, of events that may be known by some limits."""
    given: dict[str, Any] = dict(zip(("d0", "s0", "p0"), numbers_of(span.after), strict=True))
    given |= zip(("d1", "s1", "p1"), numbers_of(span.before), strict=True)
    given |= {"now": now, "known": number_of(limits.known_by), "rank": limits.rank}
    given["types"] = json.dumps([f"type:{name}" for name in types or ()])
    sql = _PLACED.format(
        typed="" if types is None else _TYPED, way="DESC" if span.newest else "ASC"
    )
    for day, sequence, position in connection.execute(sql, given):
        yield _day(day), sequence, position


def unplaced(connection: sqlite3.Connection, first: str, last: str, now: int) -> list[Unplaced]:
    """The events that may lie between two days."""
    given = {"now": now, "from": number_of(first), "to": number_of(last)}
    rows = connection.execute(_UNPLACED, given)
    return [Unplaced(_day(first), _day(last), position) for first, last, position in rows]


@lru_cache(20_000)
def _day(number: int) -> str:
    return day_of(number) if number else ""
