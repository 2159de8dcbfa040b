"""The ledger: an eventsourcing application of immutable events, checked before they are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice
from typing import Any, Protocol, cast

from eventsourcing.application import Application
from eventsourcing.persistence import Mapper, PersistenceError, StoredEvent
from eventsourcing.utils import Environment, register_topic

from ledger.batch import MANY, Batch, Draft, Misread, Receipt
from ledger.checked import Until, checked, placed
from ledger.events.actor import Person
from ledger.events.envelope import Recorded, digest_in, read_state
from ledger.events.registry import event_types
from ledger.proofs.seal import sealed_at
from ledger.rules import Examination
from ledger.rules.new_events import NewEvents
from ledger.storage.head import Peek
from ledger.storage.opening import store_at
from ledger.storage.server import Place
from ledger.storage.store import Mode
from ledger.storage.writing import LedgerStoredEvent, Writing
from ledger.time.history import History
from ledger.time.log import Log
from ledger.transparency.signed_notes import read_note
from ledger.values.clock import behind, following, made_at, step_refused
from ledger.values.refusals import (
    MOST_TOLD,
    OutcomeUnknown,
    Refusal,
    Refused,
    StakebookError,
    all_of,
)
from ledger.values.warnings import Looked, Warned, WarningKind

PAGE = 1_000  # drafts that are made into events together
NOT_LOOKED = "In a batch of {:,} events W1, W2, W5 to W8 and W18 are not looked for."
Look = Callable[[History, History, Sequence[Recorded]], Looked]
"""Warnings of new events, by the histories before and after them."""


class EventMapper(Mapper[str]):
    """Maps between recorded events and their stored bytes, without the library's transcoder."""

    ledger_id: str = ""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        event = cast(Recorded, domain_event)
        state = event.raw or event.state(self.ledger_id)
        return LedgerStoredEvent.of(event, state, digest_in(state, event.type))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return read_state(stored_event.state)


class ReadModel(Protocol):
    """The history that the rules are asked over, as one append needs it.

    An append calls ``followed`` once it holds the write lock; for a batch too large for memory
    ``caught_up`` and ``indexed``; ``keep`` when the events are committed, and ``undo`` at the end,
    whatever happened.
    """

    def followed(self, log: Ledger) -> History:
        """The history up to the end of the log, as the running write sees it."""

    def caught_up(self, log: Ledger) -> History:
        """The same history, all of it indexed."""

    def indexed(self, events: Iterable[Recorded]) -> History:
        """That history with new events in it, each indexed as it comes, for the time being."""

    def keep(self) -> None:
        """Keep what was indexed for the time being."""

    def undo(self) -> None:
        """Undo what was indexed and not kept."""


class WholeLog:
    """The read model of an append that is given none: the whole log, read into memory."""

    def followed(self, log: Ledger) -> History:
        self._log = Log(log.events_after(0))
        return self._log

    def caught_up(self, log: Ledger) -> History:
        return self._log

    def indexed(self, events: Iterable[Recorded]) -> History:
        return Log(events, self._log)

    def keep(self) -> None:
        """Nothing outlasts the append."""

    def undo(self) -> None:
        """Nothing outlasts the append."""


