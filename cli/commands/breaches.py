"""stakebook breaches"""

from __future__ import annotations

from functools import partial

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.keepers import keeper_of
from cli.naming import Naming
from ledger.time.view import View
from projections.answer import Answer
from projections.obligation_rows import BreachRow


@question("breaches")
@click.argument("agreement", required=False, type=Naming("agreement"))
def command(agreement: str | None) -> Asking:
    """When clauses were broken: of AGREEMENT, or of all agreements.

    Each clause is evaluated at the end of every day on which its figure, what it is measured of or
    its terms change. Told are intervals, those long over too, each with the event that opened and
    the one that closed it; and the days on which something was done that a clause forbids, or that
    it asks an offer, a consent or a notice for of which none is on record. What is `noted` came
    about without the party's own shares moving that way.

    \b
    Example:
      stakebook breaches
      stakebook breaches new-alliance-agreement --as-of 2024-12-31
    """
    from cli.plans.breaches import breaches_screen
    from projections.obligations.breaches import breaches

    def ask(view: View) -> Answer[BreachRow]:
        if agreement is not None:
            check_known(view, agreement, "agreement")
        return breaches(view, agreement, keeper_of(view, "breaches"))

    title = f"Breaches of {agreement}" if agreement else "Breaches"
    return Asking(ask, title, screen=partial(breaches_screen, agreement))
