"""Tests that name a ledger by a path, run on ledgers in a PostgreSQL server instead."""

from __future__ import annotations

import re
from pathlib import Path

from tests.servers import Cluster


class OnServer:
    """Makes each ledger that a test makes in a database of its own, and tells its URL as the
    path; what a test does to a file is done to a file."""

    def __init__(self, server: Cluster) -> None:
        self._server = server
        self._urls: dict[str, str] = {}

    def place(self, ledger: Path | str, command: str) -> str:
        """Where a ledger lies that a command is asked of."""
        name = str(ledger) if "://" in str(ledger) else str(Path(ledger).absolute())
        if command == "init" and "://" not in name and not Path(name).exists():
            self._urls.setdefault(name, self._server.url(self._server.database()))
        return self._urls.get(name, str(ledger))

    def told(self, text: str) -> str:
        """What a command printed, as if it had been asked about the path."""
        for name, url in self._urls.items():
            if url in text:
                text = re.sub(rf"{re.escape(url)}(?!\d)", name.replace("\\", r"\\"), text)
        return text
