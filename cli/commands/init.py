"""stakebook init"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import make_ledger
from cli.hints import say_next
from cli.safe_text import safe
from ledger.storage.files import file_error
from ledger.storage.filesystems import refuse_new_ledger
from ledger.values.refusals import Refusal, Refused


@click.command("init")
@click.pass_obj
def command(path: Path) -> None:
    """Make a new, empty ledger at --ledger.

    \b
    Example:
      stakebook --ledger deal.db init
    """
    refuse_new_ledger(path)
    if _exists(path):
        raise Refused(
            Refusal.LEDGER_EXISTS,
            f"{path} exists already.",
            "Name a new file with --ledger, or append to this one: `stakebook append --file FILE`.",
        )
    click.echo(safe(f"made {path}, ledger {make_ledger(path)}"))
    say_next("`stakebook append --file FILE` records events; `stakebook append` asks for them.")


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise file_error(path, error) from None
