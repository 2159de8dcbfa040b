"""stakebook seal"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import now, progress
from cli.render import safe, write_json
from cli.signing import VerifierType, note_at, signer_at, told
from ledger.files import peek
from ledger.newfiles import create
from ledger.notes import Note, Verifier, encoded, read_checkpoint
from ledger.seal import add_cosignatures, cosigning_request, newest, seal
from ledger.snapshot import Snapshot
from ledger.trust import witness


@click.command("seal")
@click.option("--key", type=click.Path(path_type=Path), help="The key file that signs.")
@click.option(
    "--request",
    type=click.Path(path_type=Path),
    help="Also write FILE, which asks a witness to cosign.",
)
@click.option(
    "--since",
    type=click.IntRange(0),
    metavar="N",
    help="The size that the witness cosigned last [the last cosigned one kept here].",
)
@click.option(
    "--add", type=click.Path(path_type=Path), help="Keep the cosigned checkpoint in FILE."
)
@click.option(
    "--witness", "witnesses", type=VerifierType(), multiple=True, help="With --add, whose keys."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the checkpoint to FILE too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(
    path: Path,
    key: Path | None,
    request: Path | None,
    since: int | None,
    add: Path | None,
    witnesses: tuple[Verifier, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Sign a checkpoint: the size and the root of the tree over everything recorded so far.

    The whole log is hashed first, and not sealed if it no longer continues an earlier checkpoint.
    Every checkpoint is kept in the ledger. Without --key the newest one is shown.

    \b
    Example:
      stakebook seal --key ~/keys/deal.key --request to-witness.txt
      stakebook seal --add cosigned.txt --witness "$WITNESS"
    """
    if since is not None and request is None:
        raise click.UsageError("--since goes with --request.")
    if bool(witnesses) != (add is not None):
        raise click.UsageError("--add goes with --witness, once for each witness.")
    if add is not None:
        names = add_cosignatures(path, note_at(add), tuple(map(witness, witnesses)))
        click.echo(safe(f"added: {', '.join(names) or 'nothing new'}"), err=True)
    if key is not None:
        with progress("hashing", peek(path).position) as advance:
            note = seal(path, signer_at(key), now(), advance)
    else:
        with Snapshot(path) as snapshot:
            note, _ = newest(snapshot)
    if out is not None:
        create(out, str(note))
    if request is not None:
        _ask(path, request, since)
    with told("The checkpoint is kept; `stakebook seal` shows it again."):
        _say(note, key is not None, as_json)


def _ask(path: Path, request: Path, since: int | None) -> None:
    with Snapshot(path) as snapshot, progress("hashing", snapshot.size) as advance:
        if since is None:
            cosigned = (
                read_checkpoint(kept).size
                for kept in snapshot.notes()
                if any(signature.name != snapshot.origin for signature in kept.signatures)
            )
            since = max(cosigned, default=0)
        body = cosigning_request(snapshot, since, advance)
    create(request, body)
    click.echo(safe(f"wrote {request}, to be cosigned from {since} events on"), err=True)


def _say(note: Note, signed: bool, as_json: bool) -> None:
    checkpoint = read_checkpoint(note)
    timed = len(note.signatures) > 1
    if as_json:
        write_json(
            {
                "origin": checkpoint.origin,
                "events": checkpoint.size,
                "root": encoded(checkpoint.root),
                "checkpoint": str(note),
            }
        )
        return
    click.echo(str(note), nl=False)
    if signed and not timed:
        click.echo(
            "warning: no time is signed, because the clock stands behind the last recorded event.",
            err=True,
        )
