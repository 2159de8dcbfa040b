"""Posting: the postings and balances that the read model keeps, made of movements and of what
amendments make of them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ledger.events.envelope import Recorded
from ledger.model.fact import STANDINGS
from ledger.model.movements import PLACING, legs_of, shares_moved
from ledger.model.register import issuer_of
from ledger.time.cut import FLOORS
from ledger.time.history import History, subjects_of
from ledger.time.versions import FLOOR_NAMES, floor_of
from ledger.time.view import View
from ledger.values.dates import Days, parse_told
from projections.readmodel.amended import Amended, Tree, versions_of
from projections.readmodel.days import number_of
from projections.readmodel.plain import (
    FIELDS,
    NO_FIELDS,
    is_plain,
    is_reported_again,
    names_issuer,
    registers_among,
    registers_of,
)
from projections.readmodel.posting_row import PostingRow, merged
from projections.readmodel.postings import CARRIED, ISSUER, NEVER, OPEN, WEAKEST, WHOLE
from projections.readmodel.readings import Reading, open_readings, write_readings

_INSERT = f"INSERT INTO postings VALUES ({','.join('?' * len(PostingRow._fields))})"
_AT = "class = ? AND account = ? AND day = ? AND sequence = ? AND position = ?"
_OPEN_AGAIN = (
    "SELECT * FROM postings INDEXED BY postings_again WHERE position = ? AND since > position"
    f" AND until = {OPEN}"
)
_OPEN_FIRST = f"SELECT * FROM postings WHERE {_AT} AND since = ? AND until = {OPEN}"
_REPLAY = "INSERT OR IGNORE INTO replayed VALUES (?, ?, ?, ?, ?)"
_OPEN_REPLAYED = f"subject = :subject AND type = :type AND position = :position AND until = {OPEN}"
_REPLAY_NOW = (
    f"INSERT INTO replayed SELECT :subject, :type, :position, :now, {OPEN} WHERE NOT EXISTS"
    f" (SELECT 1 FROM replayed WHERE {_OPEN_REPLAYED})"
)
_REPLAY_NO_MORE = f"UPDATE replayed SET until = :now WHERE {_OPEN_REPLAYED}"
_REPLAYED = (
    f"SELECT 1 FROM replayed WHERE subject = ? AND type = ? AND position = ? AND until = {OPEN}"
)
_AMENDED = f"SELECT day, given_up FROM amended WHERE position = ? AND until = {OPEN}"
_AMENDED_NOW = "INSERT INTO amended VALUES (?, ?, ?, ?, ?, ?, ?)"
_AMENDED_NO_MORE = f"UPDATE amended SET until = ? WHERE position = ? AND until = {OPEN}"
MOST_REMEMBERED = 5_000  # amended movements
_RANKS = {name: rank for rank, name in enumerate(STANDINGS)}
_FLOORS = [FLOORS[FLOOR_NAMES[floor_of(rank)]] for rank in range(len(STANDINGS))]


class Numbering(Protocol):
    """Gives subjects their numbers."""

    def id_of(self, kind: str, id: str, position: int) -> int:
        """The number of a subject, its text in two parts, spoken of at a position."""


@dataclass(slots=True)
class _Entered:
    """How a movement that is looked at again is entered: its postings that count now, or that it is
    replayed; and what its amendments, if any, come to, and how it reads with them."""

    rows: list[PostingRow]
    replayed: bool
    amended: Amended | None
    readings: set[Reading]
    tree: Tree | None = None


class PostingRules:
    """Enters movements as postings if they are plain, and else as events to be replayed.

    What is entered is gathered until it is written; ``unposted`` has the positions of the new
    movements that were not posted.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        numbering: Numbering,
        history: Callable[[int], History],
        *,
        bulk: bool,
    ) -> None:
        self._connection, self._history = connection, history
        self._id_of, self._bulk = numbering.id_of, bulk
        self.published: dict[str, Days | bool | None] = {}
        self.unposted: set[int] = set()
        self._entered: dict[int, _Entered] = {}  # of amended movements, by their positions
        self._known: dict[str, int | None] = {}  # the day of a known date, None if not one
        self._days: dict[str, int] = {}
        self._classes: dict[str, tuple[int, str]] = {}
        self._postings: list[PostingRow] = []
        self._replayed: list[tuple[int, int, int, int, int]] = []
        self._accounts: set[tuple[int, int]] = set()
        self._carried: dict[tuple[int, int, int], int] = defaultdict(int)
        self._gathered_from = OPEN  # the position of the first event gathered

    def enter(self, event: Recorded, of_type: int) -> Iterable[int]:
        """Enter a new movement; returns what it is to be indexed under besides its postings."""
        data, position = event.data, event.position
        self._gathered_from = min(self._gathered_from, position)
        known = self._posting_day(event, position)
        if known is None:
            self.unposted.add(position)
            self.fold(event, of_type, position, registers_of(event))
        else:
            rows = self._plain_rows(event, of_type, known, position)
            self._postings += rows
            self._count(rows, 1)
            told = data.keys() <= FIELDS.get(event.type, NO_FIELDS)
            if told and not (any(r.account == ISSUER for r in rows) and names_issuer(data)):
                if "citations" not in data:
                    return ()
                return {self._id_of("source:", c["source"], position) for c in data["citations"]}
        subjects = subjects_of(event.type, data) - {f"type:{event.type}"}
        return [self._id_of("", subject, position) for subject in sorted(subjects)]

    def amend(self, event: Recorded, root: Recorded) -> None:
        """Take note of a new event that amends a movement in the end."""
        entered = self._entered.get(root.position)
        if entered is not None and entered.tree is not None and entered.tree.may_be_posted:
            entered.tree.add(event)

    def renew(self) -> None:
        """Take note that what is known of sources may have changed."""
        self.published.clear()
        self._entered.clear()

    def reconsider(self, event: Recorded, since: int, history: History) -> None:
        """Enter a movement anew where the event at a position made it read otherwise, and nothing
        else did to the end of a history."""
        if event.position >= self._gathered_from:
            self.write()
        of_type = self._id_of("type:", event.type, since)
        entered = self._entered.get(event.position) or self._entered_as(event, of_type)
        before = entered.amended
        rows = self._rows_of(event, of_type, since, history, entered)
        if rows is None or entered.replayed:
            self._replay(event, of_type, since, history, now=rows is None)
        first = before is None and entered.amended is not None
        now = set(rows or ())
        kept = [] if first else [row for row in entered.rows if row.at(since) in now]
        same = {row.at(since) for row in kept}
        come = [row for row in rows or () if row not in same]
        self._withdraw([row for row in entered.rows if row not in kept], since)
        self._connection.executemany(_INSERT, come)
        self._count(come, 1)
        entered.rows, entered.replayed = kept + come, rows is None

    def _replay(
        self, event: Recorded, of_type: int, since: int, history: History, *, now: bool
    ) -> None:
        """Let a movement be replayed from now on, or no more."""
        subjects = registers_among({*subjects_of(event.type, event.data), *history.moved(event)})
        at = {"type": of_type, "position": event.position, "now": since}
        found = [at | {"subject": self._id_of("", one, since)} for one in subjects]
        self._connection.executemany(_REPLAY_NOW if now else _REPLAY_NO_MORE, found)

    def _rows_of(
        self, event: Recorded, of_type: int, since: int, history: History, entered: _Entered
    ) -> list[PostingRow] | None:
        """The postings of a movement at the end of a history; None where it must be replayed."""
        if entered.amended is not None or history.is_amended(event.key):
            return self._rows_of_versions(event, of_type, since, history, entered)
        if is_reported_again(event, history):
            return None
        known = self._posting_day(event, since)
        return None if known is None else self._plain_rows(event, of_type, known, since)

    def _rows_of_versions(
        self, event: Recorded, of_type: int, since: int, history: History, entered: _Entered
    ) -> list[PostingRow] | None:
        before = entered.amended
        if before is not None and before.given_up:
            return None
        if entered.tree is None:
            entered.tree = Tree.of(event, history, self.published)
            self._remember(event, entered)
        entered.tree.go_on(history)
        now, versions, readings = versions_of(entered.tree)
        if readings != entered.readings:
            write_readings(self._connection, event.position, since, entered.readings, readings)
            entered.readings = readings
        if now != before:
            entered.amended = now
            self._connection.execute(_AMENDED_NO_MORE, (since, event.position))
            of, _ = self._class(event.data["share_class"], event.position)
            row = (event.position, since, OPEN, of_type, of, *now)
            self._connection.execute(_AMENDED_NOW, row)
        if versions is None:
            return None
        return merged(
            row._replace(
                known=one.known, floor=one.floor, known_until=one.known_until,
                floor_until=one.floor_until,
            )
            for one in versions
            for row in self._rows(event, one.fact.data, of_type, one.known, since)
        )  # fmt: skip

    def _remember(self, event: Recorded, entered: _Entered) -> None:
        if len(self._entered) > MOST_REMEMBERED:
            self._entered.clear()
        self._entered[event.position] = entered

    def _entered_as(self, event: Recorded, of_type: int) -> _Entered:
        """How a movement is entered, as it was written."""
        issuer = self._id_of("issuer:", issuer_of(event.data["share_class"]), event.position)
        replayed = self._connection.execute(_REPLAYED, (issuer, of_type, event.position)).fetchone()
        row = self._connection.execute(_AMENDED, (event.position,)).fetchone()
        rows = [] if replayed else self._open_rows(event)
        if row is None:
            return _Entered(rows, bool(replayed), None, set())
        readings = open_readings(self._connection, event.position)
        return _Entered(rows, bool(replayed), Amended(*row), readings)

    def fold(self, event: Recorded, of_type: int, since: int, subjects: Iterable[str]) -> None:
        """Enter an event as one that must be replayed wherever the subjects are asked about."""
        for subject in subjects:
            if subject.startswith(("issuer:", "party:")):
                id = self._id_of("", subject, since)
                self._replayed.append((id, of_type, event.position, since, OPEN))

    def write(self) -> None:
        """Write what was gathered, in the order in which it is kept."""
        self._gathered_from = OPEN
        self._postings.sort()
        self._connection.executemany(_INSERT, self._postings)
        self._postings.clear()
        self._write_replayed()
        if self._accounts:
            self._connection.executemany(
                "INSERT OR IGNORE INTO accounts VALUES (?, ?)", sorted(self._accounts)
            )
            self._accounts.clear()
        self._carry()

    def forget(self) -> None:
        """Keep no numbers in memory."""
        self._classes.clear()

    def close(self) -> None:
        """Sum up what was posted in bulk."""
        if not self._bulk:
            return
        self._connection.execute(
            "INSERT INTO carried SELECT class, account, month,"
            " sum(moved) OVER (PARTITION BY class, account ORDER BY month) FROM"
            " (SELECT class, account, day / 100 AS month,"
            f" coalesce(sum(delta) FILTER (WHERE {CARRIED}), 0) AS moved"
            " FROM postings GROUP BY class, account, day / 100)"
        )

    def _write_replayed(self) -> None:
        self._connection.executemany(_REPLAY, self._replayed)
        self._replayed.clear()

    def _carry(self) -> None:
        """Carry what was posted since the last time forward to the end of every later month."""
        for (share_class, account, month), delta in self._carried.items():
            on = {"class": share_class, "account": account, "month": month, "delta": delta}
            self._connection.execute(
                "INSERT INTO carried SELECT :class, :account, :month, coalesce((SELECT balance"
                " FROM carried WHERE class = :class AND account = :account AND month < :month"
                " ORDER BY month DESC LIMIT 1), 0) WHERE true ON CONFLICT DO NOTHING",
                on,
            )
            self._connection.execute(
                "UPDATE carried SET balance = balance + :delta"
                " WHERE class = :class AND account = :account AND month >= :month",
                on,
            )
        self._carried.clear()

    def _count(self, rows: Iterable[PostingRow], sign: int) -> None:
        """Remember accounts that rows touch, and what they add to or take from a month."""
        for row in rows:
            if row.account >= 0:
                self._accounts.add((row.share_class, row.account))
            if not self._bulk:
                month = row.day // 100
                self._carried[row.share_class, row.account, month] += sign * row.carried

    def _withdraw(self, rows: Sequence[PostingRow], position: int) -> None:
        self._connection.executemany(
            f"UPDATE postings SET until = ? WHERE {_AT} AND since = ? AND known = ? AND floor = ?",
            [(position, *row.key) for row in rows],
        )
        self._count(rows, -1)

    def _open_rows(self, event: Recorded) -> list[PostingRow]:
        """The postings of a movement that count now: those of its own, or of its versions."""
        again = self._connection.execute(_OPEN_AGAIN, (event.position,)).fetchall()
        if not again and is_plain(event.type, event.data):
            for row in self._plain_rows(event, 0, 0, event.position):
                again += self._connection.execute(_OPEN_FIRST, row.key[:6]).fetchall()
        return [PostingRow(*row) for row in again]

    def _plain_rows(
        self, event: Recorded, of_type: int, known: int, since: int
    ) -> list[PostingRow]:
        """The postings of a movement that nothing amends."""
        return self._rows(event, event.data, of_type, known, since)

    def _rows(
        self, event: Recorded, data: Mapping[str, Any], of_type: int, known: int, since: int
    ) -> list[PostingRow]:
        """The postings of a movement, with some data: by class, account, day, sequence and
        position."""
        position, name = event.position, event.type
        share_class, shares = data["share_class"], int(shares_moved(data))
        found = self._classes.get(share_class)
        of, issuer = self._class(share_class, position) if found is None else found
        day = self._day(data["effective_on"])
        sequence = int(data["sequence"]) if "sequence" in data else 0
        moved: dict[int, int] = {}
        whole = 0
        for field, sign in legs_of(name, data):
            party = data.get(field, issuer)
            account = ISSUER if party == issuer else self._id_of("party:", party, position)
            moved[account] = moved.get(account, 0) + sign * shares
            whole += sign
        if whole:
            moved[WHOLE] = whole * shares
        rank, placing = _RANKS[data["standing"]], name in PLACING
        floor = _FLOORS[rank]
        return [
            PostingRow(
                of, account, day, sequence, position, since, known, floor, OPEN, NEVER, WEAKEST,
                of_type, rank, 1 if placing and delta > 0 else 0, delta,
            )
            for account, delta in moved.items()
        ]  # fmt: skip

    def _class(self, share_class: str, position: int) -> tuple[int, str]:
        issuer = issuer_of(share_class)
        self._id_of("issuer:", issuer, position)
        found = self._id_of("class:", share_class, position), issuer
        self._classes[share_class] = found
        return found

    def _day(self, text: str) -> int:
        found = self._days.get(text)
        if found is None:
            found = self._days[text] = number_of(text)
        return found

    def _posting_day(self, event: Recorded, position: int) -> int | None:
        """The one day on which an event, not amended, became known; None where it is not plain."""
        data = event.data
        if not is_plain(event.type, data):
            return None
        standing: list[Days | bool | None] = []
        if "citations" in data:
            found = [self._published(c["source"], position) for c in data["citations"]]
            standing = [days for days in found if days is not False]
            if found and not standing:
                return None
        if "known_on" in data:
            text = data["known_on"]
            if text not in self._known:
                self._known[text] = self._one_day([parse_told(text)])
            return self._known[text]
        known = [days for days in standing if isinstance(days, Days)]
        return self._one_day(known) if known else self._day(event.recorded_at[:10])

    def _one_day(self, known: Sequence[Days]) -> int | None:
        first, last = min(known)[0], min([days.last for days in known])
        return self._day(first) if first == last else None

    def _published(self, source: str, position: int) -> Days | bool | None:
        if source not in self.published:
            self.published[source] = View(self._history(position)).publication(source)
        return self.published[source]
