"""stakebook corroborate"""

from __future__ import annotations

from typing import Any

import click

from cli.amending import amendment_options, find, record
from cli.context import OpenedLedger
from ledger.storage.server import Place


@click.command("corroborate")
@click.argument("event")
@click.option(
    "--source",
    "citations",
    multiple=True,
    required=True,
    metavar="SOURCE[:LOCATOR]",
    help="A source that supports it, and where; repeatable.",
)
@click.pass_obj
def command(path: Place, /, event: str, **given: Any) -> None:
    """Say that further sources support an event: EVENT is its key, position or id.

    It is then known from the earliest of its sources, and falls only with the last of them. What
    changes is always told.

    \b
    Example:
      stakebook corroborate trust-sale-2 --source "notice:p. 2" --source press
    """
    with OpenedLedger(path) as opened:
        record(opened, "event-corroborated", given | {"event": find(opened, event).key})


command.params += amendment_options("event-corroborated", without=("citations",), kind=False)
