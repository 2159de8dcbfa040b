"""stakebook show"""

from __future__ import annotations

import json
from typing import Any

import click

from cli.asking import Asking, question
from cli.completions import EVENT
from cli.render import cell
from projections.answer import Answer


@question("show")
@click.argument("event", type=EVENT)
def command(event: str) -> Asking:
    """One event whole: EVENT is its key, its position (as '#12' or 12) or its id.

    Shows it as it stands at the cut, as it was recorded, and what amended it.

    \b
    Example:
      stakebook show '#12'
    """
    from projections.subjects.timeline import show

    return Asking(
        lambda view: show(view, event),
        f"Event {event}",
        lambda _: ("field", "value"),
        tabular=_fields,
    )


def _fields(answer: Answer[Any]) -> Answer[Any]:
    """The fields of an event, one under another."""
    (row,) = answer.rows
    lines = [
        {"field": name, "value": json.dumps(v, ensure_ascii=False) if type(v) is dict else cell(v)}
        for name, v in row.items()
    ]
    return Answer[Any](lines, answer.possible, answer.notes)
