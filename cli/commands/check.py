"""stakebook check"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, cut_options, progress
from cli.render import render
from ledger.view import Cut, View
from projections.answer import Answer


@click.command("check")
@click.option("--list", "listed", is_flag=True, help="Say what is checked, and check nothing.")
@cut_options
@click.pass_obj
def command(path: Path, listed: bool, cut: Cut, form: str) -> int:
    """Whether the record agrees with itself: every disclosure, and what must always hold.

    Exit code 1 if something is found, 0 if nothing is.

    \b
    Example:
      stakebook check
      stakebook check --as-of 2023-11-08 --standing official
      stakebook check --list
    """
    from projections.checks import CHECKS, check, name_of

    if listed:
        for one in CHECKS:
            click.echo(f"{name_of(one)}: {one.__doc__}")
        return 0

    def ask(view: View) -> Answer:
        with progress("checking", view.history.position) as advance:
            return check(view, advance)

    answer = answered(path, cut, ask)
    if not answer.rows:
        answer.notes.insert(0, "Nothing is found.")
    render(answer, cut, form, "Check", ("check", "subject", "event", "what"))
    return 1 if answer.rows else 0
