"""stakebook export"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import progress
from cli.render import safe
from ledger.evidence import write_export
from ledger.newfiles import create
from ledger.snapshot import Snapshot


@click.command("export")
@click.option(
    "--audit", type=click.Path(path_type=Path), metavar="FILE", help="The history, to be verified."
)
@click.option(
    "--verifier",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the verifier, one Python file that needs nothing of stakebook.",
)
@click.pass_obj
def command(path: Path, audit: Path | None, verifier: Path | None) -> None:
    """Write the whole history to one file: every event's bytes, checkpoints and cosignatures.

    It is taken from one moment, also while others append, and exporting twice gives the same
    bytes. Whoever gets it can check it with `stakebook verify FILE`, with the verifier of one file,
    or by hand; `stakebook import` makes a ledger of it again.

    \b
    Example:
      stakebook export --audit deal.audit.jsonl --verifier verify_ledger.py
    """
    if audit is None and verifier is None:
        raise click.UsageError("Say what to export: --audit FILE.")
    if audit is not None:
        with Snapshot(path) as snapshot, create(audit) as stream:
            with progress("exporting", snapshot.size) as advance:
                write_export(snapshot, stream, advance)
            size = snapshot.size
        click.echo(safe(f"wrote {size} events to {audit}"))
    if verifier is not None:
        with create(verifier) as stream:
            stream.write(standalone().read_bytes())
        click.echo(safe(f"wrote {verifier}"))


def standalone() -> Path:
    """The verifier of one file: inside the installed package, or in a source checkout."""
    installed = Path(__file__).parent.parent / "verify_ledger.py"
    return installed if installed.is_file() else Path(__file__).parents[2] / "docs" / installed.name
