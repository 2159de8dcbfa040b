"""Graphs as pictures: SVG that says in words what it shows, and PNG."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from cli.pictures.dot import dot
from cli.pictures.drawing import Drawing, groups
from cli.pictures.engine import laid_out
from cli.pictures.tree import lines_of
from cli.safe_text import visible

_ROOT = re.compile(r"(<svg\b[^>]*)>")


def svg(drawing: Drawing) -> bytes:
    """The picture in SVG, with its title and a list of what it shows for those who cannot see."""
    told = [*drawing.notes, *lines_of(drawing), *_groups(drawing)]
    return described(laid_out(dot(drawing), "svg").decode(), drawing.title, told)


def _groups(drawing: Drawing) -> Iterator[str]:
    names = drawing.names()
    for top, members in groups(drawing).items() if not drawing.compares else ():
        yield f"Group of {names[top]}: {', '.join(names[one] for one in members)}"


def png(drawing: Drawing) -> bytes:
    """The picture in PNG."""
    return laid_out(dot(drawing), "png")


def described(drawn: str, title: str, lines: Iterable[str]) -> bytes:
    """A picture in SVG that has its title and what it shows in words."""
    told, listed = escape(visible(title)), escape("\n".join(map(visible, lines)))
    head = r'\1 role="img" aria-labelledby="title list">'
    words = f'\n<title id="title">{told}</title>\n<desc id="list">{listed}</desc>'
    return _ROOT.sub(lambda found: found.expand(head) + words, drawn, count=1).encode()
