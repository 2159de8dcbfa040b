"""A ledger as it stands at one moment, read while others append: bytes, tree, checkpoints."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ledger.files import LOCK_SECONDS, peek, readable_name, secure, trouble
from ledger.notes import Note, read_note
from ledger.tree import Frontier

PAGE = 256  # events; a power of two, so that pages fill subtrees


class Snapshot:
    """A ledger in one read transaction; what is appended meanwhile is not seen.

    Raises Refused where there is no ledger, Damaged where it is of another format.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        peek(path)
        try:
            self._connection = sqlite3.connect(
                readable_name(path), uri=True, timeout=LOCK_SECONDS, isolation_level=None
            )
            secure(self._connection)
            self._connection.execute("BEGIN")
            self.id, self.size = self._connection.execute(
                "SELECT id, (SELECT coalesce(max(position), 0) FROM stored_events) FROM ledger"
            ).fetchone()
        except sqlite3.Error as error:
            raise trouble(path, error) from None

    @property
    def origin(self) -> str:
        """The name of the log in checkpoints, and of the keys that sign it."""
        return origin_of(self.id)

    def frontier(self) -> Frontier:
        """The tree over the events, as kept beside them."""
        return Frontier(*self._connection.execute("SELECT size, peaks FROM frontier").fetchone())

    @property
    def claimed_root(self) -> bytes:
        """The root of the tree, by the frontier kept beside the events."""
        return self.frontier().root()

    def pages(self, after: int = 0) -> Iterator[list[bytes]]:
        """The bytes of every event, in order, after a number of them, some at a time."""
        rows = self._read(
            "SELECT state FROM stored_events ORDER BY position LIMIT -1 OFFSET ?", after
        )
        for page in rows:
            yield list(*zip(*page, strict=True))

    def leaves(self) -> Iterator[bytes]:
        """The leaf hashes kept beside the events, in order."""
        for page in self._read("SELECT leaf FROM stored_events ORDER BY position"):
            yield from (leaf for (leaf,) in page)

    def place(self, number: int) -> str:
        """Where the event of a number stands, in words."""
        return f"row {number} of the log"

    def position_of(self, event: str) -> int | None:
        """The position of the event under a key, or at a position such as ``#12``."""
        wanted = event.removeprefix("#")
        row = self._connection.execute(
            "SELECT position FROM stored_events WHERE key = ?", (event,)
        ).fetchone()
        if row is None and wanted.isdecimal() and wanted.isascii() and len(wanted) < 19:
            row = self._connection.execute(
                "SELECT position FROM stored_events WHERE position = ?", (int(wanted),)
            ).fetchone()
        return None if row is None else int(row[0])

    def state(self, position: int) -> bytes:
        """The bytes of the event at a position."""
        (state,) = self._connection.execute(
            "SELECT state FROM stored_events WHERE position = ?", (position,)
        ).fetchone()
        return bytes(state)

    def notes(self) -> list[Note]:
        """The checkpoints kept, by size, each with every signature that was ever added to it."""
        found: dict[str, Note] = {}
        rows = self._connection.execute("SELECT note FROM checkpoints ORDER BY size, number")
        for (kept,) in rows:
            note = read_note(kept)
            found[note.text] = found[note.text].joined(note) if note.text in found else note
        return list(found.values())

    def close(self) -> None:
        """End the read transaction."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def _read(self, sql: str, *values: int) -> Iterator[list[tuple[bytes]]]:
        try:
            cursor = self._connection.execute(sql, values)
            while page := cursor.fetchmany(PAGE):
                yield page
        except sqlite3.Error as error:
            raise trouble(self._path, error) from None


def origin_of(ledger_id: str) -> str:
    """The origin of a ledger's checkpoints: a name that only its own id makes."""
    return f"stakebook/{ledger_id}"
