"""A proxy on the loopback address before a server: it counts round trips, stops, and cuts."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Proxy:
    """Forwards what clients send to a port, and what comes back.

    ``turns`` counts how often clients spoke after the server had. While it is ``stopped`` nothing
    is forwarded; ``cut_after`` closes a connection once the client has sent some bytes: the first
    one that does, or with ``cuts_each`` every one. ``stop_after`` stops it likewise, for good.
    """

    def __init__(self, port: int) -> None:
        self._to, self.turns, self.cut_after, self.stop_after = port, 0, b"", b""
        self.cuts_each = False
        self.stopped = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self._sockets.append(client)
                try:
                    server = socket.create_connection(("127.0.0.1", self._to))
                except OSError:  # it is not there: nor is it for the client
                    client.close()
                    continue
                self._sockets.append(server)
                turn = [False]  # whether the server was the last to speak
                for give, take, own in ((client, server, True), (server, client, False)):
                    thread = threading.Thread(
                        target=self._forward, args=(give, take, own, turn), daemon=True
                    )
                    self._threads.append(thread)
                    thread.start()

    def _forward(
        self, give: socket.socket, take: socket.socket, from_client: bool, turn: list[bool]
    ) -> None:
        with suppress(OSError):
            while data := give.recv(65_536):
                while self.stopped.is_set():
                    self.stopped.wait(0.01)
                    threading.Event().wait(0.01)
                if from_client and turn[0]:
                    self.turns += 1
                turn[0] = not from_client
                take.sendall(data)
                if from_client and self.stop_after and self.stop_after in data:
                    self.stopped.set()
                if from_client and self.cut_after and self.cut_after in data:
                    self.cut_after = self.cut_after if self.cuts_each else b""
                    break
            for one in (give, take):
                one.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stopped.clear()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        for one in (self._listening, *self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(5)
