"""Graphs as pictures: SVG that says in words what it shows, and PNG."""

from __future__ import annotations

import re
from html import escape

from cli.pictures.dot import dot
from cli.pictures.drawing import Drawing
from cli.pictures.engine import laid_out
from cli.pictures.tree import lines_of
from cli.safe_text import visible

_ROOT = re.compile(r"(<svg\b[^>]*)>")


def svg(drawing: Drawing) -> bytes:
    """The picture in SVG, with its title and a list of what it shows for those who cannot see."""
    drawn = laid_out(dot(drawing), "svg").decode()
    title, told = (
        escape(visible(drawing.title)),
        escape("\n".join(map(visible, [*drawing.notes, *lines_of(drawing)]))),
    )
    head = r'\1 role="img" aria-labelledby="title list">'
    words = f'\n<title id="title">{title}</title>\n<desc id="list">{told}</desc>'
    return _ROOT.sub(lambda found: found.expand(head) + words, drawn, count=1).encode()


def png(drawing: Drawing) -> bytes:
    """The picture in PNG."""
    return laid_out(dot(drawing), "png")
