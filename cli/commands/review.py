"""stakebook review"""

from __future__ import annotations

import json as json_text
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from cli.context import OpenedLedger, open_ledger, today
from cli.impact import impact_lines
from cli.receipts import Told
from cli.recording import json_option, thresholds_option
from cli.render import write_json
from cli.safe_text import safe
from cli.server_drafts import drafts_at, in_words, items_of, row_of
from ledger.batch import Receipt
from ledger.storage.server import Place
from ledger.values.refusals import StakebookError

if TYPE_CHECKING:
    from ledger.events.envelope import Recorded
    from ledger.storage.drafts import DraftedEvent
    from ledger.time.history import History
    from projections.changes.impact import Impact


@click.command("review")
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def command(path: Place, /, number: int, json: bool, thresholds: Any) -> None:
    """What a draft says, and which answers it would change if it was approved now.

    It is held against the rules and the log of today, and refused where `approve` would refuse it.
    Nothing is recorded.

    \b
    Example:
      stakebook --ledger postgresql://db.example/deals review 3
    """
    with drafts_at(path) as drafts:
        draft, events = drafts.named(number)
    plain = row_of(draft) | {"drafted": [_plain(event) for event in events]}
    if not json:
        told = f"Draft {number} by {draft.by}, {plain['at'][:10]}: {in_words(draft)}"
        click.echo(safe(told))
    if draft.status != "open":
        if json:
            write_json(plain | {"refused": None, "impact": None})
        return
    with OpenedLedger(path, "ro") as opened:
        before = opened.ask(lambda index: index)
        try:
            with open_ledger(path, "ro") as ledger:
                new = ledger.suppose(items_of(number, events), before)
        except StakebookError as refused:
            if json:
                write_json(plain | {"refused": str(refused), "impact": None})
            raise
        changed = _impact(before, new, thresholds)
        if json:
            write_json(plain | {"refused": None, "impact": changed.as_json()})
            return
        _say(before, new, changed)


def _say(before: History, new: Sequence[Recorded], changed: Impact) -> None:
    """Say in sentences what would be recorded, and what that would change."""
    if not new:
        click.echo("All of it is recorded already.")
        return
    positions = [event.position for event in new]
    receipt = Receipt(tuple(new), positions, 0, new[0].recorded_at)
    told = Told(receipt, before, today().isoformat(), dry_run=True)
    told.say()
    for line in impact_lines(changed.as_json(), True, told.names):
        click.echo(line)


def _impact(before: History, new: Sequence[Recorded], thresholds: Any) -> Impact:
    from ledger.time.log import Log
    from projections.changes.impact import impact

    return impact(before, Log(new, before), list(new), thresholds)


def _plain(event: DraftedEvent) -> dict[str, Any]:
    return {"key": event.key, "type": event.type, "data": json_text.loads(event.data)}


command.params += [thresholds_option(), json_option()]
