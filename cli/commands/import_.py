"""stakebook import"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import new_id, now, progress
from cli.render import safe
from cli.signing import VerifierType
from ledger.evidence import Export
from ledger.files import Peek, peek
from ledger.notes import Verifier
from ledger.refusals import Refusal, Refused
from ledger.seal import keep
from ledger.verify import Trust, verify


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=VerifierType(), help="The public key that must have sealed it.")
@click.pass_obj
def command(path: Path, file: Path, key: Verifier | None) -> None:
    """Rebuild the ledger of an audit export at --ledger, byte for byte.

    Into a ledger that holds the first events of the same history, the others are added. The export
    is verified first, and every event checked by the rules that once accepted it; all is recorded,
    or nothing.

    \b
    Example:
      stakebook --ledger copy.db import deal.audit.jsonl --key "$VKEY"
    """
    from ledger.application import Ledger
    from ledger.restore import restore
    from projections.fresh import fresh_read_model
    from projections.index import views_path

    export = Export(file)
    with progress("verifying", export.size) as advance:
        report = verify(export, Trust(key), advance)
    if report.findings:
        place, wrong = report.findings[0]
        raise Refused(
            Refusal.BAD_EXPORT, wrong, f"See all of it with `stakebook verify {file}`.", place
        )
    there, views = path.exists(), views_path(path)
    if there:
        peek(path)
    try:
        with (
            Ledger(path, now, (lambda: export.id) if not there else new_id, mode="rwc") as ledger,
            fresh_read_model(views, Peek(export.id, export.size)) as filed,
            progress("importing", export.size) as advance,
        ):
            fresh = restore(ledger, export, filed, advance)
            if not there:
                filed.finish()
                filed.put(views)
    except BaseException:
        if not there:
            _remove(path)
        raise
    for note in export.notes():
        keep(path, note)
    click.echo(safe(f"imported {fresh} events into {path}, {export.size - fresh} already there"))


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
