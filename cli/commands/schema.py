"""stakebook schema"""

from __future__ import annotations

from typing import Any

import click

from cli.render import write_json
from ledger.events.fields import Change, Citation
from ledger.events.registry import event_class, event_types
from ledger.intake.defaults import END, HEADER
from ledger.values.refusals import Refusal, Refused, nearest, shown


@click.command("schema")
@click.argument("type_name", metavar="[TYPE]", required=False)
@click.option("--answer", metavar="QUESTION", help="Of the answer to a question in JSON instead.")
def command(type_name: str | None, answer: str | None) -> None:
    """JSON Schema of one event type, of a file of events of any type, or of an answer.

    Editors use it to complete and check YAML while you write.

    \b
    Example:
      stakebook schema shares-transferred
      stakebook schema > stakebook.schema.json
      stakebook schema --answer holdings
    """
    if answer is None:
        write_json(schema_of(type_name) if type_name else file_schema())
        return
    from projections.answers import ANSWERS, answer_schema

    if type_name is not None:
        raise click.UsageError("Give a TYPE or --answer, not both.")
    if answer not in ANSWERS:
        raise Refused(
            Refusal.BAD_CHOICE,
            f"{shown(answer)} is not a question.",
            nearest(answer, ANSWERS) or f"Write {', '.join(ANSWERS)}.",
            "--answer",
        )
    write_json(answer_schema(answer))


def schema_of(type_name: str) -> dict[str, Any]:
    """The JSON Schema of the data of an event type."""
    cls = event_class(type_name)
    return {"$id": f"stakebook:{type_name}:{cls.schema_number}"} | cls.model_json_schema()


def file_schema() -> dict[str, Any]:
    """The JSON Schema of a YAML file of events."""
    definitions: dict[str, Any] = {}
    entries = []
    for name in event_types():
        entry = schema_of(name)
        definitions |= entry.pop("$defs", {})
        entry.pop("$id")
        entry["properties"] |= {"type": {"const": name}, "key": {"type": "string"}}
        entry["required"] = ["type", *entry.get("required", [])]
        entries.append(entry)
    for part in (Citation, Change):  # written as one word, too
        definitions[part.__name__] = {"anyOf": [{"type": "string"}, definitions[part.__name__]]}
    header = {
        "type": "object",
        "properties": {HEADER: {"type": "object"}},
        "required": [HEADER],
        "additionalProperties": False,
    }
    entries += [header, {"const": END}]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stakebook events",
        "type": "array",
        "items": {"oneOf": entries},
        "$defs": definitions,
    }
