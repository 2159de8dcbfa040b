"""The process beside this one: it changes nothing of what is recorded, and whatever becomes of it,
a batch is recorded whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any
from unittest.mock import patch

import pytest

from ledger.intake import lines as intake
from ledger.storage import beside
from ledger.values.refusals import Refusal
from projections.readmodel.index import views_path
from tests.helpers import (
    Outcome,
    assert_refused,
    clock_at,
    dated,
    new_ledger,
    party,
    run,
    stored,
    tamper,
)

MANY = 60
LINES = b"".join(
    json.dumps(event, ensure_ascii=number % 2 == 0).encode() + b"\n"
    for number in range(MANY)
    for event in (
        party(f"p{number}", name=f"Soci\u00e9t\u00e9 {number}"),
        dated("note-added", subject=f"p{number}", text="told", key=f"n{number}")
        | {"sequence": number},  # a number, which only the gate takes
    )
)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few lines and events are many, told in several questions."""
    monkeypatch.setattr(beside, "MUCH", 40)
    monkeypatch.setattr(intake, "CHUNK", 4_000)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every process beside this one that is started."""
    started, begin = list[Any](), beside._Beside.__init__

    def begun(self: Any, answer: Callable[[Any], Any]) -> None:
        begin(self, answer)
        started.append(self._process)

    monkeypatch.setattr(beside._Beside, "__init__", begun)
    return started


def on_hearing(monkeypatch: pytest.MonkeyPatch, do: Callable[[Any], None]) -> None:
    """Let something happen to the process before its answers are heard."""
    hear = beside._Beside.hear

    def heard(self: Any) -> Any:
        do(self._process)
        return hear(self)

    monkeypatch.setattr(beside._Beside, "hear", heard)


def kill(process: Any) -> None:
    """End a process as the system does where memory is short."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def appended(ledger: Path, *words: str, given: bytes = LINES) -> Outcome:
    """Append the lines."""
    return run(ledger, "append", "--file", "-", "--clock-is-right", *words, stdin=given)


def rows(folder: Path, *words: str) -> Iterator[list[tuple[Any, ...]]]:
    """All rows of a new log with the lines in it, and of its read model; ids and times are set."""
    folder.mkdir()
    numbers = count()

    def next_id() -> str:
        return f"id-{next(numbers)}"

    ledger = folder / "deal.db"
    with (
        clock_at(datetime(2026, 1, 1, tzinfo=UTC)),
        patch("cli.context.new_id", next_id),
        patch("cli.recording.new_id", next_id),
    ):
        assert run(ledger, "init").code == 0
        told = appended(ledger, *words)
    assert told.code == 0, told.err
    for path, tables in ((ledger, ("stored_events",)), (views_path(ledger), ("events", "indexed"))):
        with closing(sqlite3.connect(path)) as connection:
            yield from (connection.execute(f"SELECT * FROM {t}").fetchall() for t in tables)


