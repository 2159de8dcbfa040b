"""stakebook pending"""

from __future__ import annotations

from pathlib import Path

import click

from cli.commands.deals import COLUMNS
from cli.context import cut_options, open_view
from cli.render import render
from ledger.view import Cut


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
    from projections.deals import pending

    view = open_view(path, cut)
    title = f"Pending for {subject}" if subject else "Pending"
    render(pending(view, subject), cut, form, title, COLUMNS)
