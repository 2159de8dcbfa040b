"""In unfriendly surroundings every command ends with a sentence and a documented exit code."""

from __future__ import annotations

import json
import os
import random
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from cli.main import COMMANDS
from tests import ROOT
from tests.helpers import Outcome, assert_printable, dated, lines, new_ledger, party, run

DOCUMENTED = range(6)
OUT = "OUT"  # stands for what a command makes; "@name" for a file that is given to it
BECAUSE = ("--because", "misread")
OF_A_REGISTER = ("--as", "acme-register", "--published-on", "2024-03-31")
WORDS: dict[str, tuple[str, ...]] = {
    "demo": ("demo", "--into", OUT),
    "init": ("--ledger", OUT, "init"),
    "append": ("append", "--file", "@batch.jsonl"),
    "append from a pipe": ("append", "--file", "-"),
    "append of a table": ("append", "--from", "csv", "@classes.csv", *OF_A_REGISTER),
    "convert": ("convert", "--from", "csv", "@classes.csv", *OF_A_REGISTER),
    "reconcile": ("reconcile", "--from", "csv", "@holdings.csv", "--as-of", "2023-11-08"),
    "status": ("status", "--key", "opened"),
    "correct": ("correct", "opened", "--shares", "99", *BECAUSE),
    "retract": ("retract", "class-b", *BECAUSE),
    "undo": ("undo", *BECAUSE, "--dry-run"),
    "correct-source": ("correct-source", "press", "--title", "Other", *BECAUSE),
    "retract-source": ("retract-source", "press", *BECAUSE),
    "corroborate": ("corroborate", "opened", "--source", "press"),
    "events": ("events",),
    "schema": ("schema",),
    "holdings": ("holdings", "acme"),
    "votes": ("votes", "acme"),
    "diluted": ("diluted", "acme"),
    "rights": ("rights", "acme"),
    "radar": ("radar", "acme"),
    "meetings": ("meetings", "acme"),
    "owners": ("owners", "acme"),
    "breaches": ("breaches",),
    "propose": ("propose", "note-added", "--subject", "acme", "--text", "a note"),
    "offer": ("offer", "bid"),
    "dividends": ("dividends", "acme"),
    "graph": ("graph", "acme"),
    "chart": ("chart", "acme"),
    "group": ("group", "acme"),
    "power": ("power", "acme"),
    "governance": ("governance", "acme"),
    "deals": ("deals",),
    "pending": ("pending",),
    "claims": ("claims", "acme"),
    "conflicts": ("conflicts",),
    "timeline": ("timeline",),
    "parties": ("parties", "acme"),
    "classes": ("classes", "acme"),
    "sources": ("sources",),
    "search": ("search", "acme"),
    "show": ("show", "opened"),
    "explain": ("explain", "holdings", "acme", "bolt"),
    "evidence": ("evidence", "holdings", "acme", "bolt"),
    "diff": ("diff", "acme", "--from", "as-of=2020", "--to", "as-of=2024"),
    "restatements": ("restatements",),
    "check": ("check",),
    "replay": ("replay",),
    "keygen": ("keygen", OUT),
    "seal": ("seal", "--key", "@deal.key", "--out", OUT),
    "rotate-key": ("rotate-key", "--key", "@deal.key", "--to", "@next.key"),
    "cosign": ("cosign", "@request", "--log", "@deal.key", "--key", "@guard.key", "--state", OUT,
               "--first"),
    "export": ("export", "--audit", OUT),
    "export of tables": ("export", "--parquet", OUT),
    "export of texts": ("export", "--yaml", OUT),
    "export of answers": ("export", "--to", "sqlite", OUT),
    "export of a workbook": ("export", "--to", "xlsx", OUT),
    "import": ("--ledger", OUT, "import", "@deal.audit.jsonl", "--key", "@deal.key"),
    "verify": ("verify", "@deal.audit.jsonl", "--key", "@deal.key"),
    "prove": ("prove", "opened", "--out", OUT),
    "prove-answer": ("prove-answer", "--out", OUT, "holdings", "acme"),
    "report": ("report", OUT),
    "print": ("print", "members", "acme", OUT),
    "follow": ("follow", "--rescue", OUT),  # of a server: refused for a file
    "backup": ("backup", OUT),
    "restore": ("restore", "@backup.db"),
    "drafts": ("drafts",),  # of a server: refused for a file, as the next three
    "review": ("review", "1"),
    "approve": ("approve", "1"),
    "reject": ("reject", "1", "--note", "late"),
    "doctor": ("doctor",),
    "serve": ("serve", "--host", "0.0.0.0"),  # refused without a name; else it would go on
    "completion": ("completion", "bash"),
}  # fmt: skip
STREAMS = {
    "no input": "exec 0<&-",
    "no output": "exec 1>&-",
    "no errors": "exec 2>&-",
    "nothing open": "exec 0<&- 1>&- 2>&-",
    "output full": "exec 1>/dev/full",
    "errors full": "exec 2>/dev/full",
    "in a deleted folder": "mkdir gone && cd gone && rmdir ../gone",
}
ENVIRONMENTS: dict[str, dict[str, str | None]] = {
    "ASCII": {"LC_ALL": "C", "PYTHONUTF8": "0"},
    "UTF-16": {"PYTHONIOENCODING": "utf-16", "PYTHONWARNINGS": "error"},
    "an unknown place without docstrings": {
        "TMPDIR": "/not/there",
        "LANG": "xx_YY.none",
        "LC_ALL": "tr_TR.ISO-8859-9",
        "TZ": "No/Where",
        "PYTHONOPTIMIZE": "2",
    },
}
READ_LATE: dict[str, dict[str, str | None]] = {  # by a command, and by no interpreter that starts
    "no home": {"HOME": None},
    "no width": {"COLUMNS": "0", "LINES": "x"},
    "an endless width": {"COLUMNS": "99999999999"},
    "an unknown terminal": {"COLUMNS": "abc", "TERM": "none"},
}
FILES = ("deal.key", "next.key", "guard.key", "request", "deal.audit.jsonl", "backup.db")
GIVEN = ("missing", "folder", "pipe", "/dev/null", "/dev/zero", "empty", "loop", "long", "not text")
MADE = ("folder", "pipe", "/dev/full", "/dev/null", "empty", "no folder", "loop", "long")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger, keys, and every file that a command can be given."""
    folder = tmp_path_factory.mktemp("base")
    source = {"type": "source-registered", "source": "press", "kind": "press", "title": "News",
              "publisher": "The Paper", "published_on": "2023-11-08"}  # fmt: skip
    bid = dated("offer-made", key="bid", offer="bid", offeror="bolt", kind="tender")
    ledger = new_ledger(folder, source, bid | {"share_class": "acme/common"})
    at = {name: str(folder / name) for name in FILES}
    for words in (
        ("keygen", at["deal.key"]),
        ("keygen", at["next.key"]),
        ("keygen", at["guard.key"], "--witness", "acme.law/w1"),
        ("seal", "--key", at["deal.key"], "--request", at["request"]),
        ("export", "--audit", at["deal.audit.jsonl"]),
        ("backup", at["backup.db"]),
    ):
        assert run(ledger, *words).code == 0
    (folder / "batch.jsonl").write_bytes(lines(party("newco")))
    (folder / "classes.csv").write_text("Share class,Votes per share\nacme/new,1\n")
    (folder / "holdings.csv").write_text("Holder,Class,Shares\nbolt,acme/common,100\n")
    return folder


@pytest.fixture
def place(base: Path, tmp_path: Path) -> Path:
    """A copy of that folder."""
    return Path(shutil.copytree(base, tmp_path / "place"))


def words_in(place: Path, name: str, given: Path | None = None, made: Path | None = None):  # type: ignore[no-untyped-def]
    """The words of a command in a folder, with one kind of file in the place of another."""
    words = []
    for word in WORDS[name]:
        if word == OUT:
            words.append(str(made or place / "out"))
        else:
            words.append(str(given or place / word[1:]) if word.startswith("@") else word)
    return words if "--ledger" in words else ["--ledger", str(place / "deal.db"), *words]


def kind_of_file(place: Path, kind: str) -> Path:
    """A name that stands for something that is no ordinary file."""
    path = place / "strange"
    if kind.startswith("/"):
        return Path(kind)
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "empty":
            path.touch()
        case "loop":
            path.symlink_to(path)
        case "no folder":
            return path / "x"
        case "long":
            return place / ("n" * 300)
        case "not text":
            return place / "n\udcff"
    return path


def run_there(
    base: Path, folder: Path, names: Sequence[str], prepare: str = "", **others: str | None
) -> dict[str, Outcome]:
    """Run commands, each on a copy of the folder and in a process of its own."""
    given, ended, errors, stdin = (folder / name for name in ("given", "ended", "errors", "stdin"))
    places = [Path(shutil.copytree(base, folder / f"place-{at}")) for at in range(len(names))]
    given.write_text(json.dumps([words_in(*one) for one in zip(places, names, strict=True)]))
    stdin.write_bytes(lines(party("other")))
    program = [sys.executable, "-m", "tests.cli.in_turn", *map(str, (given, ended, errors))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **others}
    with stdin.open("rb") as read, errors.open("wb") as written:
        done = subprocess.run(
            ["bash", "-c", f"{prepare or ':'} && exec {shlex.join(program)}"], cwd=folder,
            check=False, stdin=read, stdout=subprocess.DEVNULL, stderr=written, timeout=900,
            env={name: value for name, value in environment.items() if value is not None},
        )  # fmt: skip
    assert done.returncode == 0, errors.read_text(errors="replace")
    codes = [tuple(map(int, line.split())) for line in ended.read_text().splitlines()]
    said, ends = errors.read_bytes(), [before for _, before in codes[1:]] + [None]
    return {
        name: Outcome(code, "", said[before:end].decode(errors="replace"))
        for name, (code, before), end in zip(names, codes, ends, strict=True)
    }


REFUSED_HERE = ("follow", "serve", "drafts", "review", "approve", "reject")
ENDS = {"check": (0, 1), **dict.fromkeys(REFUSED_HERE, (2,))}  # where not 0


def assert_documented(told: Outcome) -> None:
    assert told.code in DOCUMENTED, told
    assert "Traceback" not in told.err
    assert "fault in stakebook" not in told.err


def test_every_command_is_tried() -> None:
    at_a_terminal_alone = {"draft", "edit"}
    assert {words.split()[0] for words in WORDS} == set(COMMANDS) - at_a_terminal_alone


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", WORDS)
def test_each_does_what_it_does(place: Path, name: str) -> None:
    """The control: nothing is wrong with the commands themselves."""
    told = run(*words_in(place, name)[1:], stdin=lines(party("other")))
    assert told.code in ENDS.get(name, (0,)), told


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name, words in WORDS.items() for kind in GIVEN if "@" in str(words)],
)
def test_strange_files_given(place: Path, name: str, kind: str) -> None:
    told = run(*words_in(place, name, given=kind_of_file(place, kind))[1:])
    assert_documented(told)
    assert_printable(told.err)
    assert told.code != 0


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name, words in WORDS.items() for kind in MADE if OUT in words],
)
def test_strange_files_to_be_made(place: Path, name: str, kind: str) -> None:
    there = kind_of_file(place, kind)
    told = run(*words_in(place, name, made=there)[1:])
    assert_documented(told)
    assert_printable(told.err)
    assert Path("/dev/null").is_char_device()


def some(surroundings: Iterable[str]) -> list[object]:
    """In three surroundings one command in every run, in each half of them in the long one."""
    chance, names = random.Random(1), [*surroundings]
    few = [pytest.param([chance.choice([*WORDS])], k, id=k) for k in chance.sample(names, 3)]
    many = [
        pytest.param([*WORDS][number % 2 :: 2], k, id=f"{k}, many", marks=pytest.mark.whole)
        for number, k in enumerate(names)
    ]
    return few + many


@pytest.mark.parametrize(("names", "streams"), some(STREAMS))
def test_streams_that_are_closed_or_full(
    base: Path, tmp_path: Path, names: list[str], streams: str
) -> None:
    for told in run_there(base, tmp_path, names, STREAMS[streams]).values():
        assert_documented(told)


@pytest.mark.parametrize(("names", "environment"), some(ENVIRONMENTS))
def test_environments(base: Path, tmp_path: Path, names: list[str], environment: str) -> None:
    for name, told in run_there(base, tmp_path, names, **ENVIRONMENTS[environment]).items():
        assert_documented(told)
        assert told.code in ENDS.get(name, (0,)), (name, told)


@pytest.mark.sampled(30)
@pytest.mark.parametrize("environment", READ_LATE)
@pytest.mark.parametrize("name", WORDS)
def test_environments_that_are_read_late(
    place: Path, name: str, environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in this process: nothing of them is read before the command runs."""
    for variable, value in READ_LATE[environment].items():
        if value is None:
            monkeypatch.delenv(variable, raising=False)
        else:
            monkeypatch.setenv(variable, value)
    monkeypatch.chdir(place)
    told = run(*words_in(place, name)[1:], stdin=lines(party("other")))
    assert_documented(told)
    assert told.code in ENDS.get(name, (0,)), told


