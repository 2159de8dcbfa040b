"""Ledger files: how they are marked and opened, and a look inside without the machinery."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

from ledger.events.envelope import Recorded, read_state
from ledger.storage.filesystems import refuse_network
from ledger.storage.rollback_journal import refuse_foreign
from ledger.storage.schema import missing, unlike
from ledger.values.refusals import RESTORE, Damaged, Refusal, Refused, StakebookError

APPLICATION_ID = 0x5374_6B62  # "Stkb", in the header of the file
FORMAT = 2
LOCK_SECONDS = 30
PAGE = 1_000  # events read between two looks at what others write
Looked = TypeVar("Looked")


# Whose log it is, where it begins and ends, and the tree kept beside it.
HEAD = (
    "SELECT id, (SELECT min(position) FROM stored_events), (SELECT max(position) FROM"
    " stored_events), size, peaks FROM ledger LEFT JOIN frontier"
)


class Peek(NamedTuple):
    """What tells a history from every other: the id of its ledger, the position of its last event
    (0 when empty), and the roots of the perfect subtrees of its tree, one after another."""

    id: str
    position: int
    peaks: bytes


def peek(path: Path) -> Peek:
    """The state of the ledger at a path.

    Raises Refused where there is none, it is another kind of file or lies on another machine,
    Damaged where a newer release wrote it, its schema was changed, or its log is not as long as
    its tree.
    """
    return _looked_at(path, lambda connection: head_of(connection.execute(HEAD).fetchone()))


def recognise(path: Path) -> None:
    """Raise what ``peek`` does, but for a log that is not as long as its tree."""
    _looked_at(path, lambda _: None)


def head_of(row: Any) -> Peek:
    """What ``HEAD`` has found in a ledger; Damaged where its log is not as long as its tree."""
    id, first, last, size, peaks = row
    whole = type(size) is int and isinstance(peaks, bytes) and isinstance(id, str)
    if not whole or len(peaks) != 32 * size.bit_count():
        raise Damaged(f"The tree kept beside the log is unreadable; {RESTORE}")
    first, last = (1, 0) if first is None else (first, last)
    if first > 1 or last < size:
        raise missing(1 if first > 1 else last + 1)
    if first < 1 or last > size:
        raise Damaged(
            f"Row {first if first < 1 else last} of the log was never recorded: its tree has"
            f" {size} events. The file was changed from outside; {RESTORE}"
        )
    return Peek(id, size, peaks)


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


def reading(path: Path) -> sqlite3.Connection:
    """A connection that reads a ledger and cannot change it."""
    name = readable_name(path)
    connection = sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    secure(connection, reading=True)
    return connection


def recorded_under(path: Path, key: str) -> Recorded | None:
    """The event under a key, as far as it is recorded by now; Damaged where its row is unsound."""
    from ledger.storage import (
        log_rows as rows,  # what hashes is slow to load, and most questions need none
    )

    id = peek(path).id
    try:
        with closing(reading(path)) as connection:
            found = connection.execute(f"{rows.SELECT} key = ?", (key,)).fetchall()
    except sqlite3.Error as error:
        raise file_error(path, error) from None
    return read_state(rows.valid(rows.Row(*found[0]), id).state) if found else None


def is_being_written(path: Path) -> bool:
    """Whether another process holds the write lock of a ledger at this moment."""
    try:
        with closing(reading(path)) as connection:
            connection.execute("PRAGMA busy_timeout=0")
            connection.execute("PRAGMA query_only=OFF")  # so that the lock is asked for at all
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    return False


def identity(path: Path) -> tuple[int, int] | None:
    """What tells the file at a path from any other, whatever it holds; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def stray_log(path: Path) -> Path | None:
    """A write-ahead log beside a ledger that keeps none; SQLite would read it into the ledger."""
    real = path.resolve()
    log = real.with_name(f"{real.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return None
    with real.open("rb") as file:  # closing it gives up locks on it: so only where there is a log
        return log if file.read(20)[18:20] == b"\1\1" else None


def _recognise(path: Path, connection: sqlite3.Connection) -> None:
    """Raise Refused or Damaged where a file is no ledger that this release reads."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _not_a_ledger(path)
    written = connection.execute("PRAGMA user_version").fetchone()[0]
    if written not in (0, FORMAT):
        older = "was written before the first release" if written < FORMAT else "is newer"
        raise Damaged(f"{path} is of format {written}, which {older}; this one reads {FORMAT}.")
    schema = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    if not any(name in ("ledger", "stored_events") for _, name, _ in schema):
        raise _not_a_ledger(path)
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


class LogFile:
    """The log of a ledger, read without its store."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def peek(self) -> Peek:
        """The state of the ledger now."""
        return peek(self._path)

    def events_after(self, position: int) -> Iterator[Recorded]:
        """The events after a position, in pages, each compared with its leaf hash and columns.

        Raises what ``file_error`` gives for errors of the database, Damaged as ``in_order`` does.
        """
        from ledger.storage import (
            log_rows as rows,  # what hashes is slow to load, and most questions need none
        )

        sql = f"{rows.SELECT} {rows.AFTER}"
        try:
            with closing(reading(self._path)) as connection:
                (id,) = connection.execute("SELECT id FROM ledger").fetchone()
                while found := connection.execute(sql, (position, PAGE)).fetchall():
                    yield from map(rows.event_of, rows.in_order(found, id, position))
                    position += len(found)
        except sqlite3.Error as error:
            raise file_error(self._path, error) from None


def remove(path: Path) -> None:
    """Throw a database away, with whatever SQLite keeps beside it."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def database_name(path: Path, mode: str) -> str:
    """A SQLite URI for a path, whatever characters it holds; mode is ro, rw or rwc."""
    return f"file:{quote(bytes(path.absolute()))}?mode={mode}"


def readable_name(path: Path) -> str:
    """A SQLite URI to read a ledger with, also where neither it nor its folder can be written.

    It asks for writing, which SQLite forgoes where it may not: the first to open a ledger after an
    append was killed undoes what that append had begun. A write-ahead log, if another program made
    the ledger keep one, needs a shared file beside it; where that cannot be made, and there is no
    log to read, the ledger is read as a file that does not change.
    """
    stray = stray_log(path)
    if stray:
        raise Damaged(
            f"{stray.name} lies beside {path}, which keeps no such log: it is of another file and"
            " would be read into this one. Move it elsewhere."
        )
    refuse_foreign(path)
    name = database_name(path, "rw")
    connection = sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        beside = [path.with_name(f"{path.name}-{what}") for what in ("wal", "journal")]
        if "locked" in str(error) or any(file.exists() for file in beside):
            raise
        return f"{name}&immutable=1"
    finally:
        connection.close()
    return name


def secure(connection: sqlite3.Connection, *, reading: bool = False) -> None:
    """Set, and then assert, what durability and safety rest on; Damaged if SQLite does not obey.

    A rollback journal, and never a write-ahead log, which most releases of SQLite can corrupt.
    """
    for pragma in ("synchronous=EXTRA", "fullfsync=1", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA cell_size_check=ON")
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    if level != 3:
        raise Damaged(f"SQLite runs at synchronous={level} and will not take EXTRA (3).")
    if reading:
        connection.execute("PRAGMA query_only=ON")
        return
    mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    if mode != "delete":
        raise Damaged(f"SQLite keeps journal_mode={mode} and will not take DELETE.")


def file_error(path: Path, error: Exception, *, writing: bool = False) -> StakebookError:
    """What a user can do about an error of the database or the file system."""
    message = getattr(error, "strerror", None) or str(error)
    nothing = "; nothing was recorded" if writing else ""
    if "locked" in message or "busy" in message:
        return Refused(
            Refusal.LEDGER_BUSY,
            f"{path} is being written by another process.",
            ("Nothing was recorded; try" if writing else "Try") + " again when it has finished.",
        )
    if any(words in message for words in ("malformed", "decode", "UNIQUE")):
        where = f"{path}, or its read model," if writing else str(path)
        return Damaged(
            f"{where} is damaged: SQLite finds {message}. `stakebook doctor` tells more; restore a"
            f" backup{nothing}."
        )
    if any(words in message for words in ("not a database", "no such table")):
        return _not_a_ledger(path)
    return Refused(
        Refusal.FILE_TROUBLE,
        f"{path} cannot be used: {message}.",
        f"Check that its folder exists, permissions and free space{nothing}.",
    )


def _not_a_ledger(path: Path) -> Refused:
    return Refused(
        Refusal.NOT_A_LEDGER,
        f"{path} is not a stakebook ledger.",
        "Name one with --ledger, or put a backup there with `stakebook restore FILE`.",
    )
