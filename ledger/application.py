"""The ledger: an eventsourcing application of immutable events, checked before they are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, cast

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, PersistenceError, StoredEvent
from eventsourcing.utils import Environment, register_topic

from ledger.dates import next_instant, stored_instant
from ledger.envelope import Recorded, content_digest, read_state
from ledger.event import Event, event_types
from ledger.files import PAGE, database_name, in_order, readable_name, trouble
from ledger.history import History, Log
from ledger.places import refuse_network
from ledger.refusals import OutcomeUnknown, Refusal, Refused, shown
from ledger.rules import problems, warnings
from ledger.seal import sealed_at
from ledger.sqlite import LedgerRecorder, LedgerStoredEvent
from ledger.upcasters import upcast

CLOCK_MAY_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class Draft:
    """An event asked to be recorded: under a key, from a place in a file or a command."""

    event: Event
    key: str
    place: str = ""
    key_given: bool = True
    again: bool = False


@dataclass(frozen=True)
class Receipt:
    """What became of a batch: each draft's event, and which of them were recorded only now.

    ``size`` and ``root`` are those of the tree over the whole log after it (none of a dry run).
    """

    events: tuple[Recorded, ...]
    new: frozenset[int]
    warnings: tuple[str, ...] = ()
    size: int = 0
    root: bytes = b""


class EventMapper(Mapper[str]):
    """Maps between recorded events and their stored bytes, without the library's transcoder."""

    ledger_id: str = ""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        event = cast(Recorded, domain_event)
        state, content = event.written(self.ledger_id)
        return LedgerStoredEvent(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.type,
            state=state,
            position=event.position,
            key=event.key,
            content=content,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return read_state(stored_event.state)


class Ledger(Application[str]):
    """An append-only ledger in a SQLite file, opened to read, to write, or made (``rwc``).

    The clock and the maker of ids are given, so that nothing here depends on the world.
    """

    name = "stakebook"

    def __init__(
        self,
        path: Path,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        *,
        mode: Literal["ro", "rw", "rwc"] = "rw",
    ) -> None:
        self._path, self._mode = path, mode
        self._clock, self._new_id = clock, new_id
        self.committing = False  # from the moment on that events may be durable
        if mode == "rwc":
            refuse_network(path)
        try:
            super().__init__()
            for name, cls in event_types().items():
                register_topic(name, cls)
            self.id = self._identity()
        except (PersistenceError, sqlite3.Error) as error:
            raise trouble(path, error, writing=mode != "ro") from None
        cast(EventMapper, self.mapper).ledger_id = self.id

    def construct_env(self, name: str, env: Any = None) -> Environment:
        """The library's settings, from the path alone, never from the process environment."""
        reading = self._mode == "ro"
        database = readable_name(self._path) if reading else database_name(self._path, self._mode)
        return Environment(
            name,
            {
                "PERSISTENCE_MODULE": "ledger.sqlite:LedgerFactory",
                "SQLITE_DBNAME": database,
                "CREATE_TABLE": "yes" if self._mode == "rwc" else "no",
                "READING": "yes" if reading else "no",
            },
        )

    def construct_mapper(self) -> Mapper[str]:
        return self.factory.mapper(mapper_class=EventMapper)

    def events_after(self, position: int) -> Iterator[Recorded]:
        """The log after a position, read in pages; Damaged where a position is missing."""
        recorder = cast(LedgerRecorder, self.recorder)
        while page := recorder.select_notifications(position + 1, PAGE):
            yield from in_order(((stored.id, stored.state) for stored in page), position)
            position += len(page)

    def append(
        self,
        drafts: Sequence[Draft],
        history: Callable[[], History] | None = None,
        *,
        dry_run: bool = False,
        expected_version: int | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Receipt:
        """Record a batch whole, or refuse it whole.

        ``history`` gives the log as found when the write lock is held (default: read from the
        log). A draft whose key is recorded already with the same content is answered with that
        event. Raises Refused with the place of the first draft that cannot be recorded, and
        OutcomeUnknown when the disk failed while committing.
        """
        recorder = cast(LedgerRecorder, self.recorder)
        self.committing = False
        try:
            with recorder.writing():
                found = (history or self._whole_log)()
                receipt = self._prepare(drafts, found, expected_version, progress)
                fresh = [event for event in receipt.events if event.position in receipt.new]
                if fresh and not dry_run:
                    self.save(*cast(Any, fresh))
                if not dry_run:
                    frontier = recorder.frontier()
                    receipt = replace(receipt, size=frontier.size, root=frontier.root())
                self.committing = bool(fresh) and not dry_run
        except (PersistenceError, sqlite3.Error, OSError) as error:
            if self.committing and "locked" not in str(error):
                raise OutcomeUnknown(
                    f"The disk failed while the events were being made durable ({error})."
                    f" {how_to_settle(self._path, fresh[0].key)}"
                ) from None
            raise trouble(self._path, error, writing=True) from None
        return receipt

    def leaf(self, event: Recorded) -> bytes:
        """The leaf hash of a recorded event, as it stands in the tree."""
        return cast(LedgerRecorder, self.recorder).leaf(event.position)

    def _whole_log(self) -> History:
        return Log(self.events_after(0))

    def _identity(self) -> str:
        with self._datastore.transaction(commit=self._mode == "rwc") as cursor:
            if self._mode == "rwc":
                cursor.execute(
                    "INSERT INTO ledger VALUES (1, ?) ON CONFLICT DO NOTHING", (self._new_id(),)
                )
            cursor.execute("SELECT id FROM ledger")
            return str(cursor.fetchone()[0])

    @property
    def _datastore(self) -> Any:
        return cast(LedgerRecorder, self.recorder).datastore

    def _prepare(
        self,
        drafts: Sequence[Draft],
        history: History,
        expected_version: int | None,
        progress: Callable[[int], None],
    ) -> Receipt:
        events: list[Recorded] = []
        fresh: dict[str, Recorded] = {}
        places: dict[int, str] = {}
        position, recorded_at = history.position, self._next_instant(history.position)
        versions: dict[str, int] = {}
        twins = _Twins(self._by_content)
        for page in _pages(drafts):
            progress(len(events))
            kept = self._by_keys([draft.key for draft in page])
            for draft in page:
                known = kept.get(draft.key) or fresh.get(draft.key)
                if known is not None:
                    events.append(_same(draft, known))
                    continue
                twins.refuse(draft)
                stream = draft.event.stream.format_map(draft.event.data)
                if stream not in versions:
                    versions[stream] = self._version(stream)
                if expected_version is not None and versions[stream] != expected_version:
                    raise self._written_meanwhile(draft, stream, expected_version, versions[stream])
                position, versions[stream] = position + 1, versions[stream] + 1
                event = Recorded(
                    position, stream, versions[stream], self._new_id(), draft.key,
                    draft.event.type, draft.event.schema_number, recorded_at, draft.event.data,
                )  # fmt: skip
                places[position] = draft.place
                events.append(event)
                fresh[draft.key] = event
                twins.add(draft, event)
        new = list(fresh.values())
        for event, refused in problems(history, new):
            raise refused.at(places[event.position])
        remarks = warnings(Log(new, history), history, new) + self._clock_warnings(recorded_at)
        return Receipt(tuple(events), frozenset(places), remarks)

    def _next_instant(self, position: int) -> str:
        """Now, or if the clock stands behind the log or its last seal, the first instant after."""
        now = stored_instant(self._clock())
        last = self._one("SELECT state FROM stored_events WHERE position = ?", position)
        previous = read_state(last[0]).recorded_at if last else ""
        with cast(LedgerRecorder, self.recorder).reading() as cursor:
            cursor.execute("SELECT note FROM checkpoints WHERE size = ?", (position,))
            previous = max([previous, *(sealed_at(note) for (note,) in cursor.fetchall())])
        return now if now > previous else next_instant(previous)

    def _clock_warnings(self, recorded_at: str) -> tuple[str, ...]:
        """A remark where the clock stands so far behind the log that one of them is wrong."""
        now = self._clock()
        if stored_instant(now + CLOCK_MAY_DIFFER) >= recorded_at:
            return ()
        return (
            f"the clock says {stored_instant(now)}, which is behind the log: recorded_at"
            f" {recorded_at} follows the last event instead. Check the clock.",
        )

    def _by_keys(self, keys: Sequence[str]) -> dict[str, Recorded]:
        """The events recorded under any of the keys."""
        marks = ",".join("?" * len(keys))
        sql = f"SELECT key, state FROM stored_events WHERE key IN ({marks})"
        with cast(LedgerRecorder, self.recorder).reading() as cursor:
            cursor.execute(sql, keys)
            return {key: upcast(read_state(state)) for key, state in cursor.fetchall()}

    def _by_content(self, digest: bytes) -> Recorded | None:
        row = self._one("SELECT state FROM stored_events WHERE content = ?", digest)
        return read_state(row[0]) if row else None

    def _version(self, stream: str) -> int:
        row = self._one(
            "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?", stream
        )
        return int(row[0] or 0) if row else 0

    def _written_meanwhile(self, draft: Draft, stream: str, expected: int, found: int) -> Refused:
        unseen = [
            f"#{e.position} {e.key}"
            for e in self._stream(stream)
            if e.originator_version > expected
        ]
        return Refused(
            Refusal.WRITTEN_MEANWHILE,
            f"{stream} is at version {found}, not {expected}"
            + (f"; you have not seen {', '.join(unseen)}." if unseen else "."),
            "Look at what was written, then append again with the version you have seen.",
            draft.place,
        )

    def _stream(self, stream: str) -> Iterator[Recorded]:
        return map(read_state, (e.state for e in self.recorder.select_events(stream)))

    def _one(self, sql: str, *values: Any) -> Any:
        """One row, read inside the running write transaction if there is one."""
        with cast(LedgerRecorder, self.recorder).reading() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()


def how_to_settle(path: Path, key: str) -> str:
    """What to run when nobody can tell whether the event under a key was recorded."""
    from shlex import quote

    words = ("stakebook", "--ledger", str(path), "status", f"--key={key}")
    return f"To know what was recorded run: {' '.join(map(quote, words))}"


class _Twins:
    """Events that say the same: without a key of its own, a second one is taken for a mistake."""

    def __init__(self, recorded: Callable[[bytes], Recorded | None]) -> None:
        self._recorded = recorded
        self._fresh: dict[bytes, Recorded] = {}

    def refuse(self, draft: Draft) -> None:
        """Refuse a draft without a key that says what an event has said."""
        if draft.key_given or draft.again:
            return
        digest = content_digest(draft.event.type, draft.event.data)
        twin = self._recorded(digest) or self._fresh.get(digest)
        if twin is not None:
            raise Refused(
                Refusal.IDENTICAL_EVENT,
                f"The same event is recorded as #{twin.position}, key {shown(twin.key)}.",
                "If it happened twice, give each a key, or append with --again.",
                draft.place,
            )

    def add(self, draft: Draft, event: Recorded) -> None:
        """Take note of an event of the same batch."""
        self._fresh.setdefault(content_digest(event.type, event.data), event)


def _pages(drafts: Sequence[Draft]) -> Iterator[Sequence[Draft]]:
    for start in range(0, len(drafts), PAGE):
        yield drafts[start : start + PAGE]


def _same(draft: Draft, known: Recorded) -> Recorded:
    if (known.type, known.data) == (draft.event.type, draft.event.data):
        return known
    ours, theirs = (
        {"type": draft.event.type, **draft.event.data},
        {"type": known.type, **known.data},
    )
    differing = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    raise Refused(
        Refusal.KEY_REUSED,
        f"Key {shown(draft.key)} is taken by #{known.position}, which differs in"
        f" {', '.join(differing)}.",
        "Give another key, or correct the recorded event.",
        draft.place,
    )
