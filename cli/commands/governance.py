"""stakebook governance"""

from __future__ import annotations

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import GovernanceRow


@question("governance")
@click.argument("company", type=PARTY)
def command(company: str) -> Asking:
    """Seats, directors, officers, and the agreements and clauses in force of COMPANY.

    A seat that a party has the right to fill is a row even when nobody is known to sit in it.

    \b
    Example:
      stakebook governance nissan --as-of 2024-01-31
    """
    from projections.subjects.governance import governance

    def ask(view: View) -> Answer[GovernanceRow]:
        check_known(view, company, "party")
        return governance(view, company)

    return Asking(ask, f"Governance of {company}")
