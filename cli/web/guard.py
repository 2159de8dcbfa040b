"""Which requests are answered: those of this origin that only read, so many at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
_ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}


class Guard:
    """What stands before the pages: it refuses what is not asked of them by their own reader.

    A ``Host`` that is not served stops the rebinding of names; a request that another site makes is
    answered only where it is a navigation, which that site cannot read.
    """

    def __init__(self, inner: Application, hosts: Collection[str]) -> None:
        self._inner = inner
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._inner(scope, receive, send)
            return
        bare = scope["method"] == "HEAD"

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with_ours(message.get("headers", ()))}
            elif bare and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if refused := self._refused(scope):
            await _tell(guarded, *refused)
            return
        await self._inner({**scope, "method": "GET"}, receive, guarded)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """The status and the words with which a request is refused, if it is."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]
        ]
        hosts = [value.lower() for name, value in headers if name == "host"]
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return 421, "This name is not served here."
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "Nothing is written here: only GET and HEAD are answered."
        sent = dict(headers)
        is_other = sent.get("sec-fetch-site") in ("cross-site", "same-site")
        if is_other and sent.get("sec-fetch-mode") != "navigate":
            return 403, "Another site asks for this."
        return None


def _with_ours(headers: Any) -> list[tuple[bytes, bytes]]:
    """The headers of a response with those that all have; a policy of its own stands."""
    given = [(name.lower(), value) for name, value in headers]
    named = {name for name, _ in given}
    ours = [(name.encode(), value.encode()) for name, value in _ALWAYS.items()]
    return [*given, *(one for one in ours if one[0] not in named)]


async def _tell(send: Send, status: int, words: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    headers += [(b"allow", b"GET, HEAD")] if status == 405 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{words}\n".encode()})
