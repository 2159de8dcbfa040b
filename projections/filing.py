"""Filing: events from the log written into the tables of the read model, each exactly once.

Events come in pages. Of a page most rows are written together; an event that bears on earlier ones
(an amendment, news of a source, a statement repeated) is filed by itself, because it must find what
was filed before it.
"""

from __future__ import annotations

import json
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
            "since": int, "until": int, "known": int, "rank": int, "entrusted": int, "delta": int,
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
        {
            "position": int, "stream": str, "version": int, "id": str, "key": str, "type": str,
            "schema": int, "recorded_at": str, "amended": int, "data": str,
        },
        pk="position",
    )  # fmt: skip
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
        self, connection: sqlite3.Connection, history: Callable[[int], History], reached: int
    ) -> None:
        self._connection, self._history = connection, history
        self._ids: dict[str, int] = {}
        self._events: list[tuple[Any, ...]] = []
        self._filed: list[tuple[int, int, int, int]] = []
        self._books = Books(connection, self.id_of, history, bulk=reached == 0)
        (self._last,) = connection.execute("SELECT coalesce(max(id), 0) FROM subjects").fetchone()

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

    def id_of(self, subject: str, position: int) -> int:
        """The number of a subject; a new one if the event at a position is the first about it."""
        id = self._ids.get(subject)
        if id is None:
            row = self._connection.execute(
                "SELECT id FROM subjects WHERE subject = ?", (subject,)
            ).fetchone()
            if row is None:
                self._last += 1
                row = (self._last,)
                self._connection.execute(
                    "INSERT INTO subjects VALUES (?, ?, ?)", (self._last, subject, position)
                )
            if len(self._ids) >= MOST_REMEMBERED:
                self._ids.clear()
            id = self._ids[subject] = row[0]
        return id

    def _one(self, event: Recorded) -> None:
        position = event.position
        of_type = self.id_of(f"type:{event.type}", position)
        ids = {s: self.id_of(s, position) for s in sorted(subjects_of(event.type, event.data))}
        self._events.append(
            (
                position, event.originator_id, event.originator_version, event.id, event.key,
                event.type, event.schema, event.recorded_at, None,
                json.dumps(event.data, ensure_ascii=False),
            )
        )  # fmt: skip
        self._filed += [(id, of_type, position, position) for id in ids.values()]
        if event.type in SIGNS:
            self._books.enter(event)
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
        id = ids[f"source:{event.data['source']}"]
        row = self._connection.execute("SELECT first FROM subjects WHERE id = ?", (id,)).fetchone()
        return bool(row[0] == event.position)

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
        id, of_type = self.id_of(subject, position), self.id_of(f"type:{root.type}", position)
        self._connection.execute(
            "INSERT OR IGNORE INTO filed VALUES (?, ?, ?, ?)",
            (id, of_type, root.position, position),
        )
        if root.type in SIGNS:
            self._books.fold(root, position, [subject])

    def _write(self) -> None:
        """Write what was gathered."""
        marks = ",".join("?" * 10)
        self._connection.executemany(f"INSERT INTO events VALUES ({marks})", self._events)
        self._filed.sort()
        self._connection.executemany("INSERT INTO filed VALUES (?, ?, ?, ?)", self._filed)
        self._events.clear()
        self._filed.clear()
        self._books.write()
