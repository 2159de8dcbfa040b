"""A ledger on a server that keeps who recorded: the server knows the login, and refuses another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.events.envelope import canonical, enveloped, read_state
from tests.helpers import append, lines, party, run
from tests.ledger.storage.test_postgres import draft, opened
from tests.servers import Cluster, Deals, needed

needed()
psycopg = pytest.importorskip("psycopg")


@pytest.fixture
def kept(make_deals: Callable[..., Deals]) -> Deals:
    """A ledger on a server that keeps who records."""
    return make_deals("--actors")


def actors(deals: Deals) -> list[Any]:
    """Who recorded each event."""
    rows = deals.execute("SELECT state FROM stakebook.stored_events ORDER BY position")
    return [read_state(bytes(state)).actor for (state,) in rows]


def test_the_server_knows_the_login(kept: Deals) -> None:
    url = kept.url("anna")
    assert append(url, lines(party("acme"))).code == 0  # type: ignore[arg-type]
    named = run(url, "--by", "Anna Kern", "append", "--file", "-", stdin=lines(party("bolt")))
    assert named.code == 0
    assert actors(kept) == [
        {"by": "anna", "database": "anna"}, {"by": "Anna Kern", "database": "anna"},
    ]  # fmt: skip
    assert "recorder     anna\n" in run(kept.url("rita"), "show", "1").out
    assert "recorder     says Anna Kern, login anna\n" in run(kept.url("rita"), "show", "2").out
    honest: dict[str, str] = {"by": "anna", "database": "anna"}
    for false in (
        None, {"by": "anna"}, honest | {"database": "otto"}, {"database": "anna"},
        honest | {"by": ""}, honest | {"approved_by": "otto"},
    ):  # fmt: skip
        with opened(kept) as ledger, pytest.raises(Exception, match="row 3 is not what its bytes"):
            _recorded(ledger, false)
    for user, told in (("anna", honest), ("postgres", honest)):  # the owner brings events of others
        with opened(kept, user) as ledger:
            _recorded(ledger, told, f"by-{user}")
    assert actors(kept)[2:] == [honest, honest]


@pytest.mark.whole
def test_the_server_is_measured_beside_its_floor(
    server: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    from benchmarks.server import main

    main([server.url(server.database()), "--appends", "5", "--bulk", "1000"])
    told = capsys.readouterr().out
    assert told.count("times the floor") == 3
    assert "8 writers at once" in told
    assert "a follower that listens" in told


def _recorded(ledger: Ledger, actor: Any, name: str = "forged") -> None:
    """Append as a client of its own would that claims another actor, or none."""
    (event,) = ledger.append([draft(name)], dry_run=True).events
    told = (event.position, event.originator_id, event.originator_version, event.id, event.key,
            event.type, event.schema, event.recorded_at)  # fmt: skip
    written = canonical(actor) if actor else b""
    forged = replace(event, raw=enveloped(ledger.id, canonical(event.data), *told, written))
    with ledger.stored.writing():
        ledger.stored.insert([forged])
