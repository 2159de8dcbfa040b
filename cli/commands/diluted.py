"""stakebook diluted"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.subjects.diluted_rows import DilutedRow


@question("diluted")
@click.argument("issuer", type=PARTY)
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=2,
    show_default=True,
    help="Decimals of percent.",
)
@click.option("--detail", is_flag=True, help="Every instrument that is open, with its terms.")
def command(issuer: str, digits: int, detail: bool) -> Asking:
    """Who would hold what of ISSUER if all that may become shares did so.

    Shares as converted, options and other instruments that are open, what is left of the pools and
    what is promised. Where an instrument has no number of shares the total is not known, and the
    answer says at least how many there are; with a cap, also how many at the caps.

    \b
    Example:
      stakebook diluted nissan --as-of 2024-06-01
      stakebook diluted nissan --detail --format json
    """
    from cli.plans.diluted import DilutedPlan
    from projections.subjects.diluted import diluted

    def ask(view: View) -> Answer[DilutedRow]:
        check_known(view, issuer, "party", "issuer")
        return diluted(view, issuer, digits)

    plan = DilutedPlan(issuer, detail)
    return Asking(ask, f"Fully diluted shares of {issuer}", screen=plan.screen)
