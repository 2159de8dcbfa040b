"""Pages show what is printed: their files are written, and every command of their sessions runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from contextlib import chdir
from pathlib import Path

import click
import pytest

from cli.main import COMMANDS, cli, command_of
from tests import ROOT
from tests.helpers import Outcome, typed

LONG = (
    "auditor",
    "compliance",
    "counsel",
    "investor-relations",
    "picture",
    "print-for-a-bank",
    "rights",
)
PAGES = [
    ROOT / "README.md",
    *(ROOT / "docs" / name for name in ("clocks.md", "rights.md", "spreadsheets.md")),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
    *sorted((ROOT / "docs" / "tutorials").glob("*.md")),
]
SHOWN = "...\n"  # stands for any lines
SESSION = r"^\$ ((?:.*\\\n)*.*)\n((?:[^$].*\n)*)"  # a command, over some lines, and what it prints
WRITTEN_ON = "2026-11-26"  # the day on which the pages record; a test records today


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """The folder of the demo, and what making it printed."""
    folder = tmp_path_factory.mktemp("demo")
    with chdir(folder):
        return folder / "stakebook-demo", typed("demo")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.whole] if path.stem in LONG else [])
        for path in PAGES
    ],
)
def test_a_page_shows_what_is_printed(
    path: Path, demo: tuple[Path, Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a terminal shows it: errors first, and a refusal ends with exit code 2."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    folder, made = demo
    shutil.copytree(folder, "stakebook-demo")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("STAKEBOOK_LEDGER", "stakebook-demo/alliance.db")
    page = path.read_text(encoding="utf-8")
    for file, text in re.findall(r'^```\w+ title="(\S+)"\n(.*?)^```', page, re.DOTALL | re.M):
        Path(file).write_text(text, encoding="utf-8")
    sessions = "".join(re.findall(r"^```(?:console|session)\n(.*?)^```", page, re.DOTALL | re.M))
    for command, printed in re.findall(SESSION, sessions, re.M):
        if command.startswith("export "):
            variable, _, value = command.removeprefix("export ").partition("=")
            monkeypatch.setenv(variable, subprocess.getoutput(f"printf %s {value}"))
            continue
        program, *words = (
            os.path.expanduser(os.path.expandvars(word))
            for word in shlex.split(command.replace("\\\n", " "))
        )
        assert program == "stakebook", f"{path.name}: {command}"
        outcome = made if words == ["demo"] else typed(*words)
        refused = re.search("^stakebook: ", printed, re.M)
        assert outcome.code in ((2,) if refused else (0, 1)), f"{path.name}: {command}"
        pattern = r"(?:.*\n)*".join(map(re.escape, printed.split(SHOWN)))
        pattern = pattern.replace(re.escape(WRITTEN_ON), r"\d{4}-\d\d-\d\d")
        told = outcome.err + outcome.out
        assert re.fullmatch(pattern, told), f"{path.name}: {command} prints\n{told}"
    for drawn in Path().glob("*.svg"):
        shown = ROOT / "docs" / "pictures" / drawn.name
        assert drawn.read_bytes() == shown.read_bytes(), "run `python docs/generate.py`"


def test_every_command_that_a_page_names_is_there() -> None:
    """Those in prose too, with their options; `correct` and `prove-answer` take those of others."""
    named = 0
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        lines = re.findall(r"^(?: {4}|\$ )?(?:\.venv/bin/)?stakebook (.*)$", text, re.M)
        for line in (*lines, *re.findall(r"`stakebook ([^`]*)`", text)):
            words = line.partition("#")[0].split()
            name = next((word for word in words if word in COMMANDS), None)
            if name and name not in ("correct", "prove-answer"):
                named += 1
                unknown = options_in(words) - options_of(command_of(name), words)
                assert not unknown, f"{path.name}: stakebook {line}"
    assert named > 150


def options_in(words: list[str]) -> set[str]:
    """The options that words of a command line give."""
    found = (re.match(r"--[a-z-]*[a-z]", word) for word in words)
    return {one[0] for one in found if one}


def options_of(command: click.Command, words: list[str]) -> set[str]:
    """What a command may be given, with those of its parts that words name."""
    parts = [cli, command]
    if isinstance(command, click.Group):
        inner = (command.get_command(click.Context(command), word) for word in words)
        parts += [one for one in inner if one]
    options = {option for part in parts for param in part.params for option in param.opts}
    return options | {"--help", "--version"}
