"""Ledger files: how they are marked and opened, and a look inside without the machinery."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from ledger.envelope import Recorded, read_state
from ledger.refusals import Damaged, Refusal, Refused

APPLICATION_ID = 0x5374_6B62  # "Stkb", in the header of the file
FORMAT = 1
LOCK_SECONDS = 30


class Peek(NamedTuple):
    """The id of a ledger and the position of its last event (0 when empty)."""

    id: str
    position: int


def peek(path: Path) -> Peek:
    """The state of the ledger at a path.

    Raises Refused where there is none or it is another kind of file, Damaged where a newer
    release wrote it.
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
    try:
        connection = sqlite3.connect(readable_name(path), uri=True, timeout=LOCK_SECONDS)
        try:
            return _read(path, connection)
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise trouble(path, error) from None


def _read(path: Path, connection: sqlite3.Connection) -> Peek:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise _not_a_ledger(path)
    written = connection.execute("PRAGMA user_version").fetchone()[0]
    if written > FORMAT:
        raise Damaged(f"{path} is of format {written}; this release reads up to {FORMAT}.")
    row = connection.execute(
        "SELECT id, (SELECT coalesce(max(position), 0) FROM stored_events) FROM ledger"
    ).fetchone()
    if row is None:
        raise Damaged(f"{path} has lost its identity; restore a backup.")
    return Peek(*row)


def events_after(path: Path, position: int) -> Iterator[Recorded]:
    """The log of a ledger after a position, read without its store; Damaged where one is missing.

    Raises what ``trouble`` words for errors of the database.
    """
    try:
        with closing(sqlite3.connect(readable_name(path), uri=True)) as connection:
            rows = connection.execute(
                "SELECT position, state FROM stored_events WHERE position > ? ORDER BY position",
                (position,),
            )
            for expected, (found, state) in enumerate(rows, position + 1):
                event = read_state(state)
                if (found, event.position) != (expected, expected):
                    raise Damaged(
                        f"Position {expected} of the log holds event #{event.position} in row"
                        f" {found}. The file was changed from outside; restore a backup."
                    )
                yield event
    except sqlite3.Error as error:
        raise trouble(path, error) from None


def database_name(path: Path, mode: str) -> str:
    """A SQLite URI for a path, whatever characters it holds; mode is ro, rw or rwc."""
    return f"file:{quote(bytes(path.absolute()))}?mode={mode}"


def readable_name(path: Path) -> str:
    """A SQLite URI to read a ledger with, also where its folder cannot be written.

    A write-ahead log needs a shared file beside it; where that cannot be made, and there is no log
    to read, the ledger is read as a file that does not change.
    """
    name = database_name(path, "ro")
    connection = sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        if path.with_name(f"{path.name}-wal").exists():
            raise
        return f"{name}&immutable=1"
    finally:
        connection.close()
    return name


def secure(connection: sqlite3.Connection) -> None:
    """Set, and then assert, what durability and safety rest on; Damaged if SQLite does not obey."""
    for pragma in ("synchronous=FULL", "fullfsync=1", "foreign_keys=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA cell_size_check=ON")
    level = connection.execute("PRAGMA synchronous").fetchone()[0]
    if level != 2:
        raise Damaged(f"SQLite runs at synchronous={level} and will not take FULL (2).")


def trouble(path: Path, error: Exception) -> Refused:
    """What a user can do about an error of the database or the file system."""
    message = getattr(error, "strerror", None) or str(error)
    if "locked" in message or "busy" in message:
        return Refused(
            Refusal.LEDGER_BUSY,
            f"{path} is being written by another process.",
            "Nothing was recorded; try again when it has finished.",
        )
    if any(words in message for words in ("not a database", "malformed", "no such table")):
        return _not_a_ledger(path)
    return Refused(
        Refusal.FILE_TROUBLE,
        f"{path} cannot be used: {message}.",
        "Check that its folder exists, permissions and free space; nothing was recorded.",
    )


def _not_a_ledger(path: Path) -> Refused:
    return Refused(
        Refusal.NOT_A_LEDGER,
        f"{path} is not a stakebook ledger.",
        "Name one with --ledger, or restore a backup if it was one.",
    )
