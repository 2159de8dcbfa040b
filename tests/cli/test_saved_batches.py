"""Batches that are saved with their keys, to be appended on another day."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.storage.opening import store_at
from ledger.values.refusals import Refusal
from tests import ROOT
from tests.helpers import append, assert_refused, assert_usage, lines, new_ledger, party, run

NOBODY = "postgresql://anna@127.0.0.1:1/deals"  # no server is there


def contents(ledger: Path) -> list[tuple[str, str, object]]:
    return [(one.key, one.type, one.data) for one in store_at(ledger).events_after(0)]


def test_what_is_saved_is_recorded_as_if_it_had_not_been_saved(tmp_path: Path) -> None:
    events, saved = str(ROOT / "fixtures" / "alliance-register"), tmp_path / "saved.jsonl"
    direct, later = tmp_path / "direct.db", tmp_path / "later.db"
    assert run(direct, "init").code == run(later, "init").code == 0
    assert run(direct, "append", "--file", events).code == 0
    told = run(later, "append", "--file", events, "--save", str(saved))
    assert told.out.startswith("Saved 394 events in ")
    assert contents(later) == []
    assert run(later, "append", "--file", str(saved)).code == 0
    assert contents(later) == contents(direct)
    again = run(later, "append", "--file", str(saved))
    assert "Nothing new to record." in again.out


def test_a_batch_is_saved_where_no_server_is_reached(tmp_path: Path) -> None:
    saved = tmp_path / "saved.jsonl"
    words = "party-registered", "--party", "zinc", "--kind", "company", "--name", "Zinc"
    told = run(NOBODY, "append", *words, "--save", str(saved), "--json")
    assert json.loads(told.out) == {"saved": str(saved), "events": 1}
    ledger = new_ledger(tmp_path)
    assert "\nRecorded" in "\n" + run(ledger, "append", "--file", str(saved)).out
    assert "Already recorded" in run(ledger, "append", "--file", str(saved)).out


def test_what_is_no_event_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    ledger, saved = new_ledger(tmp_path), tmp_path / "saved.jsonl"
    save = "--save", str(saved)
    for raw, refusal in (
        (lines(party("zinc"), party("tin", kind="boat")), Refusal.BAD_CHOICE),
        (lines(party("zinc", key="k"), party("tin", key="k")), Refusal.KEY_REUSED),
    ):
        assert_refused(append(ledger, raw, *save), refusal)
        assert not saved.exists()
    good = lines(party("zinc"))
    assert_refused(append(ledger, b"", *save), Refusal.EMPTY)
    assert_usage(append(ledger, good, "--save", "x.yaml"), ".jsonl")
    assert_usage(append(ledger, good, "--save", "-"), "standard output")
    assert_usage(append(ledger, good, *save, "--draft"), "either")
    assert_usage(append(ledger, good, *save, "--strict"), "--save records nothing")
    saved.write_bytes(b"mine")
    assert_refused(append(ledger, good, *save), Refusal.FILE_EXISTS)
    assert saved.read_bytes() == b"mine"


@pytest.mark.parametrize("kept", [("--draft",), ("--save", "later.jsonl")])
def test_what_is_kept_for_later_is_not_asked_for_at_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: tuple[str, ...]
) -> None:
    monkeypatch.setattr("cli.commands.append.at_terminal", lambda: True)
    monkeypatch.chdir(tmp_path)
    ledger = new_ledger(tmp_path)
    untold = run(ledger, "append", "note-added", "--subject", "acme", *kept)
    assert_refused(untold, Refusal.MISSING_FIELD, "text")
    assert_usage(run(ledger, "append", *kept), "Give a TYPE")


def test_no_document_is_kept_of_what_is_not_recorded(tmp_path: Path) -> None:
    ledger, document = new_ledger(tmp_path), tmp_path / "notice.txt"
    document.write_text("a notice")
    words = ("--source", "notice", "--title", "Notice", "--kind", "press", "--publisher", "P",
             "--published-on", "2024-01-01", "--file", str(document), "--keep")  # fmt: skip
    later = str(tmp_path / "later.jsonl")
    assert_usage(run(ledger, "append", "source-registered", *words, "--save", later), "--keep")
    assert run(ledger, "verify").code == 0
