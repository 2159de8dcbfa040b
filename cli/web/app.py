"""The application: addresses to pages, pictures, registers and the JSON interface."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import unquote

from fastapi import FastAPI, Request, Response

from cli.context import today
from cli.web import api
from cli.web.addresses import LIMITS, Limits, path_of
from cli.web.asked import Query, Served, fields_of, served
from cli.web.files import Written, file_at
from cli.web.films import Films
from cli.web.findings import Findings
from cli.web.guard import Guard
from cli.web.html import asset, being_made, error_page, html
from cli.web.pages import Pages
from cli.web.problems import BUSY, TOO_LONG, Problem, problem_of
from cli.web.visit import Visit
from ledger import __version__
from ledger.storage.opening import peek
from ledger.storage.server import Place
from projections.answers import answer_schema

SECONDS = 10.0  # that a request may take
MOST = 16  # requests that are answered at once
Made = TypeVar("Made")


def app(path: Place, hosts: Collection[str], seconds: float = SECONDS, most: int = MOST) -> FastAPI:
    """The pages of the ledger at a path, for requests that name one of the hosts."""
    site = _Site(path, seconds, most)
    made = FastAPI(
        title="stakebook", version=__version__, docs_url=None, redoc_url=None,
        openapi_url=f"{api.ROOT}/openapi.json", lifespan=site.living,
    )  # fmt: skip
    schemas: dict[str, Any] = {}
    for asked in served():
        schemas.setdefault(asked.words[0], answer_schema(asked.words[0]))
        made.add_api_route(
            f"{api.ROOT}/{asked.path}", site.answering(asked), methods=["GET"],
            summary=asked.command.short_help or asked.path, response_class=Response,
            responses=api.responses(schemas, asked), name=asked.path.replace("/", "_"),
            openapi_extra={"parameters": api.described(asked)},
        )  # fmt: skip
    made.add_route("/{path:path}", site.page, include_in_schema=False)
    made.add_middleware(Guard, hosts=hosts)
    return made


class _Site:
    """Answers requests in threads, so many at once, each in so much time."""

    def __init__(self, path: Place, seconds: float, most: int) -> None:
        self._path, self._seconds, self._most = path, seconds, most
        self._threads = ThreadPoolExecutor(most, "stakebook")
        self._findings = Findings(path, seconds)
        self._films = Films(path, seconds)
        self._busy = 0

    @asynccontextmanager
    async def living(self, _: FastAPI) -> AsyncIterator[None]:
        """From the first request to the last; what is then still being made is given up."""
        gc.freeze()  # what is loaded by now stays: no request waits until it is looked through
        yield
        self._films.close()

    def answering(self, asked: Served) -> Callable[[Request], Any]:
        """What answers the requests for a question in JSON."""

        async def answer(request: Request) -> Response:
            return await self._response(lambda: self._json(request, asked), _told_json)

        return answer

    async def page(self, request: Request) -> Response:
        """What answers every request for a page."""
        return await self._response(lambda: self._page(request), error_page)

    async def _response(
        self, make: Callable[[], Response], failed: Callable[[Problem], Response]
    ) -> Response:
        try:
            if self._busy >= self._most:
                return failed(Problem(503, BUSY))
            return await asyncio.wait_for(asyncio.shield(self._begun(make)), self._seconds)
        except TimeoutError:
            return failed(Problem(503, TOO_LONG))
        except Exception as error:
            return failed(problem_of(error))

    def _begun(self, make: Callable[[], Made]) -> asyncio.Future[Made]:
        """The work in a thread, which keeps its place until it has ended."""
        future = asyncio.get_running_loop().run_in_executor(self._threads, make)
        self._busy += 1
        future.add_done_callback(self._ended)
        return future

    def _ended(self, future: asyncio.Future[Any]) -> None:
        self._busy -= 1
        if not future.cancelled():
            future.exception()  # looked at, so that one that nobody waits for is not reported

    def _json(self, request: Request, asked: Served) -> Response:
        query, address = query_of(request), f"{request.url.path}?{request.url.query}"
        tag = api.etag(peek(self._path), address, today())
        headers = {"etag": tag}
        known = request.headers.get("if-none-match", "").replace("W/", "").replace(",", " ").split()
        if tag in known:
            return Response(status_code=304, headers=headers)
        with Visit(self._path, self._seconds) as visit:
            text = api.answer(visit, asked, query)
        return Response(text, media_type="application/json", headers=headers)

    def _page(self, request: Request) -> Response:
        parts, query = parts_of(request), query_of(request)
        if len(parts) == 1 and (found := asset(parts[0])):
            return Response(found[0], media_type=found[1])
        limits = Limits.of(query)
        if len(parts) == 3 and parts[::2] == ["p", "film.html"]:
            film = self._films.film(parts[1], query, limits)
            own = {name: values for name, values in query.items() if name not in LIMITS}
            return _sent(film) if film else being_made(limits, limits.at(path_of(*parts), own))
        with Visit(self._path, self._seconds) as visit:
            if file := file_at(visit, parts, query, limits):
                return _sent(file)
            page = Pages(visit, query, limits).page(parts)
            status = page.problem.status if page.problem else 200
            cited = ""
            if page.sections and not page.problem:
                own = {name: values for name, values in query.items() if name not in LIMITS}
                cited = limits.citing(visit.recorded_at).at(path_of(*parts), own)
            text = html(page, self._findings.count(limits), cited)
            return Response(text, status, media_type="text/html")


def _sent(file: Written) -> Response:
    return Response(file.data, media_type=file.media, headers=file.headers)


def _told_json(problem: Problem) -> Response:
    from cli.render import json_text

    text = "".join(json_text(problem.fields()))
    return Response(text, problem.status, media_type="application/json", headers=_again(problem))


def _again(problem: Problem) -> Mapping[str, str] | None:
    return {"retry-after": "2"} if problem.status == 503 else None


def parts_of(request: Request) -> Sequence[str]:
    """The parts of a path, each of which may hold any characters."""
    raw = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.decode("latin-1").partition("?")[0].strip("/")
    return [unquote(part, errors="replace") for part in path.split("/")] if path else []


def query_of(request: Request) -> Query:
    """The parameters of an address."""
    return fields_of(request.url.query)
