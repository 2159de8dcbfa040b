"""stakebook holdings"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer

if TYPE_CHECKING:
    from cli.labels import Labels
    from cli.screen import Screen
    from projections.control_rows import IndirectRow
    from projections.holding_rows import HoldingRow


@question("holdings")
@click.argument("issuer", required=False, type=PARTY)
@click.option(
    "--holder", type=PARTY, metavar="PARTY", help="Only what PARTY holds, or has held in trust."
)
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
@click.option(
    "--beneficial",
    is_flag=True,
    help="Who bears gain and loss: through trusts, nominees and depositary receipts.",
)
@click.option(
    "--indirect", is_flag=True, help="What the holder has through others, votes and economics."
)
@click.option(
    "--evidence", is_flag=True, help="List the events of every row also of the whole market."
)
def command(
    issuer: str | None,
    holder: str | None,
    digits: int,
    ranged: bool,
    beneficial: bool,
    indirect: bool,
    evidence: bool,
) -> Asking:
    """Who holds what: in ISSUER, of a holder, or in everything.

    Positions come from the register; where there is none, from the latest disclosure. With
    --beneficial every account is followed through trusts, nominees and depositary receipts to who
    bears gain and loss, and what nobody is told to have is not known. With
    --indirect, what a holder has of each company through others: the votes that are attributed to
    it, and its economic interest, every chain with its product and loops solved exactly.

    JSON and CSV list the events that each row rests on. Where neither ISSUER nor --holder is given,
    they give their number alone, unless --evidence asks for the list.

    \b
    Example:
      stakebook holdings nissan --as-of 2023-11-08
      stakebook holdings --holder renault --format json
      stakebook holdings nissan --as-of 2023-11-08 --range
      stakebook holdings nissan --as-of 2023-11-08 --beneficial
      stakebook holdings --holder french-state --indirect
    """
    if beneficial and indirect:
        raise click.UsageError("Give either --beneficial or --indirect.")
    if beneficial:
        return _beneficial(issuer, holder, digits, ranged)
    if indirect:
        return _indirect(issuer, holder, digits, ranged)
    from projections.control.members import members
    from projections.subjects.holdings import holdings
    from projections.subjects.provenance import MOST_LISTED

    def ask(view: View, most: int = MOST_LISTED) -> Answer[HoldingRow]:
        _check(view, issuer, holder)
        return holdings(view, issuer, holder, digits, ranged, most, members)

    briefly = None if issuer or holder or evidence else partial(ask, most=0)

    def screen(answer: Answer[HoldingRow], labels: Labels) -> Screen:
        from cli.plans.holdings import HoldingsPlan

        return HoldingsPlan(issuer, holder, digits, ranged).screen(answer, labels)

    return Asking(ask, _title("Holdings", issuer, holder), screen, briefly=briefly)


def _beneficial(issuer: str | None, holder: str | None, digits: int, ranged: bool) -> Asking:
    """What those who bear gain and loss have."""
    from cli.plans.beneficial import BeneficialPlan
    from projections.control.beneficial import beneficial

    if ranged:
        raise click.UsageError("--beneficial takes no --range: what is in doubt has both ends.")

    def ask(view: View) -> Answer[HoldingRow]:
        _check(view, issuer, holder)
        return beneficial(view, issuer, holder, digits)

    plan = BeneficialPlan(issuer, holder, digits)
    return Asking(ask, _title("Holdings", issuer, holder), screen=plan.screen)


def _indirect(issuer: str | None, holder: str | None, digits: int, ranged: bool) -> Asking:
    """What a holder has through others."""
    if holder is None:
        raise click.UsageError("Say whose: --indirect --holder PARTY.")
    if ranged:
        raise click.UsageError("--indirect has its ranges; leave --range out.")
    from cli.plans.indirect import IndirectPlan
    from projections.control.indirect import indirect

    def ask(view: View) -> Answer[IndirectRow]:
        _check(view, issuer, holder)
        return indirect(view, holder, issuer, digits)

    title = f"What {holder} has through others{f' of {issuer}' if issuer else ''}"
    return Asking(ask, title, screen=IndirectPlan(holder, issuer).screen)


def _check(view: View, *parties: str | None) -> None:
    for party in parties:
        if party is not None:
            check_known(view, party, "party", "issuer")


def _title(what: str, issuer: str | None, holder: str | None) -> str:
    return f"{what}{f' of {holder}' if holder else ''}{f' in {issuer}' if issuer else ''}"
