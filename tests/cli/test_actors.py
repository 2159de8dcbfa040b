"""Who recorded an event: kept in its bytes where the ledger was made so, shown as it is said."""

from __future__ import annotations

import json
from getpass import getuser
from pathlib import Path

import pytest

from ledger.events.envelope import read_state
from ledger.values.refusals import Refusal
from tests.exports import by_standalone
from tests.helpers import SETUP, Outcome, append, assert_refused, dated, lines, run, stored, tamper

NOTE = {"type": "note-added", "subject": "acme", "text": "seen", "standing": "official"}


def made(folder: Path) -> Path:
    """A ledger with actors, that holds the events of SETUP."""
    ledger = folder / "deal.db"
    assert run(ledger, "init", "--actors").code == 0
    assert append(ledger, lines(*SETUP)).code == 0
    return ledger


def by(ledger: Path, name: str, *events: dict[str, str]) -> Outcome:
    """Append as somebody."""
    return run(ledger, "--by", name, "append", "--file", "-", stdin=lines(*events))


def test_each_event_says_by_whom_and_is_shown_as_said(tmp_path: Path) -> None:
    ledger = made(tmp_path)
    assert by(ledger, "Anna Kern", NOTE | {"key": "n-1"}).code == 0
    actors = [read_state(state).actor for _, state in stored(ledger)]
    assert actors == [{"by": getuser()}] * len(SETUP) + [{"by": "Anna Kern"}]
    assert "recorder     says Anna Kern" in run(ledger, "show", "n-1").out
    told = json.loads(run(ledger, "show", "n-1", "--format", "json").out)
    assert told["rows"][0]["actor"] == {"by": "Anna Kern"}
    told = json.loads(run(ledger, "timeline", "acme", "--format", "json").out)
    recorders = {row["event"]: row["recorder"] for row in told["rows"]}
    assert recorders["n-1"] == "says Anna Kern"
    told = json.loads(run(ledger, "explain", "holdings", "acme", "bolt", "--format", "json").out)
    assert told["rows"][0]["recorder"] == f"says {getuser()}"
    assert run(ledger, "replay").code == 0
    assert "who recorded each" in run(ledger, "doctor").out
    assert run(ledger, "export", "--parquet", str(tmp_path / "tables")).code == 0
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(tmp_path / "tables" / "events.parquet").to_pylist()
    assert {row["key"]: row["recorder"] for row in table}["n-1"] == "says Anna Kern"


def test_who_repeats_an_event_is_not_compared(tmp_path: Path) -> None:
    ledger = made(tmp_path)
    assert by(ledger, "anna", NOTE | {"key": "n-1"}).code == 0
    again = by(ledger, "otto", NOTE | {"key": "n-1"})
    assert again.code == 0
    assert "lready recorded" in again.out
    assert by(ledger, "otto", NOTE).code == 2, "what the same event says is recorded already"
    assert stored(ledger)[-1][1].startswith(b'{"actor":{"by":"anna"},"data":')


def test_a_ledger_that_does_not_keep_it_says_so(tmp_path: Path) -> None:
    ledger = tmp_path / "deal.db"
    assert run(ledger, "init").code == 0
    refused = run(ledger, "--by", "anna", "append", "--file", "-", stdin=lines(*SETUP))
    assert_refused(refused, Refusal.NO_ACTORS)
    assert append(ledger, lines(*SETUP)).code == 0
    assert all(state.startswith(b'{"data":') for _, state in stored(ledger))


@pytest.mark.parametrize("name", ["", " anna", "an\u200bna", "a" * 201, "a\nb"])
def test_a_name_that_cannot_be_kept_is_refused(tmp_path: Path, name: str) -> None:
    ledger = made(tmp_path)
    assert_refused(by(ledger, name, NOTE), Refusal.BAD_TEXT, "--by")


def test_an_export_carries_it_and_an_import_goes_on_with_it(tmp_path: Path) -> None:
    ledger, export, copy = made(tmp_path), tmp_path / "deal.jsonl", tmp_path / "copy.db"
    assert run(ledger, "export", "--audit", str(export)).code == 0
    assert by_standalone(export, key=None).valid
    assert run(ledger, "verify", str(export), "--thorough").code == 0
    assert run(copy, "import", str(export)).code == 0
    assert stored(copy) == stored(ledger)
    assert by(copy, "otto", NOTE).code == 0
    assert run(copy, "replay").code == 0


def test_it_cannot_be_left_out_later(tmp_path: Path) -> None:
    """Whoever unmarks the file changes nothing; an event without is found by every reader."""
    ledger, export = made(tmp_path), tmp_path / "deal.jsonl"
    tamper(ledger, "PRAGMA user_version = 2")
    assert by(ledger, "anna", NOTE | {"key": "n-1"}).code == 0
    assert read_state(stored(ledger)[-1][1]).actor == {"by": "anna"}
    assert run(ledger, "export", "--audit", str(export)).code == 0
    _, last = stored(ledger)[-1]
    bare = b"{" + last.split(b"},", 1)[1].replace(b'"v":2', b'"v":1')
    whole = export.read_bytes()
    export.write_bytes(whole.replace(last, bare))
    for told in (
        run(ledger, "verify", str(export), "--thorough").out,
        by_standalone(export, key=None).told,
    ):
        assert "say by whom" in " ".join(told.split())
    from ledger.transparency.merkle import leaf_hash

    tamper(ledger, "UPDATE stored_events SET state = ?, leaf = ? WHERE position = ?",
           bare, leaf_hash(bare), len(SETUP) + 1)  # fmt: skip
    assert run(ledger, "verify").code == 1
    replay = run(ledger, "replay")
    assert replay.code == 5
    assert "does not say by whom" in replay.err


def test_corrections_and_the_undoing_of_a_batch_say_by_whom(tmp_path: Path) -> None:
    ledger = made(tmp_path)
    event = dated("shares-issued", share_class="acme/common", holder="bolt", shares="5", key="i")
    assert by(ledger, "anna", event).code == 0
    words = ("--shares", "6", "--because", "typed")
    assert run(ledger, "--by", "otto", "correct", "i", *words).code == 0
    assert run(ledger, "--by", "rita", "undo", "--yes", "--because", "again").code == 0
    assert [read_state(state).actor for _, state in stored(ledger)][-3:] == [
        {"by": "anna"}, {"by": "otto"}, {"by": "rita"},
    ]  # fmt: skip
