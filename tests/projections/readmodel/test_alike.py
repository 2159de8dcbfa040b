"""Read models that differ in any row are told apart by SQLite as they are row by row."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import zip_longest
from pathlib import Path
from shutil import copy

import pytest

from projections.readmodel.alike import alike
from projections.readmodel.index import Index, views_path
from projections.readmodel.opening import connect
from projections.readmodel.tables import ORDER_OF_ROWS
from tests.helpers import new_ledger, run


def both(ours: Path, theirs: Path) -> bool:
    """Whether two files hold the same rows; by SQL and row by row."""
    with closing(Index(connect(ours), 10**6)) as one, closing(Index(connect(theirs), 10**6)) as two:
        rows = all(a == b for a, b in zip_longest(one.content(), two.content()))
        assert alike(one, two) is rows
    return rows


@pytest.mark.usefixtures("in_a_file")
def test_any_row_and_any_column_tells_read_models_apart(tmp_path: Path) -> None:
    ledger, other = new_ledger(tmp_path), tmp_path / "other.db"
    assert run(ledger, "correct", "opened", "--shares", "90", "--because", "x").code == 0
    ours = views_path(ledger)
    copy(ours, other)
    assert both(ours, other)
    seen = 0
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        assert connection.execute("SELECT count(*) FROM names").fetchone()[0]
        for table in ORDER_OF_ROWS:
            columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
            changes = [f"DELETE FROM {table}"]
            for _, name, kind, *_ in columns:
                more = "+ 1000000" if kind == "INTEGER" else "|| 'x'"
                changes.append(f"UPDATE {table} SET {name} = coalesce({name}, 0) {more}")
            for change in changes:
                done = connection.execute(change).rowcount
                assert both(ours, other) is (done == 0), change
                seen += done > 0
                copy(ours, other)
        connection.execute("INSERT INTO texts (rowid, text) VALUES (1, 'more')")
        assert not both(ours, other)
    assert seen > 20
