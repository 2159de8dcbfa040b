"""stakebook pending"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.keepers import keeper_of
from cli.naming import SUBJECT
from cli.page_options import paged_options, paged_thread
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import DealRow


@question("pending")
@click.argument("subject", required=False, type=SUBJECT)
@click.option("--all", "whole", is_flag=True, help="Also the kinds of which there are many.")
@paged_options("deals and plans", "KIND:ID")
def command(subject: str | None, whole: bool, limit: int | None, after: str | None) -> Asking:
    """What is announced but not done: open deals and plans, and dated events still to come.

    SUBJECT is the id of a deal, investment, offering, milestone, project or company. Page by page,
    with --limit or --after, deals and plans come by their kinds and ids; what else is to come
    follows the last of them.

    \b
    Example:
      stakebook pending --as-of 2023-08-01
      stakebook pending --limit 50 --after investment:ampere-stake
    """
    from cli.plans.pending import PendingPlan
    from projections.subjects.deals import KINDS
    from projections.subjects.pending import pending

    def ask(view: View) -> Answer[DealRow]:
        if subject is not None:
            check_known(view, subject, *KINDS, "party", "class", "agreement")
        begin = paged_thread(view, subject, limit, after)
        return pending(view, subject, limit, begin, keeper_of(view, "pending"))

    plan = PendingPlan(subject, whole)
    return Asking(ask, f"Pending for {subject}" if subject else "Pending", screen=plan.screen)
