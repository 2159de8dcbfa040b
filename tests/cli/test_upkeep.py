"""Keeping a ledger: settled outcomes, backups, the doctor, and files that are not as they seem."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from cli import health as fitness
from cli.commands import backup
from ledger.storage import atomic_file as newfiles
from ledger.storage import files
from ledger.storage import filesystems as places
from ledger.storage.sqlite import LedgerRecorder
from ledger.values.refusals import Damaged, Refusal
from tests import ROOT
from tests.helpers import (
    Outcome,
    accept,
    append,
    assert_printable,
    assert_refused,
    lines,
    new_ledger,
    party,
    run,
    stored,
    tamper,
)

PROGRAM = (sys.executable, "-c", "from cli.main import main; main()")
HOSTILE = "de\x1b[31mal\u202e.db"


def problems(outcome: Outcome) -> dict[str, str]:
    """What the doctor found wrong, by check."""
    found = json.loads(outcome.out)["findings"]
    return {row["check"]: row["verdict"] for row in found if row["verdict"] != "ok"}


def changed(path: Path, *statements: str) -> None:
    """Change a file from outside."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


# Status


def test_status_tells_recorded_from_not_recorded(ledger: Path) -> None:
    told = run(ledger, "status", "--key", "opened")
    assert told.code == 0
    assert told.out.startswith("recorded #8 register-opened opened at 20")
    assert run(ledger, "status", "--key", "other") == (1, "not recorded\n", "")


def test_status_in_json(ledger: Path) -> None:
    told = run(ledger, "status", "--key", "opened", "--json")
    assert json.loads(told.out)["position"] == 8
    told = run(ledger, "status", "--key", "other", "--json")
    assert told.code == 1
    assert json.loads(told.out) == {
        "key": "other", "status": "not recorded", "being_written": False
    }  # fmt: skip


def test_status_while_another_process_writes(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run(ledger, "status", "--key", "opened").code == 0
        told = run(ledger, "status", "--key", "other")
        assert (told.code, told.out) == (1, "not recorded\n")
        assert "ask again when it has finished" in told.err
    assert run(ledger, "status", "--key", "other").err == ""


def test_status_changes_nothing(ledger: Path) -> None:
    before = ledger.read_bytes()
    run(ledger, "status", "--key", "opened")
    run(ledger, "status", "--key", "other")
    assert ledger.read_bytes() == before
    with (
        closing(files.reading(ledger)) as connection,
        pytest.raises(sqlite3.OperationalError, match="readonly"),
    ):
        connection.execute("CREATE TABLE other (x)")


def test_status_of_what_is_no_key(ledger: Path) -> None:
    assert_refused(run(ledger, "status", "--key", "a\x1b[2Jb"), Refusal.BAD_IDENTIFIER, "--key")


# Outcomes that are unknown


@contextmanager
def failing_commit(error: BaseException, *, after: bool) -> Iterator[None]:
    """Let every commit of an append fail, before or after it has taken place."""
    commit = LedgerRecorder._commit

    def fail(self: LedgerRecorder, connection: Any) -> None:
        if after:
            commit(self, connection)
        else:
            connection.rollback()
        raise error

    with patch.object(LedgerRecorder, "_commit", fail):
        yield


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "error",
    [sqlite3.OperationalError("disk I/O error"), OSError(5, "Input/output error"),
     KeyboardInterrupt()],
    ids=["sqlite", "system", "interrupted"],
)  # fmt: skip
def test_a_commit_that_fails_leaves_the_outcome_unknown(
    ledger: Path, error: BaseException, after: bool
) -> None:
    with failing_commit(error, after=after):
        told = append(ledger, lines(party("newco")))
    assert (told.code, told.out) == (4, "")
    assert "nothing was recorded" not in told.err
    command = told.err.rpartition("run: ")[2].split()
    assert command == ["stakebook", "--ledger", str(ledger), "status", "--key=party-newco"]
    assert run(ledger, *command[3:]).code == (0 if after else 1)


