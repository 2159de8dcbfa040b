"""stakebook pending"""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands.deals import KINDS
from cli.context import answered, check_known, cut_options
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer

COLUMNS = ("kind", "subject", "party", "status", "terms", "expected", "last_heard", "title")


@click.command("pending")
@click.argument("subject", required=False)
@cut_options
@click.pass_obj
def command(path: Path, subject: str | None, cut: Cut, form: str) -> None:
    """What is announced but not done: open deals and plans, and dated events still to come.

    SUBJECT is the id of a deal, investment, offering, milestone, project or company.

    \b
    Example:
      stakebook pending --as-of 2023-08-01
    """
    from projections.subjects.pending import pending

    def ask(view: View) -> Answer:
        if subject is not None:
            check_known(view, subject, *KINDS, "party", "class", "agreement")
        return pending(view, subject)

    title = f"Pending for {subject}" if subject else "Pending"
    render(answered(path, cut, ask), cut, form, title, COLUMNS)
