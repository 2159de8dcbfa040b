"""Bad questions, and bad surroundings: odd options, odd files, odd terminals."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from termios import FIONREAD
from typing import Any
from unittest.mock import patch

import pytest

from ledger.storage import files
from ledger.values.refusals import Refusal
from tests import ROOT
from tests.helpers import (
    accept,
    assert_printable,
    assert_refused,
    assert_usage,
    lines,
    new_ledger,
    party,
    run,
    stored,
)

R = Refusal
PROGRAM = ("-c", "from cli.main import main; main()")
JSON_THEN_TABLE = """
import sys
from cli.main import main

for form in ("json", "table"):
    try:
        main([*sys.argv[1:], form])
    except SystemExit as leaving:
        if leaving.code:
            raise
    print("-- end --")
"""
HOLDINGS = ("holdings", "acme", "--format", "json")


def asked(id: str, words: tuple[str, ...], refusal: R, *said: str) -> Any:
    """A row: an id, a command, the refusal and what it says."""
    return pytest.param(words, refusal, said, id=id)


# E. Questions

QUESTIONS = [
    asked("E1-subject-sql", ("timeline", "1=1; DROP TABLE events"), R.UNKNOWN_SUBJECT),
    asked("E2-subject-or", ("claims", "' OR '1'='1"), R.UNKNOWN_SUBJECT),
    asked("E2-subject-union", ("deals", "x' UNION SELECT 1--"), R.UNKNOWN_SUBJECT),
    asked("E2-holder-quote", ("holdings", "--holder", "'"), R.UNKNOWN_SUBJECT),
    asked("E2-event-sql", ("show", "1 OR 1=1"), R.UNKNOWN_SUBJECT),
    asked("E4-as-of-yesterday", (*HOLDINGS, "--as-of", "tomorrow"), R.BAD_DATE, "--as-of: "),
    asked("E4-as-of-empty", (*HOLDINGS, "--as-of", ""), R.BAD_DATE, "--as-of: "),
    asked("E4-as-of-nul", (*HOLDINGS, "--as-of", "2020\0"), R.BAD_DATE, "2020\\x00"),
    asked("E4-as-of-escape", (*HOLDINGS, "--as-of", "\x1b[2J"), R.BAD_DATE, "\\x1b[2J"),
    asked("E4-as-of-unknown", (*HOLDINGS, "--as-of", "unknown"), R.BAD_DATE),
    asked("E4-as-of-year-0", (*HOLDINGS, "--as-of", "0000-01-01"), R.BAD_DATE),
    asked("E4-as-of-year-10000", (*HOLDINGS, "--as-of", "10000-01-01"), R.BAD_DATE),
    asked("E4-as-of-february", (*HOLDINGS, "--as-of", "2023-02-29"), R.BAD_DATE, "calendar"),
    asked("E4-as-of-instant", (*HOLDINGS, "--as-of", "2023-02-01T10:00Z"), R.BAD_DATE),
    asked("E4-as-of-slashes", (*HOLDINGS, "--as-of", "08/11/2023"), R.BAD_DATE),
    asked("E4-as-of-arabic", (*HOLDINGS, "--as-of", "٢٠٢٣"), R.BAD_DATE),
    asked("E4-known-by-word", (*HOLDINGS, "--known-by", "now"), R.BAD_DATE, "--known-by: "),
    asked("E4-known-by-empty", (*HOLDINGS, "--known-by", ""), R.BAD_DATE, "--known-by: "),
    asked("E4-recorded-by-naive", (*HOLDINGS, "--recorded-by", "2026-11-22T10:00"), R.BAD_DATE,
          "--recorded-by: ", "UTC"),
    asked("E4-recorded-by-offset", (*HOLDINGS, "--recorded-by", "2026-11-22T10:00+01:00"),
          R.BAD_DATE),
    asked("E4-recorded-by-empty", (*HOLDINGS, "--recorded-by", ""), R.BAD_DATE, "--recorded-by: "),
    asked("E4-recorded-by-month", (*HOLDINGS, "--recorded-by", "2026-11"), R.BAD_DATE),
    asked("E4-recorded-by-seconds", (*HOLDINGS, "--recorded-by", "1700000000"), R.BAD_DATE),
    asked("E4-recorded-by-leap-second", (*HOLDINGS, "--recorded-by", "2016-12-31T23:59:60Z"),
          R.BAD_DATE),
    asked("E6-unknown-company", ("holdings", "acne"), R.UNKNOWN_SUBJECT, "Did you mean acme"),
    asked("E6-unknown-votes", ("votes", "acne"), R.UNKNOWN_SUBJECT, "Did you mean acme"),
    asked("E6-unknown-governance", ("governance", "acne"), R.UNKNOWN_SUBJECT, "acme"),
    asked("E6-unknown-claims", ("claims", "acne"), R.UNKNOWN_SUBJECT, "acme"),
    asked("E6-unknown-timeline", ("timeline", "acne"), R.UNKNOWN_SUBJECT, "acme"),
    asked("E6-unknown-holder", ("holdings", "--holder", "bold"), R.UNKNOWN_SUBJECT, "bolt"),
    asked("E6-unknown-deal", ("deals", "ipo"), R.UNKNOWN_SUBJECT),
    asked("E6-unknown-pending", ("pending", "acne"), R.UNKNOWN_SUBJECT),
    asked("E6-unknown-event", ("show", "party-acne"), R.UNKNOWN_SUBJECT, "party-acme"),
    asked("E6-event-0", ("show", "#0"), R.UNKNOWN_SUBJECT),
    asked("E6-event-huge", ("show", "#" + "9" * 30), R.UNKNOWN_SUBJECT),
    asked("E6-prefix-of-two", ("holdings", "fund"), R.UNKNOWN_SUBJECT, "fund-one, fund-two"),
    asked("E6-empty-issuer", ("holdings", ""), R.UNKNOWN_SUBJECT),
    asked("E6-empty-holder", ("holdings", "--holder", ""), R.UNKNOWN_SUBJECT),
    asked("E6-empty-votes", ("votes", ""), R.UNKNOWN_SUBJECT),
    asked("E6-empty-event", ("show", ""), R.UNKNOWN_SUBJECT),
    asked("E6-empty-deal", ("deals", ""), R.UNKNOWN_SUBJECT),
    asked("E6-not-utf-8", ("holdings", "caf\udce9"), R.UNKNOWN_SUBJECT),
    asked("E6-not-utf-8-event", ("show", "caf\udce9"), R.UNKNOWN_SUBJECT),
    asked("E6-escape", ("holdings", "\x1b[2J"), R.UNKNOWN_SUBJECT, "\\x1b[2J"),
    asked("E6-not-yet-recorded", (*HOLDINGS, "--recorded-by", "0001-01-01"), R.UNKNOWN_SUBJECT,
          "recorded by 0001-01-01"),
    asked("E7-like-bomb", ("timeline", "%" * 1000), R.UNKNOWN_SUBJECT),
    asked("E7-regex-bomb", ("timeline", "(a+)+$"), R.UNKNOWN_SUBJECT),
    asked("E7-glob", ("holdings", "*"), R.UNKNOWN_SUBJECT),
    asked("E7-5000-characters", ("holdings", "a" * 5000), R.UNKNOWN_SUBJECT),
    asked("C16-dash-name", ("holdings", "--", "-rf"), R.UNKNOWN_SUBJECT, '"-rf"'),
    asked("C16-help-name", ("claims", "--", "--help"), R.UNKNOWN_SUBJECT, '"--help"'),
    asked("type-unknown", ("events", "shares-transfered"), R.UNKNOWN_TYPE, "shares-transferred"),
    asked("type-unknown-schema", ("schema", "../x"), R.UNKNOWN_TYPE),
    asked("type-unknown-append", ("append", "share-split"), R.UNKNOWN_TYPE, "shares-split"),
    asked("type-escape", ("append", "\x1b[2J"), R.UNKNOWN_TYPE),
    asked("append-missing-field", ("append", "party-registered", "--kind", "fund", "--name", "F"),
          R.MISSING_FIELD, "party: "),
    asked("append-bad-key", ("append", "note-added", "--subject", "acme", "--text", "x", "--key",
          "a b"), R.BAD_IDENTIFIER, "key: "),
    asked("append-bad-json", ("append", "agreement-signed", "--clauses", "{bad"), R.SYNTAX,
          "clauses: "),
    asked("append-json-list", ("append", "agreement-signed", "--clauses", "[1]"), R.BAD_SHAPE,
          "clauses: "),
    asked("append-not-utf-8", ("append", "note-added", "--subject", "acme", "--text", "\udce9"),
          R.BAD_TEXT, "text: "),
]  # fmt: skip


@pytest.mark.parametrize(("words", "refusal", "said"), QUESTIONS)
def test_bad_question(
    unchanged: Path, words: tuple[str, ...], refusal: R, said: tuple[str, ...]
) -> None:
    """A question that cannot be answered is refused, saying what is meant perhaps."""
    assert_refused(run(unchanged, *words), refusal, *said)


USAGE = [
    ("E1-where", ("timeline", "--where", "1=1; DROP TABLE events"), "--where"),
    ("E3-sort", ("timeline", "--sort", "pos; ATTACH 'x' AS y"), "--sort"),
    ("E5-limit-minus", ("timeline", "--limit", "-1"), "--limit"),
    ("E5-limit-0", ("timeline", "--limit", "0"), "--limit"),
    ("E5-limit-word", ("timeline", "--limit", "abc"), "--limit"),
    ("E5-limit-float", ("timeline", "--limit", "1.5"), "--limit"),
    ("E5-limit-5000-digits", ("timeline", "--limit", "1" * 5000), "--limit"),
    ("E5-digits-minus", ("holdings", "--digits", "-1"), "--digits"),
    ("E5-digits-19", ("votes", "acme", "--digits", "19"), "--digits"),
    ("E5-digits-word", ("votes", "acme", "--digits", "two"), "--digits"),
    ("format", ("holdings", "--format", "xml"), "--format"),
    ("standing", ("holdings", "--standing", "rumour"), "--standing"),
    ("C16-dash-name", ("holdings", "-rf"), "-r"),
    ("two-issuers", ("holdings", "acme", "bolt"), "bolt"),
    ("no-issuer", ("votes",), "ISSUER"),
    ("no-command-of-that-name", ("holding",), "Did you mean holdings"),
    ("command-escape", ("\x1b[2J",), "command"),
    ("option-escape", ("holdings", "--\x1b[2J"), "option"),
    ("append-nothing", ("append",), "--file"),
    ("append-both", ("append", "--file", "-", "party-registered"), "--file"),
    ("append-unknown-option", ("append", "party-registered", "--colour", "x"), "--colour"),
    ("append-version-minus", ("append", "party-registered", "--expect-version", "-1"), "version"),
    ("shell", ("completion", "csh"), "csh"),
]


@pytest.mark.parametrize(
    ("words", "named"), [pytest.param(words, named, id=id) for id, words, named in USAGE]
)
def test_wrong_usage(unchanged: Path, words: tuple[str, ...], named: str) -> None:
    """An option that does not exist or is out of range is a usage error that names it."""
    assert_usage(run(unchanged, *words), named)


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        ("9999-12-31", "9999-12-31"), ("0001-01-01", "0001-01-01"), ("2023", "2023-12-31"),
        ("2023-02", "2023-02-28"), ("2024-02", "2024-02-29"), ("2023-Q4", "2023-12-31"),
        ("2023-H1", "2023-06-30"), ("2023-11-08", "2023-11-08"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("option", "clock"), [("--as-of", "as_of"), ("--known-by", "known_by")])
def test_date_forms(unchanged: Path, option: str, clock: str, written: str, answered: str) -> None:
    """E4: a partial date stands for its last day, and the answer says which day that is."""
    outcome = run(unchanged, *HOLDINGS, option, written)
    assert outcome.code == 0
    shown = json.loads(outcome.out)["cut"][clock]
    assert shown == answered or (clock == "known_by" and written == "9999-12-31" and not shown)


@pytest.mark.parametrize(
    "instant",
    ["9999-12-31", "2099-01-01", "2099-01-01T10:00Z", "2099-01-01T10:00:00+00:00",
     "2099-01-01T10:00:00.5Z", "2099-01-01T23:59:59.999999Z"],
)  # fmt: skip
def test_recorded_by_forms(unchanged: Path, instant: str) -> None:
    """A day or an instant in UTC is taken."""
    assert run(unchanged, *HOLDINGS, "--recorded-by", instant).code == 0


def test_limit_beyond_all_events(unchanged: Path) -> None:
    """E5: a limit of 10^30 limits nothing."""
    rows = json.loads(run(unchanged, "timeline", "--limit", "1" + "0" * 30, "--format", "json").out)
    assert len(rows["rows"]) == len(stored(unchanged))


def test_cuts_are_inclusive(unchanged: Path) -> None:
    """E8: the day and the instant of an event count it; those before do not."""

    def holders(*cut: str) -> list[str]:
        outcome = run(unchanged, *HOLDINGS, *cut)
        return [row["holder"] for row in json.loads(outcome.out)["rows"]]

    assert holders("--as-of", "2020-01-01") == ["bolt"]
    assert holders("--as-of", "2019-12-31") == []
    recorded_at = json.loads(stored(unchanged)[-1][1])["recorded_at"]
    assert holders("--recorded-by", recorded_at) == ["bolt"]
    second, micro = recorded_at[:-1].split(".")
    assert_refused(
        run(unchanged, *HOLDINGS, "--recorded-by", f"{second}.{int(micro) - 1:06}Z"),
        R.UNKNOWN_SUBJECT,
    )


def test_nothing_known_is_an_answer(unchanged: Path) -> None:
    """A known party of which nothing is told is answered with what is missing, not refused."""
    for words in (("holdings", "fund-one"), ("votes", "bolt"), ("governance", "fund-two")):
        outcome = run(unchanged, *words)
        assert outcome.code == 0
        assert "Not known: " in outcome.out
        assert "None" not in outcome.out


# I. The file


def _missing(_: Path) -> None:
    pass


def _folder(path: Path) -> None:
    path.mkdir()


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("not a ledger\n" * 100)


def _other(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE stored_events (position INTEGER)")
    connection.close()


def _marked(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA application_id = {files.APPLICATION_ID}")
        connection.execute("CREATE TABLE other (x)")
    connection.close()


def _dangling(path: Path) -> None:
    path.symlink_to(path.parent / "gone")


FILES: list[tuple[str, Callable[[Path], None], R]] = [
    ("I1-missing", _missing, R.NO_LEDGER),
    ("I1-folder", _folder, R.NO_LEDGER),
    ("I1-fifo", os.mkfifo, R.NO_LEDGER),
    ("I1-dangling-link", _dangling, R.NO_LEDGER),
    ("I1-link-to-itself", lambda path: path.symlink_to(path), R.NO_LEDGER),
    ("I1-empty-file", _nothing, R.NOT_A_LEDGER),
    ("I1-text", _text, R.NOT_A_LEDGER),
    ("I2-of-another-tool", _other, R.NOT_A_LEDGER),
    ("I2-marked-without-tables", _marked, R.NOT_A_LEDGER),
]


@pytest.mark.parametrize(
    ("make", "refusal"), [pytest.param(make, refusal, id=id) for id, make, refusal in FILES]
)
def test_not_a_ledger(tmp_path: Path, make: Callable[[Path], None], refusal: R) -> None:
    """A path that holds no ledger is refused by every command and left as it was."""
    path = tmp_path / "deal.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    event = lines(party("newco"))
    for words in (("holdings",), ("replay",), ("timeline",), ("append", "--file", "-")):
        assert_refused(run(path, *words, stdin=event), refusal, str(path))
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not list(tmp_path.glob("*.views.db"))


def test_cut_off_ledger(ledger: Path) -> None:
    """A ledger file cut off in the middle is never answered from."""
    with ledger.open("r+b") as stream:
        stream.truncate(ledger.stat().st_size // 2)
    for words in (("holdings", "acme"), ("replay",)):
        outcome = run(ledger, *words)
        assert outcome.code in (2, 5)
        assert outcome.out == ""
        assert_printable(outcome.err)


def test_ledger_of_a_newer_release(ledger: Path) -> None:
    """I2: a ledger of a newer format is not guessed at: exit code 5."""
    with sqlite3.connect(ledger) as connection:
        connection.execute(f"PRAGMA user_version = {files.WITH_ACTORS + 1}")
    connection.close()
    for words in (("holdings",), ("replay",), ("append", "--file", "-")):
        outcome = run(ledger, *words, stdin=lines(party("newco")))
        assert outcome.code == 5
        assert outcome.out == ""
        assert f"format {files.WITH_ACTORS + 1}" in outcome.err


@pytest.mark.parametrize(
    "name", ["a b?c#d%41.db", "'; rm -rf .db", "\x1b[2J.db", "\x07\x9b2J.db", "é日本.db", "-x.db"]
)
def test_odd_ledger_names(tmp_path: Path, name: str) -> None:
    """I4: whatever the path holds, it names that file and is never run or printed raw."""
    path = tmp_path / name
    made = run("unused.db", "--ledger", str(path), "init")
    assert made.code == 0
    assert path.is_file()
    assert_printable(made.out)
    missing = run(str(path) + "x", "holdings")
    assert_refused(missing, R.NO_LEDGER)
    outcome = run(tmp_path / "unused.db", "init", STAKEBOOK_LEDGER=str(path))
    assert_printable(outcome.out + outcome.err)


@pytest.mark.parametrize(
    ("path", "refusal"),
    [("{}/" + "x" * 300 + ".db", R.LONG_NAME), ("{}/no/l.db", R.FILE_TROUBLE),
     ("{}/file/l.db", R.FILE_TROUBLE), ("/proc/l.db", R.FILE_TROUBLE)],
    ids=["long", "no-folder", "in-a-file", "proc"],
)  # fmt: skip
def test_init_where_no_file_can_be(tmp_path: Path, path: str, refusal: R) -> None:
    """I1: a ledger that cannot be made is refused with its path."""
    (tmp_path / "file").write_text("")
    assert_refused(run(path.format(tmp_path), "init"), refusal, "l.db" if "l.db" in path else "x")


@pytest.mark.parametrize("words", [("holdings",), ("append", "--file", "-")])
def test_ledger_name_too_long(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A path too long for any file is no ledger."""
    outcome = run(tmp_path / ("x" * 300), *words, stdin=lines(party("newco")))
    assert outcome.code == 2
    assert " [R80" in outcome.err


