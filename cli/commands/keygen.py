"""stakebook keygen"""

from __future__ import annotations

from pathlib import Path

import click

from cli.hints import say_next
from cli.output import FileOnly, refuse_taken
from cli.render import write_json
from cli.safe_text import safe
from ledger.proofs.snapshot import origin_of
from ledger.storage.opening import peek
from ledger.storage.server import Place
from ledger.transparency.signed_notes import COSIGNED, SIGNED
from ledger.values.refusals import to_run


@click.command("keygen")
@click.argument("file", type=FileOnly())
@click.option(
    "--witness", metavar="NAME", help="A witness's key, under a name such as acme.law/w1."
)
@click.option("--passphrase", "locked", is_flag=True, help="Protect the key with a passphrase.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(path: Place, file: Path, witness: str | None, locked: bool, as_json: bool) -> None:
    """Make an Ed25519 key in FILE, to sign checkpoints of the ledger, or to cosign as a witness.

    The file may be read by its owner alone and must lie outside of git work trees. Give the public
    key that is printed to those who will verify, by another way than the ledger.

    \b
    Example:
      stakebook --ledger deal.db keygen ~/deal.key
      stakebook keygen ~/witness.key --witness acme.law/witness
    """
    from cli.keys import make_key
    from cli.signing import passphrase

    refuse_taken(file)
    name = witness or origin_of(peek(path).id)
    secret = passphrase(confirm=True) if locked else None
    verifier = make_key(file, name, COSIGNED if witness else SIGNED, secret)
    if as_json:
        write_json({"file": str(file), "name": name, "public_key": str(verifier)})
        return
    click.echo(safe(f"made {file}; keep it secret, and apart from the ledger"))
    click.echo("public key, for those who verify:")
    click.echo(str(verifier))
    if witness:
        words = ("--log", "VKEY", "--key", file, "--state", "SEEN", "--first", "--out", "ANSWER")
        say_next(
            f"{to_run('cosign', 'REQUEST', *words)} cosigns a ledger for the first time.",
            aside=True,
        )
    else:
        say_next(
            f"give that line to whoever verifies; {to_run('seal', '--key', file)} signs.",
            aside=True,
        )
