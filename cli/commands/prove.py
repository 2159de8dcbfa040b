"""stakebook prove"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import progress
from cli.output import is_stdout, out_option, output, refuse_taken
from cli.page import say
from ledger.proofs.inclusion import prove
from ledger.proofs.snapshot import Snapshot
from ledger.storage.server import Place


@click.command("prove")
@click.argument("event")
@out_option
@click.pass_obj
def command(path: Place, event: str, out: Path) -> None:
    """Prove that EVENT (its key, or its position as '#12') is in the history that was sealed.

    The proof is a tlog-proof (c2sp.org/tlog-proof) that carries the event's bytes; with the public
    key, `stakebook verify FILE` or any other implementation checks it, without the ledger.

    \b
    Example:
      stakebook --ledger deal.db prove trust-sale-2 --out trust-sale-2.tlog-proof
    """
    refuse_taken(out)
    with Snapshot(path) as snapshot, progress("hashing", snapshot.size) as advance:
        proof = prove(snapshot, event, advance)
    with output(out) as stream:
        stream.write(str(proof).encode())
    if not is_stdout(out):
        say(f"wrote {out}: event #{proof.index + 1} of {proof.checkpoint.size}")
