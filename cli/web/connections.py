"""Connections: one that asks nothing whole in its time is closed, so that others are answered."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 10.0  # in which a request has to be there, from when it is waited for


class Timed(H11Protocol):
    """A connection of which no request is waited for without end."""

    _ending: asyncio.TimerHandle | None = None

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._end_watch()

    def _watch(self) -> None:
        """Wait for a request from now on, where none is there and none is waited for yet."""
        if self.conn.their_state is not h11.IDLE:
            self._end_watch()
        elif self._ending is None and not self.transport.is_closing():
            self._ending = self.loop.call_later(SECONDS, self.transport.close)

    def _end_watch(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
