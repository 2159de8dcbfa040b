"""Registers on paper: what they tell, that they sum, that nothing in them runs, every writer."""

from __future__ import annotations

import builtins
import io
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import click
import openpyxl
import pypdf
import pytest

from cli.printing.html import unbroken
from cli.printing.pdf import library
from ledger.values.refusals import Refusal
from tests.helpers import Outcome, accept, assert_refused, assert_usage, party, run, run_remedy

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \u05d0\u05d1\u05d2"
FORMULA = '=1+1+cmd|"/c calc"!A1'
LONG = "Very long name " * 19 + "and an end"
KINDS = ("members", "directors", "agreements", "chronology", "board-pack")
DAY = ("--as-of", "2025-01-01")


def event(type: str, day: str, key: str, **fields: Any) -> dict[str, Any]:
    own = {"type": type, "effective_on": day, "known_on": day, "standing": "official", "key": key}
    return own | fields


def person(id: str, name: str) -> dict[str, str]:
    return party(id, name=name, kind="person")


ORDINARY, PREFERRED = "heron/ordinary", "heron/preferred"
EVENTS = (
    party("heron", name="Heron Tools Ltd"),
    person("ada", "Ada Ash"), person("ben", FORMULA), person("mia-holm", "Mia Holm"),
    party("buyer", name=LONG), party("kerr", name="Kerr Trustees Ltd"),
    party("lund", name="Lund Trustees Ltd"), party("ash-trust", name="Ash Trust", kind="trust"),
    {"type": "party-renamed", "party": "ada", "name": "Ada Oak", "effective_on": "2024-03-01",
     "standing": "official", "known_on": "2024-03-01", "key": "married"},
    {"type": "share-class-created", "share_class": ORDINARY, "votes_per_share": "1", "key": "c1"},
    {"type": "share-class-created", "share_class": PREFERRED, "name": HOSTILE, "key": "c2"},
    event("shares-issued", "2010-01-01", "i1", share_class=ORDINARY, holder="ada", shares="600"),
    event("shares-issued", "2011-01-01", "i2", share_class=ORDINARY, holder="mia-holm", shares="9"),
    event("shares-transferred", "2012-01-01", "t1", share_class=ORDINARY, transferor="mia-holm",
          transferee="ada", shares="9"),
    event("shares-issued", "2020-01-01", "i3", share_class=ORDINARY, holder="ben", shares="300"),
    event("shares-issued", "2020-02-01", "i4", share_class=PREFERRED, holder="buyer",
          shares="98765432109876543"),
    event("shares-split", "2021-01-01", "split", share_class=ORDINARY, ratio="10:1"),
    event("shares-repurchased", "2022-01-01", "back", share_class=ORDINARY, holder="ben",
          shares="3000", price="GBP 1234567.50"),
    event("shares-cancelled", "2022-01-02", "gone", share_class=ORDINARY, shares="1000"),
    event("trust-settled", "2023-01-01", "settled", trust="ash-trust", settlors=["ada"],
          trustees=["kerr"], beneficiaries=[{"party": "ada"}], voting="as-instructed"),
    event("shares-placed-in-trust", "2023-01-01", "placed", trust="ash-trust",
          share_class=ORDINARY, holder="ada", shares="90"),
    event("trust-amended", "2024-01-01", "handed-on", trust="ash-trust", trustee="lund"),
    event("director-appointed", "2020-01-01", "d1", company="heron", person="mia-holm",
          term_ends_on="2026-03"),
    event("director-appointed", "2020-01-01", "d2", company="heron", person="ben"),
    event("director-left", "2024-12-20", "d3", company="heron", person="ben"),
    event("agreement-signed", "2021-06-01", "sha", agreement="sha", title=HOSTILE,
          parties=["heron", "ada"],
          clauses=[{"clause": "lock", "kind": "lock-up", "party": "ada", "text": FORMULA}]),
    event("dividend-declared", "2024-06-01", "dividend", share_class=ORDINARY,
          per_share="GBP 0.05", record_on="2025-02-01", payable_on="2025-03-01"),
)  # fmt: skip


