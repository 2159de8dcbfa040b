"""What `export` writes, each kind by a function of the ledger and where to write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cli.context import progress, shipped
from cli.output import is_stdout, output, refuse_taken
from ledger.proofs.audit_export import write_export
from ledger.proofs.snapshot import Snapshot
from ledger.storage.server import Place
from ledger.time.view import Cut


class Exported(NamedTuple):
    """What was written: as JSON says it, in lines for a reader, and what is not in it."""

    fields: Any
    lines: Sequence[str] = ()
    remarks: Sequence[str] = ()


def audit(ledger: Place, file: Path) -> Exported:
    """The history, to be verified, in a file or on standard output."""
    with (
        Snapshot(ledger) as snapshot,
        output(file) as stream,
        progress("exporting", snapshot.size) as advance,
    ):
        write_export(snapshot, stream, advance)
    fields = {"file": str(file), "events": int(snapshot.size)}
    return Exported(fields, _unless_printed(file, f"wrote {fields['events']} events to {file}"))


def verifier(_: Path, file: Path) -> Exported:
    """The verifier of one Python file, in a file or on standard output."""
    with output(file) as stream:
        stream.write(shipped("verify_ledger.py").read_bytes())
    return Exported({"file": str(file)}, _unless_printed(file, f"wrote {file}"))


def tables(
    ledger: Path, folder: Path, *, ledgers: Sequence[Path] = (), jobs: int | None = None
) -> Exported:
    """Tables of a ledger, or of others in its place, as Parquet files in a folder."""
    from cli.tables_export import export_tables

    rows = export_tables(_without_read_models(ledgers) or [ledger], folder, jobs)
    return Exported(
        rows, [f"{name + '.parquet':20} {count:>12,} rows" for name, count in rows.items()]
    )


def _without_read_models(ledgers: Sequence[Path]) -> list[Path]:
    """The files that are not the read model of another."""
    from projections.readmodel.index import views_path

    models = {views_path(ledger) for ledger in ledgers if ledger.name}
    return [ledger for ledger in ledgers if ledger not in models]


def texts(ledger: Path, folder: Path) -> Exported:
    """Events as YAML files in a folder."""
    from cli.yaml_export import export_yaml, not_carried

    fields = export_yaml(ledger, folder)
    files = fields["written"]
    named = f" ({' to '.join(dict.fromkeys([files[0], files[-1]]))})" if files else ""
    line = f"{folder}: {fields['events']:,} events; files written: {len(files)}{named}"
    return Exported(fields, [line], list(not_carried(fields)))


def answers(ledger: Place, form: str, file: Path, cut: Cut) -> Exported:
    """The answers at a cut, in one file of a form."""
    made = {"sqlite": _database, "xlsx": _workbook}[form]
    rows, written = made(ledger, file, cut)
    lines = [f"{name:20} {count:>12,} rows" for name, count in rows.items()]
    return Exported({"file": str(file), "rows": rows}, [*lines, written])


def _database(ledger: Place, file: Path, cut: Cut) -> tuple[dict[str, int], str]:
    from cli.sqlite_export import export_sqlite, metadata_of

    refuse_taken(file, metadata_of(file))
    rows = export_sqlite(ledger, file, cut)
    return rows, f"wrote {file}, and {metadata_of(file)} for Datasette"


def _workbook(ledger: Place, file: Path, cut: Cut) -> tuple[dict[str, int], str]:
    from cli.xlsx_export import export_xlsx

    refuse_taken(file)
    return export_xlsx(ledger, file, cut), f"wrote {file}"


def _unless_printed(file: Path, line: str) -> list[str]:
    return [] if is_stdout(file) else [line]
