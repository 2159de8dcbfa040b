"""stakebook events"""

from __future__ import annotations

import click

from cli.context import format_option
from cli.page import pager_option, write
from cli.render import write_json
from cli.screen import Block, Column, Line, Screen
from ledger.events.introspection import choices_of, is_many, kind_of, part_of
from ledger.events.registry import event_class, event_types


@click.command("events")
@click.argument("type_name", metavar="[TYPE]", required=False)
@format_option
@pager_option
def command(type_name: str | None, form: str, paged: bool) -> None:
    """The catalogue of event types; with TYPE, the fields of one.

    \b
    Example:
      stakebook events
      stakebook events shares-transferred
    """
    chosen = {type_name: event_class(type_name)} if type_name else event_types()
    if form == "json":
        write_json({name: _described(name) for name in chosen})
    elif form == "csv":
        click.echo("\n".join(chosen))
    elif form == "markdown":
        click.echo(catalogue(list(chosen)), nl=False)
    elif type_name:
        summary, _, more = (event_class(type_name).__doc__ or "").partition("\n")
        notes = [" ".join(part.split()) for part in more.split("\n\n") if part.strip()]
        lines = [Line((r["field"], r["required"], r["takes"])) for r in _fields(type_name)]
        block = Block((Column("field"), Column("required"), Column("takes", wrap=True)), lines)
        write(Screen(f"{type_name}: {summary}", [block], notes), form, paged)
    else:
        lines = [Line((name, _summary(name))) for name in chosen]
        block = Block((Column("type"), Column("what", wrap=True)), lines)
        write(Screen(f"{len(lines)} event types", [block]), form, paged)


def catalogue(names: list[str]) -> str:
    """The catalogue as a Markdown page."""
    from cli.commands.append import example

    lines: list[str] = []
    for name in names:
        lines += [f"## {name}", "", (event_class(name).__doc__ or "").replace("\n    ", "\n"), ""]
        lines += ["| field | required | takes |", "| --- | --- | --- |"]
        for row in _fields(name):
            lines.append(f"| {row['field']} | {row['required']} | {row['takes']} |")
        lines += ["", "```", example(name), "```", ""]
    return "\n".join(lines)


def _described(name: str) -> dict[str, object]:
    cls = event_class(name)
    return {
        "schema": cls.schema_number,
        "what": _summary(name),
        "stream": cls.stream,
        "fields": _fields(name),
        "example": dict(cls.example),
    }


def _summary(name: str) -> str:
    return (event_class(name).__doc__ or "").partition("\n")[0]


def _fields(name: str) -> list[dict[str, str]]:
    rows = []
    for field, info in event_class(name).model_fields.items():
        choices, kind, part = choices_of(info.annotation), kind_of(info), part_of(info.annotation)
        takes = ", ".join(choices) if choices else kind.hint if kind else "text"
        if part is not None:
            takes = f"list of {', '.join(part.model_fields)}"
        elif is_many(info.annotation):
            takes = f"list: {takes}"
        rows.append(
            {"field": field, "required": "yes" if info.is_required() else "", "takes": takes}
        )
    return rows
