"""What a person reads of an answer, as the tables, headings and notes of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from markupsafe import Markup, escape

from cli.screen import Block, Column, Line, Screen, runs
from cli.web.visit import Part

_OUTSIDE = re.compile(r"https?://[^\s\"'<>]+", re.ASCII)
Parts = Callable[[str], Iterator[Part]]


@dataclass(frozen=True)
class Row:
    """The cells of a row, and the lines that stand under it."""

    cells: Sequence[Markup]
    under: Sequence[Markup]


@dataclass(frozen=True)
class Group:
    """Rows under a heading, and lines of text after them."""

    heading: Markup
    rows: Sequence[Row]
    closing: Sequence[Markup]


@dataclass(frozen=True)
class Table:
    """Groups of rows with the same columns."""

    columns: Sequence[Column]
    groups: Sequence[Group]


@dataclass(frozen=True)
class Shown:
    """An answer as a page shows it; ``left`` rows of it are not on the page."""

    title: str
    remark: Markup
    tables: Sequence[Table]
    notes: Sequence[Markup]
    left: int


class Shower:
    """Makes of a screen what a page shows of it; ``href`` gives the address of what is named."""

    def __init__(self, parts: Parts, href: Callable[[tuple[str, ...]], str]) -> None:
        self._parts, self._href = parts, href

    def shown(self, screen: Screen, start: int, most: int) -> Shown:
        """A screen, of its rows so many from a start on."""
        tables, place, count = list[Table](), 0, sum(len(b.lines) for b in screen.blocks)
        for run in runs(screen.blocks):
            groups = []
            for block in run:
                kept = block.lines[max(start - place, 0) : max(start + most - place, 0)]
                place += len(block.lines)
                if kept or not block.lines:
                    groups.append((block, kept))
            if groups:
                tables.append(self._table(groups))
        return Shown(
            self.plain(screen.title), self.text(screen.remark), tables,
            [self.text(note) for note in screen.notes], max(count - start - most, 0),
        )  # fmt: skip

    def _table(self, groups: Sequence[tuple[Block, Sequence[Line]]]) -> Table:
        columns = groups[0][0].columns
        lines = list(chain.from_iterable(kept for _, kept in groups))
        used = [n for n in range(len(columns)) if any(line.cells[n] for line in lines)]
        return Table([columns[n] for n in used], [self._group(*one, used) for one in groups])

    def _group(self, block: Block, lines: Sequence[Line], used: Sequence[int]) -> Group:
        rows = [
            Row([self.text(line.cells[n]) for n in used], [self.text(one) for one in line.under])
            for line in lines
        ]
        closing = [self.text(one) for one in block.closing]
        return Group(self.text(block.heading), rows, closing)

    def text(self, text: str) -> Markup:
        """Text with links to what it names."""
        return Markup("".join(self._part(part) for part in self._parts(text)))  # each is escaped

    def plain(self, text: str) -> str:
        """Text without links."""
        return "".join(part.text for part in self._parts(text))

    def _part(self, part: Part) -> Markup:
        if part.to:
            return Markup(f'<a href="{escape(self._href(part.to))}">{escape(part.text)}</a>')
        if _OUTSIDE.fullmatch(part.text.strip()):
            return Markup(
                '<a href="{0}" class="outside" rel="external noreferrer">{0}</a>'
                '<span class="unseen"> (another site)</span>'
            ).format(part.text.strip())
        return escape(part.text)
