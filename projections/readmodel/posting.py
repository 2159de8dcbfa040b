"""Posting: which movements are posted, and the postings and balances that the read model keeps."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from ledger.events.envelope import Recorded
from ledger.model.fact import STANDINGS
from ledger.model.movements import LEG_FIELDS, PARTIES, PLACING, legs_of, shares_moved
from ledger.model.register import issuer_of
from ledger.time.history import History, subjects_of
from ledger.time.view import View
from ledger.values.dates import Days, parse_effective, parse_told
from projections.readmodel.postings import FOUND_BY_POSTINGS, ISSUER, OPEN, WHOLE, number_of

FIELDS = {  # of a movement that its postings and its sources tell all references of
    name: {
        *LEG_FIELDS[name],
        *("share_class", "shares", "price", "effective_on", "sequence", "tense", "standing"),
        *("known_on", "citations", "inferred_from", "note"),
    }
    for name in FOUND_BY_POSTINGS
}


class PostingRow(NamedTuple):
    """A posting as the read model has it; classes, accounts and types are numbers of subjects, days
    are numbers such as 20231108."""

    share_class: int
    account: int
    day: int
    sequence: int
    position: int
    since: int
    until: int
    type: int
    known: int
    rank: int
    entrusted: int
    delta: int

    @property
    def key(self) -> tuple[int, int, int, int, int]:
        """What tells a posting from others of its table."""
        return self[:5]


_NO_FIELDS: frozenset[str] = frozenset()
_INSERT = f"INSERT INTO postings VALUES ({','.join('?' * len(PostingRow._fields))})"
_AT = "class = ? AND account = ? AND day = ? AND sequence = ? AND position = ?"
_RANKS = {name: rank for rank, name in enumerate(STANDINGS)}
MOST_SHARES = 10**12  # a movement of more is replayed: sums in SQLite are of 64 bits
MOST_SEQUENCE = 2**62


class Numbering(Protocol):
    """Gives subjects their numbers."""

    def id_of(self, kind: str, id: str, position: int) -> int:
        """The number of a subject, its text in two parts, spoken of at a position."""


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
        known = None if "reaffirms" in data else self._posting_day(event, position)
        if known is None:
            self.unposted.add(position)
            self.fold(event, of_type, position, _registers(event))
        else:
            rows = self._rows(event, of_type, known, position)
            self._postings += rows
            self._count(rows, 1)
            if data.keys() <= FIELDS.get(event.type, _NO_FIELDS) and not _names_issuer(rows, data):
                if "citations" not in data:
                    return ()
                return {self._id_of("source:", c["source"], position) for c in data["citations"]}
        subjects = subjects_of(event.type, data) - {f"type:{event.type}"}
        return [self._id_of("", subject, position) for subject in sorted(subjects)]

    def reconsider(self, event: Recorded, position: int) -> None:
        """Enter a movement anew where an event at a position makes it read otherwise."""
        if event.position >= self._gathered_from:
            self.write()
        history, known = self._history(position), None
        if not history.is_amended(event.key) and not _reported_again(event, history):
            known = self._posting_day(event, position)
        before = self._posted_as(event)
        if known == before:
            return
        of_type = self._id_of("type:", event.type, position)
        if before is None:
            self._connection.executemany(
                "UPDATE replayed SET until = ? WHERE subject = ? AND type = ? AND position = ?"
                f" AND until = {OPEN}",
                [
                    (position, self._id_of("", subject, position), of_type, event.position)
                    for subject in _registers(event)
                ],
            )
        else:
            self._withdraw(event, position)
        if known is None:
            self.fold(event, of_type, position, _registers(event))
            self._write_replayed()
        else:
            rows = self._rows(event, of_type, known, position)
            self._connection.executemany(_INSERT, rows)
            self._count(rows, 1)

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
            f" coalesce(sum(delta) FILTER (WHERE until = {OPEN}), 0) AS moved"
            " FROM postings GROUP BY class, account, day / 100)"
        )

    def _write_replayed(self) -> None:
        self._connection.executemany(
            "INSERT OR IGNORE INTO replayed VALUES (?, ?, ?, ?, ?)", self._replayed
        )
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
                self._carried[row.share_class, row.account, month] += sign * row.delta

    def _withdraw(self, event: Recorded, position: int) -> None:
        rows = self._rows(event, 0, 0, event.position)
        self._connection.executemany(
            f"UPDATE postings SET until = ? WHERE {_AT} AND until = ?",
            [(position, *row.key, OPEN) for row in rows],
        )
        self._count(rows, -1)

    def _posted_as(self, event: Recorded) -> int | None:
        """The known day under which an event is posted now; None where it is replayed."""
        if not _may_be_posted(event):
            return None
        row = self._connection.execute(
            f"SELECT known FROM postings WHERE {_AT} AND until = ?",
            (*self._rows(event, 0, 0, 0)[0].key, OPEN),
        ).fetchone()
        return int(row[0]) if row else None

    def _rows(self, event: Recorded, of_type: int, known: int, since: int) -> list[PostingRow]:
        """The postings of a movement: by class, account, day, sequence and position."""
        data, position, name = event.data, event.position, event.type
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
        return [
            PostingRow(
                of, account, day, sequence, position, since, OPEN, of_type, known, rank,
                1 if placing and delta > 0 else 0, delta,
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
        if not _may_be_posted(event):
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


def _may_be_posted(event: Recorded) -> bool:
    """Whether the fields of a movement, all else apart, let it be posted."""
    data = event.data
    dated = parse_effective(data["effective_on"])
    return (
        dated.first == dated.last
        and bool(legs_of(event.type, data))
        and "paid_per_share" not in data  # what is paid is followed share by share
        and "." not in (shares := shares_moved(data))  # parts of shares are followed exactly
        and int(shares) <= MOST_SHARES
        and ("sequence" not in data or int(data["sequence"]) < MOST_SEQUENCE)
    )


def _names_issuer(rows: Iterable[PostingRow], data: Mapping[str, Any]) -> bool:
    """Whether a party of a movement is the issuer, whose account is not indexed as a party's."""
    if all(row.account != ISSUER for row in rows):
        return False
    issuer = issuer_of(data["share_class"])
    return any(data.get(field) == issuer for field in PARTIES)


def _reported_again(event: Recorded, history: History) -> bool:
    """Whether an event tells again what another does, or another what it tells."""
    others = history.mentioning(f"reaffirmed:{event.key}")
    return "reaffirms" in event.data or any(o.data.get("reaffirms") == event.key for o in others)


def _registers(event: Recorded) -> list[str]:
    """The subjects by which a movement is found when it has to be replayed."""
    subjects = sorted(subjects_of(event.type, event.data))
    return [s for s in subjects if s.startswith(("issuer:", "party:"))]
