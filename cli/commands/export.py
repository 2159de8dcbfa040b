"""stakebook export"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.context import progress, shipped
from cli.output import FileOnly, is_stdout, output, refuse_taken
from cli.render import write_json
from cli.safe_text import safe
from ledger.proofs.audit_export import write_export
from ledger.proofs.snapshot import Snapshot


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
    type=FileOnly(file_okay=False),
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
    import` makes a ledger of it again. The name - is standard output.

    --parquet writes tables with a row for each version of each event, and the limits between which
    it stands, so that a question on any clock is a filter: docs/analysis.md shows the queries.

    \b
    Example:
      stakebook export --audit deal.audit.jsonl --verifier verify_ledger.py
      stakebook export --parquet tables
    """
    if (audit, verifier, tables) == (None, None, None):
        raise click.UsageError("Say what to export: --audit FILE, --parquet FOLDER.")
    if [is_stdout(audit), is_stdout(verifier), as_json].count(True) > 1:
        raise click.UsageError("Only one of --audit -, --verifier - and --json can be printed.")
    refuse_taken(audit, verifier)
    written: dict[str, Any] = {}
    if audit is not None:
        written["audit"] = {"file": str(audit), "events": _write_audit(path, audit)}
    if verifier is not None:
        with output(verifier) as stream:
            stream.write(shipped("verify_ledger.py").read_bytes())
        written["verifier"] = {"file": str(verifier)}
    if tables is not None:
        from cli.parquet import export_tables

        written["tables"] = export_tables(path, tables)
    if as_json:
        write_json(written)
        return
    printed = is_stdout(audit) or is_stdout(verifier)
    if audit is not None and not is_stdout(audit):
        click.echo(safe(f"wrote {written['audit']['events']} events to {audit}"), err=printed)
    if verifier is not None and not is_stdout(verifier):
        click.echo(safe(f"wrote {verifier}"), err=printed)
    for name, rows in written.get("tables", {}).items():
        click.echo(f"{name + '.parquet':20} {rows:>12,} rows", err=printed)


def _write_audit(path: Path, file: Path) -> int:
    with (
        Snapshot(path) as snapshot,
        output(file) as stream,
        progress("exporting", snapshot.size) as advance,
    ):
        write_export(snapshot, stream, advance)
    return int(snapshot.size)