@pytest.fixture(scope="module")
def heron(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of two classes with a split, a buy-back, a trust, and names that are attacks."""
    ledger = tmp_path_factory.mktemp("heron") / "heron.db"
    assert run(ledger, "init").code == 0
    accept(ledger, *EVENTS)
    fixed = run(ledger, "correct", "i3", "--shares", "400", "--because", "a slip")
    assert fixed.code == 0, fixed.err
    return ledger


def printed(ledger: Path, kind: str, end: str, folder: Path, *words: str) -> bytes:
    """What a kind of document is written as; written twice, it is the same."""
    files = [folder / f"{number}{end}" for number in (1, 2)]
    for file in files:
        outcome = run(ledger, "print", kind, "heron", str(file), *DAY, *words)
        assert outcome.code == 0, outcome.err
    first, second = (file.read_bytes() for file in files)
    for file in files:
        file.unlink()
    assert first == second
    return first


class Page(HTMLParser):
    """The text and the tags of a page of HTML, and the rows of its tables."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags, self.text, self.rows = set[str](), "", list[list[str]]()
        self.links: list[str] = []
        self._inside = False
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [n for n, _ in attrs if n.startswith("on") or n in ("href", "src")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.rows and self.rows[-1] and self._inside:
            self.rows[-1][-1] += data.strip("\n")


def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def column(page: Any, heading: str) -> list[Any]:
    """The values of a column of a sheet."""
    (place,) = [cell.column for cell in page[1] if cell.value == heading]
    return [page.cell(line, place).value for line in range(2, page.max_row + 1)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_holds_nothing_that_runs_and_shows_names_as_they_are(
    heron: Path, tmp_path: Path, kind: str
) -> None:
    page = printed(heron, kind, ".html", tmp_path)
    read = Page(page)
    assert {"script", "img", "a", "link", "iframe", "object"}.isdisjoint(read.tags)
    assert not read.links
    assert not re.search(rb"url\(|@import|https?://", page)
    assert "Heron Tools Ltd" in read.text
    assert "as of the end of 2025-01-01" in read.text
    assert "@bottom-left" in page.decode()
    if kind != "directors":
        assert "<script>alert(1)</script>" in read.text.replace("\u2068", "")
    if kind != "agreements":
        assert LONG in read.text or FORMULA in read.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_holds_text_as_text_and_says_its_cut(
    heron: Path, tmp_path: Path, kind: str
) -> None:
    read = book(printed(heron, kind, ".xlsx", tmp_path))
    cells = [cell for page in read for row in page.iter_rows() for cell in row]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    assert "as of the end of 2025-01-01" in [c.value for c in cells]
    assert all(page.freeze_panes == "A2" for page in read.worksheets[1:])
    missing = sum(c.value == "not recorded" for c in cells)
    said = [c.value for c in cells if str(c.value).split(" ")[1:4] == ["values", "are", "not"]]
    assert said == [] if missing == 0 else said[0].startswith(f"{missing} values")


def test_the_columns_of_each_class_sum_to_what_is_issued(heron: Path, tmp_path: Path) -> None:
    read = book(printed(heron, "members", ".xlsx", tmp_path))
    shares = column(read["Ordinary shares"], "Shares")
    assert sum(shares) == 6_090 + 4_000 - 1_000
    assert column(read["Ordinary shares"], "Member") == [
        "Ada Oak", FORMULA, "Ash Trust", "Heron Tools Ltd, as treasury shares",
    ]  # fmt: skip
    assert column(read["Ordinary shares"], "Formerly")[0] == "Ada Ash until 2024-03-01"
    assert column(read["Ordinary shares"], "% of class, exactly")[1] == "10000/909"
    (big,) = [page for page in read.worksheets if "alert" in page.title][:1]
    assert column(big, "Shares") == ["98765432109876543"], "more digits than a number holds"
    assert column(read["Classes"], "Issued") == [9_090, "98765432109876543"]
    changes = read["Ordinary shares changes"]
    assert sum(column(changes, "Change")) == 9_090
    day = column(changes, "Effective")[0]
    assert (day.year, day.month, day.day) == (2010, 1, 1), "a date is one"


def test_members_have_dates_former_ones_ten_years_and_corrections_what_was_before(
    heron: Path, tmp_path: Path
) -> None:
    page = Page(printed(heron, "members", ".html", tmp_path))
    named = [row[1] for row in page.rows if row[1:2] and row[1].startswith("Mia Holm")]
    assert not named, "she ceased more than ten years before"
    assert "Not listed, nor their changes: 1 who ceased" in page.text
    whole = Page(printed(heron, "members", ".html", tmp_path, "--all-former"))
    (former,) = [row for row in whole.rows if row[1:2] == ["Mia HolmAddress: not recorded"]]
    assert former[2:] == ["2011-01-01", "2012-01-01", "9"]
    (issued,) = [row for row in page.rows if row[-1].startswith("Issued. Corrected")]
    assert issued[4:6] == ["400", "400"]
    assert issued[-1].endswith("entered before: shares 300")
    assert "Bought back by the company at GBP 1,234,567.50" in page.text


def test_who_alone_is_a_member_is_said_with_its_day(heron: Path, tmp_path: Path) -> None:
    def at(day: str) -> str:
        file = tmp_path / f"{day}.html"
        assert run(heron, "print", "members", "heron", str(file), "--as-of", day).code == 0
        return Page(file.read_bytes()).text

    assert "only one member: Ada Ash, since 2010-01-01" in at("2010-06-01")
    assert "only one member: Ada Ash, since 2012-01-01" in at("2013-01-01")
    assert "ceased to have only one member on 2020-01-01" in at("2020-06-01")


def test_by_the_law_of_england_a_trustee_alone_is_the_member(heron: Path, tmp_path: Path) -> None:
    other = Page(printed(heron, "members", ".html", tmp_path))
    assert "trustee Lund Trustees Ltd, for Ada Oak" in other.text
    page = Page(printed(heron, "members", ".html", tmp_path, "--regime", "uk"))
    assert "Ash Trust" not in page.text
    assert "ash-trust" not in page.text
    kerr, lund = "Kerr Trustees LtdAddress: not recorded", "Lund Trustees LtdAddress: not recorded"
    assert [row[2:4] for row in page.rows if row[1:2] == [lund]] == [["2024-01-01", "90"]]
    assert [row[2:4] for row in page.rows if row[1:2] == [kerr]] == [["2023-01-01", "2024-01-01"]]
    changes = [row for row in page.rows if len(row) == 7 and row[4:5] in (["-90"], ["90"])]
    assert [(row[1], row[4], row[6].strip()) for row in changes] == [
        ("Ada Oak", "-90", "To Kerr Trustees Ltd"),
        ("Kerr Trustees Ltd", "90", "From Ada Oak"),
        ("Kerr Trustees Ltd", "-90", "To Lund Trustees Ltd"),
        ("Lund Trustees Ltd", "90", "From Kerr Trustees Ltd"),
    ]


def test_above_fifty_members_there_is_an_index(tmp_path: Path) -> None:
    ledger = tmp_path / "many.db"
    assert run(ledger, "init").code == 0
    people = [f"p{number:02}" for number in range(51)]
    accept(
        ledger, party("heron"),
        {"type": "share-class-created", "share_class": ORDINARY, "key": "c"},
        *(person(id, f"Name {99 - n}") for n, id in enumerate(people)),
        *(event("shares-issued", "2020-01-01", f"i-{id}", share_class=ORDINARY, holder=id,
                shares="1") for id in people),
    )  # fmt: skip
    index = book(printed(ledger, "members", ".xlsx", tmp_path))["Index of members"]
    assert column(index, "Name")[0] == "Name 49"
    assert column(index, "No.")[0] == 51
    assert len(column(index, "Name")) == 51


def test_persons_are_numbers_where_that_is_asked_and_the_same_in_each(
    heron: Path, tmp_path: Path
) -> None:
    for kind in KINDS:
        text = Page(printed(heron, kind, ".html", tmp_path, "--redact", "persons")).text
        for name in ("Ada Ash", "Ada Oak", "Oak", FORMULA, "Mia Holm", "mia-holm"):
            assert name not in text, (kind, name)
    directors = Page(printed(heron, "directors", ".html", tmp_path, "--redact", "persons")).text
    assert "person 3" in directors, "Mia Holm is the third who was registered"


def certificate(ledger: Path, folder: Path, *words: str) -> tuple[Outcome, Path]:
    file = folder / "certificate.html"
    words = ("--share-class", ORDINARY, "--number", "7", *words)
    return run(ledger, "print", "certificate", "heron", str(file), *DAY, *words), file


def test_a_certificate_is_of_what_is_held(heron: Path, tmp_path: Path) -> None:
    outcome, file = certificate(heron, tmp_path, "--holder", "ada", "--shares", "500")
    assert outcome.code == 0, outcome.err
    text = Page(file.read_bytes()).text
    assert "Ada Oak is the registered holder of 500 ordinary shares of Heron Tools Ltd." in text
    assert "Not evidence unless signed." in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--holder", "ada", "--shares", "6001"), "holds 6000 heron/ordinary"),
        (("--holder", "kerr"), "holds 0 heron/ordinary"),
        (("--holder", "heron"), "no single member"),
    ],
)
def test_a_certificate_of_more_than_is_held_is_refused(
    heron: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    outcome, file = certificate(heron, tmp_path, *words)
    assert_refused(outcome, Refusal.SHARES_NOT_THERE, said)
    assert run_remedy(heron, outcome).code == 0
    assert not file.exists()


def test_a_certificate_is_of_a_class_and_a_holder_that_are_known(
    heron: Path, tmp_path: Path
) -> None:
    outcome, _ = certificate(heron, tmp_path, "--holder", "adda")
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT, "Did you mean ada?")
    outcome, _ = certificate(heron, tmp_path, "--holder", "ada", "--share-class", "heron/ordinry")
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT, "heron/ordinary")


