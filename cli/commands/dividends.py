"""stakebook dividends"""

from __future__ import annotations

from functools import partial

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import SUBJECT
from ledger.time.view import View
from projections.answer import Answer
from projections.subjects.dividends import DividendRow


@question("dividends")
@click.argument("subject", required=False, type=SUBJECT)
def command(subject: str | None) -> Asking:
    """What each holder is due of the dividends of SUBJECT, an issuer or a share class.

    Entitled are the holders at the end of the record day, treasury shares apart.

    \b
    Example:
      stakebook dividends nissan --as-of 2024-07-01
    """
    from cli.plans.dividends import dividends_screen
    from projections.subjects.dividends import dividends

    def ask(view: View) -> Answer[DividendRow]:
        if subject is not None:
            check_known(view, subject, "issuer", "class", "party")
        return dividends(view, subject)

    title = f"Dividends of {subject}" if subject else "Dividends"
    return Asking(ask, title, screen=partial(dividends_screen, subject))
