"""stakebook init"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import open_ledger
from ledger.refusals import Refusal, Refused


@click.command("init")
@click.pass_obj
def command(path: Path) -> None:
    """Make a new, empty ledger at --ledger.

    \b
    Example:
      stakebook --ledger deal.db init
    """
    if path.exists():
        raise Refused(
            Refusal.LEDGER_EXISTS,
            f"{path} exists already.",
            "Name a new file with --ledger, or append to this one.",
        )
    with open_ledger(path, create=True) as ledger:
        click.echo(f"made {path}, ledger {ledger.id}")
