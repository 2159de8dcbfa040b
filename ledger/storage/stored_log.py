"""The log as one connection reads it: all SQL that only reads, of whatever store.

Events are never changed, so a moment of the log is no more than its size: what else is kept (the
frontier, the checkpoints) is read at once, and events come by pages.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring as written
from typing import Any, ClassVar, NamedTuple

from ledger.events.envelope import Recorded
from ledger.storage.head import HEAD, Peek, head_of, missing
from ledger.storage.log_rows import Row, event_of, in_order, valid
from ledger.values.closing import Closing
from ledger.values.refusals import key_changed

BEFORE_ALL, AFTER_ALL = -(2**63), 2**62  # no row has these positions
Asked = tuple[str, Sequence[Any]]  # SQL, with a question mark for each value, and the values
PAGE = 1_024  # rows; a power of two, so that pages fill subtrees


class Moment(NamedTuple):
    """A log as it stands: of which ledger, its last position, its tree as kept, its checkpoints."""

    id: str
    size: int
    tree: tuple[int, bytes] | None
    notes: list[str]


class Facts(NamedTuple):
    """What a log knows of drafts: events by key, events by what they say, versions by stream."""

    recorded: dict[str, Recorded]
    twins: dict[bytes, Recorded]
    versions: dict[str, int]


class StoredLog(ABC):
    """The log of a ledger. Of a store, only how its rows are fetched, and its dialect, differ."""

    ledger_id: str = ""
    TEXT: ClassVar[str] = "CAST({} AS BLOB)"  # a column of text, as bytes
    BEARING: ClassVar[str] = "instr(state, ?)"  # whether an event's bytes hold some

    @abstractmethod
    def fetched(self, *asked: Asked) -> list[list[Any]]:
        """The rows that each of some questions finds."""

    def peek(self) -> Peek:
        """The state of the log."""
        return head_of(self._one(HEAD))

    def moment(self) -> Moment:
        """The log as it stands at one moment."""
        (head,), tree, notes = self.fetched(
            ("SELECT id, (SELECT coalesce(max(position), 0) FROM stored_events) FROM ledger", ()),
            ("SELECT size, peaks FROM frontier", ()),
            ("SELECT note FROM checkpoints ORDER BY size, number", ()),
        )
        kept = (tree[0][0], tree[0][1]) if tree else None
        return Moment(head[0], head[1], kept, [note for (note,) in notes])

    def rows(self, after: int, most: int) -> list[Row]:
        """The rows after a position, as they are stored."""
        return self._rows("position > ? ORDER BY position LIMIT ?", after, most)

    def events_after(self, position: int) -> Iterator[Recorded]:
        """The events after a position, in pages; Damaged where a row is missing or unsound."""
        while page := self.rows(position, PAGE):
            yield from map(event_of, in_order(page, self.ledger_id, position))
            position += len(page)

    def facts(
        self,
        keys: Sequence[str],
        digests: Sequence[bytes],
        streams: Sequence[str],
        upto: int = AFTER_ALL,
    ) -> Facts:
        """What is known, up to a position, under keys, of what is said, and of streams; Damaged
        where a row of these is unsound."""
        before = f"position <= {upto:d}"
        same = f"content = column1 AND {before} ORDER BY position"
        last = f"originator_id = column1 AND {before} ORDER BY originator_version DESC"
        asked = (
            (f"key IN ({','.join('?' * len(keys))}) AND {before}", keys),
            (_first_of(digests, same), digests),
            (_first_of(streams, last), streams),
        )
        select = self._select()
        found = iter(self.fetched(*((select + sql, given) for sql, given in asked if given)))
        under, saying, latest = (list(self._valid(next(found) if g else ())) for _, g in asked)
        return Facts(
            {event.key: event for event in map(event_of, under)},
            {row.content: event_of(row) for row in saying},
            {row.stream.decode(): row.version for row in latest},
        )

    def later(self, stream: str, version: int) -> list[Recorded]:
        """The events of a stream after a version of it."""
        later = "originator_id = ? AND originator_version > ? ORDER BY originator_version"
        return list(map(event_of, self._valid(self._rows(later, stream, version))))

    def end(self, position: int) -> tuple[Recorded | None, list[str]]:
        """The event at a position, and the checkpoints of the log up to it."""
        rows, notes = self.fetched(
            (f"{self._select()}position = ?", (position,)),
            ("SELECT note FROM checkpoints WHERE size = ?", (position,)),
        )
        return self._ended(rows, [note for (note,) in notes])

    def under(self, key: str) -> Row | None:
        """The row under a key; Damaged where it is unsound."""
        return next(self._valid(self._rows("key = ?", key)), None)

    def pages(self, column: str, after: int, size: int) -> Iterator[list[bytes]]:
        """The bytes or the leaf hash of every event after a position, in order, some at a time."""
        sql = (
            f"SELECT {column} FROM stored_events WHERE position > ? AND position <= ?"
            " ORDER BY position"
        )
        while after < size:
            upto = min(after + PAGE, size)
            (rows,) = self.fetched((sql, (after, upto)))
            if rows:
                yield [value for (value,) in rows]
            else:  # there is a gap in the log
                following = "SELECT min(position) - 1 FROM stored_events WHERE position > ?"
                upto = self._one(following, after)[0] or size
            after = upto

    def position_of(self, event: str) -> int | None:
        """The position of the event under a key, or at a position such as ``#12``."""
        if not event.isascii():  # as no key is
            return None
        found = self._one("SELECT position FROM stored_events WHERE key = ?", event)
        wanted = event.removeprefix("#")
        if found is None and wanted.isdecimal() and len(wanted) < 19:
            at = "SELECT position FROM stored_events WHERE position = ?"
            found = self._one(at, int(wanted))
        if found is None:
            bearing = f"SELECT 1 FROM stored_events WHERE {self.BEARING} > 0"
            if self._one(bearing, f',"key":{written(event)},"ledger":'.encode()):
                raise key_changed(event)
        return None if found is None else int(found[0])

    def state(self, position: int) -> bytes:
        """The bytes of the event at a position."""
        return bytes(self._one("SELECT state FROM stored_events WHERE position = ?", position)[0])

    def in_pages(self, done: int, size: int) -> Iterator[list[Row]]:
        """The rows after those done up to a size, in order, some at a time; Damaged where one is
        missing or unsound."""
        while done < size:
            found = list(in_order(self.rows(done, min(PAGE, size - done)), self.ledger_id, done))
            if not found:
                raise missing(done + 1)
            yield found
            done += len(found)

    def _ended(self, rows: Sequence[Any], notes: list[str]) -> tuple[Recorded | None, list[str]]:
        return next(map(event_of, self._valid(rows)), None), notes

    def _rows(self, where: str, *values: Any) -> list[Row]:
        (found,) = self.fetched((self._select() + where, values))
        return list(map(Row._make, found))

    def _valid(self, rows: Sequence[Any]) -> Iterator[Row]:
        return (valid(Row._make(row), self.ledger_id) for row in rows)

    def _one(self, sql: str, *values: Any) -> Any:
        (found,) = self.fetched((sql, values))
        return found[0] if found else None

    @classmethod
    def _select(cls) -> str:
        stream, topic, key = map(cls.TEXT.format, ("originator_id", "topic", "key"))
        return (
            f"SELECT position, {stream}, originator_version, {topic}, state, {key}, content, leaf"
            " FROM stored_events WHERE "
        )


class OpenLog(StoredLog, Closing):
    """A log that is open to be read, until it is closed."""


def _first_of(values: Sequence[Any], where: str) -> str:
    """The condition of the first row that each of some values finds."""
    asked = ",".join(["(?)"] * len(values))
    first = f"SELECT position FROM stored_events WHERE {where} LIMIT 1"
    return f"position IN (SELECT ({first}) FROM (VALUES {asked}) AS asked)"
