"""Documents as XLSX: a sheet for each table, and one about the whole; nothing in them runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any

import click

from cli.printing.sheet import Sheet
from cli.safe_text import visible
from projections.registers.document import (
    NOT_RECORDED,
    Box,
    Column,
    Kind,
    Notes,
    Part,
    Signatures,
    Table,
    Terms,
    Value,
    Verbatim,
    Words,
    printed,
)

_MOST_DIGITS = 15  # of a number that a spreadsheet holds exactly
_MOST_ROWS = 1_048_575
_MOST_TEXT = 32_767
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FIRST_YEAR = 1900  # of the calendar of spreadsheets
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_WIDTHS: dict[Kind, int] = {"text": 34, "number": 18, "date": 14, "percent": 14}


def xlsx(sheet: Sheet) -> bytes:
    """A sheet as a workbook; the same bytes for the same sheet."""
    out = BytesIO()
    workbook = _library().Workbook(out, {"constant_memory": True, "in_memory": False})
    workbook.set_properties(
        {"title": visible(sheet.document.title), "created": sheet.made.replace(tzinfo=None)}
    )
    formats = {
        "heading": workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True}),
        "bold": workbook.add_format({"bold": True}),
        "number": workbook.add_format({"num_format": "#,##0"}),
        "percent": workbook.add_format({"num_format": "0.00"}),
        "date": workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        "text": workbook.add_format({"text_wrap": True, "valign": "top"}),
    }
    names, tables = _Names(), sheet.document.tables
    about = workbook.add_worksheet(names.of("About"))
    pages = [workbook.add_worksheet(names.of(table.title)) for table in tables]
    _about(about, sheet, [page.name for page in pages], formats)
    for page, table in zip(pages, tables, strict=True):
        _table(page, table, formats)
    workbook.close()
    return out.getvalue()


class _Names:
    """Names of sheets: short, of characters that are allowed, and each given once."""

    def __init__(self) -> None:
        self._taken = {"history"}

    def of(self, title: str) -> str:
        """A name for a title that no sheet has yet."""
        plain = " ".join(_NOT_IN_NAMES.sub(" ", visible(title)).split()).strip("' ") or "Sheet"
        name, number = plain[:31].strip("' "), 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{plain[: 30 - len(str(number))].strip()} {number}"
        self._taken.add(name.casefold())
        return name


def _table(page: Any, table: Table, formats: dict[str, Any]) -> None:
    if len(table.rows) > _MOST_ROWS:
        raise click.UsageError(
            f"{table.title} has {len(table.rows):,} rows, and a sheet of XLSX takes"
            f" {_MOST_ROWS:,}: write HTML or PDF."
        )
    columns = list(_columns(table.columns))
    page.freeze_panes(1, 0)
    for place, (_, column, exact) in enumerate(columns):
        page.set_column(place, place, 24 if exact else _WIDTHS[column.kind])
        heading = f"{column.heading}, exactly" if exact else column.heading
        _text(page, 0, place, heading, formats["heading"])
    for line, row in enumerate(table.rows, 1):
        for place, (of, column, exact) in enumerate(columns):
            value = row[of]
            if exact:
                _text(page, line, place, str(value) if isinstance(value, int | Fraction) else "")
            else:
                _cell(page, line, place, value, column.kind, formats)


def _columns(columns: tuple[Column, ...]) -> Iterator[tuple[int, Column, bool]]:
    """The columns of a sheet, each with its place in a row; beside a percentage stands the same as
    an exact fraction."""
    for place, column in enumerate(columns):
        yield place, column, False
        if column.kind == "percent":
            yield place, column, True


def _cell(
    page: Any, line: int, place: int, value: Value, kind: Kind, formats: dict[str, Any]
) -> None:
    if isinstance(value, int) and len(str(abs(value))) <= _MOST_DIGITS and kind != "percent":
        page.write_number(line, place, value, formats["number"])
    elif isinstance(value, int | Fraction) and kind == "percent":
        page.write_number(line, place, float(printed(value, kind)), formats["percent"])
    elif kind == "date" and isinstance(value, str) and _is_day(value):
        page.write_datetime(line, place, date.fromisoformat(value), formats["date"])
    else:
        text = str(value) if isinstance(value, int | Fraction) else printed(value, kind)
        _text(page, line, place, text, formats["text"])


def _is_day(text: str) -> bool:
    return bool(_DAY.fullmatch(text)) and int(text[:4]) > _FIRST_YEAR


def _text(page: Any, line: int, place: int, text: str, style: Any = None) -> None:
    """Text as text: never a formula, a link or a number."""
    shown = visible(text)
    if len(shown) > _MOST_TEXT:
        shown = f"{shown[: _MOST_TEXT - 20]}… (shortened)"
    page.write_string(line, place, shown, style)


def _about(page: Any, sheet: Sheet, names: list[str], formats: dict[str, Any]) -> None:
    """What the workbook is, its cut, and all that is no table."""
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 90)
    for line, (left, right, style) in enumerate(_lines(sheet, iter(names))):
        if left:
            _text(page, line, 0, left, formats[style] if style else formats["text"])
        if right:
            _text(page, line, 1, right, formats["text"])


def _lines(sheet: Sheet, names: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    document = sheet.document
    yield document.company, "", "bold"
    yield document.title, document.what, "bold"
    yield from ((term, value, "") for term, value in sheet.cut)
    for part in document.parts:
        yield "", "", ""
        yield part.title, "", "bold"
        yield from _part_lines(part, names)
    yield "", "", ""
    yield "Proofs", "", "bold"
    yield from ((term, value, "") for term, value in sheet.proofs)


def _part_lines(part: Part, names: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    for block in part.blocks:
        match block:
            case Table():
                yield f"Sheet {next(names)}", block.title, ""
                for heading, value in block.total.items():
                    words = NOT_RECORDED if value is None else str(value)
                    yield f"Total, {heading.lower()}", words, ""
            case Terms():
                for term, value in block.items:
                    yield term, printed(value, "text"), ""
            case Words() | Box():
                yield "", block.text, ""
            case Notes() | Verbatim():
                yield from (("", line, "") for line in block.lines)
            case Signatures():
                yield from ((f"Signed: {one}", "", "") for one in block.by)


def _library() -> Any:
    try:
        import xlsxwriter
    except ImportError:
        raise click.UsageError(
            "Writing XLSX needs XlsxWriter. Install it with: pip install 'stakebook[tables]'"
        ) from None
    return xlsxwriter
