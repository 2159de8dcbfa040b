"""stakebook init"""

from __future__ import annotations

import re
from pathlib import Path

import click

from cli.context import new_id
from cli.hints import say_next
from cli.making import make_ledger, make_on_server
from cli.safe_text import safe
from ledger.storage.files import file_error
from ledger.storage.filesystems import refuse_new_ledger
from ledger.storage.server import Place, Server, place_of
from ledger.values.refusals import Refusal, Refused


@click.command("init")
@click.option("--print-sql", is_flag=True, help="On a server: print the SQL, and change nothing.")
@click.option(
    "--require-standby", is_flag=True, help="On a server: record nothing without a standby."
)
@click.option("--actors", is_flag=True, help="Every event says who recorded it; for good.")
@click.option(
    "--four-eyes", is_flag=True, help="On a server: one person drafts and another approves."
)
@click.option("--moved-to", metavar="PLACE", help="Mark this ledger as moved: it takes no more.")
@click.pass_obj
def command(
    path: Place, /, print_sql: bool, moved_to: str | None, actors: bool, **on_server: bool
) -> None:
    """Make a new, empty ledger at --ledger: a file, or the tables in the database of a server.

    On a server an administrator runs it once; members of DATABASE_recorder may append then, and
    those of DATABASE_reader ask. With --actors each event says by whom it was recorded: in a file
    the user of the machine or --by, as they say; on a server the login, which the server checks.
    With --four-eyes recorders draft, and the server takes what another person approves.
    --moved-to is said of the old place once `stakebook import` has
    made the ledger at the new one.

    \b
    Example:
      stakebook --ledger deal.db init
      stakebook --ledger postgresql://db.example/deals init --print-sql
    """
    if moved_to is not None:
        _mark_moved(path, place_of(moved_to))
    elif isinstance(path, Server):
        _on_server(path, print_sql, actors=actors, **on_server)
    elif print_sql or any(on_server.values()):
        raise click.UsageError(
            "--print-sql, --require-standby and --four-eyes are for a ledger on a server."
        )
    else:
        _in_file(path, actors)


def _in_file(path: Path, actors: bool) -> None:
    refuse_new_ledger(path)
    if _exists(path):
        raise Refused(
            Refusal.LEDGER_EXISTS,
            f"{path} exists already.",
            "Name a new file with --ledger, or append to this one: `stakebook append --file FILE`.",
        )
    click.echo(safe(f"made {path}, ledger {make_ledger(path, actors=actors)}"))
    say_next("`stakebook append --file FILE` records events; `stakebook append` asks for them.")


def _on_server(server: Server, print_sql: bool, **choices: bool) -> None:
    if print_sql:
        from ledger.storage.postgres_tables import Choices, statements

        for sql in ("BEGIN", *statements(new_id(), Choices(**choices)), "COMMIT"):
            click.echo(f"{sql};")
        return
    made = make_on_server(server, new_id(), **choices)
    click.echo(safe(f"made {server}, ledger {made}"))
    name = f"{server.name}_recorder"
    plain = re.fullmatch("[a-z_][a-z0-9_]*", name)
    role = name if plain else '"{}"'.format(name.replace('"', '""'))
    say_next(f"GRANT {role} TO somebody lets them append; `stakebook doctor` looks at the server.")


def _mark_moved(old: Place, new: Place) -> None:
    """Mark the old place of a ledger, once all that it holds is at the new one."""
    from ledger.proofs.snapshot import Snapshot
    from ledger.storage.opening import store_at
    from ledger.transparency.merkle import Frontier

    with Snapshot(old) as before, Snapshot(new) as after:
        tree = Frontier()
        for number, leaf in enumerate(after.leaves()):
            if number < before.size:
                tree.add(leaf)
        if before.id != after.id or tree.peaks() != before.frontier().peaks():
            raise Refused(
                Refusal.OTHER_LEDGER,
                f"{new} does not hold all that {old} does.",
                "Bring it there first: `stakebook export --audit FILE`, then `stakebook import`.",
            )
    store_at(old).move(str(new))
    click.echo(safe(f"marked {old} as moved to {new}: it takes no more events"))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise file_error(path, error) from None
