"""stakebook schema"""

from __future__ import annotations

from typing import Any

import click

from cli.render import write_json
from ledger.events.registry import event_class, event_types


@click.command("schema")
@click.argument("type_name", metavar="[TYPE]", required=False)
def command(type_name: str | None) -> None:
    """JSON Schema of one event type, or of a file of events of any type.

    Editors use it to complete and check YAML while you write.

    \b
    Example:
      stakebook schema shares-transferred
      stakebook schema > stakebook.schema.json
    """
    write_json(schema_of(type_name) if type_name else file_schema())


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
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "stakebook events",
        "type": "array",
        "items": {"oneOf": entries},
        "$defs": definitions,
    }
