"""The ledger: an eventsourcing application of immutable events, checked before they are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, PersistenceError, StoredEvent
from eventsourcing.utils import Environment, register_topic

from ledger.dates import next_instant, stored_instant
from ledger.envelope import Recorded, content_digest, read_state
from ledger.event import Event, event_types
from ledger.files import database_name, readable_name, trouble
from ledger.history import History, Log
from ledger.refusals import Damaged, OutcomeUnknown, Refusal, Refused, shown
from ledger.rules import problems, warnings
from ledger.seal import sealed_at
from ledger.sqlite import LedgerRecorder, LedgerStoredEvent
from ledger.upcasters import upcast

PAGE = 1_000


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

    ``size`` and ``root`` are those of the tree over the whole log after it.
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
        return LedgerStoredEvent(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.type,
            state=event.state(self.ledger_id),
            position=event.position,
            key=event.key,
            content=content_digest(event.type, event.data),
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
        try:
            super().__init__()
            for name, cls in event_types().items():
                register_topic(name, cls)
            self.id = self._identity()
        except (PersistenceError, sqlite3.Error) as error:
            raise trouble(path, error) from None
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
            },
        )

    def construct_mapper(self) -> Mapper[str]:
        return self.factory.mapper(mapper_class=EventMapper)

    def events_after(self, position: int) -> Iterator[Recorded]:
        """The log after a position, read in pages; Damaged where a position is missing."""
        recorder, expected = cast(LedgerRecorder, self.recorder), position + 1
        while page := recorder.select_notifications(expected, PAGE):
            for stored in page:
                event = upcast(read_state(stored.state))
                if (stored.id, event.position) != (expected, expected):
                    raise Damaged(
                        f"Position {expected} of the log holds event #{event.position} in row"
                        f" {stored.id}. The file was changed from outside; restore a backup."
                    )
                yield event
                expected += 1

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
        committing = False
        try:
            with recorder.writing():
                found = (history or self._whole_log)()
                receipt = self._prepare(drafts, found, expected_version, progress)
                fresh = [event for event in receipt.events if event.position in receipt.new]
                if fresh and not dry_run:
                    self.save(*cast(Any, fresh))
                frontier = recorder.frontier()
                receipt = replace(receipt, size=frontier.size, root=frontier.root())
                committing = bool(fresh) and not dry_run
        except (PersistenceError, sqlite3.Error) as error:
            if committing:
                raise OutcomeUnknown(
                    f"The disk failed while the events were being made durable ({error})."
                    f" Ask again with the same key: {drafts[0].key}"
                ) from None
            raise trouble(self._path, error) from None
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
        for done, draft in enumerate(drafts):
            progress(done)
            known = self._by_key(draft.key) or fresh.get(draft.key)
            if known is not None:
                events.append(_same(draft, known))
                continue
            self._refuse_twin(draft, fresh)
            stream = draft.event.stream.format_map(draft.event.data)
            version = versions.get(stream) or self._version(stream)
            if expected_version is not None and version != expected_version:
                raise self._written_meanwhile(draft, stream, expected_version, version)
            position, versions[stream] = position + 1, version + 1
            event = Recorded(
                position, stream, version + 1, self._new_id(), draft.key, draft.event.type,
                draft.event.schema_number, recorded_at, draft.event.data,
            )  # fmt: skip
            places[position] = draft.place
            events.append(event)
            fresh[draft.key] = event
        new = list(fresh.values())
        for event, refused in problems(history, new):
            raise refused.at(places[event.position])
        together = Log(new, history)
        return Receipt(tuple(events), frozenset(places), warnings(together, history, new))

    def _next_instant(self, position: int) -> str:
        """Now, or if the clock stands behind the log or its last seal, the first instant after."""
        now = stored_instant(self._clock())
        last = self._one("SELECT state FROM stored_events WHERE position = ?", position)
        previous = read_state(last[0]).recorded_at if last else ""
        with cast(LedgerRecorder, self.recorder).reading() as cursor:
            cursor.execute("SELECT note FROM checkpoints WHERE size = ?", (position,))
            previous = max([previous, *(sealed_at(note) for (note,) in cursor.fetchall())])
        return now if now > previous else next_instant(previous)

    def _by_key(self, key: str) -> Recorded | None:
        row = self._one("SELECT state FROM stored_events WHERE key = ?", key)
        return upcast(read_state(row[0])) if row else None

    def _version(self, stream: str) -> int:
        row = self._one(
            "SELECT max(originator_version) FROM stored_events WHERE originator_id = ?", stream
        )
        return int(row[0] or 0) if row else 0

    def _refuse_twin(self, draft: Draft, fresh: dict[str, Recorded]) -> None:
        if draft.key_given or draft.again:
            return
        digest = content_digest(draft.event.type, draft.event.data)
        row = self._one("SELECT state FROM stored_events WHERE content = ?", digest)
        twin = read_state(row[0]) if row else None
        for event in fresh.values():
            if (event.type, event.data) == (draft.event.type, draft.event.data):
                twin = twin or event
        if twin is not None:
            raise Refused(
                Refusal.IDENTICAL_EVENT,
                f"The same event is recorded as #{twin.position}, key {shown(twin.key)}.",
                "If it happened twice, give each a key, or append with --again.",
                draft.place,
            )

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
