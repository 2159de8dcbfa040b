"""The read model of a floor: who is spoken of where, and the postings and balances of registers.

It holds what the product promises and no more: every reference is to something known, every
movement is posted, and posted anew where an amendment or a source changes it. Left out are texts,
names, and the rules on deals, boards and votes. What a made-up ledger does not hold is refused.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple

from benchmarks.floor_fold import Wrong, number_of
from benchmarks.floor_log import CACHE_KIB, Logged, connected, fresh
from benchmarks.floor_postings import TABLES as OF_POSTINGS
from benchmarks.floor_postings import Postings, amendment_of
from ledger.events.introspection import referring
from ledger.events.registry import event_class, words_in
from ledger.model.movements import MOVEMENTS, SIGNS, SPLITTING

_TABLES = (
    "CREATE TABLE events (position INTEGER PRIMARY KEY, key TEXT NOT NULL)",
    "CREATE TABLE subjects (id INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE)",
    "CREATE TABLE known (subject INTEGER PRIMARY KEY)",
    "CREATE TABLE mentions (subject INTEGER, position INTEGER, PRIMARY KEY (subject, position))"
    " WITHOUT ROWID",
    *OF_POSTINGS,
)
_COMPARED = {  # each table, and the columns of its key
    "events": "position", "subjects": "id", "known": "subject", "mentions": "subject, position",
    "postings": "class, account, day, sequence, position, since, known",
    "splits": "class, day, sequence, position", "balances": "class, account",
}  # fmt: skip
_AMENDING = ("event-corrected", "event-retracted")
_ELSEWHERE = ("party", "class")  # a movement is found under these by its postings
_STORED = "SELECT position, key, topic, state FROM stored_events WHERE {} ORDER BY position"


class Reference(NamedTuple):
    """A field that refers: the part of its items that does, if any, to what, and how."""

    field: str
    part: str
    kind: str
    introduces: bool
    must_exist: bool
    words: Sequence[str]


@cache
def references_of(type: str) -> tuple[Reference, ...]:
    """What the fields of a type refer to, read from its class once."""
    found = []
    for name, kind, parts in referring(event_class(type)):
        for part, of in [("", kind)] if kind else [(p.name, p.kind) for p in parts]:
            if of is not None:
                refers = "party" if of.refers == "issuer" else of.refers
                told = refers, of.introduces, of.must_exist, of.words
                found.append(Reference(name, part, *told))
    return tuple(found)


def read_logged(position: int, key: str, type: str, state: bytes) -> Logged:
    """The event in bytes that were checked before."""
    envelope = json.loads(state)
    return Logged(position, key, type, envelope["recorded_at"], envelope["data"])


class Index:
    """A read model that is filed in the order of the log, a batch at a time."""

    def __init__(self, path: str, log: sqlite3.Connection, *, made: bool = False) -> None:
        pragmas = "journal_mode=DELETE", "synchronous=OFF", f"cache_size=-{CACHE_KIB}"
        self.connection, self._log = (fresh if made else connected)(path, *pragmas), log
        for statement in _TABLES if made else ():
            self.connection.execute(statement)
        self._whole, self._instant, self._last = made, "", 0
        self._ids: dict[str, int] = {}
        (self._next,) = self.connection.execute("SELECT count(*) + 1 FROM subjects").fetchone()
        self._known: set[int] = set()
        self._required: dict[tuple[str, str], int] = {}
        self._amended: set[str] = set()
        self._revised: set[int] = set()
        self._events: list[tuple[int, str]] = []
        self._subjects: list[tuple[int, str]] = []
        self._introduced: list[tuple[int]] = []
        self._mentions: list[tuple[int, int]] = []
        self._postings = Postings(self.connection, self._number, bulk=made)

    def file(self, events: Iterable[Logged]) -> None:
        """File the next events; where an instant ends, so does a batch."""
        for event in events:
            if event.recorded_at != self._instant:
                self.end_batch()
                self._instant = event.recorded_at
            self._one(event)
        self._write()

    def end_batch(self) -> None:
        """Check the references of a batch, post anew what it amended, and check balances."""
        if not self._instant:
            return
        self._write()
        for (kind, id), position in self._required.items():
            if not self._is_known(kind, id, position):
                raise Wrong(f"#{position} speaks of {kind} {id}, which nothing makes known")
        for event in self._affected():
            if event.type in SIGNS:
                amendments = [
                    amendment_of(one.data, one.recorded_at)
                    for one in self._mentioning(f"event:{event.key}")
                    if one.type in _AMENDING
                ]
                self._postings.reconsider(event, amendments, self._last)
        self._postings.settle()
        for kept in (self._required, self._amended, self._revised):
            kept.clear()
        self._instant = ""

    def digest(self) -> str:
        """What the balances come to, in one text."""
        rows = self.connection.execute(
            "SELECT c.subject, a.subject, shares FROM balances JOIN subjects c ON c.id = class"
            " JOIN subjects a ON a.id = account WHERE shares ORDER BY c.subject, a.subject"
        )
        digest = sha256()
        for row in rows:
            digest.update("{} {} {}\n".format(*row).encode())
        return digest.hexdigest()

    def differs_from(self, path: str) -> str:
        """The first table that is not row by row that of another read model; empty for none."""
        self.connection.execute("ATTACH ? AS other", (path,))
        try:
            return next((name for name in _COMPARED if not self._same(name)), "")
        finally:
            self.connection.execute("DETACH other")

    def _same(self, table: str) -> bool:
        ask = self.connection.execute
        columns = [name for _, name, *_ in ask(f"PRAGMA table_info({table})")]
        sides = " AND ".join(f"a.{name} = b.{name}" for name in columns)
        mine, theirs = (
            ask(f"SELECT count(*) FROM {side}.{table}").fetchone()[0] for side in ("main", "other")
        )
        both = f"SELECT count(*) FROM main.{table} a JOIN other.{table} b ON {sides}"
        return bool(mine == theirs == ask(both).fetchone()[0])

    def _one(self, event: Logged) -> None:
        position, type, data = event.position, event.type, event.data
        self._last = position
        self._events.append((position, event.key))
        moving = type in SIGNS
        for reference in references_of(type):
            if reference.field in data:
                value, part = data[reference.field], reference.part
                for item in [one.get(part) for one in value] if part else (value,):
                    for id in words_in(item) if item else ():
                        if id not in reference.words:
                            self._refers(reference, id, position, moving)
        if moving:
            self._postings.post(event)
        elif type in SPLITTING:
            self._postings.split(event)
        elif type in MOVEMENTS:
            raise Wrong(f"#{position}: a floor has no {type}")
        elif type in _AMENDING:
            self._amended.add(data["event"])
        elif type.startswith("source-"):
            self._publish(type, data)

    def _refers(self, reference: Reference, id: str, position: int, moving: bool) -> None:
        kind = reference.kind
        subject = self._number(f"{kind}:{id}")
        if reference.introduces:
            self._known.add(subject)
            self._introduced.append((subject,))
            if kind == "class":
                self._required.setdefault(("party", id.partition("/")[0]), position)
        elif reference.must_exist and subject not in self._known:
            self._required.setdefault((kind, id), position)
        if not (moving and kind in _ELSEWHERE):
            self._mentions.append((subject, position))

    def _publish(self, type: str, data: Mapping[str, Any]) -> None:
        source, published = data["source"], self._postings.published
        if "citations" in data:
            raise Wrong(f"a floor has no source that rests on another: {source}")
        if type == "source-retracted":
            published[source] = None
        elif "published_on" in data:
            published[source] = number_of(data["published_on"])
        if type != "source-registered":
            self._revised.add(self._number(f"source:{source}"))

    def _number(self, subject: str) -> int:
        found = self._ids.get(subject)
        if found is None and not self._whole:
            sql = "SELECT id FROM subjects WHERE subject = ?"
            row = self.connection.execute(sql, (subject,)).fetchone()
            found = row[0] if row else None
        if found is None:
            found, self._next = self._next, self._next + 1
            self._subjects.append((found, subject))
        self._ids[subject] = found
        return found

    def _is_known(self, kind: str, id: str, position: int) -> bool:
        ask = self.connection.execute
        if kind == "event":
            row = self._log.execute("SELECT position FROM stored_events WHERE key = ?", (id,))
            found = row.fetchone()
            return found is not None and found[0] < position
        if kind == "subject":
            sql = "SELECT 1 FROM known k JOIN subjects s ON s.id = k.subject WHERE s.subject GLOB ?"
            return ask(sql, (f"*:{id}",)).fetchone() is not None
        subject = self._number(f"{kind}:{id}")
        if subject in self._known:
            return True
        return ask("SELECT 1 FROM known WHERE subject = ?", (subject,)).fetchone() is not None

    def _affected(self) -> Iterator[Logged]:
        """The events that amendments of a batch, or what it says of sources, are about."""
        named = list(self._stored("key IN (SELECT value FROM json_each(?))", [*self._amended]))
        if wrong := [event.key for event in named if event.type in _AMENDING]:
            raise Wrong(f"a floor corrects no correction: {wrong[0]}")
        seen = {event.position for event in named}
        yield from named
        for source in self._revised:
            of = self.connection.execute("SELECT subject FROM subjects WHERE id = ?", (source,))
            for event in self._mentioning(of.fetchone()[0]):
                if event.position not in seen:
                    seen.add(event.position)
                    yield event

    def _mentioning(self, subject: str) -> Iterator[Logged]:
        found = self.connection.execute(
            "SELECT position FROM mentions WHERE subject = ?", (self._number(subject),)
        )
        positions = [position for (position,) in found]
        return self._stored("position IN (SELECT value FROM json_each(?))", positions)

    def _stored(self, which: str, values: list[Any]) -> Iterator[Logged]:
        rows = self._log.execute(_STORED.format(which), (json.dumps(values),))
        return (read_logged(*row) for row in rows)

    def _write(self) -> None:
        """Write what was gathered, in the order in which it is kept."""
        ask = self.connection.executemany
        self._mentions.sort()
        ask("INSERT INTO events VALUES (?,?)", self._events)
        ask("INSERT INTO subjects VALUES (?,?)", self._subjects)
        ask("INSERT OR IGNORE INTO known VALUES (?)", self._introduced)
        ask("INSERT OR IGNORE INTO mentions VALUES (?,?)", self._mentions)
        self._postings.write()
        for gathered in (self._events, self._subjects, self._introduced, self._mentions):
            gathered.clear()
