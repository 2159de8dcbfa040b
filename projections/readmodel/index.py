"""The read model: the log copied into a SQLite file of its own, indexed by subject, disposable.

It is a ``History``: the same views and answers run on it as on the log in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, starmap
from pathlib import Path
from typing import Any

from ledger.events.envelope import Recorded, read_state
from ledger.events.upcasters import UPCASTERS, upcast
from ledger.model.named import Named, wanted
from ledger.model.posted import FoldKey, Hidden, Limits, Posted, Registers
from ledger.model.register import issuer_of
from ledger.model.subject import parse_subject
from ledger.storage.filesystems import READ_MODEL
from ledger.time.history import Span, Types, Unplaced, amending
from ledger.time.view import Cut, View
from ledger.values.dates import FOREVER
from projections.readmodel import queries
from projections.readmodel.amendment_tree import AmendmentTree
from projections.readmodel.beginning import perhaps_later
from projections.readmodel.hidden import UNPOSTED, hidden
from projections.readmodel.placing import placed, unplaced
from projections.readmodel.plain_registers import plain_registers
from projections.readmodel.postings import FOUND_BY_POSTINGS, places, posted_at
from projections.readmodel.sums import Sums
from projections.readmodel.tables import ORDER_OF_ROWS, WORDS

FORMAT = 12
MOST_REMEMBERED = 30_000
MOST_REGISTERS = 30  # of which the postings are kept
MOST_READ = 30_000  # events kept, that one which is asked for in many ways is read once
_COMPARED = 1_000  # rows at a time
_COLUMNS = "e.position, e.amended, e.data"


class Index:
    """A history in a SQLite file, cut at a position.

    Some of the events ``read`` before, at whatever position, are kept.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        position: int,
        read: dict[int, Recorded] | None = None,
    ) -> None:
        self.connection, self.position = connection, position
        self._read = {} if read is None else read
        self._found: dict[tuple[str, tuple[str, ...] | None], Sequence[Recorded]] = {}
        self._replayed: dict[tuple[str, tuple[str, ...]], Sequence[Recorded]] = {}
        self._kept = 0  # events in what was found, that memory may not grow with the ledger
        self._roots: dict[str, Recorded | None] = {}
        self._posted = lru_cache(MOST_REGISTERS)(self._post)
        self._types: set[str] | None = None  # of its events
        self._amended: dict[str, bool] = {}  # of the same, by key
        self._tree = AmendmentTree(self, self._rows)
        self.views: dict[Cut, View] = {}  # which answers of one request share

    def is_amended(self, key: str) -> bool:
        if self._tree.has(key):
            return True
        if key not in self._amended:
            self._amended[key] = (first := self.amended(key)) is not None and first <= self.position
        return self._amended[key]

    def look_ahead(self, after: int, upto: int) -> None:
        """Find by one statement which of the events between two positions are amended."""
        rows = self.connection.execute(
            "SELECT key, amended FROM events WHERE position > ? AND position <= ?", (after, upto)
        )
        self._amended.update((key, bool(by and by <= self.position)) for key, by in rows)

    def root(self, key: str) -> Recorded | None:
        if key not in self._roots:
            if len(self._roots) > MOST_REMEMBERED:
                self._roots.clear()
            self._roots[key] = next(self._rows(queries.ROOT, key, self.position), None)
        return self._roots[key]

    def moved(self, event: Recorded) -> Sequence[str]:
        if not self.is_amended(event.key):
            return ()
        rows = self.connection.execute(
            "SELECT s.subject FROM moved m JOIN subjects s ON s.id = m.subject"
            " WHERE m.position = ? AND m.since <= ? AND NOT m.own ORDER BY s.subject",
            (event.position, self.position),
        )
        return [subject for (subject,) in rows]

    def each(self, subject: str, types: Collection[str] | None = None) -> Iterator[Recorded]:
        chosen = None if types is None else self._in_use(types)
        return iter(()) if chosen == () else self._select(subject, chosen, UNPOSTED)

    def has_over(self, most: int, subject: str) -> bool:
        given = {"subject": subject, "now": self.position, "most": most}
        return bool(self.connection.execute(queries.beyond(subject, UNPOSTED), given).fetchall())

    def places(self, subject: str, limits: Limits, upto: FoldKey) -> Iterator[FoldKey]:
        posted = queries.POSTED.get(parse_subject(subject).kind)
        if posted is None:
            return iter(())
        return places(self.connection, posted, {"subject": subject}, limits, upto, self.position)

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        chosen = None if types is None else self._in_use(types)
        if chosen == ():
            return []
        if (subject, chosen) not in self._found:
            found = self._tree.about(subject, chosen)
            if found is None and (every := self._found.get((subject, None))) is not None:
                found = [event for event in every if event.type in (chosen or ())]
            found = [*self._select(subject, chosen)] if found is None else found
            self._remember(subject, chosen, found)
        return self._found[subject, chosen]

    def at_each(self, positions: Sequence[int]) -> Iterator[Recorded]:
        for first in range(0, len(positions), _COMPARED):
            rows = self.connection.execute(
                f"SELECT {_COLUMNS} FROM json_each(?) j CROSS JOIN events e"
                " ON e.position = j.value WHERE e.position <= ? ORDER BY j.key",
                (json.dumps(positions[first : first + _COMPARED]), self.position),
            )
            yield from [self._recorded(*row) for row in rows]

    def told_of(self, subjects: Sequence[str], types: Collection[str]) -> Collection[str]:
        if not FOUND_BY_POSTINGS.isdisjoint(types):
            return subjects
        rows = self.connection.execute(
            "SELECT s.subject FROM json_each(:subjects) j CROSS JOIN subjects s"
            " ON s.subject = j.value WHERE EXISTS (SELECT 1 FROM indexed WHERE subject = s.id"
            f" AND type IN ({queries.types_of(types)}) AND indexed_by <= :now)",
            self._given("", types) | {"subjects": json.dumps(subjects)},
        )
        return {subject for (subject,) in rows}

    def gather(self, subjects: Iterable[str], types: Collection[str]) -> None:
        chosen = self._in_use(types)
        others = queries.not_moving(chosen)
        known = self._found if chosen == others else self._replayed
        asked = [subject for subject in subjects if chosen and (subject, chosen) not in known]
        if not asked:
            return
        found = self._of_each(asked, queries.INDEXED, others)
        for subject, events in found.items():
            self._remember(subject, others, events)
        if chosen != others:
            for subject, events in self._of_each(asked, queries.REPLAYED, chosen).items():
                self._replayed[subject, chosen] = _in_order(events, found[subject])

    def _of_each(
        self, subjects: Sequence[str], where: str, types: tuple[str, ...]
    ) -> dict[str, list[Recorded]]:
        """The events under each of some subjects by a table of positions."""
        found: dict[str, list[Recorded]] = {subject: [] for subject in subjects}
        rows = self.connection.execute(
            f"SELECT s.subject, {_COLUMNS} FROM json_each(:asked) a"
            f" CROSS JOIN subjects s ON s.subject = a.value CROSS JOIN {where}"
            f" AND i.type IN ({queries.types_of(types)}) CROSS JOIN events e USING (position)"
            " GROUP BY s.id, position ORDER BY position",
            self._given("", types) | {"asked": json.dumps(subjects)},
        )
        for subject, *row in rows:
            found[subject].append(self._recorded(*row))
        return found

    def _remember(
        self, subject: str, types: tuple[str, ...] | None, found: Sequence[Recorded]
    ) -> None:
        self._kept += len(found) + 1
        if self._kept > MOST_REMEMBERED:
            self._found.clear()
            self._kept = 0
        self._found[subject, types] = found

    def knows(self, subject: str) -> bool:
        return (first := self.known(subject)) is not None and first <= self.position

    def known(self, subject: str) -> int | None:
        """The position of the first event about a subject, at whatever position."""
        keyed = subject.startswith("key:")
        wanted = "position FROM events WHERE key" if keyed else "first FROM subjects WHERE subject"
        return self._number(f"SELECT {wanted} = ?", subject.removeprefix("key:"))

    def amended(self, key: str) -> int | None:
        """The position of the first event that amends the one with a key, at whatever position."""
        return self._number("SELECT amended FROM events WHERE key = ?", key)

    def _number(self, sql: str, text: str) -> int | None:
        return next((number for (number,) in self.connection.execute(sql, (text,))), None)

    def subjects(self, prefix: str) -> Sequence[str]:
        keyed = prefix.startswith("key:")
        text, first = ("'key:' || key", "position") if keyed else ("subject", "first")
        column, start = ("key", prefix.removeprefix("key:")) if keyed else ("subject", prefix)
        rows = self.connection.execute(
            f"SELECT {text} FROM {'events' if keyed else 'subjects'}"
            f" WHERE {column} >= ? AND {column} < ? AND {first} <= ? ORDER BY {column}",
            (start, start + "\U0010ffff", self.position),
        )
        return [subject for (subject,) in rows]

    def posted(self, issuer: str, limits: Limits, without: Collection[Recorded] = ()) -> Posted:
        return self._post(issuer, limits, without) if without else self._posted(issuer, limits)

    def _post(self, issuer: str, limits: Limits, without: Collection[Recorded] = ()) -> Posted:
        return posted_at(self.connection, issuer, limits, self.position, self._at, without)

    def unposted(self, subject: str, types: Collection[str]) -> Sequence[Recorded]:
        chosen = self._in_use(types)
        if not chosen:
            return []
        if (subject, chosen) not in self._replayed:
            self._replayed[subject, chosen] = self._unposted(subject, chosen)
        return self._replayed[subject, chosen]

    def perhaps_later(
        self, subjects: Sequence[str], types: Collection[str], day: str
    ) -> Iterator[Recorded]:
        given = _COLUMNS, subjects, self._in_use(types), day, self.position
        return starmap(self._recorded, perhaps_later(self.connection, *given))

    def _in_use(self, types: Collection[str]) -> tuple[str, ...]:
        """Those of some types of which there is any event."""
        if self._types is None:
            self._types = {parse_subject(s).id for s in self.subjects("type:")}
        return tuple(name for name in types if name in self._types)

    def _unposted(self, subject: str, types: tuple[str, ...]) -> Sequence[Recorded]:
        if types == queries.not_moving(types):
            return self.mentioning(subject, types)
        (replayed,) = self._of_each([subject], queries.REPLAYED, types).values()
        return _in_order(replayed, self.mentioning(subject, queries.not_moving(types)))

    def hidden(
        self,
        subjects: Sequence[str],
        types: Collection[str] | None,
        limits: Limits,
        as_of: str,
        without: Collection[Recorded] = (),
    ) -> Hidden:
        return hidden(self.connection, subjects, types, limits, as_of, self.position, without)

    def having(self, words: Collection[str]) -> Iterator[Recorded]:
        matching = " AND position IN (SELECT rowid FROM texts WHERE texts MATCH ?)"
        found = [self._what_is(matching, word) for word in words] or [self._what_is()]
        for root in sorted(found[0].intersection(*found[1:])):
            yield from amending(self._at(root), self, ())

    def _what_is(self, where: str = "", *given: str) -> set[int]:
        """The positions of what some events are or, of amendments, amend."""
        sql = f"SELECT root FROM events WHERE root IS NOT NULL AND position <= ?{where}"
        return {root for (root,) in self.connection.execute(sql, (self.position, *given))}

    def named(self, text: str = "", after: tuple[str, str] = ("", "")) -> Iterator[Named]:
        part = wanted(text).encode(errors="replace").decode()  # no letter is lost, and no name
        rows = self.connection.execute(queries.NAMED, queries.of_names(part, after, self.position))
        return (Named(*row) for row in rows)

    def registers_of(self, party: str) -> Sequence[str]:
        rows = self.connection.execute(
            "SELECT s.subject FROM accounts a JOIN subjects s ON s.id = a.class"
            f" WHERE a.account = {queries.ID} ORDER BY s.subject",
            {"subject": f"party:{party}"},
        )
        return list(dict.fromkeys(issuer_of(parse_subject(c).id) for (c,) in rows))

    def trusts_of(self, issuer: str) -> Collection[str]:
        rows = self.connection.execute(
            "SELECT DISTINCT t.subject FROM accounts a JOIN subjects s ON s.id = a.account"
            " JOIN subjects t ON t.subject = 'trust:' || substr(s.subject, 7)"
            " WHERE a.class IN (SELECT id FROM subjects WHERE subject > ? AND subject < ?)",
            (f"class:{issuer}/", f"class:{issuer}0"),
        )
        return [parse_subject(subject).id for (subject,) in rows]

    def plain_registers(
        self, limits: Limits, upto: FoldKey
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        return plain_registers(self.connection, limits, upto, self.position)

    def placed(self, span: Span, limits: Limits, types: Types = None) -> Iterator[FoldKey]:
        return placed(self.connection, span, limits, types, self.position)

    def unplaced(self, first: str = "", last: str = FOREVER) -> Sequence[Unplaced]:
        return unplaced(self.connection, first, last, self.position)

    def registers(self, limits: Limits, as_of: str) -> Registers | None:
        return Sums(self.connection, limits, as_of, self.position)

    def written(self, type_name: str, *texts: str) -> Iterator[Recorded]:
        having = " OR ".join(["amended <= ?", *["instr(e.data, ?)"] * len(texts)])
        sql = (
            "indexed JOIN events e USING (position) WHERE subject ="
            f" (SELECT id FROM subjects WHERE subject = ?) AND position <= ? AND ({having})"
        )
        return self._rows(sql, f"type:{type_name}", self.position, self.position, *texts)

    def listed(self, subject: str, types: tuple[str, ...] | None) -> list[tuple[int, Recorded]]:
        """The events indexed under a subject, in log order, each with the position from which on it
        is indexed there."""
        if parse_subject(subject).kind in queries.ITSELF:
            return [(found.position, found) for found in self._select(subject, types)]
        rows = self.connection.execute(
            f"SELECT min(f.since), {_COLUMNS} FROM ({queries.indexed_under(subject, types)}) f"
            " JOIN events e USING (position) GROUP BY position ORDER BY position",
            self._given(subject, types or ()),
        )
        return [(since, self._recorded(*row)) for since, *row in rows]

    def _select(
        self, subject: str, types: Collection[str] | None, posted: str = ""
    ) -> Iterator[Recorded]:
        kind, id = parse_subject(subject)
        if kind in queries.ITSELF:
            given: dict[str, str | int] = {"subject": id, "now": self.position}
            sql = f"{queries.ITSELF[kind]} AND position <= :now"
        else:
            given = self._given(subject, types or ())
            indexed = queries.indexed_under(subject, types, posted)
            sql = f"position IN (SELECT position FROM ({indexed})) ORDER BY position"
        for row in self.connection.execute(f"SELECT {_COLUMNS} FROM events e WHERE {sql}", given):
            recorded = self._recorded(*row)
            if kind in queries.ITSELF and types is not None and recorded.type not in types:
                continue
            if kind != "id" or recorded.id == id:
                yield recorded

    def _given(self, subject: str, types: Collection[str]) -> dict[str, str | int]:
        named = {f"type{n}": f"type:{name}" for n, name in enumerate(types)}
        return {"subject": subject, "now": self.position, **named}

    def _at(self, position: int) -> Recorded:
        return next(self._rows("events e WHERE position = ?", position))

    def _rows(self, where: str, *given: str | int) -> Iterator[Recorded]:
        rows = self.connection.execute(f"SELECT {_COLUMNS} FROM {where}", given)
        return starmap(self._recorded, rows)

    def _recorded(self, position: int, amended: int | None, data: str) -> Recorded:
        recorded = self._read.get(position)
        if recorded is None:
            if len(self._read) > MOST_READ:
                self._read.clear()
            recorded = self._read[position] = upcast(read_state(data))
        if len(self._amended) > MOST_REMEMBERED:
            self._amended.clear()
        self._amended[recorded.key] = amended is not None and amended <= self.position
        return recorded

    def recorded_by(self, instant: str) -> Index:
        """The same history as it was at a stored instant."""
        first, last = 0, self.position  # recorded times ascend with positions
        while first < last:
            middle = (first + last + 1) // 2
            if self._at(middle).recorded_at <= instant:
                first = middle
            else:
                last = middle - 1
        return self.at(first)

    def at(self, position: int) -> Index:
        """The same history as it was when a position was the last."""
        return Index(self.connection, min(position, self.position), self._read)

    def content(self) -> Iterator[list[tuple[Any, ...]]]:
        """Every row of the read model, in a fixed order and in pages, to compare two of them."""
        self.connection.execute(WORDS.format("words", "main"))
        for table, order in (*ORDER_OF_ROWS.items(), ("words", "1, 2, 4")):
            rows = self.connection.execute(f"SELECT * FROM {table} ORDER BY {order}")
            while page := rows.fetchmany(_COMPARED):
                yield page
        self.connection.execute("DROP TABLE temp.words")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


def format_number() -> int:
    """The form of what is indexed: this module's, and how many schemas have changed by now."""
    return FORMAT * 1_000 + len(UPCASTERS)


def views_path(ledger: Path) -> Path:
    """Where the read model of a ledger lies: ``deal.db`` has ``deal.views.db`` beside it."""
    return ledger.with_name(f"{ledger.stem}{READ_MODEL}")


def _in_order(*found: Sequence[Recorded]) -> list[Recorded]:
    return sorted(chain.from_iterable(found), key=lambda recorded: recorded.position)
