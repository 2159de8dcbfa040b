"""stakebook cosign"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import now
from cli.hints import say_next
from cli.output import FileOnly, is_stdout, out_option, output
from cli.safe_text import safe
from cli.signing import VerifierType, adding_remedy, read_bytes, signer_at
from ledger.proofs.witness import REQUEST_BYTES, cosign, read_request
from ledger.transparency.signed_notes import Verifier
from ledger.values.refusals import Refused, to_run


@click.command("cosign")
@click.argument("request", type=click.Path(path_type=Path))
@click.option(
    "--log", type=VerifierType(), required=True, help="The ledger's public key, as you know it."
)
@click.option("--key", type=click.Path(path_type=Path), required=True, help="Your key file.")
@click.option(
    "--state",
    type=FileOnly(),
    required=True,
    help="Your memory of this ledger: the checkpoint you cosigned last.",
)
@click.option("--first", is_flag=True, help="You never cosigned anything for this ledger.")
@out_option
def command(request: Path, log: Verifier, key: Path, state: Path, first: bool, out: Path) -> None:
    """As a witness (an auditor, a law firm, the other side), cosign that a history only grew.

    REQUEST is the file that `stakebook seal --request` wrote. What you cosigned last is kept in
    --state, written before a signature leaves: guard it, for it is what keeps you from cosigning
    two histories. Send what is printed back; `stakebook seal --add` keeps it.

    \b
    Example:
      stakebook cosign ask.txt --log "$VKEY" --key ~/w.key --state deal.seen
    """
    try:
        asked = read_request(read_bytes(request, REQUEST_BYTES))
    except Refused as refused:
        raise refused.at(str(request)) from None
    signer, again = signer_at(key), "It is remembered as cosigned: give the same request again."
    with output(out) as stream:
        note = cosign(asked, log, signer, state, int(now().timestamp()), first=first)
        with adding_remedy(again):
            stream.write(str(note).encode())
    if not is_stdout(out):
        click.echo(safe(f"wrote {out}"), err=True)
        added = to_run("seal", "--add", out, "--witness", signer.verifier)
        say_next(f"send it back to the ledger's keeper, who runs {added}.", aside=True)
