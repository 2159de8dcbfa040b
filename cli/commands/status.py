"""stakebook status"""

from __future__ import annotations

import click

from cli.completions import EVENT
from cli.context import looked_up
from cli.page import say
from cli.render import write_json
from ledger.storage.opening import store_at
from ledger.storage.server import Place
from ledger.values.refusals import Refused, key_changed
from ledger.values.text import checked_key


@click.command("status")
@click.option(
    "--key", type=EVENT, required=True, metavar="KEY", help="The key the event was given."
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.pass_obj
def command(path: Place, key: str, as_json: bool) -> int:
    """Was the event under a key recorded? Settles an append whose outcome is unknown.

    Says `recorded` and ends with 0, or `not recorded` and ends with 1. Changes nothing. An append
    that was not recorded can be repeated with the same key.

    \b
    Example:
      stakebook --ledger deal.db status --key transfer-2023-11-08
    """
    try:
        checked_key(key)
    except Refused as refused:
        raise refused.at("--key") from None
    store = store_at(path)
    writing = store.is_being_written() if (event := store.recorded_under(key)) is None else False
    if event is None and not writing:
        event = store.recorded_under(key)  # what was being written before is written by now
        if event is None:
            _refuse_hidden(path, key)
    if event is None:
        if as_json:
            write_json({"key": key, "status": "not recorded", "being_written": writing})
            return 1
        click.echo("not recorded")
        if writing:
            click.echo(
                "Another process is writing this ledger: ask again when it has finished.", err=True
            )
        return 1
    if as_json:
        write_json(
            {
                "key": event.key,
                "status": "recorded",
                "position": event.position,
                "type": event.type,
                "id": event.id,
                "recorded_at": event.recorded_at,
            }
        )
    else:
        say(f"recorded #{event.position} {event.type} {event.key} at {event.recorded_at}")
    return 0


def _refuse_hidden(path: Place, key: str) -> None:
    """An event that the log holds must be found by its key; Damaged where it is not."""
    if looked_up(path, lambda index: index.knows(f"key:{key}")):
        raise key_changed(key)
