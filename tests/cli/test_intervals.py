"""Dates without a first or a last day: no answer, document or export tells of one."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import accept, append, assert_refused, dated, joined, lines, new_ledger, run

SENTINELS = ("0001-01-01", "DATE:0001", "9999-12-31", "DATE:9999")


def paper(id: str, published_on: str) -> dict[str, Any]:
    """A source published some day."""
    told = {"title": id.title(), "kind": "press", "publisher": "Paper"}
    return {
        "type": "source-registered",
        "key": id,
        "source": id,
        "published_on": published_on,
        **told,
    }


def on(date: str, type: str, key: str, source: str = "paper", **fields: Any) -> dict[str, Any]:
    """A report of an event of some days."""
    told = {"effective_on": date, "standing": "reported", "citations": [{"source": source}]}
    return dated(type, key=key, **fields) | told


def sale(date: str, key: str, **fields: Any) -> dict[str, Any]:
    """A report that bolt sold 10 shares."""
    moved = {"transferor": "bolt", "transferee": "fund-one", "shares": "10"}
    return on(date, "shares-transferred", key, share_class="acme/common", **moved, **fields)


EVENTS = (
    paper("paper", "2024-03-27"),
    paper("leaflet", "../2024-02"),
    paper("book", "2023-11/2024-01"),
    sale("../2023-12", "by"),
    sale("2024-01/2024-06", "between"),
    sale("2024-02/..", "not-before", source="leaflet"),
    sale("2024-03/..", "to-come", tense="upcoming"),
    sale("unknown", "some-day", tense="upcoming", source="book"),
    on("../2024-06", "director-appointed", "seat", company="acme", person="fund-two",
       term_ends_on="2027-01/.."),
    on("2024-03-01", "milestone-expected", "signing", deal="merger", milestone="signing",
       title="signed", expected_on="2024-05/.."),
    on("2024-03-01", "offering-planned", "listing", offering="ipo", issuer="acme",
       window="../2024-12"),
    on("2024-03-01", "project-announced", "lab", project="lab", title="a laboratory",
       parties=["acme"], expected_on="2024-05/2024-08"),
    on("2024-03-01", "dividend-declared", "dividend", share_class="acme/common",
       per_share="EUR 1", payable_on="2024-06/.."),
    on("2023/..", "claim-recorded", "claim", subject="acme", attribute="founded",
       value="../1990"),
    on("../2024", "agreement-signed", "pact", agreement="pact", title="Pact",
       parties=["acme", "bolt"], tense="upcoming"),
    on("2024-01-01", "condition-set", "set", condition="consent", effect="precedent",
       text="the consent of the state"),
    on("unknown", "condition-settled", "settled", condition="consent", outcome="satisfied"),
    on("../2024-01", "officer-appointed", "office", company="acme", person="fund-two",
       role="chair", conditional_on=[{"condition": "consent"}]),
    on("../2024-01", "stake-disclosed", "stake", issuer="bolt", holder="fund-one",
       percent="5", percent_of="issued"),
)  # fmt: skip
QUESTIONS = (
    ("holdings", "acme"), ("holdings", "bolt"), ("holdings", "acme", "--range"),
    ("governance", "acme"), ("deals",), ("deals", "ipo"), ("deals", "merger"), ("pending",),
    ("claims", "acme"), ("conflicts",), ("timeline",), ("timeline", "acme"), ("sources",),
    ("parties",), ("show", "to-come"), ("show", "some-day"), ("show", "not-before"),
    ("explain", "holdings", "acme", "bolt"), ("evidence", "holdings", "acme", "bolt"),
    ("restatements",), ("check",),
    ("diff", "--from", "as-of=2024-02-10", "--to", "as-of=2024-03-28"),
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of dates of every form."""
    return new_ledger(tmp_path_factory.mktemp("intervals"), *EVENTS)


def assert_plain(text: str) -> None:
    """Nothing in a text is the first or last of all days."""
    found = [text[max(text.index(one) - 60, 0) :][:120] for one in SENTINELS if one in text]
    assert not found


@pytest.mark.sampled(2)
@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_no_answer_tells_of_the_first_or_last_of_all_days(
    ledger: Path, words: tuple[str, ...]
) -> None:
    for limits in ((), ("--as-of", "2024-02-10"), ("--as-of", "2024-03-28")):
        for form in ((), ("--format", "json")):
            outcome = run(ledger, *words, *limits, *form, COLUMNS="80")
            if "Traceback" in outcome.err or outcome.code not in (0, 1):
                raise AssertionError(outcome.err)
            assert_plain(outcome.out + outcome.err)


