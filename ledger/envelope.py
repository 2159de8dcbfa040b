"""The event as stored: canonical bytes with the ledger's id, the position and the event."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.refusals import Damaged

ENVELOPE_VERSION = 1
_WRITER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event of the log. ``data`` is read from the stored bytes and must not be changed.

    ``originator_id`` (the stream) and ``originator_version`` (from 1, gapless in the stream) carry
    the names the eventsourcing library asks for.
    """

    position: int
    originator_id: str
    originator_version: int
    id: str
    key: str
    type: str
    schema: int
    recorded_at: str
    data: Mapping[str, Any]
    raw: bytes = field(default=b"", compare=False, repr=False)  # as stored, where it was read

    def state(self, ledger_id: str) -> bytes:
        """The canonical bytes (RFC 8785) that are stored, and never re-encoded after."""
        return self.written(ledger_id)[0]

    def written(self, ledger_id: str) -> tuple[bytes, bytes]:
        """The canonical bytes that are stored, and the digest of what they say."""
        data = canonical(self.data)
        rest = canonical(
            {
                "v": ENVELOPE_VERSION,
                "ledger": ledger_id,
                "position": self.position,
                "stream": self.originator_id,
                "version": self.originator_version,
                "id": self.id,
                "key": self.key,
                "type": self.type,
                "schema": self.schema,
                "recorded_at": self.recorded_at,
            }
        )
        return b'{"data":%b,%b' % (data, rest[1:]), _digest(self.type, data)


def read_state(state: bytes | str) -> Recorded:
    """The recorded event in stored bytes; Damaged where they are no known envelope."""
    try:
        envelope = json.loads(state)
        if envelope["v"] != ENVELOPE_VERSION:
            raise Damaged(
                f"An event is stored in envelope version {envelope['v']}, which this release does "
                "not know. Use a newer stakebook."
            )
        return Recorded(
            position=envelope["position"],
            originator_id=envelope["stream"],
            originator_version=envelope["version"],
            id=envelope["id"],
            key=envelope["key"],
            type=envelope["type"],
            schema=envelope["schema"],
            recorded_at=envelope["recorded_at"],
            data=envelope["data"],
            raw=state if isinstance(state, bytes) else state.encode(),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Damaged(
            f"A stored event cannot be read ({error!r}). Run `stakebook replay`."
        ) from None


def content_digest(type_name: str, data: Mapping[str, Any]) -> bytes:
    """SHA-256 of what an event says, apart from when, where and under which key it was recorded."""
    return _digest(type_name, canonical(data))


def canonical(value: Mapping[str, Any]) -> bytes:
    """The canonical bytes (RFC 8785) of an object whose names are ASCII, as those of fields are.

    Such names sort the same as text and in UTF-16, so that the plain writer, told to sort and to
    leave out spaces, writes what the RFC asks. ValueError where text is not Unicode.
    """
    return _WRITER.encode(value).encode()


def is_canonical(value: Mapping[str, Any], written: bytes) -> bool:
    """Whether bytes are the canonical ones of the object that was read from them, floats apart."""
    if written.isascii():
        return canonical(value) == written
    import rfc8785  # whoever wrote them may have chosen any names

    return rfc8785.dumps(dict(value)) == written


def _digest(type_name: str, data: bytes) -> bytes:
    return hashlib.sha256(b'{"data":%b,%b' % (data, canonical({"type": type_name})[1:])).digest()
