"""Filing: events from the log written into the tables of the read model, each exactly once.

Events come in pages. Of a page most rows are written together; an event that bears on earlier ones
(an amendment, news of a source, a statement repeated) is filed by itself, because it must find what
was filed before it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from ledger.dates import UNKNOWN, parse_effective
from ledger.envelope import Recorded
from ledger.history import AMENDMENTS, History, filings, subjects_of
from ledger.reach import bears_on_others, reached
from ledger.register import SIGNS
from projections.books import Books

PAGE = 5_000
MOST_REMEMBERED = 200_000  # ids of subjects kept in memory while filing
_TABLES: dict[str, tuple[dict[str, type], tuple[str, ...]]] = {
    "filed": (
        {"subject": int, "type": int, "position": int, "filed_by": int},
        ("subject", "type", "position"),
    ),
    "folded": (
        {"subject": int, "type": int, "position": int, "since": int, "until": int},
        ("subject", "type", "position", "since"),
    ),
    "accounts": ({"class": int, "account": int}, ("class", "account")),
    "postings": (
        {
            "class": int, "account": int, "day": int, "sequence": int, "position": int,
            "since": int, "until": int, "type": int, "known": int, "rank": int, "entrusted": int,
            "delta": int,
        },
        ("class", "account", "day", "sequence", "position", "since"),
    ),
    "carried": (
        {"class": int, "account": int, "month": int, "balance": int},
        ("class", "account", "month"),
    ),
}  # fmt: skip


def create(database: Any, ledger: str, version: int) -> None:
    """Make the tables of a read model, unless they are there."""
    if "read_model" in database.table_names():
        return
    database["events"].create(
        {"position": int, "key": str, "amended": int, "data": str}, pk="position"
    )
    database["events"].create_index(["key"], unique=True)
    database["subjects"].create({"id": int, "subject": str, "first": int}, pk="id")
    database["subjects"].create_index(["subject"], unique=True)
    for name, (columns, pk) in _TABLES.items():
        sql = database.create_table_sql(name, columns, pk=pk).rstrip().removesuffix(";")
        database.conn.execute(f"{sql} WITHOUT ROWID")
    database["accounts"].create_index(["account", "class"])
    database.conn.execute(
        "CREATE INDEX postings_in_trust ON postings (class, account) WHERE entrusted = 1"
    )
    database["read_model"].insert(
        {"only": 1, "ledger": ledger, "format": version, "position": 0}, pk="only"
    )


class Filing:
    """Files events in ascending order of position; ``history`` gives what was filed up to one."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        ledger: str,
        history: Callable[[int], History],
        reached: int,
    ) -> None:
        self._connection, self._ledger, self._history = connection, ledger, history
        self._subjects = Subjects(connection)
        self._events: list[tuple[int, str, None, str]] = []
        self._filed: list[tuple[int, int, int, int]] = []
        self._books = Books(connection, self._subjects, history, bulk=reached == 0)

    def file(self, events: Iterable[Recorded], progress: Callable[[int], None]) -> int | None:
        """File events; returns the position of the last, None if there was none."""
        coming, position = iter(events), None
        while page := list(islice(coming, PAGE)):
            for event in page:
                self._one(event)
            position = page[-1].position
            self._write()
            progress(position)
        self._books.close()
        return position

    def _one(self, event: Recorded) -> None:
        position, id_of = event.position, self._subjects.id_of
        state = event.raw or event.state(self._ledger)
        self._events.append((position, event.key, None, state.decode()))
        of_type = id_of("type:", event.type, position)
        self._filed.append((of_type, of_type, position, position))
        if event.type in SIGNS:
            for subject in self._books.enter(event, of_type):
                self._filed.append((subject, of_type, position, position))
            if "reaffirms" in event.data:
                self._follow(event)
            return
        found = sorted(subjects_of(event.type, event.data) - {f"type:{event.type}"})
        ids = {subject: id_of("", subject, position) for subject in found}
        self._filed += [(id, of_type, position, position) for id in ids.values()]
        if event.type == "source-registered" and self._is_news(event, ids):
            self._books.published[event.data["source"]] = parse_effective(
                event.data.get("published_on", UNKNOWN)
            )
        elif bears_on_others(event):
            self._follow(event)

    def _is_news(self, event: Recorded, ids: dict[str, int]) -> bool:
        """Whether nothing earlier speaks of a source now registered, which rests on no other."""
        if "citations" in event.data or "reaffirms" in event.data:
            return False
        return self._subjects.first(ids[f"source:{event.data['source']}"]) == event.position

    def _follow(self, event: Recorded) -> None:
        """File what an event changes about earlier ones."""
        self._write()
        self._books.published.clear()
        history = self._history(event.position)
        if event.type in AMENDMENTS:
            self._connection.execute(
                "UPDATE events SET amended = ? WHERE key = ? AND amended IS NULL",
                (event.position, event.data["event"]),
            )
            for subject, root in filings(event, history):
                if root.position != event.position:
                    self._file_again(subject, root, event.position)
        for other in reached(event, history):
            if other.type in SIGNS and other.position != event.position:
                self._books.reconsider(other, event.position)

    def _file_again(self, subject: str, root: Recorded, position: int) -> None:
        """File an event under what a correction of it makes it speak of."""
        id = self._subjects.id_of("", subject, position)
        of_type = self._subjects.id_of("type:", root.type, position)
        self._connection.execute(
            "INSERT OR IGNORE INTO filed VALUES (?, ?, ?, ?)",
            (id, of_type, root.position, position),
        )
        if root.type in SIGNS:
            self._books.fold(root, of_type, position, [subject])

    def _write(self) -> None:
        """Write what was gathered, in the order in which it is kept."""
        self._connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?)", self._events)
        self._filed.sort()
        self._connection.executemany("INSERT INTO filed VALUES (?, ?, ?, ?)", self._filed)
        self._events.clear()
        self._filed.clear()
        self._books.write()
        self._subjects.forget()


class Subjects:
    """The numbers of subjects, which stand for their texts in every table."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ids: dict[str, dict[str, int]] = {}
        found = connection.execute("SELECT coalesce(max(id), 0) FROM subjects").fetchone()
        self._last = int(found[0])

    def id_of(self, kind: str, id: str, position: int) -> int:
        """The number of a subject, its text in two parts; a new one if an event at a position is
        the first about it."""
        known = self._ids.setdefault(kind, {})
        found = known.get(id)
        if found is None:
            found = known[id] = self._number(kind + id, position)
        return found

    def first(self, id: int) -> int:
        """The position of the first event about a subject."""
        row = self._connection.execute("SELECT first FROM subjects WHERE id = ?", (id,)).fetchone()
        return int(row[0])

    def forget(self) -> None:
        """Keep no more in memory than is worth it."""
        if sum(map(len, self._ids.values())) > MOST_REMEMBERED:
            self._ids.clear()

    def _number(self, subject: str, position: int) -> int:
        row = self._connection.execute(
            "SELECT id FROM subjects WHERE subject = ?", (subject,)
        ).fetchone()
        if row is not None:
            return int(row[0])
        self._last += 1
        self._connection.execute(
            "INSERT INTO subjects VALUES (?, ?, ?)", (self._last, subject, position)
        )
        return self._last
