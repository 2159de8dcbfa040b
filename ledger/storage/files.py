"""Ledger files: how they are marked and opened, and a look inside without the machinery."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from urllib.parse import quote

from ledger.storage.rollback_journal import refuse_foreign
from ledger.values.refusals import Damaged, Refusal, Refused, StakebookError

APPLICATION_ID = 0x5374_6B62  # "Stkb", in the header of the file
FORMAT = 2
WITH_ACTORS = FORMAT + 1  # the format of a file whose events say who recorded them
MOVED = FORMAT + 0x100  # the format of a file that takes no more events
LOCK_SECONDS = 30
KEEP = "INSERT INTO checkpoints (size, note) VALUES (?, ?) ON CONFLICT DO NOTHING"


def reading(path: Path) -> sqlite3.Connection:
    """A connection that reads a ledger and cannot change it."""
    name = readable_name(path)
    connection = sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    secure(connection, reading=True)
    return connection


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
        return not_a_ledger(path)
    return Refused(
        Refusal.FILE_TROUBLE,
        f"{path} cannot be used: {message}.",
        f"Check that its folder exists, permissions and free space{nothing}.",
    )


def not_a_ledger(path: Path) -> Refused:
    return Refused(
        Refusal.NOT_A_LEDGER,
        f"{path} is not a stakebook ledger.",
        "Name one with --ledger, or put a backup there with `stakebook restore FILE`.",
    )
