"""Every release's golden ledger is verified, answered from and exported as on its first day."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from ledger.time.log import Log
from ledger.time.view import View
from tests.golden import (
    EXPECTED,
    EXPORT,
    FOLDER,
    LEDGER,
    SEEN,
    as_counted_then,
    opened,
    states,
    told,
)
from tests.helpers import run

RELEASES = sorted(path for path in FOLDER.glob("*") if path.is_dir())
# What was written is never written again: the digests of every golden file.
FROZEN = {
    "0.1.0": {
        "answer-claims.json": "897c4c7219aa1fd32fb24b58b3fd49a7596b30ede072e247e860995ee662ca57",
        "answer-deals.json": "2d672f742d3088df81d62b5a060aa978a2e5a0467c3c264890b286d02028b025",
        "answer-governance.json": (
            "3992f23bc8cdd064236fb73c5dfb9a0d6289c1191956360019a25108992a62f8"
        ),
        "answer-holdings.json": "5947523b81ef145f93fbad9ebbb65c5930d9eca48cf8cd63290abd330433e982",
        "answer-show.json": "4aff13504fe0629403f537870fb7f4a4d3ce2471b4f8bb7b729da76f6edb820b",
        "answer-timeline.json": "a77ff9f52a1f6ee07c575e17c3e1b1ecbb50a66943b3dd3f6eaa2a1e92d7735b",
        "answer-votes.json": "84354f6d0768f3d1722ff81ffeb196c2444007a7176470f7d08376b11e34b96c",
        "audit.jsonl": "15169838084d968a385f9f799e754c479086a0ca4509d31a370ad93f6e74ee0e",
        "expected.json": "c42722149d51a19ba17586856ea35cf2c3fbc689f56389415035d88ee4eeaf86",
        "last-seen.txt": "a711efb5987fc2ad08b62fa168f596c8aa053f81ddd4b0e25dfb81e0e2e1ccb8",
        "ledger.db": "c7b6a5286a56b87341f2191c060d55cd582c578bc88d91f5bab7013427edfdc3",
    }
}


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the golden files of a release."""
    return Path(shutil.copytree(request.param, tmp_path / "golden"))


def test_there_are_golden_files_of_a_release_and_they_are_as_they_were_written() -> None:
    found = {
        release.name: {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in release.iterdir()
        }
        for release in RELEASES
    }
    assert found == FROZEN
    assert RELEASES


def test_it_is_verified_with_the_keys_of_its_day(golden: Path) -> None:
    expected = json.loads((golden / EXPECTED).read_text())
    trust = ("--key", expected["key"], "--witness", expected["witness"])
    seen = ("--last-seen", str(golden / SEEN))
    for file in ([], [str(golden / EXPORT)]):
        outcome = run(golden / LEDGER, "verify", *file, *trust, *seen)
        assert outcome.code == 0, outcome.out
    spoilt = (golden / EXPORT).read_bytes().replace(b"renault", b"renaurt", 1)
    (golden / EXPORT).write_bytes(spoilt)
    assert run(golden / LEDGER, "verify", str(golden / EXPORT), *trust, *seen).code == 1


def test_it_answers_at_every_position_what_it_answered(golden: Path) -> None:
    expected = json.loads((golden / EXPECTED).read_text())
    with opened(golden / LEDGER) as ledger:
        events = as_counted_then(ledger.events_after(0))
        assert list(states(events)) == expected["states"]
    assert len(set(expected["states"])) > 40, "most events change some answer"


def test_what_it_answers_otherwise_is_named(golden: Path) -> None:
    """Undated events count from the day by which they were told; before, they never did."""
    then = json.loads((golden / EXPECTED).read_text())["final"]
    with opened(golden / LEDGER) as ledger:
        now = told(View(Log(ledger.events_after(0))))
    changed = {
        name: (
            [r for r in then[name] if r not in now[name]],
            [r for r in now[name] if r not in then[name]],
        )
        for name in now
        if then[name] != now[name]
    }
    listing = {"deal": "ampere-ipo", "id": None, "kind": "offering"}
    project = {"deal": None, "id": None, "kind": "project", "status": "announced", "since": None}
    assert changed == {
        "deals": (
            [listing | {"status": "planned", "since": "2022-10-11"}],
            [listing | {"status": "cancelled", "since": None}, project],
        )
    }


def test_it_is_exported_and_imported_byte_for_byte(golden: Path, tmp_path: Path) -> None:
    again, copy = tmp_path / "again.jsonl", tmp_path / "copy.db"
    assert run(golden / LEDGER, "export", "--audit", str(again)).code == 0
    assert again.read_bytes() == (golden / EXPORT).read_bytes()
    key = json.loads((golden / EXPECTED).read_text())["key"]
    assert run(copy, "import", str(golden / EXPORT), "--key", key).code == 0
    assert run(copy, "export", "--audit", str(tmp_path / "copy.jsonl")).code == 0
    assert (tmp_path / "copy.jsonl").read_bytes() == (golden / EXPORT).read_bytes()


def test_answers_proven_in_its_day_are_verified_by_other_code(golden: Path) -> None:
    key = json.loads((golden / EXPECTED).read_text())["key"]
    for file in sorted(golden.glob("answer-*.json")):
        outcome = run("none.db", "verify", str(file), "--key", key)
        assert outcome.code == 0, outcome.out
        assert "gives the same answer" in outcome.out
        assert "What other code words otherwise: " in outcome.out


@pytest.mark.parametrize(
    ("name", "forged"),
    [
        ("holdings", ('"shares": "3300"', '"shares": "3301"')),
        ("votes", ('"issuer": "neo"', '"issuer": "eon"')),
        ("deals", ('"status": "planned"', '"status": "completed"')),
        ("claims", ('"known_by": null', '"known_by": "2023-12-31"')),
        ("show", ('"stakebook": "0.1.0"', '"stakebook": "0.0.9"')),
    ],
)
def test_an_answer_of_other_code_that_was_changed_is_found(
    golden: Path, name: str, forged: tuple[str, str]
) -> None:
    file = golden / f"answer-{name}.json"
    text = file.read_text()
    assert forged[0] in text
    file.write_text(text.replace(*forged))
    outcome = run("none.db", "verify", str(file))
    assert outcome.code == (0 if name == "show" else 1), outcome.out


def test_it_still_takes_new_events_and_replays(golden: Path) -> None:
    outcome = run(
        golden / LEDGER,
        "append",
        "note-added",
        "--subject",
        "nissan",
        "--text",
        "later",
        "--clock-is-right",
    )
    assert outcome.code == 0, outcome.err
    assert run(golden / LEDGER, "replay").code == 0
