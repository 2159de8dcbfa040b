"""Tables that are understood, in four languages, and the mapping in full that reads them again."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.formats.headings import DICTIONARY, KINDS, fields_of, word_of
from ledger.formats.losses import KINDS as LOSSES
from ledger.formats.losses import Loss, Report
from ledger.formats.mapping import Mapping, read_mappings
from ledger.formats.reading import READERS, reader_of
from ledger.values.refusals import Refusal, Refused
from tests.ledger.formats.made import HELD, JOURNAL, MAPPED, csv_of, events, read, refused

REGISTER = ("Folio", "Member", "Date", "Transaction", "From", "To", "Class", "Shares", "Balance")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Name of member", "holder"), ("STAKEHOLDER ", "holder"), ("Associ\u00e9", "holder"),
        ("Aktion\u00e4r", "holder"), ("氏名又は名称", "holder"), ("Type of shares", "share_class"),
        ("Nature des titres", "share_class"), ("Gattung", "share_class"),
        ("株式の種類", "share_class"), ("Number of shares", "shares"), ("St\u00fcckzahl", "shares"),
        ("株式数", "shares"), ("Solde", "balance"), ("Tag der Eintragung", "effective_on"),
        ("Date de l\u2019op\u00e9ration", "effective_on"), ("取得年月日", "effective_on"),
        ("Vorgang", "kind"), ("異動事由", "kind"), ("C\u00e9dant", "transferor"),
        ("Ver\u00e4u\u00dferer", "transferor"), ("譲受人", "transferee"),
        ("Certificate No.", "certificate"), ("lfd. Nr.", "entry"),
        ("Price per share (EUR)", "price"),
        ("% du capital", "percent"), ("%", "percent"), ("Ownership (%)", "percent"),
        ("Ausscheiden", "ceased_on"), ("Director", "person"), ("Fonction", "role"),
    ],
)  # fmt: skip
def test_headings_are_known_in_four_languages(heading: str, field: str) -> None:
    assert fields_of(heading) == {field}


def test_no_heading_stands_for_two_fields() -> None:
    listed = [word.strip() for words in DICTIONARY.values() for word in words.split(",")]
    assert sorted(listed) == sorted(set(listed))
    assert all(len(fields_of(word)) == 1 for word in listed)
    words = [word.strip() for said in KINDS.values() for word in said.split(",")]
    assert sorted(words) == sorted(set(words))
    assert all(word_of(KINDS, word) for word in words)


def test_a_register_of_folios_tells_each_transfer_once() -> None:
    rows = (
        ("1", "Ann", "2023-02-01", "Allotment", "", "", "A", "7000", "7000"),
        ("1", "Ann", "2024-06-28", "Transfer", "Bo", "", "A", "500", "7500"),
        ("2", "Bo", "2023-02-01", "Allotment", "", "", "A", "3000", "3000"),
        ("2", "Bo", "2024-06-28", "Transfer", "", "Ann", "A", "500", "2500"),
    )
    reading = read(csv_of(REGISTER, *rows))
    (moved,) = events(reading, "shares-transferred")
    assert (moved["transferor"], moved["transferee"], moved["shares"]) == ("bo", "ann", "500")
    asserted = [
        (e["holder"], e["effective_on"], e["shares"]) for e in events(reading, "balance-asserted")
    ]
    assert asserted == [
        ("ann", "2023-02-01", "7000"), ("ann", "2024-06-28", "7500"),
        ("bo", "2023-02-01", "3000"), ("bo", "2024-06-28", "2500"),
    ]  # fmt: skip
    assert [loss.kind for loss in reading.report.losses] == ["merged"]
    alone = read(csv_of(REGISTER, *rows[:3]))
    assert len(events(alone, "shares-transferred")) == 1


def test_a_transfer_of_one_folio_twice_is_two() -> None:
    row = ("1", "Ann", "2024-06-28", "Transfer", "Bo", "", "A", "500", "")
    other = ("2", "Bo", "2024-06-28", "Transfer", "", "Ann", "A", "500", "")
    reading = read(csv_of(REGISTER, row, row, other), MAPPED + "duplicates: keep\n")
    assert len(events(reading, "shares-transferred")) == 2


def test_every_movement_is_read() -> None:
    head = (*JOURNAL, "Ratio", "Into class", "Price per share", "Currency")
    rows = (
        ("1", "2023-01-01", "Split", "", "", "", "A", "", "2 for 1", "", "", ""),
        ("2", "2023-01-01", "Conversion", "Ann", "", "", "A", "5", "3:1", "B", "", ""),
        ("3", "2023-01-01", "Buy-back", "Ann", "", "", "A", "5", "", "", "1.50", "eur"),
        ("4", "2023-01-01", "Cancellation", "", "", "", "A", "5", "", "", "", ""),
        ("5", "2023-01-01", "Cession", "Bo", "Ann", "", "A", "5", "", "", "", ""),
        ("6", "2023-01-01", "brought forward", "Cy", "", "", "A", "5", "", "", "", ""),
    )
    reading = read(csv_of(head, *rows))
    found = {entry.key: entry.event for entry in reading.entries}
    said: dict[str, dict[str, Any]] = {
        key.rpartition("/")[2]: {"type": event.type, **event.data} for key, event in found.items()
        if key
    }  # fmt: skip
    assert (said["1"]["type"], said["1"]["ratio"]) == ("shares-split", "2:1")
    assert (said["2"]["into_class"], said["2"]["ratio"]) == ("corvo/b", "3:1")
    assert (said["3"]["type"], said["3"]["price"]) == ("shares-repurchased", "EUR 1.5")
    assert (said["4"]["type"], "holder" in said["4"]) == ("shares-cancelled", False)
    assert (said["5"]["transferor"], said["5"]["transferee"]) == ("ann", "bo")
    assert said["6"]["type"] == "register-opened"


def test_a_price_needs_its_currency() -> None:
    row = ("1", "2023-01-01", "Issue", "Ann", "", "", "A", "5", "1.5")
    (told,) = refused(csv_of((*JOURNAL, "Price"), row))
    assert "`fixed: {currency: EUR}`" in told
    (issued,) = events(read(csv_of((*JOURNAL, "Price (GBP)"), row)), "shares-issued")
    assert issued["price"] == "GBP 1.5"


def test_boards_parties_and_classes_are_read() -> None:
    board = csv_of(("Director", "Office", "Appointed", "Resigned"),
                   ("Ann", "Non-executive director", "2023-01-01", "2024-01-01"),
                   ("Bo", "Chair", "2023-01-01", ""))  # fmt: skip
    types = [entry.event.type for entry in read(board).entries]
    assert types[3:] == ["director-appointed", "director-left", "officer-appointed"]
    parties = csv_of(("Legal name", "Entity type"), ("Milo", "Fund"), ("Bo", "Individual"))
    found = events(read(parties, "source: {publisher: Corvo}\n"), "party-registered")
    assert [(one["party"], one["kind"]) for one in found] == [("milo", "fund"), ("bo", "person")]
    classes = csv_of(("Share class", "Votes per share", "Authorised"), ("Ordinary", 1, "1,000"))
    (made,) = events(read(classes), "share-class-created")
    assert (made["share_class"], made["authorised"]) == ("corvo/ordinary", "1000")


def test_rows_with_dates_may_be_holdings_or_issues() -> None:
    rows = csv_of((*HELD, "Issue date"), ("Ann", "A", 7, "2020-01-01"))
    (told,) = refused(rows)
    assert "`table: snapshot` or `table: journal` and `fixed: {kind: shares-issued}`" in told
    assert events(read(rows, MAPPED + "table: snapshot\n"), "register-opened")
    two = csv_of(
        (*HELD, "Issue date"), ("Ann", "A", 7, "2020-01-01"), ("Ann", "A", 9, "2021-01-01")
    )
    (told,) = refused(two, MAPPED + "table: snapshot\n")
    assert "balances on several days" in told
    assert events(read(two, MAPPED + "table: snapshot\nduplicates: keep\n"), "register-opened")
    issue = "fixed: {issuer: corvo, party_kind: person, kind: shares-issued}\ntable: journal\n"
    (issued,) = events(read(rows, issue), "shares-issued")
    assert issued["effective_on"] == "2020-01-01"


JAPANESE = (("番号", "取得年月日", "異動事由", "氏名又は名称", "株式の種類", "株式数"),
            ("1", "令和5年11月8日", "新株発行", "山田太郎", "普通株式", "1,000"))  # fmt: skip
GERMAN = (("Nr.", "Datum", "Vorgang", "Aktion\u00e4r", "Gattung", "St\u00fcckzahl"),
          ("1", "08.11.2023", "Ausgabe", "J\u00f6rg Wei\u00df", "Stamm", "1.000"))  # fmt: skip
FRENCH = (("No d'ordre", "Date", "Nature de l'op\u00e9ration", "Titulaire", "Cat\u00e9gorie",
           "Quantit\u00e9"),
          ("1", "13/11/2023", "\u00c9mission", "\u00c9mile Roy", "A", "1 000"))  # fmt: skip


@pytest.mark.parametrize("rows", [JAPANESE, GERMAN, FRENCH])
def test_the_mapping_in_full_reads_the_same(rows: tuple[tuple[str, ...], ...]) -> None:
    raw = csv_of(*rows, delimiter=";")
    reading = read(raw, MAPPED)
    (issued,) = events(reading, "shares-issued")
    assert (issued["shares"], issued["effective_on"][:7]) == ("1000", "2023-11")
    (mapping,) = reading.mappings
    text = mapping.written()
    (again,) = read_mappings(text.encode(), "mapping.yaml")
    assert again.written() == text
    same = read(raw, text.partition("\n")[2], strict=True)
    assert [(e.key, e.event.data) for e in same.entries] == [
        (e.key, e.event.data) for e in reading.entries
    ]
    assert same.mappings[0].written() == text


def test_strict_takes_no_form_for_granted() -> None:
    row = ("1", "13/01/2023", "Issue", "Ann", "", "", "A", "5,000")
    told = refused(csv_of(JOURNAL, row), strict=True)
    assert any("`dates: d/m/y`" in one for one in told)
    assert any("`numbers: '1,234.56'`" in one for one in told)
    said = MAPPED + "dates: d/m/y\nnumbers: '1,234.56'\n"
    assert not refused(csv_of(JOURNAL, row), said, strict=True)


def test_a_date_after_the_file_is_remarked_on() -> None:
    row = ("1", "2025-01-13", "Issue", "Ann", "", "", "A", "5")
    (remark,) = read(csv_of(JOURNAL, row)).remarks
    assert remark.startswith("register.csv:2, column B: 2025-01-13 is in a year after the file")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("stakebook-mapping: 2\n", Refusal.OTHER_FORMAT),
        ("- a\n", Refusal.OTHER_FORMAT),
        ("stakebook-mapping: 1\ncolums: {}\n", Refusal.UNKNOWN_FIELD),
        ("stakebook-mapping: 1\ncolumns: {holdr: x}\n", Refusal.UNKNOWN_FIELD),
        ("stakebook-mapping: 1\ncolumns: x\n", Refusal.BAD_SHAPE),
        ("stakebook-mapping: 1\ndates: y/d/m\n", Refusal.BAD_CHOICE),
        ("stakebook-mapping: 1\ntable: ledger\n", Refusal.BAD_CHOICE),
        ("stakebook-mapping: 1\nrows: 9-4\n", Refusal.BAD_SHAPE),
        ("stakebook-mapping: 1\nheader-row: first\n", Refusal.BAD_SHAPE),
        ("stakebook-mapping: 1\npublished-on: 31/3/2024\n", Refusal.BAD_DATE),
        ("stakebook-mapping: 1\nnamespace: A b\n", Refusal.BAD_IDENTIFIER),
        ("stakebook-mapping: 1\ntotal-rows: {where: holder}\n", Refusal.BAD_SHAPE),
        ("stakebook-mapping: 1\nunused: x\n", Refusal.BAD_SHAPE),
        ("stakebook-mapping: 1\nvalues: {kind: x}\n", Refusal.BAD_SHAPE),
        ("stakebook-mapping: 1\nsource: {author: x}\n", Refusal.BAD_SHAPE),
        ("", Refusal.EMPTY),
    ],
)
def test_a_mapping_that_is_none_is_refused(text: str, refusal: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        read_mappings(text.encode(), "mapping.yaml")
    assert refused.value.refusal is refusal
    assert refused.value.place.startswith("mapping.yaml")


def test_a_report_adds_up_and_counts_what_was_lost() -> None:
    losses = [Loss("not-carried", "a.csv, column B", "x", "1", "why", 13),
              Loss("merged", "a.csv:2", "y", "2", "why", 5),
              Loss("narrowed", "a.csv:3", "z", "3", "why")]  # fmt: skip
    report = Report("ocf", "1.2.0", 19, 13, 0, losses)
    assert report.sentence() == (
        "OCF 1.2.0: of 19 objects 6 whole, 13 with losses"
        " (13 not carried, 5 merged, 1 narrowed), 0 refused."
    )
    head = report.head()
    assert head["objects"] == head["whole"] + head["touched"] + head["refused"]
    assert json.loads(json.dumps(losses[0].as_json("ocf")))["format"] == "ocf"
    assert {loss.kind for loss in losses} <= set(LOSSES)


def test_the_readers_are_a_closed_list() -> None:
    assert [reader.name for reader in READERS] == ["csv", "xlsx"]
    with pytest.raises(Refused, match="csv or xlsx"):
        reader_of("ods")
    assert Mapping().written() == "stakebook-mapping: 1\n"
