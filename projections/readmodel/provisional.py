"""The read model as questions and appends use it: opened once, caught up to the log again whenever
that may have grown, and shown with events that are not in the log yet."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from ledger.events.envelope import Recorded
from ledger.storage.head import Peek
from ledger.time.history import History
from ledger.time.log import Log
from projections.readmodel.index import Index
from projections.readmodel.opening import (
    LogReader,
    Progress,
    begin_indexing,
    busy,
    compared,
    discard,
    indexed_in,
    open_index,
    unseen,
)

MOST_LAID = 16  # events that follow what is filed


class ReadModelFile:
    """The read model at a path (None: in memory), opened when it is first asked for.

    ``index`` is the history as it was last caught up.
    """

    index: Index

    def __init__(
        self,
        path: Path | None,
        progress: Progress = unseen,
        warn: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._path, self._progress, self._warn = path, progress, warn
        self._opened = self._begun = False
        self._laid: Log | None = None
        self._indexed: Peek | None = None
        self._at = Peek("", 0, b"")

    def followed(self, log: LogReader) -> History:
        """The history of all that a log holds now; what the read model lacks of it is not filed
        yet where that is little, but laid over it."""
        if not self._opened:
            return self.caught_up(log)
        seen = log.peek()
        if self._reaches(seen, log):
            return self._laid or self.index
        return self.caught_up(log)

    def _reaches(self, seen: Peek, log: LogReader) -> bool:
        """Whether the read model, with a few events laid over it, is of what was seen of a log."""
        more = seen.position - self.index.position
        if not 0 <= more <= MOST_LAID or indexed_in(self.index.connection) != self._indexed:
            return False
        if seen != self._at:
            from ledger.transparency.merkle import Frontier, leaf_hash

            tree = Frontier(self._at.position, self._at.peaks)
            new = [*islice(log.events_after(tree.size), max(seen.position - tree.size, 0))]
            tree.extend([leaf_hash(event.raw or event.state(seen.id)) for event in new])
            if (seen.id, tree.peaks()) != (self._at.id, seen.peaks):
                return False
            self._laid = self._laid or Log((), self.index)
            for event in new:
                self._laid.add(event)
            self._at = seen
        return True

    def caught_up(self, log: LogReader) -> Index:
        """The history of all that a log holds now."""
        self.index = self._compared(log) if self._opened else self._open(log)
        self._laid, self._indexed = None, indexed_in(self.index.connection)
        self._at = self._indexed or self._at
        return self.index

    def _open(self, log: LogReader) -> Index:
        index = open_index(self._path, log, self._progress, self._warn)
        self._opened = True
        return index

    def _compared(self, log: LogReader) -> Index:
        """The read model that is open, unless another file took its place."""
        seen = log.peek()
        try:
            return compared(self.index.connection, seen, log, self._progress)
        except sqlite3.DatabaseError as error:
            if self._path is not None and "locked" in str(error):
                raise busy(self._path) from None
            self.close()
            return self._open(log)

    def indexed(self, events: Iterable[Recorded]) -> Index:
        """The history with events in it that follow the log, until they are kept or undone."""
        from projections.readmodel.indexer import Indexer

        connection = self.index.connection
        begin_indexing(connection)
        self._begun = True
        return Index(connection, Indexer(connection).file(events).position)

    def keep(self) -> None:
        """Keep what was indexed, now that the log holds it."""
        if self._begun:
            self.index.connection.execute("COMMIT")
            self._begun = False

    def undo(self) -> None:
        """Undo what was indexed and not kept."""
        if self._begun:
            self._begun = False
            try:
                self.index.connection.execute("ROLLBACK")
            except sqlite3.DatabaseError:  # SQLite has undone it already, as on a full disk
                self.close()

    def discard(self) -> bool:
        """Close the file and throw it away, to be built anew; False if it is no read model."""
        self.close()
        return self._path is not None and discard(self._path)

    def close(self) -> None:
        """Close the file; it is opened again if anything more is asked for."""
        if self._opened:
            self._opened = False
            self.index.close()
