"""Restoring a ledger from an audit export: the bytes go back as they are, the rest is derived."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

from eventsourcing.persistence import PersistenceError

from ledger.application import Ledger
from ledger.events.envelope import content_digest
from ledger.proofs.audit_export import Export
from ledger.proofs.seal import sealed_at
from ledger.replay import Indexed, audited, read_given
from ledger.storage.head import missing
from ledger.storage.writing import LedgerStoredEvent, Writing
from ledger.transparency.signed_notes import read_checkpoint
from ledger.values.clock import refuse_ahead
from ledger.values.refusals import NOT_THE_TREE, Damaged, Refusal, Refused
from ledger.values.text import checked_key

_PAGE = 1_000


def restore(
    ledger: Ledger,
    export: Export,
    indexed: Indexed,
    progress: Callable[[int], None] = lambda _: None,
    *,
    now: datetime,
    clock_is_right: bool = False,
) -> int:
    """Append the events of an export that a ledger lacks; returns how many they were.

    All of them are indexed and checked as an append would, and recorded together or not at all.
    Raises Refused where the ledger is another one, where its events are not the first ones of the
    export, or where one was recorded at a time yet to come, unless ``clock_is_right``; Damaged
    where an event could never have been appended.
    """
    if ledger.id != export.id:
        raise Refused(
            Refusal.OTHER_LEDGER,
            f"The export is of ledger {export.id}, this one is {ledger.id}.",
            "Import it into a new file, with --ledger.",
        )
    try:
        checked_key(export.id)
    except Refused as refused:
        raise Refused(Refusal.BAD_EXPORT, refused.wrong, "No ledger has such an id.") from None
    log = ledger.stored
    try:
        with log.writing():
            fresh = _insert(log, export, indexed, progress)
            for note in export.notes():
                refuse_ahead(sealed_at(note), now, confirmed=clock_is_right)
                log.keep(read_checkpoint(note).size, str(note))
            if fresh:
                refuse_ahead(ledger.last_instant(export.size), now, confirmed=clock_is_right)
    except (PersistenceError, sqlite3.Error) as error:
        if "unique" not in str(error).lower():
            raise ledger.store.error(error, writing=True) from None
        raise Refused(
            Refusal.BAD_EXPORT,
            "Two of its events stand under one key, or at one place of a stream.",
            "No ledger could have written it; ask for the file again.",
        ) from None
    return fresh


def _insert(
    log: Writing,
    export: Export,
    indexed: Indexed,
    progress: Callable[[int], None],
) -> int:
    """Check all events and insert those that are not there; returns how many these are."""
    here = log.frontier().size
    kept, fresh = log.stored_rows(), list[LedgerStoredEvent]()

    def rows() -> Iterator[LedgerStoredEvent]:
        for number, state in enumerate(chain.from_iterable(export.pages()), 1):
            event = read_given(state)
            content = content_digest(event.type, event.data)
            row = LedgerStoredEvent.of(event, state, content)
            if number > here:
                fresh.append(row)
            elif state != _state(next(kept, None), number):
                raise _forked(number)
            if len(fresh) >= _PAGE:
                log.insert_events(fresh)
                fresh.clear()
            yield row

    for position in audited(rows(), export.id, indexed, thinking=log.thinking):
        progress(position)
    log.insert_events(fresh)
    tree = log.frontier()
    if tree.size == export.size and tree.root() != export.claimed_root:
        raise Damaged(NOT_THE_TREE)
    return tree.size - here


def _state(row: LedgerStoredEvent | None, position: int) -> bytes:
    if row is None:
        raise missing(position)
    return row.state


def _forked(number: int) -> Refused:
    return Refused(
        Refusal.LOG_CHANGED,
        f"Event #{number} of the export is not the one recorded here: the history was forked.",
        "Verify both with `stakebook verify`, and import into a new file.",
    )
