"""Undo: the last batch, or that of an event, is taken back by retractions and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import (
    accept,
    append,
    assert_refused,
    assert_usage,
    dated,
    joined,
    lines,
    new_ledger,
    party,
    run,
    stored,
)

BECAUSE = ("--because", "the wrong file")
SALE = dated(
    "shares-transferred", share_class="acme/common", transferor="bolt", transferee="zed",
    shares="40", key="sale",
)  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Bolt holds 100 shares of Acme; then Zed is registered and buys 40 of them."""
    path = new_ledger(tmp_path)
    accept(path, party("zed"), SALE)
    return path


def held(ledger: Path) -> dict[str, str]:
    answer = json.loads(run(ledger, "holdings", "acme", "--format", "json").out)
    return {row["holder"]: row["shares"] for row in answer["rows"]}


def test_it_is_shown_and_records_nothing_until_it_is_agreed(ledger: Path) -> None:
    before = stored(ledger)
    shown = run(ledger, "undo", *BECAUSE)
    assert shown.code == 2
    assert "Would record #11: sale is retracted: the wrong file." in shown.out
    assert "Bolt 60 -> 100" in shown.out
    assert "undo 9 --because 'the wrong file' --yes" in joined(shown.err)
    assert run(ledger, "undo", *BECAUSE, "--dry-run").code == 0
    assert stored(ledger) == before
    assert_usage(run(ledger, "undo"), "--because TEXT")


def test_undoing_the_undo_revives(ledger: Path) -> None:
    before = stored(ledger)
    assert run(ledger, "undo", *BECAUSE, "--yes").code == 0
    assert held(ledger) == {"bolt": "100"}
    undone = json.loads(run(ledger, "undo", *BECAUSE, "--yes", "--json").out)
    assert [event["type"] for event in undone["events"]] == ["event-retracted"] * 2
    assert held(ledger) == {"bolt": "60", "zed": "40"}
    assert run(ledger, "undo", *BECAUSE, "--yes").code == 0
    assert held(ledger) == {"bolt": "100"}
    assert stored(ledger)[: len(before)] == before, "nothing is deleted"
    assert run(ledger, "replay").code == 0


def test_a_registration_that_others_use_stays(ledger: Path) -> None:
    accept(ledger, {"type": "note-added", "subject": "zed", "text": "used", "key": "use"})
    told = run(ledger, "undo", "sale", *BECAUSE, "--yes")
    assert told.code == 0
    assert "#9 party-zed stays: #11 use uses zed." in joined(told.out)
    assert held(ledger) == {"bolt": "100"}
    again = run(ledger, "undo", "sale", *BECAUSE, "--yes")
    assert_refused(again, Refusal.BAD_AMENDMENT, "Nothing of that batch can be taken back")


def test_what_stays_keeps_what_it_uses(ledger: Path) -> None:
    newco = {"type": "share-class-created", "share_class": "newco/common", "key": "class-newco"}
    note = {"type": "note-added", "subject": "acme", "text": "seen", "key": "seen"}
    accept(ledger, party("newco"), newco, note)
    issued = {"share_class": "newco/common", "holder": "bolt", "shares": "5", "key": "issue"}
    accept(ledger, dated("shares-issued", **issued))
    told = run(ledger, "undo", "seen", *BECAUSE, "--yes")
    assert told.code == 0, told.err
    assert "#12 class-newco stays: #14 issue uses newco/common." in joined(told.out)
    assert "#11 party-newco stays: #12 class-newco uses newco." in joined(told.out)


def test_what_a_later_event_rests_on_is_refused_and_named(ledger: Path) -> None:
    resale = SALE | {"transferor": "zed", "transferee": "bolt", "shares": "10", "key": "resale"}
    append(ledger, lines(resale | {"effective_on": "2024-01-01"}))
    before = stored(ledger)
    told = run(ledger, "undo", "sale", *BECAUSE, "--yes")
    assert_refused(told, Refusal.BREAKS_LATER_EVENT, "resale")
    assert stored(ledger) == before


def test_it_may_be_saved_for_another_day(ledger: Path, tmp_path: Path) -> None:
    before, file = stored(ledger), str(tmp_path / "undo.jsonl")
    saved = run(ledger, "undo", *BECAUSE, "--save", file)
    assert saved.code == 0, saved.err
    assert saved.out.startswith("Saved 2 events in ")
    assert stored(ledger) == before
    assert run(ledger, "append", "--file", file).code == 0
    assert held(ledger) == {"bolt": "100"}


def test_an_empty_ledger_has_nothing_to_undo(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    assert run(path, "init").code == 0
    assert_refused(run(path, "undo", *BECAUSE), Refusal.UNKNOWN_SUBJECT, "Nothing is recorded")
