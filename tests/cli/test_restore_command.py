"""A backup in the place of the ledger: it is checked first, and what lay there is not lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from ledger.storage import atomic_file as newfiles
from ledger.values.refusals import Refusal
from tests.helpers import accept, assert_refused, new_ledger, party, run, stored, tamper


@pytest.fixture
def backup(ledger: Path) -> Path:
    """A backup of a ledger that has an event more by now."""
    file = ledger.with_name("backup.db")
    assert run(ledger, "backup", str(file)).code == 0
    accept(ledger, party("later"))
    assert run(ledger, "holdings", "acme").code == 0
    return file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_lay_there_is_kept_and_counted(ledger: Path, backup: Path) -> None:
    told = run(ledger, "restore", str(backup))
    assert told.code == 0, told.err
    aside = ledger.with_name("deal.db.replaced-1")
    assert told.out.splitlines()[:3] == [
        f"restored 8 events from {backup} to {ledger}",
        f"kept {aside}",
        "deal.db.replaced-1 has 1 later event, which the backup lacks",
    ]
    assert stored(ledger) == stored(backup)
    assert len(stored(aside)) == 9
    assert run(ledger, "show", "party-later").code == 2, "the read model is not that of before"
    assert run(ledger, "replay").code == run(aside, "replay").code == 0


def test_restoring_again_keeps_the_next_one_as_well(ledger: Path, backup: Path) -> None:
    for number in (1, 2, 3):
        told = json.loads(run(ledger, "restore", str(backup), "--json").out)
        assert told["kept"] == [f"{ledger}.replaced-{number}"]
        assert told["later_events"] == 1, "which the backup lacks"
        accept(ledger, party("after"))
    assert [len(stored(Path(f"{ledger}.replaced-{n}"))) for n in (1, 2, 3)] == [9, 9, 9]


def test_a_ledger_that_is_gone_or_unreadable_is_restored(ledger: Path, backup: Path) -> None:
    ledger.unlink()
    assert run(ledger, "restore", str(backup)).code == 0
    assert "deal.db.replaced-1" not in names(ledger.parent)
    for ruin in (b"", b"no ledger at all", ledger.read_bytes()[:9_000]):
        ledger.write_bytes(ruin)
        assert run(ledger, "restore", str(backup)).code == 0
        assert stored(ledger) == stored(backup)
    assert sum("replaced" in name for name in names(ledger.parent)) == 3


def test_a_backup_that_is_not_whole_changes_nothing(ledger: Path, backup: Path) -> None:
    before, there = ledger.read_bytes(), names(ledger.parent)
    tamper(backup, "UPDATE stored_events SET state = x'7b7d' WHERE position = 3")
    told = run(ledger, "restore", str(backup))
    assert told.code == 5
    assert "row 3 of the log" in told.err
    assert "Nothing was changed" in told.err
    backup.write_bytes(b"no ledger at all")
    assert_refused(run(ledger, "restore", str(backup)), Refusal.NOT_A_LEDGER)
    backup.unlink()
    assert_refused(run(ledger, "restore", str(backup)), Refusal.NO_LEDGER)
    assert ledger.read_bytes() == before
    assert names(ledger.parent) == [name for name in there if name != "backup.db"]


def test_the_ledger_itself_and_another_one_are_refused(ledger: Path, backup: Path) -> None:
    assert_refused(run(ledger, "restore", str(ledger)), Refusal.FILE_EXISTS, "the ledger itself")
    link = ledger.with_name("link.db")
    link.symlink_to(ledger)
    assert_refused(run(ledger, "restore", str(link)), Refusal.FILE_EXISTS, "the ledger itself")
    (ledger.parent / "other").mkdir()
    other = new_ledger(ledger.parent / "other")
    assert_refused(run(other, "restore", str(backup)), Refusal.OTHER_LEDGER)
    assert len(stored(ledger)) == 9


def test_a_ledger_named_by_a_link_is_restored_where_it_lies(ledger: Path, backup: Path) -> None:
    link = ledger.with_name("link.db")
    link.symlink_to(ledger)
    assert run(link, "restore", str(backup)).code == 0
    assert link.is_symlink()
    assert stored(ledger) == stored(backup)


@pytest.mark.usefixtures("hurried")
def test_a_ledger_that_is_being_written_is_not_moved(ledger: Path, backup: Path) -> None:
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert_refused(run(ledger, "restore", str(backup)), Refusal.LEDGER_BUSY)
    assert len(stored(ledger)) == 9
    assert run(ledger, "restore", str(backup)).code == 0


def test_a_copy_that_cannot_be_made_moves_nothing(ledger: Path, backup: Path) -> None:
    there = names(ledger.parent)
    with patch.object(newfiles, "_make_durable", side_effect=OSError(28, "No space left")):
        assert_refused(run(ledger, "restore", str(backup)), Refusal.FILE_TROUBLE, "No space")
    assert names(ledger.parent) == there
    assert len(stored(ledger)) == 9


def test_a_write_ahead_log_goes_with_the_file_that_it_lay_beside(
    ledger: Path, backup: Path
) -> None:
    Path(f"{ledger}-wal").write_bytes(b"of another file")
    assert run(ledger, "restore", str(backup)).code == 0
    assert Path(f"{ledger}.replaced-1-wal").read_bytes() == b"of another file"
    assert not Path(f"{ledger}-wal").exists()


def test_a_restore_killed_between_the_ledger_and_its_journal_goes_on(
    ledger: Path, backup: Path
) -> None:
    shutil.move(ledger, f"{ledger}.replaced-1")
    Path(f"{ledger}-journal").write_bytes(b"a journal")
    assert run(ledger, "restore", str(backup)).code == 0
    assert Path(f"{ledger}.replaced-1-journal").read_bytes() == b"a journal"
    assert stored(ledger) == stored(backup)
