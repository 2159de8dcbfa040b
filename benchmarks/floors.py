"""The floors: the work that each job promises, in loops that name and explain nothing.

    python -m benchmarks.floors NAME ARGUMENTS...

Each is a whole process, as the command is that it is compared with, and does what the command
promises: every field validated, canonical bytes, digests, unique keys and streams, the tree,
references, postings and balances, no account below zero. Each stops at what it finds wrong, and the
tests hold what it makes against what the product makes. What only reads is in
``benchmarks.floor_reads``, and loads no more than it needs; what does less in ``benchmarks.bare``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from sqlite3 import IntegrityError

from uuid_utils import uuid7

from benchmarks.floor_fold import Wrong, read_only, run_named
from benchmarks.floor_index import Index, read_logged
from benchmarks.floor_log import PAGE, Log, Logged, checked, lines_of
from benchmarks.floor_tables import tables
from benchmarks.generate import LAST_DAY
from benchmarks.timing import say, timed


def now() -> str:
    """An instant, as events have it."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def append(ledger: str, model: str, *files: str) -> None:
    """Lines validated, made into bytes, stored and filed, all or nothing; prints the root."""
    log = Log(ledger, made=True)
    index = Index(model, log.connection, made=True)
    _record(log, index, lines_of(files))
    print(log.root())


def commit(ledger: str, model: str, share_class: str, holder: str, times: str) -> None:
    """One event at a time, checked in SQL, each durable; prints the median."""
    log = Log(ledger)
    index, taken = Index(model, log.connection), []
    for _ in range(int(times)):
        line = json.dumps(
            {
                "type": "shares-issued", "key": str(uuid7()), "share_class": share_class,
                "holder": holder, "shares": "100", "effective_on": LAST_DAY,
                "known_on": LAST_DAY, "standing": "official",
            },
            separators=(",", ":"),
        ).encode()  # fmt: skip
        taken.append(timed(partial(_record, log, index, iter([line]))))
    say(taken)


def _record(log: Log, index: Index, lines: Iterator[bytes]) -> None:
    log.connection.execute("BEGIN IMMEDIATE")
    index.connection.execute("BEGIN IMMEDIATE")
    try:
        for events in log.append(lines, now()):
            index.file(events)
        index.end_batch()
    except IntegrityError as error:
        raise Wrong(f"something is recorded twice: {error}") from None
    log.connection.execute("COMMIT")
    index.connection.execute("COMMIT")


def replay(ledger: str, model: str, in_use: str = "") -> None:
    """Every row of a ledger checked and filed anew, and compared with the read model in use; prints
    a digest of the balances."""
    reading = read_only(ledger)
    index = _filed(reading, model, checked(reading))
    if in_use and (table := index.differs_from(in_use)):
        raise Wrong(f"the read model in use differs in its {table}")
    print(index.digest())


def file(ledger: str, model: str) -> None:
    """The read model alone, from bytes that nobody doubts; prints a digest of the balances."""
    reading = read_only(ledger)
    print(_filed(reading, model, _logged(ledger)).digest())


def _filed(reading: object, model: str, pages: Iterator[list[Logged]]) -> Index:
    index = Index(model, reading, made=True)  # type: ignore[arg-type]
    index.connection.execute("BEGIN")
    for events in pages:
        index.file(events)
    index.end_batch()
    index.connection.execute("COMMIT")
    return index


def _logged(ledger: str) -> Iterator[list[Logged]]:
    rows = read_only(ledger).execute(
        "SELECT position, key, topic, state FROM stored_events ORDER BY position"
    )
    while page := rows.fetchmany(PAGE):
        yield [read_logged(*row) for row in page]


FLOORS: dict[str, Callable[..., None]] = {
    "append": append,
    "commit": commit,
    "replay": replay,
    "file": file,
    "tables": tables,
}

if __name__ == "__main__":
    run_named(FLOORS, "benchmarks.floors")
