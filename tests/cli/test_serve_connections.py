"""Connections that ask nothing do not keep others from being answered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from cli.web import connections
from cli.web.app import app
from cli.web.connections import Timed
from tests.helpers import new_ledger

LATEST = 60  # seconds after which a test is given up
WHOLE = b"GET /style.css HTTP/1.1\r\nHost: localhost:1\r\n\r\n"


def asked(ledger: Path, *parts: bytes) -> bytes:
    """What a server answers until it closes a connection, of which the parts are written in turn,
    each but the first after something was read."""

    async def ask() -> bytes:
        config = uvicorn.Config(app(ledger, ["localhost:1"]), timeout_keep_alive=1000)
        config.load()
        state, loop = ServerState(), asyncio.get_running_loop()
        made: Any = lambda: Timed(config, state, {})  # noqa: E731
        server = await loop.create_server(made, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        found = b""
        for number, part in enumerate(parts):
            if number:
                found += await reader.readuntil(b"\r\n\r\n")
            writer.write(part)
        found += await asyncio.wait_for(reader.read(), LATEST)
        writer.close()
        server.close()
        return found

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(tmp_path_factory.mktemp("connections"))


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SECONDS", 0.05)


@pytest.mark.parametrize("part", [b"", b"GET / HTTP/1.1\r\nHost: loc"])
def test_a_connection_that_asks_nothing_whole_is_closed(ledger: Path, part: bytes) -> None:
    assert asked(ledger, part) == b""


def test_a_request_is_answered_and_after_it_the_next_is_waited_for_as_long(ledger: Path) -> None:
    answered = asked(ledger, WHOLE, b"GET /sty")
    assert answered.startswith(b"HTTP/1.1 200 OK")
    assert answered.count(b"HTTP/1.1") == 1
