"""The read model: the log copied into a SQLite file of its own, filed by subject, disposable.

It is a ``History``: the same views and answers run on it as on the log in memory. It is caught up
from the log before each question; the position it has reached is written in the same transaction
as the rows, so every event is filed exactly once. A file that belongs to another ledger, another
format, or a longer log than there is, is thrown away and built anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from contextlib import suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from ledger.envelope import Recorded
from ledger.files import LOCK_SECONDS, Peek, database_name
from ledger.history import AMENDMENTS, Log
from ledger.refusals import Refusal, Refused

FORMAT = 1
PAGE = 1_000


class Index:
    """A history in a SQLite file, cut at a position."""

    def __init__(self, connection: sqlite3.Connection, position: int) -> None:
        self._connection, self.position = connection, position
        self._found: dict[tuple[str, tuple[str, ...] | None], Sequence[Recorded]] = {}

    @cached_property
    def amended(self) -> Set[str]:
        rows = self._connection.execute(
            "SELECT DISTINCT subject FROM filed WHERE subject >= 'event:' AND subject < 'event;'"
            f" AND type IN ({','.join('?' * len(AMENDMENTS))}) AND filed_by <= ?",
            (*AMENDMENTS, self.position),
        )
        return frozenset(subject.removeprefix("event:") for (subject,) in rows)

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        chosen = None if types is None else tuple(types)
        if (subject, chosen) not in self._found:
            typed = f"AND f.type IN ({','.join('?' * len(chosen))})" if chosen else ""
            rows = self._connection.execute(
                "SELECT e.position, stream, version, id, key, e.type, schema, recorded_at, data"
                " FROM filed f JOIN events e ON e.position = f.position"
                f" WHERE f.subject = ? {typed} AND f.filed_by <= ? ORDER BY e.position",
                (subject, *(chosen or ()), self.position),
            )
            self._found[subject, chosen] = [_recorded(*row) for row in rows]
        return self._found[subject, chosen]

    def knows(self, subject: str) -> bool:
        row = self._connection.execute(
            "SELECT 1 FROM filed WHERE subject = ? AND filed_by <= ? LIMIT 1",
            (subject, self.position),
        ).fetchone()
        return row is not None

    def subjects(self, prefix: str) -> Sequence[str]:
        rows = self._connection.execute(
            "SELECT subject FROM filed WHERE subject >= ? AND subject < ? AND filed_by <= ?"
            " GROUP BY subject ORDER BY subject",
            (prefix, prefix + "\U0010ffff", self.position),
        )
        return [subject for (subject,) in rows]

    def recorded_by(self, instant: str) -> Index:
        """The same history as it was at a stored instant."""
        row = self._connection.execute(
            "SELECT coalesce(max(position), 0) FROM events WHERE recorded_at <= ?", (instant,)
        ).fetchone()
        return Index(self._connection, min(row[0], self.position))

    def at(self, position: int) -> Index:
        """The same history as it was when a position was the last."""
        return Index(self._connection, min(position, self.position))

    def content(self) -> Iterator[tuple[Any, ...]]:
        """Every row of the read model, in a fixed order, to compare two of them."""
        yield from self._connection.execute("SELECT * FROM events ORDER BY position")
        yield from self._connection.execute("SELECT * FROM filed ORDER BY subject, position")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def views_path(ledger: Path) -> Path:
    """Where the read model of a ledger lies: ``deal.db`` has ``deal.views.db`` beside it."""
    return ledger.with_name(f"{ledger.stem}.views.db")


def open_index(
    path: Path | None,
    log: Peek,
    events_after: Callable[[int], Iterable[Recorded]],
    progress: Callable[[int], None] = lambda _: None,
    *,
    again: bool = False,
) -> Index:
    """The read model at a path (None: in memory), caught up to the log's position.

    ``events_after`` is called only when the read model is behind. A path that cannot be written,
    or fails ``again`` after it was replaced, is not an error: the read model is built in memory.
    """
    try:
        connection = _connect(path)
        reached = _reached(connection, log)
    except sqlite3.DatabaseError as error:
        if again and "locked" not in str(error):
            return open_index(None, log, events_after, progress)
        return _start_again(path, log, events_after, progress, error)
    if reached is None or reached > log.position:
        connection.close()
        return _start_again(path, log, events_after, progress, None)
    if reached < log.position or reached == 0:
        try:
            _catch_up(connection, log, events_after, progress)
        except sqlite3.OperationalError as error:
            connection.close()
            if "locked" in str(error):
                raise _busy(path) from None
            return open_index(None, log, events_after, progress)
    return Index(connection, log.position)


def build_index(
    path: Path | None,
    log: Peek,
    events_after: Callable[[int], Iterable[Recorded]],
    progress: Callable[[int], None] = lambda _: None,
) -> Index:
    """A read model built from the first event, over whatever was at the path before."""
    remove(path)
    return open_index(path, log, events_after, progress)


def _connect(path: Path | None) -> sqlite3.Connection:
    name = ":memory:" if path is None else database_name(path, "rwc")
    connection = sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA synchronous=NORMAL")  # derived: at worst it is built again
    return connection


def _reached(connection: sqlite3.Connection, log: Peek) -> int | None:
    """The position filed so far; 0 for a new file, None for one of another ledger or format."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return 0
    if "read_model" not in tables:
        return None
    row = connection.execute("SELECT ledger, format, position FROM read_model").fetchone()
    return int(row[2]) if row and tuple(row[:2]) == (log.id, FORMAT) else None


