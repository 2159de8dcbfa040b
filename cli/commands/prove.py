"""stakebook prove"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import progress
from cli.render import safe
from ledger.newfiles import create
from ledger.prove import prove
from ledger.snapshot import Snapshot


@click.command("prove")
@click.argument("event")
@click.option("--out", type=click.Path(path_type=Path), help="Write to FILE [standard output].")
@click.pass_obj
def command(path: Path, event: str, out: Path | None) -> None:
    """Prove that EVENT (its key, or its position as '#12') is in the history that was sealed.

    The proof is a tlog-proof (c2sp.org/tlog-proof) that carries the event's bytes; with the public
    key, `stakebook verify FILE` or any other implementation checks it, without the ledger.

    \b
    Example:
      stakebook --ledger deal.db prove trust-sale-2 --out trust-sale-2.tlog-proof
    """
    with Snapshot(path) as snapshot, progress("hashing", snapshot.size) as advance:
        proof = prove(snapshot, event, advance)
    if out is None:
        click.echo(str(proof), nl=False)
        return
    create(out, str(proof))
    click.echo(safe(f"wrote {out}: event #{proof.index + 1} of {proof.checkpoint.size}"))
