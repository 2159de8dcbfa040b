"""strace, to see every call a program makes on some files, and to kill it or fail it at one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import ROOT

COMMAND = (sys.executable, "-c", "from cli.main import main; main()")
WORKER = (sys.executable, "-m", "tests.faults.worker")
STRACE = shutil.which("strace")
needs_strace = pytest.mark.skipif(STRACE is None, reason="strace is not installed")
STORAGE = (
    *("openat", "pwrite64", "write", "fdatasync", "fsync", "unlink", "unlinkat", "ftruncate"),
    *("rename", "link", "mmap", "close", "lseek", "fcntl"),
)
_CALL = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)


class Ending(NamedTuple):
    """How a run under strace ended, what it printed, and where it ran."""

    folder: Path
    code: int
    out: str
    err: str


def files_of(folder: Path) -> list[Path]:
    """What a run in a folder writes: the ledger, the read model, their journals, its output."""
    names = ("", "deal.db", "deal.db-journal", "deal.views.db", "deal.views.db-journal", "out")
    return [folder / name for name in names]


def traced(folder: Path, command: Sequence[str], *options: str, full: bool = False) -> Ending:
    """Run a program in a folder of its own under strace, its output going to ``out``."""
    seen = [word for path in files_of(folder) for word in ("-P", str(path))]
    data = ("-xx", "-s", "1000000") if full else ("-s", "0")
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        done = subprocess.run(
            [str(STRACE), "-f", "-y", "-qq", *data, "-o", str(folder / "trace"), *seen, *options,
             *command],
            stdout=out, stderr=err, cwd=ROOT, check=False, timeout=120,
        )  # fmt: skip
    said = (folder / "err").read_text()
    return Ending(folder, done.returncode, (folder / "out").read_text(), said)


def calls(trace: Path, wanted: Iterable[str] = STORAGE) -> list[str]:
    """The names of the calls of a trace, in order."""
    names = set(wanted)
    return [name for name in _CALL.findall(trace.read_text()) if name in names]


def points(trace: Path, wanted: Iterable[str] = STORAGE) -> list[tuple[str, int]]:
    """Every call of a trace as a name and its number among the calls of that name."""
    counted: dict[str, int] = {}
    found = []
    for name in calls(trace, wanted):
        counted[name] = counted.get(name, 0) + 1
        found.append((name, counted[name]))
    return found


def ledger_like(base: Path, folder: Path) -> Path:
    """A copy of a ledger and its read model in a new folder."""
    folder.mkdir()
    for name in ("deal.db", "deal.views.db"):
        if (base / name).exists():
            shutil.copy(base / name, folder / name)
    return folder / "deal.db"


def at_once(runs: Sequence[tuple[Path, Sequence[str], Sequence[str]]]) -> list[Ending]:
    """Several runs (folder, command, options), two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: traced(one[0], one[1], *one[2]), runs))
