"""stakebook claims"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import answered, check_known, cut_options
from cli.render import render
from ledger.rules.references import SUBJECT_KINDS
from ledger.time.view import Cut, View
from projections.answer import Answer


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
    from projections.subjects.claims import claims

    def ask(view: View) -> Answer:
        check_known(view, subject, "subject", *SUBJECT_KINDS)
        return claims(view, subject)

    columns = ("attribute", "claimed", "effective_on", "standing", "sources", "preferred", "note")
    render(answered(path, cut, ask), cut, form, f"Claims about {subject}", columns)
