"""stakebook show"""

from __future__ import annotations

import json
from pathlib import Path

import click

from cli.context import answered, cut_options
from cli.render import cell, render
from ledger.time.view import Cut
from projections.answer import Answer


@click.command("show")
@click.argument("event")
@cut_options
@click.pass_obj
def command(path: Path, event: str, cut: Cut, form: str) -> None:
    """One event whole: EVENT is its key, its position (as '#12' or 12) or its id.

    Shows it as it stands at the cut, as it was recorded, and what amended it.

    \b
    Example:
      stakebook show '#12'
    """
    from projections.subjects.timeline import show

    answer = answered(path, cut, lambda view: show(view, event))
    if form in ("table", "markdown"):
        (row,) = answer.rows
        lines = [
            {
                "field": name,
                "value": json.dumps(v, ensure_ascii=False) if isinstance(v, dict) else cell(v),
            }
            for name, v in row.items()
        ]
        answer = Answer(lines, answer.possible, answer.notes)
    render(answer, cut, form, f"Event {event}", ("field", "value"))
