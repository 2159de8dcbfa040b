"""Making a ledger: a file that appears when it is whole, or the tables on a server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click

from cli.context import open_ledger
from cli.safe_text import safe
from ledger.storage.server import Server


def make_ledger(path: Path, *, actors: bool = False) -> str:
    """A new, empty ledger file, which appears when it is whole; its id."""
    from ledger.storage.atomic_file import appearing

    with appearing(path) as draft:
        with open_ledger(draft, "rwc", actors=actors) as ledger:
            id = ledger.id
        tell_apart(draft)
    return id


def make_on_server(server: Server, id: str, **choices: bool) -> str:
    """A new, empty ledger on a server, of an id, as an administrator makes it; the id.

    Roles outlive their database: whoever is in one of them already may use the ledger, and is told.
    """
    from ledger.storage.opening import server_store

    store = server_store(server)  # says what to install where there is no client of servers
    from ledger.storage.postgres_tables import Choices

    store.make(id, Choices(**choices))
    for role, member in store.members():
        click.echo(
            safe(f"{member} belongs to {role} already; REVOKE it if that is wrong."), err=True
        )
    return id


def tell_apart(file: Path) -> None:
    """Draw a number for a new ledger file or a new copy, which tells that a journal is of it."""
    from secrets import randbits

    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA schema_version={randbits(31)}")
