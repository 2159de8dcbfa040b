"""Replay: every stored event read again and checked by the rules that once accepted it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import cast

from ledger.application import Ledger
from ledger.envelope import Recorded, content_digest, read_state
from ledger.event import make_event
from ledger.history import Log
from ledger.refusals import Damaged, Refused
from ledger.rules import problems
from ledger.sqlite import LedgerRecorder, LedgerStoredEvent
from ledger.upcasters import upcast


def replayed(ledger: Ledger) -> Iterator[int]:
    """Check the whole log, yielding each position when it has passed.

    Raises Damaged at the first event that is not what an append would have stored.
    """
    return audited(cast(LedgerRecorder, ledger.recorder).stored_rows(), ledger.id)


def audited(rows: Iterable[LedgerStoredEvent], ledger_id: str) -> Iterator[int]:
    """Check rows that make a whole log, yielding each position when it has passed.

    A batch was recorded at one instant, so the instant tells where batches begin and end. Raises
    Damaged at the first event that is not what an append would have stored.
    """
    log, versions, last = Log(), dict[str, int](), ""
    for recorded_at, batch in groupby(
        _checked(rows, ledger_id), key=lambda event: event.recorded_at
    ):
        if recorded_at <= last:
            raise Damaged(
                f"Recorded times fall at {recorded_at}; the log was changed from outside."
            )
        last, events = recorded_at, list(batch)
        for event in events:
            versions[event.originator_id] = versions.get(event.originator_id, 0) + 1
            if event.originator_version != versions[event.originator_id]:
                raise _damaged(event, "its stream has a gap before it.")
        for event, refused in problems(log, events):
            raise _damaged(event, f"the rules refuse it: {refused}")
        for event in events:
            log.add(event)
            yield event.position


def _checked(rows: Iterable[LedgerStoredEvent], ledger_id: str) -> Iterator[Recorded]:
    """Each event after its bytes, columns and fields are compared with what they must be."""
    for stored in rows:
        event = read_state(stored.state)
        if event.state(ledger_id) != stored.state:
            raise _damaged(event, "its bytes are not the canonical bytes of this ledger.")
        columns = (stored.position, stored.originator_id, stored.originator_version, stored.key)
        if columns != (event.position, event.originator_id, event.originator_version, event.key):
            raise _damaged(event, "its columns do not match its bytes.")
        if stored.topic != event.type or stored.content != content_digest(event.type, event.data):
            raise _damaged(event, "its type or content digest does not match its bytes.")
        newest = upcast(event)
        _check_fields(newest)
        yield newest


def _check_fields(event: Recorded) -> None:
    try:
        made = make_event(event.type, event.data)
    except Refused as refused:
        raise _damaged(event, f"it is not a sound event: {refused}") from None
    if made.data != event.data or made.stream.format_map(made.data) != event.originator_id:
        raise _damaged(event, "its fields or stream are not as an append writes them.")
    if made.schema_number != event.schema:
        raise _damaged(event, f"its schema {event.schema} is not known to this release.")


def _damaged(event: Recorded, why: str) -> Damaged:
    return Damaged(f"Event #{event.position} {event.key} ({event.type}) is damaged: {why}")
