"""The bare loops: the least that each job must do, in bare loops of Python and SQLite.

    python -m benchmarks.bare NAME ARGUMENTS...

Each is a whole process, as the command is that it is compared with. Nothing here is checked,
named or explained; that is what the difference buys.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.timing import say, timed

POSTINGS = """
    CREATE TABLE postings (issuer TEXT, effective TEXT, seq INTEGER, holder TEXT, delta INTEGER)
"""
COVERING = "CREATE INDEX covering ON postings (issuer, effective, seq, holder, delta)"
STORED = """
    CREATE TABLE stored_events (
        position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL,
        topic TEXT NOT NULL, state BLOB NOT NULL, key TEXT NOT NULL UNIQUE, hash BLOB NOT NULL,
        UNIQUE (stream, version)
    )
"""
PAGE = 10_000


def _fresh(path: str, journal: str = "wal") -> sqlite3.Connection:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(path + suffix).unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute(f"PRAGMA synchronous={'FULL' if journal == 'wal' else 'EXTRA'}")
    return connection


def postings_of_journal(journal: str, database: str) -> None:
    """Prepare the bare query: the postings of a journal under a covering index."""
    connection = _fresh(database)
    connection.execute("BEGIN")
    connection.execute(POSTINGS)
    connection.executemany("INSERT INTO postings VALUES (?,?,?,?,?)", _journal_rows(journal))
    connection.execute(COVERING)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=DELETE")


def _journal_rows(journal: str) -> Iterator[tuple[str, str, int, str, int]]:
    day, number = "", 0
    with open(journal, encoding="ascii") as lines:
        for line in lines:
            if line[:1].isdigit():
                day, number = line[:10], number + 1
            elif line.strip() and not line.startswith("  capital:"):
                account, shares, _ = line.split()
                issuer, _, holder = account.partition(":")
                yield issuer, day, number, holder, int(shares)


def append(database: str, *files: str) -> None:
    """Parse, canonical bytes, hash, executemany in one transaction with its unique indexes."""
    connection = _fresh(database)
    connection.execute(STORED)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO stored_events VALUES (?,?,?,?,?,?,?)", _stored(files))
    connection.execute("COMMIT")


def _stored(files: tuple[str, ...]) -> Iterator[tuple[int, str, int, str, bytes, str, bytes]]:
    encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
    versions: dict[str, int] = {}
    position = 0
    for name in files:
        with open(name, "rb") as lines:
            for line in lines:
                data = json.loads(line)
                type, key = data.pop("type"), data.pop("key")
                stream = f"register:{data['share_class']}" if "share_class" in data else type
                position += 1
                versions[stream] = version = versions.get(stream, 0) + 1
                state = encode(
                    {
                        "v": 1, "ledger": "0" * 36, "position": position, "stream": stream,
                        "version": version, "id": os.urandom(18).hex(), "key": key, "type": type,
                        "schema": 1, "recorded_at": "2026-01-01T00:00:00.000000Z", "data": data,
                    }
                ).encode()  # fmt: skip
                digest = hashlib.sha256(b"\0" + state).digest()
                yield position, stream, version, type, state, key, digest


def commit(database: str, times: str, journal: str) -> None:
    """One insert and one durable commit at a time; prints the median."""
    connection = _fresh(database, journal)
    connection.execute(STORED)
    taken = []
    for n in range(1, int(times) + 1):
        row = (n, "stream", n, "type", os.urandom(450), f"key-{n}", os.urandom(32))
        taken.append(timed(partial(_commit, connection, row)))
    say(taken)


def _commit(connection: sqlite3.Connection, row: tuple[Any, ...]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO stored_events VALUES (?,?,?,?,?,?,?)", row)
    connection.execute("COMMIT")


def query(database: str, issuer: str, as_of: str, times: str) -> None:
    """The bare query again and again in one process; prints the median."""
    from benchmarks.bare_query import QUERY

    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    asked = issuer, as_of
    say([timed(lambda: connection.execute(QUERY, asked).fetchall()) for _ in range(int(times))])


def verify(ledger: str) -> None:
    """Scan every stored event, hash it, and take the root of the RFC 6962 tree; prints the root."""
    sha, heap = hashlib.sha256, list[bytes]()
    connection = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    found = connection.execute("SELECT state FROM stored_events ORDER BY position")
    for count, (state,) in enumerate(found):
        node, below = sha(b"\0" + state).digest(), count
        while below & 1:
            node = sha(b"\1" + heap.pop() + node).digest()
            below >>= 1
        heap.append(node)
    root = heap.pop() if heap else sha(b"").digest()
    while heap:
        root = sha(b"\1" + heap.pop() + root).digest()
    print(root.hex())


def replay(ledger: str, database: str) -> None:
    """Scan, decode, write postings, index them."""
    reading = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    connection = _fresh(database)
    connection.execute(POSTINGS)
    connection.execute("BEGIN")
    rows: list[tuple[str, str, int, str, int]] = []
    for position, state in reading.execute("SELECT position, state FROM stored_events"):
        event = json.loads(state)
        data = event["data"]
        if "shares" in data and "share_class" in data:
            issuer, day = data["share_class"].partition("/")[0], data["effective_on"]
            shares = int(data["shares"])
            if "transferor" in data:
                rows.append((issuer, day, position, data["transferor"], -shares))
            holder = data.get("transferee") or data.get("holder") or issuer
            rows.append((issuer, day, position, holder, shares))
            if len(rows) >= PAGE:
                connection.executemany("INSERT INTO postings VALUES (?,?,?,?,?)", rows)
                rows.clear()
    connection.executemany("INSERT INTO postings VALUES (?,?,?,?,?)", rows)
    connection.execute(COVERING)
    connection.execute("COMMIT")


def tables(ledger: str, folder: str) -> None:
    """Decode every event, one row for it and for each account it moves, as Parquet in two files."""
    from pyarrow import parquet

    from projections.analysis.tables import TABLES

    Path(folder).mkdir(exist_ok=True)
    encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode
    reading = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)
    states = reading.execute("SELECT state FROM stored_events ORDER BY position")
    writers: dict[str, parquet.ParquetWriter] = {}
    while page := states.fetchmany(PAGE):
        rows = _rows_of([json.loads(state) for (state,) in page], encode)
        for name, found in ((name, found) for name, found in rows.items() if found):
            table = columns_of(TABLES[name], found)
            if name not in writers:
                writers[name] = parquet.ParquetWriter(
                    f"{folder}/{name}.parquet", table.schema, compression="zstd"
                )
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()


def _rows_of(
    events: list[dict[str, Any]], encode: Callable[[Any], str]
) -> dict[str, list[tuple[Any, ...]]]:
    rows: dict[str, list[tuple[Any, ...]]] = {"events": [], "movements": []}
    for event in events:
        data, key, at = event["data"], event["key"], event["recorded_at"]
        day = data.get("effective_on")
        day = day if day and len(day) == 10 else None
        known = data.get("known_on")
        known = known if known and len(known) == 10 else None
        head = event["position"], key, event["type"], key, "reaffirms" in data, False
        limits = (
            day, day, known, known, data["standing"], int(data.get("sequence", "0")), known, None,
            at, None, 0, 3,
        )  # fmt: skip
        rows["events"].append((*head, event["stream"], day is None, encode(data), None, *limits))
        if "shares" in data and "share_class" in data:
            share_class, shares = data["share_class"], int(data["shares"])
            issuer = share_class.partition("/")[0]
            legs = [(data.get("transferee") or data.get("holder") or issuer, shares)]
            if "transferor" in data:
                legs.append((data["transferor"], -shares))
            for holder, delta in legs:
                moved = "add", issuer, share_class, share_class, holder, delta, 1, 1
                rows["movements"].append((*head, *moved, *limits))
    return rows


def columns_of(columns: Sequence[Any], rows: list[tuple[Any, ...]]) -> Any:
    """Rows as a table of Arrow."""
    import pyarrow as arrow

    types = {
        "text": arrow.string(), "day": arrow.date32(), "instant": arrow.timestamp("us"),
        "number": arrow.decimal128(38, 0), "small": arrow.int64(), "flag": arrow.bool_(),
    }  # fmt: skip
    arrays = []
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        held, given = types[column.holds], values
        if column.holds == "instant":
            given = tuple(value and value[:-1] for value in values)
        as_text = column.holds in ("day", "instant")
        array = arrow.array(given, arrow.string() if as_text else held)
        arrays.append(array.cast(held) if as_text else array)
    return arrow.table(arrays, names=[column.name for column in columns])


LOOPS: dict[str, Callable[..., None]] = {
    "postings": postings_of_journal,
    "append": append,
    "commit": commit,
    "query": query,
    "verify": verify,
    "replay": replay,
    "tables": tables,
}

if __name__ == "__main__":
    LOOPS[sys.argv[1]](*sys.argv[2:])
