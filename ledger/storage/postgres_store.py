"""The store of a ledger on a PostgreSQL server, as it is asked from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from typing import Any, ClassVar, cast

import psycopg

from ledger.events.envelope import Recorded, read_state
from ledger.storage.connection import Patient, checked, connect, fetched, in_words, server_error
from ledger.storage.head import Peek
from ledger.storage.postgres import (
    CHANNEL,
    KEEP,
    NONE_LEFT,
    Lost,
    PostgresRecorder,
    Unconfirmed,
    committing,
    surely,
)
from ledger.storage.postgres_fitness import fitness_of
from ledger.storage.postgres_tables import ROLES, Choices, statements
from ledger.storage.server import Server, is_here
from ledger.storage.store import Mode
from ledger.storage.stored_log import Asked, OpenLog
from ledger.storage.writing import GROW
from ledger.transparency.merkle import Frontier
from ledger.values.refusals import Damaged, OutcomeUnknown, Refusal, Refused, StakebookError

LOOKS = 10  # at a server after a connection was lost
_MEMBERS = """SELECT r.rolname::text, m.rolname::text FROM pg_auth_members AS a
JOIN pg_roles AS r ON r.oid = a.roleid JOIN pg_roles AS m ON m.oid = a.member
WHERE m.rolname <> current_user AND r.rolname IN
  (SELECT current_database() || '_' || part FROM unnest(?::text[]) AS part)
