"""The store on PostgreSQL, behind eventsourcing's factory: one row lock, at most four round trips.

Nothing is retried around a write: what became of it is found out by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import Event, Thread
from typing import Any, ClassVar, Self, cast

import psycopg
from eventsourcing.persistence import OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresFactory

from ledger.events.actor import APPROVED_BY, BY, DATABASE, Person, checked_person
from ledger.events.envelope import Recorded
from ledger.storage.connection import (
    LOST,
    Found,
    Patient,
    checked,
    connect,
    fetched,
    in_words,
    queueing,
    refuse_spoiled,
)
from ledger.storage.head import HEAD, Peek, head_of
from ledger.storage.server import SAFE, Server
from ledger.storage.stored_log import Asked
from ledger.storage.writing import GROW, Columns, Writing
from ledger.transparency.merkle import Frontier
from ledger.values.refusals import Damaged, OutcomeUnknown

CHANNEL = "stakebook"
COMMIT_SECONDS = 30  # that a standby is waited for
SIGN_SECONDS = 5  # between two signs of life, well within the limit of the session
MANY = 500  # rows that are worth a COPY
_BEGIN = ("BEGIN", ())
_LOCK = ("SELECT 1 FROM frontier FOR UPDATE", ())
_LAST = "position = (SELECT size FROM frontier)"
_NOTES = ("SELECT note FROM checkpoints WHERE size = (SELECT size FROM frontier)", ())
_NOW = ("SELECT clock_timestamp(), current_setting('synchronous_standby_names') <> ''", ())
_SETTINGS = (f"SELECT {', '.join(f'current_setting({name!r})' for name in SAFE)}", ())
_COPY = "COPY stored_events FROM STDIN (FORMAT BINARY)"
_TYPES = ("int8", "text", "int8", "text", "bytea", "text", "bytea", "bytea")
KEEP = "INSERT INTO checkpoints (size, note) VALUES (%s, %s) ON CONFLICT DO NOTHING"
NONE_LEFT = "no standby is waited for any more"
_NOTIFY = f"BEGIN; SET LOCAL synchronous_commit = off; NOTIFY {CHANNEL}; COMMIT"


class Unconfirmed(OperationalError):
    """Nobody can tell whether what was to be committed is recorded, and where."""


class Lost(Unconfirmed):
    """The connection was lost once COMMIT was sent: a look at the server may tell."""


@contextmanager
def committing(connection: Patient) -> Iterator[list[str]]:
    """The warnings that a server gives inside: a COMMIT that has one is not surely durable.

    What takes longer than a standby is waited for is cancelled.
    """
    heard = list[str]()

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            heard.append(notice.message_primary or "")

    connection.add_notice_handler(hear)
    connection.cancelled_after = COMMIT_SECONDS
    try:
        yield heard
    finally:
        connection.cancelled_after = None
        connection.remove_notice_handler(hear)


@contextmanager
def surely(connection: Patient, what: str) -> Iterator[None]:
    """Raise OutcomeUnknown where no standby confirms what is committed inside."""
    with committing(connection) as unsure:
        yield
    if unsure:
        raise OutcomeUnknown(
            f"{what} is on this server, and no standby has confirmed it ({'; '.join(unsure)})."
        )


class _Pool:
    """Connections to one server, each with its settings found to be safe before it is used."""

    found: Found  # by the last connection that was made

    def __init__(self, server: Server, writing: bool) -> None:
        self.server, self._writing = server, writing
        self._free: list[Patient] = []

    def open(self, wait: bool = False, timeout: Any = None) -> None:
        """Nothing is opened before it is needed."""

    @contextmanager
    def connection(self) -> Iterator[Patient]:
        """A connection, which is kept for the next one who asks if it is still good."""
        connection = self._free.pop() if self._free else self._made()
        try:
            yield connection
        finally:
            status = connection.info.transaction_status
            if connection.closed or status != psycopg.pq.TransactionStatus.IDLE:
                connection.close()
            else:
                self._free.append(connection)

    def close(self) -> None:
        """Close all connections that are not in use."""
        while self._free:
            self._free.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _made(self) -> Patient:
        connection = connect(self.server, writing=self._writing)
        try:
            self.found = checked(self.server, connection, writing=self._writing)
        except BaseException:
            connection.close()
            raise
        return connection


class _Datastore(PostgresDatastore):
    def __init__(self, server: Server, writing: bool) -> None:
        super().__init__("", "", "", "", "", schema="stakebook", originator_id_type="text")
        self.connections = _Pool(server, writing)
        self.pool = self.connections  # type: ignore[assignment]

    @contextmanager
    def get_connection(self) -> Iterator[Patient]:
        """A connection of the pool; its errors are raised as the library's."""
        with super().get_connection() as connection:
            yield cast(Patient, connection)

    def register_type_adapters(self) -> None:
        """No type is registered: rows are inserted without."""


