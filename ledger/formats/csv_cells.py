"""Reading the cells of CSV: strict, in UTF-8 unless said, the delimiter found out or asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from ledger.formats.cells import BLANK, Cell, Row, Sheet, is_error
from ledger.formats.headings import fields_of
from ledger.values.refusals import Refusal, Refused, shown

DELIMITERS = (",", ";", "\t", "|")
HEADED_WITHIN = 20  # rows, among which the heading is looked for
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-15", "shift_jis", "euc_jp")
_SIGNATURES = {
    b"PK\x03\x04": "a workbook or another archive", b"%PDF": "PDF", b"\xd0\xcf\x11\xe0": "XLS",
    b"\x1f\x8b": "gzip", b"SQLite format": "SQLite",
}  # fmt: skip


def read_csv(raw: bytes, name: str, encoding: str = "", delimiter: str = "") -> Sheet:
    """The one table of a CSV file; Refused where it cannot be taken apart in one way only."""
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            raise Refused(
                Refusal.OTHER_FORMAT,
                f"This is {what}, not CSV.",
                "Name its format after --from, or save it as CSV UTF-8.",
                name,
            )
    text = _decoded(raw, name, encoding)
    if not text.strip():
        raise Refused(Refusal.EMPTY, "There is no row in it.", "Give a table.", name)
    if delimiter and len(delimiter) != 1:
        raise Refused(
            Refusal.BAD_CHOICE,
            f"{shown(delimiter)} is not one character.",
            "Write delimiter: ',' or ';' in the mapping.",
            name,
        )
    chosen = delimiter or _delimiter(text, name)
    remarks = [] if text.endswith(("\n", "\r")) else ["the last row has no line end"]
    return Sheet(name, _rows(text, chosen, name), of_workbook=False, remarks=remarks)


def _decoded(raw: bytes, name: str, encoding: str) -> str:
    if encoding and encoding.lower() not in ENCODINGS:
        raise Refused(
            Refusal.BAD_CHOICE,
            f"{shown(encoding)} is not an encoding that is read.",
            f"Write {', '.join(ENCODINGS)}.",
            f"{name}: encoding",
        )
    try:
        return raw.decode(encoding.lower() or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Refused(
            Refusal.ENCODING,
            f"Byte {error.start + 1} is not {encoding or 'UTF-8'} (0x{raw[error.start]:02x}).",
            "Save it as CSV UTF-8, or name its encoding in the mapping, such as"
            " `encoding: windows-1252`.",
            name,
        ) from None


def _delimiter(text: str, name: str) -> str:
    """The delimiter under which the most headings are found."""
    first = text[:100_000]
    scores = {d: _headings(_parsed(first, d, name, whole=False)) for d in DELIMITERS}
    best = max(scores.values())
    chosen = [d for d, score in scores.items() if score == best]
    if len(chosen) > 1 and best > (0, 1):
        raise Refused(
            Refusal.QUESTION_OPEN,
            f"Both {shown(chosen[0])} and {shown(chosen[1])} may stand between the cells.",
            "Say it in the mapping, such as `delimiter: ';'`.",
            name,
        )
    return chosen[0]


def _headings(rows: Sequence[tuple[int, list[str]]]) -> tuple[int, int]:
    """How many known headings the best of the first rows has, and how many cells."""
    found = [(len({f for c in r for f in fields_of(c)}), len(r)) for _, r in rows[:HEADED_WITHIN]]
    return max(found, default=(0, 0))


def _parsed(
    text: str, delimiter: str, name: str, *, whole: bool = True
) -> list[tuple[int, list[str]]]:
    """The rows with the line on which each begins; without ``whole``, up to what is not sound."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, begins = list[tuple[int, list[str]]](), 1
    try:
        for row in lines:
            found.append((begins, row))
            begins = lines.line_num + 1
    except csv.Error as error:
        if whole:
            raise Refused(
                Refusal.SYNTAX,
                f"It is no CSV: {error}.",
                "Check the quotes near it; the file may be cut.",
                f"{name}:{begins}",
            ) from None
    return found


def _rows(text: str, delimiter: str, name: str) -> list[Row]:
    return [
        Row(number, tuple(map(_cell, cells))) for number, cells in _parsed(text, delimiter, name)
    ]


def _cell(text: str) -> Cell:
    kept = " ".join(text.split())
    if not kept:
        return BLANK
    return Cell("error" if is_error(kept) else "text", kept)