def test_ledger_in_environment(shared: Path, tmp_path: Path) -> None:
    """I4: the variable names the file; what looks like a command in it is only a name."""
    with patch.dict("os.environ", STAKEBOOK_LEDGER="'; touch hacked"):
        done = _process(("holdings",), tmp_path)
    assert done.returncode == 2
    assert R.NO_LEDGER.code in done.stderr
    assert not list(tmp_path.iterdir())
    assert _process(("holdings", "acme"), tmp_path, STAKEBOOK_LEDGER=str(shared)).returncode == 0


def test_nothing_is_read_from_the_folder(shared: Path, tmp_path: Path) -> None:
    """I4: no file of the current folder is run or read as settings."""
    for name in ("ledger.py", "click.py", "rich.py", "sitecustomize.py"):
        (tmp_path / name).write_text("open('hacked', 'w')")
    for name in (".env", "stakebook.toml", ".stakebook", "pyproject.toml"):
        (tmp_path / name).write_text("[[[ not toml")
    program = Path(sys.executable).with_name("stakebook")
    if not program.exists():
        pytest.skip("stakebook is not installed as a command")
    done = subprocess.run(
        [str(program), "--ledger", str(shared), "holdings", "acme"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "hacked").exists()


@contextmanager
def _as_nobody() -> Iterator[Path]:
    """A folder of an ordinary user, and this process without root's powers while inside."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder, root = Path(name), os.geteuid() == 0
        folder.chmod(0o755)
        if root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield folder
        finally:
            if root:
                os.seteuid(0)
            folder.chmod(0o700)


@pytest.fixture
def nobody(shared: Path) -> Iterator[Path]:
    """A ledger of an ordinary user in a folder of its own, everything having been imported."""
    for words in (HOLDINGS, ("append", "--dry-run", "--file", "-"), ("replay",), ("timeline",)):
        run(shared, *words, stdin=lines(party("newco")))
    raw = shared.read_bytes()
    with tempfile.TemporaryDirectory() as own, patch("tempfile.tempdir", own):
        Path(own).chmod(0o777)
        with _as_nobody() as folder:
            (folder / "deal.db").write_bytes(raw)
            yield folder / "deal.db"


def test_read_only_ledger(nobody: Path) -> None:
    """I1: a ledger in a read-only folder can be asked, and an append says why it cannot be."""
    nobody.chmod(0o444)
    nobody.parent.chmod(0o555)
    asked = run(nobody, *HOLDINGS)
    assert asked.code == 0, asked.err
    assert json.loads(asked.out)["rows"][0]["holder"] == "bolt"
    told = run(nobody, "append", "--file", "-", stdin=lines(party("newco")))
    nobody.parent.chmod(0o755)
    assert_refused(told, R.FILE_TROUBLE, str(nobody))


def test_unreadable_ledger(nobody: Path) -> None:
    """I1: a ledger that may not be read is refused with its path."""
    nobody.chmod(0)
    assert_refused(run(nobody, *HOLDINGS), R.FILE_TROUBLE, str(nobody))


def test_folder_that_may_not_be_entered(nobody: Path) -> None:
    """I1: a ledger in a folder that may not be entered is refused with its path."""
    nobody.parent.chmod(0)
    asked = run(nobody, *HOLDINGS)
    made = run(nobody.with_name("new.db"), "init")
    nobody.parent.chmod(0o755)
    assert_refused(made, R.FILE_TROUBLE, "new.db")
    assert_refused(asked, R.FILE_TROUBLE, str(nobody))


def test_unreadable_events(nobody: Path) -> None:
    """A file of events that may not be read is refused with its path."""
    events = nobody.with_name("events.yaml")
    events.write_text("- type: x")
    events.chmod(0)
    outcome = run(nobody, "append", "--file", str(events))
    assert_refused(outcome, R.UNREADABLE_FILE, str(events), "Permission denied")


# The read model is disposable: whatever is in its place, the answer is the same.


def _views(ledger: Path) -> Path:
    return ledger.with_name(f"{ledger.stem}.views.db")


def _spoiled_bytes(views: Path) -> None:
    views.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


def _spoiled_page(views: Path) -> None:
    raw = bytearray(views.read_bytes())
    raw[4096:12288] = bytes(8192)
    views.write_bytes(raw)


def _cut_off(views: Path) -> None:
    views.write_bytes(views.read_bytes()[:5000])


def _other_ledger(views: Path) -> None:
    with sqlite3.connect(views) as connection:
        connection.execute("UPDATE read_model SET ledger = 'another'")
    connection.close()


def _other_format(views: Path) -> None:
    with sqlite3.connect(views) as connection:
        connection.execute("UPDATE read_model SET format = 999")
    connection.close()


def _ahead(views: Path) -> None:
    with sqlite3.connect(views) as connection:
        connection.execute("UPDATE read_model SET position = 999")
    connection.close()


def _no_tables(views: Path) -> None:
    with sqlite3.connect(views) as connection:
        connection.execute("DROP TABLE indexed")
    connection.close()


def _view_in_place(views: Path) -> None:
    with sqlite3.connect(views) as connection:
        connection.execute("DROP TABLE read_model")
        connection.execute("CREATE VIEW read_model AS SELECT 1 AS x")
    connection.close()


def _older(views: Path) -> None:
    with sqlite3.connect(views) as connection:
        connection.execute("PRAGMA application_id = 0")
        connection.execute("ALTER TABLE read_model DROP COLUMN peaks")
    connection.close()


@pytest.mark.parametrize(
    "spoil",
    [_nothing, _spoiled_page, _cut_off, _other_ledger, _other_format, _ahead, _older, _no_tables,
     _view_in_place, Path.unlink],
)  # fmt: skip
def test_spoiled_read_model(ledger: Path, spoil: Callable[[Path], None]) -> None:
    """A read model that is broken, foreign, newer or gone changes no answer."""
    before = run(ledger, *HOLDINGS)
    assert before.code == 0
    spoil(_views(ledger))
    assert run(ledger, *HOLDINGS) == before


def _a_ledger(views: Path) -> None:
    assert run(views.with_name("other.db"), "init").code == 0
    views.with_name("other.db").replace(views)


@pytest.mark.parametrize("put", [_text, _spoiled_bytes, _other, _a_ledger])
@pytest.mark.parametrize("words", [HOLDINGS, ("replay",), ("append", "--file", "-")])
def test_what_is_no_read_model_is_left_as_it_is(
    ledger: Path, put: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    """Another file in the place of the read model is never written or removed."""
    right, views = run(ledger, *HOLDINGS), _views(ledger)
    views.unlink()
    put(views)
    before = views.read_bytes()
    outcome = run(ledger, *words, stdin=lines(party("newco")))
    assert outcome.code == 0, outcome.err
    assert views.read_bytes() == before
    asked = run(ledger, *HOLDINGS)
    assert (asked.code, asked.out) == (0, right.out)
    assert "is no read model, and is left as it is" in asked.err
    assert views.read_bytes() == before


def test_folder_in_place_of_the_read_model(ledger: Path) -> None:
    """With a folder where the read model should be, the answer comes from memory."""
    _views(ledger).mkdir()
    assert run(ledger, *HOLDINGS).code == 0


# The process


def _process(
    words: tuple[str, ...],
    folder: Path,
    program: tuple[str, ...] = PROGRAM,
    **environment: str,
) -> Any:
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "STAKEBOOK_LEDGER")}
    return subprocess.run(
        [sys.executable, *program, *words], cwd=folder, encoding="utf-8", errors="replace",
        capture_output=True, check=False, timeout=30,
        env=kept | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"} | environment,
    )  # fmt: skip


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with names of many scripts."""
    ledger = new_ledger(tmp_path_factory.mktemp("foreign"))
    accept(ledger, party("nissan", name="日産自動車"), party("societe", name="Société שלום"))
    assert run(ledger, "timeline").code == 0
    return ledger


SURROUNDINGS: list[tuple[str, dict[str, str]]] = [
    ("lang-c", {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    ("ascii", {"PYTHONIOENCODING": "ascii"}),
    ("latin-1", {"PYTHONIOENCODING": "latin-1"}),
    ("apia-hash-seed-1", {"TZ": "Pacific/Apia", "PYTHONHASHSEED": "1"}),
    ("bad-time-zone", {"TZ": "Nowhere/Land"}),
    (
        "turkish-hash-seed-2",
        {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"},
    ),
    ("optimised", {"PYTHONOPTIMIZE": "2"}),
    ("dev-mode", {"PYTHONDEVMODE": "1"}),
]
READ_LATE: list[tuple[str, dict[str, str]]] = [  # by us, and by no interpreter as it starts
    ("no-color", {"NO_COLOR": "1"}),
    ("force-color", {"FORCE_COLOR": "1"}),
    ("width-20", {"COLUMNS": "20"}),
    ("width-0", {"COLUMNS": "0"}),
    ("width-word", {"COLUMNS": "wide"}),
    ("dumb", {"TERM": "dumb"}),
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "environment",
    [
        *(pytest.param(environment, id=id) for id, environment in SURROUNDINGS),
        *(pytest.param(one, id=id, marks=pytest.mark.whole) for id, one in READ_LATE),
    ],
)
def test_surroundings(foreign: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    """I3, I6: locale, time zone, width, hash seed and optimisation change no answer in JSON."""
    words = ("--ledger", str(foreign), "timeline", "--as-of", "2024", "--format")
    done = _process(words, tmp_path, ("-c", JSON_THEN_TABLE), **environment)
    assert (done.returncode, done.stderr) == (0, "")
    answered, table, end = done.stdout.split("-- end --\n")
    assert json.loads(answered) == json.loads(run(foreign, *words[2:], "json").out)
    assert table.count("\n") > 3
    assert_printable(table)
    assert end == ""


@pytest.mark.parametrize(
    "environment", [pytest.param(environment, id=id) for id, environment in READ_LATE]
)
def test_surroundings_that_are_read_late(foreign: Path, environment: dict[str, str]) -> None:
    """The same of what the command itself reads: in this process, and in the long run in one of
    its own."""
    words = ("timeline", "--as-of", "2024", "--format")
    answered, table = (run(foreign, *words, form, **environment) for form in ("json", "table"))
    assert (answered.code, answered.err) == (0, "")
    assert json.loads(answered.out) == json.loads(run(foreign, *words, "json").out)
    assert (table.code, table.err) == (0, "")
    assert table.out.count("\n") > 3
    assert_printable(table.out)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["table", "csv", "markdown"])
def test_ascii_output(foreign: Path, tmp_path: Path, form: str) -> None:
    """I3: where only ASCII can be printed, other letters come as escapes, and nothing fails."""
    words = ("--ledger", str(foreign), "timeline", "--format", form)
    done = _process(words, tmp_path, PYTHONIOENCODING="ascii", LANG="C")
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "\\u65e5" in done.stdout


def test_refused_alike_everywhere(foreign: Path, tmp_path: Path) -> None:
    """I6: with assertions off, and another order of hashes, a refusal is the same refusal."""
    path = tmp_path / "bad.jsonl"
    path.write_bytes(lines({"type": "shares-transferred", "effective_on": "2023", "shares": "1"}))
    words = ("--ledger", str(foreign), "append", "--file", str(path))
    done = _process(words, tmp_path, PYTHONOPTIMIZE="2", PYTHONHASHSEED="7")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == run(foreign, *words[2:]).err


def _shell(line: str, ledger: Path) -> Any:
    program = f"{sys.executable} -c 'from cli.main import main; main()' --ledger {ledger}"
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line.replace('stakebook', program)}"],
        cwd=ROOT, text=True, capture_output=True, check=False, timeout=30,
    )  # fmt: skip


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger whose timeline is longer than a pipe holds."""
    ledger = new_ledger(tmp_path_factory.mktemp("long"))
    note = {"type": "note-added", "subject": "acme"}
    accept(ledger, *(note | {"text": f"{n} " + "x" * 900} for n in range(300)))
    return ledger


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_output_to_head(long: Path, form: str) -> None:
    """E9: a reader that stops early is no failure of ours, and nothing is said."""
    done = _shell(f"stakebook timeline --as-of 2023 --format {form} | head -c 100", long)
    assert done.returncode == 0
    assert done.stderr == ""
    assert 90 < len(done.stdout) <= 100


@pytest.mark.parametrize("width", ["80", "20"])
def test_a_long_table_has_every_row_in_its_place(long: Path, width: str) -> None:
    """A word that is longer than a line is broken, and no other column suffers from it."""
    shown = run(long, "timeline", COLUMNS=width).out
    numbers = [int(found) for found in re.findall(r"(\d+)\s+x{8}", shown)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 300
    assert len(re.findall("^-(?:  |$)", shown, re.MULTILINE)) == 307
    assert max(map(len, shown.split("\n"))) <= int(width)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_full_output(long: Path, form: str) -> None:
    """E9: where the answer cannot be written, that is said, without a traceback."""
    done = _shell(f"stakebook timeline --format {form} > /dev/full", long)
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert_printable(done.stderr)


@contextmanager
def _piped(
    ledger: Path, *words: str, stdin: int | None = None, stdout: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[bytes]]:
    """A command that Python was asked to run without buffers, as containers do."""
    command = [sys.executable, *PROGRAM, "--ledger", str(ledger), *words]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=environment
    ) as process:
        yield process


def _until(pipe: int, holds: Callable[[int], bool]) -> None:
    """Wait until so many bytes are in a pipe."""
    found, until = array("i", [0]), time.monotonic() + 30
    while ioctl(pipe, FIONREAD, found) or not holds(found[0]):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_output_of_a_process_that_is_stopped_and_continued(long: Path, form: str) -> None:
    """Where the system has taken a part of what is written, the rest is written as well."""
    words = ("timeline", "--as-of", "2023", "--format", form)
    with _piped(long, *words) as process:
        assert process.stdout
        _until(process.stdout.fileno(), lambda held: held > 60_000)
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        process.send_signal(signal.SIGCONT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert out.decode() == run(long, *words, COLUMNS="").out


def test_output_to_a_pipe_that_would_not_wait(long: Path) -> None:
    """Whoever started the command made it so; nothing is cut where the reader is slow."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    words = ("timeline", "--as-of", "2023", "--format", "json")
    with _piped(long, *words, stdout=writing) as process, open(reading, "rb") as pipe:
        os.close(writing)
        _until(reading, lambda held: held > 60_000)
        assert pipe.read().decode() == run(long, *words).out
    assert process.returncode == 0


def test_input_from_a_pipe_that_would_not_wait(ledger: Path) -> None:
    """A batch does not end where nothing more has come yet."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with _piped(ledger, "append", "--file", "-", stdin=reading) as process:
        os.write(writing, lines(party("first")))
        _until(reading, lambda held: not held)
        time.sleep(0.3)  # it looks for more
        os.write(writing, lines(party("second")))
        os.close(writing)
        out, err = process.communicate(timeout=30)
    os.close(reading)
    assert process.returncode == 0, err
    assert b"party-second" in out


def test_receipt_that_cannot_be_printed(ledger: Path, tmp_path: Path) -> None:
    """E9: an append whose receipt is lost does not look like one that was refused."""
    path = tmp_path / "new.jsonl"
    path.write_bytes(lines(party("newco")))
    done = _shell(f"stakebook append --file {path} > /dev/full", ledger)
    recorded = b"newco" in stored(ledger)[-1][1]
    assert recorded
    assert done.returncode not in (2, 3), "2 and 3 say that nothing was recorded"


def test_message_that_cannot_be_printed(ledger: Path) -> None:
    """E9: with standard error full the exit code still tells."""
    assert _shell("stakebook holdings nobody 2> /dev/full", ledger).returncode == 2
    assert _shell("stakebook holdings --no-such-option 2> /dev/full", ledger).returncode == 2


def test_closed_output(ledger: Path) -> None:
    """E9: with standard output closed, refusals are refusals still."""
    done = _shell("stakebook holdings nobody >&-", ledger)
    assert done.returncode == 2
    assert R.UNKNOWN_SUBJECT.code in done.stderr


def test_no_home(foreign: Path, tmp_path: Path) -> None:
    """I3: without HOME, and with an unwritable one, everything works and nothing is left there."""
    for home in ({}, {"HOME": "/nonexistent"}, {"HOME": str(tmp_path)}):
        done = _process(("--ledger", str(foreign), "holdings", "acme"), tmp_path, **home)
        assert (done.returncode, done.stderr) == (0, "")
    assert not list(tmp_path.iterdir())


def test_csv_is_what_rfc_4180_says(foreign: Path) -> None:
    """Lines end in CRLF and every record has as many cells as the first."""
    out = run(foreign, "timeline", "--format", "csv").out
    assert out.endswith("\r\n")
    assert len({len(row) for row in csv.reader(io.StringIO(out, newline=""))}) == 1


def test_fault_of_ours_is_told_without_a_traceback(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in the program itself is one message and exit code 70."""

    def broken(*_: object) -> None:
        raise KeyError("\x1b[2J")

    monkeypatch.setattr("cli.telling.looked_up", broken)
    outcome = run(ledger, "holdings", "acme")
    assert outcome.code == 70
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert "\x1b" not in outcome.err


def test_of_very_many_keys_those_that_begin_alike_are_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = new_ledger(tmp_path)
    accept(ledger, party("acme-one", key="register-acme"), party("bcme-two", key="register-bcme"))
    monkeypatch.setattr("ledger.time.history.MOST_COMPARED", 0)
    offered = run(ledger, "show", "register-acne")
    assert "Did you mean register-acme" in offered.err
    assert "bcme" not in offered.err
    assert "Did you mean" not in run(ledger, "show", "egister-acme").err
