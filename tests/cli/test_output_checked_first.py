"""Where a command is to write is looked at first: nothing is signed or remembered before."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest.mock import patch

import pytest

from ledger.values.refusals import Refusal
from tests.helpers import Outcome, assert_refused, assert_usage, run

RESERVED = ("deal.db-journal", "other-wal", "x-shm")


@pytest.fixture
def keyed(ledger: Path) -> Path:
    """A ledger with keys, and a request to cosign its first checkpoint."""
    folder = ledger.parent
    assert run(ledger, "keygen", str(folder / "key")).code == 0
    assert run(ledger, "keygen", str(folder / "guard"), "--witness", "acme.law/w1").code == 0
    seal = ("seal", "--key", str(folder / "key"), "--request", str(folder / "request"))
    assert run(ledger, *seal).code == 0
    return ledger


def writing(ledger: Path, file: Path) -> dict[str, tuple[str, ...]]:
    """Every command that writes a file which may be named freely."""
    folder, name = ledger.parent, str(file)
    key, guard = str(folder / "key"), str(folder / "guard")
    cosign = ("cosign", str(folder / "request"), "--log", key, "--key", guard, "--first")
    return {
        "seal --out": ("seal", "--key", key, "--out", name),
        "seal --request": ("seal", "--key", key, "--request", name),
        "cosign": (*cosign, "--state", str(folder / "state"), "--out", name),
        "export --audit": ("export", "--audit", name),
        "export --verifier": ("export", "--audit", str(folder / "audit"), "--verifier", name),
        "prove": ("prove", "opened", "--out", name),
        "prove-answer": ("prove-answer", "--out", name, "holdings", "acme"),
        "report": ("report", name),
        "backup": ("backup", name),
        "keygen": ("keygen", name),
    }


def state_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder but the read model, which a command may catch up."""
    files = [path for path in folder.iterdir() if path.is_file() and "views" not in path.name]
    return {path.name: path.read_bytes() for path in files}


def refused_by_each(keyed: Path, file: Path, refusal: Refusal) -> None:
    before = state_of(keyed.parent)
    for words in writing(keyed, file).values():
        assert_refused(run(keyed, *words), refusal, file.name)
        assert state_of(keyed.parent) == before, words


def test_a_file_that_exists_is_not_written_and_nothing_is_done(keyed: Path) -> None:
    taken = keyed.with_name("taken")
    taken.write_text("mine")
    refused_by_each(keyed, taken, Refusal.FILE_EXISTS)


@pytest.mark.parametrize("name", RESERVED)
def test_names_that_sqlite_gives_are_refused(keyed: Path, name: str) -> None:
    refused_by_each(keyed, keyed.with_name(name), Refusal.RESERVED_NAME)
    assert_refused(run(keyed.with_name(name), "init"), Refusal.RESERVED_NAME)


def test_a_folder_that_is_not_there_is_refused(keyed: Path) -> None:
    refused_by_each(keyed, keyed.parent / "none" / "file", Refusal.FILE_TROUBLE)


def test_two_outputs_have_two_names(keyed: Path) -> None:
    before = state_of(keyed.parent)
    name, key = str(keyed.with_name("both")), str(keyed.with_name("key"))
    for words in (
        ("seal", "--key", key, "--out", name, "--request", name),
        ("export", "--audit", name, "--verifier", name),
    ):
        assert_usage(run(keyed, *words), "one name")
    assert state_of(keyed.parent) == before


def test_a_passphrase_is_not_asked_for_in_vain(keyed: Path) -> None:
    def asked(**_: object) -> str:
        raise AssertionError("nothing is to be asked")

    with patch("cli.signing.passphrase", asked):
        told: Outcome = run(keyed, "keygen", str(keyed), "--passphrase")
    assert_refused(told, Refusal.FILE_EXISTS)


def test_control_of_outputs_each_writes_where_nothing_is(keyed: Path) -> None:
    for number, words in enumerate(writing(keyed, keyed.with_name("free")).values()):
        told = run(keyed, *words)
        assert told.code == 0, (words, told)
        shutil.move(keyed.with_name("free"), keyed.with_name(f"written-{number}"))