@pytest.mark.usefixtures("hurried")
def test_a_commit_that_finds_the_ledger_busy_is_undone(ledger: Path) -> None:
    """A reader that never ends: the commit cannot take place, and that is certain."""
    with closing(sqlite3.connect(ledger, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM stored_events").fetchone()
        told = append(ledger, lines(party("newco")))
        assert_refused(told, Refusal.LEDGER_BUSY, "Nothing was recorded")
    assert run(ledger, "status", "--key", "party-newco").code == 1
    accept(ledger, party("newco"))


def test_the_command_named_is_quoted(tmp_path: Path) -> None:
    path = new_ledger(tmp_path).rename(tmp_path / "my deal.db")
    with failing_commit(OSError(5, "Input/output error"), after=True):
        told = append(path, lines(party("newco")))
    assert f"stakebook --ledger '{path}' status --key=party-newco" in told.err


def _until_read(pipe: int) -> None:
    """Wait until all that was written to a pipe is read."""
    waiting, until = array("i", [1]), time.monotonic() + 30
    while waiting[0] and time.monotonic() < until:
        time.sleep(0.01)
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_interrupted_append_tells_the_truth(ledger: Path, number: int) -> None:
    """Waiting for events on standard input: nothing has begun, and that is what is said."""
    with subprocess.Popen(
        [*PROGRAM, "--ledger", str(ledger), "append", "--file", "-"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stdin
        process.stdin.write(lines(party("newco")))
        process.stdin.flush()
        _until_read(process.stdin.fileno())
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert out == b""
    assert err.count(b"\n") == 1
    assert b"not recorded" in err
    assert run(ledger, "status", "--key", "party-newco").code == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_signal_around_the_commit(ledger: Path, number: int, when: str) -> None:
    commit = LedgerRecorder._commit

    def signalled(self: LedgerRecorder, connection: Any) -> None:
        if when == "after":
            commit(self, connection)
        os.kill(os.getpid(), number)
        commit(self, connection)

    with patch.object(LedgerRecorder, "_commit", signalled):
        told = append(ledger, lines(party("newco")))
    assert (told.code, told.out) == (4, "")
    assert "status --key=party-newco" in told.err
    assert run(ledger, "status", "--key", "party-newco").code == (0 if when == "after" else 1)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_interruption_that_a_library_takes_for_a_failure_is_one(
    ledger: Path, number: int
) -> None:
    """As a schema that is being built does: its failure has the interruption's name in it."""

    def failing(*_: object) -> None:
        try:
            os.kill(os.getpid(), number)
        except KeyboardInterrupt as interruption:
            raise ValueError(repr(interruption)) from None

    with patch("cli.context.OpenedLedger.__enter__", failing):
        told = run(ledger, "holdings", "acme")
    assert told.code == {signal.SIGINT: 130, signal.SIGTERM: 143}[number]
    assert "not recorded" in told.err


def test_handlers_are_put_back(ledger: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run(ledger, "status", "--key", "opened")
    assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]


CLOSED = "import os; os.close(1)"
FULL = "import os; os.dup2(os.open('/dev/full', os.O_WRONLY), 1)"


@pytest.mark.parametrize(
    ("prepare", "form"),
    [
        pytest.param(CLOSED, (), id="closed-text"),
        pytest.param(FULL, ("--json",), id="full-json"),
        pytest.param(CLOSED, ("--json",), id="closed-json", marks=pytest.mark.whole),
        pytest.param(FULL, (), id="full-text", marks=pytest.mark.whole),
    ],
)
def test_a_receipt_that_cannot_be_written(
    ledger: Path, prepare: str, form: tuple[str, ...]
) -> None:
    words = (*PROGRAM, "--ledger", str(ledger), "append", "--file", "-", *form)
    done = subprocess.run(
        [sys.executable, "-c", f"{prepare}; os.execv({words[0]!r}, {list(words)!r})"],
        input=lines(party("newco")), capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 4, done
    assert b"may well be recorded" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert run(ledger, "status", "--key", "party-newco").code == 0


def test_recorded_is_said_only_after_the_commit(ledger: Path) -> None:
    """While the commit runs, nothing has been written yet."""
    commit, seen = LedgerRecorder._commit, []

    def watched(self: LedgerRecorder, connection: Any) -> None:
        sys.stdout.flush()
        seen.append(Path(sys.stdout.name).read_text())
        commit(self, connection)

    with patch.object(LedgerRecorder, "_commit", watched):
        assert "Recorded #9" in append(ledger, lines(party("newco"))).out
    assert seen == [""]


# Backup


def test_backup_is_a_ledger_with_the_same_events(ledger: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    told = run(ledger, "backup", str(copy))
    assert told.code == 0, told.err
    assert told.out.startswith(f"backed up 8 events to {copy}\n")
    assert stored(copy) == stored(ledger)
    assert run(copy, "replay").code == 0
    accept(copy, party("newco"))
    assert sorted(tmp_path.glob(".*")) == []


@pytest.mark.parametrize("taken", ["itself", "file", "link", "folder"])
def test_backup_replaces_nothing(ledger: Path, tmp_path: Path, taken: str) -> None:
    copy = ledger if taken == "itself" else tmp_path / "copy.db"
    if taken == "file":
        copy.write_text("mine")
    elif taken == "link":
        copy.symlink_to("nowhere")
    elif taken == "folder":
        copy.mkdir()
    before = ledger.read_bytes()
    assert_refused(run(ledger, "backup", str(copy)), Refusal.FILE_EXISTS, "exists already")
    assert ledger.read_bytes() == before
    assert taken != "file" or copy.read_text() == "mine"


def test_backup_made_meanwhile_by_another_is_kept(ledger: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with patch.object(newfiles, "_make_durable", lambda _: copy.write_text("theirs")):
        assert_refused(run(ledger, "backup", str(copy)), Refusal.FILE_EXISTS)
    assert copy.read_text() == "theirs"
    assert sorted(tmp_path.glob(".*")) == []


def test_backup_that_is_no_prefix_is_not_kept(ledger: Path, tmp_path: Path) -> None:
    """The control: a copy with one byte changed does not pass."""
    take = backup._copy

    def spoiled(path: Path, part: Path, advance: Any) -> None:
        take(path, part, advance)
        tamper(part, "UPDATE stored_events SET state = x'7b7d' WHERE position = 3")

    with patch.object(backup, "_copy", spoiled):
        told = run(ledger, "backup", str(tmp_path / "copy.db"))
    assert told.code == 5
    assert "The copy was not kept. Row 3 of the log is damaged" in told.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["deal.db"]


def test_backup_of_another_history_is_not_kept(ledger: Path, tmp_path: Path) -> None:
    """A file put in the place of the ledger while it was copied: sound, and not what it was."""
    (tmp_path / "other").mkdir()
    other, take = new_ledger(tmp_path / "other"), backup._copy
    with patch.object(backup, "_copy", lambda _, part, advance: take(other, part, advance)):
        told = run(ledger, "backup", str(tmp_path / "copy.db"))
    assert told.code == 5
    assert "its events are not those of the ledger" in told.err
    assert not (tmp_path / "copy.db").exists()


def test_backup_to_where_nothing_can_be_made(ledger: Path, tmp_path: Path) -> None:
    told = run(ledger, "backup", str(tmp_path / "no-folder" / "copy.db"))
    assert_refused(told, Refusal.FILE_TROUBLE, "no-folder")


# Places


@pytest.mark.parametrize(
    ("kind", "refused"),
    [("nfs", True), ("nfs4", True), ("cifs", True), ("smb3", True), ("9p", True), ("afs", True),
     ("fuse.sshfs", True), ("ceph", True), ("glusterfs", True), ("fuse.glusterfs", True),
     ("lustre", True), ("ext4", False), ("btrfs", False), ("tmpfs", False), ("overlay", False),
     ("fuse.encfs", False), ("fuseblk", False)],
)  # fmt: skip
def test_network_file_systems_are_refused(tmp_path: Path, kind: str, refused: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "27 1 254:0 / / rw shared:1 - ext4 /dev/sda rw\n"
        f"28 27 0:9 / {str(tmp_path).replace(' ', chr(92) + '040')} rw - {kind} server:/x rw\n"
        "broken line\n"
    )
    with patch.object(places, "MOUNTS", mounts):
        assert places.file_system(tmp_path / "deal.db") == kind
        assert places.file_system(tmp_path.parent / "deal.db") == "ext4"
        told = run(tmp_path / "deal.db", "init")
        assert told.code == (2 if refused else 0)
    assert (tmp_path / "deal.db").exists() is not refused


def test_the_last_of_two_mounts_at_one_point_counts_and_links_are_followed(tmp_path: Path) -> None:
    mounts, real, link = tmp_path / "mountinfo", tmp_path / "a b", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    point = str(real).replace(" ", "\\040")
    mounts.write_text(f"1 0 0:1 / {point} rw - ext4 a rw\n2 0 0:2 / {point} rw - nfs b rw\n")
    with patch.object(places, "MOUNTS", mounts):
        assert places.file_system(link / "deal.db") == "nfs"


def test_without_a_list_of_mounts_the_place_is_unknown_and_allowed(tmp_path: Path) -> None:
    with patch.object(places, "MOUNTS", tmp_path / "none"):
        assert places.file_system(tmp_path) is None
        assert run(tmp_path / "deal.db", "init").code == 0


# Files that are not what they seem


STRANGE = {
    "a view": ("CREATE VIEW other AS SELECT * FROM stored_events",),
    "a trigger": (
        "CREATE TRIGGER other AFTER INSERT ON stored_events BEGIN SELECT randomblob(1); END",
    ),
    "a view in place of a table": (
        "DROP TABLE ledger",
        "CREATE VIEW ledger AS SELECT 'forged' AS id, 1 AS only, '' AS created_at",
    ),
    "a trigger gone": ("DROP TRIGGER events_are_never_changed",),
    "a trigger weakened": (
        "DROP TRIGGER events_are_never_deleted",
        "CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON stored_events"
        " BEGIN SELECT 1; END",
    ),
    "a column": ("ALTER TABLE ledger ADD COLUMN other TEXT",),
    "a table": ("CREATE TABLE other (x)",),
    "a table of a name of SQLite's": (
        "PRAGMA writable_schema=ON",
        "INSERT INTO sqlite_master SELECT 'view', 'sqlite_stat1', 'sqlite_stat1', 0,"
        " 'CREATE VIEW sqlite_stat1 AS SELECT 1 AS tbl'",
    ),
}


@pytest.mark.parametrize("statements", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("words", [("holdings",), ("append", "--file", "-"), ("status", "--key=x")])
def test_a_changed_schema_is_found_before_anything_is_read(
    ledger: Path, statements: tuple[str, ...], words: tuple[str, ...]
) -> None:
    changed(ledger, *statements)
    before = ledger.read_bytes()
    told = run(ledger, *words, stdin=lines(party("newco")))
    assert told.code == (2 if "malformed" in told.err or "not a stakebook" in told.err else 5)
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert ledger.read_bytes() == before


def test_what_sqlite_adds_by_itself_is_no_change(ledger: Path) -> None:
    changed(ledger, "ANALYZE")
    assert run(ledger, "replay").code == 0


def test_a_write_ahead_log_of_another_file_is_not_read(ledger: Path, tmp_path: Path) -> None:
    """The control: SQLite itself would take the pages of the other file for the ledger's."""
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        writer.execute("CREATE TABLE stolen (x)")
        copy, lured = Path(f"{ledger}-wal"), tmp_path / "lured.db"
        shutil.copy(f"{other}-wal", copy)
        shutil.copy(f"{other}-wal", f"{lured}-wal")
    shutil.copy(ledger, lured)
    with closing(sqlite3.connect(lured)) as connection:
        assert ("stolen",) in connection.execute("SELECT name FROM sqlite_master").fetchall()
    told = run(ledger, "status", "--key", "opened")
    assert told.code == 5
    assert "Move it elsewhere" in told.err
    assert problems(run(ledger, "doctor", "--json"))["beside it"] == "problem"
    copy.unlink()
    assert run(ledger, "replay").code == 0


def test_a_ledger_set_to_a_write_ahead_log_is_set_back_by_the_next_append(ledger: Path) -> None:
    changed(ledger, "PRAGMA journal_mode=WAL")
    assert ledger.read_bytes()[18] == 2
    assert problems(run(ledger, "doctor", "--json")).get("journal") in ("problem", "warning")
    assert run(ledger, "holdings", "acme").code == 0
    accept(ledger, party("newco"))
    assert ledger.read_bytes()[18] == 1
    assert "journal" not in problems(run(ledger, "doctor", "--json"))


def test_an_append_that_was_killed_is_undone_by_the_next_question(ledger: Path) -> None:
    """A journal left behind, as by a kill while the file was being changed."""
    before, journal = stored(ledger), Path(f"{ledger}-journal")
    with closing(sqlite3.connect(ledger, isolation_level=None)) as writer:
        writer.execute("PRAGMA cache_size=1")
        writer.execute("PRAGMA cache_spill=1")
        writer.execute("BEGIN IMMEDIATE")
        for number in range(200):
            writer.execute(
                "INSERT INTO stored_events VALUES (?, ?, 1, 't', ?, ?, x'00', x'00')",
                (9 + number, f"s{number}", b"x" * 900, f"k{number}"),
            )
        shutil.copy(journal, f"{journal}.kept")
        torn = ledger.read_bytes()
        writer.execute("ROLLBACK")
    ledger.write_bytes(torn)
    shutil.move(f"{journal}.kept", journal)
    assert len(torn) > 28672, "the control: the file does hold pages of the append"
    assert run(ledger, "status", "--key", "k3").code == 1
    assert stored(ledger) == before
    assert not journal.exists()


# The doctor


def test_the_doctor_finds_nothing_wrong_with_a_sound_ledger(ledger: Path) -> None:
    with patch.object(fitness.sqlite3, "sqlite_version_info", (3, 51, 3)):
        told = run(ledger, "doctor", "--json")
    assert told.code == 0
    assert problems(told) == {}
    table = run(ledger, "doctor")
    assert "integrity" in table.out
    rows = [line for line in table.out.splitlines()[1:] if not line.startswith("warning: ")]
    assert max(map(len, rows)) <= 80


def test_the_doctor_without_a_ledger(tmp_path: Path) -> None:
    told = run(tmp_path / "none.db", "doctor")
    assert told.code == 0
    assert "none at this path yet" in told.out


@pytest.mark.parametrize(
    ("version", "affected"),
    [((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 44, 5), True),
     ((3, 44, 6), False), ((3, 45, 0), True), ((3, 50, 6), True), ((3, 50, 7), False),
     ((3, 51, 2), True), ((3, 51, 3), False), ((3, 53, 0), False)],
)  # fmt: skip
def test_releases_of_sqlite_with_the_wal_reset_bug(
    version: tuple[int, int, int], affected: bool
) -> None:
    assert fitness.has_wal_reset_bug(version) is affected


def test_the_doctor_warns_of_what_anybody_may_write(ledger: Path) -> None:
    ledger.chmod(0o666)
    ledger.parent.chmod(0o777)
    told = run(ledger, "doctor", "--json")
    assert told.code == 0
    assert {"file": "warning", "folder": "warning"}.items() <= problems(told).items()


def test_the_doctor_finds_problems(ledger: Path, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("27 1 254:0 / / rw shared:1 - nfs4 server:/export rw\n")
    with patch.object(places, "MOUNTS", mounts):
        told = run(ledger, "doctor", "--json")
        assert told.code == 1
        assert {"file system": "problem", "ledger": "problem"}.items() <= problems(told).items()
    raw = ledger.read_bytes()
    ledger.write_bytes(raw[:16384] + b"\xff" * 4096 + raw[20480:])
    told = run(ledger, "doctor", "--json")
    assert told.code == 1
    assert "problem" in problems(told).values()


def test_the_doctor_compares_the_clock_with_the_log(ledger: Path) -> None:
    from datetime import UTC, datetime

    with patch.object(fitness, "now", lambda: datetime(1970, 1, 1, tzinfo=UTC)):
        assert problems(run(ledger, "doctor", "--json"))["clock"] == "warning"


def test_a_sqlite_without_durability_is_a_problem() -> None:
    with patch.object(files, "secure", side_effect=Damaged("will not")):
        assert fitness._durability().verdict == "problem"


# Surroundings


SURROUNDINGS = {
    "optimized": {"PYTHONOPTIMIZE": "2"},
    "c-locale": {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"},
    "no-home": {"HOME": ""},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "narrow": {"TERM": "dumb", "COLUMNS": "20"},
}
UPKEEP = {"status": ("status", "--key", "opened"), "doctor": ("doctor",),
          "backup": ("backup", "b.db")}  # fmt: skip


def surrounded() -> Iterator[Any]:
    """Each command in each; every run has all of them for one, and two of them for the others."""
    for (name, words), (where, environment) in product(UPKEEP.items(), SURROUNDINGS.items()):
        often = name == "doctor" or where in ("optimized", "c-locale")
        yield pytest.param(
            words, environment, id=f"{where}-{name}", marks=() if often else pytest.mark.whole
        )


@pytest.mark.parametrize(("words", "environment"), list(surrounded()))
def test_any_surroundings(
    ledger: Path, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    kept = {k: v for k, v in os.environ.items() if v and k not in environment}
    done = subprocess.run(
        [*PROGRAM, "--ledger", str(ledger), *words],
        capture_output=True, text=True, check=False, cwd=ledger.parent,
        env=kept | {k: v for k, v in environment.items() if v} | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done
    assert done.stderr == ""


@pytest.mark.parametrize("words", [("status", "--key", "x"), ("doctor",), ("backup",)])
def test_a_hostile_path_is_escaped(shared: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = Path(shutil.copy(shared, tmp_path / HOSTILE))
    given = (*words, str(tmp_path / f"copy{HOSTILE}")) if words == ("backup",) else words
    for told in (run(path, *given), run(tmp_path / f"no{HOSTILE}", *given)):
        assert_printable(told.out + told.err)


def test_a_file_that_may_not_be_written_can_be_asked(ledger: Path) -> None:
    """Reading needs neither a file beside the ledger nor leave to write it."""
    ledger.chmod(0o444)
    assert run(ledger, "status", "--key", "opened").code == 0
    assert run(ledger, "doctor").code == 0
