"""One run of one program: how long it took, how much memory it had at most, what it said."""

from __future__ import annotations

import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from time import perf_counter
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
_PAUSE = 0.2  # seconds between two looks at the memory of a run
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Run(NamedTuple):
    """One run: seconds (of the process, or what it says of its inside), seconds of the processor
    and the most MiB, both of all its processes together, and its output."""

    seconds: float
    cpu: float
    peak: float
    said: str


class Failed(Exception):
    """A program ended otherwise than expected, or took too long."""


def stakebook() -> list[str]:
    """The command as installed beside this Python."""
    return [str(Path(sys.executable).with_name("stakebook"))]


def run(words: Sequence[str], limit: float, inside: bool = False) -> Run:
    """Run a program to its end; ``inside`` takes the seconds that it prints (``timing``)."""
    with TemporaryFile() as out, TemporaryFile() as err:
        start = perf_counter()
        process = subprocess.Popen(list(words), stdout=out, stderr=err, cwd=ROOT)
        previous = signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.setitimer(signal.ITIMER_REAL, limit)
        watching = _Watching(process.pid)
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            watching.end()
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        seconds = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        said, complaint = out.read().decode(), err.read().decode()
    if seconds >= limit:
        raise Failed(f"over {limit:.0f} s")
    if process.returncode:
        raise Failed((complaint.strip() or f"exit code {process.returncode}").splitlines()[-1][:90])
    cpu = used.ru_utime + used.ru_stime
    if inside:
        seconds, cpu = (float(json.loads(said)[name]) for name in ("seconds", "cpu"))
    return Run(seconds, cpu, max(watching.most, used.ru_maxrss / 1024), said)


class _Watching(Thread):
    """Looks now and then at the memory of a process and of all that it has started."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._ended, self.most = pid, Event(), 0.0
        self.start()

    def run(self) -> None:
        """Look until the process has ended."""
        while not self._ended.wait(_PAUSE):
            self.most = max(self.most, _memory_of(self._pid))

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self.join()


def _memory_of(pid: int) -> float:
    """MiB of a process and of all that it has started, where the system tells of processes."""
    pages, started = dict[int, int](), dict[int, list[int]]()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            told = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            one = int(status.parent.name)
            started.setdefault(int(told[1]), []).append(one)
            pages[one] = int(told[21])
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        total += pages.get(one, 0)
        waiting += started.get(one, [])
    return total * _PAGE / 2**20


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    cpu = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                cpu = line.partition(":")[2].strip()
                break
    except OSError:
        cpu = cpu or "unknown"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": cpu,
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
