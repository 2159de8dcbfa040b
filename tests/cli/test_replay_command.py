"""Replay: the same log gives the same digest anywhere, and a wrong read model is noticed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.time.view import View
from projections.readmodel.index import views_path
from tests import ROOT
from tests.helpers import accept, dated, new_ledger, run
from tests.test_alliance import PRESS, REGISTER, loaded

PLACES = (
    {"TZ": "UTC", "PYTHONHASHSEED": "0"},
    {"TZ": "America/St_Johns", "PYTHONHASHSEED": "2", "LC_ALL": "tr_TR.UTF-8"},
    {"TZ": "Pacific/Apia", "PYTHONHASHSEED": "1", "LANG": "C"},
    {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "3", "PYTHONOPTIMIZE": "1"},
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole alliance."""
    return loaded(tmp_path_factory.mktemp("replay") / "alliance.db", [PRESS, REGISTER])


def replay(path: Path, **environment: str) -> dict[str, str]:
    """The result of a replay in a process of its own."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "--ledger",
            str(path),
            "replay",
            "--json",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    result: dict[str, str] = json.loads(done.stdout)
    return result


@pytest.mark.whole
def test_two_replays_give_one_digest_in_any_place(ledger: Path) -> None:
    digests = {replay(ledger, **place)["digest"] for place in PLACES}
    assert len(digests) == 1


def test_any_number_of_processes_gives_one_digest(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = json.loads(run(ledger, "replay", "--json", "--jobs", "1").out)
    monkeypatch.setattr("ledger.storage.beside.MUCH", 0)
    assert json.loads(run(ledger, "replay", "--json", "--jobs", "2").out) == alone


def test_another_history_gives_another_digest(ledger: Path, tmp_path: Path) -> None:
    other = loaded(tmp_path / "press.db", [PRESS])
    one, another = (json.loads(run(path, "replay", "--json").out) for path in (ledger, other))
    assert one["digest"] != another["digest"]


def test_a_read_model_that_was_changed_is_found_and_replaced(tmp_path: Path) -> None:
    path = loaded(tmp_path / "deal.db", [PRESS])
    assert run(path, "deals").code == 0
    connection = sqlite3.connect(tmp_path / "deal.views.db")
    connection.execute("UPDATE events SET data = replace(data, '600000000', '900000000')")
    connection.commit()
    connection.close()
    assert "900,000,000" in run(path, "deals", "nissan-in-ampere").out
    outcome = run(path, "replay")
    assert outcome.code == 1
    assert "differed, replaced" in outcome.out
    assert "600,000,000" in run(path, "deals", "nissan-in-ampere").out
    assert run(path, "replay").code == 0


def test_a_deleted_read_model_is_built_again(tmp_path: Path) -> None:
    path = loaded(tmp_path / "deal.db", [PRESS])
    before = run(path, "deals").out
    (tmp_path / "deal.views.db").unlink()
    assert run(path, "deals").out == before


def test_what_only_an_older_release_accepted_is_named_and_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_ledger(tmp_path)
    moved = {"share_class": "acme/common", "transferor": "fund-one", "transferee": "fund-two"}
    bought = moved | {"transferor": "bolt", "transferee": "fund-one", "shares": "10"}
    sold = dated("shares-transferred", key="sold", **moved, shares="10")
    again = sold | {"key": "again", "standing": "reported", "reaffirms": "sold"}
    accept(path, dated("shares-transferred", **bought), sold)
    with monkeypatch.context() as old:
        old.setattr(View, "handovers", lambda *_: [])
        accept(path, again | {"effective_on": "2021-03-15"})
    outcome = run(path, "replay")
    assert outcome.code == 0
    assert outcome.err.startswith(
        "warning: #11 again keeps the rules of release 0.1.0, by which it is accepted, but not"
        " those of today: shares: On 2021-03-15 fund-one holds 0 acme/common, not the 10 needed."
    )
    assert run(path, "check").code == 0
    checked = run(path, "check", "--as-of", "2021-12-31")
    assert checked.code == 1
    assert "#11" in checked.out
    accept(path, {"type": "event-retracted", "event": "again", "because": "before its shares"})
    accept(path, dated("shares-transferred", **bought | {"key": "bought-more"}))


def test_a_split_that_an_older_release_let_be_retracted_is_named_and_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_ledger(tmp_path)
    split = dated("shares-split", key="split", share_class="acme/common", ratio="2:1")
    moved = {"share_class": "acme/common", "transferor": "bolt", "transferee": "fund-one"}
    accept(path, split | {"effective_on": "2021-03-15"})
    accept(path, dated("shares-transferred", key="sold", **moved, shares="150"))
    gone = {"type": "event-retracted", "key": "gone", "event": "split", "because": "a mistake"}
    assert run(path, "retract", "split", "--because", "a mistake").code == 2
    with monkeypatch.context() as old:
        old.setattr(View, "asks_all_rules", False)
        accept(path, gone)
    outcome = run(path, "replay")
    assert outcome.code == 0
    assert "replayed, 1 batch accepted by the rules of release 0.1.0 alone\n" in outcome.out
    assert json.loads(run(path, "replay", "--json").out)["by_older_rules"] == 1
    assert outcome.err.startswith("warning: #11 gone keeps the rules of release 0.1.0")
    assert "It would leave bolt with -50 acme/common on 2023-11-08" in outcome.err
    accept(path, {"type": "event-retracted", "event": "gone", "because": "it was split"})


def test_an_issuer_that_an_older_release_let_be_retracted_is_named_and_not_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_ledger(tmp_path)
    gone = {"type": "event-retracted", "key": "gone", "event": "party-acme", "because": "wrong"}
    with monkeypatch.context() as old:
        old.setattr(View, "asks_all_rules", False)
        accept(path, gone)
    outcome = run(path, "replay")
    assert outcome.code == 0
    assert outcome.err.startswith("warning: #9 gone keeps the rules of release 0.1.0")
    assert '"acme" is spoken of by 2 events' in outcome.err
    accept(path, {"type": "event-retracted", "event": "gone", "because": "it is the issuer"})


LEAF_OF_INDEX = 10  # sqlite.org/fileformat2.html, 1.6


def damaged_in_an_index(views: Path) -> Iterator[str]:
    """The read model with one byte changed in one of its indexes, after another; whose it is."""
    with closing(sqlite3.connect(views)) as connection:
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        found = "SELECT name, rootpage FROM sqlite_master WHERE type = 'index' AND rootpage > 0"
        roots = connection.execute(found).fetchall()
    whole = views.read_bytes()
    for name, page in roots:
        end = page * size - 1  # where the first entry of a page of one level ends
        if whole[(page - 1) * size] == LEAF_OF_INDEX and whole[(page - 1) * size + 4]:
            views.write_bytes(whole[:end] + bytes([whole[end] ^ 1]) + whole[end + 1 :])
            yield name


def test_an_index_of_the_read_model_that_is_damaged_is_noticed(tmp_path: Path) -> None:
    """Rows alone are not what questions rest on: what finds them is looked through as well."""
    ledger = new_ledger(tmp_path)
    told = run(ledger, "holdings", "acme", "--format", "json").out
    tried = list[str]()
    for name in damaged_in_an_index(views_path(ledger)):
        tried.append(name)
        assert f"Remove {views_path(ledger)}" in run(ledger, "doctor").out.replace("\n", ""), name
        assert run(ledger, "replay").code == 1, name
        assert run(ledger, "holdings", "acme", "--format", "json").out == told, name
    assert len(tried) > 2
