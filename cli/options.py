"""Options of the command line made from the fields of an event class, and back."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from cli.context import OpenedLedger, day_named
from cli.naming import PARTY, SUBJECT, Naming
from ledger.events.base import Event
from ledger.events.fields import Kind, Part
from ledger.events.introspection import choices_of, is_many, kind_of, part_of
from ledger.intake.defaults import NO_DEFAULTS, TODAY, Defaults
from ledger.intake.event_files import parse_json, read_defaults
from ledger.values.refusals import Refusal, Refused


def options_of(cls: type[Event]) -> list[click.Parameter]:
    """One option for each field of an event class, the type's own fields first."""
    common = list(Event.model_fields)
    ordered = sorted(cls.model_fields, key=lambda name: (name in common, _place(name, common)))
    return [option_of(name, cls) for name in ordered]


def data_of(
    cls: type[Event], given: Mapping[str, Any], defaults: Defaults = NO_DEFAULTS
) -> dict[str, Any]:
    """The event's data from option values, completed by defaults."""
    data: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or value == ():
            continue
        info = cls.model_fields[name]
        part, kind = part_of(info.annotation), kind_of(info)
        if kind is not None and kind.is_date and (name, value) != ("known_on", TODAY):
            value = day_named(value)
        data[name] = [_part(name, part, item) for item in value] if part else value
    return defaults.applied(cls.type, data)


def missing(cls: type[Event], data: Mapping[str, Any]) -> bool:
    """Whether a field is missing without which there is no event."""
    return any(info.is_required() and n not in data for n, info in cls.model_fields.items())


def defaults_option() -> click.Option:
    """--defaults"""
    return click.Option(
        ["--defaults", "defaults_file"],
        metavar="FILE",
        envvar="STAKEBOOK_DEFAULTS",
        help="YAML of `defaults: {...}` for all that is recorded; also from STAKEBOOK_DEFAULTS.",
    )


def defaults_in(file: str | None) -> Defaults:
    """The defaults in a file, if one is named."""
    return read_defaults(Path(file)) if file else NO_DEFAULTS


def completing(defaults: Defaults, opened: OpenedLedger) -> Defaults:
    """Defaults that complete an exercise from the grants of a ledger."""
    from ledger.intake.completion import Completion

    return defaults._replace(complete=Completion(lambda: opened.index))


def words_of(cls: type[Event], data: Mapping[str, Any]) -> list[str]:
    """Command line words that give the data of an event of a class."""
    words: list[str] = []
    for name, value in data.items():
        option = f"--{name.replace('_', '-')}"
        for item in value if isinstance(value, list | tuple) else (value,):
            words += [option, shlex.quote(_word(part_of(cls.model_fields[name].annotation), item))]
    return words


def _place(name: str, common: list[str]) -> int:
    return common.index(name) if name in common else -1


def option_of(name: str, cls: type[Event]) -> click.Option:
    """The option for one field of an event class."""
    info = cls.model_fields[name]
    part = part_of(info.annotation)
    required = " [required]" if info.is_required() else ""
    return click.Option(
        [f"--{name.replace('_', '-')}", name],
        type=_type_of(kind_of(info)),
        multiple=is_many(info.annotation),
        metavar=_metavar(part) if part else None,
        help=_hint(name, cls) + required,
    )


def _type_of(kind: Kind | None) -> click.ParamType[str]:
    """How the value of a field is read: a name may stand for the id of what is recorded."""
    if kind is None or not kind.refers or kind.introduces or kind.refers == "event":
        return click.STRING
    return {"party": PARTY, "issuer": PARTY, "subject": SUBJECT}.get(
        kind.refers, Naming(kind.refers)
    )


def _hint(name: str, cls: type[Event]) -> str:
    info = cls.model_fields[name]
    choices, kind, part = choices_of(info.annotation), kind_of(info), part_of(info.annotation)
    if part is not None:
        fields = ", ".join(part.model_fields)
        return "one word; repeatable." if part.separator else f"JSON of {fields}; repeatable."
    hint = ", ".join(choices) if choices else kind.hint if kind else "text"
    hint += ", effective or today" if name == "known_on" else ""
    default = f" [{info.default}]" if isinstance(info.default, str) else ""
    return hint + ("; repeatable." if is_many(info.annotation) else ".") + default


def _metavar(part: type[Part]) -> str:
    """How a part is written: SOURCE[:LOCATOR], or JSON."""
    first, *others = (name.upper() for name in part.model_fields)
    return f"{first}[{part.separator}{others[0]}]" if part.separator else "JSON"


def _word(part: type[Part] | None, item: Any) -> str:
    """A value as one word of the command line."""
    if part is None:
        return str(item)
    words = [item[name] for name in [*part.model_fields][:2] if name in item]
    if part.separator and len(words) == len(item) and all(isinstance(w, str) for w in words):
        return part.separator.join(words)
    return json.dumps(item, ensure_ascii=False)


def _part(name: str, part: type[Part], given: str) -> Any:
    """A part from one word: its fields with a separator between them, or JSON."""
    if part.separator and not given.startswith("{"):
        return part.of_word(given)
    value = parse_json(given, name)
    if not isinstance(value, dict):
        fields = ", ".join(part.model_fields)
        raise Refused(Refusal.BAD_SHAPE, f"It takes {fields}.", "Write JSON.", name)
    return value
