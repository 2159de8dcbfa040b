"""The audit export: one file of JSON Lines that holds a whole history and what was signed for it.

The first line tells the ledger, how many events follow and the root of the tree over them. Each of
the next lines *is* the stored bytes of one event. Lines of leaf hashes follow, so that an altered
event can be named, and last the checkpoints with their cosignatures, one a line. The file is a
function of the ledger alone: exporting twice, or after an import, gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from ledger.proofs.snapshot import Snapshot, origin_of
from ledger.storage.input_files import opened
from ledger.transparency.signed_notes import Note, decoded_hash, encoded, read_note
from ledger.values.refusals import Refusal, Refused, unreadable

FORMAT = "stakebook-audit-1"
LINE_BYTES = 12 * 2**20
_LEAVES_A_LINE = 1_000
_BLOCK = 2**18  # bytes
_LEAVES, _CHECKPOINT, _DIGEST = b'{"leaves":', b'{"checkpoint":', b'{"sha256":'


class Evidence(Protocol):
    """A history to be verified: a ledger, or an export of one.

    ``size`` and ``root`` are what it says of itself; nothing here is to be trusted yet.
    """

    id: str
    size: int

    @property
    def claimed_root(self) -> bytes: ...

    def pages(self, after: int = 0) -> Iterator[list[bytes]]:
        """The bytes of every event, in order, after a number of them, some at a time."""

    def leaves(self) -> Iterator[bytes]:
        """The leaf hashes said to be those of the events."""

    def differing(self) -> Iterator[tuple[str, str]] | None:
        """Where what is kept beside the events is not what they say, and how; None where nothing
        is kept."""

    def notes(self) -> list[Note]:
        """The checkpoints, by size."""

    def place(self, number: int) -> str:
        """Where the event of a number stands, in words."""


def write_export(
    snapshot: Snapshot, stream: BinaryIO, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Write everything that a snapshot holds."""
    digest = sha256()

    def write(value: object) -> None:
        line = _line(value)
        digest.update(line)
        stream.write(line)

    write(
        {
            "events": snapshot.size,
            "format": FORMAT,
            "ledger": snapshot.id,
            "origin": snapshot.origin,
            "root": encoded(snapshot.claimed_root),
        }
    )
    done = 0
    for page in snapshot.valid_pages():
        stream.write(b"\n".join(page) + b"\n")
        progress(done := done + len(page))
    leaves = snapshot.leaves()
    while some := [encoded(leaf) for leaf in islice(leaves, _LEAVES_A_LINE)]:
        write({"leaves": some})
    for note in snapshot.notes():
        write({"checkpoint": str(note)})
    stream.write(_line({"sha256": encoded(digest.digest())}))


class Export:
    """An audit export in a file.

    Raises Refused where the file is none, cannot be read, or is damaged outside of its events.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with opened(path) as stream:
                first = stream.readline(LINE_BYTES)
                self._header(first)
                self._start = stream.tell()
                self._stop = self._find_stop(stream)
        except OSError as error:
            raise unreadable(path, error) from None
        self._notes = self._check_tail(first)

    @property
    def claimed_root(self) -> bytes:
        return self._root

    def pages(self, after: int = 0) -> Iterator[list[bytes]]:
        with self._path.open("rb") as stream:
            at, skip = stream.seek(self._start), after
            while at < self._stop:
                block = stream.read(min(_BLOCK, self._stop - at))
                if block[-1:] != b"\n":
                    block += stream.readline(LINE_BYTES)
                at += len(block)
                if block[-1:] != b"\n":
                    raise self._refused("A line is over 12 MiB.")
                page = block[:-1].split(b"\n")
                yield page[skip:]
                skip = max(0, skip - len(page))

    def leaves(self) -> Iterator[bytes]:
        for line in self._tail():
            if not line.startswith(_LEAVES):
                return
            yield from map(decoded_hash, self._value(line, "leaves", list))

    def differing(self) -> None:
        return None

    def notes(self) -> list[Note]:
        return self._notes

    def place(self, number: int) -> str:
        return f"line {number + 1} of {self._path}"

    def _header(self, line: bytes) -> None:
        try:
            header = json.loads(line)
            if header["format"] != FORMAT:
                raise ValueError("another format")
            self.id, self.size = str(header["ledger"]), header["events"]
            if type(self.size) is not int or self.size < 0:
                raise ValueError("not a number of events")
            self._root = decoded_hash(header["root"])
            if _line(header) != line or header["origin"] != origin_of(self.id):
                raise ValueError("another way to write it")
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._refused("Its first line is not that of an audit export.") from None

    def _find_stop(self, stream: BinaryIO) -> int:
        """Where the events end: the first of the lines that only come after them."""
        with mmap(stream.fileno(), 0, access=ACCESS_READ) as whole:
            stop = len(whole)
            if whole[-1:] != b"\n":
                raise self._refused("Its last line is cut off.")
            while stop > self._start:
                line = whole.rfind(b"\n", 0, stop - 1) + 1
                if not whole[line : line + 16].startswith((_LEAVES, _CHECKPOINT, _DIGEST)):
                    break
                stop = line
            return stop

    def _check_tail(self, first: bytes) -> list[Note]:
        """Read what comes after the events, and compare its digest; the checkpoints in it."""
        notes: list[Note] = []
        digest, order, last = sha256(first), [_LEAVES, _CHECKPOINT, _DIGEST], b""
        for last in self._tail():
            while order and not last.startswith(order[0]):
                order.pop(0)
            if not order:
                raise self._refused("The lines after its events are not in order.")
            if order[0] == _DIGEST:
                order.clear()  # nothing may follow
                continue
            if order[0] == _CHECKPOINT:
                try:
                    notes.append(read_note(self._value(last, "checkpoint", str)))
                except Refused as refused:
                    raise refused.at(str(self._path)) from None
            digest.update(last + b"\n")
        if last + b"\n" != _line({"sha256": encoded(digest.digest())}):
            raise self._refused("Its digest does not fit its header, leaf hashes and checkpoints.")
        return notes

    def _tail(self) -> Iterator[bytes]:
        """The lines after the events, without their ends."""
        with self._path.open("rb") as stream:
            stream.seek(self._stop)
            while line := stream.readline(LINE_BYTES):
                if line[-1:] != b"\n":
                    raise self._refused("A line is over 12 MiB.")
                yield line[:-1]

    def _value(self, line: bytes, name: str, kind: type) -> Any:
        try:
            value = json.loads(line)[name]
            if not isinstance(value, kind) or _line({name: value}) != line + b"\n":
                raise ValueError("another way to write it")
        except (ValueError, KeyError, TypeError, RecursionError):
            raise self._refused(f"A line of its {name} is not as an export writes it.") from None
        return value

    def _refused(self, wrong: str) -> Refused:
        return Refused(
            Refusal.BAD_EXPORT,
            f"{self._path} is no whole audit export. {wrong}",
            "Ask for the file again; `stakebook export --audit FILE` writes it.",
        )


def _line(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"
