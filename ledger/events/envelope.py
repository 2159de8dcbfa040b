"""The event as stored: canonical bytes with the ledger's id, the position and the event."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any

from ledger.values.refusals import Damaged

ENVELOPE_VERSION = 1
WITH_ACTOR = 2  # the version of an envelope that says who recorded the event
_FIRST = b'{"data":'  # what the bytes of an event without an actor begin with
_ACTOR = re.compile(rb'\{"actor":(\{(?:[^"{}\\]|"(?:[^"\\]|\\.)*")*\}),("data":)')
_WRITER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
_text = encode_basestring  # a text as that writer has it; TypeError for anything else


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
    before: int | None = field(default=None, compare=False)  # the schema that is stored, if older
    supposed: bool = field(default=False, compare=False)  # in one answer, and recorded nowhere
    actor: Mapping[str, str] | None = None  # who recorded it, where the ledger keeps that

    @property
    def place(self) -> int | None:
        """The position in the log; None for what is only supposed."""
        return None if self.supposed else self.position

    @property
    def name(self) -> str:
        """How people name it: ``#12``; by its key where it has no place."""
        return self.key if self.supposed else f"#{self.position}"

    def state(self, ledger_id: str) -> bytes:
        """The canonical bytes (RFC 8785) that are stored, and never re-encoded after."""
        return self.written(ledger_id)[0]

    def written(self, ledger_id: str) -> tuple[bytes, bytes]:
        """The canonical bytes that are stored, and the digest of what they say."""
        data = canonical(self.data)
        state = enveloped(
            ledger_id, data, self.position, self.originator_id, self.originator_version, self.id,
            self.key, self.type, self.schema, self.recorded_at,
            canonical(self.actor) if self.actor else b"",
        )  # fmt: skip
        return state, digest_of(self.type, data)


def enveloped(
    ledger_id: str,
    data: bytes,
    position: int,
    stream: str,
    version: int,
    id: str,
    key: str,
    type: str,
    schema: int,
    recorded_at: str,
    actor: bytes = b"",
) -> bytes:
    """The canonical bytes of an event, around those of what it says and of who recorded it.

    The names of the envelope are written in the order in which RFC 8785 sorts them.
    """
    rest = (
        f',"id":{_text(id)},"key":{_text(key)},"ledger":{_text(ledger_id)}'
        f',"position":{position:d},"recorded_at":{_text(recorded_at)}'
        f',"schema":{schema:d},"stream":{_text(stream)}'
        f',"type":{_text(type)},"v":{WITH_ACTOR if actor else ENVELOPE_VERSION}'
        f',"version":{version:d}}}'
    )
    if actor:
        return b'{"actor":%b,"data":%b%b' % (actor, data, rest.encode())
    return b'{"data":%b%b' % (data, rest.encode())


def head_of_data(state: bytes) -> tuple[bytes, int]:
    """The bytes of the actor that an event's bytes begin with, and where its data begin after."""
    if state.startswith(_FIRST):
        return b"", len(_FIRST)
    found = _ACTOR.match(state)
    return (found[1], found.end()) if found else (b"", len(_FIRST))


def read_state(state: bytes | str) -> Recorded:
    """The recorded event in stored bytes; Damaged where they are no known envelope."""
    try:
        envelope = json.loads(state if isinstance(state, str) else state.decode())
        version = envelope["v"]
        if version not in (ENVELOPE_VERSION, WITH_ACTOR):
            raise Damaged(
                f"An event is stored in envelope version {version}, which this release does "
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
            actor=envelope["actor"] if version == WITH_ACTOR else None,
        )
    except KeyError as error:
        raise Damaged(
            f"A stored event lacks its {error.args[0]}. Run `stakebook replay`."
        ) from None
    except (ValueError, TypeError, RecursionError):
        raise Damaged("A stored event is not readable JSON. Run `stakebook replay`.") from None


def content_digest(type_name: str, data: Mapping[str, Any]) -> bytes:
    """SHA-256 of what an event says, apart from when, where and under which key it was recorded."""
    return digest_of(type_name, canonical(data))


def digest_in(state: bytes, type_name: str) -> bytes:
    """The same of an event's bytes: the id follows its data."""
    return digest_of(type_name, state[head_of_data(state)[1] : state.rindex(b',"id":"')])


def canonical(value: Mapping[str, Any]) -> bytes:
    """The canonical bytes (RFC 8785) of an object whose names are ASCII, as those of fields are.

    Such names sort the same as text and in UTF-16, so that the plain writer, told to sort and to
    leave out spaces, writes what the RFC asks, four times faster than ``rfc8785``, which judges the
    bytes of others. ValueError where text is not Unicode.
    """
    return _WRITER.encode(value).encode()


def is_canonical(value: Mapping[str, Any], written: bytes) -> bool:
    """Whether bytes are the canonical ones of the object that was read from them, floats apart."""
    if written.isascii():
        return canonical(value) == written
    import rfc8785  # whoever wrote them may have chosen any names

    return rfc8785.dumps(dict(value)) == written


def digest_of(type_name: str, data: bytes) -> bytes:
    """The same of canonical bytes."""
    from hashlib import sha256  # slow to load, and no question needs it

    return sha256(b'{"data":%b,"type":%b}' % (data, _text(type_name).encode())).digest()
