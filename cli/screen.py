"""What a person reads: a title, tables in blocks, notes and ids, laid out for a width.

A ``Screen`` is plain data. Laid out for a width, it is drawn as wide as its text; where that does
not fit, columns of words are wrapped, then columns go to a line of their own under each row.
Numbers, dates, ids and words are never broken, but for a single word wider than the whole screen.
Laid out flat, every row is whole on one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from cli.safe_text import cells_of, isolated, visible
from projections.told import told_rounded

_GAP = 2  # cells between columns
_STEP = 2  # cells by which what stands under something is indented
IDS_FROM = 100  # cells of a screen from which ids have a column of their own
_WORDS = 20  # cells below which a column of words is not shrunk
_LONGEST = 40  # cells; of a word, for which a column is widened
_BREAK = re.compile(r"(?<![<>]=)(?<!~)(?<!\b[A-Z]{3}) ")  # not after a sign or a currency
DATES = 21  # cells that a column of dates takes at most: ``not before 2025-03-31``
_WIDE = 1_000_000  # cells; a width that nothing is wider than


@dataclass(frozen=True)
class Column:
    """A column of a block.

    It is shown on screens at least ``from_width`` wide. Where not all fit, the ones of the highest
    ``yields`` leave the row first, and of these the last; then ``heading`` stands before its cell.
    Before that a column wider than ``most`` cells is wrapped to them.
    """

    heading: str = ""
    align: Literal["left", "right"] = "left"
    wrap: bool = False
    from_width: int = 0
    yields: int = 0
    most: int = 0


@dataclass(frozen=True)
class Line:
    """A row: a cell for each column, and lines of its own that stand under it."""

    cells: Sequence[str]
    under: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", tuple(map(told_rounded, self.cells)))


@dataclass(frozen=True)
class Block:
    """Lines under a heading, then ``closing`` lines of plain text.

    Neighbours with equal columns share their widths and one row of column headings; one that is not
    ``headed`` speaks for itself, and has these on wide screens alone.
    """

    columns: Sequence[Column] = ()
    lines: Sequence[Line] = ()
    heading: str = ""
    closing: Sequence[str] = ()
    headed: bool = True


@dataclass(frozen=True)
class Screen:
    """All of an answer: ``remark`` stands in place of rows, ``ids`` are those of the rows.

    Of possible events of the types ``counted`` only the number is told, where there are many.
    """

    title: str
    blocks: Sequence[Block] = ()
    notes: Sequence[str] = ()
    ids: Sequence[str] = ()
    remark: str = ""
    counted: Sequence[str] = ()


class Written(str):
    """A finished line, and what is drawn in it on a terminal."""

    kind: Literal["plain", "heading", "columns"] = "plain"

    @classmethod
    def of(cls, kind: Literal["heading", "columns"], text: str) -> Written:
        """A line of a kind."""
        made = cls(text)
        made.kind = kind
        return made


def laid_out(screen: Screen, width: int | None) -> Iterator[Written]:
    """The lines of a screen of a width; None lays it out flat."""
    wide = width or _WIDE
    yield from _text(screen.title, wide, under="  ", kind="heading")
    if screen.remark:
        yield from _text(screen.remark, wide)
    for run in runs(screen.blocks):
        yield from _run(run, width)
    for note in screen.notes:
        yield from _text(note, wide, under=_STEP * " ")
    if screen.ids and width is not None and width < IDS_FROM:
        yield from _text(f"Ids: {', '.join(dict.fromkeys(screen.ids))}", wide, under="  ")


def runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Neighbouring blocks with equal columns, together."""
    for _, run in groupby(blocks, lambda block: tuple(block.columns)):
        yield list(run)


def _run(run: Sequence[Block], width: int | None) -> Iterator[Written]:
    fitted = _Fitted.to(run, width)
    headed = run[0].headed or width is None or width >= IDS_FROM
    *most, last = (fitted.headings() if headed else []) or [""]
    columns = [Written.of("heading", line) for line in most]
    columns += [Written.of("columns", last)] if last else []
    below = fitted.flat or not run[0].headed
    if not below:
        yield from columns
    for number, block in enumerate(run):
        if block.heading:
            yield from _text(block.heading, width or _WIDE, under="  ", kind="heading")
        if below and not number:
            yield from columns
        for line in block.lines:
            yield from map(Written, fitted.line(line))
        for text in block.closing:
            yield from _text(text, width or _WIDE, fitted.indent, fitted.indent + _STEP * " ")


