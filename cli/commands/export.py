"""stakebook export"""

from __future__ import annotations

from pathlib import Path

import click

from cli.render import write_json


@click.command("export")
@click.option(
    "--parquet",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Tables for DuckDB, Polars and Spark, one file each.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(ledger: Path, folder: Path | None, as_json: bool) -> None:
    """Write everything recorded in a form that other programs read.

    The tables have a row for each version of each event, with the limits between which it stands,
    so that a question on any clock is a filter: docs/analysis.md shows the queries.

    \b
    Example:
      stakebook --ledger deal.db export --parquet tables
    """
    if folder is None:
        raise click.UsageError("Say what to write: --parquet FOLDER.")
    from cli.parquet import export_tables

    written = export_tables(ledger, folder)
    if as_json:
        write_json({"tables": written})
        return
    for name, rows in written.items():
        click.echo(f"{name + '.parquet':20} {rows:>12,} rows")
