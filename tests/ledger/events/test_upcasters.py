"""Evolution: an event of an older schema is read as one of today; its bytes stay as they were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ledger.events import upcasters
from ledger.events.registry import event_types
from ledger.storage.opening import peek
from tests.helpers import accept, new_ledger, run, stored

TYPE = "note-added"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with a note of schema 1, whose text a later release calls ``words``."""
    ledger = new_ledger(tmp_path)
    accept(ledger, {"type": TYPE, "subject": "acme", "text": "as it was", "key": "the-note"})
    return ledger


@pytest.fixture
def later(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A later release, in which a note must be signed with initials."""

    def initialled(data: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**data, "text": f"{data['text']} (n.n.)"}

    monkeypatch.setitem(upcasters.UPCASTERS, (TYPE, 2), initialled)
    monkeypatch.setattr(upcasters, "_NEWEST", {})
    monkeypatch.setattr(event_types()[TYPE], "schema_number", 3)
    yield ledger
    upcasters._NEWEST.clear()


def test_an_old_event_is_read_as_a_new_one_and_verified_as_it_was(
    later: Path, tmp_path: Path
) -> None:
    ledger, before = later, stored(later)
    assert "as it was (n.n.)" in run(ledger, "show", "the-note", "--format", "json").out
    assert run(ledger, "replay").code == 0
    assert run(ledger, "verify").code == 0
    file = tmp_path / "audit.jsonl"
    assert run(ledger, "export", "--audit", str(file)).code == 0
    assert stored(ledger) == before
    assert [state for _, state in before] == file.read_bytes().split(b"\n")[1 : len(before) + 1]
    accept(ledger, {"type": TYPE, "subject": "acme", "text": "a newer one (m.)", "key": "newer"})
    assert b'"schema":3' in stored(ledger)[-1][1]


def test_repeating_an_old_event_in_its_new_form_records_nothing_twice(later: Path) -> None:
    ledger, size = later, peek(later).position
    note = {"type": TYPE, "subject": "acme", "text": "as it was (n.n.)", "key": "the-note"}
    assert "Already recorded" in accept(ledger, note).out
    assert peek(ledger).position == size


def test_an_event_of_a_newer_release_is_not_guessed_at_but_verified_and_exported(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        newer.setitem(upcasters.UPCASTERS, (TYPE, 2), dict)
        newer.setattr(upcasters, "_NEWEST", {})
        newer.setattr(event_types()[TYPE], "schema_number", 3)
        accept(ledger, {"type": TYPE, "subject": "acme", "text": "from tomorrow", "key": "newer"})
    upcasters._NEWEST.clear()
    for words in (("holdings",), ("replay",), ("timeline",)):
        outcome = run(ledger, *words)
        assert outcome.code == 5, words
        assert "Use a newer stakebook" in outcome.err
    assert run(ledger, "verify").code == 0
    assert run(ledger, "export", "--audit", str(tmp_path / "audit.jsonl")).code == 0


def test_every_type_that_has_changed_has_its_upcasters() -> None:
    """A class of schema n needs one upcaster from each of 1 to n - 1, and there are no others."""
    expected = {
        (name, schema)
        for name, cls in event_types().items()
        for schema in range(1, cls.schema_number)
    }
    assert set(upcasters.UPCASTERS) == expected
