"""stakebook check"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.context import answered, cut_options, progress
from cli.keepers import keeper_of
from cli.labels import How, Labels
from cli.page import say
from cli.page_options import shown_options
from cli.render import render
from cli.screen import Screen
from cli.supposing import supposing_options
from cli.telling import tell
from ledger.storage.server import Place
from ledger.time.view import Cut, View

if TYPE_CHECKING:
    from projections.consistency.checks import Checked
    from projections.rows import FindingRow


@click.command("check")
@click.option("--list", "listed", is_flag=True, help="Say what is checked, and check nothing.")
@click.option("--full", is_flag=True, help="List all events that cite no source, not 100.")
@cut_options
@supposing_options
@shown_options
@click.pass_obj
def command(
    path: Place, listed: bool, full: bool, cut: Cut, form: str, how: How, paged: bool
) -> int:
    """Whether the record agrees with itself: every disclosure, and what must always hold.

    Exit code 1 if something is found, 0 if nothing is. Official events that cite no source are
    listed apart, as warnings: they leave the exit code as it is. Of very many the first 100 are
    listed, and all are counted.

    \b
    Example:
      stakebook check
      stakebook check --as-of 2023-11-08 --standing official
      stakebook check --list
    """
    from cli.plans.check import check_screen
    from projections.consistency.checks import CHECKS, WARNINGS, check, name_of, verdict

    if listed:
        for one in (*CHECKS, *WARNINGS):
            say(f"{name_of(one)}: {one.__doc__}")
        return 0

    def ask(view: View) -> Checked:
        with progress("checking", view.history.position) as advance:
            return check(view, advance, keeper_of(view, "check"), full)

    if form not in ("table", "markdown"):
        answer = answered(path, cut, ask, form)
        answer.notes.insert(0, f"{verdict(answer).capitalize()}.")
        render(answer, cut, form, "Check", ("check", "subject", "event", "what"))
        return 1 if answer.rows else 0
    findings: list[FindingRow] = []

    def screen(answer: Checked, labels: Labels) -> Screen:
        findings[:] = answer.rows
        return check_screen(answer, labels)

    tell(path, cut, ask, screen, form, how, paged)
    return 1 if findings else 0
