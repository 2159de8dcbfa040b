"""What every test shares: repeatable random cases, and read models closed when a test ends.

Random histories are drawn the same way in every run; ``STAKEBOOK_FRESH=1`` draws new ones.
"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from projections import index

# Started in the background, tests and what they start would not hear Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
settings.register_profile("repeatable", derandomize=True, database=None)
if not os.environ.get("STAKEBOOK_FRESH"):
    settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _read_models_are_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close what ``projections.index`` connected to; newer Pythons warn of what is left open."""
    opened: list[sqlite3.Connection] = []
    connect = index.connect

    def connected(path: Any) -> sqlite3.Connection:
        opened.append(connect(path))
        return opened[-1]

    monkeypatch.setattr(index, "connect", connected)
    yield
    for connection in opened:
        connection.close()
