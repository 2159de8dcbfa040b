"""stakebook deals"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer

KINDS = ("deal", "investment", "offering", "milestone", "project")
COLUMNS = (
    "kind",
    "subject",
    "party",
    "status",
    "terms",
    "since",
    "expected",
    "last_heard",
    "title",
)


@click.command("deals")
@click.argument("deal", required=False)
@cut_options
@click.pass_obj
def command(path: Path, deal: str | None, cut: Cut, form: str) -> None:
    """Deals, investments, offerings, milestones and projects, with the status their steps give.

    DEAL is the id of a deal, or of one investment, offering, milestone or project.

    \b
    Example:
      stakebook deals ampere-ipo --as-of 2024-01-31 --known-by 2024-01-31
    """
    from projections.subjects.deals import deals

    def ask(view: View) -> Answer:
        if deal is not None:
            check_known(view, deal, *KINDS)
        return deals(view, deal)

    render(answered(path, cut, ask), cut, form, f"Deal {deal}" if deal else "Deals", COLUMNS)
