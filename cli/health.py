"""What `stakebook doctor` looks at: the machine, the place of the ledger, and its file."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from cli.context import now
from ledger.events.envelope import read_state
from ledger.proofs.seal import sealed_at
from ledger.proofs.snapshot import Snapshot
from ledger.storage.atomic_file import left_behind
from ledger.storage.files import WITH_ACTORS, reading, stray_log
from ledger.storage.filesystems import file_system, is_network
from ledger.storage.head import Peek
from ledger.storage.opening import peek
from ledger.values.clock import CONFIRM, step_refused
from ledger.values.dates import stored_instant
from ledger.values.refusals import RESTORE, Damaged, Refused, StakebookError
from projections.readmodel.index import views_path
from projections.readmodel.opening import connect, holds, indexed_in, is_free

LITTLE = 100 * 2**20  # bytes of free space


class Finding(NamedTuple):
    """What was looked at, what was found, a verdict, and what to do about it."""

    check: str
    found: str
    verdict: str = "ok"  # or warning, or problem
    to_do: str = ""


def findings(path: Path) -> list[Finding]:
    """Everything there is to say about a ledger at a path, and about the machine it is on."""
    found = [
        Finding("Python", platform.python_version()),
        _sqlite(sqlite3.sqlite_version_info),
        _durability(),
        *_folder(path),
    ]
    try:
        exists = path.is_file()
    except OSError as error:
        return [*found, _unreadable(error)]
    if not exists:
        return [*found, Finding("ledger", "none at this path yet")]
    return [*found, *_file(path)]


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether a SQLite can corrupt a write-ahead log when a reset of it races with a commit."""
    for major, minor, fixed in ((3, 44, 6), (3, 50, 7)):
        if version[:2] == (major, minor):
            return version[2] < fixed
    return (3, 7, 0) <= version < (3, 51, 3)


def _sqlite(version: tuple[int, ...]) -> Finding:
    text = ".".join(map(str, version))
    if version < (3, 37):
        return Finding("SQLite", text, "problem", "Strict tables need SQLite 3.37 or later.")
    if version[:3] == (3, 52, 0):
        return Finding("SQLite", text, "warning", "SQLite 3.52.0 was withdrawn: use another.")
    if has_wal_reset_bug(version):
        return Finding(
            "SQLite",
            f"{text}, has the WAL-reset bug",
            "warning",
            "A ledger keeps no write-ahead log, so this bug cannot reach it. Do not set"
            " journal_mode=WAL on its file with other tools, or use SQLite 3.51.3 or later"
            " (3.50.7, 3.44.6).",
        )
    return Finding("SQLite", text)


def _durability() -> Finding:
    from ledger.storage.files import secure

    try:
        with closing(sqlite3.connect(":memory:")) as connection:
            secure(connection, reading=True)
    except Damaged as damaged:
        return Finding("synchronous", "not EXTRA", "problem", str(damaged))
    return Finding("synchronous", "EXTRA, set and asserted on every connection")


def _folder(path: Path) -> Iterator[Finding]:
    folder = Path(os.path.realpath(path)).parent
    kind = file_system(path)
    if is_network(kind):
        yield Finding(
            "file system", f"{kind}, on a network", "problem", "Keep the ledger on a local disk."
        )
    else:
        yield Finding("file system", kind or "not told by this system")
    try:
        mode = folder.stat().st_mode
        free = shutil.disk_usage(folder).free
    except OSError as error:
        yield Finding("folder", error.strerror or "unreadable", "problem", f"Make {folder} usable.")
        return
    if not os.access(folder, os.W_OK):
        yield Finding(
            "folder", "may not be written", "warning", "Appending needs to write beside the ledger."
        )
    elif mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
        yield Finding(
            "folder",
            f"{stat.filemode(mode)}, written by anybody",
            "warning",
            f"Anybody can replace the ledger: chmod o-w {folder}",
        )
    else:
        yield Finding("folder", stat.filemode(mode))
    little = free < LITTLE
    yield Finding(
        "free space",
        f"{free // 2**20:,} MiB",
        "warning" if little else "ok",
        "Make room: an append that finds none is refused." if little else "",
    )
    yield from _left_behind(folder)


def _left_behind(folder: Path) -> Iterator[Finding]:
    """Drafts of commands that were killed while they wrote beside the ledger."""
    left = [draft.name for draft in left_behind(folder)]
    if left:
        yield Finding(
            "left behind",
            f"{len(left)} drafts of killed commands, such as {left[0]}",
            "warning",
            "The next command that makes a file in this folder clears them.",
        )


