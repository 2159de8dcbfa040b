"""stakebook convert"""

from __future__ import annotations

import sys
from typing import Any

import click

from cli.losses import report
from cli.spreadsheets import read, refuse
from cli.table_options import strict_option, table_options, table_options_of
from cli.yaml_export import item


@click.command("convert")
@click.argument("file")
@click.option(
    "--assert", "asserting", is_flag=True, help="Holdings as balances to be checked, not as opened."
)
def command(file: str, **given: Any) -> int:
    """The events that a FILE of CSV or XLSX gives, as YAML that `append --file` takes.

    Needs no ledger and records nothing, so that a register can be reviewed before anybody decides.
    What is lost is told on standard error.

    \b
    Example:
      stakebook convert --from csv reg.csv --as corvo --published-on 2024-03-31
    """
    options = table_options_of(given, (file,))
    if options is None:
        raise click.UsageError("Say what the file is: --from FORMAT FILE.")
    reading = read(options, None)
    passed = report(reading.report, options.losses, frozenset(options.allow), strict=options.strict)
    if not passed:
        return 1
    refuse(reading.problems)
    for entry in reading.entries:
        sys.stdout.write(item(entry.event.type, entry.key or "", entry.event.data).decode())
    return 0


command.params += [*table_options(recording=False), strict_option()]
