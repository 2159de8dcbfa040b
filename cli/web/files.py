"""What a command writes to a file, as a response: pictures of graphs and printed registers."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cli.web.addresses import Limits
from cli.web.guard import POLICY
from cli.web.pages import REGISTERS
from cli.web.visit import Visit

_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL)


class Written(NamedTuple):
    """The bytes of a file and how they are sent."""

    data: bytes
    media: str
    headers: Mapping[str, str]


def file_at(visit: Visit, parts: Sequence[str], limits: Limits) -> Written | None:
    """The file at a path, if there is one."""
    options = [f"--{name}={value}" for name, value in limits.given.items()]
    match parts:
        case ["c" | "p", id, "graph.svg"]:
            data = _written(visit, "graph.svg", ["graph", *options], [id], out=True)
            return Written(data, "image/svg+xml", {"content-security-policy": _with_styles(data)})
        case ["register", name, id] if name in REGISTERS:
            data = _written(visit, "register.html", ["print", name, *options], [id], out=False)
            policy = _with_styles(data)
            return Written(data, "text/html", {"content-security-policy": policy})
    return None


def _written(visit: Visit, name: str, words: Sequence[str], ids: Sequence[str], out: bool) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, name)
        options, arguments = ([f"--out={file}"], ids) if out else ([], [*ids, str(file)])
        visit.run([*words, *options, "--", *arguments])
        return file.read_bytes()


def _with_styles(data: bytes) -> str:
    """The policy of all pages, that lets a file have the styles that are in it."""
    digests = (hashlib.sha256(found[1]).digest() for found in _STYLE.finditer(data))
    hashes = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    return POLICY.replace("style-src 'self'", f"style-src 'self' {hashes}".rstrip())
