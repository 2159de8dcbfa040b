"""stakebook claims"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import check_known, cut_options, open_view
from cli.render import render
from ledger.rules.references import SUBJECT_KINDS
from ledger.view import Cut


@click.command("claims")
@click.argument("subject")
@cut_options
@click.pass_obj
def command(path: Path, subject: str, cut: Cut, form: str) -> None:
    """What sources say of SUBJECT: attributes that have no event type of their own.

    Claims that cannot all be true stay side by side; the one preferred is marked.

    \b
    Example:
      stakebook claims ampere --as-of 2023-12-31
    """
    from projections.claims import claims

    view = open_view(path, cut)
    check_known(view, subject, "subject", *SUBJECT_KINDS)
    columns = ("attribute", "value", "unit", "effective_on", "standing", "sources", "preferred")
    render(claims(view, subject), cut, form, f"Claims about {subject}", columns)
