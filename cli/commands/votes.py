"""stakebook votes"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer

RANGES = ("votes_low", "votes_high", "after_caps_low", "after_caps_high")


@click.command("votes")
@click.argument("issuer")
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
@cut_options
@click.pass_obj
def command(path: Path, issuer: str, digits: int, ranged: bool, cut: Cut, form: str) -> None:
    """Who can vote what in ISSUER, with the reason for every reduction.

    Votes held, votes exercisable, and what is left after contractual caps.

    \b
    Example:
      stakebook votes nissan --as-of 2023-11-08
      stakebook votes renault --as-of 2023-11-07 --format json
    """
    from projections.subjects.votes import votes

    def ask(view: View) -> Answer:
        check_known(view, issuer, "party", "issuer")
        return votes(view, issuer, digits, ranged)

    columns: tuple[str, ...] = (
        "holder",
        "votes",
        "votes_percent",
        "exercisable_percent",
        "after_caps_percent",
    )
    if ranged:
        columns = (*columns[:2], *RANGES, *columns[2:])
    render(answered(path, cut, ask), cut, form, f"Votes in {issuer}", columns, "reasons")
