"""Kept: what was found of each part of a question, kept beside the index it was found in.

With it is kept what was looked at (``ledger.time.noted``). When it is asked again, only those parts
are worked out that a later event bears on, or of which a day has come. What is kept is no record:
it is thrown away with the read model, by another release, and by a replay.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.posted import Hidden
from ledger.model.subject import parse_subject
from ledger.storage.head import Peek
from ledger.time.affected import Affected
from ledger.time.history import REVISIONS, amended_subjects, root_of, subjects_of, target_of
from ledger.time.noted import ALL, LATER, Look, Noted, may_begin_after
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER, next_day
from projections.readmodel.index import Index, format_number
from projections.readmodel.opening import begin_indexing, indexed_in

FORM = 4  # raised where the same events are found otherwise, or are kept in another form
MOST_FOLLOWED = 20_000  # events since it was kept, after which all is worked out again
PIECE = 50  # parts that are kept together, so that who is stopped has not worked for nothing
_TABLES = (
    "CREATE TABLE IF NOT EXISTS kept (question TEXT PRIMARY KEY, form TEXT, position INTEGER)",
    "CREATE TABLE IF NOT EXISTS found (question TEXT, part TEXT, as_of TEXT, until TEXT,"
    " found TEXT, PRIMARY KEY (question, part)) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS looked (question TEXT, subject TEXT, types TEXT, part TEXT,"
    " PRIMARY KEY (question, subject, types, part)) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS looked_of ON looked (question, part)",
)
WorkOut = Callable[[View, str], str]  # what is found of a part, as it is kept


class _Found(NamedTuple):
    as_of: str
    until: str
    text: str


class Kept:
    """What is kept of a question in a read model, for cuts that leave nothing out but by the day.

    Where it cannot be written, parts are worked out, and not kept.
    """

    def __init__(self, index: Index, question: str, release: str) -> None:
        self._index, self._question = index, question
        self._form = f"{release} {format_number()} {FORM}"
        self._keeps = True
        self._reached: Peek | None = None  # what the read model had indexed
        self._before: tuple[str, int] | None = None  # the form and the position of what was kept
        self._stale: Collection[str] = ()
        self._new: list[tuple[str, _Found, Sequence[Look]]] = []

    def each(self, view: View, parts: Sequence[str], work_out: WorkOut) -> Iterator[str]:
        """What is found of each part, worked out in a view of its own where it is not kept."""
        kept, as_of, turning = self._read(), view.cut.as_of, dict[int, str]()
        try:
            for part in parts:
                one = kept.get(part)
                if one is not None and one.as_of <= as_of < one.until:
                    yield one.text
                    continue
                noted = Noted(self._index, as_of, turning)
                found = work_out(View(noted, view.cut), part)
                if one is None or one.as_of <= as_of:
                    self._new.append((part, _Found(as_of, noted.until, found), [*noted.looks]))
                if len(self._new) >= PIECE:
                    self._keep()
                yield found
        finally:  # also for who asks no further
            self._keep()

    def left_out(self, view: View, count: Callable[[View], Hidden]) -> Hidden:
        """How many of all events the as-of day leaves out: as it was counted before, as long as
        nothing comes that may begin later. Where it leaves out none, no later day does."""
        one, as_of = self._read().get(LATER), view.cut.as_of
        if one is not None and one.as_of <= as_of < one.until:
            self._keep()
            return Hidden(*json.loads(one.text))
        found = count(view)
        if one is None or one.as_of <= as_of:
            until = next_day(as_of) if found.total else FOREVER
            self._new.append((LATER, _Found(as_of, until, json.dumps(found)), [(LATER, None)]))
            self._keep()
        return found

    def _read(self) -> Mapping[str, _Found]:
        """What is kept and stands at the position of the index, each by its part."""
        connection, now = self._index.connection, self._index.position
        if connection.in_transaction:
            self._keeps = False
            return {}
        connection.execute("BEGIN")  # all of one state
        try:
            self._reached = indexed_in(connection)
            if not connection.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'looked_of'"
            ).fetchone():
                return {}
            self._before = connection.execute(
                "SELECT form, position FROM kept WHERE question = ?", (self._question,)
            ).fetchone()
            form, position = self._before or ("", 0)
            if position > now:  # somebody else looked at a longer log
                self._keeps = False
                return {}
            if form != self._form or now - position > MOST_FOLLOWED:
                return {}
            found = connection.execute(
                "SELECT part, as_of, until, found FROM found WHERE question = ?", (self._question,)
            ).fetchall()
            kept = {part: _Found(*one) for part, *one in found}
            counted = kept[LATER].as_of if LATER in kept else FOREVER
            self._stale = self._touched(position, counted)
            return {part: one for part, one in kept.items() if part not in self._stale}
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _touched(self, position: int, counted: str) -> Collection[str]:
        """The parts for which anything was looked at that events after a position bear on, where
        those that begin later were counted on a day."""
        after = range(position + 1, self._index.position + 1)
        if not after:
            return ()
        bearing = [*dict.fromkeys(bears_on(self._index.at_each([*after]), self._index, counted))]
        connection, given = self._index.connection, (self._question, json.dumps(bearing))
        found = connection.execute(
            "SELECT l.part FROM json_each(?2) b CROSS JOIN looked l ON l.question = ?1"
            " AND l.subject = json_extract(b.value, '$[0]') AND (l.types = ''"
            " OR coalesce(instr(l.types, ' ' || json_extract(b.value, '$[1]') || ' '), 1))",
            given,
        )
        stale = {part for (part,) in found}
        beginnings = connection.execute(
            "SELECT subject, part FROM looked WHERE question = ? AND subject >= ? AND subject < ?",
            (self._question, ALL, chr(ord(ALL) + 1)),
        ).fetchall()
        new = [s for s, _ in bearing if (self._index.known(s) or 0) > position and beginnings]
        for beginning, part in beginnings:
            start = beginning.removeprefix(ALL)
            if not start or any(subject.startswith(start) for subject in new):
                stale.add(part)
        return stale

    def _keep(self) -> None:
        """Write what was worked out, unless the read model is not what it was, or cannot be
        written: then it is worked out again when it is asked for."""
        new, self._new = self._new, []
        if not self._keeps or not (new or self._moved_on()):
            return
        connection = self._index.connection
        try:
            begin_indexing(connection)
            self._keeps = self._is_as_it_was()
            if self._keeps:
                self._write(new)
            connection.execute("COMMIT")
        except sqlite3.OperationalError:  # read alone, or full, or being written for too long
            self._keeps = False
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _moved_on(self) -> bool:
        """Whether what is kept stands at a later position than is written."""
        return self._before is not None and self._before != (self._form, self._index.position)

    def _is_as_it_was(self) -> bool:
        connection = self._index.connection
        indexed = indexed_in(connection)
        if indexed != self._reached or indexed is None or indexed.position != self._index.position:
            return False
        for sql in _TABLES:
            connection.execute(sql)
        sql = "SELECT form, position FROM kept WHERE question = ?"
        return bool(connection.execute(sql, (self._question,)).fetchone() == self._before)

    def _write(self, new: Sequence[tuple[str, _Found, Sequence[Look]]]) -> None:
        connection, question, now = self._index.connection, self._question, self._index.position
        if self._moved_on() and not self._stands_on():
            for table in ("found", "looked"):
                connection.execute(f"DELETE FROM {table} WHERE question = ?", (question,))
        self._forget([*self._stale, *(part for part, *_ in new)])
        self._stale = ()
        self._before = self._form, now
        connection.execute("REPLACE INTO kept VALUES (?, ?, ?)", (question, *self._before))
        connection.executemany(
            "INSERT INTO found VALUES (?, ?, ?, ?, ?)",
            [(question, part, *found) for part, found, _ in new],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO looked VALUES (?, ?, ?, ?)",
            [
                (question, subject, f" {' '.join(types)} " if types is not None else "", part)
                for part, _, looks in new
                for subject, types in looks
            ],
        )

    def _stands_on(self) -> bool:
        """Whether what is kept of an earlier position was followed to this one."""
        form, position = self._before or ("", 0)
        return form == self._form and self._index.position - position <= MOST_FOLLOWED

    def _forget(self, parts: Iterable[str]) -> None:
        given = self._question, json.dumps([*parts])
        for table in ("found", "looked"):
            self._index.connection.execute(
                f"DELETE FROM {table} WHERE question = ? AND part IN"
                " (SELECT value FROM json_each(?))",
                given,
            )


def kept(view: View, question: str, release: str) -> Kept | None:
    """What a release keeps of a question for a view; None where such answers are not kept."""
    whole = view.cut == Cut(as_of=view.cut.as_of)
    history = view.history
    return Kept(history, question, release) if whole and isinstance(history, Index) else None


def forget(connection: sqlite3.Connection) -> None:
    """Throw away what is kept, to be found anew, unless the read model cannot be written."""
    with suppress(sqlite3.OperationalError):
        for table in ("kept", "found", "looked"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")


def bears_on(
    new: Iterable[Recorded], history: Index, as_of: str
) -> Iterator[tuple[str, str | None]]:
    """The subjects by which anything is found that new events change, each with the type of what is
    found there; without, whatever it is. What may begin after a day is found as such."""
    affected, seen = Affected(history), set[int]()
    for event in new:
        for other in (*_amended(event, history), *affected.of(event)):
            if other.position in seen:
                continue
            seen.add(other.position)
            for subject in (*subjects_of(other.type, other.data), *history.moved(other)):
                yield subject, other.type
            yield f"key:{other.key}", other.type
            yield f"position:{other.position}", other.type
            if may_begin_after(other, as_of):
                yield LATER, None
        root = root_of(event, history) if event.type in REVISIONS else None
        if root is not None:
            yield from ((subject, root.type) for subject in amended_subjects(event, root))
        for subject in subjects_of(event.type, event.data):
            if subject.startswith("trust:"):  # its terms decide on what is held by it
                for issuer in history.registers_of(parse_subject(subject).id):
                    yield f"issuer:{issuer}", None


def _amended(event: Recorded, history: Index) -> Iterator[Recorded]:
    """An event, that which it amends or calls off, and so on."""
    one: Recorded | None = event
    while one is not None:
        yield one
        one = target_of(one, history) if one.type in REVISIONS else None
