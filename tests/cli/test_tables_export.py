"""`export --parquet` of many ledgers, by one process or several: the same tables, or none."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import tables_export
from cli.parquet import FILES
from cli.tables_export import export_tables
from ledger.storage.opening import peek
from tests.helpers import new_ledger, party, run

parquet = pytest.importorskip("pyarrow.parquet")


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three ledgers of the same ids, of which one is empty, with their read models beside them."""
    folder = tmp_path_factory.mktemp("three")
    for name in ("a", "b", "empty"):
        (folder / name).mkdir()
    new_ledger(folder / "a")
    new_ledger(folder / "b", party("alice"))
    assert run(folder / "empty/deal.db", "init").code == 0
    assert run(folder / "empty/deal.db", "holdings").code == 0
    return folder


def named(folder: Path) -> list[Path]:
    """What a shell makes of `*/*.db`."""
    return sorted(folder.glob("*/*.db"))


def words(folder: Path, *ledgers: Path) -> list[str]:
    """How the tables are asked for."""
    return ["--parquet", str(folder), *(["--ledgers", *map(str, ledgers)] if ledgers else [])]


def test_the_tables_of_many_are_those_of_each(three: Path, tmp_path: Path) -> None:
    files = named(three)
    assert three / "empty/deal.views.db" in files
    outcome = run(Path("none.db"), "export", *words(tmp_path / "all", *files))
    assert outcome.code == 0, outcome.err
    ledgers = [file for file in files if ".views" not in file.name]
    for ledger in ledgers:
        assert run(ledger, "export", *words(tmp_path / peek(ledger).id)).code == 0
    for name in FILES:
        whole = parquet.read_table(tmp_path / "all" / f"{name}.parquet").to_pylist()
        apart = [
            row
            for id in sorted(peek(ledger).id for ledger in ledgers)
            for row in parquet.read_table(tmp_path / id / f"{name}.parquet").to_pylist()
        ]
        assert whole == apart, name
        assert whole or name not in ("events", "movements", "issuers")
    told = {
        row["ledger"]: row
        for row in parquet.read_table(tmp_path / "all/ledgers.parquet").to_pylist()
    }
    empty = told[peek(three / "empty/deal.db").id]
    assert (empty["file"], empty["events"], empty["recorded_to"]) == ("deal.db", 0, None)
    assert {row["events"] for row in told.values()} == {8, 9, 0}
    for ledger in ledgers:
        assert f"root   {told[peek(ledger).id]['root']}" in run(ledger, "verify").out


def test_parts_and_the_order_of_names_change_nothing(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledgers = [file for file in named(three) if ".views" not in file.name]
    export_tables(ledgers, tmp_path / "one", 1)
    monkeypatch.setattr(tables_export, "PART", 3)
    export_tables(ledgers[::-1], tmp_path / "other", 1)
    assert contents(tmp_path / "one") == contents(tmp_path / "other")


def test_one_ledger_under_two_names_is_refused(three: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(three / "a/deal.db", tmp_path / "copy.db"))
    files = three / "a/deal.db", three / "b/deal.db", copy
    outcome = run(Path("none.db"), "export", *words(tmp_path / "tables", *files))
    assert outcome.code == 2
    assert "are one ledger" in outcome.err
    assert not (tmp_path / "tables").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--parquet", "t", "--ledgers"), "Name the ledgers"),
        (("--parquet", "t", "a.db"), "write --ledgers before them"),
        (("--yaml", "t", "--ledgers", "a.db"), "--ledgers is for --parquet alone"),
        (("--parquet", "t", "--yaml", "u", "--ledgers", "a.db"), "--ledgers is for"),
        (("--yaml", "t", "--jobs", "2"), "--jobs is for --parquet"),
        (("--parquet", "t", "--jobs", "0"), "--jobs"),
        (("--parquet", "t", "--ledgers", "missing.db"), "does not exist"),
        (("--parquet", "t", "--ledgers", "."), "is a folder"),
        (("--parquet", "t", "--ledgers", ""), "is a folder"),
    ],
)
def test_what_does_not_fit_is_refused(
    given: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = run(Path("none.db"), "export", *given)
    assert outcome.code == 2
    assert said in outcome.err.replace("\n", " ")
    assert not list(tmp_path.iterdir())


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of several parts."""
    folder = tmp_path_factory.mktemp("market")
    made = "--events", "17000", "--into", str(folder / "market.jsonl")
    subprocess.run([sys.executable, "-m", "benchmarks.generate", *made], check=True)
    ledger = folder / "market.db"
    assert run(ledger, "init").code == 0
    assert run(ledger, "append", "--file", str(folder / "market.jsonl")).code == 0
    return ledger


@pytest.mark.whole
def test_several_processes_write_the_bytes_of_one(market: Path, tmp_path: Path) -> None:
    for jobs in ("1", "2", "3"):
        outcome = run(market, "export", *words(tmp_path / jobs), "--jobs", jobs, "--json")
        assert outcome.code == 0, outcome.err
        assert json.loads(outcome.out)["tables"]["events"] >= 17_000
    assert contents(tmp_path / "1") == contents(tmp_path / "2") == contents(tmp_path / "3")


def interrupted(
    market: Path, folder: Path, stop: Callable[[subprocess.Popen[str], list[int]], None]
) -> tuple[int, str, list[int]]:
    """An export by two processes that is stopped when both are at work: its code, what it said, and
    which processes are left."""
    started = [Path(sys.executable).with_name("stakebook"), "--ledger", str(market), "export"]
    command = subprocess.Popen(
        [*started, *words(folder), "--jobs", "2"],
        text=True, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    children = Path(f"/proc/{command.pid}/task/{command.pid}/children")
    workers = list[int]()
    while command.poll() is None and len(workers) < 2:
        found = [int(pid) for pid in children.read_text().split()]
        workers = [
            pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]
    time.sleep(0.3)
    stop(command, workers)
    _, said = command.communicate(timeout=60)
    time.sleep(0.2)
    return command.returncode, said, [pid for pid in workers if Path(f"/proc/{pid}").exists()]


@pytest.mark.whole
@pytest.mark.skipif(not Path("/proc").exists(), reason="it looks for processes in /proc")
@pytest.mark.parametrize("how", ["worker killed", "Ctrl-C", "killed"])
def test_an_export_that_is_stopped_leaves_nothing(market: Path, tmp_path: Path, how: str) -> None:
    stops: dict[str, Callable[[subprocess.Popen[str], list[int]], None]] = {
        "worker killed": lambda _, workers: os.kill(workers[0], signal.SIGKILL),
        "Ctrl-C": lambda command, _: os.killpg(command.pid, signal.SIGINT),
        "killed": lambda command, _: command.kill(),
    }
    code, said, left = interrupted(market, tmp_path / "tables", stops[how])
    assert code == {"worker killed": 2, "Ctrl-C": 130, "killed": -signal.SIGKILL}[how], said
    assert "Traceback" not in said
    assert ("--jobs 1" in said) == (how == "worker killed")
    if how == "killed":
        time.sleep(3)
    else:
        assert not left
        assert not list((tmp_path / "tables").iterdir())
    assert export_tables([market], tmp_path / "tables", 1)["ledgers"] == 1
    assert len(list((tmp_path / "tables").iterdir())) == len(FILES)
