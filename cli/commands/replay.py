"""stakebook replay"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import Any

import click

from cli.context import open_ledger, progress
from cli.render import write_json
from ledger.audit import replayed
from ledger.files import peek
from ledger.view import View
from projections.fresh import fresh_read_model
from projections.index import open_index, views_path
from projections.questions import digest


@click.command("replay")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Rebuild every read model from the log, checking each event by the rules that accepted it.

    Compares what is rebuilt with the read model in use, which it then replaces, and prints a
    digest of the final state: two replays of one log print the same digest anywhere.

    \b
    Example:
      stakebook --ledger deal.db replay
    """
    path: Path = ctx.obj
    seen, views = peek(path), views_path(path)
    with open_ledger(path, "ro") as ledger, fresh_read_model(views, seen) as fresh:
        with progress("replaying", seen.position) as advance:
            for position in replayed(ledger, fresh):
                advance(position)
        index = fresh.finish()
        found = digest(View(index))
        if not views.is_file():
            compared = "built"
        else:
            old = open_index(views, seen, ledger.events_after)
            same = all(
                ours == theirs for ours, theirs in zip_longest(index.content(), old.content())
            )
            old.close()
            compared = "same" if same else "differed, replaced"
        if compared != "same":
            fresh.put(views)
    result = {
        "ledger": seen.id, "events": seen.position, "read_model": compared, "digest": found,
    }  # fmt: skip
    _say(result, as_json)
    return 1 if compared == "differed, replaced" else 0


def _say(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        write_json(result)
        return
    click.echo(f"ledger      {result['ledger']}")
    click.echo(f"events      {result['events']} replayed, every one accepted by the rules again")
    click.echo(f"read model  {result['read_model']}")
    click.echo(f"state       sha256 {result['digest']}")
