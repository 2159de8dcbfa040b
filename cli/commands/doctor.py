"""stakebook doctor"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import get_terminal_size

import click

from cli.render import print_table, write_json
from cli.safe_text import filled


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def command(path: Path, as_json: bool) -> int:
    """Is this machine fit to keep the ledger, and is the ledger's file sound?

    Looks at Python, SQLite, the disk, permissions, the clock and, if there is one, the ledger's
    file. Changes nothing. Ends with 1 if there is a problem; a warning is no problem.

    \b
    Example:
      stakebook --ledger deal.db doctor
    """
    from cli.health import findings

    found = findings(path)
    worst = [row.verdict for row in found if row.verdict != "ok"]
    if as_json:
        write_json({"ledger": str(path), "findings": [row._asdict() for row in found]})
    else:
        rows = [row._asdict() for row in found]
        print_table(f"Fitness to keep {path}", rows, ("check", "verdict", "found"))
        width = get_terminal_size().columns if sys.stdout.isatty() else 10_000
        for row in found:
            if row.to_do:
                text = f"{row.verdict}: {row.check}: {row.to_do}"
                click.echo(filled(text, width, under="  "))
        click.echo(f"problems: {worst.count('problem')}, warnings: {worst.count('warning')}")
    return 1 if "problem" in worst else 0