def test_without_a_register_none_is_printed(heron: Path, tmp_path: Path) -> None:
    outcome = run(heron, "print", "members", "kerr", str(tmp_path / "k.html"))
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT, "What sources disclose: `")
    assert run_remedy(heron, outcome).code == 0


def test_a_cut_that_hides_a_movement_says_that_the_register_is_not_whole(
    heron: Path, tmp_path: Path
) -> None:
    ledger = Path(shutil.copy(heron, tmp_path / "late.db"))
    late = {"known_on": "2024-05-05"}
    accept(
        ledger,
        event("shares-issued", "2021-02-02", "late", share_class=ORDINARY, holder="kerr",
              shares="10") | late,
        event("shares-transferred", "2021-02-03", "sold", share_class=ORDINARY,
              transferor="kerr", transferee="lund", shares="10"),
    )  # fmt: skip
    page = Page(printed(ledger, "members", ".html", tmp_path, "--known-by", "2023-01-01"))
    assert "Kerr Trustees Ltd stands at -10 ordinary shares" in page.text
    pack = Page(printed(ledger, "board-pack", ".html", tmp_path, "--known-by", "2023-01-01"))
    assert "the register is incomplete at this cut" in pack.text
    assert "became known after 2023-01-01" in page.text


@pytest.fixture
def pdf_can_be_written() -> None:
    try:
        library()
    except click.UsageError as missing:
        pytest.skip(missing.message)


