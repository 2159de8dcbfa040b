"""stakebook rotate-key"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import OpenedLedger, clock_option, new_id, now
from cli.hints import say_next
from cli.output import STDOUT, output
from cli.recording import draft_option
from cli.render import write_json
from cli.safe_text import safe
from cli.server_drafts import keep_draft
from cli.signing import VerifierType, signer_at
from ledger.proofs.seal import hand_over, keep, sign
from ledger.storage.server import Place
from ledger.transparency.key_chain import ROTATED
from ledger.transparency.signed_notes import Verifier


@click.command("rotate-key")
@click.option("--key", type=click.Path(path_type=Path), required=True, help="The old key file.")
@click.option("--to", "new", type=VerifierType(), required=True, help="The new key.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(
    path: Place, /, key: Path, new: Verifier, as_json: bool, clock_is_right: bool, draft: bool
) -> None:
    """Record that the ledger's checkpoints are signed by a new key from here on.

    The old key signs the new one in, so that whoever trusts the old one can follow; then it seals
    for the last time. --to takes the new public key, or the new key's file. With --draft another
    person approves it first, and the old key seals then, by `stakebook seal`.

    \b
    Example:
      stakebook rotate-key --key ~/deal.key --to ~/deal-2.key
    """
    from ledger.batch import Draft
    from ledger.events.validation import make_event

    signer = signer_at(key)
    sign(path, signer, now(), clock_is_right=clock_is_right, to_come=1)  # else nothing is recorded
    rotation = Draft(make_event(ROTATED, hand_over(signer, new)), new_id())
    if draft:
        keep_draft(path, [rotation], as_json)
        return
    with OpenedLedger(path) as opened:
        receipt = opened.ledger.append([rotation], opened.read_model, clock_is_right=clock_is_right)
    (event,) = receipt.events
    note = sign(path, signer, now(), size=event.position, clock_is_right=clock_is_right)
    keep(path, note)
    if as_json:
        write_json({"position": event.position, "key": event.key, "checkpoint": str(note)})
        return
    click.echo(safe(f"recorded #{event.position} {event.type} {event.key}"))
    with output(STDOUT) as stream:
        stream.write(str(note).encode())
    say_next(
        "give this note to whoever verifies. Seal with the new key; keep the old one.", aside=True
    )


command.params += [clock_option(), draft_option()]