class PostgresRecorder(Writing, PostgresApplicationRecorder):
    """Stores events at the positions they already carry in their bytes."""

    TEXT: ClassVar[str] = "convert_to({}, 'UTF8')"
    BEARING: ClassVar[str] = "position(? in state)"
    datastore: _Datastore
    _writing: Patient | None = None

    def __init__(self, datastore: PostgresDatastore, **_: Any) -> None:
        super().__init__(datastore)  # its table has the library's own name for it
        self.channel_name = CHANNEL

    def create_table(self) -> None:
        """An administrator has made the tables."""

    def identify(self, new_id: Callable[[], str] | None, actors: bool) -> str:
        with self.datastore.get_connection():
            found = self.datastore.connections.found
        self.ledger_id, self.actors, self._login = found.ledger_id, found.actors, found.login
        self.four_eyes = found.four_eyes
        return self.ledger_id

    def actor(self, person: Person, author: str | None = None) -> dict[str, str]:
        """The login is the server's own word, the name that of whoever uses it."""
        if author is not None:
            return {APPROVED_BY: self._login, BY: author, DATABASE: self._login}
        by = checked_person(person.name) if person.named else self._login
        return {BY: by, DATABASE: self._login}

    def instant(self, clock: Callable[[], datetime]) -> datetime:
        """The server's time, read under the lock."""
        return clock() if self._writing is None else self._now

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the row lock on the frontier: what is inserted inside is committed together."""
        with self.datastore.get_connection() as connection:
            try:
                self._begin(connection)
                yield
                self._end_write(connection)
            except BaseException:
                if not connection.closed:
                    with suppress(psycopg.Error):  # the server has undone what it lost
                        connection.execute("ROLLBACK")
                raise
            finally:
                self._writing = None

    def _begin(self, connection: Patient) -> None:
        """Take the lock; what is asked after it in the same round trip sees all that is there."""
        last = (self._select() + _LAST, ())
        asked = (_BEGIN, _LOCK, (HEAD, ()), last, _NOTES, _NOW, _SETTINGS)
        with queueing(connection):
            _, _, head, rows, notes, now, settings = fetched(connection, *asked)
        refuse_spoiled(dict(zip(SAFE, settings[0], strict=True)))  # since the connection was made
        self._head = head_of(head[0])
        self._kept_frontier = Frontier(self._head.position, self._head.peaks)
        self._last, self._notes = rows, [note for (note,) in notes]
        ((self._now, self._awaits),) = now
        self._pending, self._undone = list[Columns](), False
        self._writing = connection

    def _end_write(self, connection: Patient) -> None:
        """Send what is left together with COMMIT; then tell others.

        Who waits for a standby is let go without a warning where none is named any more.
        """
        if self._undone:
            return
        grown = self._kept_frontier.size != self._head.position
        with committing(connection) as unsure:
            try:
                with connection.pipeline():
                    self._flush(connection)
                    connection.execute("COMMIT")
                    after = connection.execute(*_NOW)
                ((_, awaits),) = after.fetchall()  # to fetch sooner is a round trip more
            except psycopg.Error as error:
                if error.sqlstate is None or error.sqlstate.startswith(LOST):
                    raise Lost(f"lost while committing: {error}") from error
                raise
        if self._awaits and not awaits:
            unsure.append(NONE_LEFT)
        if unsure:
            raise Unconfirmed("; ".join(unsure))
        if grown:
            with suppress(psycopg.Error):  # followers also look by themselves
                connection.execute(_NOTIFY)

    @contextmanager
    def thinking(self) -> Iterator[None]:
        """The server hears of this process now and then, so that it does not end the session; of
        one that stands still it hears nothing."""
        connection, done = self._connection(), Event()

        def tell() -> None:
            with suppress(psycopg.Error):  # whoever asks next finds out
                while not done.wait(SIGN_SECONDS):
                    connection.execute("SELECT 1")

        thread = Thread(target=tell, daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def undo(self) -> None:
        self._connection().execute("ROLLBACK")
        self._undone = True

    def keep(self, size: int, note: str) -> None:
        self._flush(self._connection())  # a checkpoint is of what is there
        self._connection().execute(KEEP, (size, note))

    def expect_much(self) -> None:
        """Nothing is to be made ready."""

    def peek(self) -> Peek:
        return super().peek() if self._writing is None else self._head

    def frontier(self) -> Frontier:
        return super().frontier() if self._writing is None else self._kept_frontier

    def end(self, position: int) -> tuple[Recorded | None, list[str]]:
        if self._writing is None or position != self._head.position:
            return super().end(position)
        return self._ended(self._last, self._notes)

    def insert_columns(self, rows: Sequence[Columns]) -> None:
        connection, tree = self._connection(), self._kept_frontier
        if rows and rows[0][0] != tree.size + 1:
            raise Damaged(f"The tree of {tree.size} events does not end where the log does.")
        tree.extend([row[-1] for row in rows])
        self._pending += rows
        if len(self._pending) >= MANY:
            self._flush(connection)

    def fetched(self, *asked: Asked) -> list[list[Any]]:
        """What is asked, of the running write if there is one."""
        if self._writing is not None:
            self._flush(self._writing)
            return fetched(self._writing, *asked)
        pool = self.datastore.connections
        with in_words(pool.server), pool.connection() as connection:
            return fetched(connection, *asked)

    def select_events(self, originator_id: Any, **given: Any) -> Sequence[StoredEvent]:
        """The events of a stream, as the library asks for them."""
        sql, values = "originator_id = ?", [originator_id]
        for name, condition in (("gt", ">"), ("lte", "<=")):
            if given.get(name) is not None:
                sql += f" AND originator_version {condition} ?"
                values.append(given[name])
        sql += " ORDER BY originator_version" + (" DESC" if given.get("desc") else "")
        if given.get("limit") is not None:
            sql += " LIMIT ?"
            values.append(given["limit"])
        return [
            StoredEvent(row.stream.decode(), row.version, row.topic.decode(), row.state)
            for row in self._rows(sql, *values)
        ]

    def _connection(self) -> psycopg.Connection[Any]:
        if self._writing is None:
            raise ValueError("nothing is written without the write lock")
        return self._writing

    def _flush(self, connection: psycopg.Connection[Any]) -> None:
        """Send the rows that wait, the tree first: the guard of the table looks at both."""
        rows, self._pending = self._pending, []
        if not rows:
            return
        tree = self._kept_frontier
        connection.execute(GROW.replace("?", "%s"), (tree.size, tree.peaks()))
        if len(rows) < MANY:
            _insert(connection, rows)
            return
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                copy.write_row(row)


def _insert(connection: psycopg.Connection[Any], rows: Sequence[Columns]) -> None:
    arrays = ", ".join(f"%s::{kind}[]" for kind in _TYPES)
    columns = [list(column) for column in zip(*rows, strict=True)]
    connection.execute(f"INSERT INTO stored_events SELECT * FROM unnest({arrays})", columns)


class LedgerFactory(PostgresFactory):
    """Builds the ledger's recorder; the environment names the server, nothing else is read."""

    application_recorder_class = PostgresRecorder

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self.datastore.close()
        server = Server(env["LEDGER_URL"], env["LEDGER_INSECURE"] == "yes")
        self.datastore = _Datastore(server, env["READING"] == "no")
