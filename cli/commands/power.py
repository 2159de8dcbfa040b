"""stakebook power"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.control.power import MAJORITY, Rest
from projections.control_rows import PowerRow


@question("power")
@click.argument("issuer", type=PARTY)
@click.option(
    "--quota",
    default=MAJORITY,
    show_default=True,
    metavar="QUOTA",
    help="The votes that win: 50%+1, 2/3, more than 50%, or a number.",
)
@click.option(
    "--rest",
    type=click.Choice(["absent", "block", "listed"]),
    default="absent",
    show_default=True,
    help="What shareholders who are counted together do, and all below --top.",
)
@click.option("--top", type=click.IntRange(1), metavar="N", help="Only the N largest are players.")
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=2,
    show_default=True,
    help="Decimals of percent.",
)
def command(issuer: str, quota: str, rest: Rest, top: int | None, digits: int) -> Asking:
    """Who decides in ISSUER: in how many coalitions of votes each holder turns the vote.

    Votes are those that caps leave. Parties in concert vote as one, and so do accounts that
    somebody instructs. Banzhaf counts the coalitions that win with a holder and lose without it,
    Shapley (and Shubik) the orders of voting in which it decides; both are parts of all, in
    percent.

    Shareholders who are counted together are absent, vote as one block, or are players as listed.
    Percentages and quotas are of the votes of all players.

    \b
    Example:
      stakebook power nissan --as-of 2023-11-07
      stakebook power renault --quota 2/3 --rest block
    """
    from cli.plans.power import PowerPlan
    from projections.control.power import power

    def ask(view: View) -> Answer[PowerRow]:
        check_known(view, issuer, "party", "issuer")
        return power(view, issuer, quota, rest, top, digits)

    return Asking(ask, f"Power in {issuer}", screen=PowerPlan(issuer).screen)
