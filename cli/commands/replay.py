"""stakebook replay"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.context import open_ledger, progress
from cli.render import write_json
from ledger.audit import replayed
from ledger.files import peek
from projections.index import build_index, open_index, views_path
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
    with open_ledger(path, "ro") as ledger:
        with progress("checking events", seen.position) as advance:
            for position in replayed(ledger):
                advance(position)
        with progress("rebuilding", seen.position) as advance:
            fresh = build_index(None, seen, ledger.events_after, advance)
        in_use = views.is_file()
        old = open_index(views, seen, ledger.events_after)
        same = all(a == b for a, b in _paired(fresh.content(), old.content()))
        old.close()
        if not same:
            build_index(views, seen, ledger.events_after).close()
    from ledger.view import View

    result = {
        "ledger": seen.id,
        "events": seen.position,
        "read_model": ("same" if same else "differed, replaced") if in_use else "built",
        "digest": digest(View(fresh)),
    }
    _say(result, as_json)
    return 0 if same else 1


def _paired(ours: Any, theirs: Any) -> Any:
    from itertools import zip_longest

    return zip_longest(ours, theirs)


def _say(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        write_json(result)
        return
    click.echo(f"ledger      {result['ledger']}")
    click.echo(f"events      {result['events']} replayed, every one accepted by the rules again")
    click.echo(f"read model  {result['read_model']}")
    click.echo(f"state       sha256 {result['digest']}")
