"""Two read models compared, row by row, inside SQLite."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from sqlite3 import Connection

from ledger.storage.files import database_name
from projections.readmodel.index import Index
from projections.readmodel.tables import ORDER_OF_ROWS, WORDS


def alike(ours: Index, theirs: Index) -> bool:
    """Whether two read models hold the same rows in the same columns."""
    _, _, file = theirs.connection.execute("PRAGMA database_list").fetchone()
    if not file:  # it is in memory, where only its own connection reaches it
        return all(one == other for one, other in zip_longest(ours.content(), theirs.content()))
    connection = ours.connection
    connection.execute("ATTACH ? AS theirs", (database_name(Path(file), "ro"),))
    try:
        (whole,) = connection.execute("PRAGMA theirs.integrity_check(1)").fetchone()
        return (
            whole == "ok"  # rows are compared by one index of each table; questions use all
            and all(_same(connection, table) for table in ORDER_OF_ROWS)
            and _same_words(connection)
        )
    finally:
        connection.execute("DETACH theirs")


def _same_words(connection: Connection) -> bool:
    """Whether each word stands at the same place of the same text."""
    for name, whose in (("ours", "main"), ("others", "theirs")):
        connection.execute(WORDS.format(name, whose))
    try:
        pairs = ("ours", "others"), ("others", "ours")
        lacking = "SELECT EXISTS (SELECT * FROM temp.{} EXCEPT SELECT * FROM temp.{})"
        return not any(connection.execute(lacking.format(*p)).fetchone()[0] for p in pairs)
    finally:
        for name in ("ours", "others"):
            connection.execute(f"DROP TABLE temp.{name}")


def _same(connection: Connection, table: str) -> bool:
    """Whether each row is there as well, and no more are; our rows differ from one another."""
    columns, others = (
        connection.execute(f"PRAGMA {whose}.table_info({table})").fetchall()
        for whose in ("main", "theirs")
    )
    if columns != others:
        return False
    counts = [
        connection.execute(f"SELECT count(*) FROM {whose}.{table}").fetchone()
        for whose in ("main", "theirs")
    ]
    equal = " AND ".join(f"a.{name} IS b.{name}" for _, name, *_ in columns)
    lacking = connection.execute(
        f"SELECT EXISTS (SELECT 1 FROM main.{table} a WHERE NOT EXISTS"
        f" (SELECT 1 FROM theirs.{table} b WHERE {equal}))"
    )
    return counts[0] == counts[1] and not lacking.fetchone()[0]
