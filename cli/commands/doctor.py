"""stakebook doctor"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from cli.page import write
from cli.render import write_json
from cli.screen import Block, Column, Line, Screen
from ledger.storage.server import Place, Server

if TYPE_CHECKING:
    from cli.health import Finding


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def command(path: Place, as_json: bool) -> int:
    """Is this machine fit to keep the ledger, and is the ledger's file sound?

    Looks at Python, SQLite, the disk, permissions, the clock and, if there is one, the ledger's
    file; of a server at its settings, rights, guards and standbys. Changes nothing. Ends with 1 if
    there is a problem; a warning is no problem.

    \b
    Example:
      stakebook --ledger deal.db doctor
    """
    found = list(_findings(path))
    worst = [row.verdict for row in found if row.verdict != "ok"]
    if as_json:
        write_json({"ledger": str(path), "findings": [row._asdict() for row in found]})
    else:
        lines = [Line((row.check, row.verdict, row.found)) for row in found]
        notes = [f"{row.verdict}: {row.check}: {row.to_do}" for row in found if row.to_do]
        notes.append(f"problems: {worst.count('problem')}, warnings: {worst.count('warning')}")
        columns = (Column("check"), Column("verdict"), Column("found", wrap=True))
        write(Screen(f"Fitness to keep {path}", [Block(columns, lines)], notes), "table")
    return 1 if "problem" in worst else 0


def _findings(place: Place) -> Iterable[Finding]:
    if isinstance(place, Server):
        from cli.server_health import server_findings

        return server_findings(place)
    from cli.health import findings

    return findings(place)
