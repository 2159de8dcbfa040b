"""Ledger files: how they are marked and opened, and a look inside without the machinery."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from ledger.envelope import Recorded, read_state
from ledger.places import refuse_network
from ledger.refusals import Damaged, Refusal, Refused
from ledger.tables import unlike
from ledger.upcasters import upcast

APPLICATION_ID = 0x5374_6B62  # "Stkb", in the header of the file
FORMAT = 2
LOCK_SECONDS = 30
PAGE = 1_000  # events read between two looks at what others write


class Peek(NamedTuple):
    """The id of a ledger and the position of its last event (0 when empty)."""

    id: str
    position: int


def peek(path: Path) -> Peek:
    """The state of the ledger at a path.

    Raises Refused where there is none, it is another kind of file or lies on another machine,
    Damaged where a newer release wrote it or its schema was changed.
    """
    try:
        what = "" if path.is_file() else "is a folder" if path.is_dir() else "does not exist"
    except OSError as error:
        raise trouble(path, error) from None
    if what:
        raise Refused(
            Refusal.NO_LEDGER,
            f"The ledger {path} {what}.",
            "Make one with `stakebook init`, or name another with --ledger.",
        )
    refuse_network(path)
    try:
        with closing(reading(path)) as connection:
            return _read(path, connection)
    except (sqlite3.Error, OSError) as error:
        raise trouble(path, error) from None


def reading(path: Path) -> sqlite3.Connection:
    """A connection that reads a ledger and cannot change it."""
    name = readable_name(path)
    connection = sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    secure(connection, reading=True)
    return connection


def state_under(path: Path, key: str) -> bytes | None:
    """The stored bytes of the event under a key, as far as it is recorded by now."""
    peek(path)
    try:
        with closing(reading(path)) as connection:
            row = connection.execute(
                "SELECT state FROM stored_events WHERE key = ?", (key,)
            ).fetchone()
    except sqlite3.Error as error:
        raise trouble(path, error) from None
    return row[0] if row else None


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


def stray_log(path: Path) -> Path | None:
    """A write-ahead log beside a ledger that keeps none; SQLite would read it into the ledger."""
    real = path.resolve()
    log = real.with_name(f"{real.name}-wal")
    if not log.exists() or not log.stat().st_size:
        return None
    with real.open("rb") as file:  # closing it gives up locks on it: so only where there is a log
        return log if file.read(20)[18:20] == b"\1\1" else None


def _read(path: Path, connection: sqlite3.Connection) -> Peek:
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
            " restore a backup."
        )
    row = connection.execute(
        "SELECT id, (SELECT coalesce(max(position), 0) FROM stored_events) FROM ledger"
    ).fetchone()
    if row is None:
        raise Damaged(
            f"{path} has no identity: either making it was interrupted, then delete it and make it"
            " again, or it was changed, then restore a backup."
        )
    return Peek(*row)


def events_after(path: Path, position: int) -> Iterator[Recorded]:
    """The log of a ledger after a position, read without its store, in pages.

    Raises what ``trouble`` words for errors of the database, and Damaged as ``in_order`` does.
    """
    sql = (
        "SELECT position, state FROM stored_events WHERE position > ? ORDER BY position"
        f" LIMIT {PAGE}"
    )
    try:
        with closing(reading(path)) as connection:
            while rows := connection.execute(sql, (position,)).fetchall():
                yield from in_order(rows, position)
                position += len(rows)
    except sqlite3.Error as error:
        raise trouble(path, error) from None


def in_order(rows: Iterable[tuple[int, bytes]], after: int) -> Iterator[Recorded]:
    """The events in rows of position and bytes, as of the newest schemas.

    Raises Damaged where a position is missing, or an event stands at another than its own.
    """
    for expected, (found, state) in enumerate(rows, after + 1):
        event = upcast(read_state(state))
        if (found, event.position) != (expected, expected):
            raise Damaged(
                f"Position {expected} of the log holds event #{event.position} in row {found}. The"
                " file was changed from outside; restore a backup."
            )
        yield event


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


def trouble(path: Path, error: Exception, *, writing: bool = False) -> Refused:
    """What a user can do about an error of the database or the file system."""
    message = getattr(error, "strerror", None) or str(error)
    nothing = "; nothing was recorded" if writing else ""
    if "locked" in message or "busy" in message:
        return Refused(
            Refusal.LEDGER_BUSY,
            f"{path} is being written by another process.",
            ("Nothing was recorded; try" if writing else "Try") + " again when it has finished.",
        )
    if any(words in message for words in ("not a database", "malformed", "no such table")):
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
        "Name one with --ledger, or restore a backup if it was one.",
    )
