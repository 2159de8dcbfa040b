"""stakebook retract-source"""

from __future__ import annotations

from typing import Any

import click

from cli.amending import amendment_options, record
from cli.context import OpenedLedger
from ledger.storage.server import Place


@click.command("retract-source")
@click.argument("source")
@click.pass_obj
def command(path: Place, /, source: str, **given: Any) -> None:
    """Withdraw SOURCE: everything that rests on it alone falls.

    What another source supports stays. What changes is always told.

    \b
    Example:
      stakebook retract-source notice --because "it was a forgery"
    """
    with OpenedLedger(path) as opened:
        record(opened, "source-retracted", given | {"source": source})


command.params += amendment_options("source-retracted", kind=False)
