"""The log of a floor: lines validated and made into the rows of a ledger, and rows checked again.

What a field may hold, and how bytes are written, is the format, and is asked of the product. All
else is a bare loop, which takes plainly written lines alone and stops at the first that is wrong.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from uuid_utils import uuid7

from benchmarks.floor_fold import Wrong
from ledger.events.base import Event
from ledger.events.envelope import canonical, digest_of, enveloped
from ledger.events.one_pass import plain_type
from ledger.events.registry import event_class
from ledger.intake.event_files import entry_of, parse_json
from ledger.storage.files import APPLICATION_ID, FORMAT
from ledger.storage.schema import TABLES
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.refusals import StakebookError

PAGE = 20_000
CACHE_KIB = 131_072
_TYPE = re.compile(rb'^\{"type":"([a-z0-9-]+)","key":"')
_GIVEN = re.compile(rb',"id":"([^"\\]+)","key":.*"recorded_at":"([^"\\]+)","schema":([0-9]+),"')
_DATA = len(b'{"data":')
_ROWS = (
    "SELECT position, originator_id, originator_version, topic, state, key, content, leaf"
    " FROM stored_events ORDER BY position"
)
_INSERT = "INSERT INTO stored_events VALUES (?,?,?,?,?,?,?,?)"


class Logged(NamedTuple):
    """An event as the index of a floor needs it."""

    position: int
    key: str
    type: str
    recorded_at: str
    data: Mapping[str, Any]


def fresh(path: str, *pragmas: str) -> sqlite3.Connection:
    """A new database in the place of any at a path."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(path + suffix).unlink(missing_ok=True)
    return connected(path, *pragmas)


