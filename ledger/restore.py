"""Restoring a ledger from an audit export: the bytes go back as they are, the rest is derived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import cast

from ledger.application import Ledger
from ledger.audit import Filed, audited
from ledger.envelope import content_digest, read_state
from ledger.evidence import Export
from ledger.refusals import Refusal, Refused
from ledger.sqlite import LedgerRecorder, LedgerStoredEvent
from ledger.tree import Frontier

_PAGE = 1_000


def restore(
    ledger: Ledger,
    export: Export,
    filed: Filed,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Append the events of an export that a ledger lacks; returns how many they were.

    All of them are filed and checked as an append would, and recorded together or not at all.
    Raises Refused where the ledger is another one, or where its events are not the first ones of
    the export; Damaged where an event could never have been appended.
    """
    if ledger.id != export.id:
        raise Refused(
            Refusal.OTHER_LEDGER,
            f"The export is of ledger {export.id}, this one is {ledger.id}.",
            "Import it into a new file, with --ledger.",
        )
    recorder = cast(LedgerRecorder, ledger.recorder)
    with recorder.writing():
        here = recorder.frontier()
        _refuse_fork(here, export)
        fresh: list[LedgerStoredEvent] = []

        def rows() -> Iterator[LedgerStoredEvent]:
            for number, state in enumerate(chain.from_iterable(export.pages()), 1):
                row = _row(state)
                if number > here.size:
                    fresh.append(row)
                if len(fresh) >= _PAGE:
                    recorder.insert_events(fresh)
                    fresh.clear()
                yield row

        for position in audited(rows(), ledger.id, filed):
            progress(position)
        recorder.insert_events(fresh)
        return recorder.frontier().size - here.size


def _refuse_fork(here: Frontier, export: Export) -> None:
    tree = Frontier()
    for leaf in export.leaves():
        if tree.size == here.size:
            break
        tree.add(leaf)
    if tree.size == here.size and tree.root() != here.root():
        raise Refused(
            Refusal.LOG_CHANGED,
            f"The first {here.size} events of the export are not those recorded here: the history"
            " was forked.",
            "Verify both with `stakebook verify`, and import into a new file.",
        )


def _row(state: bytes) -> LedgerStoredEvent:
    event = read_state(state)
    return LedgerStoredEvent(
        originator_id=event.originator_id,
        originator_version=event.originator_version,
        topic=event.type,
        state=state,
        position=event.position,
        key=event.key,
        content=content_digest(event.type, event.data),
    )
