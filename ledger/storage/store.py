"""The store of a log: the one protocol behind which its tables lie.

A store is asked from outside (``Store``), or is held open by a ledger that appends (``Writing``).
Both read the same way, as a ``StoredLog`` of :mod:`ledger.storage.stored_log`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol

from ledger.storage.head import Peek
from ledger.values.refusals import StakebookError

if TYPE_CHECKING:
    from ledger.events.envelope import Recorded
    from ledger.storage.stored_log import OpenLog

Mode = Literal["ro", "rw", "rwc"]  # to read, to write, or to make


class Store(Protocol):
    """Where the log of one ledger lies. What goes wrong is raised in words for a user."""

    FAILED: str  # what fails where the outcome of a commit is unknown

    def peek(self) -> Peek:
        """The state of the ledger.

        Raises Refused where there is none, it is another kind of thing or lies on another machine,
        Damaged where a newer release wrote it, its schema was changed, or its log is not as long
        as its tree.
        """

    def recognise(self) -> None:
        """Raise what ``peek`` does, but for a log that is not as long as its tree."""

    def reading(self) -> OpenLog:
        """The log, open to be read and to be closed; ``recognise`` it before."""

    def events_after(self, position: int) -> Iterator[Recorded]:
        """The events after a position, in order; Damaged where a row is missing or unsound."""

    def recorded_under(self, key: str) -> Recorded | None:
        """The event under a key, as far as it is surely recorded by now."""

    def instant(self, here: datetime) -> datetime:
        """The time now: that of this machine, or of the store's own clock."""

    def is_being_written(self) -> bool:
        """Whether another process holds the write lock at this moment."""

    def keep(self, size: int, note: str) -> None:
        """Keep a checkpoint of the first events as it is."""

    def move(self, place: str) -> None:
        """Mark that the ledger was moved to another place: nothing more is appended here."""

    def settings(self, mode: Mode) -> dict[str, str]:
        """The settings by which the library opens the store."""

    def watched(self) -> Callable[[], None]:
        """What refuses to go on if something else lies there by the time that it is called."""

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        """Raise what is wrong where what was read before is no beginning of the log, unless it may
        be read anew in silence."""

    def is_unknown(self, error: Exception) -> bool:
        """Whether nobody can tell what an error while committing left of the events."""

    def settled(self, error: Exception, size: int, root: bytes) -> bool | None:
        """Whether the log has grown to a tree of so many events and that root in spite of an error
        while committing, as a fresh look tells; None where nobody can tell."""

    def error(self, error: Exception, *, writing: bool = False) -> StakebookError:
        """What a user can do about an error of the store."""
