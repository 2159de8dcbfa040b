"""What was said to be recorded survives a power cut, at every moment of many appends."""

from __future__ import annotations

import random
import re
import sqlite3
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.faults import FIGURES
from tests.faults.disk import Disk, variants
from tests.faults.tracing import needs_strace, traced
from tests.faults.worker import appending, recorded
from tests.helpers import run

CALLS = "trace=openat,pwrite64,write,fdatasync,fsync,ftruncate,unlink"


class Count(NamedTuple):
    """How many states were tried, and in how many of them something was wrong."""

    states: int
    lost: int
    invalid: int
    said: int


def cut_everywhere(folder: Path, appends: int, rng: random.Random, sync: str = "") -> Count:
    """Append under strace, then cut the power after every call that changed a file."""
    path = folder / "deal.db"
    assert run(path, "init").code == 0
    start = {"deal.db": path.read_bytes()}
    given = path, "p", appends, folder / "out", False, sync
    ending = traced(folder, appending, *given, options=["-e", CALLS], full=True)
    assert ending.code == 0, ending
    disk, states, lost, invalid = Disk(folder, start), 0, 0, 0
    for _ in disk.states(folder / "trace"):
        said = re.findall(r"^recorded #(\d+) (\S+)$", disk.output.decode(), re.MULTILINE)
        for keep, names in variants(rng).values():
            states += 1
            found = after(disk.after_power_cut(keep, names(len(disk.renamings))), folder / "cut")
            if found is None:
                invalid += 1
            elif not {(int(n), key) for n, key in said} <= set(found):
                lost += 1
            elif [position for position, _ in found] != list(range(1, len(found) + 1)):
                invalid += 1
    assert len(re.findall("recorded", disk.output.decode())) == appends
    assert disk.files["deal.db"].content(list) == path.read_bytes(), "the model followed every call"
    return Count(states, lost, invalid, appends)


def after(files: dict[str, bytes], folder: Path) -> list[tuple[int, str]] | None:
    """What is recorded when the machine is on again; None where the file is unsound."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    try:
        return recorded(folder / "deal.db")
    except (sqlite3.DatabaseError, AssertionError):
        return None


@needs_strace
@pytest.mark.parametrize(
    ("appends", "least"), [(3, 60), pytest.param(40, 1600, marks=pytest.mark.whole)]
)
def test_power_cut_after_every_call(
    tmp_path: Path, appends: int, least: int, rng: random.Random
) -> None:
    count = cut_everywhere(tmp_path, appends, rng)
    FIGURES.append(f"P2 power cut: {count}")
    assert count.states >= least
    assert (count.lost, count.invalid) == (0, 0)


@needs_strace
@pytest.mark.parametrize("level", ["NORMAL", "OFF"])
def test_control_of_power_cuts_without_syncing_they_lose(
    tmp_path: Path, level: str, rng: random.Random
) -> None:
    count = cut_everywhere(tmp_path, 4, rng, level)
    FIGURES.append(f"P2 control, synchronous={level}: {count}")
    assert count.lost + count.invalid > 0
    assert count.lost > 0
