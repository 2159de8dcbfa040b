"""Reading events from files: YAML a lawyer can write, and JSON Lines a program writes.

YAML is 1.2 with every scalar read as text, and without aliases, anchors and tags. JSON Lines is
one event a line, strict, with integers allowed where text of digits is meant and floats refused.
Both give drafts with the place (file:line) of each. An item may give defaults instead.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from ledger.events.base import Event
from ledger.events.local import PREFIX, DeclaredEventRecorded, as_recorded
from ledger.events.one_pass import MEMBERS, Said
from ledger.events.upcasters import present_fields
from ledger.events.validation import make_event
from ledger.intake.defaults import NO_DEFAULTS, Defaults, is_header, read_header
from ledger.intake.flat_yaml import flat_items
from ledger.intake.lines import read_lines
from ledger.intake.yaml import DEPTH, parse_yaml
from ledger.storage.input_files import opened
from ledger.values.refusals import Refusal, Refused, shown, unreadable
from ledger.values.text import checked_key

SUFFIXES = (".yaml", ".yml", ".jsonl", ".ndjson")  # of files of events
YAML_BYTES = 10 * 2**20
LINE_BYTES = 10 * 2**20
FILE_BYTES = 2**30
YAML_LINE = 100_000  # bytes; the reader takes time in the square of a line's length
COMMAS = 100_000  # in a line of JSON: what is refused as too long a list is not read first
_LARGEST_INTEGER = 2**53 - 1
_SIGNATURES = {
    b"\x1f\x8b": "gzip", b"%PDF": "PDF", b"\x89PNG": "PNG", b"PK\x03\x04": "zip",
    b"SQLite format": "SQLite", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16",
}  # fmt: skip


class Entry(NamedTuple):
    """One event as read from a file: its place, its key if it gave one, and the event."""

    place: str
    key: str | None
    event: Event | Said


OnRefused = Callable[[Refused, Any], None]  # given what is refused, and the fields it came with


def refuse(refused: Refused, _: Any) -> None:
    """What is done with an event that is refused, unless somebody wants to hear of all of them."""
    raise refused


def read_file(
    path: Path,
    on_refused: OnRefused = refuse,
    defaults: Defaults = NO_DEFAULTS,
    jobs: int = 1,
) -> Iterator[Entry]:
    """The events of a .yaml, .yml, .jsonl, .ndjson or .json file, each with its place.

    ``on_refused`` is given each event that is refused. Refused where a file cannot be read on.
    ``jobs`` says how many processes may read it.
    """
    name = shown(path, 4096)[1:-1]
    try:
        with opened(path) as stream:
            if os.fstat(stream.fileno()).st_size > FILE_BYTES:
                raise _refused(Refusal.TOO_LARGE, "The file is over 1 GiB.", "Split it.", name)
            yield from read_stream(stream, name, path.suffix, on_refused, defaults, jobs)
    except OSError as error:
        raise _refused(
            Refusal.UNREADABLE_FILE,
            f"It cannot be read: {error.strerror}.",
            "Check the name and the permissions.",
            name,
        ) from None


def read_stream(
    stream: BinaryIO,
    name: str,
    suffix: str = "",
    on_refused: OnRefused = refuse,
    defaults: Defaults = NO_DEFAULTS,
    jobs: int = 1,
) -> Iterator[Entry]:
    """The events of a stream; without a telling suffix, a first byte ``{`` means JSON Lines."""
    first = stream.readline(LINE_BYTES + 1).removeprefix(b"\xef\xbb\xbf")
    _refuse_signature(first, name)
    is_json = suffix in (".jsonl", ".ndjson", ".json") or (
        suffix not in (".yaml", ".yml") and first.lstrip().startswith(b"{")
    )
    if is_json and first.lstrip().startswith(b"["):
        raise _refused(
            Refusal.NOT_AN_EVENT,
            "It is a list in JSON, not one event a line.",
            "Convert it: jq -c '.[]' FILE > events.jsonl",
            name,
        )
    lines, items = _read_lines(first, stream, name), _read_yaml(first, stream, name)
    empty = True
    for (item, place), read in read_lines(lines, jobs) if is_json else zip(items, repeat(None)):
        if read and defaults.leave(read[1].type):
            empty = False
            yield Entry(place, *read)
            continue
        fields: Any = None
        try:
            fields = _fields_in(item, place) if is_json else item
            entry = None if is_header(fields) else entry_of(fields, place, defaults)
        except Refused as refused:
            if empty and is_json and refused.refusal is Refusal.SYNTAX:
                raise  # no JSON Lines at all
            empty = False
            on_refused(refused, fields)
            continue
        if entry is None:
            defaults = read_header(fields, place, defaults)
        else:
            empty = False
            yield entry
    if empty:
        raise _refused(Refusal.EMPTY, "There is no event in it.", "Give at least one event.", name)


def _refuse_signature(first: bytes, name: str) -> None:
    """Refuse what begins as files of other kinds do."""
    halved = first[:2].count(0) == 1  # every second byte of ASCII in UTF-16 is zero
    for signature, what in _SIGNATURES.items():
        if first.startswith(signature) or (halved and what == "UTF-16"):
            raise _refused(
                Refusal.ENCODING,
                f"This looks like {what}.",
                "Give YAML or JSON Lines in UTF-8.",
                name,
            )


def read_defaults(path: Path) -> Defaults:
    """The defaults in a YAML file of nothing else, such as ``defaults: {standing: official}``."""
    name = shown(path, 4096)[1:-1]
    try:
        with opened(path) as stream:
            items = list(_read_yaml(stream.readline(), stream, name))
    except OSError as error:
        raise unreadable(name, error) from None
    if len(items) != 1 or not is_header(items[0][0]):
        raise _refused(
            Refusal.BAD_DEFAULTS,
            "It does not give defaults alone.",
            "Write `defaults: {standing: official, known_on: effective}`.",
            name,
        )
    ((item, place),) = items
    return read_header(item, place, NO_DEFAULTS)


def entry_of(fields: Any, place: str, defaults: Defaults = NO_DEFAULTS) -> Entry:
    """The entry in a mapping of a type, an optional key, and the event's fields."""
    try:
        if not isinstance(fields, dict):
            raise _refused(
                Refusal.NOT_AN_EVENT, f"{shown(fields)} is not an event.", "Give fields by name."
            )
        _check_members(fields, "")
        given = dict(fields)
        type_name, key = given.pop("type", None), given.pop("key", None)
        if type_name is None:
            raise Refused(Refusal.MISSING_FIELD, "type is missing.", "Give the type.", "type")
        for name, text in (("type", type_name), ("key", key)):
            if text is not None and not isinstance(text, str):
                wrong = f"{shown(text)} is not one text."
                raise Refused(Refusal.BAD_SHAPE, wrong, "Write it as text, in quotes.", name)
        if key is not None:
            try:
                checked_key(key)
            except Refused as refused:
                raise refused.at("key") from None
        if type_name.startswith(PREFIX):
            type_name, given = DeclaredEventRecorded.type, as_recorded(type_name, given)
        applied = defaults.applied(type_name, dict(present_fields(type_name, given)))
        return Entry(place, key, make_event(type_name, applied))
    except Refused as refused:
        raise refused.at(place) from None


def _check_members(value: dict[Any, Any] | list[Any], place: str) -> None:
    if len(value) > MEMBERS:
        raise _refused(
            Refusal.TOO_LARGE, f"{len(value)} values are given.", f"Give at most {MEMBERS}.", place
        )
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value, 1):
        if isinstance(inner, dict | list):
            _check_members(inner, f"{place}.{name}" if place else str(name)[:60])


