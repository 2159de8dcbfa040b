"""stakebook votes"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import VoteRow


@question("votes")
@click.argument("issuer", type=PARTY)
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=2,
    show_default=True,
    help="Decimals of percent.",
)
@click.option(
    "--range", "ranged", is_flag=True, help="Lowest and highest figures over all that is in doubt."
)
def command(issuer: str, digits: int, ranged: bool) -> Asking:
    """Who can vote what in ISSUER, with the reason for every reduction.

    Votes held, votes exercisable, and what is left after contractual caps.

    \b
    Example:
      stakebook votes nissan --as-of 2023-11-08
      stakebook votes renault --as-of 2023-11-07 --format json
    """
    from cli.plans.votes import VotesPlan
    from projections.subjects.votes import votes

    def ask(view: View) -> Answer[VoteRow]:
        check_known(view, issuer, "party", "issuer")
        return votes(view, issuer, digits, ranged)

    plan = VotesPlan(issuer, digits, ranged)
    return Asking(ask, f"Votes in {issuer}", screen=plan.screen)
