"""Books: which movements are settled, and the postings and balances that the read model keeps."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from ledger.dates import Days, parse_days
from ledger.envelope import Recorded
from ledger.fact import STANDINGS
from ledger.history import History, subjects_of
from ledger.register import SIGNS, issuer_of
from ledger.view import View
from projections.postings import FOUND_BY_POSTINGS, ISSUER, OPEN, WHOLE, number_of

FIELDS = {  # of a movement that its postings and its sources tell all references of
    name: {
        *(field for field, _ in SIGNS[name]),
        *("share_class", "shares", "price", "effective_on", "sequence", "standing"),
        *("known_on", "citations", "inferred_from", "note"),
    }
    for name in FOUND_BY_POSTINGS
}
Place = tuple[int, int, int, int, int]  # class, account, day, sequence, position
_AT = "class = ? AND account = ? AND day = ? AND sequence = ? AND position = ?"
_DAY = len("2023-11-08")
_RANKS = {name: rank for rank, name in enumerate(STANDINGS)}
MOST_SHARES = 10**12  # a movement of more is folded: sums in SQLite are of 64 bits
MOST_SEQUENCE = 2**62


class Numbering(Protocol):
    """Gives subjects their numbers."""

    def id_of(self, kind: str, id: str, position: int) -> int:
        """The number of a subject, its text in two parts, spoken of at a position."""


class Books:
    """Enters movements as postings if they are plain, and else as events to be folded."""

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
        self._days: dict[str, int] = {}
        self._postings: list[tuple[int, ...]] = []
        self._folded: list[tuple[int, int, int, int, int]] = []
        self._carried: dict[tuple[int, int, int], int] = defaultdict(int)

    def enter(self, event: Recorded, of_type: int) -> Iterable[int]:
        """Enter a new movement; returns what it is to be filed under besides its postings."""
        data, position = event.data, event.position
        known = None if "reaffirms" in data else self._settled_day(event, position)
        if known is None:
            self.fold(event, of_type, position, _registers(event))
        else:
            self._post(event, of_type, known, position)
            if data.keys() <= FIELDS.get(event.type, frozenset()) and not _names_issuer(event):
                cited = data.get("citations", ())
                return {self._id_of("source:", c["source"], position) for c in cited}
        subjects = subjects_of(event.type, data) - {f"type:{event.type}"}
        return [self._id_of("", subject, position) for subject in sorted(subjects)]

    def reconsider(self, event: Recorded, position: int) -> None:
        """Enter a movement anew where an event at a position makes it read otherwise."""
        history, known = self._history(position), None
        if not history.is_amended(event.key) and not _told_again(event, history):
            known = self._settled_day(event, position)
        before = self._posted_as(event)
        if known == before:
            return
        of_type = self._id_of("type:", event.type, position)
        if before is None:
            self._connection.executemany(
                "UPDATE folded SET until = ? WHERE subject = ? AND type = ? AND position = ?"
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
        else:
            self._post(event, of_type, known, position)
        self.write()

    def fold(self, event: Recorded, of_type: int, since: int, subjects: Iterable[str]) -> None:
        """Enter an event as one that must be folded wherever the subjects are asked about."""
        for subject in subjects:
            if subject.startswith(("issuer:", "party:")):
                id = self._id_of("", subject, since)
                self._folded.append((id, of_type, event.position, since, OPEN))

    def write(self) -> None:
        """Write what was entered."""
        self._postings.sort()
        marks = ",".join("?" * 12)
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

    def _post(self, event: Recorded, of_type: int, known: int, since: int) -> None:
        rank = _RANKS[event.data["standing"]]
        placing = event.type == "shares-placed-in-trust"
        for place, delta in self._places(event).items():
            entrusted = int(placing and delta > 0)
            self._postings.append((*place, since, OPEN, of_type, known, rank, entrusted, delta))
            if not self._bulk:
                self._carried[place[0], place[1], place[2] // 100] += delta

    def _withdraw(self, event: Recorded, position: int) -> None:
        for place, delta in self._places(event).items():
            self._connection.execute(
                f"UPDATE postings SET until = ? WHERE {_AT} AND until = ?", (position, *place, OPEN)
            )
            self._carried[place[0], place[1], place[2] // 100] -= delta

    def _posted_as(self, event: Recorded) -> int | None:
        """The known day under which an event is posted now; None where it is folded."""
        if not _may_be_plain(event.data):
            return None
        row = self._connection.execute(
            f"SELECT known FROM postings WHERE {_AT} AND until = ?",
            (*next(iter(self._places(event))), OPEN),
        ).fetchone()
        return int(row[0]) if row else None

    def _places(self, event: Recorded) -> dict[Place, int]:
        """The places at which a movement is posted, and what it adds there."""
        data, position, id_of = event.data, event.position, self._id_of
        share_class, shares = data["share_class"], int(data["shares"])
        issuer = issuer_of(share_class)
        id_of("issuer:", issuer, position)
        of, day = id_of("class:", share_class, position), self._day(data["effective_on"])
        sequence = int(data.get("sequence", 0))
        moved: dict[Place, int] = {}
        whole = 0
        for field, sign in SIGNS[event.type]:
            party = data.get(field, issuer)
            account = ISSUER if party == issuer else id_of("party:", party, position)
            place = of, account, day, sequence, position
            moved[place] = moved.get(place, 0) + sign * shares
            whole += sign
        if whole:
            moved[of, WHOLE, day, sequence, position] = whole * shares
        return moved

    def _day(self, text: str) -> int:
        found = self._days.get(text)
        if found is None:
            found = self._days[text] = number_of(text)
        return found

    def _settled_day(self, event: Recorded, position: int) -> int | None:
        """The one day on which an event, not amended, became known; None where it is not plain."""
        data = event.data
        if not _may_be_plain(data):
            return None
        published = [self._published(c["source"], position) for c in data.get("citations", ())]
        standing = [days for days in published if days is not False]
        if published and not standing:
            return None
        if "known_on" in data:
            known = [parse_days(data["known_on"])]
        else:
            known = [days for days in standing if isinstance(days, Days)]
        if not known:
            return self._day(event.recorded_at[:10])
        first, last = min(known)[0], min([days.last for days in known])
        return self._day(first) if first == last else None

    def _published(self, source: str, position: int) -> Days | bool | None:
        if source not in self.published:
            self.published[source] = View(self._history(position)).publication(source)
        return self.published[source]


def _may_be_plain(data: Mapping[str, Any]) -> bool:
    """Whether the fields of a movement, all else apart, let it be posted."""
    return (
        len(data["effective_on"]) == _DAY
        and int(data["shares"]) <= MOST_SHARES
        and int(data.get("sequence", 0)) < MOST_SEQUENCE
    )


def _names_issuer(event: Recorded) -> bool:
    """Whether a party of a movement is the issuer, whose account is not filed as a party's."""
    issuer = issuer_of(event.data["share_class"])
    return any(event.data.get(field) == issuer for field, _ in SIGNS[event.type])


def _told_again(event: Recorded, history: History) -> bool:
    """Whether an event tells again what another does, or another what it tells."""
    others = history.mentioning(f"event:{event.key}")
    return "reaffirms" in event.data or any(o.data.get("reaffirms") == event.key for o in others)


def _registers(event: Recorded) -> list[str]:
    """The subjects by which a movement is found when it has to be folded."""
    subjects = sorted(subjects_of(event.type, event.data))
    return [s for s in subjects if s.startswith(("issuer:", "party:"))]
