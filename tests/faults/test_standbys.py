"""What is told while a standby is missed: of appends, imports, drafts and seals."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE

import pytest

from tests import ROOT
from tests.helpers import SETUP, Outcome, append, lines, party, run
from tests.servers import Deals, Pair, needed, new_deals, pair

needed()
pytest.importorskip("psycopg")
pytestmark = pytest.mark.whole


@pytest.fixture(scope="module")
def both() -> Iterator[Pair]:
    """A primary that waits for its standby."""
    with pair() as made:
        yield made


@pytest.fixture(autouse=True)
def _at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@contextmanager
def let_go(both: Pair) -> Iterator[Callable[[], None]]:
    """No standby is there; what is called inside names none any more, as who manages standbys may:
    then those who wait are let go, and no warning tells them."""

    def name_none() -> None:
        both.wait_for("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        both.name_standbys("")

    both.cut()
    try:
        yield name_none
    finally:
        both.name_standbys("*")
        both.mend()


def test_who_waits_for_a_standby_that_is_named_no_more_is_told_of_no_success(both: Pair) -> None:
    deals = both.deals
    with let_go(both) as name_none, ThreadPoolExecutor(1) as pool:
        job = pool.submit(append, deals.url("anna"), lines(party("waits")))  # type: ignore[arg-type]
        name_none()
        told = job.result(60)
        assert (told.code, told.out) == (4, ""), told
        for person in ("anna", "rita"):
            assert run(deals.url(person), "status", "--key", "party-waits").code == 4
    assert run(deals.url("anna"), "status", "--key", "party-waits").code == 0


def test_an_import_that_no_standby_confirms_is_not_said_to_be_none(
    both: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.storage.postgres.COMMIT_SECONDS", 1)
    file, there = tmp_path / "deal.db", both.primary.url(both.primary.database())
    assert run(file, "init").code == 0
    export, words = tmp_path / "a.jsonl", ("import", str(tmp_path / "a.jsonl"), "--take-over")
    assert run(file, "export", "--audit", str(export)).code == 0
    assert run(there, *words).code == 0
    assert append(file, lines(*SETUP)).code == 0
    export.unlink()
    assert run(file, "export", "--audit", str(export)).code == 0
    both.cut()
    told = run(there, *words)
    both.mend()
    assert told.code == 4, told
    assert "Nothing was recorded" not in told.err
    told = run(there, *words)
    assert (told.code, "0 events" in told.out) == (0, True), told


def test_a_draft_and_a_seal_that_no_standby_confirms_are_told(
    both: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.storage.postgres.COMMIT_SECONDS", 1)
    two, key = new_deals(both.primary, "--four-eyes"), tmp_path / "deal.key"
    assert run(two.url("seth"), "keygen", str(key)).code == 0

    def drafted(name: str) -> Outcome:
        return append(two.url("anna"), lines(party(name)), "--draft")  # type: ignore[arg-type]

    assert drafted("acme").code == 0
    both.cut()
    told = [
        drafted("bolt"),
        run(two.url("carl"), "reject", "1", "--note", "late"),
        run(two.url("seth"), "seal", "--key", str(key)),
    ]
    both.mend()
    assert [one.code for one in told] == [4, 4, 4], told
    for one in told:
        assert "no standby has confirmed it" in one.err
    rows = json.loads(run(two.url("otto"), "drafts", "--all", "--format", "json").out)["rows"]
    assert [row["status"] for row in rows] == ["rejected", "open"]


def test_a_standby_is_followed(both: Pair) -> None:
    """It tells of no append: it is looked at every other second."""
    deals = Deals(both.standby, both.deals.database)
    assert append(both.deals.url("anna"), lines(party("followed"))).code == 0  # type: ignore[arg-type]
    for _ in range(100):
        told = run(deals.url("rita"), "follow", "--times", "1")
        assert told.code == 0, told
        if "Followed" in run(deals.url("rita"), "parties").out:
            return
        time.sleep(0.1)
    raise AssertionError("the standby never had it")


def test_who_follows_goes_on_when_the_standby_takes_the_place_of_the_primary() -> None:
    with pair() as made:
        deals = made.deals
        hosts = f"127.0.0.1:{made.primary.port},127.0.0.1:{made.standby.port}"
        url = f"postgresql://rita@{hosts}/{deals.database}"
        assert append(deals.url("anna"), lines(party("acme"))).code == 0  # type: ignore[arg-type]
        process = subprocess.Popen(
            [sys.executable, "-c", "from cli.main import main; main()", "--ledger", url, "follow"],
            stdout=PIPE, stderr=PIPE, cwd=ROOT, text=True,
        )  # fmt: skip
        with process:
            assert process.stdout is not None
            assert process.stderr is not None
            assert "read up to #1" in process.stdout.readline()
            made.primary.kill()
            assert "looked for again" in process.stderr.readline()
            made.standby.run("pg_ctl", "-D", str(made.standby.data), "-w", "promote")
            assert "read up to #1" in process.stdout.readline()
            process.send_signal(signal.SIGINT)
            assert "Traceback" not in process.stderr.read()
