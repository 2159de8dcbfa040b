"""Cells of a table as a file has them, each with its address; nothing in them is understood yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_ERROR = re.compile(r"#[A-Z][A-Z0-9_/ ]*[!?]|#N/A|#GETTING_DATA|ERR:\d{3}", re.ASCII)


def is_error(text: str) -> bool:
    """Whether a text is what a spreadsheet program shows for an error."""
    return _ERROR.fullmatch(text.strip().upper()) is not None


class Cell(NamedTuple):
    """What stands in a cell.

    ``kind`` is blank, text, number (exact plain digits), date (ISO), truth, error, or uncomputed (a
    formula without a stored value). ``percent_digits`` is the number of decimals of a percentage
    that a number is printed as; ``remark`` says what is unusual about the value.
    """

    kind: str = "blank"
    text: str = ""
    percent_digits: int | None = None
    formula: bool = False
    remark: str = ""


BLANK = Cell()


class Row(NamedTuple):
    """A row with its number in the file."""

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False

    def cell(self, column: int) -> Cell:
        """The cell of a column, counted from 0."""
        return self.cells[column] if column < len(self.cells) else BLANK


class Merged(NamedTuple):
    """A block of merged cells: first and last row, first and last column (from 0)."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One table of a file; ``name`` is that of a sheet, or of the file of CSV.

    ``unknown`` says what the reader could not find out about it, ``from_1904`` that its serial
    numbers count from 1904.
    """

    name: str
    rows: Sequence[Row]
    of_workbook: bool = True
    merged: Sequence[Merged] = ()
    hidden: bool = False
    hidden_columns: frozenset[int] = frozenset()
    unknown: str = ""
    from_1904: bool = False
    remarks: Sequence[str] = ()

    def place(self, row: int, column: int | None = None) -> str:
        """Where a cell or a row is, as errors name it."""
        if self.of_workbook:
            at = f"{letters(column)}{row}" if column is not None else f"{row}:{row}"
            return f"{self.name}!{at}"
        where = f"{self.name}:{row}"
        return where if column is None else f"{where}, column {letters(column)}"

    def column_place(self, column: int) -> str:
        """Where a column is."""
        if self.of_workbook:
            return f"{self.name}!{letters(column)}:{letters(column)}"
        return f"{self.name}, column {letters(column)}"

    def locator(self, row: int, column: int) -> str:
        """Where a cell is, as a citation says it."""
        return self.place(row, column) if self.of_workbook else f"row {row}"


def letters(column: int) -> str:
    """The letters of a column, counted from 0: A, B, ... Z, AA."""
    found, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        found = chr(ord("A") + last) + found
    return found


def column_of(text: str) -> int:
    """The column that letters name, counted from 0; -1 where they name none."""
    if not (text.isascii() and text.isalpha() and len(text) <= 3):
        return -1
    found = 0
    for letter in text.upper():
        found = 26 * found + ord(letter) - ord("A") + 1
    return found - 1
