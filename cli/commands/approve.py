"""stakebook approve"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from cli.context import OpenedLedger, clock_option
from cli.recording import (
    append_options_of,
    dry_run_option,
    impact_option,
    json_option,
    proof_option,
    strict_option,
    thresholds_option,
    write,
)
from cli.server_drafts import drafts_at, items_of, refuse_ended
from ledger.storage.server import Place
from ledger.values.refusals import Damaged, Refusal, Refused


@click.command("approve")
@click.argument("number", type=click.IntRange(1))
@click.pass_obj
def command(path: Place, /, number: int, **given: Any) -> None:
    """Record a draft of another person, whole, as it was drafted.

    The rules are asked now. Each event names its author and you. The server refuses what differs
    from the draft, an own draft, and a part of one.

    \b
    Example:
      stakebook --ledger postgresql://db.example/deals approve 3
    """
    with drafts_at(path) as drafts:
        draft, events = drafts.named(number)
        refuse_ended(draft)
        if draft.by == drafts.login:
            raise Refused(
                Refusal.NEEDS_APPROVAL,
                f"Draft {number} is your own.",
                "Another approver records it; `stakebook reject` withdraws it.",
                "NUMBER",
            )
    options = replace(append_options_of(given), author=draft.by)
    try:
        with OpenedLedger(path) as opened:
            write(opened, items_of(number, events), options)
    except Damaged:
        with drafts_at(path) as drafts:  # which may have ended meanwhile
            refuse_ended(drafts.named(number)[0])
        raise


command.params += [
    dry_run_option(), clock_option(), impact_option(), thresholds_option(), strict_option(),
    proof_option(), json_option(),
]  # fmt: skip
