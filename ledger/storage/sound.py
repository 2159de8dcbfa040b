"""Rows of the log that are surely as an append wrote them, found by comparing bytes.

What is written anew from validated data and from the columns must be the stored bytes. Of what
differs in anything nothing is said here: replay looks at it closely, and words the damage.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

from ledger.events.actor import is_actor
from ledger.events.envelope import Recorded, canonical, digest_of, enveloped, head_of_data
from ledger.events.one_pass import Said, said_by
from ledger.storage import beside
from ledger.storage.log_rows import in_order
from ledger.storage.opening import store_at
from ledger.storage.server import Place, place_of
from ledger.storage.stored_log import StoredLog
from ledger.storage.writing import LedgerStoredEvent, Writing
from ledger.values.dates import parse_stored
from ledger.values.refusals import StakebookError
from ledger.values.text import checked_key

_PAGE = 1_000
_GIVEN = re.compile(  # by the store, and in no column
    rb',"id":"([^"\\]+)","key":.*"recorded_at":"([^"\\]+)","schema":([1-9][0-9]{0,3}),"stream":'
)


def sound_rows(
    log: Writing, path: Place, size: int, jobs: int
) -> Iterator[LedgerStoredEvent | Recorded]:
    """The first rows of a log in order, by at most so many processes; of those that are found sound
    beside this one, the events. Damaged where a row is missing or unsound."""
    here = 0 if jobs > 1 and size > beside.MUCH else size
    yield from islice(log.stored_rows(), here)
    ranges = ((str(path), log.ledger_id, done, _PAGE) for done in range(here, size, _PAGE))
    for (_, _, done, _), found in beside.answered(sound_there, ranges):
        page = min(_PAGE, size - done)
        if len(found) < page or None in found:  # whatever is wrong is found again here
            yield from islice(log.stored_rows(done), page)
        else:
            yield from (Recorded(*told) for told in found[:page])


def sound_there(asked: tuple[str, str, int, int]) -> list[tuple[Any, ...] | None]:
    """The sound events of a log after a position, in plain values, as far as rows can be read."""
    path, ledger_id, done, page = asked
    found = list[tuple[Any, ...] | None]()
    try:
        for row in in_order(_reading(path).rows(done, page), ledger_id, done):
            event = sound(LedgerStoredEvent.stored(row), ledger_id)
            found.append(None if event is None else _plain(event))
    except (StakebookError, ValueError):
        found.append(None)
    return found


@cache
def _reading(path: str) -> StoredLog:
    return store_at(place_of(path)).reading()


def _plain(event: Recorded) -> tuple[Any, ...]:
    return (
        event.position, event.originator_id, event.originator_version, event.id, event.key,
        event.type, event.schema, event.recorded_at, event.data, event.raw, None, False,
        event.actor,
    )  # fmt: skip


def sound(stored: LedgerStoredEvent, ledger_id: str) -> Recorded | None:
    """The event in a row, where all of it is as an append would write it in the newest schema."""
    state = stored.state
    end = state.rfind(b',"id":"')
    written, begin = head_of_data(state)
    given, said = _GIVEN.match(state, end), said_by(stored.topic, state[begin:end])
    if given is None or said is None:
        return None
    try:
        id, recorded_at, schema = (part.decode() for part in given.groups())
        actor = json.loads(written) if written else None
        return _compared(stored, ledger_id, said, id, recorded_at, schema, actor)
    except (ValueError, TypeError):
        return None


def _compared(
    stored: LedgerStoredEvent,
    ledger_id: str,
    said: Said,
    id: str,
    recorded_at: str,
    schema: str,
    actor: dict[str, str] | None,
) -> Recorded | None:
    """The event, if its bytes are those written of its columns; ValueError for an odd one."""
    stream, version = str(stored.originator_id), stored.originator_version
    told = stored.position, stream, version, id, stored.key, said.type, int(schema), recorded_at
    if actor is not None and not is_actor(actor):
        return None
    checked_key(id)
    checked_key(stored.key)
    parse_stored(recorded_at)
    agree = (
        enveloped(ledger_id, said.written, *told, canonical(actor) if actor else b"")
        == stored.state
        and min(stored.position, version) >= 1
        and said.schema_number == int(schema)
        and said.stream.format_map(said.data) == stream
        and digest_of(said.type, said.written) == stored.content
    )
    return Recorded(*told, said.data, stored.state, actor=actor) if agree else None
