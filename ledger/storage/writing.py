"""What a store holds ready for a ledger that appends: the part of the protocol behind the library.

The recorder of each store is one of the library's and ``Writing`` at once.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eventsourcing.persistence import Notification, StoredEvent

from ledger.events.actor import BY, Person, checked_person
from ledger.events.envelope import Recorded, digest_in
from ledger.storage.log_rows import Row
from ledger.storage.stored_log import AFTER_ALL, StoredLog
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.refusals import RESTORE, Damaged

INSERT = "INSERT INTO stored_events VALUES (?,?,?,?,?,?,?,?)"
GROW = "UPDATE frontier SET size = ?, peaks = ?"
KEPT = "SELECT size, peaks FROM frontier"
Columns = tuple[Any, ...]  # those of stored_events, in order


@dataclass(frozen=True)
class LedgerStoredEvent(StoredEvent):
    """A stored event with the columns the ledger adds to the library's four."""

    position: int
    key: str
    content: bytes

    @classmethod
    def of(cls, event: Recorded, state: bytes, content: bytes) -> LedgerStoredEvent:
        """The row of an event, with its bytes and the digest of what it says."""
        return cls(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=event.type,
            state=state,
            position=event.position,
            key=event.key,
            content=content,
        )

    @classmethod
    def stored(cls, row: Row) -> LedgerStoredEvent:
        """What a sound row holds."""
        return cls(
            originator_id=row.stream.decode(),
            originator_version=row.version,
            topic=row.topic.decode(),
            state=row.state,
            position=row.position,
            key=row.key.decode(),
            content=row.content,
        )


class Writing(StoredLog):
    """A log that is appended to, under a lock that keeps others from it; a recorder besides."""

    actors: bool = False  # whether events say who recorded them
    four_eyes: bool = False  # whether each is one that another person has drafted

    @abstractmethod
    def identify(self, new_id: Callable[[], str] | None, actors: bool) -> str:
        """The id of the ledger; where there is none yet, and one can be made, it has a new one, and
        keeps who records if ``actors``."""

    def actor(self, person: Person, author: str | None = None) -> dict[str, str]:
        """What an event says of a person who records it, or approves what an author drafted."""
        return {BY: checked_person(person.name)}

    def instant(self, clock: Callable[[], datetime]) -> datetime:
        """The time of what is recorded now: by this machine's clock, or by the store's own."""
        return clock()

    @abstractmethod
    def writing(self) -> AbstractContextManager[None]:
        """Hold the write lock: what is inserted inside is committed together, or not."""

    @abstractmethod
    def insert_columns(self, rows: Sequence[Columns]) -> None:
        """Insert events in the running write, and grow the tree by their leaves."""

    @abstractmethod
    def undo(self) -> None:
        """Undo what was inserted in the running write, which then commits nothing."""

    @abstractmethod
    def keep(self, size: int, note: str) -> None:
        """Keep a checkpoint of the first events in the running write."""

    @abstractmethod
    def expect_much(self) -> None:
        """Make ready for the pages of many inserts in the running write."""

    def thinking(self) -> AbstractContextManager[None]:
        """Keep the running write while the store is asked nothing, for however long."""
        return nullcontext()

    def insert(self, events: Sequence[Recorded]) -> None:
        """Insert events with their bytes in the running write."""
        self.insert_columns(
            [
                (
                    event.position, event.originator_id, event.originator_version, event.type,
                    event.raw, event.key, digest_in(event.raw, event.type), leaf_hash(event.raw),
                )
                for event in events
            ]
        )  # fmt: skip

    def insert_events(self, stored_events: Sequence[StoredEvent], **_: Any) -> Sequence[int]:
        """Insert events that the ledger's own mapper has made in the running write."""
        rows = list(map(_columns, stored_events))
        self.insert_columns(rows)
        return [row[0] for row in rows]

    def frontier(self) -> Frontier:
        """The tree over the events, as kept beside them."""
        (tree,) = self.fetched((KEPT, ()))
        if not tree:
            raise Damaged(f"The frontier of the tree is missing; {RESTORE}")
        return Frontier(*tree[0])

    def stored_rows(self, done: int = 0) -> Iterator[LedgerStoredEvent]:
        """Every row in log order after those done; Damaged where one is missing or unsound."""
        for page in self.in_pages(done, self.peek().position):
            yield from map(LedgerStoredEvent.stored, page)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Events in log order from ``start`` (the first is 1), at most ``limit`` of them."""
        first = 1 if start is None else start if inclusive_of_start else start + 1
        wanted = f"AND topic IN ({','.join('?' * len(topics))})" if topics else ""
        sql = (
            "SELECT position, originator_id, originator_version, topic, state"
            f" FROM stored_events WHERE position BETWEEN ? AND ? {wanted} ORDER BY position LIMIT ?"
        )
        last = AFTER_ALL if stop is None else stop
        (found,) = self.fetched((sql, (first, last, *topics, limit)))
        return [
            Notification(
                id=row[0],
                originator_id=row[1],
                originator_version=row[2],
                topic=row[3],
                state=row[4],
            )
            for row in found
        ]

    def max_notification_id(self) -> int:
        """The last position; 0 in an empty ledger."""
        ((row,),) = self.fetched(("SELECT coalesce(max(position), 0) FROM stored_events", ()))
        return int(row[0])


def _columns(event: StoredEvent) -> Columns:
    if not isinstance(event, LedgerStoredEvent):
        raise TypeError("the ledger stores events that its own mapper has made")
    return (
        event.position,
        event.originator_id,
        event.originator_version,
        event.topic,
        event.state,
        event.key,
        event.content,
        leaf_hash(event.state),
    )
