"""The store on SQLite, behind eventsourcing's factory: positions are explicit and gapless."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)

from ledger.storage.files import (
    APPLICATION_ID,
    FORMAT,
    KEEP,
    LOCK_SECONDS,
    MOVED,
    WITH_ACTORS,
    secure,
)
from ledger.storage.schema import TABLES
from ledger.storage.stored_log import Asked
from ledger.storage.writing import GROW, INSERT, Columns, Writing
from ledger.values.refusals import Damaged, Refusal, Refused

CACHE_KIB = 131_072  # while many events are inserted
_MARK = f"PRAGMA application_id = {APPLICATION_ID}"
_FORMAT = "PRAGMA user_version"

_NAME = "INSERT INTO ledger VALUES (1, ?) ON CONFLICT DO NOTHING"


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


class LedgerRecorder(Writing, SQLiteApplicationRecorder):
    """Stores events at the positions they already carry in their bytes."""

    _writing: SQLiteCursor | None = None

    def construct_create_table_statements(self) -> list[str]:
        return [*TABLES, _MARK]

    def identify(self, new_id: Callable[[], str] | None, actors: bool) -> str:
        with self.datastore.transaction(commit=new_id is not None) as cursor:
            if new_id is not None:
                cursor.execute(_NAME, (new_id(),))
                cursor.execute(f"{_FORMAT} = {WITH_ACTORS if actors else FORMAT}")
            cursor.execute("SELECT id FROM ledger")
            self.ledger_id = str(cursor.fetchone()[0])
        return self.ledger_id

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock: what is inserted inside is committed together, or not.

        ``BEGIN IMMEDIATE`` takes the lock before anything is read, so that rules checked inside
        cannot be overtaken by another writer.
        """
        with self.datastore.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            self._writing = cursor
            try:
                self._see_format(cursor)
                yield
            except BaseException:
                connection.rollback()
                raise
            else:
                self._commit(connection)
            finally:
                self._writing = None

    def _see_format(self, cursor: SQLiteCursor) -> None:
        cursor.execute(_FORMAT)
        found = cursor.fetchone()[0]
        self.actors = found == WITH_ACTORS
        if found == MOVED:
            raise Refused(
                Refusal.LEDGER_MOVED,
                "This ledger was moved to another place, and takes no more events here.",
                "Name that place with --ledger.",
            )

    def expect_much(self) -> None:
        """Make room in memory for the pages of many inserts."""
        self._cursor().execute(f"PRAGMA cache_size=-{CACHE_KIB}")

    def undo(self) -> None:
        self._cursor().execute("ROLLBACK")

    def keep(self, size: int, note: str) -> None:
        self._cursor().execute(KEEP, (size, note))

    def insert_columns(self, rows: Sequence[Columns]) -> None:
        cursor, frontier = self._cursor(), self.frontier()
        if rows and rows[0][0] != frontier.size + 1:
            raise Damaged(f"The tree of {frontier.size} events does not end where the log does.")
        frontier.extend([row[-1] for row in rows])
        cursor.execute(_MARK)  # journals the file's first page first: see rollback_journal
        cursor.executemany(INSERT, rows)
        cursor.execute(GROW, (frontier.size, frontier.peaks()))

    def fetched(self, *asked: Asked) -> list[list[Any]]:
        """What is asked, of the running write if there is one."""
        if self._writing is not None:
            return [_all(self._writing, each) for each in asked]
        with self.datastore.transaction(commit=False) as cursor:
            return [_all(cursor, each) for each in asked]

    def _cursor(self) -> SQLiteCursor:
        if self._writing is None:
            raise ValueError("nothing is written without the write lock")
        return self._writing

    def _commit(self, connection: SQLiteConnection) -> None:
        """Commit; where that fails or is interrupted, nothing is left begun."""
        try:
            connection.commit()
        except BaseException:
            connection.rollback()
            raise


def _all(cursor: SQLiteCursor, asked: Asked) -> list[Any]:
    cursor.execute(*asked)
    return cast(list[Any], cursor.fetchall())


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
