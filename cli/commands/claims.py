"""stakebook claims"""

from __future__ import annotations

from functools import partial

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import SUBJECT
from ledger.time.view import View
from projections.answer import Answer
from projections.rows import ClaimRow


@question("claims")
@click.argument("subject", type=SUBJECT)
def command(subject: str) -> Asking:
    """What sources say of SUBJECT: attributes that have no event type of their own.

    Claims that cannot all be true stay side by side; the one preferred is marked.

    \b
    Example:
      stakebook claims ampere --as-of 2023-12-31
    """
    from cli.plans.claims import claims_screen
    from projections.subjects.claims import claims
    from projections.subjects.timeline import SUBJECT_KINDS

    def ask(view: View) -> Answer[ClaimRow]:
        check_known(view, subject, *SUBJECT_KINDS)
        return claims(view, subject)

    return Asking(ask, f"Claims about {subject}", screen=partial(claims_screen, subject))
