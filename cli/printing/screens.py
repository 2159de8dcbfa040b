"""Screens as parts of a document: what a question tells a person, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cli.screen import Block as ScreenBlock
from cli.screen import Line, Screen
from projections.registers.document import Block, Column, Notes, Part, Table, Value, Words

_WHOLE = re.compile(r"-?[0-9]+(,[0-9]{3})*", re.ASCII)


def part_of(title: str, screen: Screen) -> Part:
    """A part of a document with all that a screen has at its widest, but for its title."""
    blocks: list[Block] = [Words(screen.remark)] if screen.remark else []
    for block in screen.blocks:
        blocks += _blocks(title, block)
    return Part(title, [*blocks, Notes(list(screen.notes))] if screen.notes else blocks)


def _blocks(title: str, block: ScreenBlock) -> Iterator[Block]:
    if block.lines:
        columns = [
            Column(column.heading, "number" if column.align == "right" else "text")
            for column in block.columns
        ]
        if any(line.under for line in block.lines):
            columns.insert(1, Column("", under=True))
        rows = [_row(block, line, len(columns) > len(block.columns)) for line in block.lines]
        yield Table(block.heading or title, tuple(columns), rows)
    elif block.heading:
        yield Words(block.heading)
    yield from map(Words, block.closing)


def _row(block: ScreenBlock, line: Line, with_under: bool) -> tuple[Value, ...]:
    cells: list[Value] = [
        _number(cell) if column.align == "right" else cell
        for column, cell in zip(block.columns, line.cells, strict=False)
    ]
    if with_under:
        cells.insert(1, "; ".join(text.strip() for text in line.under))
    return tuple(cells)


def _number(cell: str) -> Value:
    """A number where a cell is a whole one, with its digits grouped or not; else as it is."""
    return int(cell.replace(",", "")) if _WHOLE.fullmatch(cell) else cell
