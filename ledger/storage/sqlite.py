"""The store on SQLite, behind eventsourcing's factory: positions are explicit and gapless."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)

from ledger.events.envelope import Recorded, digest_in
from ledger.storage.files import APPLICATION_ID, FORMAT, HEAD, LOCK_SECONDS, Peek, head_of, secure
from ledger.storage.log_rows import AFTER, SELECT, Row, event_of, in_order, valid
from ledger.storage.schema import TABLES, missing
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.refusals import RESTORE, Damaged

CACHE_KIB = 131_072  # while many events are inserted
_MARKS = (f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {FORMAT}")


@dataclass(frozen=True)
class LedgerStoredEvent(StoredEvent):
    """A stored event with the columns the ledger adds to the library's four."""

    position: int
    key: str
    content: bytes

    @classmethod
    def of(cls, event: Recorded, state: bytes, content: bytes) -> LedgerStoredEvent:
        """The row of an event, with its bytes and the digest of what it says."""
        return cls(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.type,
            state=state,
            position=event.position,
            key=event.key,
            content=content,
        )

    @classmethod
    def stored(cls, row: Row) -> LedgerStoredEvent:
        """What a sound row holds."""
        return cls(
            originator_id=row.stream.decode(),
            originator_version=row.version,
            topic=row.topic.decode(),
            state=row.state,
            position=row.position,
            key=row.key.decode(),
            content=row.content,
        )


class _Pool(SQLiteConnectionPool):
    reading = False

    def _create_connection(self) -> SQLiteConnection:
        self.is_journal_mode_wal = True  # so that the library leaves the journal mode to us
        connection = super()._create_connection()
        secure(connection._sqlite_conn, reading=self.reading)
        return connection


class _Datastore(SQLiteDatastore):
    def __init__(self, db_name: str, *, reading: bool, **options: Any) -> None:
        super().__init__(db_name, **options)
        self.pool.close()
        self.pool = pool = _Pool(
            db_name=db_name,
            lock_timeout=LOCK_SECONDS,
            max_overflow=self.pool.max_overflow,
            pool_size=self.pool.pool_size,
            pool_timeout=LOCK_SECONDS,
        )
        pool.reading = reading


