"""Graphs as pictures: SVG that says in words what it shows, and PNG."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import escape
from unicodedata import category, name

import click

from cli.pictures.dot import dot, words_last
from cli.pictures.drawing import Drawing, groups
from cli.pictures.engine import has_own_font, laid_out
from cli.pictures.legend import legend
from cli.pictures.tree import lines_of
from cli.safe_text import visible

_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "MICRO", "OHM", "FEMININE", "MASCULINE")
_FONTS = "Arial,Arimo,Helvetica,sans-serif"
_WORDS = re.compile(r'<g id="a_e[0-9]+(?:-|&#45;)label">.*?</g>\n', re.DOTALL)  # of one edge
_END = "</g>\n</svg>"
_ROOT = re.compile(r"(<svg\b[^>]*)>")


def svg(drawing: Drawing) -> bytes:
    """The picture in SVG, with its title and a list of what it shows for those who cannot see."""
    told = [*drawing.heading[1:], *lines_of(drawing), *_groups(drawing), *legend(drawing)]
    return described(_words_last(laid_out(dot(drawing), "svg").decode()), drawing.title, told)


def _words_last(drawn: str) -> str:
    """A picture with the words of edges after all lines, so that none runs through them."""
    words = "".join(_WORDS.findall(drawn))
    lines, end, rest = _WORDS.sub("", drawn).rpartition(_END)
    return f"{lines}{words}{end}{rest}"


def _groups(drawing: Drawing) -> Iterator[str]:
    names = drawing.names()
    for top, members in groups(drawing).items() if not drawing.compares else ():
        yield f"Group of {names[top]}: {', '.join(names[one] for one in members)}"


def png(drawing: Drawing) -> bytes:
    """The picture in PNG; refused where the font that comes with the engine lacks letters of it."""
    text = dot(drawing)
    if has_own_font() and (lacking := _lacking(text)):
        raise click.UsageError(
            f"The font of PNG pictures has no {lacking}. Write the picture as .svg, which a browser"
            " draws with the fonts of its machine."
        )
    laid = json.loads(laid_out(text, "json0"))
    return laid_out(words_last(drawing, laid), "png", "-Kneato", "-n2")


def _lacking(text: str) -> str:
    """The first letter or sign that the font of the engine lacks, and what it is called."""
    for c in text:
        kind, called = category(c), name(c, "sign without a name")
        letter = kind[0] == "L" and kind != "Lm" and not called.startswith(_SCRIPTS)
        if letter or (kind == "So" and c >= "\u2300"):
            return f"{c} ({called.lower()})"
    return ""


def described(drawn: str, title: str, lines: Iterable[str]) -> bytes:
    """A picture in SVG that has its title and what it shows in words."""
    told, listed = escape(visible(title)), escape("\n".join(map(visible, lines)))
    head = r'\1 role="img" aria-labelledby="title list">'
    words = f'\n<title id="title">{told}</title>\n<desc id="list">{listed}</desc>'
    whole = _ROOT.sub(lambda found: found.expand(head) + words, drawn, count=1)
    return whole.replace('font-family="Arial"', f'font-family="{_FONTS}"').encode()
