"""Opening the read model: it says which history it has indexed, and is compared with the log's.

What is compared is the id of the ledger, the position reached, and the roots of the tree over the
events that were indexed, in the one row that is written in the transaction of all others. A read
model that is behind is caught up, and compared then; one of another history, another ledger or
another form is built anew in its place. A file that is no read model is never written or removed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from itertools import islice
from pathlib import Path
from typing import Protocol

from ledger.events.envelope import Recorded
from ledger.storage.files import LOCK_SECONDS, database_name, remove
from ledger.storage.head import Peek
from ledger.values.refusals import NOT_THE_TREE, Damaged, Refusal, Refused, StakebookError
from projections.readmodel.index import Index, format_number
from projections.readmodel.tables import APPLICATION_ID, make_anew

CACHE_KIB, READ_KIB = 65_536, 16_384  # while filing, and for a question
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]  # of a number of events
_MARK = slice(68, 72)  # the bytes of the header that hold the application's id
_OLDER = {"read_model", "events", "subjects", "postings"}  # tables of one that is not marked yet


def unseen(_: int) -> AbstractContextManager[Callable[[int], None]]:
    """Progress that nobody waits for."""
    return nullcontext(lambda _: None)


class LogReader(Protocol):
    """A log to be indexed: its state, which only grows, and its events."""

    def peek(self) -> Peek:
        """The state of the log now."""

    def events_after(self, position: int) -> Iterable[Recorded]:
        """The events after a position, in order; Damaged at one that is not as it was recorded."""

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        """Raise what is wrong where what was indexed is no beginning of the log, unless it may be
        indexed anew in silence."""


def open_index(
    path: Path | None,
    log: LogReader,
    progress: Progress = unseen,
    warn: Callable[[str], None] = lambda _: None,
    *,
    again: bool = False,
) -> Index:
    """The read model at a path (None: in memory), of all that the log holds now.

    A path that cannot be written is not an error: the read model is built in memory. So it is, with
    a warning, where something else lies at the path.
    """
    seen, absent = log.peek(), path is not None and not path.exists()
    try:
        connection = connect(path)
        try:
            if path is None or is_read_model(connection, path):
                return compared(connection, seen, log, progress)
        except BaseException:
            connection.close()
            raise
        connection.close()
    except sqlite3.DatabaseError as error:
        if path is None:
            raise
        if "locked" in str(error):
            raise busy(path) from None
        if absent and path.exists() and path.stat().st_size == 0:
            remove(path)  # made just now, where there was no room for what goes into it
        broken = not isinstance(error, sqlite3.OperationalError) and not again
        return open_index(path if broken and discard(path) else None, log, progress, again=True)
    warn(
        f"{path} is no read model, and is left as it is. Answers are worked out in memory each"
        " time; move it elsewhere."
    )
    return open_index(None, log, progress)


def compared(
    connection: sqlite3.Connection, seen: Peek, log: LogReader, progress: Progress = unseen
) -> Index:
    """The history in an open read model, caught up where it is not what was seen of the log."""
    connection.execute(f"PRAGMA cache_size=-{READ_KIB}")  # reads the file: it must be one by now
    if indexed_in(connection) != seen:
        seen = catch_up(connection, log, progress)
    return Index(connection, seen.position)


def connect(path: Path | None) -> sqlite3.Connection:
    """A connection to a read model; to a new one in memory where there is no path."""
    name = ":memory:" if path is None else database_name(path, "rwc")
    connection = sqlite3.connect(name, uri=True, timeout=LOCK_SECONDS, isolation_level=None)
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def begin_indexing(connection: sqlite3.Connection) -> None:
    """Begin the transaction in which a read model is written."""
    connection.execute("PRAGMA synchronous=NORMAL")  # derived: at worst it is built again
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    connection.execute("BEGIN IMMEDIATE")


def is_read_model(connection: sqlite3.Connection, path: Path) -> bool:
    """Whether a file is marked as a read model, was one before there were marks, or is empty."""
    try:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        if mark:
            return bool(mark == APPLICATION_ID)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        return pages == 0 or _tables(connection) >= _OLDER
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        with path.open("rb") as file:  # cut off or overwritten: nothing but its header tells
            header = file.read(_MARK.stop)
        marked = header[_MARK] == APPLICATION_ID.to_bytes(4)
        return marked and header.startswith(b"SQLite format 3\0")


def discard(path: Path) -> bool:
    """Remove the read model at a path, if any; False, and nothing done, for any other file."""
    if not is_free(path):
        return False
    try:
        remove(path)
    except OSError:
        return False
    return True


def is_free(path: Path) -> bool:
    """Whether a read model, or nothing, lies at a path."""
    if not path.exists():
        return not path.is_symlink()
    try:
        with closing(connect(path)) as connection:
            return is_read_model(connection, path)
    except (sqlite3.OperationalError, OSError):
        return False


def indexed_in(connection: sqlite3.Connection) -> Peek | None:
    """The history that a read model says it has indexed; None where there is none in this form."""
    if "read_model" not in _tables(connection):
        return None
    try:
        row = connection.execute(
            "SELECT format, ledger, position, peaks FROM read_model"
        ).fetchone()
    except sqlite3.OperationalError as error:
        if "no such column" in str(error):
            return None
        raise
    return Peek(*row[1:]) if row and row[0] == format_number() else None


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def catch_up(connection: sqlite3.Connection, log: LogReader, progress: Progress = unseen) -> Peek:
    """File what is missing, or everything anew where what was indexed is of another history."""
    begin_indexing(connection)
    try:
        seen, anew, before = log.peek(), False, indexed_in(connection)
        while not _extended(connection, log, seen, progress):
            if before and not anew:
                log.refuse_parted(before, seen)
            earlier, seen = seen, log.peek()  # another file may have taken the place of the log
            if anew and seen == earlier:
                raise Damaged(NOT_THE_TREE)
            make_anew(connection, seen.id, format_number())
            anew = True
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return seen


def _extended(
    connection: sqlite3.Connection, log: LogReader, seen: Peek, progress: Progress
) -> bool:
    """File what is missing; whether all that is indexed then is what was seen of the log."""
    from projections.readmodel.indexer import Indexer

    indexed = indexed_in(connection)
    if indexed is None or indexed.id != seen.id or indexed.position >= seen.position:
        return indexed == seen
    indexer = Indexer(connection)
    missing = islice(log.events_after(indexed.position), seen.position - indexed.position)
    try:
        with progress(seen.position) as advance:
            return indexer.file(missing, advance) == seen
    except (StakebookError, sqlite3.OperationalError):
        raise
    except Exception as error:  # whatever comes of filing what does not belong together
        if not (_is_whole(log, indexed) and _is_whole(log, seen)):
            return False
        raise Damaged(
            f"One of the events #{indexed.position + 1} to #{seen.position} is none that an append"
            f" records, and cannot be read ({error!r}). `stakebook replay` names it. Where it finds"
            " nothing, this is a fault in stakebook."
        ) from error


def _is_whole(log: LogReader, history: Peek) -> bool:
    """Whether the first events of a log are those of a tree."""
    events = islice(log.events_after(0), history.position)
    return _are_of(history, (event.raw or event.state(history.id) for event in events))


def holds(connection: sqlite3.Connection, indexed: Peek) -> bool:
    """Whether the events in a read model are those that it says it has indexed."""
    return _are_of(indexed, states(connection))


def states(connection: sqlite3.Connection) -> Iterator[bytes]:
    """The bytes of every event in a read model, in order."""
    for (data,) in connection.execute("SELECT data FROM events ORDER BY position"):
        yield data.encode()


def _are_of(history: Peek, states: Iterable[bytes]) -> bool:
    from ledger.transparency.merkle import Frontier, leaf_hash

    tree = Frontier()
    for state in states:
        tree.add(leaf_hash(state))
    return tree.peaks() == history.peaks


def busy(path: Path) -> Refused:
    """The refusal where another process writes the read model for too long."""
    return Refused(
        Refusal.LEDGER_BUSY,
        f"The read model {path} is being written by another process.",
        "Try again when it has finished.",
    )
