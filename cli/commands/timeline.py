"""stakebook timeline"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options
from cli.render import render
from ledger.view import Cut, View
from projections.answer import Answer


@click.command("timeline")
@click.argument("subject", required=False)
@click.option("--limit", type=click.IntRange(1), help="Only the last N events.")
@cut_options
@click.pass_obj
def command(path: Path, subject: str | None, limit: int | None, cut: Cut, form: str) -> None:
    """The events at a cut, in the order in which they took effect.

    SUBJECT is any id: a party, share class, source, deal, agreement, offering, project ...

    \b
    Example:
      stakebook timeline renault-nissan-trust
      stakebook timeline nissan --as-of 2023-11-08 --limit 10
    """
    from projections.timeline import SUBJECT_KINDS, timeline

    def ask(view: View) -> Answer:
        if subject is not None:
            check_known(view, subject, *SUBJECT_KINDS)
        return timeline(view, subject)

    answer = answered(path, cut, ask)
    if limit is not None and len(answer.rows) > limit:
        answer.note(f"{len(answer.rows) - limit} earlier events are not shown.")
        answer.rows = answer.rows[-limit:]
    columns = ("effective_on", "position", "what", "standing", "event")
    title = f"Timeline of {subject}" if subject else "Timeline"
    render(answer, cut, form, title, columns)
