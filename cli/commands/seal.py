"""stakebook seal"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from cli.context import clock_option, now, progress
from cli.hints import say_next
from cli.output import STDOUT, is_stdout, output, refuse_taken
from cli.render import write_json
from cli.safe_text import safe
from cli.signing import VerifierType, adding_remedy, read_bytes, signer_at
from ledger.proofs.cosigning import add_cosignatures, cosigning_request
from ledger.proofs.seal import keep, newest, sign
from ledger.proofs.snapshot import Snapshot
from ledger.storage.opening import peek
from ledger.storage.server import Place, Server
from ledger.transparency.key_chain import witness
from ledger.transparency.signed_notes import NOTE_BYTES, Note, Verifier, encoded, read_checkpoint
from ledger.values.refusals import Refused


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
    "--add", type=click.Path(path_type=Path), help="Keep what a witness answered, in FILE."
)
@click.option(
    "--witness", "witnesses", type=VerifierType(), multiple=True, help="With --add, whose keys."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the checkpoint to FILE too.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(
    path: Place,
    key: Path | None,
    request: Path | None,
    since: int | None,
    add: Path | None,
    witnesses: tuple[Verifier, ...],
    out: Path | None,
    as_json: bool,
    clock_is_right: bool,
) -> None:
    """Sign a checkpoint: the size and the root of the tree over everything recorded so far.

    The whole log is hashed first, and not sealed if it no longer continues an earlier checkpoint.
    Every checkpoint is kept in the ledger. Without --key the newest one is shown.

    \b
    Example:
      stakebook seal --key ~/deal.key --request to-witness.txt
      stakebook seal --add cosigned.txt --witness "$WITNESS"
    """
    if since is not None and request is None:
        raise click.UsageError("--since goes with --request.")
    if bool(witnesses) != (add is not None):
        raise click.UsageError("--add goes with --witness, once for each witness.")
    if is_stdout(request) and as_json:
        raise click.UsageError("--json and --request - both take standard output.")
    refuse_taken(out, request)
    with ExitStack() as opened:
        streams = {file: opened.enter_context(output(file)) for file in (out, request) if file}
        if add is not None:
            _add(path, add, tuple(map(witness, witnesses)))
        note = _signed(path, key, clock_is_right)
        if request is not None:
            body, since = _asked(path, note, since)
            streams[request].write(body.encode())
        if out is not None and not is_stdout(out):
            streams[out].write(str(note).encode())
        if key is not None:
            keep(path, note)
    if request is not None:
        _say_requested(request, since)
    if not is_stdout(request):
        with adding_remedy("The checkpoint is kept; `stakebook seal` shows it again."):
            _say(note, as_json)
    if key is not None and len(note.signatures) == 1:
        behind = "the clock stands behind the last recorded event"
        click.echo(f"warning: no time is signed, because {behind}.", err=True)


def _say_requested(request: Path, since: int | None) -> None:
    name = "the request" if is_stdout(request) else str(request)
    click.echo(safe(f"wrote {name}, to be cosigned from {since} events on"), err=True)


def _add(path: Place, file: Path, witnesses: tuple[Verifier, ...]) -> None:
    try:
        added = add_cosignatures(path, read_bytes(file, NOTE_BYTES), witnesses, now())
    except Refused as refused:
        raise refused.at(str(file)) from None
    click.echo(safe(f"added: {', '.join(added.kept) or 'nothing new'}"), err=True)
    if added.excluded:
        names = ", ".join(added.excluded)
        click.echo(safe(f"left out, for want of the key: {names}"), err=True)


def _signed(path: Place, key: Path | None, clock_is_right: bool) -> Note:
    """A new checkpoint, not yet kept; without a key, the newest one."""
    if key is not None:
        with progress("hashing", peek(path).position) as advance:
            return sign(path, signer_at(key), now(), advance, clock_is_right=clock_is_right)
    with Snapshot(path) as snapshot:
        return newest(snapshot)[0]


def _asked(path: Place, note: Note, since: int | None) -> tuple[str, int]:
    """The request to cosign a checkpoint, and the size that it begins at."""
    with Snapshot(path) as snapshot, progress("hashing", snapshot.size) as advance:
        if since is None:
            cosigned = (
                read_checkpoint(kept).size
                for kept in snapshot.notes()
                if any(signature.name != snapshot.origin for signature in kept.signatures)
            )
            since = max(cosigned, default=0)
        return cosigning_request(snapshot, note, since, advance), since


def _say(note: Note, as_json: bool) -> None:
    checkpoint = read_checkpoint(note)
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
    with output(STDOUT) as stream:
        stream.write(str(note).encode())
    copy = "export --audit" if isinstance(click.get_current_context().obj, Server) else "backup"
    say_next(
        f"give this note to whoever verifies; `stakebook {copy} FILE` keeps a copy.", aside=True
    )


command.params.append(clock_option())
