"""stakebook follow"""

from __future__ import annotations

import json
from contextlib import closing
from itertools import chain, takewhile
from pathlib import Path
from threading import Event

import click

from cli.context import OpenedLedger, now, warn
from cli.follower import Follower
from cli.hints import say_next
from cli.safe_text import safe
from ledger.storage.atomic_file import create
from ledger.storage.opening import server_store
from ledger.storage.server import Place, Server
from ledger.transparency.merkle import leaf_hash
from ledger.values.dates import stored_instant
from ledger.values.refusals import Refusal, Refused
from projections.readmodel.opening import states

SECONDS = 2  # between two looks at a server that tells nothing


@click.command("follow")
@click.option(
    "--rescue",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the events that this machine has read and the server has lost, and end.",
)
@click.option(
    "--from",
    "taken",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Begin with a copy of the views.db of somebody who follows too, and end.",
)
@click.option("--times", type=click.IntRange(1), metavar="N", help="End after so many looks.")
@click.pass_obj
def command(path: Place, rescue: Path | None, taken: Path | None, times: int | None) -> None:
    """Read what is recorded on a server as it comes, until Ctrl-C.

    Each command catches up before it answers, so this is only for who wants a machine to be always
    up to date. What is read is compared with the tree on the server each time. With --from the
    events of a copy are compared with the server's, and not read again; what was derived from them
    is checked by `stakebook replay` when there is time.

    \b
    Example:
      stakebook --ledger postgresql://db.example/deals follow
      stakebook --ledger postgresql://db.example/deals follow --rescue lost.jsonl
    """
    if not isinstance(path, Server):
        raise click.UsageError("A file is not followed: each question reads what is new in it.")
    if rescue is not None:
        _rescue(path, rescue)
        return
    if taken is not None:
        _take(path, taken)
        return
    _follow(path, times)


def _follow(server: Server, times: int | None) -> None:
    """Read what comes; a server that is lost once it was read is looked for again."""
    reached, looks, lost = -1, 0, False
    while True:
        try:
            with server_store(server).listening(SECONDS) as heard:
                for _ in heard:
                    with OpenedLedger(server) as opened:
                        position = opened.ask(lambda index: index.position)
                    if position != reached or lost:
                        reached, lost = position, False
                        click.echo(
                            safe(f"{stored_instant(now())} read up to #{position} from {server}")
                        )
                    looks += 1
                    if looks == times:
                        return
        except Refused as refused:
            if refused.refusal is not Refusal.SERVER_UNREACHABLE or reached < 0:
                raise
            if not lost:
                warn(f"{refused.wrong} It is looked for again every {SECONDS} seconds.")
            lost = True
            Event().wait(SECONDS)


def _take(server: Server, file: Path) -> None:
    """Begin with what somebody else has built."""
    if not file.is_file():
        raise Refused(Refusal.UNREADABLE_FILE, f"{file} is no file.", "Name a copy of a views.db.")
    with closing(Follower(server, stored_instant(now()))) as follower:
        events = follower.take(file)
    click.echo(safe(f"took {events} events of {file}, each compared with {server}"))
    say_next("`stakebook replay` checks what was derived from them.")


def _rescue(server: Server, file: Path) -> None:
    """Write what the server has lost as a batch, under the same keys: all that was read from the
    first event on that is another one there, or is not there."""
    with (
        OpenedLedger(server._replace(offline=True)) as opened,
        server_store(server).reading() as log,
    ):
        index = opened.index
        there = chain.from_iterable(log.pages("leaf", 0, index.position))
        pairs = zip(there, map(leaf_hash, states(index.connection)), strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        lost = list(index.at_each([*range(same + 1, index.position + 1)]))
    told = (json.dumps({"type": e.type, "key": e.key, **e.data}, ensure_ascii=False) for e in lost)
    create(file, "".join(f"{line}\n" for line in told).encode())
    click.echo(safe(f"wrote {len(lost)} events after #{same} to {file}"))
    say_next(
        f"`stakebook append --file {file}` records them again, at later positions, once this"
        " machine's folder of the ledger is moved aside."
    )
