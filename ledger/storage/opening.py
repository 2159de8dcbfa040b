"""The store at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.storage.file_store import SQLiteStore
from ledger.storage.head import Peek
from ledger.storage.server import Place, Server
from ledger.storage.store import Store
from ledger.values.refusals import Refusal, Refused

if TYPE_CHECKING:
    from ledger.storage.postgres_store import PostgresStore


def store_at(place: Place) -> Store:
    """The store of the ledger at a place."""
    return server_store(place) if isinstance(place, Server) else SQLiteStore(place)


def server_store(server: Server) -> PostgresStore:
    """The store of the ledger on a server."""
    if server.offline:
        raise Refused(
            Refusal.SERVER_UNREACHABLE,
            "Only questions are answered from what was read before.",
            "Leave --offline out, where the server is reached.",
            "--offline",
        )
    try:
        from ledger.storage.postgres_store import PostgresStore  # only where there is a server
    except ImportError as error:
        raise Refused(
            Refusal.SERVER_UNREACHABLE,
            f"A ledger on a server needs a package that is missing ({error}).",
            "Install it: pip install 'stakebook[postgres]'.",
        ) from None
    return PostgresStore(server)


def peek(place: Place) -> Peek:
    """The state of the ledger at a place; raises what ``Store.peek`` does."""
    return store_at(place).peek()