def _file(path: Path) -> Iterator[Finding]:
    mode = path.stat().st_mode
    if mode & stat.S_IWOTH:
        yield Finding(
            "file",
            f"{stat.filemode(mode)}, written by anybody",
            "warning",
            f"Anybody can change the ledger: chmod o-w {path}",
        )
    elif not os.access(path, os.W_OK):
        yield Finding("file", f"{stat.filemode(mode)}, read only", "warning", "No append will do.")
    else:
        yield Finding("file", stat.filemode(mode))
    try:
        stray = stray_log(path)
    except OSError as error:
        yield _unreadable(error)
        return
    if stray:
        yield Finding(
            "beside it",
            f"{stray.name}, of another file",
            "problem",
            f"SQLite would read it into the ledger: move {stray} elsewhere.",
        )
        return
    try:
        seen = peek(path)
        with closing(reading(path)) as connection:
            (written,) = connection.execute("PRAGMA user_version").fetchone()
            kept = ", which says who recorded each" if written == WITH_ACTORS else ""
            yield Finding("format", f"{written}, {seen.position:,} events{kept}")
            yield _journal(connection)
            yield _integrity(path, connection)
        with Snapshot(path) as snapshot:
            yield _clock(snapshot)
        yield _read_model(path, seen)
    except sqlite3.Error as error:
        yield Finding("integrity", str(error), "problem", RESTORE)
    except StakebookError as error:
        wrong = error.wrong if isinstance(error, Refused) else str(error)
        to_do = error.remedy if isinstance(error, Refused) else RESTORE
        yield Finding("ledger", wrong, "problem", to_do)


def _journal(connection: sqlite3.Connection) -> Finding:
    mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        return Finding("journal", mode)
    affected = has_wal_reset_bug(sqlite3.sqlite_version_info)
    return Finding(
        "journal",
        "wal, set by another program",
        "problem" if affected else "warning",
        "The next append sets it back; let no other program write the ledger.",
    )


def _integrity(path: Path, connection: sqlite3.Connection) -> Finding:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return Finding("integrity", found, "problem", RESTORE)
    with Snapshot(path) as snapshot:
        for _ in snapshot.valid_pages():
            continue  # each page is compared when it is read
    return Finding("integrity", "every event is as recorded; `replay` asks the rules")


def _read_model(path: Path, seen: Peek) -> Finding:
    """Whether what lies beside a ledger is its read model, and holds the events that it indexed."""
    views = views_path(path)
    if not views.exists():
        return Finding("read model", "none yet; the next question makes it")
    if not is_free(views):
        to_do = f"It is left as it is, and questions are slow: move {views} elsewhere."
        return Finding("read model", f"{views.name} is another file", "warning", to_do)
    try:
        with closing(connect(views)) as connection:
            invalid = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if invalid != "ok":
                raise sqlite3.DatabaseError(invalid)
            indexed = indexed_in(connection)
            kept = indexed is not None and holds(connection, indexed)
    except sqlite3.DatabaseError as error:
        to_do = f"Remove {views}: the next question makes it anew."
        return Finding("read model", str(error), "warning", to_do)
    if indexed is None or indexed.id != seen.id or indexed.position > seen.position:
        return Finding("read model", "of another history; the next question makes it anew")
    if not kept:
        to_do = "Answers may be wrong: run `stakebook replay`, which replaces it."
        return Finding("read model", "its events are not those that it indexed", "problem", to_do)
    if indexed.position < seen.position:
        return Finding(
            "read model", f"{indexed.position:,} events indexed; the next question goes on"
        )
    if indexed != seen:
        return Finding("read model", "of another history; the next question makes it anew")
    return Finding("read model", "of this history; `stakebook replay` compares all of it")


def _clock(snapshot: Snapshot) -> Finding:
    sealed = map(sealed_at, snapshot.notes())
    state = snapshot.state(snapshot.size) if snapshot.size else b""
    last = max([read_state(state).recorded_at if state else "", *sealed])
    here = stored_instant(now())
    if here < last:
        return Finding(
            "clock",
            f"{here}, behind the last recorded time, {last}",
            "warning",
            "If the clock is wrong, set it. If it was ahead once and is right now, events still"
            " follow that time, each a microsecond after the one before, and --recorded-by finds"
            " them only from then on.",
        )
    if step_refused(last, now(), confirmed=False):
        return Finding(
            "clock",
            f"{here}, far ahead of the last recorded time, {last}",
            "warning",
            f"If the clock is ahead, set it. If it is right, the next append needs {CONFIRM}.",
        )
    return Finding("clock", here)


def _unreadable(error: OSError) -> Finding:
    return Finding("ledger", error.strerror or str(error), "problem", "Make it readable.")