def test_what_is_recorded_is_the_same_however_it_is_read(
    tmp_path: Path, processes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = list(rows(tmp_path / "alone", "--jobs", "1"))
    assert not processes
    assert list(rows(tmp_path / "beside", "--jobs", "2")) == alone
    assert len(processes) == 1
    replays = [run(tmp_path / "beside" / "deal.db", "replay", "--jobs", n) for n in ("1", "2")]
    assert replays[0] == replays[1]
    assert "same" in replays[1].out
    assert len(processes) == 3  # one checks what is stored, another works out half of the digest
    monkeypatch.setattr(intake, "said_in", lambda _: None)
    assert list(rows(tmp_path / "gate", "--jobs", "1")) == alone
    assert all(process.returncode is not None for process in processes)


@pytest.mark.whole
def test_damage_is_told_in_the_same_words(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    assert appended(ledger, "--jobs", "1").code == 0
    tamper(ledger, "UPDATE stored_events SET topic = 'party-ended' WHERE position = 90")
    alone, beside_it = (run(ledger, "replay", "--jobs", n) for n in ("1", "2"))
    assert alone == beside_it
    assert (alone.code, "Row 90" in alone.err) == (5, True), alone


def test_where_the_process_is_killed_nothing_is_recorded(
    ledger: Path, processes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = len(stored(ledger))
    on_hearing(monkeypatch, kill)
    assert_refused(appended(ledger, "--jobs", "2"), Refusal.WORKER_ENDED, "signal 9", "--jobs 1")
    assert len(stored(ledger)) == before
    assert appended(ledger, "--jobs", "1").code == 0
    assert_refused(run(ledger, "replay", "--jobs", "2"), Refusal.WORKER_ENDED, "signal 9")
    assert len(processes) == 2


def test_an_interruption_ends_the_process_and_records_nothing(
    ledger: Path, processes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Any) -> None:
        raise KeyboardInterrupt

    before = len(stored(ledger))
    on_hearing(monkeypatch, interrupted)
    assert appended(ledger, "--jobs", "2").code == 130
    assert len(stored(ledger)) == before
    assert [process.poll() is None for process in processes] == [False]


def test_what_does_not_arrive_as_it_was_sent_is_refused(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exactly = beside._exactly

    def damaged(descriptor: int, length: int) -> bytes:
        return exactly(descriptor, length).replace(b"p41", b"p14")

    before = len(stored(ledger))
    monkeypatch.setattr(beside, "_exactly", damaged)
    refused = appended(ledger, "--jobs", "2")
    assert_refused(refused, Refusal.WORKER_ENDED, "did not arrive as it was sent")
    assert len(stored(ledger)) == before


def echo(value: bytes) -> bytes:
    """What is told, as a process beside this one answers it."""
    return value


@pytest.mark.whole
def test_a_process_that_is_stopped_and_continued_says_what_it_would_have_said(
    processes: list[Any],
) -> None:
    asked = [os.urandom(500_000) for _ in range(150)]

    def stop_and_go() -> None:
        while not processes or processes[0].poll() is None:
            for number in (signal.SIGSTOP, signal.SIGCONT):
                time.sleep(0.02)
                if processes and processes[0].poll() is None:
                    processes[0].send_signal(number)

    stopping = Thread(target=stop_and_go, daemon=True)
    stopping.start()
    assert all(told == heard for told, heard in beside.answered(echo, asked))
    stopping.join()


def test_on_one_core_no_process_is_started(
    ledger: Path, processes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "cores", lambda: 1)
    assert appended(ledger).code == 0
    assert run(ledger, "replay").code == 0
    assert not processes


@pytest.mark.whole
def test_what_cannot_be_read_on_is_refused_after_what_stands_before_it(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.intake.event_files.LINE_BYTES", 2_000)
    wrong = LINES.replace(b'"p50"', b'"P50"') + b'"' + b"a" * 3_000 + b"\n"
    alone, beside_it = (appended(ledger, "--jobs", n, given=wrong) for n in ("1", "2"))
    assert alone == beside_it
    assert (alone.code, alone.err.count("[R")) == (2, 3)


def test_a_process_that_cannot_begin_is_refused(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program, said in (("/bin/false", "code 1"), ("/no/python", "cannot be started")):
        monkeypatch.setattr(sys, "executable", program)
        assert_refused(appended(ledger, "--jobs", "2"), Refusal.WORKER_ENDED, said)


@pytest.mark.whole
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_process_ends_with_the_command(ledger: Path, tmp_path: Path, number: int) -> None:
    """At a terminal a signal reaches every process of the command's group at once."""
    many = tmp_path / "many.jsonl"
    many.write_bytes(b"".join(json.dumps(party(f"p{n}")).encode() + b"\n" for n in range(60_000)))
    command = "from cli.main import main; main()"
    words = [sys.executable, "-c", command, "--ledger", str(ledger), "append", "--file", str(many)]
    before = len(stored(ledger))
    with subprocess.Popen(
        [*words, "--jobs", "2"], stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        other = beside_it(process.pid)
        os.killpg(process.pid, number)
        _, said = process.communicate(timeout=60)
    assert process.returncode in (-number, 128 + number)
    assert b"Traceback" not in said
    ended_by = time.monotonic() + 20
    while Path(f"/proc/{other}").exists() and time.monotonic() < ended_by:
        time.sleep(0.05)
    assert not Path(f"/proc/{other}").exists()
    assert len(stored(ledger)) == before


def beside_it(command: int) -> int:
    """The process that a command has started beside itself, once it has."""
    children = Path(f"/proc/{command}/task/{command}/children")
    waited_until = time.monotonic() + 60
    while not (found := children.read_text().split()) and time.monotonic() < waited_until:
        time.sleep(0.05)
    return int(found[0])
