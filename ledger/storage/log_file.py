"""The log in a SQLite file, read without the machinery of the library."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from ledger.storage.files import file_error, reading
from ledger.storage.stored_log import Asked, OpenLog


class LogFile(OpenLog):
    """The log in the file at a path, on a connection of its own; errors in words for a user."""

    def __init__(self, path: Path, connection: sqlite3.Connection, ledger_id: str) -> None:
        self._path, self._connection, self.ledger_id = path, connection, ledger_id

    def fetched(self, *asked: Asked) -> list[list[Any]]:
        try:
            if len(asked) == 1:
                return [self._connection.execute(*asked[0]).fetchall()]
            self._connection.execute("BEGIN")
            found = [self._connection.execute(*each).fetchall() for each in asked]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise file_error(self._path, error) from None
        return found

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def open_log(path: Path) -> LogFile:
    """The log in the file at a path."""
    try:
        connection = reading(path)
        ((ledger_id,),) = connection.execute("SELECT id FROM ledger").fetchall()
    except sqlite3.Error as error:
        raise file_error(path, error) from None
    return LogFile(path, connection, ledger_id)
