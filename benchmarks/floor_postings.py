"""The postings of a floor: what each movement adds to accounts, between which limits, and the
balances they come to, which end no day below zero.

A posting counts from the position ``since`` until the position ``until``, and for whoever asks by a
day from ``known`` until ``known_until``. What a made-up ledger does not hold is refused.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from benchmarks.floor_fold import (
    NEVER,
    OPEN,
    STANDS,
    Row,
    Split,
    Wrong,
    fold,
    number_of,
    splits_of,
)
from benchmarks.floor_log import Logged
from ledger.model.fact import STANDINGS
from ledger.model.movements import legs_of

TABLES = (
    "CREATE TABLE postings (class INTEGER, account INTEGER, day INTEGER, sequence INTEGER,"
    " position INTEGER, since INTEGER, known INTEGER, until INTEGER, known_until INTEGER,"
    " rank INTEGER, delta INTEGER,"
    " PRIMARY KEY (class, account, day, sequence, position, since, known)) WITHOUT ROWID",
    "CREATE INDEX postings_again ON postings (position) WHERE since > position",
    "CREATE TABLE splits (class INTEGER, day INTEGER, sequence INTEGER, position INTEGER,"
    " known INTEGER, rank INTEGER, new INTEGER, old INTEGER,"
    " PRIMARY KEY (class, day, sequence, position)) WITHOUT ROWID",
    "CREATE TABLE balances (class INTEGER, account INTEGER, shares INTEGER,"
    " PRIMARY KEY (class, account)) WITHOUT ROWID",
    "CREATE TABLE standings (rank INTEGER PRIMARY KEY, name TEXT NOT NULL)",
    *(f"INSERT INTO standings VALUES ({rank}, '{name}')" for rank, name in enumerate(STANDINGS)),
)
_POST = f"INSERT INTO postings VALUES ({','.join('?' * 11)})"
_SPLIT = "INSERT INTO splits VALUES (?,?,?,?,?,?,?,?)"
_OPEN_OF = "UPDATE postings SET until = ? WHERE {} AND until = " + str(OPEN)
_WITHDRAW = _OPEN_OF.format(
    "class = ? AND account = ? AND day = ? AND sequence = ? AND position = ?"
)
_WITHDRAW_AGAIN = _OPEN_OF.format("position = ? AND since > position")
_AGAIN = f"SELECT class FROM postings WHERE position = ? AND since > position AND until = {OPEN}"
_BELOW = (
    "SELECT class, account FROM (SELECT class, account, sum(sum(delta)) OVER"
    " (PARTITION BY class, account ORDER BY day) AS held FROM postings"
    f" WHERE {STANDS} AND {{}} GROUP BY class, account, day) WHERE held < 0 LIMIT 1"
)
_SUMS = (
    "INSERT INTO balances SELECT class, account, sum(delta) FROM postings"
    f" WHERE {STANDS} AND {{}} GROUP BY class, account"
)
_ADD = "INSERT INTO balances VALUES (?,?,?) ON CONFLICT DO UPDATE SET shares = shares + ?"
_UNSPLIT = "class NOT IN (SELECT class FROM splits)"
Numbering = Callable[[str], int]


class Amendment(NamedTuple):
    """A correction or retraction: when it became known, 0 for whenever, and what it changes."""

    known: int
    changes: Sequence[Mapping[str, Any]] | None


def amendment_of(data: Mapping[str, Any], recorded_at: str) -> Amendment:
    """What a recorded amendment says."""
    known = data.get("known_on")
    if known is None and data.get("correction") == "new-information":
        known = recorded_at[:10]
    return Amendment(number_of(known) if known else 0, data.get("changes"))


def in_force(amendments: Sequence[Amendment], day: int) -> list[Amendment]:
    """Those known by a day in the order in which they became known; one known whenever comes after
    those recorded before it."""
    found, latest = list[tuple[int, int]](), 0
    for number, one in enumerate(amendments):
        latest = max(latest, one.known)
        if one.known <= day:
            found.append((one.known or latest, number))
    return [amendments[number] for _, number in sorted(found)]


def amended(data: Mapping[str, Any], amendments: Iterable[Amendment]) -> dict[str, Any] | None:
    """What is left of the data of an event; None where it was retracted."""
    said = dict(data)
    for _, changes in amendments:
        if changes is None:
            return None
        said |= {one["field"]: one.get("value") for one in changes}
    return {name: value for name, value in said.items() if value is not None}


class Postings:
    """Posts movements, and posts them anew at the end of the batch that amends them."""

    def __init__(self, connection: sqlite3.Connection, number: Numbering, *, bulk: bool) -> None:
        self._connection, self._number, self._bulk = connection, number, bulk
        self.published: dict[str, int | None] = {}  # by source; None where it was withdrawn
        self._moved: dict[int, list[Row] | None] = {}  # by class; None where all is summed anew
        self._rows: list[Row] = []

    def post(self, event: Logged) -> None:
        """Post a movement as it is told."""
        known = self._known_day(event.data, event.recorded_at)
        if known is None:
            return
        rows = self._rows_of(event, event.data, event.position, known, NEVER)
        self._rows += rows
        moved = self._moved.setdefault(rows[0][0], [])
        if moved is not None and not self._bulk:
            moved += rows

    def split(self, event: Logged) -> None:
        """Enter a split."""
        data = event.data
        known = self._known_day(data, event.recorded_at)
        if known is not None:
            of, (new, old) = self._number(f"class:{data['share_class']}"), data["ratio"].split(":")
            at = (number_of(data["effective_on"]), int(data.get("sequence", "0")), event.position)
            row = of, *at, known, STANDINGS.index(data["standing"]), int(new), int(old)
            self._connection.execute(_SPLIT, row)
            self._moved[of] = None

    def write(self) -> None:
        """Write what was gathered, in the order in which it is kept."""
        self._rows.sort()
        self._connection.executemany(_POST, self._rows)
        self._rows.clear()

    def reconsider(self, event: Logged, amendments: Sequence[Amendment], at: int) -> None:
        """Post each version of a movement from a position on, in place of what was posted."""
        rows = self._rows_of(event, event.data, event.position, 0, NEVER)
        again = self._connection.execute(_AGAIN, (event.position,)).fetchall()
        self._connection.executemany(_WITHDRAW, [(at, *row[:5]) for row in rows])
        self._connection.execute(_WITHDRAW_AGAIN, (at, event.position))
        days, posted = sorted({0, *(one.known for one in amendments)}), list[Row]()
        for start, end in pairwise([*days, NEVER]):
            said = amended(event.data, in_force(amendments, start))
            known = None if said is None else self._known_day(said, event.recorded_at)
            if said is not None and known is not None and max(known, start) < end:
                posted += self._rows_of(event, said, at, max(known, start), end)
        self._rows += posted
        self._moved |= dict.fromkeys(row[0] for row in (*rows, *again, *posted))

    def settle(self) -> None:
        """Bring the balances up to what was posted since the last time; Wrong where an account ends
        a day below zero."""
        self.write()
        if self._bulk:
            self._check(_UNSPLIT)
            self._connection.execute(_SUMS.format(_UNSPLIT))
            of = self._connection.execute("SELECT DISTINCT class FROM splits").fetchall()
            self._moved = {share_class: None for (share_class,) in of}
        for share_class, rows in self._moved.items():
            splits = self._splits(share_class)
            gained = rows is not None and all(row[-1] > 0 for row in rows)
            if rows and (not splits or (gained and all(r[2:5] > splits[-1][0] for r in rows))):
                self._add(share_class, rows)
            else:
                self._fold(share_class)
        self._moved.clear()
        self._bulk = False

    def _check(self, which: str) -> None:
        if short := self._connection.execute(_BELOW.format(which)).fetchone():
            raise Wrong(f"account {short[1]} of class {short[0]} is below zero")

    def _add(self, share_class: int, rows: Sequence[Row]) -> None:
        """Add to the balances of a class that is not split later."""
        added = defaultdict[int, int](int)
        for row in rows:
            added[row[1]] += row[-1]
        for account in {row[1] for row in rows if row[-1] < 0}:
            self._check(f"class = {share_class} AND account = {account}")
        found = [(share_class, account, n, n) for account, n in added.items()]
        self._connection.executemany(_ADD, found)

    def _fold(self, share_class: int) -> None:
        """Work out the balances of a class anew."""
        of = (share_class,)
        rows = self._connection.execute(
            "SELECT account, day, sequence, position, delta FROM postings"
            f" WHERE class = ? AND {STANDS} ORDER BY account, day, sequence, position",
            of,
        )
        found = [(share_class, *one) for one in fold(rows, self._splits(share_class))]
        self._connection.execute("DELETE FROM balances WHERE class = ?", of)
        self._connection.executemany("INSERT INTO balances VALUES (?,?,?)", found)

    def _splits(self, share_class: int) -> list[Split]:
        return splits_of(self._connection, "class = ?", share_class).get(share_class, [])

    def _rows_of(
        self, event: Logged, data: Mapping[str, Any], since: int, known: int, until: int
    ) -> list[Row]:
        share_class, moved = data["share_class"], defaultdict[int, int](int)
        for field, sign in legs_of(event.type, data):
            party = data.get(field) or share_class.partition("/")[0]
            moved[self._number(f"party:{party}")] += sign * int(data["shares"])
        of, day = self._number(f"class:{share_class}"), number_of(data["effective_on"])
        at = day, int(data.get("sequence", "0")), event.position, since, known, OPEN, until
        rank = STANDINGS.index(data["standing"])
        return [(of, account, *at, rank, delta) for account, delta in moved.items()]

    def _known_day(self, data: Mapping[str, Any], recorded_at: str) -> int | None:
        """When a movement became known; None where every source of it was withdrawn."""
        cited = [self._published(one["source"]) for one in data.get("citations", ())]
        published = [day for day in cited if day is not None]
        if cited and not published:
            return None
        if "known_on" in data:
            return number_of(data["known_on"])
        return min(published) if published else number_of(recorded_at[:10])

    def _published(self, source: str) -> int | None:
        if source not in self.published:
            raise Wrong(f"no date of {source} is known here")
        return self.published[source]