class Ledger(Application[str]):
    """An append-only ledger, opened to read, to write, or made (``rwc``).

    The clock, the maker of ids and whoever appends are given, so that nothing here depends on the
    world; with ``actors``, events of a ledger that is made say who recorded them. The library opens
    the store where an application is constructed.
    """

    name = "stakebook"

    def __init__(
        self,
        path: Place,
        clock: Callable[[], datetime],
        new_id: Callable[[], str],
        *,
        mode: Mode = "rw",
        person: Callable[[], Person] = Person,
        actors: bool = False,
    ) -> None:
        self.path, self._mode, self._person = path, mode, person
        self._clock, self._new_id = clock, new_id
        self.committing = False  # from the moment on that events may be durable
        self.settled = False  # whether only a look afterwards told that they are
        self.store = store_at(path)
        self._refuse_replaced = self.store.watched()
        try:
            super().__init__()
            for name, cls in event_types().items():
                register_topic(name, cls)
            self.stored = cast(Writing, self.recorder)
            self.id = self.stored.identify(new_id if mode == "rwc" else None, actors)
        except (PersistenceError, sqlite3.Error) as error:
            raise self.store.error(error, writing=mode != "ro") from None
        cast(EventMapper, self.mapper).ledger_id = self.id

    def construct_env(self, name: str, env: Any = None) -> Environment:
        """The library's settings, from the path alone, never from the process environment."""
        return Environment(name, self.store.settings(self._mode))

    def construct_mapper(self) -> Mapper[str]:
        return self.factory.mapper(mapper_class=EventMapper)

    def events_after(self, position: int) -> Iterator[Recorded]:
        """The log after a position, in pages; Damaged where a row is missing or unsound."""
        return self.stored.events_after(position)

    def peek(self) -> Peek:
        """The state of the ledger, inside the running write if there is one."""
        return self.stored.peek()

    def refuse_parted(self, indexed: Peek, seen: Peek) -> None:
        """Raise what is wrong where what was indexed is no beginning of the log."""
        self.store.refuse_parted(indexed, seen)

    def append(
        self,
        drafts: Iterable[Draft | Misread],
        read_model: ReadModel | None = None,
        *,
        dry_run: bool = False,
        expected_version: int | None = None,
        clock_is_right: bool = False,
        strict: bool = False,
        look: Look = lambda _before, _after, _new: Looked(),
        progress: Callable[[int], None] = lambda _: None,
        author: str | None = None,
    ) -> Receipt:
        """Record a batch whole, or refuse it whole.

        The rules are asked over the read model (default: the whole log in memory), in which a batch
        of any size needs little memory. A draft whose key is recorded already with the same content
        is answered with that event. Raises Refused for all that cannot be recorded, each with its
        place (of a batch too large for memory, what breaks the first rule), or for a clock far
        ahead of the log unless ``clock_is_right``, or, where it is ``strict``, for the first
        warning; and OutcomeUnknown when the disk failed while committing. ``look`` gives more
        warnings of a batch that fits into memory. ``author`` has drafted what is approved by it.
        """
        if self.stored.four_eyes and author is None:
            raise needs_approval()
        model, receipt = WholeLog() if read_model is None else read_model, None
        self.committing, self.settled, key = False, False, ""
        try:
            with self.stored.writing():
                found = model.followed(self)
                batch = self._batch(found.position, expected_version, clock_is_right, author)
                pages = _pages(drafts, batch, progress)
                first = list(islice(pages, MANY // PAGE))
                key, pages = _first_key(first), chain(first, pages)
                if len(first) < MANY // PAGE:
                    receipt = self._few(pages, batch, found, look)
                else:
                    receipt = self._many(pages, batch, model.caught_up(self), model)
                receipt = self._looked_over(receipt, dry_run, strict)
                self.committing = bool(receipt.new) and not dry_run
        except (PersistenceError, sqlite3.Error, OSError) as error:
            receipt = self._settle(error, key, receipt)
            model.keep()
        else:
            if not dry_run:
                model.keep()
        finally:
            model.undo()
        return receipt

    def _settle(self, error: Exception, key: str, receipt: Receipt | None) -> Receipt:
        """The receipt of a batch that is recorded although its commit failed, as a fresh look at
        the store tells; raises what is wrong where it is not, or where nobody can tell."""
        found = None
        if receipt is not None and self.committing and self.store.is_unknown(error):
            found = self.store.settled(error, receipt.size, receipt.root)
        if found is False:
            raise Refused(
                Refusal.SERVER_UNREACHABLE,
                f"The connection was lost while committing ({error}). A look at the server"
                " afterwards tells that nothing was recorded.",
                "Append it again.",
            ) from None
        if receipt is None or found is None:
            raise self._write_error(error, key) from None
        self.settled = True
        return receipt

    def _looked_over(self, receipt: Receipt, dry_run: bool, strict: bool) -> Receipt:
        """The receipt before the commit: refused for a warning, undone, or with the new root."""
        if strict:
            _refuse_warned(receipt)
        if not dry_run:
            return self._rooted(receipt)
        self.stored.undo()
        return receipt

    def _rooted(self, receipt: Receipt) -> Receipt:
        """The receipt of what is about to be committed, with the tree over the whole log."""
        self._refuse_replaced()
        frontier = self.stored.frontier()
        return replace(receipt, size=frontier.size, root=frontier.root())

    def _write_error(self, error: Exception, key: str) -> StakebookError:
        """What a failure of the disk or the database means for the events of a batch."""
        if self.committing and self.store.is_unknown(error):
            return OutcomeUnknown(
                f"{self.store.FAILED} while the events were being made durable ({error})."
                f" {how_to_settle(self.path, key)}"
            )
        self._refuse_replaced()
        return self.store.error(error, writing=True)

    def _batch(
        self, position: int, expected: int | None, clock_is_right: bool, author: str | None
    ) -> Batch:
        end = self.stored.end(position)
        now, last = self.stored.instant(self._clock), _instant_of(*end)
        refused = step_refused(last or made_at(self.id), now, confirmed=clock_is_right)
        then, actor = following(last, now), self._actor(end[0], author)
        return Batch(self.stored, self._new_id, self.id, position, then, expected, refused, actor)

    def _actor(self, last: Recorded | None, author: str | None) -> dict[str, str] | None:
        """Who records, where the ledger keeps that; what has begun to be kept is kept for ever."""
        person = self._person()
        if self.stored.actors or (last is not None and last.actor is not None):
            return self.stored.actor(person, author)
        if person.named:
            raise Refused(
                Refusal.NO_ACTORS,
                "This ledger does not keep who records.",
                "Leave --by out; `stakebook init --actors` makes a ledger that does.",
                "--by",
            )
        return None

    def _few(
        self,
        pages: Iterable[Sequence[Draft | Misread]],
        batch: Batch,
        found: History,
        look: Look,
    ) -> Receipt:
        """Check new events laid over the history in memory, then insert them."""
        new = [event for page in pages for event in batch.page(page)]
        with self.stored.thinking():
            examined, together = checked(batch, new, found)
        if new:
            self.save(*cast(Any, new))
        with self.stored.thinking():
            more = look(found, together, new) if new else Looked()
            warnings = (*self._warnings(examined, batch), *more.warnings)
        return batch.receipt(warnings, more.left_out, more.verdicts)

    def _many(
        self,
        pages: Iterable[Sequence[Draft | Misread]],
        batch: Batch,
        found: History,
        model: ReadModel,
    ) -> Receipt:
        """Insert and index new events as they come, then check them in the history they are in."""
        new_events = NewEvents((), batch.first, indexed=True)
        self.stored.expect_much()

        def inserted() -> Iterator[Recorded]:
            for page in pages:
                new = batch.page(page)
                if batch.refused:
                    continue
                self.stored.insert(new)
                batch.inserted()
                for event in new:
                    new_events.add(event)
                    yield event
            if batch.refused:
                raise all_of(batch.refused)

        examined = Examination(found, new_events, model.indexed(inserted()))
        with self.stored.thinking():
            if found_wrong := list(islice(examined.problems(), MOST_TOLD)):
                raise all_of([placed(batch, *one) for one in found_wrong])
            warnings = list(self._warnings(examined, batch))
        return batch.receipt(warnings, (NOT_LOOKED.format(len(batch.places)),))

    def suppose(self, drafts: Iterable[Draft | Misread], found: History) -> list[Recorded]:
        """The new events of a batch as they would follow a history of this log.

        They are checked as an append checks them, and kept nowhere; no lock is held meanwhile.
        """
        recorder = Until(self.stored, found.position)
        now = self.stored.instant(self._clock)
        recorded_at = following(self.last_instant(found.position), now)
        batch = Batch(recorder, self._new_id, self.id, found.position, recorded_at, None)
        pages = _pages(drafts, batch, lambda _: None)
        new = [event for page in pages for event in batch.page(page)]
        checked(batch, new, found)
        return new

    def last_instant(self, position: int) -> str:
        """The recorded time of the last event, or of its seal if that is later; "" for none."""
        return _instant_of(*self.stored.end(position))

    def _warnings(self, examined: Examination, batch: Batch) -> Iterator[Warned]:
        yield from examined.warnings()
        yield from batch.warnings()
        if remark := behind(batch.recorded_at, self.stored.instant(self._clock)):
            yield Warned(WarningKind.CLOCK_BEHIND, remark)


def _refuse_warned(receipt: Receipt) -> None:
    """Refuse a batch for what it is warned of, or for being too large to look for it."""
    for left_out in receipt.left_out[:1]:
        remedy = "Record it in smaller parts, or without --strict."
        raise Refused(Refusal.WARNED, left_out, remedy)
    for first in receipt.warnings[:1]:
        more = len(receipt.warnings) - 1
        besides = f" {more} more would be warned of." if more else ""
        raise Refused(
            Refusal.WARNED,
            f"{first.kind.number} {first.kind.title}: {first.what}{besides}",
            "Mend that, or record it without --strict and be warned.",
            first.place,
        )


def needs_approval() -> Refused:
    """Why nobody records alone where two people must."""
    return Refused(
        Refusal.NEEDS_APPROVAL,
        "In this ledger one person drafts and another approves.",
        "Draft it with --draft; another person records it with approve.",
    )


def _instant_of(last: Recorded | None, notes: Sequence[str]) -> str:
    """The time of the end of a log, by its last event and by its seals."""
    return max([last.recorded_at if last else "", *map(sealed_at, map(read_note, notes))])


def how_to_settle(path: Place, key: str) -> str:
    """What to run when nobody can tell whether the event under a key was recorded."""
    from shlex import quote

    words = ("stakebook", "--ledger", str(path), "status", f"--key={key}")
    return f"To know what was recorded run: {' '.join(map(quote, words))}"


def _first_key(pages: Sequence[Sequence[Draft | Misread]]) -> str:
    return next((one.key for page in pages for one in page if isinstance(one, Draft)), "")


def _pages(
    drafts: Iterable[Draft | Misread], batch: Batch, progress: Callable[[int], None]
) -> Iterator[list[Draft | Misread]]:
    coming = iter(drafts)
    while page := list(islice(coming, PAGE)):
        yield page
        progress(batch.known + len(batch.places))
