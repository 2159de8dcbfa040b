"""The store of a ledger in a SQLite file, as it is asked from outside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ledger.events.envelope import Recorded, read_state
from ledger.storage.files import (
    APPLICATION_ID,
    FORMAT,
    KEEP,
    LOCK_SECONDS,
    MOVED,
    WITH_ACTORS,
    database_name,
    file_error,
    identity,
    not_a_ledger,
    readable_name,
    reading,
    secure,
)
from ledger.storage.filesystems import refuse_network
from ledger.storage.head import HEAD, Peek, head_of
from ledger.storage.schema import unlike
from ledger.storage.store import Mode
from ledger.values.refusals import Damaged, Refusal, Refused, StakebookError

if TYPE_CHECKING:
    from ledger.storage.log_file import LogFile

Looked = TypeVar("Looked")


class SQLiteStore:
    """The store of a ledger in a file: ``ledger.storage.store.Store``."""

    FAILED = "The disk failed"

    def __init__(self, path: Path) -> None:
        self._path = path

    def peek(self) -> Peek:
        return _looked_at(self._path, lambda db: head_of(db.execute(HEAD).fetchone()))

    def recognise(self) -> None:
        _looked_at(self._path, lambda _: None)

    def reading(self) -> LogFile:
        # what hashes is slow to load, and most questions need none
        from ledger.storage.log_file import open_log

        return open_log(self._path)

    def events_after(self, position: int) -> Iterator[Recorded]:
        with self.reading() as log:
            yield from log.events_after(position)

    def recorded_under(self, key: str) -> Recorded | None:
        self.peek()
        with self.reading() as log:
            row = log.under(key)
        return None if row is None else read_state(row.state)

    def instant(self, here: datetime) -> datetime:
        return here

    def is_being_written(self) -> bool:
        try:
            with closing(reading(self._path)) as connection:
                connection.execute("PRAGMA busy_timeout=0")
                connection.execute("PRAGMA query_only=OFF")  # so that the lock is asked for at all
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
        return False

    def keep(self, size: int, note: str) -> None:
        self._write(KEEP, (size, note))

    def move(self, place: str) -> None:
        self._write(f"PRAGMA user_version = {MOVED}", appending=True)

    def _write(self, sql: str, values: tuple[int | str, ...] = (), appending: bool = False) -> None:
        """Do one durable write; ``appending`` says in an error that no event was recorded."""
        name = database_name(self._path, "rw")
        try:
            with closing(sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS)) as connection:
                secure(connection)
                with connection:
                    connection.execute(sql, values)
        except sqlite3.Error as error:
            raise file_error(self._path, error, writing=appending) from None

    def settings(self, mode: Mode) -> dict[str, str]:
        if mode == "rwc":
            refuse_network(self._path)
        read = mode == "ro"
        return {
            "PERSISTENCE_MODULE": "ledger.storage.sqlite:LedgerFactory",
            "SQLITE_DBNAME": readable_name(self._path) if read else database_name(self._path, mode),
            "CREATE_TABLE": "yes" if mode == "rwc" else "no",
            "READING": "yes" if read else "no",
        }

    def watched(self) -> Callable[[], None]:
        there = identity(self._path)

        def refuse_replaced() -> None:
            """What is written to a file that lies there no more would be lost."""
            if there and identity(self._path) != there:
                raise Refused(
                    Refusal.FILE_TROUBLE,
                    f"Another file took the place of {self._path} while it was written.",
                    "Nothing was recorded; look at the ledger that is there now, and append again.",
                )

        return refuse_replaced

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        """A file that a backup or another ledger took the place of is read anew."""

    def is_unknown(self, error: Exception) -> bool:
        return "locked" not in str(error)

    def settled(self, error: Exception, size: int, root: bytes) -> bool | None:
        """What a disk kept that has failed is not to be told by reading it again."""
        return None

    def error(self, error: Exception, *, writing: bool = False) -> StakebookError:
        return file_error(self._path, error, writing=writing)


def _looked_at(path: Path, look: Callable[[sqlite3.Connection], Looked]) -> Looked:
    """What is seen in the ledger at a path, once it is known to be one."""
    try:
        what = "" if path.is_file() else "is a folder" if path.is_dir() else "does not exist"
    except OSError as error:
        raise file_error(path, error) from None
    if what:
        raise Refused(
            Refusal.NO_LEDGER,
            f"The ledger {path} {what}.",
            "Make one with `stakebook init`, or name another with --ledger.",
        )
    refuse_network(path)
    try:
        with closing(reading(path)) as connection:
            _recognise(path, connection)
            return look(connection)
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:  # the last: of what SQLite says
        raise file_error(path, error) from None


def _recognise(path: Path, connection: sqlite3.Connection) -> None:
    """Raise Refused or Damaged where a file is no ledger that this release reads."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise not_a_ledger(path)
    written = connection.execute("PRAGMA user_version").fetchone()[0]
    if written not in (0, FORMAT, WITH_ACTORS, MOVED):
        older = "was written before the first release" if written < FORMAT else "is newer"
        raise Damaged(f"{path} is of format {written}, which {older}; this one reads {FORMAT}.")
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    if not any(name in ("ledger", "stored_events") for _, name, _ in schema):
        raise not_a_ledger(path)
    if changed := unlike(schema):
        raise Damaged(
            f"{path} {changed}. It was changed from outside, and nothing more is read from it;"
            " `stakebook restore FILE` puts a backup there."
        )
    if connection.execute("SELECT 1 FROM ledger").fetchone() is None:
        raise Damaged(
            f"{path} has no identity: either making it was interrupted, then delete it and make it"
            " again, or it was changed, then `stakebook restore FILE` puts a backup there."
        )
