"""Every release's golden ledger is verified, answered from and exported as on its first day."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from tests.golden import EXPECTED, EXPORT, FOLDER, LEDGER, SEEN, opened, states
from tests.helpers import run

RELEASES = sorted(path for path in FOLDER.glob("*") if path.is_dir())
# What was written is never written again: the digests of every golden file.
FROZEN = {
    "0.1.0/audit.jsonl": "15169838084d968a385f9f799e754c479086a0ca4509d31a370ad93f6e74ee0e",
    "0.1.0/expected.json": "c42722149d51a19ba17586856ea35cf2c3fbc689f56389415035d88ee4eeaf86",
    "0.1.0/last-seen.txt": "a711efb5987fc2ad08b62fa168f596c8aa053f81ddd4b0e25dfb81e0e2e1ccb8",
    "0.1.0/ledger.db": "c7b6a5286a56b87341f2191c060d55cd582c578bc88d91f5bab7013427edfdc3",
}


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def golden(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the golden files of a release."""
    return Path(shutil.copytree(request.param, tmp_path / "golden"))


def test_there_are_golden_files_of_a_release_and_they_are_as_they_were_written() -> None:
    files = [file for release in RELEASES for file in sorted(release.iterdir())]
    found = {
        f"{file.parent.name}/{file.name}": hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
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
        assert list(states(ledger)) == expected["states"]
    assert len(set(expected["states"])) > 40, "most events change some answer"


def test_it_is_exported_and_imported_byte_for_byte(golden: Path, tmp_path: Path) -> None:
    again, copy = tmp_path / "again.jsonl", tmp_path / "copy.db"
    assert run(golden / LEDGER, "export", "--audit", str(again)).code == 0
    assert again.read_bytes() == (golden / EXPORT).read_bytes()
    key = json.loads((golden / EXPECTED).read_text())["key"]
    assert run(copy, "import", str(golden / EXPORT), "--key", key).code == 0
    assert run(copy, "export", "--audit", str(tmp_path / "copy.jsonl")).code == 0
    assert (tmp_path / "copy.jsonl").read_bytes() == (golden / EXPORT).read_bytes()


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
