"""Files of events as one batch, to be recorded, supposed, or kept for later."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import click

from cli.hints import say_next
from cli.output import output
from cli.recording import draft
from cli.render import write_json
from cli.safe_text import safe
from ledger.batch import Draft, Misread
from ledger.events.envelope import canonical
from ledger.intake.defaults import NO_DEFAULTS, Defaults
from ledger.intake.event_files import SUFFIXES, Entry, OnRefused, read_file, read_stream
from ledger.values.refusals import Refusal, Refused, all_of, to_run
from projections.told import how_many


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


def sound(items: Iterable[Draft | Misread]) -> Iterator[Draft]:
    """The events of a batch; Refused at the end for all of it that is no event."""
    wrong, keys = list[Refused](), set[str]()
    for item in items:
        if isinstance(item, Misread):
            wrong += item.refused.each()
        elif item.key in keys:
            wrong.append(_twice(item))
        else:
            keys.add(item.key)
            yield item
    if wrong:
        raise all_of(wrong)


def _twice(item: Draft) -> Refused:
    return Refused(
        Refusal.KEY_REUSED,
        f"The key {item.key} stands twice in the batch.",
        "Give each event a key of its own.",
        item.place,
    )


def save(path: Path, items: Iterable[Draft | Misread], as_json: bool) -> None:
    """Write a batch with its keys to a file of JSON Lines, so that it can be appended later, and
    again."""
    if path.suffix != ".jsonl":
        raise click.UsageError("--save writes JSON Lines: name a file that ends in .jsonl.")
    count = 0
    with output(path) as stream:
        for item in sound(items):
            told = {"type": item.event.type, "key": item.key} | json.loads(item.event.written)
            stream.write(canonical(told) + b"\n")
            count += 1
    if as_json:
        write_json({"saved": str(path), "events": count})
        return
    click.echo(f"Saved {how_many(count, 'event')} in {safe(str(path))}. Nothing is recorded yet.")
    say_next(f"{to_run('append', '--file', str(path))} records {'it' if count == 1 else 'them'}.")
