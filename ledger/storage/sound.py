"""Rows of the log that are surely as an append wrote them, found by comparing bytes.

What is written anew from validated data and from the columns must be the stored bytes. Of what
differs in anything nothing is said here: replay looks at it closely, and words the damage.
"""

from __future__ import annotations

import re

from ledger.events.envelope import Recorded, digest_of, enveloped
from ledger.events.one_pass import Said, said_by
from ledger.storage.sqlite import LedgerStoredEvent
from ledger.values.dates import parse_stored
from ledger.values.text import checked_key

_DATA = len(b'{"data":')
_GIVEN = re.compile(  # by the store, and in no column
    rb',"id":"([^"\\]+)","key":.*"recorded_at":"([^"\\]+)","schema":([1-9][0-9]{0,3}),"stream":'
)


def sound(stored: LedgerStoredEvent, ledger_id: str) -> Recorded | None:
    """The event in a row, where all of it is as an append would write it in the newest schema."""
    state = stored.state
    end = state.rfind(b',"id":"')
    given, said = _GIVEN.match(state, end), said_by(stored.topic, state[_DATA:end])
    if given is None or said is None:
        return None
    try:
        return _compared(stored, ledger_id, said, *(part.decode() for part in given.groups()))
    except (ValueError, TypeError):
        return None


def _compared(
    stored: LedgerStoredEvent, ledger_id: str, said: Said, id: str, recorded_at: str, schema: str
) -> Recorded | None:
    """The event, if its bytes are those written of its columns; ValueError for an odd one."""
    stream, version = str(stored.originator_id), stored.originator_version
    told = stored.position, stream, version, id, stored.key, said.type, int(schema), recorded_at
    checked_key(id)
    checked_key(stored.key)
    parse_stored(recorded_at)
    agree = (
        enveloped(ledger_id, said.written, *told) == stored.state
        and min(stored.position, version) >= 1
        and said.schema_number == int(schema)
        and said.stream.format_map(said.data) == stream
        and digest_of(said.type, said.written) == stored.content
    )
    return Recorded(*told, said.data, stored.state) if agree else None
