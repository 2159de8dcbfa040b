"""The digest of the state of a whole ledger, worked out by several processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

from cli.workers import made
from ledger.storage.beside import MUCH
from ledger.storage.files import database_name
from ledger.time.view import View
from projections.questions import Asked, asked, digest, digest_of, lines
from projections.readmodel.index import Index
from projections.readmodel.opening import CACHE_KIB


def state_digest(index: Index, file: Path, jobs: int) -> str:
    """The digest of all that a read model answers, which lies in a file that others may read."""
    if jobs <= 1 or index.position <= MUCH:
        return digest(View(index))
    asking = partial(_asking, file, index.position)
    with closing(made(asking, [*asked(index)], jobs)) as parts:
        return digest_of(parts)


@contextmanager
def _asking(file: Path, position: int) -> Iterator[Callable[[Asked], bytes]]:
    """What works out some answers, in a process of its own."""
    name = database_name(file, "ro")
    with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        connection.execute("BEGIN")  # so that the file is locked once
        yield partial(lines, View(Index(connection, position)))
