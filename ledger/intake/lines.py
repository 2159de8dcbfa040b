"""Lines of JSON read in one pass; where there are many, by a process beside this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from ledger.events.one_pass import Said, said_in
from ledger.events.registry import event_class
from ledger.storage import beside
from ledger.values.refusals import Refused

CHUNK = 500_000  # bytes that are told at once
Line = tuple[bytes, str]  # with its place
Read = tuple[str | None, Said] | None  # the key and the event, unless they are left to the gate


def read_lines(lines: Iterator[Line], jobs: int) -> Iterator[tuple[Line, Read]]:
    """Each line with what is read of it in one pass, by at most so many processes."""
    for line in lines if jobs < 2 else islice(lines, beside.MUCH):
        yield line, said_in(line[0])
    failed = list[Refused | OSError]()
    for chunk, told in beside.answered(read_there, _chunks(lines, failed)):
        for line, one in zip(chunk, told, strict=True):
            yield line, one and (one[0], Said(event_class(one[1]), *one[2:]))
    if failed:
        raise failed[0]


def read_there(chunk: Iterable[Line]) -> list[tuple[Any, ...] | None]:
    """What is read of some lines, in plain values."""
    read = (said_in(line) for line, _ in chunk)
    return [one and (one[0], one[1].type, one[1].data, one[1].written) for one in read]


def _chunks(lines: Iterator[Line], failed: list[Refused | OSError]) -> Iterator[list[Line]]:
    """Lines that are told together; what ends them too early is kept for its turn."""
    chunk, size = list[Line](), 0
    try:
        for line in lines:
            chunk.append(line)
            size += len(line[0])
            if size > CHUNK:
                yield chunk
                chunk, size = [], 0
    except (Refused, OSError) as error:
        failed.append(error)
    if chunk:
        yield chunk
