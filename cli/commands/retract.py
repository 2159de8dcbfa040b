"""stakebook retract"""

from __future__ import annotations

from typing import Any

import click

from cli.amending import amendment_options, find, record
from cli.context import OpenedLedger
from ledger.storage.server import Place


@click.command("retract")
@click.argument("event")
@click.pass_obj
def command(path: Place, /, event: str, **given: Any) -> None:
    """Take an event back: EVENT is its key, its position ('#12' or 12) or its id.

    The event stays in the log; answers go on as if it had never been recorded. Retracting a
    correction or a retraction revives what it changed. What changes is always told.

    \b
    Example:
      stakebook retract trust-sale-2 --because "recorded twice"
      stakebook retract '#12' --because "recorded twice" --dry-run
    """
    with OpenedLedger(path) as opened:
        record(opened, "event-retracted", given | {"event": find(opened, event).key})


command.params += amendment_options("event-retracted")