@pytest.mark.usefixtures("pdf_can_be_written")
def test_each_page_of_a_pdf_is_headed_and_footed(heron: Path, tmp_path: Path) -> None:
    read = pypdf.PdfReader(io.BytesIO(printed(heron, "members", ".pdf", tmp_path)))
    texts = [page.extract_text() for page in read.pages]
    for number, text in enumerate(texts, 1):
        assert f"page {number} / {len(texts)}" in text
        assert "Heron Tools Ltd · Register of members" in text
        assert "as of 2025-01-01" in text
    assert round(read.pages[0].mediabox.width) == 595, "A4"
    assert read.metadata
    assert read.metadata.title == "Register of members: Heron Tools Ltd"


def test_no_date_is_broken_nor_any_word_but_one_wider_than_a_column() -> None:
    whole, long = "dissolution&restoration", "<" * 50
    assert unbroken(f"{whole} 2024-03-28") == (
        'dissolution&amp;restoration <span class="day">2024-03-28</span>'
    )
    assert unbroken(long).replace("<wbr>", "") == "&lt;" * 50
    assert unbroken(long).count("<wbr>") == 2


def test_the_paper_is_chosen(heron: Path, tmp_path: Path) -> None:
    assert b"size: A4;" in printed(heron, "directors", ".html", tmp_path)
    letter = printed(heron, "directors", ".html", tmp_path, "--paper", "letter")
    assert b"size: letter;" in letter


@pytest.mark.whole
@pytest.mark.usefixtures("pdf_can_be_written")
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_the_same_pdf_twice(heron: Path, tmp_path: Path, kind: str) -> None:
    text = "".join(
        page.extract_text()
        for page in pypdf.PdfReader(io.BytesIO(printed(heron, kind, ".pdf", tmp_path))).pages
    )
    assert "Heron Tools Ltd" in text


def test_what_is_missing_says_how_to_install_it(
    heron: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, end, said in (
        ("xlsxwriter", ".xlsx", "pip install 'stakebook[tables]'"),
        ("weasyprint", ".pdf", "pip install 'stakebook[pdf]'"),
    ):
        monkeypatch.setitem(__import__("sys").modules, module, None)
        file = tmp_path / f"m{end}"
        assert_usage(run(heron, "print", "members", "heron", str(file)), said)
        assert not file.exists()


def test_a_library_under_weasyprint_that_is_missing_is_named(
    heron: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without_pango(name: str, *rest: Any, **others: Any) -> Any:
        if name == "weasyprint":
            print("-----\nWeasyPrint could not import some external libraries.")
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **others)

    monkeypatch.setattr("builtins.__import__", without_pango)
    file = tmp_path / "m.pdf"
    assert_usage(run(heron, "print", "members", "heron", str(file)), "Pango", "libpango-1.0-0")
    assert not file.exists()


def test_what_to_print_is_to_be_said(heron: Path) -> None:
    assert_usage(run(heron, "print"), "members, directors, agreements", "audit")
    assert_usage(run(heron, "print", "member"), "Did you mean 'members'")


def test_a_name_without_a_format_is_refused(heron: Path, tmp_path: Path) -> None:
    outcome = run(heron, "print", "members", "heron", str(tmp_path / "register.doc"))
    assert_usage(outcome, ".html, .xlsx, .pdf")
