"""stakebook owners"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.control_rows import OwnerRow

RULES = ("economic", "amlr", "amld", "psc", "ofac")  # a test holds them against those there are


@question("owners")
@click.argument("company", type=PARTY)
@click.option(
    "--rule",
    type=click.Choice(RULES),
    default="economic",
    show_default=True,
    help="By which rule one is an owner.",
)
@click.option("--at", metavar="PERCENT", help="Another threshold than the rule's own.")
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=4,
    show_default=True,
    help="Decimals of percent.",
)
def command(company: str, rule: str, at: str | None, digits: int) -> Asking:
    """Who owns COMPANY in the end, by a rule that is always named, since when and until when.

    Stakes are followed through companies, trusts and nominees; loops are solved exactly. One
    structure has other owners under each rule.

    \b
      economic  stakes multiplied along all chains
      amlr      Regulation (EU) 2024/1624: 25% or more, control, or both mixed
      amld      Directive (EU) 2015/849: more than 25%, or control
      psc       Companies Act 2006: more than 25%, through majority stakes
      ofac      by whose being blocked the company would be, at 50% in aggregate

    \b
    Example:
      stakebook owners nissan --as-of 2023-11-08
      stakebook owners nissan --rule amlr --format json
    """
    from cli.plans.owners import OwnersPlan
    from projections.control.owners import owners

    def ask(view: View) -> Answer[OwnerRow]:
        check_known(view, company, "party", "issuer")
        return owners(view, company, rule, at, digits)

    return Asking(ask, f"Owners of {company}", screen=OwnersPlan(company, rule).screen)
