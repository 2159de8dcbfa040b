"""The tables of the read model: their columns, their keys and the order of their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from typing import Any

from ledger.model.texts import TOKENS

APPLICATION_ID = 0x5374_6B76  # "Stkv", in the header of the file
ORDER_OF_ROWS = {  # and the columns that put their rows in order
    "events": "1", "subjects": "1", "indexed": "1, 2, 3", "replayed": "1, 2, 3, 4",
    "names": "1, 2, 3", "moved": "1, 2", "accounts": "1, 2", "carried": "1, 2, 3",
    "postings": "1, 2, 3, 4, 5, 6, 7, 8", "amended": "1, 2", "readings": "1, 4, 5, 6, 2",
    "placed": "1, 2, 3", "unplaced": "1, 2, 3",
}  # fmt: skip
WORDS = "CREATE VIRTUAL TABLE temp.{} USING fts5vocab({}, texts, 'instance')"  # of which texts
_TABLES: dict[str, tuple[dict[str, type], tuple[str, ...]]] = {
    "indexed": (
        {"subject": int, "type": int, "position": int, "indexed_by": int},
        ("subject", "type", "position"),
    ),
    "replayed": (
        {"subject": int, "type": int, "position": int, "since": int, "until": int},
        ("subject", "type", "position", "since"),
    ),
    "names": (
        {"folded": str, "party": str, "plain": str, "since": int, "told": int, "until": int},
        ("folded", "party", "plain"),
    ),
    "moved": (
        {"position": int, "subject": int, "since": int, "own": int}, ("position", "subject"),
    ),
    "accounts": ({"class": int, "account": int}, ("class", "account")),
    "postings": (
        {
            "class": int, "account": int, "day": int, "sequence": int, "position": int,
            "since": int, "known": int, "floor": int, "until": int, "known_until": int,
            "floor_until": int, "type": int, "rank": int, "entrusted": int, "delta": int,
        },
        ("class", "account", "day", "sequence", "position", "since", "known", "floor"),
    ),
    "amended": (
        {
            "position": int, "since": int, "until": int, "type": int, "class": int, "day": int,
            "given_up": int,
        },
        ("position", "since"),
    ),
    "readings": (
        {
            "position": int, "since": int, "until": int, "event": int, "known_from": int,
            "floor": int, "known_until": int, "floor_until": int, "day": int, "known": int,
            "rank": int, "uncited": int,
        },
        ("position", "event", "known_from", "floor", "since"),
    ),
    "placed": (
        {"day": int, "sequence": int, "position": int, "type": int, "known": int, "rank": int},
        ("day", "sequence", "position"),
    ),
    "unplaced": (
        {"position": int, "first": int, "last": int}, ("position", "first", "last"),
    ),
    "carried": (
        {"class": int, "account": int, "month": int, "balance": int},
        ("class", "account", "month"),
    ),
}  # fmt: skip


def make_anew(connection: sqlite3.Connection, ledger: str, form: int) -> None:
    """Make the tables of an empty read model of a ledger, of some form, in the place of whatever
    there is."""
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    there = "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"
    for kind, name in connection.execute(f"{there} AND name NOT LIKE 'sqlite_%'").fetchall():
        connection.execute(f'DROP {kind} IF EXISTS "{name.replace(chr(34), chr(34) * 2)}"')
    for statement in _statements():
        connection.execute(statement)
    connection.execute(
        "INSERT INTO read_model VALUES (1, :format, :ledger, 0, x'')",
        {"format": form, "ledger": ledger},
    )


@cache
def _statements() -> Sequence[str]:
    """What makes the tables and their indexes, worked out once for all read models."""
    from sqlite_utils import Database  # slow to load, and needed once for a read model

    with closing(sqlite3.connect(":memory:")) as connection:
        _create(Database(connection))
        made = connection.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'texts@_%'"
            " ESCAPE '@' ORDER BY rowid"
        )
        return [sql for (sql,) in made]


def _create(database: Any) -> None:
    database["events"].create(
        {"position": int, "key": str, "amended": int, "root": int, "data": str}, pk="position"
    )
    database["events"].create_index(["key"], unique=True)
    database.conn.execute("CREATE INDEX events_of_tree ON events (root) WHERE root <> position")
    database["subjects"].create({"id": int, "subject": str, "first": int}, pk="id")
    database["subjects"].create_index(["subject"], unique=True)
    for name, (columns, pk) in _TABLES.items():
        sql = database.create_table_sql(name, columns, pk=pk).rstrip().removesuffix(";")
        database.conn.execute(f"{sql} WITHOUT ROWID")
    database["accounts"].create_index(["account", "class"])
    database.conn.execute(
        "CREATE VIRTUAL TABLE texts"
        f""" USING fts5(text, content='', columnsize=0, tokenize="{TOKENS}")"""
    )
    database.conn.execute(
        "CREATE INDEX postings_in_trust ON postings (class, account) WHERE entrusted = 1"
    )
    database.conn.execute(
        "CREATE INDEX postings_again ON postings (position) WHERE since > position"
    )
    database["amended"].create_index(["class", "position"])
    database["moved"].create_index(["subject", "position"])
    columns = {"only": int, "format": int, "ledger": str, "position": int, "peaks": bytes}
    database["read_model"].create(columns, pk="only")
