"""stakebook meetings"""

from __future__ import annotations

from functools import partial

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.naming import PARTY
from ledger.time.view import View
from projections.answer import Answer
from projections.subjects.meetings import MeetingRow


@question("meetings")
@click.argument("company", type=PARTY)
def command(company: str) -> Asking:
    """The meetings of COMPANY, called and held, and its resolutions with their votes.

    \b
    Example:
      stakebook meetings nissan --as-of 2024-12-31
    """
    from cli.plans.meetings import meetings_screen
    from projections.subjects.meetings import meetings

    def ask(view: View) -> Answer[MeetingRow]:
        check_known(view, company, "party")
        return meetings(view, company)

    return Asking(ask, f"Meetings of {company}", screen=partial(meetings_screen, company))
