"""What a command writes to a file, as a response: pictures, printed registers and films."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import NamedTuple

from cli.web.addresses import LIMITS, Limits
from cli.web.asked import Query, refuse_others, served_at, with_arguments, words_of
from cli.web.guard import POLICY
from cli.web.links import REGISTERS
from cli.web.visit import Visit

_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL)
_DRAWING = Lock()  # of charts, for their library keeps its settings for all threads


class Written(NamedTuple):
    """The bytes of a file and how they are sent."""

    data: bytes
    media: str
    headers: Mapping[str, str]


def file_at(visit: Visit, parts: Sequence[str], query: Query, limits: Limits) -> Written | None:
    """The file at a path, if there is one."""
    match parts:
        case ["c" | "p", id, "graph.svg"]:
            data = _drawn(visit, "graph", id, query)
            return Written(data, "image/svg+xml", {"content-security-policy": _with_styles(data)})
        case ["c" | "p", id, "chart.svg"]:
            with _DRAWING:
                data = _drawn(visit, "chart", id, query)
            policy = f"{_with_styles(data)}; style-src-attr 'unsafe-inline'"
            return Written(data, "image/svg+xml", {"content-security-policy": policy})
        case ["register", name, id] if name in REGISTERS:
            refuse_others(query, LIMITS, "a register")
            options = [f"--{name}={value}" for name, value in limits.given.items()]
            data = _register(visit, ["print", name, *options, "--", id])
            policy = _with_styles(data)
            return Written(data, "text/html", {"content-security-policy": policy})
    return None


def _drawn(visit: Visit, question: str, id: str, query: Query) -> bytes:
    """The picture that a question gives, with the options of the address."""
    return written(visit, question, id, query, "--out", "picture.svg")


def written(visit: Visit, question: str, id: str, query: Query, option: str, name: str) -> bytes:
    """What a question writes to a file that an option names."""
    asked, _ = served_at([question])
    with TemporaryDirectory() as folder:
        file = Path(folder, name)
        visit.run(words_of(asked, with_arguments(asked, [id], query), f"{option}={file}"))
        return file.read_bytes()


def _register(visit: Visit, words: Sequence[str]) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "register.html")
        visit.run([*words, str(file)])
        return file.read_bytes()


def _with_styles(data: bytes) -> str:
    """The policy of all pages, that lets a file have the styles that are in it."""
    digests = (hashlib.sha256(found[1]).digest() for found in _STYLE.finditer(data))
    hashes = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    return POLICY.replace("style-src 'self'", f"style-src 'self' {hashes}".rstrip())
