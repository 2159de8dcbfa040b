"""stakebook holdings"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer

RANGES = ("shares_low", "shares_high", "percent_low", "percent_high")


@click.command("holdings")
@click.argument("issuer", required=False)
@click.option("--holder", metavar="PARTY", help="Only what PARTY holds, or has held in trust.")
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
def command(
    path: Path,
    issuer: str | None,
    holder: str | None,
    digits: int,
    ranged: bool,
    cut: Cut,
    form: str,
) -> None:
    """Who holds what: in ISSUER, of a holder, or in everything.

    Positions come from the register; where there is none, from the latest disclosure.

    \b
    Example:
      stakebook holdings nissan --as-of 2023-11-08
      stakebook holdings --holder renault --format json
      stakebook holdings nissan --as-of 2023-11-08 --range
    """
    from projections.subjects.holdings import basis_words, holdings

    def ask(view: View) -> Answer:
        for party in (issuer, holder):
            if party is not None:
                check_known(view, party, "party", "issuer")
        return holdings(view, issuer, holder, digits, ranged, form in ("json", "csv"))

    of = f" in {issuer}" if issuer else ""
    by = f" of {holder}" if holder else ""
    issuers = ("issuer",) if issuer is None else ()
    ranges = RANGES if ranged else ()
    columns = (*issuers, "holder", "shares", "percent", "percent_of", *ranges, "capacity", "basis")
    answer = answered(path, cut, ask)
    if form in ("table", "markdown"):
        answer.rows = [row | {"basis": basis_words(row)} for row in answer.rows]
    render(answer, cut, form, f"Holdings{by}{of}", columns)