def connected(path: str, *pragmas: str) -> sqlite3.Connection:
    """A connection without transactions of its own."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def lines_of(files: Iterable[str]) -> Iterator[bytes]:
    """The lines of some files, one after another."""
    for name in files:
        with open(name, "rb") as lines:
            yield from lines


class Log:
    """A ledger that a floor writes: one instant for each batch, one transaction around it."""

    def __init__(self, path: str, *, made: bool = False) -> None:
        opened = fresh if made else connected
        self.connection = opened(path, "journal_mode=DELETE", "synchronous=EXTRA")
        if made:
            self._make()
        ledger = self.connection.execute("SELECT id FROM ledger").fetchone()
        self.id: str = ledger[0]
        self._versions: dict[str, int] = {}

    def _make(self) -> None:
        for statement in TABLES:
            self.connection.execute(statement)
        self.connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        self.connection.execute(f"PRAGMA user_version = {FORMAT}")
        self.connection.execute("INSERT INTO ledger VALUES (1, ?)", (str(uuid7()),))

    def append(self, lines: Iterable[bytes], recorded_at: str) -> Iterator[list[Logged]]:
        """Validate and insert lines, a page at a time; the events of each page."""
        size, peaks = self.connection.execute("SELECT size, peaks FROM frontier").fetchone()
        tree, coming = Frontier(size, peaks), iter(lines)
        self._versions.clear()
        while page := list(islice(coming, PAGE)):
            events, rows = list[Logged](), list[tuple[Any, ...]]()
            for position, line in enumerate(page, tree.size + 1):
                event, row = self._row(line, position, recorded_at)
                events.append(event)
                rows.append(row)
            tree.extend([row[-1] for row in rows])
            self.connection.executemany(_INSERT, rows)
            yield events
        now = tree.size, tree.peaks()
        self.connection.execute("UPDATE frontier SET size = ?, peaks = ?", now)

    def root(self) -> str:
        """The root of the tree over the events."""
        kept = self.connection.execute("SELECT size, peaks FROM frontier").fetchone()
        return Frontier(*kept).root().hex()

    def _row(self, line: bytes, position: int, recorded_at: str) -> tuple[Logged, tuple[Any, ...]]:
        key, cls, data, written = _said(line)
        stream = cls.stream.format_map(data)
        version = self._versions[stream] = self._version(stream) + 1
        state = enveloped(
            self.id, written, position, stream, version, str(uuid7()), key, cls.type,
            cls.schema_number, recorded_at,
        )  # fmt: skip
        row = (
            position, stream, version, cls.type, state, key, digest_of(cls.type, written),
            leaf_hash(state),
        )  # fmt: skip
        return Logged(position, key, cls.type, recorded_at, data), row

    def _version(self, stream: str) -> int:
        known = self._versions.get(stream)
        if known is None:
            sql = "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?"
            known = self.connection.execute(sql, (stream,)).fetchone()[0] or 0
        return known


def _said(line: bytes) -> tuple[str, type[Event], dict[str, Any], bytes]:
    """The key of an event, its class, what it says, and the canonical bytes of that."""
    found = _TYPE.match(line)
    plain = plain_type(found[1].decode()) if found and b"\\" not in line else None
    read = plain and plain.validated(line)
    if not plain or not read or read.key is None:
        return _said_otherwise(line)
    data = {**plain.defaults, **read.data}
    written, unsaid = canonical(data), len(data) - len(read.data)
    if line.count(b'"') + 4 * unsaid != written.count(b'"') + 8:
        raise Wrong(f"a member is told twice: {line[:200]!r}")
    return read.key, plain.cls, data, written


def _said_otherwise(line: bytes) -> tuple[str, type[Event], dict[str, Any], bytes]:
    """The same of a line that is written otherwise, by the gate for whatever people write."""
    try:
        entry = entry_of(parse_json(line.decode(), ""), "")
    except (StakebookError, ValueError) as error:
        raise Wrong(f"no event: {line[:200]!r}: {error}") from None
    if entry.key is None:
        raise Wrong(f"no key: {line[:200]!r}")
    said = entry.event
    return entry.key, event_class(said.type), said.data, said.written


def checked(reading: sqlite3.Connection) -> Iterator[list[Logged]]:
    """Every event of a ledger in pages, its bytes, fields, columns, digests and place in the tree
    compared with what an append writes."""
    (ledger,) = reading.execute("SELECT id FROM ledger").fetchone()
    tree, versions, last = Frontier(), dict[str, int](), ""
    found = reading.execute(_ROWS)
    while page := found.fetchmany(PAGE):
        events = list[Logged]()
        for position, row in enumerate(page, tree.size + 1):
            event = _checked(row, position, ledger, versions)
            if event.recorded_at < last:
                raise Wrong(f"#{position} is recorded before the event before it")
            last = event.recorded_at
            events.append(event)
        tree.extend([row[-1] for row in page])
        yield events
    kept = reading.execute("SELECT size, peaks FROM frontier").fetchone()
    if kept != (tree.size, tree.peaks()):
        raise Wrong("the tree is not that over the events")


def _checked(row: Sequence[Any], position: int, ledger: str, versions: dict[str, int]) -> Logged:
    at, stream, version, type, state, key, content, leaf = row
    end = state.rfind(b',"id":"')
    written, plain, given = state[_DATA:end], plain_type(type), _GIVEN.match(state, end)
    read = plain and plain.validated(written)
    if not plain or not read or not given or read.typed or read.key is not None:
        raise Wrong(f"#{position} is no event")
    id, recorded_at, schema = (part.decode() for part in given.groups())
    due = versions[stream] = versions.get(stream, 0) + 1
    told = (position, stream, due, id, key, type, plain.cls.schema_number, recorded_at)
    if (
        canonical(read.data) != written
        or not read.data.keys() >= plain.defaults.keys()
        or enveloped(ledger, written, *told) != state
        or (at, version, int(schema)) != (position, due, plain.cls.schema_number)
        or plain.cls.stream.format_map(read.data) != stream
        or digest_of(type, written) != content
        or leaf_hash(state) != leaf
    ):
        raise Wrong(f"#{position} is not as an append writes it")
    return Logged(position, key, type, recorded_at, read.data)
