"""Readings: how amended movements and their amendments read, to count what a cut leaves out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from ledger.time.cut import FLOORS
from ledger.time.versions import FLOOR_NAMES, WHENEVER, Standing
from ledger.values.dates import FOREVER
from projections.readmodel.days import number_of
from projections.readmodel.postings import NEVER, OPEN

EVER = number_of(WHENEVER)


class Reading(NamedTuple):
    """What decides whether a cut leaves an event out, between limits of knowledge and of standing:
    the ``day`` on which it takes effect, 0 where it has none; the day on which it became known; its
    rank; and whether it is ``uncited``, with neither a source nor a known date."""

    event: int
    known_from: int
    floor: int
    known_until: int
    floor_until: int
    day: int
    known: int
    rank: int
    uncited: int


_READINGS = (
    f"SELECT {','.join(Reading._fields)} FROM readings WHERE position = ? AND until = {OPEN}"
)
_READ_NOW = f"INSERT INTO readings VALUES (?, ?, {OPEN}{', ?' * len(Reading._fields)})"
_READ_NO_MORE = (
    "UPDATE readings SET until = ? WHERE position = ? AND event = ? AND known_from = ?"
    f" AND floor = ? AND until = {OPEN}"
)


def readings_of(position: int, found: Iterable[Standing]) -> list[Reading]:
    """How the event at a position reads, by all ways in which it does; ways that differ in nothing
    that decides are one."""
    readings = list[Reading]()
    for fact, (start, end), (first, until) in found:
        one = Reading(
            position,
            number_of(start),
            FLOORS[FLOOR_NAMES[first]],
            NEVER if end == FOREVER else number_of(end),
            FLOORS[FLOOR_NAMES[until - 1]],
            number_of(fact.effective.first) if fact.effective else 0,
            number_of(fact.known.first),
            fact.rank,
            int("known_on" not in fact.data and "citations" not in fact.data),
        )
        before = readings[-1] if readings else None
        if (
            before
            and one == before._replace(known_from=one[1], known_until=one[3])
            and (before.known_until == one.known_from)
        ):
            readings[-1] = before._replace(known_until=one.known_until)
        else:
            readings.append(one)
    return readings


def open_readings(connection: sqlite3.Connection, position: int) -> set[Reading]:
    """How the movement at a position and its amendments read now."""
    return {Reading(*row) for row in connection.execute(_READINGS, (position,))}


def write_readings(
    connection: sqlite3.Connection,
    position: int,
    since: int,
    before: set[Reading],
    now: set[Reading],
) -> None:
    """Let a movement and its amendments read otherwise from another position on."""
    gone = [(since, position, *one[:3]) for one in before - now]
    connection.executemany(_READ_NO_MORE, gone)
    connection.executemany(_READ_NOW, [(position, since, *one) for one in now - before])
