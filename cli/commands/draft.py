"""stakebook draft"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import OpenedLedger, at_terminal
from cli.options import defaults_in, defaults_option
from ledger.values.refusals import Refusal, Refused


@click.command("draft")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--type", "type_name", metavar="TYPE", default="", help="The first event's type.")
@click.pass_obj
def command(path: Path, file: Path, type_name: str, defaults_file: str | None) -> None:
    """Ask for events at a terminal, and write them to FILE instead of recording them.

    It asks as `stakebook append` does, and holds what is typed against the ledger. FILE is YAML,
    each event with a key: `stakebook append --file FILE` records it, and records nothing twice.

    \b
    Example:
      stakebook draft round.yaml
    """
    from cli.entry.drafting import Drafting
    from cli.entry.session import hold

    if not at_terminal():
        raise click.UsageError("draft asks at a terminal. Write the file by hand, or with export.")
    if file.exists():
        raise Refused(
            Refusal.FILE_EXISTS, f"{file} exists already.", "Name another file, or move it away."
        )
    with OpenedLedger(path) as opened:
        kept = defaults_in(defaults_file).fields
        hold(opened, Drafting(opened, file), type_name, kept=kept)


command.params.append(defaults_option())
