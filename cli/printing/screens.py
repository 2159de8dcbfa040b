"""Screens as parts of a document: what a question tells a person, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cli.screen import Block as ScreenBlock
from cli.screen import Line, Screen, runs
from projections.registers.document import Block, Column, Notes, Part, Table, Value, Words

_WHOLE = re.compile(r"-?[0-9]+(,[0-9]{3})*", re.ASCII)
_APART = 3  # blocks of one shape that stand apart; more are one table


def part_of(title: str, screen: Screen) -> Part:
    """A part of a document with all that a screen has at its widest, but for its title."""
    blocks: list[Block] = [Words(screen.remark)] if screen.remark else []
    for run in runs(screen.blocks):
        if len(run) > _APART:
            blocks += _together(title, run)
        else:
            blocks += [made for block in run for made in _alone(title, block)]
    return Part(title, [*blocks, Notes(list(screen.notes))] if screen.notes else blocks)


def _alone(title: str, block: ScreenBlock) -> Iterator[Block]:
    """A block as a table of its own."""
    if block.lines:
        rows = [_row(block, line) for line in block.lines]
        yield _table(block.heading or title, _columns(block), rows)
    elif block.heading:
        yield Words(block.heading)
    yield from map(Words, block.closing)


def _together(title: str, run: Sequence[ScreenBlock]) -> Iterator[Block]:
    """Blocks of one shape as one table, in which each row says of which it is."""
    columns = [Column("of"), *_columns(run[0])]
    rows = [[block.heading, *_row(block, line)] for block in run for line in block.lines]
    yield _table(title, columns, rows)
    for block in run:
        yield from (Words(f"{block.heading}: {text}") for text in block.closing)


def _table(title: str, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> Table:
    """A table without the columns in which nothing stands."""
    kept = [n for n in range(len(columns)) if any(row[n] != "" for row in rows)]
    return Table(
        title, tuple(columns[n] for n in kept), [tuple(row[n] for n in kept) for row in rows]
    )


def _columns(block: ScreenBlock) -> list[Column]:
    """The columns of a block, with one for what stands under its rows."""
    columns = [
        Column(column.heading, "number" if column.align == "right" else "text")
        for column in block.columns
    ]
    columns.insert(_under(block), Column("", under=True))
    return columns


def _row(block: ScreenBlock, line: Line) -> list[Value]:
    cells: list[Value] = [
        _number(cell) if column.align == "right" else cell
        for column, cell in zip(block.columns, line.cells, strict=True)
    ]
    cells.insert(_under(block), "; ".join(text.strip() for text in line.under))
    return cells


def _under(block: ScreenBlock) -> int:
    """The place after the column of words, beneath which there is room, or after the first."""
    wrapped = (place for place, column in enumerate(block.columns, 1) if column.wrap)
    return next(wrapped, 1)


def _number(cell: str) -> Value:
    """A number where a cell is a whole one, with its digits grouped or not; else as it is."""
    return int(cell.replace(",", "")) if _WHOLE.fullmatch(cell) else cell
