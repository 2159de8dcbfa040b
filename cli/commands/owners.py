"""stakebook owners"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.control_rows import EconomicRow, OwnerRow

RULES = ("economic", "amlr", "amld", "psc", "ofac")  # a test holds them against those there are


@question("owners")
@click.argument("company", required=False, type=PARTY)
@click.option("--all", "everybody", is_flag=True, help="The economic owners of all companies.")
@click.option(
    "--rule",
    type=click.Choice(RULES),
    default="economic",
    show_default=True,
    help="By which rule one is an owner.",
)
@click.option(
    "--blocked",
    type=PARTY,
    multiple=True,
    metavar="PARTY",
    help="With --rule ofac, who is blocked, beside those recorded as frozen; repeatable.",
)
@click.option("--at", metavar="PERCENT", help="Another threshold than the rule's own.")
@click.option(
    "--digits",
    type=click.IntRange(0, 18),
    default=4,
    show_default=True,
    help="Decimals of percent.",
)
def command(
    company: str | None,
    everybody: bool,
    rule: str,
    blocked: tuple[str, ...],
    at: str | None,
    digits: int,
) -> Asking:
    """Who owns COMPANY in the end, by a rule that is always named, since when and until when.

    Stakes are followed through companies, trusts and nominees; loops are solved exactly. One
    structure has other owners under each rule.

    \b
      economic  stakes multiplied along all chains
      amlr      Regulation (EU) 2024/1624: 25% or more, control, or both mixed
      amld      Directive (EU) 2015/849: more than 25%, or control
      psc       Companies Act 2006: more than 25%, through majority stakes
      ofac      50% or more, in aggregate, by who is blocked (--blocked, or on
                record as frozen); else, by whose being blocked it would be

    With --all it is asked of all companies at once, by stakes multiplied, without since when. What
    rests on a loop of more than 200 companies is not solved. JSON and CSV come row by row.

    \b
    Example:
      stakebook owners nissan --as-of 2023-11-08
      stakebook owners nissan --rule ofac --blocked renault
      stakebook owners --all --at 25 --format csv
    """
    if everybody:
        if company is not None or rule != "economic" or blocked:
            raise click.UsageError("--all takes no COMPANY and no rule but economic.")
        return _all(at, digits)
    if company is None:
        raise click.UsageError("Say whose owners: COMPANY, or --all.")
    if blocked and rule != "ofac":
        raise click.UsageError(
            f"--blocked belongs to rule ofac, not to {rule}. Add --rule ofac, or leave it out."
        )
    from cli.plans.owners import OwnersPlan
    from projections.control.owners import owners

    def ask(view: View) -> Answer[OwnerRow]:
        check_known(view, company, "party", "issuer")
        for one in blocked:
            check_known(view, one, "party")
        return owners(view, company, rule, at, digits, blocked)

    return Asking(ask, f"Owners of {company}", screen=OwnersPlan(company, rule).screen)


def _all(at: str | None, digits: int) -> Asking:
    """The economic owners of all companies."""
    from cli.plans.owners import AllPlan
    from projections.control.all_owners import all_owners

    def ask(view: View) -> Answer[EconomicRow]:
        return all_owners(view, at, digits)

    return Asking(ask, "Economic owners", AllPlan().screen, "owners --all", streamed=True)
