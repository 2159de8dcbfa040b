"""The digest of the state of a whole ledger, worked out by two processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest
from pathlib import Path

from ledger.storage import beside
from ledger.storage.files import database_name
from ledger.time.view import View
from projections.questions import Asked, asked, digest, digest_of, lines
from projections.readmodel.index import Index
from projections.readmodel.opening import CACHE_KIB


def state_digest(index: Index, file: Path, jobs: int) -> str:
    """The digest of all that a read model answers, which lies in a file that others may read."""
    if jobs <= 1 or index.position <= beside.MUCH:
        return digest(View(index))
    return digest_of(_lines(index, file))


def _lines(index: Index, file: Path) -> Iterator[bytes]:
    """The lines of all answers in their order, every other part from beside this process."""
    every, view = [*asked(index)], View(index)
    theirs = ((str(file), index.position, *some) for some in every[1::2])
    answered = (told for _, told in beside.answered(lines_there, theirs))
    for own, other in zip_longest(every[::2], answered):
        yield lines(view, own) + (other or b"")


def lines_there(some: tuple[str, int, str, str, list[str]]) -> bytes:
    """The lines of some answers of a read model in a file, all in plain values."""
    file, position, question, kind, ids = some
    return lines(_view(file, position), Asked(question, kind, ids))


@cache
def _view(file: str, position: int) -> View:
    name = database_name(Path(file), "ro")
    connection = sqlite3.connect(name, uri=True, isolation_level=None)
    connection.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    connection.execute("BEGIN")  # so that the file is locked once
    return View(Index(connection, position))
