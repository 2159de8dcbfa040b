"""What lies on this machine for a ledger, be it a file or on a server."""

from __future__ import annotations

from pathlib import Path

from ledger.storage.opening import peek
from ledger.storage.server import Place, Server
from ledger.values.refusals import Refusal, Refused
from projections.readmodel.index import views_path


def views_of(place: Place) -> Path:
    """Where the read model of a ledger lies."""
    if not isinstance(place, Server):
        return views_path(place)
    from cli.follower import contact_with, folder_of, views_in

    return views_in(folder_of(contact_with(place).ledger if place.offline else peek(place).id))


def file_only(place: Place, remedy: str) -> Path:
    """The file of a ledger; Refused for one on a server, with what does the same there."""
    if isinstance(place, Server):
        raise Refused(
            Refusal.NOT_ON_A_SERVER, f"{place} is on a server, and this is done with files.", remedy
        )
    return place
