"""Batches too large for memory: filed before they are committed, and otherwise like all others."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cli.recording  # noqa: F401  (loaded before MANY is another number)
from ledger.batch import DraftPlaces
from ledger.values.refusals import Refusal
from tests.helpers import (
    accept,
    append,
    assert_refused,
    dated,
    lines,
    new_ledger,
    party,
    run,
    stored,
)
from tests.test_alliance import PRESS, REGISTER, load


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every batch is one of many events, and its pages are of seven."""
    monkeypatch.setattr("ledger.application.MANY", 0)
    monkeypatch.setattr("ledger.batch.MANY", 0)
    monkeypatch.setattr("ledger.application.PAGE", 7)


def digest(ledger: Path) -> str:
    """The digest of the whole state, from the log alone."""
    found: str = json.loads(run(ledger, "replay", "--json").out)["digest"]
    return found


def test_a_large_batch_makes_the_same_ledger(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    few = load(tmp_path / "few.db", [PRESS, REGISTER])
    request.getfixturevalue("many")
    large = load(tmp_path / "large.db", [PRESS, REGISTER])
    one, other = (json.loads(state) for ledger in (few, large) for _, state in stored(ledger)[-1:])
    given = {"id", "recorded_at", "ledger"}
    assert {k: v for k, v in one.items() if k not in given} == {
        k: v for k, v in other.items() if k not in given
    }
    assert digest(large) == digest(few)
    assert run(large, "verify").code == 0
    assert "same" in run(large, "replay").out, "the read model was indexed with the batch"


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("place", [0, 6, 7, 100, 199])
def test_a_bad_event_anywhere_in_it_leaves_nothing(tmp_path: Path, place: int) -> None:
    ledger = new_ledger(tmp_path)
    before, answer = stored(ledger), run(ledger, "timeline", "--format", "json").out
    bad = dated("shares-transferred", share_class="acme/common", transferor="fund-two",
                transferee="bolt", shares="1", key="bad")  # fmt: skip
    batch = [party(f"p-{number}") for number in range(200)]
    batch.insert(place, bad)
    outcome = append(ledger, lines(*batch))
    assert_refused(outcome, Refusal.SHARES_NOT_THERE, f"standard input:{place + 1}")
    broken = lines(*batch[:place]) + b"{\n" + lines(*batch[place:])
    assert_refused(append(ledger, broken), Refusal.SYNTAX, f"standard input:{place + 1}")
    assert stored(ledger) == before
    assert run(ledger, "timeline", "--format", "json").out == answer
    assert run(ledger, "replay").code == 0
    accept(ledger, *batch[:place], *batch[place + 1 :])


@pytest.mark.usefixtures("many")
def test_what_is_known_already_is_counted_and_twins_are_refused(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    batch = [party(f"p-{number}") for number in range(30)]
    assert "Recorded 30 events, #9 to #38." in accept(ledger, *batch).out
    again = accept(ledger, *batch, party("later"))
    assert "Recorded 1 event, #39 to #39; 30 already recorded." in again.out
    note = {"type": "note-added", "subject": "acme", "text": "the same"}
    padding = [party(f"q-{number}") for number in range(20)]
    assert_refused(append(ledger, lines(note, *padding, note)), Refusal.IDENTICAL_EVENT)
    twice = lines(party("r-1"), *padding, party("r-1") | {"name": "Another"})
    assert_refused(append(ledger, twice), Refusal.KEY_REUSED)


@pytest.mark.usefixtures("many")
def test_a_large_batch_on_trial_records_nothing(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    before = stored(ledger)
    outcome = append(ledger, lines(*(party(f"p-{n}") for n in range(30))), "--dry-run")
    assert "Would record 30 events" in outcome.out
    assert stored(ledger) == before
    assert run(ledger, "replay").code == 0
    told = json.loads(append(ledger, lines(party("p-1")), "--json").out)
    assert (told["recorded"], told["already_recorded"], told["events"]) == (1, 0, [])


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "a.jsonl", "b:2.yaml", "--key"]), st.integers(0, 4)),
        max_size=40,
    )
)
def test_the_places_of_drafts_are_remembered(found: list[tuple[str, int]]) -> None:
    """With and without a line, in runs and out of order."""
    given = [f"{name}:{line}" if line else name for name, line in found]
    given += [f"c.jsonl:{line}" for line in (1, 2, 3, 5, 6)]
    places = DraftPlaces()
    for place in given:
        places.add(place)
    assert len(places) == len(given)
    assert [places[number] for number in range(len(given))] == given


def test_a_key_taken_by_another_content_names_the_correction_to_run(tmp_path: Path) -> None:
    """The command that is printed makes the recorded event say what the draft says."""
    ledger = new_ledger(tmp_path)
    sold = dated("shares-issued", share_class="acme/common", holder="bolt", shares="1", key="k")
    accept(ledger, sold | {"note": "as told"})
    meant = sold | {"shares": "2", "known_on": "2023-12-01"}
    refused = append(ledger, lines(meant))
    assert_refused(refused, Refusal.KEY_REUSED, "differs in known_on, shares, note")
    (command,) = re.findall("`stakebook ([^`]+)`", refused.err)
    assert run(ledger, *shlex.split(command)[2:]).code == 0
    shown = json.loads(run(ledger, "show", "k", "--format", "json").out)["rows"][0]["data"]
    assert {n: shown.get(n) for n in ("shares", "known_on", "note")} == {
        "shares": "2", "known_on": "2023-12-01", "note": None
    }  # fmt: skip
