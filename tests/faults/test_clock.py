"""Wrong clocks: recorded_at never falls, and a clock behind the log is remarked on."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from ledger.application import Ledger
from tests import ROOT
from tests.faults import FIGURES
from tests.faults.tracing import COMMAND
from tests.faults.worker import draft
from tests.helpers import new_ledger, run

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
JUMPS = {
    "10 years back": START - timedelta(days=3653),
    "10 years ahead": START + timedelta(days=3653),
    "an hour back": START - timedelta(hours=1),
    "the same instant": START,
    "clocks go back in Europe": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    "clocks go forward in Europe": datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    "a leap second": datetime(2017, 1, 1, 0, 0, tzinfo=UTC) - timedelta(microseconds=1),
    "after the leap second": datetime(2017, 1, 1, 0, 0, tzinfo=UTC),
    "1970": datetime(1970, 1, 1, tzinfo=UTC),
    "2038": datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    "2106": datetime(2106, 2, 7, 6, 28, 16, tzinfo=UTC),
}


def appended(path: Path, moments: list[datetime]) -> tuple[list[str], list[bool]]:
    """Append at each moment of the clock; the instants recorded, and which were remarked on."""
    number, moment = count(), START
    remarks = []
    with Ledger(path, lambda: moment, lambda: f"id-{next(number)}", mode="rwc") as ledger:
        for step, moment in enumerate(moments):  # noqa: B007 (the clock reads it)
            receipt = ledger.append([draft(f"p{step}")], clock_is_right=True)
            remarks.append(any("Check the clock" in str(line) for line in receipt.warnings))
        return [event.recorded_at for event in ledger.events_after(0)], remarks


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_recorded_times_rise_whatever_the_clock_does(tmp_path: Path, jump: datetime) -> None:
    later = START + timedelta(seconds=1)
    times, remarks = appended(tmp_path / "deal.db", [START, jump, jump, later])
    assert times == sorted(set(times))
    behind = jump < START - timedelta(minutes=5)
    assert remarks[:3] == [False, behind, behind]
    assert remarks[3] is (jump > later + timedelta(minutes=5)), "the clock went back to be right"


@pytest.mark.parametrize(("minutes", "told"), [(4, False), (6, True)])
def test_only_a_clock_well_behind_is_remarked_on(tmp_path: Path, minutes: int, told: bool) -> None:
    _, remarks = appended(tmp_path / "deal.db", [START, START - timedelta(minutes=minutes)])
    assert remarks == [False, told]


def test_random_clocks(tmp_path: Path, rng: random.Random) -> None:
    moments = [START + timedelta(seconds=rng.randint(-(10**9), 10**9)) for _ in range(60)]
    times, _ = appended(tmp_path / "deal.db", moments)
    assert times == sorted(set(times))
    assert moments != sorted(moments), "the control: the clock did go back"
    assert run(tmp_path / "deal.db", "replay").code == 0
    FIGURES.append(f"P11 clock jumps: {len(JUMPS)} kinds and 60 random ones, recorded_at rises")


@pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")
def test_the_clock_of_the_machine_set_back(tmp_path: Path) -> None:
    path = new_ledger(tmp_path)
    words = [*COMMAND, "--ledger", str(path), "append", "note-added", "--subject", "acme"]
    done = subprocess.run(
        ["faketime", "2019-01-01 00:00:00", *words, "--text", "early"],
        capture_output=True, text=True, cwd=ROOT, check=True, env=dict(os.environ),
    )  # fmt: skip
    assert "Check the clock" in done.stderr
    assert run(path, "replay").code == 0