def test_closed_input_holds_no_event(base: Path, tmp_path: Path) -> None:
    (told,) = run_there(base, tmp_path, ["append from a pipe"], STREAMS["no input"]).values()
    assert told.code == 2
    assert "standard input: There is no event in it." in told.err


@pytest.mark.parametrize(
    ("mode", "words", "word", "code"),
    [
        ("bash_complete", None, None, 2),
        ("1", "stakebook h", "1", 2),
        ("none_source", None, None, 2),
        ("bash_complete", "stakebook h", "x", 2),
        ("bash_complete", "stakebook h", "1", 0),
        ("fish_complete", "stakebook h", "h", 0),
        ("bash_source", None, None, 0),
        ("", None, None, 0),
    ],
)
def test_completion_that_is_asked_for_by_half(
    place: Path, mode: str, words: str | None, word: str | None, code: int
) -> None:
    given = {"_STAKEBOOK_COMPLETE": mode, "COMP_WORDS": words, "COMP_CWORD": word}
    set_ones = {name: value for name, value in given.items() if value is not None}
    assert run(*words_in(place, "holdings")[1:], **set_ones).code == code


@pytest.mark.parametrize("number", ["99999999999999999999999999999999", "9" * 5_000])
def test_huge_numbers(place: Path, number: str) -> None:
    for words in (
        ("append", "note-added", "--subject", "acme", "--text", "x", "--expect-version", number),
        ("seal", "--request", str(place / "asked"), "--since", number),
        ("show", f"#{number}"), ("prove", number), ("timeline", "--limit", number),
    ):  # fmt: skip
        told = run(place / "deal.db", *words)
        assert_documented(told)
        assert_printable(told.err)
