"""Writes the generated pages: docs/events.md, docs/cli.md, and one JSON Schema for each event type.

Run as ``python docs/generate.py`` after adding an event type or changing a command. A schema that
is committed is frozen: it is never rewritten here, and a test compares it with the class.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from cli.commands.events import catalogue
from cli.commands.schema import schema_of
from cli.main import COMMANDS, cli
from ledger.event import event_types

DOCS = Path(__file__).parent
SCHEMAS = DOCS / "schemas"


def events_page() -> str:
    """docs/events.md"""
    head = (
        "# Events\n\n"
        "The vocabulary, generated from the classes by `python docs/generate.py`. Every type also\n"
        "takes the common fields shown in its table: the effective date and when it became known,\n"
        "the standing, citations, and so on. Dates are written `2023-11-08`, `2023-11`,\n"
        "`2023-Q4`, `2023-H2` or `2023`; an effective date may be `unknown`.\n\n"
    )
    return head + catalogue(list(event_types()))


def cli_page() -> str:
    """docs/cli.md"""
    lines = [
        "# Commands",
        "",
        "Generated from `--help` by `python docs/generate.py`.",
        "",
        "```",
        _help(cli, "stakebook"),
        "```",
    ]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        if command is None:
            raise LookupError(name)
        lines += ["", f"## {name}", "", "```", _help(command, f"stakebook {name}"), "```"]
        for part, inner in getattr(command, "commands", {}).items():
            words = f"{name} {part}"
            lines += ["", f"### {words}", "", "```", _help(inner, f"stakebook {words}"), "```"]
    return "\n".join(lines) + "\n"


def schema_files() -> dict[Path, str]:
    """The JSON Schema of each event type at its present schema number."""
    found = {}
    for name, cls in event_types().items():
        path = SCHEMAS / f"{name}.{cls.schema_number}.json"
        found[path] = json.dumps(shape(schema_of(name)), indent=1, ensure_ascii=False) + "\n"
    return found


def shape(schema: Any) -> Any:
    """A schema without its wording: what is frozen is which fields there are and what they take."""
    if isinstance(schema, dict):
        worded = {"title", "description"} if "type" in schema or "anyOf" in schema else set()
        kept = {key: value for key, value in schema.items() if key not in worded}
        return {key: shape(value) for key, value in kept.items()}
    return [shape(item) for item in schema] if isinstance(schema, list) else schema


def _help(command: click.Command, name: str) -> str:
    context = click.Context(
        command,
        info_name=name,
        terminal_width=80,
        max_content_width=80,
        help_option_names=["-h", "--help"],
    )
    return command.get_help(context)


def main() -> None:
    """Write every page, and the schemas that are not there yet."""
    SCHEMAS.mkdir(exist_ok=True)
    (DOCS / "events.md").write_text(events_page(), encoding="utf-8")
    (DOCS / "cli.md").write_text(cli_page(), encoding="utf-8")
    for path, text in schema_files().items():
        if not path.exists():
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
