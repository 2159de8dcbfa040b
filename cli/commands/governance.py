"""stakebook governance"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options
from cli.render import render
from ledger.time.view import Cut, View
from projections.answer import Answer


@click.command("governance")
@click.argument("company")
@cut_options
@click.pass_obj
def command(path: Path, company: str, cut: Cut, form: str) -> None:
    """Seats, directors, officers, and the agreements and clauses in force of COMPANY.

    A seat that a party has the right to fill is a row even when nobody is known to sit in it.

    \b
    Example:
      stakebook governance nissan --as-of 2024-01-31
    """
    from projections.subjects.governance import governance

    def ask(view: View) -> Answer:
        check_known(view, company, "party")
        return governance(view, company)

    columns = ("kind", "party", "person", "role", "since", "what")
    render(answered(path, cut, ask), cut, form, f"Governance of {company}", columns)
