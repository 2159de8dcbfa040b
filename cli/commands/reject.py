"""stakebook reject"""

from __future__ import annotations

import click

from cli.recording import json_option
from cli.render import write_json
from cli.server_drafts import drafts_at, refuse_ended
from ledger.storage.server import Place
from ledger.values.refusals import Refused
from ledger.values.text import checked_text


@click.command("reject")
@click.argument("number", type=click.IntRange(1))
@click.option("--note", required=True, metavar="TEXT", help="Why.")
@click.pass_obj
def command(path: Place, number: int, note: str, json: bool) -> None:
    """Reject a draft of another person, or withdraw an own one: it cannot be approved any more.

    \b
    Example:
      stakebook reject 3 --note "the date is that of the signing"
    """
    try:
        checked_text(note)
    except Refused as refused:
        raise refused.at("--note") from None
    with drafts_at(path) as drafts:
        draft, _ = drafts.named(number)
        refuse_ended(draft)
        step = drafts.end(draft, note)
    if json:
        write_json({"draft": number, "status": step})
    else:
        click.echo(f"Draft {number} is {step}.")


command.params.append(json_option())