def test_no_document_tells_of_the_first_or_last_of_all_days(ledger: Path, tmp_path: Path) -> None:
    for kind in ("members", "directors", "agreements", "chronology", "board-pack"):
        file = tmp_path / f"{kind}.html"
        assert run(ledger, "print", kind, "acme", str(file)).code == 0
        assert_plain(file.read_text("utf-8"))
    assert run(ledger, "print", "audit", str(tmp_path / "audit.html")).code == 0
    assert_plain((tmp_path / "audit.html").read_text("utf-8"))
    assert run(ledger, "print", "calendar", str(tmp_path / "days.ics")).code == 0
    days = (tmp_path / "days.ics").read_text("utf-8").replace("\n ", "")
    assert_plain(days)
    for day, words in (
        ("20240501", "Signed (some day not before 2024-05)"),
        ("20241231", "Listing of Acme (some day by 2024-12)"),
        ("20240831", "A laboratory (some day between 2024-05 and 2024-08)"),
        ("20240601", "is payable (some day not before 2024-06)"),
    ):
        assert words in days
        assert f"DTSTART;VALUE=DATE:{day}" in days


def test_no_export_tells_of_the_first_or_last_of_all_days(ledger: Path, tmp_path: Path) -> None:
    book, base = tmp_path / "all.xlsx", tmp_path / "all.sqlite"
    assert run(ledger, "export", "--to", "xlsx", str(book)).code == 0
    with zipfile.ZipFile(book) as sheets:
        cells = b"".join(sheets.read(name) for name in sheets.namelist()).decode()
    assert "not before 2024-05" in cells
    assert_plain(cells)
    assert run(ledger, "export", "--to", "sqlite", str(base)).code == 0
    with sqlite3.connect(base) as tables:
        assert_plain("\n".join(tables.iterdump()))


def test_people_read_words_and_programs_what_was_written(ledger: Path) -> None:
    shown = joined(run(ledger, "timeline", "acme/common").out)
    assert "by 2023-12" in shown
    assert "between 2024-01 and 2024-06, by 2024-03-27" in shown
    assert "not before 2024-02, by 2024-02-29" in shown
    rows = json.loads(run(ledger, "timeline", "acme/common", "--format", "json").out)["rows"]
    told = [row for row in rows if row["event"] in ("by", "between", "not-before")]
    assert {row["event"]: (row["effective_on"], row["at_latest"]) for row in told} == {
        "by": ("../2023-12", None),
        "between": ("2024-01/2024-06", "2024-03-27"),
        "not-before": ("2024-02/..", "2024-02-29"),
    }
    known = {row["event"]: row["known_on"] for row in rows}
    assert known["not-before"] == "..2024-02-29"
    assert "reported by 2024-02-29 14 not-before" in joined(run(ledger, "timeline", "acme").out)


def test_what_waits_has_come_by_the_day_on_which_what_it_waits_for_has(ledger: Path) -> None:
    rows = json.loads(run(ledger, "timeline", "acme", "--format", "json").out)["rows"]
    assert [row["effective_on"] for row in rows if row["event"] == "office"] == ["../2024-03-27"]
    assert "by 2024-03-27" in joined(run(ledger, "governance", "acme", COLUMNS="80").out)


def test_what_is_expected_in_an_interval_is_overdue_after_its_end(ledger: Path) -> None:
    words = ("deals", "lab", "--as-of")
    assert "not known whether" not in joined(run(ledger, *words, "2024-08-31").out)
    late = joined(run(ledger, *words, "2024-09-01").out)
    assert "was expected between 2024-05 and 2024-08, not known whether" in late
    assert "days ago" not in run(ledger, "deals", "signing", "--as-of", "2030-01-01").out


def test_what_is_to_come_is_pending_until_it_surely_has_come(ledger: Path) -> None:
    def coming(day: str) -> dict[str, str]:
        answer = json.loads(run(ledger, "pending", "--as-of", day, "--format", "json").out)
        return {r["events"][0]: r["expected"] for r in answer["rows"] if r["kind"] == "scheduled"}

    assert coming("2024-12-30") == {"to-come": "2024-03/..", "some-day": None, "pact": "../2024"}
    assert coming("2024-12-31") == {"to-come": "2024-03/..", "some-day": None}


def test_the_same_answers_after_an_export_and_an_import(ledger: Path, tmp_path: Path) -> None:
    file, copy = tmp_path / "all.jsonl", tmp_path / "copy.db"
    assert run(ledger, "export", "--audit", str(file)).code == 0
    assert run(copy, "import", str(file)).code == 0
    for words in (("timeline",), ("holdings", "acme", "--range"), ("pending",), ("claims", "acme")):
        asked = (*words, "--as-of", "2024-03-26", "--format", "json")
        assert run(copy, *asked).out == run(ledger, *asked).out
    folder = tmp_path / "events"
    assert run(ledger, "export", "--yaml", str(folder)).code == 0
    assert "effective_on: ../2023-12" in "".join(
        one.read_text("utf-8").replace('"', "").replace("'", "") for one in folder.rglob("*.yaml")
    )


def test_a_known_date_that_is_effective_needs_an_end(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, paper("paper", "2024-03-27"))
    endless = sale("2024-02/..", "endless") | {"known_on": "effective"}
    del endless["citations"]
    assert_refused(append(ledger, lines(endless)), Refusal.NO_EFFECTIVE_DATE, "none that ends")
    ended = endless | {"effective_on": "../2024-02", "key": "ended"}
    accept(ledger, ended)
    assert "known by 2024-02-29" in joined(run(ledger, "show", "ended").out)
