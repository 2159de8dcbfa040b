"""Small tables made by hand, and what a reader gives for them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from ledger.formats.mapping import read_mappings
from ledger.formats.reading import Reading, reader_of
from ledger.formats.request import Request
from ledger.values.refusals import Refused

JOURNAL = ("Entry No.", "Date of entry", "Transaction", "Member", "From", "To", "Class", "Shares")
ISSUED = ("1", "2023-02-01", "Allotment", "Ann Lay", "", "", "Ordinary", "7000")
HELD = ("Shareholder", "Class", "Shares")
MAPPED = "fixed: {issuer: corvo, party_kind: person}\n"


def csv_of(*rows: Sequence[object], delimiter: str = ",") -> bytes:
    """A file of CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def workbook(
    *rows: Sequence[object],
    change: Callable[[Any], object] = lambda _: None,
    name: str = "Register",
) -> bytes:
    """A workbook of one sheet, changed before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    change(sheet)
    return saved(book)


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(raw: bytes, mapping: str = MAPPED, **request: Any) -> Reading:
    """What a reader gives for a file, told that it is a register of Corvo."""
    is_book = raw.startswith(b"PK")
    mappings = read_mappings(f"stakebook-mapping: 1\n{mapping}".encode(), "mapping.yaml")
    asked = {"namespace": "corvo", "published_on": "2024-03-31", "mappings": mappings} | request
    name = "register.xlsx" if is_book else "register.csv"
    return reader_of("xlsx" if is_book else "csv").read(raw, Request(name, **asked))


def refused(raw: bytes, mapping: str = MAPPED, **request: Any) -> list[str]:
    """Why a file is refused, as lines that a person reads."""
    try:
        return [str(problem.refused) for problem in read(raw, mapping, **request).problems]
    except Refused as error:
        return [str(error)]


def events(reading: Reading, *types: str) -> list[dict[str, Any]]:
    """What the events of a file say, without the source and the citations."""
    assert not reading.problems, [str(problem.refused) for problem in reading.problems]
    return [
        {name: value for name, value in entry.event.data.items() if name not in UNSAID}
        for entry in reading.entries
        if entry.event.type in types or not types
    ]


UNSAID = ("citations", "standing")
