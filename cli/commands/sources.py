"""stakebook sources"""

from __future__ import annotations

from typing import Any

import click

from cli.asking import Asking, question
from cli.labels import Labels
from cli.screen import Screen
from ledger.time.view import View
from projections.answer import Answer
from projections.directory.classes import SourceEntryRow


@question("sources")
@click.argument("text", required=False)
def command(text: str | None) -> Asking:
    """The documents that events cite: title, publisher, publication date, and how often.

    TEXT looks for a part of an id, a title or a publisher.

    \b
    Example:
      stakebook sources
      stakebook sources AMF
    """
    from cli.plans.directory import sources_screen
    from projections.directory.classes import sources

    def ask(view: View) -> Answer[SourceEntryRow]:
        return sources(view, text or "")

    def screen(answer: Answer[Any], labels: Labels) -> Screen:
        return sources_screen(answer, labels, text or "")

    return Asking(ask, "Sources", screen=screen)
