"""strace, to see every call that a command makes on its files, and to kill it or fail it at one.

What is looked at runs in a process that has loaded the program already: loading it would cost ten
times what the run costs, for calls that are none of its own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from cli.main import main
from tests.faults.worker import code_of, start, when_told

COMMAND = (sys.executable, "-c", "from cli.main import main; main()")
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


def traced(
    folder: Path,
    target: Callable[..., Any],
    *given: Any,
    options: Sequence[str] = (),
    full: bool = False,
    everywhere: bool = False,
) -> Ending:
    """Run a function of a module under strace, in a process of its own whose folder is ``folder``
    and whose output goes to ``out`` there; calls on other files are seen too if ``everywhere``."""
    seen = [] if everywhere else [word for path in files_of(folder) for word in ("-P", str(path))]
    data = ("-xx", "-s", "1000000") if full else ("-s", "0")
    told, tell = Pipe()
    process = start(when_told, told, folder, target, *given)
    assert tell.poll(60), f"it did not begin: {target}"
    tell.recv()
    command = [str(STRACE), "-f", "-y", *data, "-o", str(folder / "trace"), *seen, *options]
    with subprocess.Popen(
        [*command, "-p", str(process.pid)], stderr=subprocess.PIPE, text=True
    ) as watching:
        assert watching.stderr is not None
        said = watching.stderr.readline()
        assert "attached" in said, said
        tell.send(None)
        watching.communicate(timeout=120)
    told.close()
    tell.close()
    out, err = ((folder / name).read_text() for name in ("out", "err"))
    return Ending(folder, code_of(process), out, err)


def appended(folder: Path, batch: Path, *options: str) -> Ending:
    """Append a batch to the ledger of a folder by the command, under strace."""
    words = ["--ledger", str(folder / "deal.db"), "append", "--file", str(batch)]
    return traced(folder, main, words, options=options)


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


def appended_at_once(batch: Path, runs: Iterable[tuple[Path, str]]) -> list[Ending]:
    """Append a batch to the ledgers of several folders, two at a time, each with its option."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda one: appended(one[0], batch, one[1]), runs))
