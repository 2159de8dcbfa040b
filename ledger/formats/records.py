"""Rows made into records: each field as canonical text, decided column by column, or refused."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Pairs
from typing import NamedTuple

from ledger.formats.cells import BLANK, Cell, Row, Sheet
from ledger.formats.choosing import Chosen
from ledger.formats.columns import Columns
from ledger.formats.elimination import (
    Decision,
    date_readers,
    decide,
    from_serial,
    is_two_digit_year,
    number_readers,
)
from ledger.formats.findings import Findings
from ledger.formats.losses import Loss
from ledger.formats.mapping import Mapping
from ledger.values.refusals import Refusal, shown

DATES = ("effective_on", "ceased_on")
WHOLE = ("shares", "balance", "authorised", "votes_per_share")
NUMBERS = (*WHOLE, "price")
FILLED = ("holder", "person", "share_class", "effective_on", "kind", "issuer")
_DASHES = frozenset("-\u2013\u2014\u2012\u2212")
_NAMES = ("holder", "person", "transferor", "transferee")
_NOBODY = _DASHES | {"n/a", "n.a.", "nil", "none", "tbc", "tbd", "tba", "?", "--", "---"}
_DITTO = frozenset(['"', '""', "''", "\u3003", "\u2033", "\u201d", "ditto", "dito", "idem", "do."])
_WANTED = dict.fromkeys(DATES, "a date") | dict.fromkeys(WHOLE, "a whole number") | {
    "shares": "a number of shares", "balance": "a number of shares", "price": "a price",
}  # fmt: skip


def _mark(text: str) -> str:
    """A mark in a cell for comparing."""
    return text.strip().casefold()


class Record(NamedTuple):
    """What a row says: each field that has a value, as canonical text."""

    row: int
    values: Pairs[str, str]

    def value(self, field: str) -> str:
        """The value of a field; empty where there is none."""
        return self.values.get(field, "")


class Records(NamedTuple):
    """The records of a table, those of its totals, and where their fields stand."""

    sheet: Sheet
    columns: Pairs[str, int]
    lines: Sequence[Record]
    totals: Sequence[Record]
    cells: Pairs[int, Row]

    def place(self, row: int, field: str = "") -> str:
        """Where a field of a row stands, as errors name it."""
        return self.sheet.place(row, self.columns.get(field))

    def text(self, row: int, field: str) -> str:
        """What a cell of any row of the sheet says."""
        column = self.columns.get(field, -1)
        return next((r.cell(column).text for r in self.sheet.rows if r.number == row), "")

    def locator(self, row: int, field: str) -> str:
        """Where a field of a row stands, as a citation says it."""
        first = min(self.columns.values(), default=0)
        return self.sheet.locator(row, self.columns.get(field, first))


def read_records(
    sheet: Sheet,
    columns: Columns,
    chosen: Chosen,
    fields: Collection[str],
    mapping: Mapping,
    found: Findings,
    *,
    strict: bool,
) -> Records:
    """The records of the rows that were chosen, of the fields that the table uses."""
    used = {field: column for field, column in columns.of.items() if field in fields}
    read = {field: column for field, column in used.items() if field != "percent"}
    filled = mapping.text("blank") == "same-as-above"
    found.said["blank"] = mapping.text("blank", "refuse")
    values: dict[int, dict[str, str]] = {row.number: {} for row in (*chosen.rows, *chosen.totals)}
    for field, column in read.items():
        above = BLANK
        cells: dict[int, Cell] = {}
        for row in chosen.rows:
            cell = row.cell(column)
            if field in FILLED and _mark(cell.text) in _DITTO:
                cell = BLANK
            if filled and field in FILLED and cell.kind == "blank":
                cell = above
            above = cells[row.number] = cell
        if field in NUMBERS:
            cells |= {row.number: row.cell(column) for row in chosen.totals}
        reader = _Column(sheet, field, column, mapping, found, strict)
        for number, value in reader.read(cells).items():
            values[number][field] = value
    fixed = {name: text for name, text in mapping.pairs("fixed").items() if name in fields}
    lines = [Record(row.number, fixed | values[row.number]) for row in chosen.rows]
    totals = [Record(row.number, values[row.number]) for row in chosen.totals]
    _remark_formulas(sheet, chosen.rows, read, found)
    if filled:
        _refuse_unlabelled_totals(sheet, chosen.rows, used, lines, found)
    return Records(sheet, used, lines, totals, {row.number: row for row in chosen.rows})


class _Column(NamedTuple):
    """One column that is read for a field."""

    sheet: Sheet
    field: str
    column: int
    mapping: Mapping
    found: Findings
    strict: bool

    def read(self, cells: Pairs[int, Cell]) -> dict[int, str]:
        """The canonical text of each cell that has one, by row."""
        sound = {
            row: cell
            for row, cell in cells.items()
            if cell.kind != "blank" and not self._refused(row, cell)
        }
        if self.field in DATES:
            return self._dates(sound)
        if self.field in NUMBERS:
            return self._numbers(sound)
        named = self.field in _NAMES
        return {
            row: cell.text
            for row, cell in sound.items()
            if not (named and _mark(cell.text) in _NOBODY | _DITTO)
        }

    def _refused(self, row: int, cell: Cell) -> bool:
        """Whether a cell has no value at all, which is noted."""
        if cell.kind == "error":
            self._refuse(row, Refusal.BAD_NUMBER, f"{shown(cell.text)} is an error, not a value.",
                         "Mend the formula, or write the value.")  # fmt: skip
        elif cell.kind == "uncomputed":
            self._refuse(row, Refusal.BAD_NUMBER, "A formula stands here without its value.",
                         "Open the workbook in a spreadsheet program and save it.")  # fmt: skip
        elif cell.kind == "truth":
            self._refuse(row, Refusal.BAD_SHAPE, f"{cell.text} is yes or no, not a value here.",
                         "Write the value.")  # fmt: skip
        else:
            return False
        return True

    def _refuse(self, row: int, refusal: Refusal, wrong: str, remedy: str) -> None:
        place = self.sheet.place(row, self.column)
        self.found.refuse(refusal, place, wrong, remedy, self.field, row)

    def _dates(self, cells: Pairs[int, Cell]) -> dict[int, str]:
        form, values = self.mapping.form("dates", self.field), dict[int, str]()
        for row, cell in cells.items():
            if cell.kind == "date" and not cell.text:
                self._refuse(row, Refusal.BAD_DATE, f"The date {cell.remark}, which spreadsheets"
                             " count wrongly.", "Write it as text: 1900-02-28.")  # fmt: skip
            elif cell.kind == "date":
                values[row] = cell.text
                if cell.remark:
                    place = self.sheet.place(row, self.column)
                    why = "events have no time of day"
                    self.found.lose(Loss("narrowed", place, self.field, cell.text, why), row)
            elif cell.kind == "number":
                day = from_serial(cell.text, from_1904=self.sheet.from_1904) if (
                    form == "excel-serial" and cell.text.isdecimal()
                ) else None  # fmt: skip
                if day is None:
                    self._refuse(row, Refusal.BAD_DATE, f"{shown(cell.text)} is a number, not a"
                                 " date.", "Format the cell as a date, or add `dates:"
                                 " excel-serial` to the mapping.")  # fmt: skip
                else:
                    values[row] = day
        readers = date_readers(form, self.mapping.text("century"))
        return values | self._texts(cells, readers, "dates", form)

    def _numbers(self, cells: Pairs[int, Cell]) -> dict[int, str]:
        values: dict[int, str] = {}
        for row, cell in cells.items():
            if cell.kind == "number" and not self._bad_number(row, cell):
                values[row] = cell.text
            elif cell.kind == "date":
                self._refuse(row, Refusal.BAD_NUMBER, "A date stands here.",
                             f"Write {_WANTED[self.field]}.")  # fmt: skip
        form = self.mapping.form("numbers", self.field)
        readers = number_readers(form, whole=self.field in WHOLE)
        return values | self._texts(cells, readers, "numbers", form)

    def _bad_number(self, row: int, cell: Cell) -> bool:
        wanted = _WANTED[self.field]
        if cell.percent_digits is not None:
            wrong, remedy = f"{shown(cell.text)} is shown as a percentage.", f"Write {wanted}."
        elif cell.text.startswith("-"):
            wrong, remedy = f"{shown(cell.text)} is below zero.", _NEGATIVE
        elif cell.remark.startswith("has more"):
            wrong = f"{shown(cell.text)} {cell.remark}."
            remedy = "Write it as text: begin the cell with an apostrophe."
        elif "." in cell.text and self.field in WHOLE:
            wrong, remedy = f"{shown(cell.text)} is not {wanted}.", "Shares are whole."
        else:
            if cell.remark:
                loss = Loss("assumed", self.sheet.place(row, self.column), self.field, cell.text,
                            f"it {cell.remark}")  # fmt: skip
                self.found.lose(loss, row)
            return False
        self._refuse(row, Refusal.BAD_NUMBER, wrong, remedy)
        return True

    def _texts(
        self, cells: Pairs[int, Cell], readers: Pairs[str, object], name: str, form: str
    ) -> dict[int, str]:
        """What the texts of the column are, in the form that is said or left over."""
        texts = {
            row: cell.text
            for row, cell in cells.items()
            if cell.kind == "text" and cell.text not in _DASHES
        }
        decision = decide(texts.values(), readers)  # type: ignore[arg-type]
        for row, text in texts.items():
            if text in decision.unreadable:
                self._unreadable(row, text, name, form)
        self._tell_open(texts, decision, name)
        decided = form or decision.form
        if decided and texts:
            forms = self.found.said.setdefault(name, {})
            forms[self.field] = decided
            plain = all(text.isdecimal() for text in texts.values())
            if self.strict and not form and not plain and decision.made:
                row = next(iter(texts))
                self.found.ask(self.sheet.place(row, self.column), f"The {name} of"
                               f" {self.field} are not said, and --strict takes nothing for"
                               " granted.", f"{name}: {_quoted(decided)}")  # fmt: skip
        return {row: decision.read[text] for row, text in texts.items() if text in decision.read}

    def _tell_open(self, texts: Pairs[int, str], decision: Decision, name: str) -> None:
        row_of = {text: row for row, text in reversed([*texts.items()])}
        if not decision.made:
            self.found.undecided.add(self.field)
        if decision.open:
            place = self.sheet.place(row_of[decision.example], self.column)
            self.found.ask(
                place,
                f"{shown(decision.example)} can be read in {len(decision.open)} ways.",
                *(f"{name}: {_quoted(form)}" for form in decision.open),
            )
        for text in decision.killed:
            others = [shown(one) for one in decision.killed if one != text]
            self._refuse(row_of[text], Refusal.BAD_DATE if name == "dates" else Refusal.BAD_NUMBER,
                         f"{shown(text)} is written in another way than {', '.join(others)}.",
                         f"Write all {name} of the column in one way.")  # fmt: skip

    def _unreadable(self, row: int, text: str, name: str, form: str) -> None:
        wanted = _WANTED[self.field]
        if name == "dates":
            wrong, remedy = f"{shown(text)} is not {wanted}.", "Write it as 2023-11-08."
            if is_two_digit_year(text):
                wrong = f"{shown(text)} has a year of two digits."
                remedy = "Write four, or add `century: 2000` to the mapping."
            elif form:
                wrong = f"{shown(text)} is not {wanted} written {form}."
            elif day := from_serial(text) if _SERIAL.fullmatch(text) else None:
                remedy += f" If it is a day counted by a spreadsheet ({day}), add"
                remedy += " `dates: excel-serial` to the mapping."
            self._refuse(row, Refusal.BAD_DATE, wrong, remedy)
            return
        mended = text.translate(_LIKE_DIGITS)
        letters = "".join(c for c in text if c in "OoIl")
        if (
            letters
            and mended != text
            and any(c.isdecimal() for c in text)
            and re.fullmatch(r"[\d.,' ]+", mended)
        ):
            wrong = f"{shown(text)} is not {wanted} (letter {letters[0]})."
            remedy = f"Write {mended}."
        elif re.fullmatch(r"\(.*\d.*\)|[-\u2212].*\d.*", text):
            wrong, remedy = f"{shown(text)} is below zero.", _NEGATIVE
        else:
            wrong, remedy = f"{shown(text)} is not {wanted}.", "Write digits, such as 10000."
            if self.field == "price" and (sign := re.search(r"[^\d\s.,'-]+", text)):
                remedy = f"Write the number alone, and {shown(sign[0])} as the code of its"
                remedy += " currency: in a column Currency, or `fixed: {currency: EUR}`."
            elif form:
                remedy = f"Write it in the form {form}, or mend the mapping."
        self._refuse(row, Refusal.BAD_NUMBER, wrong, remedy)


_SERIAL = re.compile(r"\d{5}", re.ASCII)
_NEGATIVE = "Write it above zero; what kind of movement it is says whether shares come or go."
_LIKE_DIGITS = str.maketrans("OoIl", "0011")


def _quoted(form: str) -> str:
    return f'"{form}"' if "'" in form else f"'{form}'" if "," in form else form


def _remark_formulas(
    sheet: Sheet, rows: Sequence[Row], read: Pairs[str, int], found: Findings
) -> None:
    """Name the formulas that are read by the value stored for them."""
    places = [
        sheet.place(row.number, column)
        for row in rows
        for column in read.values()
        if row.cell(column).formula and row.cell(column).text
    ]
    if places:
        more = f" and {len(places) - 5} more" if len(places) > 5 else ""
        found.remarks.append(
            f"Formulas read by their stored values: {', '.join(places[:5])}{more}."
        )


def _refuse_unlabelled_totals(
    sheet: Sheet,
    rows: Sequence[Row],
    used: Pairs[str, int],
    lines: Sequence[Record],
    found: Findings,
) -> None:
    """Refuse a row with nothing but a number that is the sum of those above: it is no holding."""
    above = 0
    for row, line in zip(rows, lines, strict=True):
        own = {f for f, c in used.items() if row.cell(c).kind != "blank"}
        shares = line.value("shares")
        if own == {"shares"} and shares and above == int(shares):
            found.refuse(
                Refusal.QUESTION_OPEN, sheet.place(row.number, used["shares"]),
                f"{shares} alone in its row is the sum of the rows above.",
                "Write Total beside it, or end the table before it with rows.",
                "shares", row.number,
            )  # fmt: skip
        above += int(shares or 0)
