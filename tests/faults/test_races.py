"""Many at once: one gapless order, no lost update, whole batches, and backups of one moment."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from cli.context import new_id, now
from ledger.application import Ledger
from tests.faults import FIGURES
from tests.faults.worker import acked, appending, barrier, commanding, recorded, start
from tests.helpers import append, lines, new_ledger, party, run, stored


class Follower(threading.Thread):
    """Reads the log while others write it, and keeps every position seen."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.seen, self.done = path, list[tuple[int, str]](), threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            with Ledger(self.path, now, new_id, mode="ro") as ledger:
                last = False
                while not last:
                    last = self.done.is_set()
                    after = self.seen[-1][0] if self.seen else 0
                    self.seen += [(e.position, e.key) for e in ledger.events_after(after)]
                    time.sleep(0.002)
        except BaseException as error:  # told by the test, not lost with the thread
            self.error = error


@pytest.mark.parametrize(
    ("writers", "each"), [(4, 25), pytest.param(8, 500, marks=pytest.mark.whole)]
)
def test_writers_at_once(tmp_path: Path, writers: int, each: int) -> None:
    path = new_ledger(tmp_path)
    follower = Follower(path)
    follower.start()
    acks = [tmp_path / f"acks-{number}" for number in range(writers)]
    began = time.monotonic()
    working = [start(appending, path, f"w{n}", each, acks[n]) for n in range(writers)]
    for process in working:
        process.join(600)
    took = time.monotonic() - began
    follower.done.set()
    follower.join(60)
    assert follower.error is None
    assert [process.exitcode for process in working] == [0] * writers
    said = sorted(ack for file in acks for ack in acked(file))
    assert len(said) == writers * each
    found = recorded(path)
    assert [position for position, _ in found] == list(range(1, 9 + writers * each))
    assert found[8:] == said
    assert follower.seen == found
    assert run(path, "replay").code == 0
    FIGURES.append(f"P5 {writers} writers x {each}: gapless, 0 failed, in {took:.1f} s")


def test_control_of_followers_one_that_skips_is_noticed(tmp_path: Path) -> None:
    path = new_ledger(tmp_path)
    follower = Follower(path)
    follower.done.set()
    follower.run()
    assert follower.seen == recorded(path)
    assert follower.seen[1:] != recorded(path)


def _race(path: Path, number: int, expecting: tuple[str, ...]) -> list[int | None]:
    gate = barrier(2)
    racing = [
        start(
            commanding,
            ["--ledger", str(path), "append", "note-added", "--subject", "acme",
             "--text", f"round {number} by {racer}", "--key", f"{number}-{racer}", *expecting],
            gate,
        )
        for racer in "ab"
    ]  # fmt: skip
    for process in racing:
        process.join(60)
    return [process.exitcode for process in racing]


@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.whole)])
def test_of_two_that_expect_one_version_one_wins(tmp_path: Path, rounds: int) -> None:
    path = new_ledger(tmp_path)
    for number in range(rounds):
        codes = _race(path, number, ("--expect-version", str(number)))
        assert sorted(map(str, codes)) == ["0", "3"]
    assert len(stored(path)) == 8 + rounds
    FIGURES.append(f"P6 two writers, one version: {rounds} rounds, one winner each")


def test_control_of_versions_without_one_both_are_recorded(tmp_path: Path) -> None:
    path = new_ledger(tmp_path)
    assert _race(path, 0, ()) == [0, 0]


@pytest.mark.parametrize("place", [1, 500, 1000])
def test_a_batch_with_one_bad_event_records_nothing(tmp_path: Path, place: int) -> None:
    path = new_ledger(tmp_path)
    batch: list[dict[str, Any]] = [party(f"p{number}") for number in range(1, 1001)]
    bad = {"type": "party-renamed", "party": "nobody", "name": "N", "key": "bad"}
    batch[place - 1], kept = bad, batch[place - 1]
    before, raw = stored(path), path.read_bytes()
    told = append(path, lines(*batch))
    assert told.code == 2
    assert f"{place}: " in told.err
    assert stored(path) == before
    assert path.read_bytes() == raw
    batch[place - 1] = kept
    assert append(path, lines(*batch)).code == 0, "the control: without the bad event all are"
    assert len(stored(path)) == len(before) + 1000


def _more_said(acks: list[Path], before: int) -> set[str]:
    """All that was said, as soon as there is more of it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        said = {key for file in acks for _, key in acked(file)}
        if len(said) > before:
            return said
        time.sleep(0.002)
    raise TimeoutError("the writers have stopped")


@pytest.mark.parametrize("copies", [4, pytest.param(50, marks=pytest.mark.whole)])
def test_backups_under_writers(tmp_path: Path, copies: int) -> None:
    path = new_ledger(tmp_path)
    acks = [tmp_path / f"acks-{number}" for number in range(4)]
    working = [start(appending, path, f"w{n}", 100_000, acks[n]) for n in range(4)]
    try:
        sizes, said = list[int](), set[str]()
        for number in range(copies):
            copy = tmp_path / f"copy-{number}.db"
            said = _more_said(acks, before=len(said))
            told = run(path, "backup", str(copy))
            assert told.code == 0, told
            sizes.append(int(told.out.split()[2]))
            assert said <= {key for _, key in recorded(copy)}, "all that was said before is in it"
        _more_said(acks, before=sizes[-1] - 8)
    finally:
        for process in working:
            process.kill()
            process.join()
    whole = stored(path)
    for number, size in enumerate(sizes):
        copy = tmp_path / f"copy-{number}.db"
        assert run(copy, "replay").code == 0
        assert stored(copy) == whole[:size]
    assert sizes == sorted(sizes)
    assert sizes[-1] < len(whole), "writers went on writing"
    FIGURES.append(
        f"P24 backups under 4 writers: {copies} whole, of {sizes[0]}..{sizes[-1]} events"
    )


def test_control_of_backups_a_plain_copy_of_a_ledger_being_written_is_torn(tmp_path: Path) -> None:
    """Copying the bytes in two parts, with an append between, gives no ledger of any moment."""
    path, copy = new_ledger(tmp_path), tmp_path / "copy.db"
    with path.open("rb") as source:
        first = source.read(8192)
    batch = [party(f"p{number}") for number in range(300)]
    assert append(path, lines(*batch)).code == 0
    copy.write_bytes(first + path.read_bytes()[8192:])
    try:
        torn = recorded(copy) != recorded(path) or run(copy, "replay").code != 0
    except Exception:
        torn = True
    assert torn
