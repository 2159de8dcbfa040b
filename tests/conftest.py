"""What every test shares: read models that a test opened are closed when it ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from projections import index


@pytest.fixture(autouse=True)
def _read_models_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what ``projections.index`` connected to; newer Pythons warn of what is left open."""
    opened: list[sqlite3.Connection] = []
    connect = index._connect

    def connected(path: Any) -> sqlite3.Connection:
        opened.append(connect(path))
        return opened[-1]

    monkeypatch.setattr(index, "_connect", connected)
    yield
    for connection in opened:
        connection.close()
