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
@click.option("--board", is_flag=True, help="Only directors and rights to seats.")
@click.option("--officers", is_flag=True, help="Only officers.")
@click.option("--agreements", is_flag=True, help="Only agreements, all of them.")
@click.option("--clauses", is_flag=True, help="Only clauses, with their words.")
@click.option("--kind", metavar="KIND", help="Only clauses of KIND, such as lock-up.")
def command(
    company: str, board: bool, officers: bool, agreements: bool, clauses: bool, kind: str | None
) -> Asking:
    """The board, officers, agreements and clauses in force of COMPANY.

    A seat that a party has the right to fill is told even when nobody is known to sit in it.

    \b
    Example:
      stakebook governance nissan --as-of 2024-01-31
      stakebook governance nissan --clauses --kind lock-up
    """
    from cli.plans.governance import KINDS, GovernancePlan
    from projections.obligations.governed import governance
    from projections.told import told

    given = {
        "board": board, "officers": officers, "agreements": agreements,
        "clauses": clauses or kind is not None,
    }  # fmt: skip
    sections = [name for name, wanted in given.items() if wanted]
    kinds = {one for name in sections for one in KINDS[name]}

    def is_asked(row: GovernanceRow) -> bool:
        of_kind = row["kind"] != "clause" or kind in (None, row["role"])
        return of_kind and (not kinds or row["kind"] in kinds)

    def ask(view: View) -> Answer[GovernanceRow]:
        check_known(view, company, "party")
        answer = governance(view, company)
        asked = [row for row in answer.rows if is_asked(row)]
        if answer.rows and not asked:
            of_kind = {"clauses": f"clauses of kind {kind}"} if kind else {}
            what = " or ".join(of_kind.get(name, name) for name in sections)
            answer.gap(f"no event at this cut tells {what} of {told('party', company)}")
        answer.rows[:] = asked
        return answer

    plan = GovernancePlan(company, sections, kind)
    return Asking(ask, f"Governance of {company}", screen=plan.screen)
