"""stakebook deals"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import SUBJECT
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import DealRow


@question("deals")
@click.argument("deal", required=False, type=SUBJECT)
@click.option(
    "--all-steps", "whole", is_flag=True, help="Also weaker reports of the same steps, and talk."
)
def command(deal: str | None, whole: bool) -> Asking:
    """Deals, investments, offerings, milestones and projects, with the status their steps give.

    DEAL is the id of a deal, or of one investment, offering, milestone or project.

    \b
    Example:
      stakebook deals ampere-ipo --as-of 2024-01-31 --known-by 2024-01-31
    """
    from cli.plans.deals import DealsPlan
    from projections.subjects.deals import KINDS, deals

    def ask(view: View) -> Answer[DealRow]:
        if deal is not None:
            check_known(view, deal, *KINDS)
        return deals(view, deal)

    plan = DealsPlan(deal, whole)
    return Asking(ask, f"Deal {deal}" if deal else "Deals", screen=plan.screen)
