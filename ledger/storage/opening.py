"""The store at a place."""

from __future__ import annotations

from pathlib import Path

from ledger.storage.file_store import SQLiteStore
from ledger.storage.head import Peek
from ledger.storage.store import Store


def store_at(path: Path) -> Store:
    """The store of the ledger at a path."""
    return SQLiteStore(path)


def peek(path: Path) -> Peek:
    """The state of the ledger at a path; raises what ``Store.peek`` does."""
    return store_at(path).peek()