class LedgerRecorder(SQLiteApplicationRecorder):
    """Stores events at the positions they already carry in their bytes."""

    ledger_id: str = ""
    _writing: SQLiteCursor | None = None

    def construct_create_table_statements(self) -> list[str]:
        return [*TABLES, *_MARKS]

    @contextmanager
    def writing(self) -> Iterator[SQLiteCursor]:
        """Hold the write lock: what is inserted inside is committed together, or not.

        ``BEGIN IMMEDIATE`` takes the lock before anything is read, so that rules checked inside
        cannot be overtaken by another writer.
        """
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            self._writing = cursor
            try:
                yield cursor
            except BaseException:
                connection.rollback()
                raise
            else:
                self._commit(connection)
            finally:
                self._writing = None

    def expect_much(self) -> None:
        """Make room in memory for the pages of many inserts."""
        if self._writing is not None:
            self._writing.execute(f"PRAGMA cache_size=-{CACHE_KIB}")

    def undo(self) -> None:
        """Undo what was inserted in the running write, which then commits nothing."""
        if self._writing is not None:
            self._writing.execute("ROLLBACK")

    @contextmanager
    def reading(self) -> Iterator[SQLiteCursor]:
        """A cursor to read with: that of the running write, if there is one."""
        if self._writing is not None:
            yield self._writing
        else:
            with self.datastore.transaction(commit=False) as cursor:
                yield cursor

    def _commit(self, connection: SQLiteConnection) -> None:
        """Commit; where that fails or is interrupted, nothing is left begun."""
        try:
            connection.commit()
        except BaseException:
            connection.rollback()
            raise

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        if self._writing is not None:
            return self._insert_events(self._writing, stored_events, **kwargs)
        return super().insert_events(stored_events, **kwargs)

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int]:
        """Insert events and grow the tree by their leaves, in one transaction."""
        return self._insert_rows(c, list(map(_row, stored_events)))

    def insert(self, events: Sequence[Recorded]) -> None:
        """Insert events with their bytes in the running write."""
        if self._writing is None:
            raise ValueError("nothing is inserted without the write lock")
        rows = [
            (
                event.position, event.originator_id, event.originator_version, event.type,
                event.raw, event.key, digest_in(event.raw, event.type), leaf_hash(event.raw),
            )
            for event in events
        ]  # fmt: skip
        self._insert_rows(self._writing, rows)

    def _insert_rows(self, c: SQLiteCursor, rows: Sequence[tuple[Any, ...]]) -> Sequence[int]:
        frontier = _kept_frontier(c)
        if rows and rows[0][0] != frontier.size + 1:
            raise Damaged(f"The tree of {frontier.size} events does not end where the log does.")
        frontier.extend([row[-1] for row in rows])
        c.execute(_MARKS[1])  # journals the file's first page first: see ledger.journal
        c.executemany("INSERT INTO stored_events VALUES (?,?,?,?,?,?,?,?)", rows)
        c.execute("UPDATE frontier SET size = ?, peaks = ?", (frontier.size, frontier.peaks()))
        return [row[0] for row in rows]

    def frontier(self) -> Frontier:
        """The tree over the events, as kept beside them."""
        with self.reading() as cursor:
            return _kept_frontier(cursor)

    def leaf(self, position: int) -> bytes:
        """The leaf hash of a stored event."""
        with self.reading() as cursor:
            cursor.execute("SELECT leaf FROM stored_events WHERE position = ?", (position,))
            return bytes(cursor.fetchone()[0])

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events in log order from ``start`` (the first is 1), at most ``limit`` of them."""
        first = 1 if start is None else start if inclusive_of_start else start + 1
        wanted = f"AND topic IN ({','.join('?' * len(topics))})" if topics else ""
        with self.reading() as cursor:
            cursor.execute(
                "SELECT position, originator_id, originator_version, topic, state"
                f" FROM stored_events WHERE position BETWEEN ? AND ? {wanted}"
                " ORDER BY position LIMIT ?",
                (first, 2**62 if stop is None else stop, *topics, limit),
            )
            return [
                Notification(
                    id=row[0],
                    originator_id=row[1],
                    originator_version=row[2],
                    topic=row[3],
                    state=row[4],
                )
                for row in cursor.fetchall()
            ]

    def rows(self, where: str, *values: Any) -> list[Row]:
        """The rows of the log that a condition picks, as they are stored."""
        with self.reading() as cursor:
            cursor.execute(f"{SELECT} {where}", values)
            return [Row(*row) for row in cursor.fetchall()]

    def events(self, where: str, *values: Any) -> list[Recorded]:
        """The events in the rows that a condition picks; Damaged where one is unsound."""
        return [event_of(valid(row, self.ledger_id)) for row in self.rows(where, *values)]

    def peek(self) -> Peek:
        """The state of the log, inside the running write if there is one."""
        with self.reading() as cursor:
            cursor.execute(HEAD)
            return head_of(tuple(cursor.fetchone()))

    def stored_rows(self, page: int = 1_000, done: int = 0) -> Iterator[LedgerStoredEvent]:
        """Every row in log order after those done; Damaged where one is missing or unsound."""
        ledger, size, _ = self.peek()
        while done < size:
            found = self.rows(AFTER, done, min(page, size - done))
            if not found:
                raise missing(done + 1)
            yield from map(LedgerStoredEvent.stored, in_order(found, ledger, done))
            done += len(found)

    def max_notification_id(self) -> int:
        """The last position; 0 in an empty ledger."""
        with self.reading() as cursor:
            cursor.execute("SELECT coalesce(max(position), 0) FROM stored_events")
            return int(cursor.fetchone()[0])


class LedgerFactory(SQLiteFactory):
    """Builds the ledger's recorder; the environment names the database, nothing else is read."""

    application_recorder_class = LedgerRecorder

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.datastore.close()
        self.datastore = _Datastore(
            self.env[self.SQLITE_DBNAME],
            reading=self.env["READING"] == "yes",
            originator_id_type="text",
            pool_size=2,
        )


def _kept_frontier(cursor: SQLiteCursor) -> Frontier:
    cursor.execute("SELECT size, peaks FROM frontier")
    row = cursor.fetchone()
    if row is None:
        raise Damaged(f"The frontier of the tree is missing; {RESTORE}")
    return Frontier(*row)


def _row(event: StoredEvent) -> tuple[Any, ...]:
    if not isinstance(event, LedgerStoredEvent):
        raise TypeError("the ledger stores events that its own mapper has made")
    return (
        event.position,
        event.originator_id,
        event.originator_version,
        event.topic,
        event.state,
        event.key,
        event.content,
        leaf_hash(event.state),
    )
