"""stakebook votes"""

from __future__ import annotations

from collections.abc import Sequence

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import VoteRow

RANGES = ("votes_low", "votes_high", "after_caps_low", "after_caps_high")


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
    from projections.subjects.votes import votes

    def ask(view: View) -> Answer[VoteRow]:
        check_known(view, issuer, "party", "issuer")
        return votes(view, issuer, digits, ranged)

    def columns(shown: tuple[str, ...]) -> Sequence[str]:
        figures = shown.index("votes") + 1
        return (*shown[:figures], *RANGES, *shown[figures:]) if ranged else shown

    return Asking(ask, f"Votes in {issuer}", columns, details="reasons")
