"""A ledger as it stands at one moment, read while others append: bytes, tree, checkpoints.

Events are never changed, so a moment of the log is no more than its size. What else is kept (the
frontier, the checkpoints) is read at once; events come by pages, so that an append never waits long
for a reader.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from json.encoder import encode_basestring as written
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ledger.storage.files import file_error, peek, reading, recognise
from ledger.storage.log_rows import AFTER, SELECT, Row, differing, in_order
from ledger.storage.schema import missing
from ledger.transparency.merkle import Frontier
from ledger.transparency.signed_notes import Note, Signature, read_note
from ledger.values.refusals import NOT_THE_TREE, Damaged, key_changed

PAGE = 1_024  # events; a power of two, so that pages fill subtrees
_BEFORE_ALL = -(2**63)  # no row has this position
_BEARING = "SELECT 1 FROM stored_events WHERE instr(state, ?)"
_NEXT = "SELECT min(position) - 1 FROM stored_events WHERE position > ?"


class Snapshot:
    """A ledger up to the event that is its last one now; what is appended meanwhile is not seen.

    Raises Refused where there is no ledger, Damaged where it is of another format.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        recognise(path)
        try:
            self._connection = reading(path)
            self._connection.execute("BEGIN")
            self.id, self.size = self._connection.execute(
                "SELECT id, (SELECT coalesce(max(position), 0) FROM stored_events) FROM ledger"
            ).fetchone()
            self._frontier = self._connection.execute("SELECT size, peaks FROM frontier").fetchone()
            self._notes = self._connection.execute(
                "SELECT note FROM checkpoints ORDER BY size, number"
            ).fetchall()
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise file_error(path, error) from None

    @property
    def origin(self) -> str:
        """The name of the log in checkpoints, and of the keys that sign it."""
        return origin_of(self.id)

    def frontier(self) -> Frontier:
        """The tree over the events, as kept beside them."""
        return Frontier(*(self._frontier or (-1, b"")))

    @property
    def claimed_root(self) -> bytes:
        """The root of the tree, by the frontier kept beside the events."""
        return self.frontier().root()

    def pages(self, after: int = 0) -> Iterator[list[bytes]]:
        """The bytes of every event, in order, after a position, some at a time."""
        return self._pages("state", after)

    def valid_pages(self) -> Iterator[list[bytes]]:
        """The bytes of every event, in order, once its row is found to be sound.

        Raises Damaged at the first that is unsound or missing, and at the end where they are not
        those of the tree.
        """
        peek(self._path)  # no row before the first, none after the last of the tree
        tree, done = Frontier(), 0
        while done < self.size:
            found = self._rows(done, min(PAGE, self.size - done))
            page = list(in_order(found, self.id, done))
            if not page:
                raise missing(done + 1)
            tree.extend([row.leaf for row in page])
            yield [row.state for row in page]
            done += len(page)
        if (tree.size, tree.peaks()) != (self.size, self.frontier().peaks()):
            raise Damaged(NOT_THE_TREE)

    def differing(self) -> Iterator[tuple[str, str]]:
        """Where a row's columns are not what its bytes say, and how."""
        position = _BEFORE_ALL
        while page := self._rows(position, PAGE):
            for row in map(Row._make, page):
                position = row.position
                if position < 1:
                    yield (
                        self.place(position),
                        "It is before the first event: it was never recorded.",
                    )
                elif position <= self.size and (wrong := differing(row, self.id)):
                    yield self.place(position), f"{wrong[0].upper()}{wrong[1:]}."

    def leaves(self) -> Iterator[bytes]:
        """The leaf hashes kept beside the events, in order."""
        for page in self._pages("leaf", 0):
            yield from page

    def place(self, number: int) -> str:
        """Where the event of a number stands, in words."""
        return f"row {number} of the log"

    def position_of(self, event: str) -> int | None:
        """The position of the event under a key, or at a position such as ``#12``."""
        if not event.isascii():  # as no key is
            return None
        found = self._one("SELECT position FROM stored_events WHERE key = ?", event)
        wanted = event.removeprefix("#")
        if found is None and wanted.isdecimal() and len(wanted) < 19:
            found = self._one("SELECT position FROM stored_events WHERE position = ?", int(wanted))
        if found is None and self._one(_BEARING, f',"key":{written(event)},"ledger":'.encode()):
            raise key_changed(event)
        return None if found is None else int(found)

    def state(self, position: int) -> bytes:
        """The bytes of the event at a position."""
        return bytes(self._one("SELECT state FROM stored_events WHERE position = ?", position))

    def notes(self) -> list[Note]:
        """The checkpoints kept, by size, each with every signature that was ever added to it."""
        found: dict[str, dict[Signature, None]] = {}  # in the order in which they were added
        for (kept,) in self._notes:
            note = read_note(kept)
            found.setdefault(note.text, {}).update(dict.fromkeys(note.signatures))
        return [Note(text, tuple(signatures)) for text, signatures in found.items()]

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def _pages(self, column: str, after: int) -> Iterator[list[bytes]]:
        sql = (
            f"SELECT {column} FROM stored_events WHERE position > ? AND position <= ?"
            " ORDER BY position"
        )
        try:
            while after < self.size:
                upto = min(after + PAGE, self.size)
                page = [value for (value,) in self._connection.execute(sql, (after, upto))]
                if page:
                    yield page
                else:  # there is a gap in the log
                    upto = self._one(_NEXT, after) or self.size
                after = upto
        except sqlite3.Error as error:
            raise file_error(self._path, error) from None

    def _rows(self, after: int, most: int) -> list[Any]:
        try:
            return self._connection.execute(f"{SELECT} {AFTER}", (after, most)).fetchall()
        except sqlite3.Error as error:
            raise file_error(self._path, error) from None

    def _one(self, sql: str, value: str | int | bytes) -> Any:
        try:
            row = self._connection.execute(sql, (value,)).fetchone()
        except sqlite3.Error as error:
            raise file_error(self._path, error) from None
        return None if row is None else row[0]


def origin_of(ledger_id: str) -> str:
    """The origin of a ledger's checkpoints: a name that only its own id makes."""
    return f"stakebook/{ledger_id}"
