"""The history as YAML that `append --file` reads: a folder of files that only grow.

An event is written the same way wherever and whenever it is exported, and a full file is never
written again, so that comparing two exports shows exactly what was recorded between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count, takewhile
from pathlib import Path
from typing import Any

from cli.context import OpenedLedger, progress
from ledger.events.envelope import Recorded
from ledger.events.upcasters import upcast
from ledger.intake.event_files import SUFFIXES, YAML_BYTES
from ledger.storage.atomic_file import create
from ledger.storage.files import file_error
from ledger.time.history import known_when_recorded
from ledger.values.refusals import Refusal, Refused, shown

EVENTS = 1_000  # in a full file, unless so many do not fit
_PLAIN = re.compile(r"""[^\s,\[\]{}#&*!|>'"%@`?:-]([^:#]|:(?! |$)|(?<! )#)*""")
_WORDS = frozenset(["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"])


def export_yaml(ledger: Path, folder: Path) -> dict[str, Any]:
    """Write every event into a folder, which is made if need be; says what was written and lost.

    Raises Refused where the folder has files of events that are not the beginning of these.
    """
    known_anew = number = 0

    def counted(events: Iterable[Recorded]) -> Iterator[Recorded]:
        nonlocal known_anew, number
        for event in events:
            known_anew += known_when_recorded(event)
            number += 1
            advance(number)
            yield event

    with OpenedLedger(ledger, "ro") as opened:
        size = opened.ledger.peek().position
        with progress("exporting", size) as advance:
            log = takewhile(lambda event: event.position <= size, opened.ledger.events_after(0))
            try:
                written = _written(folder, pages(counted(map(upcast, log))))
            except OSError as error:
                raise file_error(folder, error) from None
    return {"folder": str(folder), "events": number, **written, "known_anew": known_anew}


def not_carried(exported: Mapping[str, Any]) -> Iterator[str]:
    """What an export leaves out, in sentences."""
    yield (
        "Not carried: ids, times of recording, borders of batches, seals. In a ledger made of these"
        " files --recorded-by counts from the day they are appended; `stakebook export --audit`"
        " carries everything."
    )
    if number := exported["known_anew"]:
        events = "1 event names" if number == 1 else f"{number:,} events name"
        yield (
            f"{events} neither source nor known_on: known from the day of recording alone, and in a"
            " ledger made of these files from the day they are appended."
        )


def pages(events: Iterable[Recorded]) -> Iterator[bytes]:
    """What the files hold, one after another: up to so many events each as their reader takes."""
    page, size = list[bytes](), 0
    for event in events:
        text = written(event)
        if len(text) > YAML_BYTES:
            raise Refused(
                Refusal.TOO_LARGE,
                f"Event {shown(event.key)} does not fit into a file of YAML.",
                "Export it with --audit.",
            )
        if len(page) == EVENTS or size + len(text) > YAML_BYTES:
            yield b"".join(page)
            page, size = [], 0
        page.append(text)
        size += len(text)
    if page:
        yield b"".join(page)


def lines_of(fields: Mapping[str, Any]) -> list[str]:
    """Fields by name, as lines of YAML."""
    return list(_mapping(fields, ""))


def written(event: Recorded) -> bytes:
    """One event as an item of a YAML list: its type, its key, its fields by name."""
    return item(event.type, event.key, event.data)


def item(type_name: str, key: str, data: Mapping[str, Any]) -> bytes:
    """An event of a type, under a key, as an item of a YAML list."""
    fields = {"type": type_name, "key": key, **dict(sorted(data.items()))}
    return "\n".join([*_item(fields, ""), "", ""]).encode()


def _item(value: Any, indent: str) -> Iterator[str]:
    """The lines of an item of a list, the first with its mark."""
    if not isinstance(value, Mapping):
        yield f"{indent}- {_scalar(value)}"
        return
    first, *others = _mapping(value, f"{indent}  ")
    yield f"{indent}- {first[len(indent) + 2 :]}"
    yield from others


def _mapping(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, inner in value.items():
        if isinstance(inner, list):
            yield f"{indent}{name}:"
            for item in inner:
                yield from _item(item, f"{indent}  ")
        else:
            yield f"{indent}{name}: {_scalar(inner)}"


def _scalar(text: str) -> str:
    """A text as any reader of YAML takes it, in quotes only where it would be something else."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else "'" + text.replace("'", "''") + "'"


def _written(folder: Path, files: Iterable[bytes]) -> dict[str, Any]:
    """Write files that are missing or have grown; how many there are, and the names of those."""
    folder.mkdir(parents=True, exist_ok=True)
    there, found = _exported(folder), list[str]()
    number = 0
    for number, content in enumerate(files, 1):
        path = folder / _name(number)
        before = path.read_bytes() if number <= there else None
        if before == content:
            continue
        if before is not None and (number < there or not content.startswith(before)):
            raise _other(path)
        create(path, content, replace=True)
        found.append(path.name)
    if there > number:
        raise _other(folder / _name(number + 1))
    return {"files": number, "written": found}


def _exported(folder: Path) -> int:
    """How many files of an earlier export are in a folder; Refused where it has other events."""
    names = {path.name for path in folder.iterdir() if path.suffix in SUFFIXES}
    there = next(number for number in count() if _name(number + 1) not in names)
    for name in sorted(names - {_name(number + 1) for number in range(there)}):
        raise _other(folder / name)
    return there


def _other(path: Path) -> Refused:
    return Refused(
        Refusal.FILE_EXISTS,
        f"{path} is not of an export of what this ledger holds.",
        "Name another folder: `append --file` reads every file of events in it.",
    )


def _name(number: int) -> str:
    return f"{number:06}.yaml"
