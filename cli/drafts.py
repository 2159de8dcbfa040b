"""Files of events as one batch, to be recorded or supposed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from cli.recording import draft
from ledger.batch import Draft, Misread
from ledger.intake.defaults import NO_DEFAULTS, Defaults
from ledger.intake.event_files import SUFFIXES, Entry, OnRefused, read_file, read_stream
from ledger.values.refusals import Refusal, Refused


class Told(NamedTuple):
    """Events in JSON Lines that a program tells, where others name a file."""

    place: str
    lines: bytes

    def __str__(self) -> str:
        return self.place


def drafts_of(
    files: tuple[str | Told, ...],
    again: bool = False,
    defaults: Defaults = NO_DEFAULTS,
    jobs: int = 1,
) -> Iterator[Draft | Misread]:
    """The items of files, folders and standard input, ready to be appended as one batch."""
    found: list[Misread] = []
    for entry in _entries(files, lambda *wrong: found.append(Misread(*wrong)), defaults, jobs):
        yield from found
        found.clear()
        yield draft(entry, again)
    yield from found


def _entries(
    files: tuple[str | Told, ...], on_refused: OnRefused, defaults: Defaults, jobs: int
) -> Iterator[Entry]:
    for name in files:
        if isinstance(name, Told):
            read = read_stream(BytesIO(name.lines), name.place, ".jsonl", on_refused, defaults)
            yield from _to_the_end(read, on_refused)
            continue
        if name == "-":
            given = sys.stdin.buffer
            entries = read_stream(given, "standard input", "", on_refused, defaults, jobs)
            yield from _to_the_end(entries, on_refused)
            continue
        path = Path(name)
        inside = [path]
        try:
            if path.is_dir():
                inside = sorted(p for p in path.glob("*") if p.suffix in SUFFIXES)
        except (OSError, ValueError) as error:
            raise Refused(
                Refusal.UNREADABLE_FILE,
                f"It cannot be read: {getattr(error, 'strerror', None) or error}.",
                "Check the name.",
                name,
            ) from None
        if not inside:
            raise Refused(
                Refusal.EMPTY, f"{name} holds no .yaml or .jsonl file.", "Name a file of events."
            )
        for one in inside:
            yield from _to_the_end(read_file(one, on_refused, defaults, jobs), on_refused)


def _to_the_end(entries: Iterator[Entry], on_refused: OnRefused) -> Iterator[Entry]:
    """The entries of a file; where it cannot be read on, the others are still read."""
    try:
        yield from entries
    except Refused as refused:
        on_refused(refused, None)
