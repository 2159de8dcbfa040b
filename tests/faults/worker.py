"""Processes that append, made to be killed.

They are started from a server that has imported everything, so that a process costs milliseconds.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any
from unittest.mock import patch

from cli.context import new_id, now
from cli.main import main
from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.validation import make_event
from ledger.storage import files
from ledger.storage import sqlite as store
from ledger.storage.opening import peek
from ledger.storage.sqlite import LedgerRecorder
from projections.readmodel.index import views_path
from projections.readmodel.provisional import ReadModelFile

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.worker", "tests.faults.ready"])
_starting = Lock()
_MAY_BE_TRACED = 0x59616D61  # prctl(2): PR_SET_PTRACER, by any process


def draft(key: str, name: str = "") -> Draft:
    """A draft that registers a party named as its key."""
    event = make_event("party-registered", {"party": key, "kind": "company", "name": name or key})
    return Draft(event, key)


def append_one(ledger: Ledger, path: Path, made: Draft, **others: Any) -> int:
    """Append as the command does, with the read model; the position."""
    with closing(ReadModelFile(views_path(path))) as read_model:
        return ledger.append([made], read_model, **others).events[0].position


def appending(
    path: Path, prefix: str, count: int, acks: Path, early: bool = False, sync: str = ""
) -> None:
    """Append parties one at a time, writing ``recorded #N KEY`` when each is recorded.

    The controls: ``early`` writes that before it is so, ``sync`` sets a weaker synchronous.
    """
    if sync:
        _weaken(sync)
    out = os.open(acks, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with Ledger(path, now, new_id) as ledger:
        start = peek(path).position
        for number in range(count):
            made = draft(f"{prefix}-{number}")
            if early:
                os.write(out, b"recorded #%d %s\n" % (start + number + 1, made.key.encode()))
            position = append_one(ledger, path, made)
            if not early:
                os.write(out, b"recorded #%d %s\n" % (position, made.key.encode()))


def dying(path: Path, key: str, when: str) -> None:
    """Append, and be killed just before or just after the commit."""
    commit = LedgerRecorder._commit

    def killed(self: LedgerRecorder, connection: Any) -> None:
        if when == "after":
            commit(self, connection)
        os.kill(os.getpid(), signal.SIGKILL)

    LedgerRecorder._commit = killed  # type: ignore[method-assign]
    with Ledger(path, now, new_id) as ledger:
        append_one(ledger, path, draft(key))


def commanding(words: list[str], barrier: Any = None) -> None:
    """Run the command line, all at once with the others at the barrier; ends with its code."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    if barrier is not None:
        barrier.wait(30)
    main(words)


def when_told(
    told: Connection, folder: Path, target: Callable[..., object], *given: object
) -> None:
    """Run a function in a folder with its output in ``out`` and ``err``: say when all is ready for
    it, and begin once somebody answers."""
    os.chdir(folder)
    for number, name in enumerate(("out", "err"), 1):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", closefd=False) for number in (1, 2))
    ctypes.CDLL(None).prctl(_MAY_BE_TRACED, -1)
    told.send(None)
    told.recv()
    target(*given)


def start(target: Any, *given: Any) -> BaseProcess:
    """A process that runs one of the functions above."""
    process = _context.Process(target=target, args=given)
    bare = ModuleType("__main__")  # otherwise each process imports the program that runs the tests
    with _starting, patch.dict(sys.modules, {"__main__": bare}):
        process.start()
    return process


def code_of(process: BaseProcess) -> int | None:
    """How a process ended. It can be read once, and whoever starts another one reads it too."""
    wait([process.sentinel], 120)
    with _starting:
        process.join(1)
    return process.exitcode


def barrier(parties: int) -> Any:
    """A barrier for processes."""
    return _context.Barrier(parties)


def acked(acks: Path) -> list[tuple[int, str]]:
    """The position and key of every whole line that was written."""
    text = acks.read_text() if acks.exists() else ""
    lines = [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]
    return [(int(words[1][1:]), words[2]) for words in lines]


def recorded(path: Path) -> list[tuple[int, str]]:
    """The position and key of every event; AssertionError where SQLite finds the file unsound."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT position, key FROM stored_events ORDER BY position")
        return [(int(position), str(key)) for position, key in rows]


def _weaken(level: str) -> None:
    secure = files.secure

    def weaker(connection: sqlite3.Connection, **given: Any) -> None:
        secure(connection, **given)
        connection.execute(f"PRAGMA synchronous={level}")

    store.secure = weaker  # type: ignore[attr-defined]


draft("imports-all-that-appending-needs")
