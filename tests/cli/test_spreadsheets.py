"""Tables at the command line: previewed, recorded once, corrected, opened, compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from ledger.values.refusals import Refusal
from tests.helpers import Outcome, accept, dated, new_ledger, party, run, run_remedy, stored
from tests.ledger.formats.made import csv_of, saved, workbook

HEAD = ("Entry No.", "Date of entry", "Transaction", "Member", "From", "To", "Class", "Shares")
ROWS = (
    ("1", "13/02/2023", "Allotment", "Ann Lay", "", "", "Common", "7,000"),
    ("2", "13/02/2023", "Issue", "Bo Ray", "", "", "Common", "3,000"),
    ("3", "28/06/2024", "Transfer", "", "Bo Ray", "Ann Lay", "Common", "500"),
)
NEW_CLASS = {"type": "share-class-created", "share_class": "acme/new", "key": "class-new"}
MAPPING = "stakebook-mapping: 1\nfixed: {issuer: acme, party_kind: person}\nvalues: {share_class:"
MAPPING += " {Common: acme/new}}\n"
OF = ("--as", "acme-register", "--published-on", "2024-07-01", "--mapping", "map.yaml")
UNKEYED = csv_of(HEAD[1:], *(row[1:] for row in ROWS))


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A ledger with a class that nobody holds, a mapping and a register in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("map.yaml").write_text(MAPPING)
    Path("register.csv").write_bytes(csv_of(HEAD, *ROWS))
    return new_ledger(tmp_path, NEW_CLASS)


def take(ledger: Path, name: str, *words: str) -> Outcome:
    """Append the table of a file."""
    format = name.rpartition(".")[2]
    return run(ledger, "append", "--from", format, name, *(words or OF))


def held(ledger: Path, *words: str) -> dict[str, str]:
    """The shares of each holder of the class."""
    told = run(ledger, "holdings", "acme", "--format", "json", *words)
    rows = json.loads(told.out)["rows"]
    return {row["holder"]: row["shares"] for row in rows if row["share_class"] == "acme/new"}


def test_a_register_is_recorded_once_and_cites_its_cells(ledger: Path) -> None:
    before = len(stored(ledger))
    assert take(ledger, "register.csv").code == 0
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}
    assert held(ledger, "--known-by", "2024-06-30") == {}
    count = len(stored(ledger))
    assert count == before + 6
    state = json.loads(stored(ledger)[-1][1])
    (citation,) = state["data"]["citations"]
    assert state["key"] == "csv/acme-register/3"
    assert citation["locator"] == "row 4"
    again = take(ledger, "register.csv")
    assert (again.code, again.out) == (0, "Nothing new: all 3 rows of it are recorded already.\n")
    told = json.loads(take(ledger, "register.csv", *OF, "--json").out)
    assert (told["recorded"], told["already_recorded"]) == (0, 3)
    assert len(stored(ledger)) == count


def test_the_preview_is_a_mapping_that_does_the_same(ledger: Path) -> None:
    preview = take(ledger, "register.csv", *OF, "--dry-run")
    assert preview.code == 0
    assert preview.out.startswith("stakebook-mapping: 1\n")
    assert "Would record 6 events" in preview.err
    Path("full.yaml").write_text(preview.out)
    assert take(ledger, "register.csv", "--mapping", "full.yaml", "--strict").code == 0
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}


def test_options_may_stand_before_the_file_and_need_a_table(ledger: Path) -> None:
    assert run(ledger, "append", "--from", "csv", "--dry-run", *OF, "register.csv").code == 0
    assert "--assert is for --from" in run(ledger, "append", "--assert").err
    assert "--losses is for --from" in run(ledger, "append", "--losses", "x").err
    assert "Give one file" in run(ledger, "append", "--from", "csv").err
    assert "xls" in run(ledger, "append", "--from", "xls", "register.csv").err


def test_a_row_with_an_id_that_changed_is_corrected_or_refused(ledger: Path) -> None:
    assert take(ledger, "register.csv").code == 0
    Path("register.csv").write_bytes(csv_of(HEAD, *ROWS[:2], (*ROWS[2][:7], "400")))
    count = len(stored(ledger))
    told = take(ledger, "register.csv")
    assert told.code == 2
    assert "1 row is changed." in told.err
    assert "shares: 500 is recorded, 400 is read" in " ".join(told.err.split())
    told = take(ledger, "register.csv", *OF, "--changed", "append")
    assert told.code == 2
    assert f"`stakebook --ledger {ledger} correct '#15' --shares 400 --because" in told.err
    assert len(stored(ledger)) == count
    assert take(ledger, "register.csv", *OF, "--changed", "correct").code == 0
    assert held(ledger) == {"ann-lay": "7400", "bo-ray": "2600"}
    again = take(ledger, "register.csv")
    assert (again.code, again.out) == (0, "Nothing new: all 3 rows of it are recorded already.\n")


def test_a_row_without_an_id_that_changed_is_new_and_another_gone(ledger: Path) -> None:
    Path("plain.csv").write_bytes(UNKEYED)
    assert take(ledger, "plain.csv").code == 0
    changed = UNKEYED.replace(b"500", b"400")
    Path("plain.csv").write_bytes(changed)
    told = take(ledger, "plain.csv")
    assert told.code == 2
    assert "1 row is new, 1 recorded row is gone." in told.err
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}
    assert take(ledger, "plain.csv", *OF, "--changed", "correct").code == 0
    assert held(ledger) == {"ann-lay": "7400", "bo-ray": "2600"}
    assert take(ledger, "plain.csv").out.startswith("Nothing new")
    Path("plain.csv").write_bytes(csv_of(HEAD[1:], *(row[1:] for row in ROWS[:2])))
    assert "1 recorded row is gone." in take(ledger, "plain.csv").err
    assert take(ledger, "plain.csv", *OF, "--changed", "correct").code == 0
    assert held(ledger) == {"ann-lay": "7000", "bo-ray": "3000"}


def test_new_rows_alone_are_added(ledger: Path) -> None:
    Path("register.csv").write_bytes(csv_of(HEAD, *ROWS[:2]))
    assert take(ledger, "register.csv").code == 0
    Path("register.csv").write_bytes(csv_of(HEAD, *ROWS))
    told = take(ledger, "register.csv")
    assert told.code == 0
    assert "1 row is new." in told.err
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}


def test_another_format_of_the_same_register_records_nothing(ledger: Path) -> None:
    assert take(ledger, "register.csv").code == 0
    Path("register.xlsx").write_bytes(workbook(HEAD, *ROWS))
    assert (
        take(ledger, "register.xlsx").out == "Nothing new: all 3 rows of it are recorded already.\n"
    )


def test_holdings_open_an_empty_register_and_no_other(ledger: Path) -> None:
    caps = csv_of(("Shareholder", "Class", "Shares"), ("Ann Lay", "Common", "7000"),
                  ("Bo Ray", "Common", "3000"), ("Total", "", "10000"))  # fmt: skip
    Path("caps.csv").write_bytes(caps)
    assert take(ledger, "caps.csv").code == 0
    assert held(ledger) == {"ann-lay": "7000", "bo-ray": "3000"}
    assert take(ledger, "caps.csv").out.startswith("Nothing new")
    moved = dated("shares-transferred", share_class="acme/new", transferor="bo-ray",
                  transferee="ann-lay", shares="100", key="moved")  # fmt: skip
    accept(ledger, moved | {"effective_on": "2024-07-02"})
    count = len(stored(ledger))
    Path("caps.csv").write_bytes(caps.replace(b"3000", b"2900").replace(b"7000", b"7100"))
    told = take(ledger, "caps.csv", *OF, "--changed", "append")
    assert told.code == 2
    assert Refusal.CONTRADICTORY_STEP.code in told.err
    assert "reconcile --from csv caps.csv" in told.err
    assert len(stored(ledger)) == count
    later = ("--as", "later", "--published-on", "2024-07-03", "--mapping", "map.yaml")
    Path("ids.yaml").write_text("Ann Lay: ann-lay\nBo Ray: bo-ray\n")
    told = take(ledger, "caps.csv", *later, "--ids", "ids.yaml")
    assert "has movements" in told.err
    assert take(ledger, "caps.csv", *later, "--ids", "ids.yaml", "--assert").code == 0
    assert held(ledger) == {"ann-lay": "7100", "bo-ray": "2900"}
    assert run(ledger, "check").code == 0


def test_reconcile_ends_with_one_where_a_line_differs(ledger: Path) -> None:
    assert take(ledger, "register.csv").code == 0
    count = len(stored(ledger))
    Path("caps.csv").write_bytes(
        csv_of(("Shareholder", "Class", "Shares"), ("Ann Lay", "Common", "7500"),
               ("Bo Ray", "Common", "2500"))
    )  # fmt: skip
    words = ("reconcile", "--from", "csv", "caps.csv", *OF)
    assert run(ledger, *words).code == 0
    told = run(ledger, *words, "--as-of", "2024-06-27", COLUMNS="80")
    assert told.code == 1
    assert "Ann Lay" in told.out
    assert "+500" in told.out
    assert max(map(len, told.out.splitlines())) <= 80
    Path("caps.csv").write_bytes(
        csv_of(("Shareholder", "Class", "Shares"), ("Ann Lay", "Common", "7500"),
               ("Zed Ltd", "Common", "1"))
    )  # fmt: skip
    told = run(ledger, *words, "--format", "json")
    rows = {row["holder"]: row for row in json.loads(told.out)["rows"]}
    assert told.code == 1
    assert (rows["bo-ray"]["file"], rows["bo-ray"]["difference"]) == (None, "-2500")
    assert (rows["zed-ltd"]["ledger"], rows["ann-lay"]["agrees"]) == (None, True)
    assert rows["ann-lay"]["where"] == ["caps.csv:2, column C"]
    assert len(stored(ledger)) == count
    assert "not as holdings on a day" in run(ledger, *words[:3], "register.csv", *OF).err


def test_a_name_that_the_ledger_knows_is_asked_and_answered(ledger: Path) -> None:
    accept(ledger, party("lay", kind="person", name="Ann Lay"))
    told = take(ledger, "register.csv")
    assert told.code == 2
    assert "`Ann Lay: lay` or `Ann Lay: new`" in told.err
    Path("ids.yaml").write_text("Ann Lay: lay\n")
    assert take(ledger, "register.csv", *OF, "--ids", "ids.yaml").code == 0
    assert held(ledger) == {"lay": "7500", "bo-ray": "2500"}


def test_a_party_of_an_equal_name_may_be_another_one(ledger: Path) -> None:
    accept(ledger, party("ann-lay", kind="person", name="Ann Lay"))
    Path("ids.yaml").write_text("Ann Lay: new\n")
    told = take(ledger, "register.csv", *OF, "--ids", "ids.yaml")
    assert "new party ann-lay-2: Ann Lay (person)" in told.err
    assert held(ledger) == {"ann-lay-2": "7500", "bo-ray": "2500"}
    assert take(ledger, "register.csv", *OF, "--ids", "ids.yaml").out.startswith("Nothing new")


def test_losses_add_up_and_strict_stops(ledger: Path) -> None:
    rows = [(*row, note) for row, note in zip(ROWS, ("founder", "", ""), strict=True)]
    Path("noted.csv").write_bytes(csv_of((*HEAD, "Remarks"), *rows))
    count = len(stored(ledger))
    told = take(ledger, "noted.csv", *OF, "--strict", "--losses", "losses.jsonl")
    assert told.code == 1
    assert len(stored(ledger)) == count
    last = "CSV 1: of 3 objects 2 whole, 1 with losses (1 not carried), 0 refused."
    assert told.err.splitlines()[-1] == last
    head, loss = map(json.loads, Path("losses.jsonl").read_text().splitlines())
    assert head["objects"] == head["whole"] + head["touched"] + head["refused"] == 3
    assert (loss["kind"], loss["field"], loss["value"]) == ("not-carried", "remarks", "founder")
    assert take(ledger, "noted.csv", *OF, "--losses", "losses.jsonl").code == 2
    full = take(ledger, "noted.csv", *OF, "--dry-run").out
    Path("full.yaml").write_text(full)
    words = ("--mapping", "full.yaml", "--strict", "--allow", "not-carried:remarks")
    assert take(ledger, "noted.csv", *words).code == 0
    assert "names no loss" in take(ledger, "noted.csv", *OF, "--allow", "lost:x").err


def test_rows_that_may_be_left_out_are_counted_as_refused(ledger: Path) -> None:
    Path("bad.csv").write_bytes(csv_of(HEAD, *ROWS[:2], (*ROWS[2][:7], "5OO")))
    assert take(ledger, "bad.csv").code == 2
    told = take(ledger, "bad.csv", *OF, "--allow", "refused:shares")
    assert told.code == 0
    assert "of 3 objects 2 whole, 0 with losses (1 refused), 1 refused." in told.err
    assert held(ledger) == {"ann-lay": "7000", "bo-ray": "3000"}


def test_all_that_is_wrong_is_told_in_one_run(ledger: Path) -> None:
    rows = [("1", "13/02/2023", "Frob", "Ann", "", "", "Common", "1"),
            ("2", "13/02/2023", "Issue", "", "", "", "Common", "1"),
            ("3", "13/02/23", "Issue", "Bo", "", "", "Common", "1O")]  # fmt: skip
    Path("bad.csv").write_bytes(csv_of(HEAD, *rows))
    told = take(ledger, "bad.csv")
    for place in ("bad.csv:2, column C", "bad.csv:3, column D", "bad.csv:4, column B"):
        assert f"stakebook: {place}: " in told.err
    assert "(letter O). Write 10." in told.err
    many = csv_of(HEAD, *((str(n), "13/02/2023", "?", "Ann", "", "", "Common", "1")
                          for n in range(150)))  # fmt: skip
    Path("bad.csv").write_bytes(many)
    told = take(ledger, "bad.csv")
    assert "The first 100 are shown; 50 more are not." in told.err
    assert told.err.count("R209 bad-choice") == 100


def test_convert_needs_no_ledger_and_append_takes_what_it_prints(ledger: Path) -> None:
    told = run("nowhere.db", "convert", "--from", "csv", "register.csv", *OF)
    assert told.code == 0
    assert not Path("nowhere.db").exists()
    Path("events.yaml").write_text(told.out)
    assert run(ledger, "append", "--file", "events.yaml").code == 0
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}
    assert take(ledger, "register.csv").out.startswith("Nothing new")


def test_what_must_be_declared_is_asked(ledger: Path) -> None:
    told = take(ledger, "register.csv", "--mapping", "map.yaml")
    assert told.code == 2
    assert "--as corvo-register" in told.err
    assert "--published-on 2024-03-31" in told.err
    preview = take(ledger, "register.csv", "--dry-run")
    assert preview.code == 2
    assert "# register.csv" in preview.out
    assert "fixed: {issuer: ID}" in preview.out


def test_the_sheets_of_a_workbook_are_one_batch(ledger: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Register"
    for row in (HEAD, *ROWS):
        book.active.append(row)
    board = book.create_sheet("Board")
    for row in (("Nr.", "Director", "Office", "Appointed"), (1, "Ann Lay", "Chair", "2023-02-13")):
        board.append(row)
    Path("book.xlsx").write_bytes(saved(book))
    sheets = [MAPPING + f"sheet: {name}\n" for name in ("Register", "Board")]
    Path("map.yaml").write_text("---\n".join(sheets))
    preview = take(ledger, "book.xlsx", *OF, "--dry-run")
    assert preview.code == 0, preview.err
    Path("map.yaml").write_text(preview.out)
    assert take(ledger, "book.xlsx").code == 0
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}
    assert "Ann Lay" in run(ledger, "governance", "acme").out
    assert take(ledger, "book.xlsx").out.startswith("Nothing new: all 4 rows")
    Path("map.yaml").write_text(MAPPING)
    assert take(ledger, "register.csv").out.startswith("Nothing new: all 3 rows")
    Path("map.yaml").write_text("---\n".join(sheets))
    assert "Several mappings" in take(ledger, "register.csv").err


def test_what_was_undone_is_recorded_anew_where_that_is_said(ledger: Path) -> None:
    assert take(ledger, "register.csv").code == 0
    assert run(ledger, "undo", "--because", "wrong file", "--yes").code == 0
    assert held(ledger) == {}
    told = take(ledger, "register.csv")
    assert (told.code, "3 retracted since" in told.out) == (0, True)
    assert held(ledger) == {}
    told = take(ledger, "register.csv", *OF, "--changed", "append")
    assert told.code == 0, told.err
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}
    assert take(ledger, "register.csv").out.startswith("Nothing new: all 3 rows")
    Path("register.csv").write_bytes(csv_of(HEAD, *ROWS[:2], (*ROWS[2][:7], "400")))
    assert take(ledger, "register.csv", *OF, "--changed", "correct").code == 0
    assert held(ledger) == {"ann-lay": "7400", "bo-ray": "2600"}
    assert take(ledger, "register.csv").out.startswith("Nothing new: all 3 rows")


def test_a_correction_that_was_undone_or_overtaken_is_recorded_again(ledger: Path) -> None:
    first, second = csv_of(HEAD, *ROWS), csv_of(HEAD, *ROWS[:2], (*ROWS[2][:7], "400"))
    assert take(ledger, "register.csv").code == 0
    Path("register.csv").write_bytes(second)
    assert take(ledger, "register.csv", *OF, "--changed", "correct").code == 0
    assert run(ledger, "undo", "--because", "too early", "--yes").code == 0
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}
    for content, ann in ((second, "7400"), (first, "7500"), (second, "7400")):
        Path("register.csv").write_bytes(content)
        told = take(ledger, "register.csv", *OF, "--changed", "correct")
        assert told.code == 0, told.err
        assert held(ledger)["ann-lay"] == ann


def test_a_number_that_a_mapping_fixes_is_a_number(ledger: Path) -> None:
    Path("map.yaml").write_text(MAPPING.replace("person}", 'person, shares: "1,000"}'))
    told = take(ledger, "register.csv")
    assert told.code == 2
    assert 'fixed.shares: "1,000" is not a whole number.' in told.err


def test_parties_and_classes_are_registered_once(ledger: Path) -> None:
    Path("map.yaml").write_text("stakebook-mapping: 1\nfixed: {issuer: acme}\n"
                                "source: {publisher: Acme plc}\n")  # fmt: skip
    Path("who.csv").write_bytes(csv_of(("Legal name", "Entity type"), ("Milo", "Fund")))
    Path("what.csv").write_bytes(csv_of(("Share class", "Votes per share"), ("Golden", 10)))
    for name in ("who.csv", "what.csv"):
        assert take(ledger, name).code == 0
        count = len(stored(ledger))
        assert take(ledger, name).out.startswith("Nothing new: ")
        assert len(stored(ledger)) == count
    assert "Milo" in run(ledger, "parties").out


def test_holdings_of_a_later_day_correct_no_opening(ledger: Path) -> None:
    head, bo = ("Shareholder", "Class", "Shares"), ("Bo Ray", "Common", "3000")
    Path("caps.csv").write_bytes(csv_of(head, ("Ann Lay", "Common", "7000"), bo))
    assert take(ledger, "caps.csv").code == 0
    Path("caps.csv").write_bytes(csv_of(head, ("Ann Lay", "Common", "7500"), bo))
    later = ("--as", "acme-register", "--published-on", "2024-09-30", "--mapping", "map.yaml")
    count = len(stored(ledger))
    for changed in ((), ("--changed", "correct"), ("--changed", "append")):
        told = take(ledger, "caps.csv", *later, *changed)
        assert told.code == 2
        assert f"`stakebook --ledger {ledger} reconcile --from csv caps.csv`" in told.err
    assert len(stored(ledger)) == count
    assert take(ledger, "caps.csv", *later, "--assert").code == 0
    assert held(ledger) == {"ann-lay": "7000", "bo-ray": "3000"}
    assert run(ledger, "check").code == 1
    again = ("--as", "acme-register", "--published-on", "2024-12-31", "--mapping", "map.yaml")
    assert take(ledger, "caps.csv", *again, "--assert").code == 0


def test_balances_do_not_miss_the_rows_of_a_journal(ledger: Path) -> None:
    assert take(ledger, "register.csv").code == 0
    caps = csv_of(("Shareholder", "Class", "Shares"), ("Ann Lay", "Common", "7500"))
    Path("caps.csv").write_bytes(caps)
    assert take(ledger, "caps.csv", *OF, "--assert").code == 0
    assert held(ledger) == {"ann-lay": "7500", "bo-ray": "2500"}
    assert run(ledger, "check").code == 0


def test_a_class_that_nobody_knows_is_told_once_with_what_to_run(ledger: Path) -> None:
    Path("map.yaml").write_text(MAPPING.replace("acme/new", "acme/golden"))
    told = take(ledger, "register.csv")
    assert told.code == 2
    (line,) = [one for one in told.err.splitlines() if one.startswith("stakebook: ")]
    assert "The classes of acme are acme/b, acme/common, acme/new." in line
    assert run_remedy(ledger, told).code == 0
    assert take(ledger, "register.csv").code == 0
    Path("map.yaml").write_text(MAPPING.replace("acme", "nobody"))
    other = ("--as", "other", "--published-on", "2024-07-01", "--mapping", "map.yaml")
    Path("ids.yaml").write_text("Ann Lay: ann-lay\nBo Ray: bo-ray\n")
    assert (
        "party-registered --party nobody"
        in take(ledger, "register.csv", *other, "--ids", "ids.yaml").err
    )


def test_a_file_in_place_of_a_type_is_told_how_to_read(ledger: Path) -> None:
    for name, command in (
        ("events.yaml", "append --file events.yaml"),
        ("register.csv", "append --from csv register.csv --dry-run"),
        ("cap.XLSX", "append --from xlsx cap.XLSX --dry-run"),
    ):
        told = run(ledger, "append", name)
        assert told.code == 2
        assert command in told.err.replace(f"--ledger {ledger} ", "")
