"""stakebook classes"""

from __future__ import annotations

from typing import Any

import click

from cli.asking import Asking, question
from cli.context import check_known
from cli.labels import Labels
from cli.naming import PARTY
from cli.page_options import paged_options
from cli.screen import Screen
from ledger.time.view import View
from projections.answer import Answer
from projections.directory.classes import ClassRow


@question("classes")
@click.argument("issuer", required=False, type=PARTY)
@paged_options("share classes", "CLASS")
def command(issuer: str | None, limit: int | None, after: str | None) -> Asking:
    """The share classes of ISSUER, or of everybody, with votes and what is issued.

    \b
    Example:
      stakebook classes
      stakebook classes nissan --as-of 2023-11-08
      stakebook classes --limit 25 --after nissan/common
    """
    from cli.plans.directory import classes_screen
    from projections.directory.classes import classes

    def ask(view: View) -> Answer[ClassRow]:
        if issuer is not None:
            check_known(view, issuer, "party", "issuer")
        if after is not None:
            check_known(view, after, "class")
        return classes(view, issuer, limit, after or "")

    def screen(answer: Answer[Any], labels: Labels) -> Screen:
        return classes_screen(answer, labels, issuer)

    return Asking(ask, "Share classes", screen=screen)
