"""Documents of sources: hashed when registered, kept whole or not at all, verified again."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from cli.documents import folder_of, kept
from ledger.values.refusals import Refusal
from tests.cli.test_entry import asked
from tests.helpers import Outcome, assert_refused, assert_usage, run, tamper

BYTES = b"%PDF-1.7 a notice"
SHA256 = hashlib.sha256(BYTES).hexdigest()
SOURCE = ("--title", "Notice", "--kind", "filing", "--publisher", "AMF", "--published-on", "2023")


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "Notice.PDF"
    path.write_bytes(BYTES)
    return path


def register(ledger: Path, *words: str, source: str = "notice") -> Outcome:
    return run(ledger, "append", "source-registered", "--source", source, *SOURCE, *words)


def recorded(ledger: Path) -> object:
    return json.loads(run(ledger, "show", "#9", "--format", "json").out)["rows"][0]["data"][
        "sha256"
    ]


def test_the_document_is_hashed_and_kept(ledger: Path, notice: Path) -> None:
    assert register(ledger, "--file", str(notice), "--keep").code == 0
    assert recorded(ledger) == SHA256
    (path,) = folder_of(ledger).iterdir()
    assert (path.name, path.read_bytes()) == (f"{SHA256}.pdf", BYTES)
    outcome = run(ledger, "verify")
    assert outcome.code == 0
    assert "1 kept document has the hash that was recorded" in " ".join(outcome.out.split())


def test_without_keep_there_is_a_hash_alone(ledger: Path, notice: Path) -> None:
    assert register(ledger, "--file", str(notice)).code == 0
    assert recorded(ledger) == SHA256
    assert not folder_of(ledger).exists()
    assert "document" not in run(ledger, "verify").out


def test_nothing_is_kept_of_what_is_not_recorded(ledger: Path, notice: Path) -> None:
    keep = ("--file", str(notice), "--keep")
    assert register(ledger, *keep, "--dry-run").code == 0
    assert_refused(register(ledger, *keep, "--standing", "great"), Refusal.BAD_CHOICE)
    wrong = register(ledger, *keep, "--sha256", "0" * 64)
    assert_refused(wrong, Refusal.FIELDS_DISAGREE, SHA256)
    assert_refused(register(ledger, "--file", "no.pdf"), Refusal.UNREADABLE_FILE, "no.pdf")
    assert_usage(register(ledger, "--keep"), "--file")
    refused = register(ledger, *keep, "--key", "opened")
    assert_refused(refused, Refusal.KEY_REUSED)
    assert not folder_of(ledger).exists()


def test_what_is_recorded_and_not_kept_is_kept_by_doing_it_again(
    ledger: Path, notice: Path
) -> None:
    words = ("--file", str(notice), "--key", "notice")
    assert register(ledger, *words).code == 0
    for said in ("kept ", "kept already as"):
        outcome = register(ledger, *words, "--keep")
        assert outcome.code == 0, outcome.err
        assert said in outcome.err
    assert kept(ledger).keys() == {SHA256}


def test_a_document_that_is_found_later_is_hashed_and_kept(ledger: Path, notice: Path) -> None:
    assert register(ledger).code == 0
    words = ("correct-source", "notice", "--because", "found", "--file", str(notice), "--keep")
    assert run(ledger, *words, "--dry-run").code == 0
    assert not folder_of(ledger).exists()
    assert run(ledger, *words).code == 0
    assert kept(ledger).keys() == {SHA256}
    assert "1 kept document has the hash" in " ".join(run(ledger, "verify").out.split())


def test_verify_names_what_is_altered_extra_and_missing(ledger: Path, notice: Path) -> None:
    register(ledger, "--file", str(notice), "--keep")
    register(ledger, "--sha256", "a" * 64, source="other")
    found = run(ledger, "verify")
    assert found.code == 0
    assert "The documents of other: a hash is recorded" in " ".join(found.out.split())
    (path,) = folder_of(ledger).iterdir()
    path.write_bytes(BYTES + b".")
    (path.parent / "stray.txt").touch()
    (path.parent / ("b" * 64)).touch()
    (path.parent / f"{'a' * 64}.d").mkdir()
    findings = json.loads(run(ledger, "verify", "--json").out)["findings"]
    said = {Path(finding["place"]).name: finding["wrong"] for finding in findings}
    assert said == {
        path.name: "The document of notice was altered.",
        "stray.txt": "It is named by no hash that is recorded for a source.",
        "b" * 64: "It is named by no hash that is recorded for a source.",
        f"{'a' * 64}.d": "It cannot be read: it is a folder.",
    }
    assert run(ledger, "verify").code == 1
    again = register(ledger, "--file", str(notice), "--keep", source="third")
    assert_refused(again, Refusal.FILE_EXISTS, "altered since it was kept")


def test_a_damaged_ledger_with_documents_is_still_told_of(ledger: Path, notice: Path) -> None:
    register(ledger, "--file", str(notice), "--keep")
    tamper(ledger, "UPDATE stored_events SET state = ? WHERE position = 9", b'{"sha256":')
    outcome = run(ledger, "verify", "--json")
    assert outcome.code == 1
    assert "It is not checked" in outcome.out


def test_a_backup_says_that_documents_are_no_part_of_it(ledger: Path, notice: Path) -> None:
    folder = ledger.parent
    assert "document" not in run(ledger, "backup", str(folder / "before.db")).err
    register(ledger, "--file", str(notice), "--keep")
    backup = folder / "backup.db"
    outcome = run(ledger, "backup", str(backup))
    assert outcome.code == 0
    assert "1 document is kept beside the ledger and not in its backup" in outcome.err
    shutil.copytree(*outcome.err.split("cp -R ")[1].split())
    assert "1 kept document" in run(backup, "verify").out
    assert run(ledger, "restore", str(backup)).code == 0
    assert kept(ledger).keys() == {SHA256}


def test_none_is_kept_where_nothing_is_recorded_after_all(ledger: Path, notice: Path) -> None:
    outcome = asked(
        ledger, f"append source-registered --source notice --file {notice} --keep", "title", "."
    )
    assert (outcome.code, "Nothing recorded." in outcome.out) == (0, True)
    assert not folder_of(ledger).exists()
