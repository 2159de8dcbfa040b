"""Batches of events that are kept instead of recorded, and files of them for another day."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from cli.hints import say_next
from cli.output import output
from cli.render import write_json
from cli.safe_text import safe
from ledger.batch import Draft, Misread
from ledger.events.envelope import canonical
from ledger.values.refusals import Refusal, Refused, all_of, to_run
from projections.told import how_many


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
