"""stakebook export"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.context import progress, shipped
from cli.render import safe, write_json
from ledger.evidence import write_export
from ledger.newfiles import appearing, create
from ledger.snapshot import Snapshot


@click.command("export")
@click.option(
    "--audit", type=click.Path(path_type=Path), metavar="FILE", help="The history, to be verified."
)
@click.option(
    "--verifier",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The verifier, one Python file that needs nothing of stakebook.",
)
@click.option(
    "--parquet",
    "tables",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Tables for DuckDB, Polars and Spark, one file each.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(
    path: Path, audit: Path | None, verifier: Path | None, tables: Path | None, as_json: bool
) -> None:
    """Write everything recorded, to be verified or to be computed with.

    --audit writes one file of every event's bytes, checkpoints and cosignatures. It is taken from
    one moment, also while others append, and exporting twice gives the same bytes. Whoever gets it
    can check it with `stakebook verify FILE`, with the verifier of one file, or by hand; `stakebook
    import` makes a ledger of it again.

    --parquet writes tables with a row for each version of each event, and the limits between which
    it stands, so that a question on any clock is a filter: docs/analysis.md shows the queries.

    \b
    Example:
      stakebook export --audit deal.audit.jsonl --verifier verify_ledger.py
      stakebook export --parquet tables
    """
    if (audit, verifier, tables) == (None, None, None):
        raise click.UsageError("Say what to export: --audit FILE, --parquet FOLDER.")
    told: dict[str, Any] = {}
    if audit is not None:
        told["audit"] = {"file": str(audit), "events": _write_audit(path, audit)}
    if verifier is not None:
        create(verifier, shipped("verify_ledger.py", "docs").read_bytes())
        told["verifier"] = {"file": str(verifier)}
    if tables is not None:
        from cli.parquet import export_tables

        told["tables"] = export_tables(path, tables)
    if as_json:
        write_json(told)
        return
    if audit is not None:
        click.echo(safe(f"wrote {told['audit']['events']} events to {audit}"))
    if verifier is not None:
        click.echo(safe(f"wrote {verifier}"))
    for name, rows in told.get("tables", {}).items():
        click.echo(f"{name + '.parquet':20} {rows:>12,} rows")


def _write_audit(path: Path, file: Path) -> int:
    with (
        Snapshot(path) as snapshot,
        appearing(file) as draft,
        draft.open("wb") as stream,
        progress("exporting", snapshot.size) as advance,
    ):
        write_export(snapshot, stream, advance)
    return int(snapshot.size)
