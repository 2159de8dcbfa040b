"""Writing a screen: on a terminal of some width, with a pager; flat to a pipe; as Markdown."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import get_terminal_size

import click

from cli.question import headings
from cli.receiver import receiver
from cli.safe_text import cells_of, isolated, visible
from cli.screen import Block, Screen, Written, broken, laid_out, runs

_LEAST = 20  # cells; narrower screens are laid out for so many
_PAGE = 1_000_000  # cells; a page breaks its lines itself


def width() -> int | None:
    """The cells of a line; None where every row is to be whole on one line.

    ``COLUMNS`` decides; else the terminal does, and what is no terminal has no width.
    """
    if receiver():
        return _PAGE
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told):
        return max(int(told), _LEAST)
    return max(get_terminal_size().columns, _LEAST) if sys.stdout.isatty() else None


def write(screen: Screen, form: str, paged: bool = True) -> None:
    """A screen on standard output, as a table or as Markdown; or to what receives it."""
    if taking := receiver():
        taking.screen(screen)
        return
    if form == "markdown":
        click.echo("\n".join(_markdown(screen)), file=sys.stdout)
        return
    terminal = sys.stdout.isatty()
    lines = [drawn for line in _lines(screen) for drawn in _drawn(line, terminal)]
    text = "\n".join(lines) + "\n"
    if terminal and paged and len(lines) >= get_terminal_size().lines:
        _page(text)
    else:
        click.echo(text, file=sys.stdout, nl=False)


def _lines(screen: Screen) -> Iterator[Written]:
    """The lines of a screen, under what stands over every answer."""
    yield from (Written.of("heading", words) for words in headings())
    yield from laid_out(screen, width())


def _page(text: str) -> None:
    """Show text in the pager; one that is missing or left early is no failure."""
    os.environ.setdefault("LESS", "FRX")
    words = shlex.split(os.environ.get("PAGER", "")) or ["less"]
    click.echo_via_pager(text, color=True if Path(words[0]).name == "less" else None)


def _drawn(line: Written, terminal: bool) -> Iterator[str]:
    """A line as it is written: on a terminal headings are bold, those of columns over a rule."""
    bold = terminal and line.kind != "plain" and not os.environ.get("NO_COLOR")
    yield click.style(line, bold=True) if bold else line
    if terminal and line.kind == "columns":
        yield "-" * cells_of(line)


def say(text: str, under: str = "  ") -> None:
    """One line of text on standard output, broken between words where the screen is narrower."""
    wide = width()
    lines = [visible(text)]
    if wide is not None:
        lines = broken(visible(text), wide, wide - len(under))
    start, *rest = map(isolated, lines)
    click.echo("\n".join([start, *(under + line for line in rest)]), file=sys.stdout)


def _markdown(screen: Screen) -> Iterator[str]:
    from cli.render import escaped

    for words in headings():
        yield from (f"**{escaped(words)}**", "")
    yield from (f"**{escaped(screen.title)}**", "")
    if screen.remark:
        yield from (escaped(screen.remark), "")
    for run in runs(screen.blocks):
        for block in run:
            yield from (f"**{escaped(block.heading)}**", "") if block.heading else ()
            yield from (*_grid(block), "") if block.lines else ()
            yield from (f"- {escaped(text)}" for text in block.closing)
            yield from [""] if block.closing else []
    yield from (f"- {escaped(note)}" for note in screen.notes)


def _grid(block: Block) -> Iterator[str]:
    from cli.render import unmarked

    def row(cells: Iterator[str]) -> str:
        return f"| {' | '.join(cells)} |"

    yield row(unmarked(column.heading) for column in block.columns)
    yield row("---:" if column.align == "right" else "---" for column in block.columns)
    for line in block.lines:
        *cells, last = map(unmarked, line.cells)
        yield row(iter([*cells, " ".join([last, *map(unmarked, line.under)])]))