GROUP BY 1, 2 ORDER BY 1, 2"""
_CONFIRM = "UPDATE frontier SET size = size"
_LEFT = "SELECT require_standby AND current_setting('synchronous_standby_names') = '' FROM ledger"
_MARK = "SELECT pg_logical_emit_message(true, 'stakebook', '')"  # for whoever may not write


class ServerLog(OpenLog):
    """The log on a server, on a connection of its own; errors in words for a user."""

    TEXT: ClassVar[str] = PostgresRecorder.TEXT
    BEARING: ClassVar[str] = PostgresRecorder.BEARING

    def __init__(
        self, server: Server, connection: psycopg.Connection[Any], ledger_id: str, standby: bool
    ) -> None:
        self._server, self.connection = server, connection
        self.ledger_id, self.standby = ledger_id, standby

    def fetched(self, *asked: Asked) -> list[list[Any]]:
        with in_words(self._server):
            if len(asked) == 1:
                return fetched(self.connection, *asked)
            with self.connection.transaction():
                self.connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                return fetched(self.connection, *asked)

    def told(self, seconds: int) -> Iterator[None]:
        """Turns: at once, and whenever an append is told of, or so many seconds have passed.

        A standby tells of none.
        """
        with in_words(self._server):
            if not self.standby:
                self.connection.execute(f"LISTEN {CHANNEL}")
            while True:
                yield
                for _ in self.connection.notifies(timeout=seconds, stop_after=1):
                    break

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class PostgresStore:
    """The store of a ledger on a server: ``ledger.storage.store.Store``."""

    FAILED = "The server gave no sure answer"

    def __init__(self, server: Server) -> None:
        self._server = server

    def peek(self) -> Peek:
        with self.reading() as log:
            return log.peek()

    def recognise(self) -> None:
        self.reading().close()

    def reading(self, *, writing: bool = False) -> ServerLog:
        connection = connect(self._server, writing=writing)
        try:
            with in_words(self._server):
                found = checked(self._server, connection, writing=writing)
        except BaseException:
            connection.close()
            raise
        return ServerLog(self._server, connection, found.ledger_id, found.standby)

    def events_after(self, position: int) -> Iterator[Recorded]:
        with self.reading() as log:
            yield from log.events_after(position)

    def recorded_under(self, key: str) -> Recorded | None:
        """The event under a key, once what is committed after it is confirmed by the standbys."""
        connection = connect(self._server, writing=True)
        with in_words(self._server), connection:
            found = checked(self._server, connection)
            log = ServerLog(self._server, connection, found.ledger_id, found.standby)
            row = log.under(key)
            if row is not None:
                self._confirm(connection, key)
        return None if row is None else read_state(row.state)

    def _confirm(self, connection: Patient, key: str) -> None:
        """Commit a change that follows an event: where the standbys have it, they have the event.

        Raises OutcomeUnknown where they do not say so in time.
        """
        with committing(connection) as unsure:
            try:
                connection.execute(_CONFIRM)
            except psycopg.errors.InsufficientPrivilege:
                connection.execute(_MARK)
            unsure += _left(connection)
        if unsure:
            raise OutcomeUnknown(
                f"The event under {key} is on this server, and no standby has confirmed it"
                f" ({'; '.join(unsure)}). Ask again when the standby is back."
            )

    def instant(self, here: datetime) -> datetime:
        with self.reading() as log:
            (((now,),),) = log.fetched(("SELECT clock_timestamp()", ()))
        return cast(datetime, now)

    def is_being_written(self) -> bool:
        connection = connect(self._server, writing=True)
        with in_words(self._server), connection:
            try:
                connection.execute("SELECT 1 FROM frontier FOR UPDATE NOWAIT")
            except psycopg.errors.LockNotAvailable:
                return True
            except psycopg.errors.InsufficientPrivilege:
                return False  # whoever may not write is not told
        return False

    def keep(self, size: int, note: str) -> None:
        connection = connect(self._server, writing=True)
        with in_words(self._server), connection:
            checked(self._server, connection, writing=True)
            with surely(connection, "The checkpoint"):
                connection.execute(KEEP, (size, note))

    def move(self, place: str) -> None:
        connection = connect(self._server, writing=True)
        with in_words(self._server), connection:
            checked(self._server, connection, writing=True)
            with surely(connection, "The mark that the ledger was moved"):
                connection.execute("UPDATE ledger SET moved = %s", (place,))

    def repair_frontier(self) -> bool:
        """Make the kept tree that of the leaf hashes again; whether it was another one."""
        connection = connect(self._server, writing=True)
        with in_words(self._server), connection, connection.transaction():
            found = checked(self._server, connection, writing=True)
            (kept,) = fetched(connection, ("SELECT size, peaks FROM frontier FOR UPDATE", ()))
            log, tree = ServerLog(self._server, connection, found.ledger_id, False), Frontier()
            ((last,),) = connection.execute(
                "SELECT coalesce(max(position), 0) FROM stored_events"
            ).fetchall()
            for page in log.pages("leaf", 0, last):
                tree.extend(page)
            connection.execute(GROW.replace("?", "%s"), (tree.size, tree.peaks()))
        return tuple(kept[0]) != (tree.size, tree.peaks())

    def make(self, ledger_id: str, choices: Choices) -> None:
        """Make an empty ledger, as an administrator of the database."""
        with in_words(self._server), connect(self._server, writing=True) as connection:
            (there,) = connection.execute(
                "SELECT to_regnamespace('stakebook') IS NOT NULL"
            ).fetchone() or (False,)
            if there:
                raise Refused(
                    Refusal.LEDGER_EXISTS,
                    f"There is a ledger at {self._server} already.",
                    "Name another database, or append to this one.",
                )
            try:
                with connection.transaction():
                    for sql in statements(ledger_id, choices):
                        connection.execute(sql)
            except psycopg.errors.RaiseException as error:
                wrong, to_do = error.diag.message_primary, error.diag.message_hint or ""
                raise Refused(
                    Refusal.SERVER_REFUSED, f"No ledger is made at {self._server}: {wrong}.", to_do
                ) from None

    def members(self) -> list[tuple[str, str]]:
        """The roles of the ledger that others than whoever asks belong to, with each of these."""
        with self.reading() as log:
            (found,) = log.fetched((_MEMBERS, (list(ROLES),)))
        return [(role, member) for role, member in found]

    @contextmanager
    def listening(self, seconds: int) -> Iterator[Iterator[None]]:
        """Turns: at once, and whenever an append is told of, or so many seconds have passed."""
        with self.reading() as log:
            yield log.told(seconds)

    def fitness(self) -> dict[str, Any]:
        """What the server tells of itself and of the ledger in it."""
        with self.reading() as log, in_words(self._server):
            told = fitness_of(log.connection)
            here = is_here(log.connection.info.host or "/")
            return told | {"head": log.peek(), "here": here}

    def settings(self, mode: Mode) -> dict[str, str]:
        unused = ("DBNAME", "HOST", "PORT", "USER", "PASSWORD")
        return {
            **{f"POSTGRES_{name}": "1" for name in unused},  # the library insists on them
            "PERSISTENCE_MODULE": "ledger.storage.postgres:LedgerFactory",
            "LEDGER_URL": self._server.url,
            "LEDGER_INSECURE": "yes" if self._server.insecure else "no",
            "CREATE_TABLE": "no",
            "READING": "yes" if mode == "ro" else "no",
        }

    def watched(self) -> Callable[[], None]:
        return lambda: None

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        with self.reading() as log:
            if log.standby and seen.position < indexed.position:
                raise Refused(
                    Refusal.LEDGER_BUSY,
                    f"The standby has read #{seen.position} of #{indexed.position} events.",
                    "Try again, or name the primary first.",
                )
            if seen.position < indexed.position:
                raise Damaged(
                    f"The server's log ends at #{seen.position}; this machine has read"
                    f" #{seen.position + 1} to #{indexed.position}, too. It was restored to an"
                    " earlier time, or lost what it had. `stakebook follow --rescue FILE` writes"
                    " those events, to be appended again."
                )
            tree = Frontier()
            for page in log.pages("leaf", 0, seen.position):
                tree.extend(page)
        if tree.peaks() != seen.peaks:
            raise Damaged(
                f"The tree kept on the server is not that of its {seen.position} events:"
                " somebody has written a false one. Whoever may append repairs it with"
                " `stakebook replay --repair-frontier`."
            )
        raise Damaged(
            f"The server's log of {seen.position} events, root {tree.root().hex()}, is not the one"
            f" that this machine has read {indexed.position} events of: the history was forked."
            " Nothing of it was read. Keep this machine's read model as evidence, and compare"
            " checkpoints with `stakebook verify`. `stakebook follow --rescue FILE` writes the"
            " events that this machine has read and the server does not have."
        )

    def is_unknown(self, error: Exception) -> bool:
        return isinstance(error, Unconfirmed)

    def settled(self, error: Exception, size: int, root: bytes) -> bool | None:
        """The lock of what was lost is waited for: then it has ended, one way or the other."""
        for look in range(LOOKS if isinstance(error, Lost) else 0):
            Event().wait(min(look, 1))  # a second, while another server is promoted
            try:
                return self._has_grown(size, root)
            except StakebookError as told:
                if getattr(told, "refusal", None) is not Refusal.SERVER_UNREACHABLE:
                    break
        return None

    def _has_grown(self, size: int, root: bytes) -> bool:
        """Whether the first events have a root; raises where no standby confirms what it saw."""
        connection = connect(self._server, writing=True)
        with in_words(self._server), connection:
            found = checked(self._server, connection, writing=True)
            log = ServerLog(self._server, connection, found.ledger_id, found.standby)
            with committing(connection) as unsure:
                connection.execute("BEGIN")
                connection.execute("SELECT 1 FROM frontier FOR UPDATE")
                head = log.peek()
                tree = Frontier(head.position, head.peaks)
                if head.position > size:
                    tree = Frontier()
                    for page in log.pages("leaf", 0, size):
                        tree.extend(page)
                connection.execute(_CONFIRM)
                connection.execute("COMMIT")
                unsure += _left(connection)
            if unsure:
                raise OutcomeUnknown("; ".join(unsure))
        return tree.size == size and tree.root() == root

    def error(self, error: Exception, *, writing: bool = False) -> StakebookError:
        if self.is_unknown(error):
            return OutcomeUnknown(
                f"{self.FAILED} while the events were being made durable ({error}). What is"
                " recorded is not recorded twice: the same can be done again."
            )
        return server_error(self._server, error, writing=writing)


def _left(connection: psycopg.Connection[Any]) -> list[str]:
    """What is unsure of a commit after which the standby is missed that the ledger requires."""
    ((left,),) = connection.execute(_LEFT).fetchall()
    return [NONE_LEFT] if left else []
