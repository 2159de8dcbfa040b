"""stakebook replay"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from cli.context import jobs_option, open_ledger, progress
from cli.follower import unchecked_in
from cli.local import views_of
from cli.page import say
from cli.render import write_json
from cli.safe_text import safe
from cli.state_digest import state_digest
from ledger.application import Ledger
from ledger.events.envelope import Recorded
from ledger.replay import replayed
from ledger.storage.opening import peek, server_store
from ledger.storage.server import Place, Server
from ledger.values.refusals import Refused
from projections.questions import RULES
from projections.readmodel.alike import alike
from projections.readmodel.index import Index
from projections.readmodel.kept import forget
from projections.readmodel.opening import is_free, open_index
from projections.readmodel.rebuild import rebuilt_read_model

SAME, DIFFERED = "same", "differed, replaced"
OTHER = "none: what lies in its place is left as it is"


@click.command("replay")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--repair-frontier", is_flag=True, help="On a server: make the tree anew first.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, repair_frontier: bool, jobs: int) -> int:
    """Rebuild every read model from the log, checking each event by the rules that accepted it.

    Compares what is rebuilt with the read model in use, which it then replaces, and prints a
    digest of the final state: two replays of one log print the same digest anywhere.

    \b
    Example:
      stakebook --ledger deal.db replay
    """
    path: Place = ctx.obj
    if repair_frontier:
        _repair(path)
    seen, views = peek(path), views_of(path)
    older = list[tuple[Recorded, Refused]]()
    with open_ledger(path, "ro") as ledger, rebuilt_read_model(views, seen.id) as fresh:
        with progress("replaying", seen.position) as advance:
            for position in replayed(ledger, fresh, lambda *one: older.append(one), jobs):
                advance(position)
        index = fresh.finish()
        found = state_digest(index, fresh.path, jobs)
        compared = _compared(index, views, ledger)
        if compared not in (SAME, OTHER):
            fresh.put(views)
        if compared != OTHER and isinstance(path, Server):
            unchecked_in(views.parent).unlink(missing_ok=True)
    result = {
        "ledger": seen.id, "events": seen.position, "read_model": compared, "digest": found,
        "rules": RULES, "by_older_rules": len(older),
    }  # fmt: skip
    _say(result, as_json)
    _warn(older)
    return 1 if compared == DIFFERED else 0


command.params.append(jobs_option())


def _repair(place: Place) -> None:
    if not isinstance(place, Server):
        raise click.UsageError("--repair-frontier is for a ledger on a server.")
    wrong = server_store(place).repair_frontier()
    click.echo("the tree was a false one: made anew" if wrong else "the tree is that of the events")


def _compared(index: Index, views: Path, ledger: Ledger) -> str:
    """How the read model in use compares with one that was just built."""
    if not views.exists():
        return "built"
    if not is_free(views):
        return OTHER
    try:
        with closing(open_index(views, ledger)) as old:
            forget(old.connection)  # what is kept in it is found anew, as all else is
            return SAME if alike(index, old) else DIFFERED
    except sqlite3.DatabaseError:  # a part of it cannot be read
        return DIFFERED


def _warn(older: list[tuple[Recorded, Refused]]) -> None:
    """Name the first event that an older release accepted and the rules of today refuse."""
    if older:
        event, refused = older[0]
        more = f" So it is in {len(older) - 1} later batches." if older[1:] else ""
        click.echo(
            safe(
                f"warning: #{event.position} {event.key} keeps the rules of release 0.1.0, by which"
                f" it is accepted, but not those of today: {refused}{more}"
            ),
            err=True,
        )


def _say(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        write_json(result)
        return
    say(f"ledger      {result['ledger']}")
    accepted = "every one accepted by the rules again"
    if number := result["by_older_rules"]:
        batches = "1 batch" if number == 1 else f"{number} batches"
        accepted = f"{batches} accepted by the rules of release 0.1.0 alone"
    say(f"events      {result['events']} replayed, {accepted}")
    say(f"read model  {result['read_model']}")
    say(f"state       sha256 {result['digest']} by rules {result['rules']}", " " * 12)
