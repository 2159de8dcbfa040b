"""stakebook sources"""

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
    from projections.directory.classes import Sources

_CITING = 100  # events that cite one source, of which a page of sources tells


@question("sources")
@click.argument("text", required=False)
@paged_options("sources", "SOURCE")
def command(text: str | None, limit: int | None, after: str | None) -> Asking:
    """The documents that events cite: title, publisher, publication date, and how often.

    TEXT looks for a part of an id, a title or a publisher. They are listed in the order of their
    publication; page by page, with --limit or --after, in the order of their ids.

    \b
    Example:
      stakebook sources
      stakebook sources AMF
      stakebook sources --limit 25 --after amf-notice-2023
    """
    from cli.plans.directory import sources_screen
    from projections.directory.classes import sources

    def ask(view: View, citing: int | None = None) -> Sources:
        if after is not None:
            check_known(view, after, "source")
        return sources(view, text or "", limit, after or "", citing)

    def on_page(view: View) -> Sources:
        return ask(view, _CITING if limit else None)

    def screen(answer: Sources, labels: Labels) -> Screen:
        return sources_screen(answer, labels, text or "", limit, after)

    return Asking(ask, "Sources", screen=screen, on_page=on_page)
