"""A workbook of answers has the figures of the commands at its cut, as a spreadsheet reads them."""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cli.xlsx_export import LAYOUTS
from projections.questions import QUESTIONS
from tests.helpers import assert_usage, dated, new_ledger, party, run

HUGE = "1234567890123456"  # more digits than a spreadsheet holds
AT = ("--as-of", "2023-11-09", "--known-by", "2026-12-31")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    issued = dated("shares-issued", share_class="acme/b", holder="evil", shares=HUGE)
    third = dated("shares-issued", share_class="acme/common", holder="fund-one", shares="200")
    stake = dated(
        "stake-disclosed", issuer="bolt", holder="acme", percent="7.5", percent_of="votes"
    )
    seat = dated("director-appointed", company="acme", person="bolt", effective_on="2023-10")
    bid = (
        dated("offer-made", offer="bid", offeror="acme", share_class="acme/b", kind="tender"),
        dated("offer-accepted", offer="bid", holder="evil", shares=HUGE),
    )
    perhaps = dated("director-left", company="acme", person="bolt", effective_on="2023-11")
    later = dated("director-appointed", company="acme", person="fund-two", effective_on="2024")
    folder = tmp_path_factory.mktemp("workbook")
    return new_ledger(
        folder, party("evil", name="=1+1"), issued, third, stake, seat, perhaps, later, *bid
    )


@pytest.fixture(scope="module")
def workbook(ledger: Path) -> Any:
    file = ledger.parent / "deal.xlsx"
    outcome = run(ledger, "export", "--to", "xlsx", str(file), *AT)
    assert outcome.code == 0, outcome.err
    return openpyxl.load_workbook(file)


def lines(workbook: Any, sheet: str) -> list[dict[str, Any]]:
    heading, *rows = workbook[sheet].iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def test_the_figures_are_those_of_the_commands(ledger: Path, workbook: Any) -> None:
    answer = json.loads(run(ledger, "holdings", *AT, "--format", "json").out)["rows"]
    theirs = {(row["issuer"], row["holder"]): row for row in answer}
    ours = {(row["issuer id"], row["holder id"]): row for row in lines(workbook, "Holdings")}
    assert ours.keys() == theirs.keys()
    for key, row in ours.items():
        assert str(row["shares"]) == str(theirs[key]["shares"] or "not recorded")
        assert Fraction(row["%, exactly"]) == Fraction(theirs[key]["percent_exact"]) * 100
        assert row["issuer"] == theirs[key]["issuer_name"]
    assert ours["acme", "fund-one"]["shares"] == 200
    assert ours["acme", "fund-one"]["%, exactly"] == "200/3"
    assert ours["acme", "evil"]["shares"] == HUGE, "as text, for a number would lose digits"


def test_every_answer_has_a_sheet_with_frozen_headings(workbook: Any) -> None:
    assert workbook.sheetnames == [
        "About", "Holdings", "Votes", "Fully diluted", "Rights in shares", "Board", "Agreements",
        "Meetings", "Deals", "Offers", "Pending", "Claims", "Timeline", "Possible", "Notes",
    ]  # fmt: skip
    assert {page.freeze_panes for page in workbook.worksheets[1:]} == {"A2"}
    asked = {one.name for one in QUESTIONS.values() if "digest" not in one.not_in}
    assert asked <= {layout.question for layout in LAYOUTS}
    (taken,) = lines(workbook, "Offers")
    assert (taken["holder id"], taken["accepted"], taken["moved"]) == ("evil", HUGE, 0)
    (seat,) = lines(workbook, "Board")
    assert (seat["company"], seat["person"], seat["since"]) == ("Acme plc", "Bolt Ltd", "2023-10")


def test_the_cut_is_stated_and_what_may_count_is_there(workbook: Any) -> None:
    told = " ".join(str(cell) for row in workbook["About"].values for cell in row if cell)
    assert "as of the end of 2023-11-09" in told
    assert "as known at the end of 2026-12-31" in told
    assert "1 event takes effect after 2023-11-09" in told
    (possible,) = [
        row for row in lines(workbook, "Possible") if row["question"] == "governance acme"
    ]
    assert "Bolt" in possible["what"]
    assert "2023-11" in possible["why"]
    assert not workbook["About"]["A1"].value.startswith("=")


def test_text_is_never_a_formula(workbook: Any) -> None:
    cells = [cell for page in workbook for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=1+1" in {cell.value for cell in cells}


def test_two_exports_are_the_same_bytes(ledger: Path, workbook: Any, tmp_path: Path) -> None:
    assert workbook
    assert run(ledger, "export", "--to", "xlsx", str(tmp_path / "b.xlsx"), *AT).code == 0
    first = (ledger.parent / "deal.xlsx").read_bytes()
    assert (tmp_path / "b.xlsx").read_bytes() == first


def test_without_the_library_it_is_said_how_to_install_it(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    outcome = run(ledger, "export", "--to", "xlsx", str(tmp_path / "c.xlsx"))
    assert_usage(outcome, "stakebook[tables]")
    assert not list(tmp_path.iterdir())
