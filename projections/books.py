"""Books: which movements are settled, and the postings and balances that the read model keeps."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ledger.dates import Days, parse_days
from ledger.envelope import Recorded
from ledger.fact import STANDINGS
from ledger.history import History, subjects_of
from ledger.register import TREASURY, legs
from ledger.view import View
from projections.postings import ISSUER, OPEN, WHOLE, number_of

MOST_SHARES = 10**12  # a movement of more is folded: sums in SQLite are of 64 bits
MOST_SEQUENCE = 2**62


class Place(NamedTuple):
    """Where in a register a movement is posted."""

    share_class: int
    account: int
    day: int
    sequence: int
    position: int


class Books:
    """Enters movements as postings if they are plain, and else as events to be folded."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        id_of: Callable[[str, int], int],
        history: Callable[[int], History],
        *,
        bulk: bool,
    ) -> None:
        self._connection, self._id_of, self._history = connection, id_of, history
        self._bulk = bulk
        self.published: dict[str, Days | bool | None] = {}
        self._postings: list[tuple[int, ...]] = []
        self._folded: list[tuple[int, int, int, int, int]] = []
        self._carried: dict[tuple[int, int, int], int] = defaultdict(int)

    def enter(self, event: Recorded) -> None:
        """Enter a new movement."""
        known = self._settled_day(event, event.position)
        if known is None or "reaffirms" in event.data:
            self.fold(event, event.position, _registers(event))
        else:
            self._post(event, known, event.position)

    def reconsider(self, event: Recorded, position: int) -> None:
        """Enter a movement anew where an event at a position makes it read otherwise."""
        history, known = self._history(position), None
        if not history.is_amended(event.key) and not _told_again(event, history):
            known = self._settled_day(event, position)
        before = self._posted_as(event)
        if known == before:
            return
        if before is None:
            self._connection.execute(
                "UPDATE folded SET until = ? WHERE position = ? AND until = ?"
                f" AND subject IN ({','.join('?' * len(_registers(event)))}) AND type = ?",
                (
                    *(position, event.position, OPEN),
                    *(self._id_of(subject, position) for subject in _registers(event)),
                    self._id_of(f"type:{event.type}", position),
                ),
            )
        else:
            self._withdraw(event, position)
        if known is None:
            self.fold(event, position, _registers(event))
        else:
            self._post(event, known, position)
        self.write()

    def fold(self, event: Recorded, since: int, subjects: Iterable[str]) -> None:
        """Enter an event as one that must be folded wherever the subjects are asked about."""
        of_type = self._id_of(f"type:{event.type}", since)
        for subject in subjects:
            if subject.startswith(("issuer:", "party:")):
                id = self._id_of(subject, since)
                self._folded.append((id, of_type, event.position, since, OPEN))

    def write(self) -> None:
        """Write what was entered."""
        self._postings.sort()
        marks = ",".join("?" * 11)
        self._connection.executemany(f"INSERT INTO postings VALUES ({marks})", self._postings)
        self._connection.executemany(
            "INSERT OR IGNORE INTO folded VALUES (?, ?, ?, ?, ?)", self._folded
        )
        if not self._bulk:
            accounts = [row[:2] for row in self._postings if row[1] >= 0]
            self._connection.executemany("INSERT OR IGNORE INTO accounts VALUES (?, ?)", accounts)
            self._carry()
        self._postings.clear()
        self._folded.clear()

    def close(self) -> None:
        """Sum up what was posted in bulk."""
        if not self._bulk:
            return
        self._connection.execute(
            "INSERT INTO accounts SELECT DISTINCT class, account FROM postings WHERE account >= 0"
        )
        self._connection.execute(
            "INSERT INTO carried SELECT class, account, month,"
            " sum(moved) OVER (PARTITION BY class, account ORDER BY month) FROM"
            " (SELECT class, account, day / 100 AS month,"
            f" coalesce(sum(delta) FILTER (WHERE until = {OPEN}), 0) AS moved"
            " FROM postings GROUP BY class, account, day / 100)"
        )

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

    def _post(self, event: Recorded, known: int, since: int) -> None:
        rank = STANDINGS.index(event.data["standing"])
        trust = event.data["trust"] if event.type == "shares-placed-in-trust" else None
        for place, account, delta in self._places(event):
            entrusted = int(account == trust)
            self._postings.append((*place, since, OPEN, known, rank, entrusted, delta))
            self._carried[place.share_class, place.account, place.day // 100] += delta

    def _withdraw(self, event: Recorded, position: int) -> None:
        for place, _, delta in self._places(event):
            self._connection.execute(
                f"UPDATE postings SET until = ? WHERE {_AT} AND until = ?", (position, *place, OPEN)
            )
            self._carried[place.share_class, place.account, place.day // 100] -= delta

    def _posted_as(self, event: Recorded) -> int | None:
        """The known day under which an event is posted now; None where it is folded."""
        if not _may_be_plain(event):
            return None
        place, *_ = next(iter(self._places(event)))
        row = self._connection.execute(
            f"SELECT known FROM postings WHERE {_AT} AND until = ?", (*place, OPEN)
        ).fetchone()
        return int(row[0]) if row else None

    def _places(self, event: Recorded) -> list[tuple[Place, str | None, int]]:
        """The places of a movement's postings, with the account (None: the class) and shares."""
        shares, of = int(event.data["shares"]), self._id_of(_class(event), event.position)
        day, sequence = number_of(event.data["effective_on"]), int(event.data.get("sequence", "0"))
        moved: dict[str | None, int] = {}
        for account, sign in legs(event.type, event.data):
            moved[account] = moved.get(account, 0) + sign * shares
        if whole := sum(moved.values()):
            moved[None] = whole
        return [
            (Place(of, self._account(account, event), day, sequence, event.position), account, sum_)
            for account, sum_ in moved.items()
        ]

    def _account(self, account: str | None, event: Recorded) -> int:
        if account is None or account == TREASURY:
            return WHOLE if account is None else ISSUER
        return self._id_of(f"party:{account}", event.position)

    def _settled_day(self, event: Recorded, position: int) -> int | None:
        """The one day on which an event, not amended, became known; None where it is not plain."""
        if not _may_be_plain(event):
            return None
        data = event.data
        published = [self._published(c["source"], position) for c in data.get("citations", ())]
        standing = [days for days in published if days is not False]
        if published and not standing:
            return None
        if "known_on" in data:
            known = [parse_days(data["known_on"])]
        else:
            known = [days for days in standing if isinstance(days, Days)]
        if not known:
            return number_of(event.recorded_at)
        first, last = min(d.first for d in known), min(d.last for d in known)
        return number_of(first) if first == last else None

    def _published(self, source: str, position: int) -> Days | bool | None:
        if source not in self.published:
            self.published[source] = View(self._history(position)).publication(source)
        return self.published[source]


_AT = "class = ? AND account = ? AND day = ? AND sequence = ? AND position = ?"


def _may_be_plain(event: Recorded) -> bool:
    """Whether the fields of a movement, all else apart, let it be posted."""
    data = event.data
    return (
        len(data["effective_on"]) == len("2023-11-08")
        and int(data["shares"]) <= MOST_SHARES
        and int(data.get("sequence", "0")) < MOST_SEQUENCE
    )


def _told_again(event: Recorded, history: History) -> bool:
    """Whether an event tells again what another does, or another what it tells."""
    others = history.mentioning(f"event:{event.key}")
    return "reaffirms" in event.data or any(o.data.get("reaffirms") == event.key for o in others)


def _class(event: Recorded) -> str:
    return f"class:{event.data['share_class']}"


def _registers(event: Recorded) -> list[str]:
    """The subjects by which a movement is found when it has to be folded."""
    subjects = sorted(subjects_of(event.type, event.data))
    return [s for s in subjects if s.startswith(("issuer:", "party:"))]
