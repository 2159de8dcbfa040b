"""What was said to be recorded survives kill -9, whenever it comes; and a retry is safe."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from ledger.storage.opening import peek
from ledger.values.refusals import Refusal
from tests.faults import FIGURES
from tests.faults.tracing import (
    Ending,
    appended,
    appended_at_once,
    ledger_like,
    needs_strace,
    points,
    traced,
)
from tests.faults.worker import acked, appending, dying, recorded, start
from tests.helpers import accept, append, assert_refused, lines, new_ledger, party, run

BATCH = lines(*(party(f"new-{number}") for number in range(5)))
KEYS = [f"party-new-{number}" for number in range(5)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small ledger with its read model."""
    folder = tmp_path_factory.mktemp("base")
    path = new_ledger(folder)
    assert run(path, "holdings", "acme").code == 0
    (folder / "batch.jsonl").write_bytes(BATCH)
    return folder


def check_after(ending: Ending, before: int) -> bool:
    """Whether the batch is recorded: all of it or nothing, and all that was said; then go on."""
    path = ending.folder / "deal.db"
    said = [line.split()[-1] for line in ending.out.splitlines() if line.startswith("Recorded #")]
    if run(path, "status", "--key", KEYS[0]).code:
        assert peek(path).position == before
        present = False
    else:
        present = True
    found = recorded(path)
    assert [position for position, _ in found] == list(range(1, before + 1 + 5 * present))
    assert not said or present, f"lost after it was said to be recorded: {ending}"
    assert not present or [key for _, key in found[before:]] == KEYS
    replayed = run(path, "replay")
    assert replayed.code == 0, replayed
    accept(path, party("after"))
    return present


@needs_strace
@pytest.mark.parametrize("most", [3, pytest.param(1000, marks=pytest.mark.whole)])
def test_kill_at_every_storage_call(
    base: Path, tmp_path: Path, most: int, rng: random.Random
) -> None:
    ledger_like(base, tmp_path / "whole")
    whole = appended(tmp_path / "whole", base / "batch.jsonl")
    assert whole.out.count("Recorded #") == 5
    at = points(tmp_path / "whole" / "trace")
    writing = [point for point in at if point[0] != "fcntl"]
    locking = rng.sample([point for point in at if point[0] == "fcntl"], 120)
    chosen = rng.sample(writing, most) if most < len(writing) else writing + locking
    assert most < 1000 or len(chosen) >= 150
    runs = []
    for name, number in chosen:
        folder = tmp_path / f"{name}-{number}"
        ledger_like(base, folder)
        runs.append((folder, f"--inject={name}:signal=KILL:when={number}"))
    before = peek(base / "deal.db").position
    present = unacked = 0
    for ending in appended_at_once(base / "batch.jsonl", runs):
        assert ending.code == -signal.SIGKILL
        kept = check_after(ending, before)
        present += kept
        unacked += kept and "Recorded #" not in ending.out
    assert most < 1000 or 0 < present < len(runs)
    FIGURES.append(
        f"P1 kill at a storage call: {len(runs)} runs, 0 lost, {present} batches recorded,"
        f" {unacked} of them not yet said"
    )


@needs_strace
def test_control_of_kills_a_word_given_too_early_is_found_out(base: Path, tmp_path: Path) -> None:
    path = ledger_like(base, tmp_path / "early")
    given = path, "e", 3, path.with_name("out"), True
    traced(path.parent, appending, *given, options=["--inject=pwrite64:signal=KILL:when=2"])
    lost = {key for _, key in acked(tmp_path / "early" / "out")} - {k for _, k in recorded(path)}
    assert lost == {"e-0"}


@pytest.mark.parametrize(
    ("rounds", "early"),
    [
        pytest.param(15, False, id="few"),
        pytest.param(15, True, id="control"),
        pytest.param(200, False, id="many", marks=pytest.mark.whole),
    ],
)
def test_kill_at_any_moment(
    base: Path, tmp_path: Path, rounds: int, early: bool, rng: random.Random
) -> None:
    path, acks = ledger_like(base, tmp_path / "any"), tmp_path / "acks"
    for number in range(rounds):
        wanted = len(acked(acks)) + rng.randrange(1, 12)
        process = start(appending, path, f"r{number}", 10_000, acks, early)
        until = time.monotonic() + 30
        while len(acked(acks)) < wanted and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(rng.random() * 0.006)
        process.kill()
        process.join()
    found = recorded(path)
    assert [position for position, _ in found] == list(range(1, len(found) + 1))
    lost = {key for _, key in acked(acks)} - {key for _, key in found}
    extra = len(found) - 8 - len(acked(acks))
    assert run(path, "replay").code == 0
    if early:
        assert lost
        return
    assert not lost
    assert 0 <= extra <= rounds
    assert set(acked(acks)) <= set(found)
    FIGURES.append(
        f"P1 kill at a random moment: {rounds} kills, {len(acked(acks))} said, 0 lost,"
        f" {extra} recorded and not yet said"
    )


@pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=pytest.mark.whole)])
def test_retry_after_a_kill_between_commit_and_receipt(
    base: Path, tmp_path: Path, rounds: int
) -> None:
    path = ledger_like(base, tmp_path / "retry")
    for number in range(rounds):
        key = f"retry-{number}"
        when = "before" if number % 10 == 9 else "after"
        process = start(dying, path, key, when)
        process.join(30)
        assert process.exitcode == -signal.SIGKILL
        assert run(path, "status", "--key", key).code == (0 if when == "after" else 1)
        event = party(key, key=key, name=key)
        again = append(path, lines(event))
        assert again.out.startswith("Already recorded" if when == "after" else "Recorded #")
        other = append(path, lines(event | {"name": "Other"}))
        assert_refused(other, Refusal.KEY_REUSED)
        without = {name: value for name, value in event.items() if name != "key"}
        assert_refused(append(path, lines(without)), Refusal.IDENTICAL_EVENT)
    keys = [key for _, key in recorded(path)]
    assert len(keys) == len(set(keys)) == 8 + rounds
    FIGURES.append(f"P7 retry with the same key: {rounds} kills after commit, 0 duplicates")


def test_control_of_retries_without_a_key_they_record_twice(base: Path, tmp_path: Path) -> None:
    path = ledger_like(base, tmp_path / "twice")
    note = {"type": "note-added", "subject": "acme", "text": "same"}
    for _ in range(2):
        assert append(path, lines(note), "--again").code == 0
    assert len(recorded(path)) == 10
