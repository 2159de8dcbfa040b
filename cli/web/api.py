"""The JSON interface: each question at an address, answered as ``--format json`` answers it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import click

from cli.render import json_text
from cli.web.asked import Query, Served, only_value, words_of
from cli.web.visit import Visit
from ledger import __version__
from ledger.storage.head import Peek

ROOT = "/api/v1"
_PAGE = ("limit", "offset")
_DIGITS = 12  # of a number of rows
_GOING_ON = {"parties": "party"}  # the column that tells after what the next page comes
_KINDS = {
    "integer": "integer",
    "integer range": "integer",
    "float": "number",
    "float range": "number",
}


def etag(seen: Peek, address: str, today: date) -> str:
    """What changes whenever the answer at an address may."""
    state = f"{__version__} {seen.id} {seen.position} {seen.peaks.hex()} {today} {address}"
    return f'"{sha256(state.encode()).hexdigest()[:32]}"'


def answer(visit: Visit, asked: Served, query: Query) -> str:
    """The answer at an address; with ``limit`` so many of its rows, and where the next ones are."""
    own = asked.parameters()
    paged = {name: query[name] for name in _paging(own) if name in query}
    rest = {name: values for name, values in query.items() if name not in paged}
    value = visit.values(words_of(asked, rest, "--format=json"))
    if asked.path in _GOING_ON and (most := only_value("limit", query.get("limit", ()))):
        value = _with_next(value, asked, query, int(most))
    if paged:
        limit, offset = (_number(name, paged.get(name, ())) for name in _PAGE)
        value = _part(value, asked, rest, limit, offset or 0)
    return "".join(json_text(value))


def _paging(own: Collection[str]) -> Sequence[str]:
    """The parameters that send rows in parts: of what takes a limit of its own none, for an offset
    would pass over rows of those that the limit left."""
    return () if "limit" in own else _PAGE


def _part(
    value: Any, asked: Served, query: Query, limit: int | None, offset: int
) -> dict[str, Any]:
    rows = value["rows"]
    end = len(rows) if limit is None else offset + limit
    more = {**query, "limit": [str(limit)], "offset": [str(end)]}
    following = f"{ROOT}/{asked.path}?{urlencode(more, doseq=True)}"
    return {**value, "rows": rows[offset:end], "next": following if end < len(rows) else None}


def _with_next(value: Any, asked: Served, query: Query, most: int) -> dict[str, Any]:
    """A page of an answer that is worked out page by page, and where the next one is."""
    rows, column = value["rows"], _GOING_ON[asked.path]
    if len(rows) < most:
        return {**value, "next": None}
    more = {**query, "after": [rows[-1][column]]}
    return {**value, "next": f"{ROOT}/{asked.path}?{urlencode(more, doseq=True)}"}


def _number(name: str, values: Sequence[str]) -> int | None:
    text, least = only_value(name, values), 1 if name == "limit" else 0
    if not text:
        return None
    if not text.isdecimal() or len(text) > _DIGITS or int(text) < least:
        raise click.UsageError(f"{name} is one whole number, {least} or more.")
    return int(text)


def described(asked: Served) -> list[dict[str, Any]]:
    """The parameters of a question as OpenAPI tells them."""
    told = [_described(name, one) for name, one in asked.parameters().items()]
    paging = {"limit": "At most so many rows.", "offset": "Without so many rows before them."}
    return told + [
        {"name": name, "in": "query", "description": paging[name], "schema": {"type": "integer"}}
        for name in _paging(asked.parameters())
    ]


def _described(name: str, parameter: click.Parameter) -> dict[str, Any]:
    schema = _schema(parameter)
    if parameter.multiple:
        schema = {"type": "array", "items": schema}
    words = parameter.help if isinstance(parameter, click.Option) else None
    told: dict[str, Any] = {"name": name, "in": "query", "required": parameter.required}
    return told | ({"description": words} if words else {}) | {"schema": schema}


def _schema(parameter: click.Parameter) -> dict[str, Any]:
    if isinstance(parameter, click.Option) and parameter.is_flag:
        return {"enum": ["1", "0"]}
    if isinstance(parameter.type, click.Choice):
        return {"enum": list(parameter.type.choices)}
    return {"type": _KINDS.get(parameter.type.name, "string")}


def responses(schemas: Mapping[str, Any], asked: Served) -> dict[int | str, dict[str, Any]]:
    """What a question is answered with, as OpenAPI tells it."""
    schema = schemas[asked.words[0]]
    problem = {"type": "object", "properties": {"error": {"type": "object"}}}
    failed = {"application/json": {"schema": problem}}
    return {
        200: {"description": "The answer.", "content": {"application/json": {"schema": schema}}},
        304: {"description": "Nothing has changed since."},
        **{
            status: {"description": words, "content": failed}
            for status, words in (
                (400, "The question is not understood."),
                (404, "Nothing recorded speaks of it."),
                (503, "It takes too long, or too much is asked at once."),
            )
        },
    }
