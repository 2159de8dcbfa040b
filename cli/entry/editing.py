"""A recorded event edited as text, and the difference made into what a correction changes."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from cli.yaml_export import lines_of
from ledger.events.introspection import is_many, part_of
from ledger.events.registry import event_class
from ledger.events.validation import make_event
from ledger.intake.yaml import parse_yaml
from ledger.values.refusals import Refusal, Refused, nearest, shown

_HEAD = "# Change values, take lines away or add fields; then save and close.\n"


def editor() -> list[str]:
    """The words of the editor's command, from VISUAL or EDITOR."""
    words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "")
    if not words:
        raise click.UsageError(
            "No editor is named: set VISUAL or EDITOR, such as EDITOR=nano, or use"
            " `stakebook correct EVENT --FIELD VALUE`."
        )
    return words


def text_of(type_name: str, title: str, data: Mapping[str, Any]) -> str:
    """The fields of an event as text to be edited; those that no correction changes as remarks."""
    kept = {name: value for name, value in data.items() if not _fixed(type_name, name)}
    others = {name: value for name, value in data.items() if name not in kept}
    free = [name for name in editable(type_name) if name not in kept]
    remarks = [f"# {line}" for line in lines_of(others)]
    text = "\n".join([f"# {title}", _HEAD.rstrip(), "", *lines_of(kept), "", *remarks])
    return f"{text}\n# May be added: {', '.join(free)}\n"


def edited(text: str) -> str:
    """A text after the editor has closed, bytes that are not UTF-8 kept; refused where the editor
    failed."""
    words = editor()
    with tempfile.TemporaryDirectory(prefix="stakebook-") as folder:
        file = Path(folder, "event.yaml")
        file.write_bytes(text.encode(errors="surrogateescape"))
        try:
            code = subprocess.call([*words, str(file)])
            after = file.read_bytes()
        except OSError as error:
            raise _failed(words, error.strerror or str(error)) from None
    if code:
        raise _failed(words, f"it ended with {code}")
    return after.decode(errors="surrogateescape")


def changes_in(type_name: str, before: Mapping[str, Any], text: str) -> list[dict[str, Any]]:
    """What a correction changes, to make of an event what a text says of it.

    Raises Refused where the text gives no event of the type.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused(Refusal.ENCODING, "The text is not UTF-8.", "Save it as UTF-8.") from None
    found = [item for item, _ in parse_yaml(text, "the text")]
    fields = found[0] if len(found) == 1 else {} if not found else None
    if not isinstance(fields, dict):
        raise Refused(Refusal.BAD_SHAPE, "The text is not fields by name.", "Write `name: value`.")
    known = editable(type_name)
    for name in fields:
        if name not in known:
            raise Refused(
                Refusal.UNKNOWN_FIELD,
                f"{shown(name)} is no field that can be edited here.",
                nearest(name, known) or f"It has {', '.join(known)}.",
            )
    kept = {name: value for name, value in before.items() if _fixed(type_name, name)}
    after = make_event(type_name, {**kept, **fields}).data
    names = [name for name in known if before.get(name) != after.get(name)]
    return [{"field": name} | ({"value": after[name]} if name in after else {}) for name in names]


def editable(type_name: str) -> list[str]:
    """The fields of an event that a correction can change."""
    return [name for name in event_class(type_name).model_fields if not _fixed(type_name, name)]


def _fixed(type_name: str, name: str) -> bool:
    info = event_class(type_name).model_fields[name]
    return part_of(info.annotation) is not None and is_many(info.annotation)


def _failed(words: list[str], why: str) -> click.UsageError:
    return click.UsageError(
        f"The editor {shown(words[0])} failed: {why}. Nothing is recorded. Set VISUAL or EDITOR to"
        " one that works."
    )
