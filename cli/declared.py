"""Commands for the types that a ledger declares itself, made from their declarations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cli.context import looked_up
from cli.naming import Naming
from cli.options import data_of, defaults_in, defaults_option, option_of
from cli.recording import AppendOptions, append_options, append_options_of
from ledger.events.base import Event
from ledger.events.envelope import Recorded
from ledger.events.local import DeclaredEventRecorded, as_recorded
from ledger.events.validation import make_event
from ledger.time.declared import REFERRING, declarations, declared_names
from ledger.values.refusals import Refusal, Refused, nearest, shown, to_run

_WRITTEN_OTHERWISE = ("declared", "values")


def declared_command(
    path: Any, name: str, record: Callable[[Path, Event, AppendOptions], None]
) -> click.Command | None:
    """The command that appends an event of a declared type; None where none is declared."""
    declaration = _newest(path, name) if isinstance(path, Path) and path.is_file() else None
    if declaration is None:
        return None
    cls, fields = DeclaredEventRecorded, declaration.data["fields"]
    own = [option_of(n, cls) for n in cls.model_fields if n not in _WRITTEN_OTHERWISE]

    @click.pass_obj
    def append(path: Path, /, **given: Any) -> None:
        options, defaults = append_options_of(given), defaults_in(given.pop("defaults_file"))
        told = {one["field"]: given.pop(f"declared_{_named(one)}") for one in fields}
        values = {field: value for field, value in told.items() if value is not None}
        data = data_of(cls, given, defaults)
        record(path, make_event(cls.type, as_recorded(name, data | values)), options)

    return click.Command(
        name,
        params=[*map(_option, fields), *own, defaults_option(), *append_options()],
        callback=append,
        help=f"{declaration.data['title'].capitalize()}, a type that this ledger declares:"
        f" {declaration.data['wording']}",
    )


def known_declared(path: Any, name: str) -> None:
    """Refuse a type that the ledger does not declare; without a ledger, opening it says more."""
    if not isinstance(path, Path) or not path.is_file() or _newest(path, name) is not None:
        return
    names = looked_up(path, declared_names)
    raise Refused(
        Refusal.UNKNOWN_TYPE,
        f"No type {shown(name)} is declared in this ledger.",
        f"{nearest(name, names)} Declare it: {to_run('events', 'event-type-declared')}.".strip(),
        "TYPE",
    )


def _newest(path: Path, name: str) -> Recorded | None:
    found = looked_up(path, lambda index: declarations(index, name))
    return found[-1] if found else None


def _named(field: dict[str, str]) -> str:
    return field["field"].replace("-", "_")


def _option(field: dict[str, str]) -> click.Option:
    takes = field["takes"]
    return click.Option(
        [f"--{field['field']}", f"declared_{_named(field)}"],
        type=Naming(takes) if takes in REFERRING else click.STRING,
        help=takes + (" [required]" if field.get("required") == "yes" else ""),
    )