def _catch_up(
    connection: sqlite3.Connection,
    log: Peek,
    events_after: Callable[[int], Iterable[Recorded]],
    progress: Callable[[int], None],
) -> None:
    from sqlite_utils import Database  # writing needs it, asking does not

    database = Database(connection)
    connection.execute("BEGIN IMMEDIATE")
    try:
        _create(database, log)
        (reached,) = connection.execute("SELECT position FROM read_model").fetchone()
        events = iter(events_after(reached))
        while page := list(islice(events, PAGE)):
            _file(database, page)
            reached = page[-1].position
            progress(reached)
        connection.execute("UPDATE read_model SET position = ?", (reached,))
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _create(database: Any, log: Peek) -> None:
    if "read_model" in database.table_names():
        return
    database["events"].create(
        {
            "position": int, "stream": str, "version": int, "id": str, "key": str, "type": str,
            "schema": int, "recorded_at": str, "data": str,
        },
        pk="position",
    )  # fmt: skip
    database["events"].create_index(["recorded_at"])
    database["filed"].create(
        {"subject": str, "type": str, "position": int, "filed_by": int},
        pk=("subject", "type", "position"),
    )
    database["read_model"].insert(
        {"only": 1, "ledger": log.id, "format": FORMAT, "position": 0}, pk="only"
    )


def _file(database: Any, page: Sequence[Recorded]) -> None:
    """File a page of events; ``filed_by`` is the event that caused a filing, to cut old views."""
    base = Index(database.conn, page[0].position - 1)
    overlay, filed = Log(base=base), []
    for event in page:
        filed += [(*filing, event.position) for filing in overlay.add(event)]
    database["events"].insert_all(
        {
            "position": e.position, "stream": e.originator_id, "version": e.originator_version,
            "id": e.id, "key": e.key, "type": e.type, "schema": e.schema,
            "recorded_at": e.recorded_at, "data": json.dumps(e.data, ensure_ascii=False),
        }
        for e in page
    )  # fmt: skip
    database["filed"].insert_all(
        (
            {"subject": subject, "type": about.type, "position": about.position, "filed_by": by}
            for subject, about, by in filed
        ),
        ignore=True,
    )


def _start_again(
    path: Path | None,
    log: Peek,
    events_after: Callable[[int], Iterable[Recorded]],
    progress: Callable[[int], None],
    error: Exception | None,
) -> Index:
    """Build anew what cannot be used; in memory where the file cannot be replaced."""
    if error is not None and "locked" in str(error):
        raise _busy(path)
    if path is None:
        raise error or AssertionError("a read model in memory cannot be stale")
    try:
        remove(path)
    except OSError:
        path = None
    if error is not None and "unable to open" in str(error):
        path = None
    return open_index(path, log, events_after, progress, again=path is not None)


def remove(path: Path | None) -> None:
    """Throw a read model away; the next question builds it again."""
    if path is not None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{path}{suffix}").unlink()


def _recorded(
    position: int, stream: str, version: int, id: str, key: str, type: str, schema: int,
    recorded_at: str, data: str,
) -> Recorded:  # fmt: skip
    return Recorded(position, stream, version, id, key, type, schema, recorded_at, json.loads(data))


def _busy(path: Path | None) -> Refused:
    return Refused(
        Refusal.LEDGER_BUSY,
        f"The read model {path} is being written by another process.",
        "Try again when it has finished.",
    )
