"""Rebuilt read models: made beside the one in use while the log is checked against them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from tempfile import gettempdir
from typing import Self

from ledger.events.envelope import Recorded
from ledger.storage.atomic_file import drafted
from ledger.storage.files import file_error
from ledger.values.refusals import Damaged
from projections.readmodel.index import Index, format_number
from projections.readmodel.indexer import PAGE, Indexer
from projections.readmodel.opening import begin_indexing, connect, discard
from projections.readmodel.postings import OPEN
from projections.readmodel.tables import make_anew


class Rebuild:
    """A read model that is indexed page by page, and seen as it was at any position meanwhile.

    It lies in a file that nobody else opens and that is thrown away unless it is finished.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self._connection = path, connection
        self._indexer, self._position = Indexer(connection), 0

    @classmethod
    def begun(cls, path: Path, ledger: str) -> Self:
        """An empty one of a ledger, in a file that nobody has opened."""
        connection = connect(path)
        for pragma in ("journal_mode=OFF", "locking_mode=EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}")
        begin_indexing(connection)
        make_anew(connection, ledger, format_number())
        begun = cls(path, connection)
        connection.execute("UPDATE read_model SET position = ?", (OPEN,))  # sums are asked for
        return begun

    def file(self, events: Iterable[Recorded]) -> Collection[int]:
        """Index the next events; returns the positions of movements that are not posted."""
        unposted: set[int] = set()
        coming = iter(events)
        try:
            while page := list(islice(coming, PAGE)):
                unposted |= self._indexer.page(page)
                self._position = page[-1].position
        except sqlite3.IntegrityError as error:
            raise Damaged(f"Two events of the log have one key or position ({error}).") from None
        return unposted

    def at(self, position: int) -> Index:
        """The history up to a position, at which a batch ends."""
        if position >= self._position:
            self._indexer.end_batch()
        return Index(self._connection, position)

    def finish(self) -> Index:
        """The whole read model, written: others may read its file, which may be renamed once it is
        closed."""
        self._indexer.close()
        self._connection.execute("COMMIT")
        self._connection.execute("PRAGMA locking_mode=NORMAL")
        self._connection.execute("SELECT 1 FROM read_model").fetchone()  # now others may read it
        return self.at(self._position)

    def put(self, path: Path) -> None:
        """Let the finished read model take the place of one at a path, if it can."""
        self.close()
        if discard(path):
            with suppress(OSError):  # on another disk, or in a folder that cannot be written
                self.path.replace(path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


@contextmanager
def rebuilt_read_model(beside: Path, ledger: str) -> Iterator[Rebuild]:
    """A fresh read model beside a path, or where nothing can be written there, in another folder.

    Raises Refused where there is no room for it.
    """
    with ExitStack() as opened:
        try:
            try:
                draft = opened.enter_context(drafted(beside))
            except OSError:
                draft = opened.enter_context(drafted(Path(gettempdir(), beside.name)))
            fresh = Rebuild.begun(draft, ledger)
            opened.callback(fresh.close)
            yield fresh
        except (OSError, sqlite3.OperationalError) as error:
            raise file_error(beside, error) from None
