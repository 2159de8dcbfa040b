"""Documents as one file of HTML that prints well: no script, nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from cli.printing.sheet import Sheet
from cli.safe_text import safe
from projections.registers.document import Column, Table, Terms, Value, printed

if TYPE_CHECKING:
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent.with_name("templates")
Cell = tuple[Column, "Markup", list[tuple[str, "Markup"]]]  # and what stands beneath it
_DATE = re.compile(r"(?<![\w-])\d{4}-(?:\d\d(?:-\d\d)?|[QH]\d)(?![\w-])", re.ASCII)
_LONG = re.compile(r"(\S{41,})")  # a word that is wider than a column may be
_MOST_TOGETHER = 20  # of its letters
_WIDEST = 24  # letters of a number that is never broken
_SIZES = {"a4": "A4", "letter": "letter"}


def html(sheet: Sheet, paper: str) -> str:
    """A sheet as a page of HTML."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "safe_text": safe,
        "unbroken": unbroken,
        "css": css_string,
        "cell": cell,
        "kind": block_kind,
    }
    environment.globals |= {"rows_of": rows_of, "printed_terms": printed_terms}
    return environment.get_template("register.html").render(
        sheet=sheet, document=sheet.document, size=_SIZES[paper]
    )


def css_string(text: str) -> Markup:
    """Text as a string of CSS, in which nothing but letters and digits stands for itself, so that
    it can be written into a page as it is."""
    from markupsafe import Markup

    plain = (c if c.isascii() and c.isalnum() else f"\\{ord(c):x} " for c in safe(text))
    return Markup(f'"{"".join(plain)}"')


def cell(value: Value, column: Column) -> Markup:
    """A value as a cell shows it; a number wider than a column may be broken after its commas."""
    from markupsafe import Markup

    shown = unbroken(printed(value, column.kind))
    wide = column.kind == "number" and len(shown) > _WIDEST
    return Markup(str(shown).replace(",", ",<wbr>")) if wide else shown


def unbroken(text: str) -> Markup:
    """Text in which no date is broken into lines, nor any word but those longer than a column."""
    from markupsafe import Markup, escape

    marked = ""
    for piece in _LONG.split(safe(text)):
        if _LONG.fullmatch(piece):
            pieces = (
                piece[at : at + _MOST_TOGETHER] for at in range(0, len(piece), _MOST_TOGETHER)
            )
            marked += "<wbr>".join(str(escape(part)) for part in pieces)
        else:
            marked += _DATE.sub(r'<span class="day">\g<0></span>', str(escape(piece)))
    return Markup(marked)


def block_kind(block: object) -> str:
    """What a block is, by which the template chooses."""
    return type(block).__name__.lower()


def printed_terms(terms: Terms) -> list[tuple[str, str]]:
    """Terms with their values as they are printed."""
    return [(term, printed(value, "number")) for term, value in terms.items]


def rows_of(table: Table) -> list[list[Cell]]:
    """The rows of a table: of each printed cell its column, its text, and what stands beneath."""
    return [_cells(table.columns, row) for row in table.rows]


def _cells(columns: tuple[Column, ...], row: tuple[Value, ...]) -> list[Cell]:
    cells: list[Cell] = []
    for column, value in zip(columns, row, strict=True):
        if not column.under:
            cells.append((column, cell(value, column), []))
        elif value != "":
            cells[-1][2].append((column.heading, cell(value, column)))
    return cells
