"""stakebook parties"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.labels import Labels
from cli.page_options import paged_options
from cli.screen import Screen
from ledger.time.view import View

if TYPE_CHECKING:
    from projections.directory.parties import Directory

_TRUSTS = 10  # of one party, of which a page of parties tells


@question("parties")
@click.argument("text", required=False)
@paged_options("parties", "PARTY")
def command(text: str | None, limit: int | None, after: str | None) -> Asking:
    """Who is recorded: companies, persons, trusts, states, with their names and roles.

    TEXT looks for a part of an id or of a name, former names included.

    \b
    Example:
      stakebook parties
      stakebook parties nissan --format json
      stakebook parties --limit 25 --after nissan
    """
    from cli.plans.directory import parties_screen
    from projections.directory.parties import parties

    def ask(view: View, trusts: int | None = None) -> Directory:
        if after is not None:
            check_known(view, after, "party")
        return parties(view, text or "", limit, after or "", trusts)

    def on_page(view: View) -> Directory:
        return ask(view, None if text else _TRUSTS)

    def screen(answer: Directory, labels: Labels) -> Screen:
        return parties_screen(answer, labels, text or "", limit, after)

    return Asking(ask, "Parties", screen=screen, on_page=on_page)
