"""stakebook edit"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from cli.amending import find
from cli.context import OpenedLedger, at_terminal
from cli.recording import AppendOptions, one_draft, write
from ledger.storage.server import Place
from ledger.time.history import AMENDMENTS
from ledger.time.view import View
from ledger.values.refusals import Refused


@click.command("edit")
@click.argument("event")
@click.pass_obj
def command(path: Place, event: str) -> None:
    """Edit the fields of EVENT as text; what differs becomes one correction of it.

    The editor is the one that VISUAL or EDITOR names. Then it asks why, shows what would change,
    and records only after a yes. EVENT is a key, a position or an id, and stays as it was recorded.
    Clauses and citations are shown and cannot be edited: see corroborate, or retract and append
    anew.

    \b
    Example:
      EDITOR=nano stakebook edit trust-sale-2
    """
    from cli.entry.editing import editor
    from cli.entry.session import NOTHING_RECORDED
    from cli.entry.terminal import Leave, say

    editor()
    if not at_terminal():
        raise click.UsageError("edit asks at a terminal. In a script use `stakebook correct`.")
    with OpenedLedger(path) as opened:
        try:
            recorded = _edit(opened, event)
        except Leave:
            recorded = False
        if not recorded:
            say(NOTHING_RECORDED)


def _edit(opened: OpenedLedger, name: str) -> bool:
    """Whether a correction was recorded."""
    from cli.entry.editing import text_of
    from cli.entry.gather import Gathering
    from cli.entry.known import Known
    from cli.entry.session import agreed_to
    from cli.entry.terminal import say

    event = find(opened, name)
    if event.type in AMENDMENTS:
        raise click.UsageError(f"#{event.position} amends another event; use `stakebook correct`.")
    fact = opened.ask(lambda index: View(index).fact(event))
    before = dict(fact.data if fact is not None else event.data)
    text = text_of(event.type, f"#{event.position} {event.type} {event.key}", before)
    given: dict[str, Any] = {"event": event.key}
    while True:
        changes, text = _changed(event.type, before, text)
        if not changes:
            return False
        gathering = Gathering(
            "event-corrected", Known(opened), given=given | {"changes": changes}, brief=True
        )
        drafts = [one_draft(gathering.event(), AppendOptions())]
        given = {k: v for k, v in gathering.given.items() if k != "changes"}
        try:
            write(opened, drafts, replace(AppendOptions(), dry_run=True))
            answer = agreed_to("Record")
        except Refused as refused:
            for one in refused.each():
                say(f"  {one}")
            answer = "e" if _again() else "n"
        if answer == "y":
            write(opened, drafts, AppendOptions())
        if answer != "e":
            return answer == "y"


def _changed(type_name: str, before: dict[str, Any], text: str) -> tuple[list[dict[str, Any]], str]:
    """What an edit changes, and the text as it was left; no changes where nothing is wanted."""
    from cli.entry.editing import changes_in, edited
    from cli.entry.terminal import say

    while True:
        text = edited(text)
        try:
            return changes_in(type_name, before, text), text
        except Refused as refused:
            for one in refused.each():
                say(f"  {one}")
        if not _again():
            return [], text


def _again() -> bool:
    from cli.entry.terminal import Back, ask

    try:
        line = ask("Edit it again? [Y/n] ", "n leaves, and nothing is recorded.")
    except Back:
        return True
    return line.casefold() not in ("n", "no")
