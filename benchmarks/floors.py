"""The floors: the work that each job promises, in loops that name and explain nothing.

    python -m benchmarks.floors NAME ARGUMENTS...

Each is a whole process, as the command is that it is compared with, and does what the command
promises: every field validated, canonical bytes, digests, unique keys and streams, the tree,
references, postings and balances, no account below zero. Each stops at what it finds wrong, and the
tests hold what it makes against what the product makes. What does less is in ``benchmarks.bare``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from sqlite3 import IntegrityError
from statistics import median
from time import perf_counter

from uuid_utils import uuid7

from benchmarks.floor_answers import balances, market, printed, question
from benchmarks.floor_fold import Wrong, read_only
from benchmarks.floor_index import Index, read_logged
from benchmarks.floor_log import PAGE, Log, Logged, checked, lines_of
from benchmarks.floor_tables import tables
from benchmarks.generate import LAST_DAY
from ledger.transparency.merkle import Frontier
from ledger.transparency.signed_notes import read_checkpoint, read_note, read_verifier

EVER = "9999-99-98"  # a day by which everything is known
_INSTANT = 27  # bytes


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
        start = perf_counter()
        _record(log, index, iter([line]))
        taken.append(perf_counter() - start)
    _say(taken)


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


def verify(ledger: str, key: str) -> None:
    """The root over the bytes of every event held against the signed checkpoint and the kept tree,
    each event in its place and none before the last; prints the root."""
    reading, verifier = read_only(ledger), read_verifier(Path(key).read_text().split("\n")[0])
    (id,) = reading.execute("SELECT id FROM ledger").fetchone()
    notes = reading.execute("SELECT note FROM checkpoints ORDER BY number").fetchall()
    checkpoint, tree, last, sealed = read_checkpoint(read_note(notes[-1][0])), Frontier(), b"", b""
    rows = reading.execute("SELECT position, state FROM stored_events ORDER BY position")
    while page := rows.fetchmany(PAGE):
        for expected, (position, state) in enumerate(page, tree.size + 1):
            mark = b',"ledger":"%b","position":%d,"recorded_at":"' % (id.encode(), expected)
            at = state.rpartition(mark)[2][:_INSTANT]
            if position != expected or not last <= at < b":":
                raise Wrong(f"#{expected} is not in its place")
            last = at
        few = max(0, checkpoint.size - tree.size)
        leaves = [sha256(b"\0" + state).digest() for _, state in page]
        tree.extend(leaves[:few])
        sealed = tree.root() if tree.size == checkpoint.size else sealed
        tree.extend(leaves[few:])
    kept = reading.execute("SELECT size, peaks FROM frontier").fetchone()
    if sealed != checkpoint.root or kept != (tree.size, tree.peaks()):
        raise Wrong("the root is not the one that was sealed, or kept")
    if not all(verifier.signed(read_note(note)) for (note,) in notes):
        raise Wrong("a checkpoint is not signed by the key")
    print(tree.root().hex())


def ask(model: str, issuer: str, as_of: str, times: str) -> None:
    """The holdings in an issuer again and again in one process; prints the median."""
    reading, taken = read_only(model), []
    for _ in range(int(times)):
        start = perf_counter()
        question(reading, issuer, as_of, EVER)
        taken.append(perf_counter() - start)
    _say(taken)


def everybody(model: str, as_of: str) -> None:
    """The holdings of all issuers, as JSON."""
    print(printed(market(read_only(model), as_of, EVER)))


def sums(model: str, as_of: str, times: str) -> None:
    """The balances of all issuers again and again in one process; prints the median."""
    reading, taken = read_only(model), []
    for _ in range(int(times)):
        start = perf_counter()
        balances(reading, as_of, EVER)
        taken.append(perf_counter() - start)
    _say(taken)


def _say(taken: list[float]) -> None:
    print(json.dumps({"seconds": median(taken)}))


FLOORS: dict[str, Callable[..., None]] = {
    "append": append,
    "commit": commit,
    "replay": replay,
    "file": file,
    "question": ask,
    "market": everybody,
    "balances": sums,
    "verify": verify,
    "tables": tables,
}

if __name__ == "__main__":
    try:
        FLOORS[sys.argv[1]](*sys.argv[2:])
    except Wrong as wrong:
        sys.exit(f"python -m benchmarks.floors: {wrong}")
