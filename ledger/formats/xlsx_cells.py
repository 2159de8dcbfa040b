"""Reading the cells of XLSX with openpyxl: once for the formulas, once for the values stored.

openpyxl tells hidden rows, filters and merged cells only of a workbook that it holds whole; above
``WHOLE_BYTES`` they stay unknown, which is said.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Context, Decimal
from itertools import zip_longest
from typing import Any

from ledger.formats.cells import BLANK, Cell, Merged, Row, Sheet, is_error
from ledger.values.refusals import Refusal, Refused

WHOLE_BYTES = 20 * 2**20
_UNPACKED = 2**30
_RATIO = 200
_SMALL = 2**20  # a part that unpacks to less may be packed as tightly as it likes
_DIGITS = 15  # that a double holds exactly
_LEAP = datetime(1900, 3, 1)  # before it, the 1900 system counts a day that never was
_DOCTYPES = tuple("<!DOCTYPE".encode(c) for c in ("utf-8", "utf-16-le", "utf-16-be"))
UNKNOWN = "hidden rows, filters and merged cells are not known of a workbook over 20 MB"


def read_xlsx(raw: bytes, name: str) -> list[Sheet]:
    """The sheets of a workbook that hold tables; Refused where it is none, or unsafe to unpack."""
    _check_archive(raw, name)
    try:
        import openpyxl
    except ImportError:
        raise Refused(
            Refusal.UNREADABLE_FILE,
            "Reading XLSX needs openpyxl.",
            "Install it with `pip install 'stakebook[tables]'`, or save the sheet as CSV UTF-8.",
            name,
        ) from None
    whole = len(raw) < WHOLE_BYTES
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that are no cells
            said = openpyxl.load_workbook(io.BytesIO(raw), read_only=not whole)
            stored = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            return [
                _sheet(sheet, stored[sheet.title], stored.epoch, whole=whole)
                for sheet in said.worksheets
            ]
    except Refused:
        raise
    except Exception as error:  # whatever openpyxl makes of what it cannot read
        raise Refused(
            Refusal.OTHER_FORMAT,
            f"It is no workbook that can be read ({type(error).__name__}).",
            "Open it and save it again as XLSX.",
            name,
        ) from None


def _check_archive(raw: bytes, name: str) -> None:
    """Refuse what is no XLSX, unpacks too large, or refers to what lies outside of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            _check_size(parts, name)
            names = {part.filename for part in parts}
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(4096)
                    if any(mark in head for mark in _DOCTYPES):
                        raise _unsafe(name, f"{part.filename} declares a document type.")
    except Refused:
        raise
    except Exception:  # zipfile fails in many ways on what is cut or made up
        raise Refused(
            Refusal.OTHER_FORMAT,
            "It is no XLSX workbook, or it is cut.",
            "Save it as XLSX; XLS, XLSB and ODS are not read. CSV is read with --from csv.",
            name,
        ) from None
    if any(part.startswith("xl/externalLinks/") for part in names):
        raise _unsafe(name, "Cells of it refer to other workbooks.")
    if not any(part.startswith("xl/worksheets/") for part in names):
        raise Refused(
            Refusal.OTHER_FORMAT,
            "There is no worksheet of XLSX in it.",
            "Save it as XLSX; XLS, XLSB and ODS are not read.",
            name,
        )


