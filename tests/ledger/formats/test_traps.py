"""Tables with traps: each is refused at its cell, or read only where the mapping says how."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from tests.ledger.formats.made import (
    HELD,
    ISSUED,
    JOURNAL,
    MAPPED,
    csv_of,
    events,
    read,
    refused,
    saved,
    workbook,
)

DAY = date(2023, 2, 1)
ROWS = (
    JOURNAL,
    (1, DAY, "Allotment", "Ann Lay", None, None, "Ordinary", 7000),
    (2, DAY, "Issue", "Bo Ray", None, None, "Ordinary", 3000),
)


def put(cell: str, value: object, style: str = "") -> Callable[[Any], None]:
    """Write a value into a cell."""

    def change(sheet: Any) -> None:
        sheet[cell] = value
        if style:
            sheet[cell].number_format = style

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put("H2", "#DIV/0!"), 'Register!H2: "#DIV/0!" is an error'),
        (put("H2", "=3500*2"), "Register!H2: A formula stands here without its value."),
        (put("H2", "1O,000"), 'H2: "1O,000" is not a number of shares (letter O). Write 10,000.'),
        (put("H2", "l00"), "(letter l). Write 100."),
        (put("H2", 1234567890123456), "has more digits than a cell holds exactly"),
        (put("H2", 10.5), '"10.5" is not a number of shares'),
        (put("H2", -5), '"-5" is below zero'),
        (put("H2", "(5)"), '"(5)" is below zero'),
        (put("H2", 0.5, "0.0%"), "is shown as a percentage"),
        (put("H2", True), "TRUE is yes or no"),
        (put("H2", DAY), "A date stands here"),
        (put("B2", 45000, "General"), 'Register!B2: "45000" is a number, not a date'),
        (put("B2", 30, "yyyy-mm-dd"), "is one of the days 1 to 60 of 1900"),
        (put("B2", "01/02/23"), '"01/02/23" has a year of two digits'),
        (put("B2", "03/04/2023"), "`dates: d/m/y` or `dates: m/d/y`"),
        (put("B2", "soon"), '"soon" is not a date'),
        (put("C2", "Frob"), 'Register!C2: "Frob" is no known kind. It is one of shares-issued,'),
        (put("D2", None), "Register!D2: holder is blank"),
        (put("H1", "Shares ('000)"), 'Register!H1: "Shares (\'000)" counts in multiples'),
        (lambda sheet: sheet.merge_cells("G2:G3"), "Register!G2: The cells up to G3 are merged"),
        (lambda sheet: sheet.merge_cells("G1:H1"), "Register!G1: The cells up to H1 are merged"),
        (put("D2", "#CALC!"), 'Register!D2: "#CALC!" is an error'),
        (put("D2", "Err:502"), 'Register!D2: "Err:502" is an error'),
        (put("D3", '"'), "Register!D3: holder is blank"),
        (put("D3", "Ditto"), "Register!D3: holder is blank"),
        (put("D3", "N/A"), "Register!D3: holder is blank"),
        (put("H5", 1), "Register!5:5: There are rows after a blank row."),
        (put("I1", "Quantity"), "Register!H1, Register!I1: 2 columns may be shares"),
        (put("I1", "Shares"), "`columns: {shares: =H}` or `columns: {shares: =I}`"),
    ],
)
def test_a_trap_is_refused_at_its_cell(change: Callable[[Any], None], said: str) -> None:
    told = "\n".join(refused(workbook(*ROWS, change=change)))
    assert said in told


def hide(sheet: Any) -> None:
    sheet.row_dimensions[3].hidden = True


@pytest.mark.parametrize(
    ("change", "more", "shares"),
    [
        (put("B2", 44958), "dates: excel-serial\n", ["7000", "3000"]),
        (put("B2", "01/02/23"), "dates: d/m/y\ncentury: 2000\n", ["7000", "3000"]),
        (hide, "hidden: read\n", ["7000", "3000"]),
        (hide, "hidden: leave-out\n", ["7000"]),
        (lambda s: s.merge_cells("G2:G3"), "blank: same-as-above\n", ["7000", "3000"]),
        (put("G3", "ditto"), "blank: same-as-above\n", ["7000", "3000"]),
        (put("E3", "-"), "", ["7000", "3000"]),
        (put("H5", 1), "rows: until-blank\n", ["7000", "3000"]),
        (put("I1", "Quantity"), "columns: {shares: Shares}\n", ["7000", "3000"]),
        (put("I1", "Shares"), "columns: {shares: =H}\n", ["7000", "3000"]),
        (put("C2", "Frob"), "values: {kind: {Frob: shares-issued}}\n", ["7000", "3000"]),
        (put("H2", "7'000"), "", ["7000", "3000"]),
    ],
)
def test_the_mapping_says_how_it_is_read(
    change: Callable[[Any], None], more: str, shares: list[str]
) -> None:
    found = events(read(workbook(*ROWS, change=change), MAPPED + more), "shares-issued")
    assert [event["shares"] for event in found] == shares
    assert {event["effective_on"] for event in found} == {"2023-02-01"}


def test_hidden_rows_are_listed_and_never_silently_read() -> None:
    assert "Hidden: row 3." in "\n".join(refused(workbook(*ROWS, change=hide)))
    reading = read(workbook(*ROWS, change=hide), MAPPED + "hidden: leave-out\n")
    (loss,) = reading.report.losses
    assert (loss.kind, loss.place, loss.why) == ("not-carried", "Register!3:3", "it is hidden")
    assert (reading.report.objects, reading.report.touched) == (2, 1)
    assert (
        "Hidden and read: row 3."
        in read(workbook(*ROWS, change=hide), MAPPED + "hidden: read\n").remarks
    )


def test_hidden_columns_and_sheets_are_asked() -> None:
    def hide_column(sheet: Any) -> None:
        sheet.column_dimensions["H"].hidden = True

    assert "Hidden: columns H." in "\n".join(refused(workbook(*ROWS, change=hide_column)))
    book = openpyxl.load_workbook(io.BytesIO(workbook(*ROWS)))
    other = book.create_sheet("Old")
    for row in ROWS:
        other.append(row)
    assert "`sheet: Register` or `sheet: Old`" in "\n".join(refused(saved(book)))
    other.sheet_state = "hidden"
    (loss,) = read(saved(book)).report.losses
    assert (loss.place, loss.why) == ("Old", "the sheet is hidden")
    assert "the sheet itself" in "\n".join(refused(saved(book), MAPPED + "sheet: Old\n"))


def test_equal_rows_are_kept_only_where_that_is_said() -> None:
    rows = [row[1:] for row in (*ROWS, ROWS[1])]
    assert refused(workbook(*rows)) == [
        "Register!2:2, Register!4:4: The rows are equal. Add to the mapping: `duplicates: keep`."
        " [R112 question-open]"
    ]
    reading = read(workbook(*rows), MAPPED + "duplicates: keep\n")
    assert [e["shares"] for e in events(reading, "shares-issued")] == ["7000", "3000", "7000"]
    assert len({entry.key for entry in reading.entries}) == len(reading.entries)


def test_a_renamed_column_is_missed() -> None:
    (told,) = refused(workbook(*ROWS), MAPPED + "columns: {holder: Name of member}\n")
    assert 'names the column "Name of member" for holder, and there is none' in told
    assert '"Member"' in told


def test_totals_are_compared_and_asserted() -> None:
    rows = (HELD, ("Ann", "A", 7), ("Bo", "A", 3), ("Total", None, 10), ("Cy", "B", 4),
            ("Subtotal", None, 4), ("Grand total", None, 14))  # fmt: skip
    asserted = events(read(workbook(*rows)), "balance-asserted")
    assert [(one["share_class"], one["shares"]) for one in asserted] == [
        ("corvo/a", "10"), ("corvo/b", "4"),
    ]  # fmt: skip
    told = "\n".join(refused(workbook(*rows, change=put("C7", 15))))
    assert "Register!C7: The total is 15, but the rows above it add up to 14." in told
    nameless = workbook(HELD, ("Ann", "A", 7), ("Bo", "A", 3), (None, None, 10))
    assert "A4: holder is blank" in "\n".join(refused(nameless))
    above = "\n".join(refused(nameless, MAPPED + "blank: same-as-above\n"))
    assert "Register!C4: 10 alone in its row is the sum of the rows above." in above


def test_totals_of_a_journal_are_told() -> None:
    rows = (*ROWS, (None, None, None, "Total", None, None, None, 10000))
    reading = read(workbook(*rows))
    assert [e["shares"] for e in events(reading, "shares-issued")] == ["7000", "3000"]
    (loss,) = reading.report.losses
    assert (loss.place, loss.why) == ("Register!4:4", "it is of totals")


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        (("70%", "30%"), True), (("70", "30"), True), ((0.7, 0.3), True), (("70,0", "30,0"), True),
        (("70%", "31%"), False), (("#DIV/0!", "30%"), False), (("70.04", "30"), False),
    ],
)  # fmt: skip
def test_percentages_are_checked_and_never_used(printed: tuple[Any, Any], agrees: bool) -> None:
    rows = [("Ann", "A", 7, printed[0]), ("Bo", "A", 3, printed[1])]
    reading = read(workbook((*HELD, "%"), *rows))
    assert [e["shares"] for e in events(reading, "register-opened")] == ["7", "3"]
    assert [loss.kind for loss in reading.report.losses] == ([] if agrees else ["unproved"])


def test_small_percentages_of_a_german_list_agree() -> None:
    rows = [("Ann", "A", 9999, "100"), ("Bo", "A", 1, "< 1 %")]
    assert not read(workbook((*HELD, "Beteiligung in %"), *rows)).report.losses
    rows = [("Ann", "A", 9999, "100"), ("Bo", "A", 1, "0")]
    assert read(workbook((*HELD, "Beteiligung in %"), *rows)).report.losses == []
    rows = [("Ann", "A", 2501, "25,1"), ("Bo", "A", 7499, "75,0")]
    assert not read(workbook((*HELD, "Prozent"), *rows)).report.losses


def test_fully_diluted_columns_and_options_are_not_carried() -> None:
    reading = read(csv_of((*HELD, "Options granted", "Fully diluted %"), ("A", "O", 7, 9, 50)))
    assert [loss.kind for loss in reading.report.losses] == ["not-carried", "not-carried"]
    assert all("dilution" in loss.why for loss in reading.report.losses)


def test_two_of_one_name_are_not_made_one() -> None:
    rows = ((*HELD, "Date of birth"), ("Ann Lay", "O", 7, "1980"), ("Ann Lay", "O", 9, "1990"))
    (told,) = refused(csv_of(*rows))
    assert "register.csv:2, column A, register.csv:3, column A" in told
    assert "`Ann Lay (1980): new`; `Ann Lay (1990): new`" in told
    ids = {"Ann Lay (1980)": "new", "Ann Lay (1990)": "new"}
    found = events(read(csv_of(*rows), ids=ids), "register-opened")
    assert [one["holder"] for one in found] == ["ann-lay", "ann-lay-2"]
    unsaid = csv_of(*rows, ("Ann Lay", "O", 11, ""))
    assert "register.csv:4, column A: Two are called" in "\n".join(refused(unsaid, ids=ids))
    assert events(read(unsaid, ids={**ids, "Ann Lay": "ann-lay-3"}))


def test_kinds_of_parties_are_asked() -> None:
    (told,) = refused(csv_of(HELD, ("Ann", "A", 7)), "fixed: {issuer: corvo}\n")
    assert "`fixed: {party_kind: person}` or `party-kinds: {Ann: company}`" in told
    found = events(
        read(csv_of((*HELD, "Holder type"), ("Ann", "A", 7, "Individual")),
             "fixed: {issuer: corvo}\n"),
        "party-registered",
    )  # fmt: skip
    assert [one["kind"] for one in found] == ["person"]


def test_a_time_of_day_is_narrowed() -> None:
    reading = read(workbook(*ROWS, change=put("B2", datetime(2023, 2, 1, 10, 30))))
    assert [loss.kind for loss in reading.report.losses] == ["narrowed"]


def test_1904_workbooks_are_read_by_their_own_system() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(*ROWS)))
    book.epoch = datetime(1904, 1, 1)
    book["Register"]["B2"] = 44958 - 1462
    book["Register"]["B2"].number_format = "General"
    found = events(read(saved(book), MAPPED + "dates: excel-serial\n"), "shares-issued")
    assert found[0]["effective_on"] == "2023-02-01"


def repacked(raw: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one part more or another."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "content", "said"),
    [
        ("xl/workbook.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "declares a document type"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>", "refer to other workbooks"),
        ("xl/media/zeros.bin", bytes(2**22), "unpacks to over 200 times its size"),
        ("xl/workbook.xml", b"<x", "no workbook that can be read"),
    ],
)
def test_unsafe_workbooks_are_refused(part: str, content: bytes, said: str) -> None:
    (told,) = refused(repacked(workbook(*ROWS), part, content))
    assert said in told
    assert "R111 other-format" in told


@pytest.mark.parametrize("raw", [workbook(*ROWS), csv_of(JOURNAL, *[ISSUED] * 5)])
def test_a_file_cut_anywhere_gives_refusals(raw: bytes) -> None:
    for end in range(1, len(raw), max(len(raw) // 100, 1)):
        for line in refused(raw[:end], MAPPED + "duplicates: keep\nid: content\n"):
            assert re.search(r"\[R\d+ [a-z-]+\]$", line)


def test_csv_is_read_strictly() -> None:
    latin = "Actionnaire;Cat\u00e9gorie;Nombre de titres\nAnn;A;5\n".encode("cp1252")
    assert "`encoding: windows-1252`" in refused(latin)[0]
    assert events(read(latin, MAPPED + "encoding: windows-1252\n"), "register-opened")
    short = csv_of(HELD, ("Ann", "A", 7), ("Bo", "A"))
    assert "register.csv:3: The row has 2 cells, the headings 3." in refused(short)[0]
    assert "no CSV" in refused(b'Holder,Class,Shares\n"Ann,A,5\n')[0]
    reading = read(csv_of(HELD, ("Ann", "A", 7)).rstrip())
    assert [loss.name for loss in reading.report.losses] == ["assumed:end-of-file"]
    assert "There is no row under the headings" in refused(csv_of(HELD))[0]
    wide = csv_of(HELD, ("Ann, Lay", "A", "7.000"), delimiter=";")
    assert events(read(wide), "register-opened")[0]["shares"] == "7000"


def test_the_last_row_of_a_workbook_may_lie_far_below() -> None:
    rows = read(workbook(*ROWS, change=put("J900", "note")))
    assert len(events(rows, "shares-issued")) == 2


WIDE = (
    ("Shareholder", "Ordinary", "Series A", "Total", "%"),
    ("Ann Lay", 7000, "-", 7000, "63.6%"),
    ("Milo", None, 4000, 4000, "36.4%"),
    ("Total", 7000, 4000, 11000, None),
)
BY_CLASS = "fixed: {party_kind: person}\nclass-columns: {Ordinary: corvo/o, Series A: corvo/a}\n"


def test_a_cap_table_may_have_a_column_for_each_class() -> None:
    assert "`class-columns: {HEADING: ISSUER/CLASS}`" in refused(workbook(*WIDE))[0]
    raw = workbook(*WIDE)
    reading = read(raw, BY_CLASS)
    opened = events(reading, "register-opened")
    assert [(e["holder"], e["share_class"], e["shares"]) for e in opened] == [
        ("ann-lay", "corvo/o", "7000"), ("milo", "corvo/a", "4000"),
    ]  # fmt: skip
    asserted = events(reading, "balance-asserted")
    assert [(e["share_class"], e["shares"]) for e in asserted] == [
        ("corvo/o", "7000"), ("corvo/a", "4000"),
    ]  # fmt: skip
    assert [loss.field for loss in reading.report.losses] == ["total", "percent"]
    (mapping,) = reading.mappings
    again = read(raw, mapping.written().partition("\n")[2])
    assert events(again) == events(reading)
    none = workbook(*[(*row, "Series B" if row is WIDE[0] else "-") for row in WIDE])
    more = BY_CLASS.replace("corvo/a}", "corvo/a, Series B: corvo/b}")
    assert len(events(read(none, more), "register-opened")) == 2
    (told,) = refused(workbook(*WIDE, change=put("C4", 4001)), BY_CLASS)
    assert told.startswith("Register!C4: The total is 4,001")
    assert (
        'names the column "Series B"'
        in refused(workbook(*WIDE), BY_CLASS.replace("Series A", "Series B"))[0]
    )


def test_of_large_workbooks_hidden_rows_are_said_to_be_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ledger.formats.xlsx_cells.WHOLE_BYTES", 1)
    reading = read(workbook(*ROWS, change=hide))
    assert len(events(reading, "shares-issued")) == 2
    (loss,) = reading.report.losses
    assert (loss.name, "hidden rows" in loss.why) == ("assumed:hidden", True)
    assert "Register!H2: A formula" in refused(workbook(*ROWS, change=put("H2", "=1+1")))[0]


def test_line_breaks_in_cells_are_spaces_and_end_no_table() -> None:
    raw = b'Shareholder,Class,Shares\n"Ann\nLay",A,5\nBo,A,6\n'
    reading = read(raw)
    assert [e["holder"] for e in events(reading, "register-opened")] == ["ann-lay", "bo"]
    assert [entry.place for entry in reading.entries[-2:]] == ["row 2", "row 4"]


def test_who_is_called_total_is_no_total_where_that_is_said() -> None:
    rows = csv_of(HELD, ("Total", "A", 5), ("Bo", "A", 6))
    assert "The total is 5" in refused(rows)[0]
    said = MAPPED + "total-rows: {where: holder, is: []}\n"
    assert [e["holder"] for e in events(read(rows, said), "register-opened")] == ["total", "bo"]


def test_without_openpyxl_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = workbook(*ROWS)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "pip install 'stakebook[tables]'" in refused(raw)[0]


def computed(raw: bytes, cell: str, stored: str) -> bytes:
    """A workbook with what is stored for the one formula in it."""
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        text = archive.read(part).decode()
    changed = re.sub(rf'<c r="{cell}"([^>]*)>(<f>.*?</f>).*?</c>', stored, text)
    assert changed != text
    return repacked(raw, part, changed.encode())


def test_formulas_are_read_by_their_stored_values_and_named() -> None:
    raw = workbook(*ROWS, change=put("H2", "=3500*2"))
    reading = read(computed(raw, "H2", r'<c r="H2"\1>\2<v>7000</v></c>'))
    assert events(reading, "shares-issued")[0]["shares"] == "7000"
    assert reading.remarks == ["Formulas read by their stored values: Register!H2."]


def test_a_formula_that_gives_no_text_is_a_blank_cell() -> None:
    raw = workbook(*ROWS, change=put("E2", '=IF(1=1,"","x")'))
    assert "Register!E2: A formula stands here without its value." in refused(raw)[0]
    reading = read(computed(raw, "E2", r'<c r="E2"\1 t="str">\2<v></v></c>'))
    assert len(events(reading, "shares-issued")) == 2
