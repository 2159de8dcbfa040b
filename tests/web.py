"""Asking the pages of a ledger in this process, as a browser would, with no socket."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from cli.web.app import app

HOST = "localhost:8877"


class Answered(NamedTuple):
    """What a request was answered with."""

    status: int
    headers: dict[str, str]
    text: str


class Site:
    """The pages of one ledger."""

    def __init__(self, ledger: Path, **options: Any) -> None:
        self.path, self.app = ledger, app(ledger, [HOST], **options)

    def get(self, address: str, method: str = "GET", **headers: str) -> Answered:
        """Ask for an address; headers by their names, with ``_`` for ``-``."""
        return asyncio.run(self.asked(address, method, **headers))

    async def asked(self, address: str, method: str = "GET", **headers: str) -> Answered:
        """The same where a loop runs already."""
        path, query = urlsplit(address).path, urlsplit(address).query
        named = {"host": HOST} | {n.replace("_", "-"): v for n, v in headers.items()}
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": path, "raw_path": path.encode(), "root_path": "",
            "query_string": query.encode(), "server": ("127.0.0.1", 8877), "client": ("::1", 1),
            "headers": [(n.encode(), v.encode("latin-1")) for n, v in named.items() if v],
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start, *rest = sent
        told = {name.decode(): value.decode() for name, value in start["headers"]}
        return Answered(start["status"], told, b"".join(m["body"] for m in rest).decode())


class Read(HTMLParser):
    """A page as it is understood: its elements with attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All of its text, the space between words once."""
        return " ".join("".join(self.words).split())

    @property
    def links(self) -> list[str]:
        """The addresses it leads to."""
        return [str(a["href"]) for tag, a in self.elements if tag == "a"]


def kind_of(link: str) -> str:
    """What kind of page an address is of: its path without ids, and the names it is asked with."""
    path, _, query = link.partition("?")
    first, *rest = path.strip("/").split("/")
    depth = [rest[0]] if first in ("explain", "register") and rest else []
    names = sorted(re.findall(r"([a-z-]+)=", query))
    ending = [rest[-1]] if rest and "." in rest[-1] else []
    return "/".join([first, *depth, *ending, *names, str(min(len(rest), 2))])


def crawled(site: Site, each: int) -> Iterator[tuple[str, Answered]]:
    """So many pages of each kind, from the first page on; films apart, which take long."""
    seen, count, queue = {"/"}, defaultdict[str, int](int), ["/"]
    while queue:
        link = queue.pop(0)
        answered = site.get(link)
        yield link, answered
        if not answered.headers["content-type"].startswith("text/html"):
            continue
        page = Read(answered.text)
        images = [str(a["src"]) for tag, a in page.elements if tag == "img"]
        for other in [*page.links, *images]:
            fresh = other.startswith("/") and other not in seen and "film.html" not in other
            if fresh and "recorded-by" not in other and count[kind_of(other)] < each:
                seen.add(other)
                count[kind_of(other)] += 1
                queue.append(other)
