"""stakebook drafts"""

from __future__ import annotations

import click

from cli.context import format_option
from cli.page import write
from cli.render import render
from cli.screen import Block, Column, Line, Screen
from cli.server_drafts import drafts_at, in_words, row_of
from ledger.storage.server import Place
from projections.answer import Answer

_COLUMNS = (
    Column("draft", "right"), Column("by"), Column("on"), Column("events", "right"),
    Column("status", wrap=True),
)  # fmt: skip
_NAMES = ("number", "by", "at", "events", "status", "ended_by", "note")


@click.command("drafts")
@click.option("--all", "ended", is_flag=True, help="Also those recorded, rejected or withdrawn.")
@format_option
@click.pass_obj
def command(path: Place, ended: bool, form: str) -> None:
    """What is drafted on a server and waits for another person.

    Recorders see their own drafts, approvers and auditors all. `append --draft`, and each other
    command that records, makes one.

    \b
    Example:
      stakebook --ledger postgresql://db.example/deals drafts
    """
    with drafts_at(path) as drafts:
        found = [draft for draft in drafts.every() if ended or draft.status == "open"]
    if form in ("json", "csv"):
        render(Answer(rows=[row_of(draft) for draft in found]), None, form, "Drafts", _NAMES)
        return
    lines = [
        Line((str(d.number), d.by, d.at.date().isoformat(), str(d.events), in_words(d)))
        for d in found
    ]
    note = "`stakebook review NUMBER` shows one." if found else "There is none."
    write(Screen("Drafts", [Block(_COLUMNS, lines)] if found else [], [note]), form)
