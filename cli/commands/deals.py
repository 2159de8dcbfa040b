"""stakebook deals"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import SUBJECT
from cli.page_options import paged_options, paged_thread
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import DealRow


@question("deals")
@click.argument("deal", required=False, type=SUBJECT)
@click.option(
    "--all-steps", "whole", is_flag=True, help="Also weaker reports of the same steps, and talk."
)
@paged_options("deals", "KIND:ID")
def command(deal: str | None, whole: bool, limit: int | None, after: str | None) -> Asking:
    """Deals, investments, offerings, milestones and projects, with the status their steps give.

    DEAL is the id of a deal, or of one investment, offering, milestone or project. Page by page,
    with --limit or --after, all are listed by their kinds and ids.

    \b
    Example:
      stakebook deals --limit 50 --after deal:alliance-rebalancing
      stakebook deals ampere-ipo --as-of 2024-01-31 --known-by 2024-01-31
    """
    from cli.plans.deals import DealsPlan
    from projections.subjects.deals import KINDS, deals

    def ask(view: View) -> Answer[DealRow]:
        if deal is not None:
            check_known(view, deal, *KINDS)
        return deals(view, deal, limit, paged_thread(view, deal, limit, after))

    plan = DealsPlan(deal, whole)
    return Asking(ask, f"Deal {deal}" if deal else "Deals", screen=plan.screen)