def _check_size(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    if sum(part.file_size for part in parts) > _UNPACKED:
        raise Refused(Refusal.TOO_LARGE, "It unpacks to over 1 GiB.", "Split it.", name)
    for part in parts:
        if part.file_size > max(_SMALL, _RATIO * part.compress_size):
            raise _unsafe(name, f"{part.filename} unpacks to over {_RATIO} times its size.")


def _unsafe(name: str, wrong: str) -> Refused:
    remedy = "Copy the values into a new workbook, and save that."
    return Refused(Refusal.OTHER_FORMAT, wrong, remedy, name)


def _sheet(said: Any, stored: Any, epoch: datetime, *, whole: bool) -> Sheet:
    stored.reset_dimensions()
    if not whole:
        said.reset_dimensions()
    rows = [Row(*numbered) for numbered in _rows(said, stored, epoch, whole=whole)]
    hidden = said.sheet_state != "visible"
    if not whole:
        return Sheet(said.title, rows, hidden=hidden, unknown=UNKNOWN, from_1904=epoch.year == 1904)
    merged = [
        Merged(r.min_row, r.max_row, r.min_col - 1, r.max_col - 1) for r in said.merged_cells.ranges
    ]
    from openpyxl.utils import column_index_from_string

    columns = {
        number - 1
        for letter, column in said.column_dimensions.items()
        if column.hidden
        for number in range(
            column.min or column_index_from_string(letter),
            (column.max or column_index_from_string(letter)) + 1,
        )
        if number <= said.max_column
    }
    filtered = ["a filter is set"] if said.auto_filter.ref and said.auto_filter.filterColumn else []
    return Sheet(
        said.title, rows, merged=merged, hidden=hidden, hidden_columns=frozenset(columns),
        from_1904=epoch.year == 1904, remarks=filtered,
    )  # fmt: skip


def _rows(
    said: Any, stored: Any, epoch: datetime, *, whole: bool
) -> Iterator[tuple[int, tuple[Cell, ...], bool]]:
    """Each row that has anything in it: its number, its cells, and whether it is hidden."""
    pairs = zip_longest(said.iter_rows(), stored.iter_rows(), fillvalue=())
    for number, (formulas, values) in enumerate(pairs, 1):
        cells = [
            _cell(one, value, epoch) for one, value in zip_longest(formulas, values, fillvalue=None)
        ]
        while cells and cells[-1] is BLANK:
            cells.pop()
        hidden = whole and number in said.row_dimensions and said.row_dimensions[number].hidden
        yield number, tuple(cells), bool(hidden)


def _cell(said: Any, stored: Any, epoch: datetime) -> Cell:
    """One cell from what it says and the value stored for it."""
    formula = said is not None and said.data_type == "f"
    value = None if stored is None else stored.value
    if formula and value is None:
        empty = stored is not None and stored.data_type == "str"  # computed, and nothing
        return BLANK if empty else Cell("uncomputed", formula=True)
    if value is None or (isinstance(value, str) and not value.strip()):
        return BLANK
    if stored.data_type == "e" or (isinstance(value, str) and is_error(value)):
        return Cell("error", str(value).strip(), formula=formula)
    if isinstance(value, str):
        return Cell("text", " ".join(value.split()), formula=formula)
    if isinstance(value, bool):
        return Cell("truth", str(value).upper(), formula=formula)
    if isinstance(value, int | Decimal) or stored.data_type == "n":
        return _number(value, stored.number_format or "", formula=formula)
    return _date(value, epoch, formula=formula)


def _number(value: Any, style: str, *, formula: bool) -> Cell:
    """A number exactly, or to the 15 digits that a double holds."""
    number = Decimal(repr(value))
    if not number.is_finite():
        return Cell("error", str(number), formula=formula)
    remark = ""
    if number == number.to_integral_value():
        text = format(number.to_integral_value(), "f") if number else "0"
        if len(text.lstrip("-")) > _DIGITS:
            remark = "has more digits than a cell holds exactly"
    else:
        if len(number.as_tuple().digits) > _DIGITS:
            number = Context(prec=_DIGITS).plus(number)
            remark = "is rounded to 15 digits"
        text = format(number.normalize(), "f")
    return Cell("number", text, _percent_digits(style), formula, remark)


def _percent_digits(style: str) -> int | None:
    found = re.match(r'[^;"%]*?(?:\.(0+))?%', style)
    return len(found[1] or "") if found else None


def _date(value: Any, epoch: datetime, *, formula: bool) -> Cell:
    """A date cell; times and spans are none, nor are the days on which the 1900 system is wrong."""
    if isinstance(value, datetime):
        if epoch.year == 1899 and value < _LEAP:
            return Cell("date", "", formula=formula, remark="is one of the days 1 to 60 of 1900")
        remark = "has a time of day" if value.time() != value.min.time() else ""
        return Cell("date", value.date().isoformat(), formula=formula, remark=remark)
    if isinstance(value, date):
        return Cell("date", value.isoformat(), formula=formula)
    return Cell("text", str(value), formula=formula)
