"""stakebook check"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.context import answered, cut_options, progress
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer


@click.command("check")
@click.option("--list", "listed", is_flag=True, help="Say what is checked, and check nothing.")
@cut_options
@click.pass_obj
def command(path: Path, listed: bool, cut: Cut, form: str) -> int:
    """Whether the record agrees with itself: every disclosure, and what must always hold.

    Exit code 1 if something is found, 0 if nothing is. Official events that cite no source are
    listed apart, as warnings: they leave the exit code as it is.

    \b
    Example:
      stakebook check
      stakebook check --as-of 2023-11-08 --standing official
      stakebook check --list
    """
    from projections.consistency.checks import CHECKS, WARNINGS, check, name_of, verdict

    if listed:
        for one in (*CHECKS, *WARNINGS):
            click.echo(f"{name_of(one)}: {one.__doc__}")
        return 0

    def ask(view: View) -> Answer[Any]:
        with progress("checking", view.history.position) as advance:
            return check(view, advance)

    answer = answered(path, cut, ask, form)
    answer.notes.insert(0, f"{verdict(answer).capitalize()}.")
    render(answer, cut, form, "Check", ("check", "subject", "event", "what"))
    return 1 if answer.rows else 0
