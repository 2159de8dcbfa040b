"""Trials: events indexed in the read model before they are in the log, and undone unless kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from ledger.events.envelope import Recorded
from projections.readmodel.index import Index
from projections.readmodel.indexer import Indexer
from projections.readmodel.opening import begin_indexing


class ProvisionalIndex:
    """A read model that shows what events not committed yet would make of it."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._begun = False

    def file(self, events: Iterable[Recorded]) -> Index:
        """File events that follow the log; the read model with them."""
        connection = self.index.connection
        begin_indexing(connection)
        self._begun = True
        return Index(connection, Indexer(connection).file(events).position)

    def keep(self) -> None:
        """Keep what was indexed, now that the log holds it."""
        if self._begun:
            self.index.connection.execute("COMMIT")
            self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._begun:
            self._begun = False
            try:
                self.index.connection.execute("ROLLBACK")
            except sqlite3.DatabaseError:  # SQLite has undone it already, as on a full disk
                self.index.close()