@dataclass(frozen=True)
class _Fitted:
    """Columns with the widths that fit a screen; those of ``lower`` stand under the row."""

    columns: Sequence[Column]
    upper: Sequence[int]
    lower: Sequence[int]
    widths: Sequence[int]
    width: int
    indent: str
    flat: bool

    @classmethod
    def to(cls, run: Sequence[Block], width: int | None) -> _Fitted:
        """Columns of blocks fitted to a width."""
        columns, wide = run[0].columns, width or _WIDE
        flat = width is None
        indent = "" if flat or not any(block.heading for block in run) else _STEP * " "
        headed = run[0].headed or wide >= IDS_FROM
        natural, least = _measured(run, wide - len(indent), headed)
        shown = [n for n, column in enumerate(columns) if column.from_width <= wide]
        lines = [line for block in run for line in block.lines]
        upper = [n for n in shown if flat or any(line.cells[n] for line in lines)]
        if sum(natural[n] + _GAP for n in upper) - _GAP > wide - len(indent):
            natural = [min(n, c.most or n) for n, c in zip(natural, columns, strict=True)]
        lower: list[int] = []
        while True:
            room = wide - len(indent) - _GAP * (len(upper) - 1)
            if sum(least[n] for n in upper) <= room or len(upper) < 2:
                break
            leaving = max(upper[1:], key=lambda n: (columns[n].yields, n))
            upper.remove(leaving)
            lower = sorted([*lower, leaving])
        widths = _shared([natural[n] for n in upper], [least[n] for n in upper], room)
        return cls(columns, upper, lower, widths, wide, indent, flat)

    def headings(self) -> list[str]:
        """The lines of the column headings; none where no column has one."""
        heads = [visible(self.columns[n].heading) for n in self.upper]
        pairs = zip(heads, self.widths, strict=True)
        return self._row([broken(head, width) for head, width in pairs]) if any(heads) else []

    def line(self, line: Line) -> Iterator[str]:
        """The lines that a row takes."""
        cells = [visible(line.cells[n]) for n in self.upper]
        pairs = zip(cells, self.widths, strict=True)
        row = self._row([[cell] if self.flat else broken(cell, width) for cell, width in pairs])
        if self.flat:
            yield "  ".join([*row, *map(_safe, line.under)])
            return
        yield from row if any(row) or not self.lower else ()
        indent = self.indent + _STEP * " "
        yielded = ", ".join(filter(None, (self._named(line, n) for n in self.lower)))
        for text in filter(None, (yielded, *line.under)):
            yield from _text(text, self.width, indent, indent)

    def _named(self, line: Line, number: int) -> str:
        heading, cell = self.columns[number].heading, line.cells[number]
        return f"{heading}: {cell.strip()}" if heading and cell else cell

    def _row(self, cells: Sequence[Sequence[str]]) -> list[str]:
        deep = max(map(len, cells), default=0)
        return [
            (self.indent + "  ".join(map(self._cell, range(len(cells)), part))).rstrip(" ")
            for part in ([c[i] if i < len(c) else "" for c in cells] for i in range(deep))
        ]

    def _cell(self, place: int, text: str) -> str:
        padding = " " * (self.widths[place] - cells_of(text))
        right = self.columns[self.upper[place]].align == "right"
        return padding + isolated(text) if right else isolated(text) + padding


def _measured(run: Sequence[Block], room: int, headed: bool) -> tuple[list[int], list[int]]:
    """For each column its natural width, and the least that it can be given."""
    natural, least = [], []
    for number, column in enumerate(run[0].columns):
        heading = visible(column.heading) if headed else ""
        texts = {heading}
        texts |= {visible(line.cells[number]) for block in run for line in block.lines}
        widest = max(map(cells_of, texts))
        words = (word for text in texts for word in _BREAK.split(text))
        longest = widest
        if column.wrap and widest > _WORDS:
            longest = min(max(map(cells_of, words)), _LONGEST)
        needed = max(cells_of(heading), longest, min(widest, _WORDS))
        natural.append(widest)
        least.append(min(widest, needed, room, column.most or room))
    return natural, least


def _shared(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths that fill no more than the room: the widest are cut down to one width."""
    low, high = 0, max(natural, default=0)
    while low < high:
        cap = (low + high + 1) // 2
        fits = sum(_capped(natural, least, cap)) <= room
        low, high = (cap, high) if fits else (low, cap - 1)
    return _capped(natural, least, low)


def _capped(natural: Sequence[int], least: Sequence[int], cap: int) -> list[int]:
    return [max(few, min(many, cap)) for many, few in zip(natural, least, strict=True)]


def _text(
    text: str,
    width: int,
    first: str = "",
    under: str = "",
    kind: Literal["plain", "heading"] = "plain",
) -> Iterator[Written]:
    """Plain text, broken between words, each line safe."""
    for number, part in enumerate(broken(visible(text), width - len(first), width - len(under))):
        line = (under if number else first) + isolated(part)
        yield Written(line) if kind == "plain" else Written.of(kind, line)


def broken(text: str, width: int, later: int | None = None) -> list[str]:
    """Text broken between words into lines of so many cells; ``later`` for all but the first.

    A word that is wider than a line is broken.
    """
    if cells_of(text) <= width:
        return [text]
    found, line, width, after = [], "", max(width, 2), max(later or width, 2)
    for word in _BREAK.split(text):
        joined = f"{line} {word}" if line else word
        if line and cells_of(joined) > width:
            found.append(line)
            width, joined = after, word
        if cells_of(joined) > width:
            *pieces, joined = _pieces(joined, width, after)
            found += pieces
            width = after
        line = joined
    return [*found, line] if line else found


def _pieces(word: str, width: int, later: int) -> Iterator[str]:
    """A word in parts, the first of so many cells, the others of ``later``."""
    start = taken = 0
    for place, character in enumerate(word):
        cells = cells_of(character)
        if taken + cells > width:
            yield word[start:place]
            start, taken, width = place, 0, later
        taken += cells
    yield word[start:]


def _safe(text: str) -> str:
    return isolated(visible(text))
