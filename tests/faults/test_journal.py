"""The journal of a killed append: played back into its own ledger, never into another file."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from ledger.storage.rollback_journal import foreign_journal
from ledger.values.refusals import Refusal
from tests.faults import FIGURES, SEED
from tests.faults.tracing import appended, appended_at_once, ledger_like, needs_strace, points
from tests.helpers import accept, assert_refused, lines, new_ledger, party, run, stored

BATCH = lines(*(party(f"new-{number}") for number in range(5)))
EARLIER, BEFORE, AFTER = 8, 9, 14  # events: in the copies, and around the append that is killed


class Copied:
    """A ledger of nine events, and what somebody may put in its place: copies of the first eight,
    and a ledger of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ledger = folder, new_ledger(folder)
        assert run(self.ledger, "backup", str(folder / "backup.db")).code == 0
        shutil.copy(self.ledger, folder / "by-hand.db")
        accept(self.ledger, party("between"))
        assert run(self.ledger, "holdings", "acme").code == 0
        (folder / "other").mkdir()
        shutil.copy(new_ledger(folder / "other", party("other")), folder / "other.db")
        (folder / "batch.jsonl").write_bytes(BATCH)

    @property
    def foreign(self) -> list[Path]:
        return [self.folder / f"{name}.db" for name in ("backup", "by-hand", "other")]

    @cache  # noqa: B019 (it lives as long as the module)
    def killed(self, most: int) -> list[Path]:
        """Folders of ledgers with the journal that an append left when it was killed at one write
        or another."""
        folder = self.folder / f"killed-{most}"
        folder.mkdir()
        ledger_like(self.folder, folder / "whole")
        appended(folder / "whole", self.folder / "batch.jsonl")
        at, runs = points(folder / "whole" / "trace", ("pwrite64", "fdatasync")), []
        for name, number in random.Random(f"{SEED} {most}").sample(at, min(most, len(at))):
            place = folder / f"{name}-{number}"
            ledger_like(self.folder, place)
            runs.append((place, f"--inject={name}:signal=KILL:when={number}"))
        endings = appended_at_once(self.folder / "batch.jsonl", runs)
        assert all(ending.code == -signal.SIGKILL for ending in endings)
        found = [ending.folder for ending in endings]
        return [place for place in found if journal_of(place / "deal.db").exists()]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Copied:
    return Copied(tmp_path_factory.mktemp("base"))


def killed(base: Copied, folder: Path, most: int) -> Iterator[Path]:
    """Copies of the ledgers of an append that was killed, each with its journal."""
    for place in base.killed(most):
        yield Path(shutil.copytree(place, folder / place.name)) / "deal.db"


def journal_of(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.name}-journal")


def moved(ledger: Path, folder: Path, *, journal: bool, file: Path | None = None) -> Path:
    """A ledger as it would be after its journal, or not, or another file was put in a folder."""
    folder.mkdir()
    if journal:
        shutil.copy(journal_of(ledger), folder / "deal.db-journal")
    return Path(shutil.copy(file or ledger, folder / "deal.db"))


FEW = pytest.mark.parametrize("most", [4, pytest.param(1_000, marks=pytest.mark.whole)])


@needs_strace
@FEW
def test_a_journal_is_not_played_into_a_file_that_was_put_there(
    base: Copied, tmp_path: Path, most: int
) -> None:
    spoiled = refused = 0
    for ledger in killed(base, tmp_path, most):
        assert foreign_journal(ledger) is None, "it is of the ledger beside it"
        for file in base.foreign:
            place = tmp_path / f"{ledger.parent.name}-{file.name}"
            place.mkdir()
            lured = moved(ledger, place / "lured", journal=True, file=file)
            spoiled += is_spoiled(lured, file)
            there = moved(ledger, place / "there", journal=True, file=file)
            told = run(there, "holdings", "acme")
            if foreign_journal(there):
                assert_refused(told, Refusal.FOREIGN_JOURNAL, "restore FILE`")
                assert there.read_bytes() == file.read_bytes()
                refused += 1
            else:
                assert told.code == 0, "the journal had not begun"
            assert stored(file) == stored_alone(there, place / "alone")
    assert refused >= spoiled > 0, "the control: SQLite itself would have written into some"
    FIGURES.append(f"journals of other files: {refused} refused, {spoiled} would have done harm")


def is_spoiled(ledger: Path, file: Path) -> bool:
    """Whether SQLite, left to itself, makes something else of a file beside a journal."""
    try:
        with closing(sqlite3.connect(ledger)) as connection:
            found = connection.execute("SELECT position, state FROM stored_events").fetchall()
            whole = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        return True
    return not whole or found != stored(file)


def stored_alone(ledger: Path, folder: Path) -> list[tuple[int, bytes]]:
    """The events of a file, without a journal that may lie beside it."""
    return stored(moved(ledger, folder, journal=False))


@needs_strace
@FEW
def test_a_restore_keeps_the_ledger_with_its_journal_aside(
    base: Copied, tmp_path: Path, most: int
) -> None:
    backup = base.folder / "backup.db"
    for ledger in killed(base, tmp_path, most):
        told = run(ledger, "restore", str(backup))
        assert told.code == 0, told.err
        assert f"restored {EARLIER} events" in told.out
        assert stored(ledger) == stored(backup)
        aside = ledger.with_name("deal.db.replaced-1")
        assert len(stored(aside)) == BEFORE
        assert run(aside, "replay").code == 0
        accept(ledger, party("after"))
        assert run(ledger, "replay").code == 0


@needs_strace
@FEW
def test_a_restore_over_a_file_that_was_put_there_by_hand(
    base: Copied, tmp_path: Path, most: int
) -> None:
    """Somebody copied the backup over the ledger first, and was refused."""
    for ledger in killed(base, tmp_path, most):
        for file in base.foreign[:2]:
            there = moved(ledger, tmp_path / f"{ledger.parent.name}-{file.name}", journal=True,
                          file=file)  # fmt: skip
            left = journal_of(there).read_bytes()
            if not foreign_journal(there):
                continue
            told = run(there, "restore", str(base.folder / "backup.db"))
            assert told.code == 0, told.err
            assert there.with_name("deal.db.replaced-1-journal").read_bytes() == left
            assert not journal_of(there).exists()
            assert len(stored(there)) == EARLIER
            accept(there, party("after"))


@needs_strace
@FEW
def test_a_ledger_moved_without_its_journal_is_whole_or_damaged(
    base: Copied, tmp_path: Path, most: int
) -> None:
    """What is torn is told: there is no other answer than that of the nine events, or of all."""
    damaged = 0
    for ledger in killed(base, tmp_path, most):
        torn = moved(ledger, tmp_path / f"{ledger.parent.name}-torn", journal=False)
        codes = [run(torn, *words).code for words in (("holdings", "acme"), ("replay",))]
        codes.append(run(torn, "append", "--file", str(base.folder / "batch.jsonl")).code)
        valid = run(torn, "doctor").code == 0
        if valid:
            assert codes == [0, 0, 0]
            assert len(stored(torn)) == AFTER
        else:
            damaged += 1
            assert 5 in codes, codes
        assert set(codes) <= {0, 5}, codes
    FIGURES.append(f"moved without the journal: {damaged} torn ones, each told")