def _refused(refusal: Refusal, wrong: str, remedy: str, place: str = "") -> Refused:
    return Refused(refusal, wrong, remedy, place)


def _decode(raw: bytes, place: str, before: int = 0) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(
            Refusal.ENCODING,
            f"Byte {before + error.start + 1} is not UTF-8 (0x{raw[error.start]:02x}).",
            "Save it as UTF-8.",
            place,
        ) from None


# JSON Lines


def _read_lines(first: bytes, stream: BinaryIO, name: str) -> Iterator[tuple[bytes, str]]:
    """The lines with anything in them, each with its place."""
    number, line = 1, first
    while line:
        place = f"{name}:{number}"
        if len(line) > LINE_BYTES:
            raise _refused(Refusal.TOO_LARGE, "The line is over 10 MiB.", "Shorten it.", place)
        if line.strip():
            yield line, place
        number, line = number + 1, stream.readline(LINE_BYTES + 1)


def _fields_in(line: bytes, place: str) -> Any:
    return parse_json(_decode(line, place), place)


def parse_json(text: str, place: str) -> Any:
    """One strict JSON value: no duplicate keys, no floats, integers within 2^53-1 as text."""
    if text.count(",") > COMMAS:
        raise _refused(Refusal.TOO_LARGE, "The line lists too much.", "Split it.", place)
    if text.count("[") + text.count("{") > DEPTH:
        _check_depth(text, place)
    try:
        return _JSON.decode(text.strip("\r\n"))
    except json.JSONDecodeError as error:
        raise _refused(
            Refusal.SYNTAX,
            f"Not JSON at column {error.colno}: {error.msg}.",
            "Write one JSON object a line.",
            place,
        ) from None
    except Refused as refused:
        raise refused.at(place) from None


def _check_depth(text: str, place: str) -> None:
    depth, quoted, escaped = 0, False, False
    for character in text:
        if quoted:
            quoted, escaped = character != '"' or escaped, character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            if depth > DEPTH:
                raise _refused(
                    Refusal.TOO_DEEP, f"Nested deeper than {DEPTH} levels.", "Flatten it.", place
                )
        elif character in "]}":
            depth -= 1


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for n, name in enumerate(names) if name in names[:n])
        raise _refused(Refusal.DUPLICATE_KEY, f"{shown(twice)} is given twice.", "Give it once.")
    return found


def _no_float(text: str) -> Any:
    raise _refused(
        Refusal.BAD_NUMBER, f"{text[:40]} is not exact.", f'Write it in quotes: "{text[:40]}".'
    )


def _integer(text: str) -> str:
    if len(text) > 17 or abs(int(text)) > _LARGEST_INTEGER:
        raise _refused(
            Refusal.BAD_NUMBER,
            f"{text[:40]} is beyond 2^53-1 and may have lost digits.",
            "Write it in quotes.",
        )
    return text


_JSON = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_float=_no_float, parse_int=_integer, parse_constant=_no_float
)


# YAML


def _read_yaml(first: bytes, stream: BinaryIO, name: str) -> Iterator[tuple[Any, str]]:
    """The mappings and listed items of a YAML text, each with its place."""
    raw = first + stream.read(YAML_BYTES + 1 - len(first)) if first else b""
    if len(raw) > YAML_BYTES:
        raise _refused(
            Refusal.TOO_LARGE, "The YAML file is over 10 MiB.", "Split it, or use JSON Lines.", name
        )
    for number, long in enumerate(raw.split(b"\n"), 1):
        if len(long) > YAML_LINE:
            raise _refused(
                Refusal.TOO_LARGE,
                f"The line is over {YAML_LINE} bytes.",
                "Break it, or use JSON Lines.",
                f"{name}:{number}",
            )
    text = _decode(raw, name)
    for item, line in flat_items(text) or parse_yaml(text, name, split=True):
        yield item, f"{name}:{line}"
