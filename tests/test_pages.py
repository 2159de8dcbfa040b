"""Pages show what is printed: their files are written, and every command of their sessions runs."""

from __future__ import annotations

import re
import shlex
import shutil
from contextlib import chdir
from pathlib import Path

import pytest

from tests import ROOT
from tests.helpers import Outcome, run

PAGES = [
    "README.md",
    "docs/rights.md",
    "docs/spreadsheets.md",
    *(
        f"docs/{path.relative_to(ROOT / 'docs')}"
        for folder in ("tutorials", "how-to")
        for path in sorted((ROOT / "docs" / folder).glob("*.md"))
    ),
]
SHOWN = "...\n"  # stands for any lines


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """The folder of the demo, and what making it printed."""
    folder = tmp_path_factory.mktemp("demo")
    with chdir(folder):
        return folder / "stakebook-demo", run("x.db", "demo")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_is_printed(
    name: str, demo: tuple[Path, Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a terminal shows it: errors first, and a refusal ends with exit code 2."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    folder, made = demo
    shutil.copytree(folder, "stakebook-demo")
    ledger = "stakebook-demo/alliance.db"
    page = (ROOT / name).read_text(encoding="utf-8")
    for file, text in re.findall(r'^```\w+ title="(\S+)"\n(.*?)^```', page, re.DOTALL | re.M):
        Path(file).write_text(text, encoding="utf-8")
    sessions = "".join(re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.M))
    for command, printed in re.findall(r"^\$ (.*)\n((?:[^$].*\n)*)", sessions, re.M):
        program, *words = shlex.split(command)
        if program == "export":
            ledger = words[0].removeprefix("STAKEBOOK_LEDGER=")
            continue
        assert program == "stakebook", f"{name}: {command}"
        outcome = made if words == ["demo"] else run(ledger, *words)
        refused = re.search("^stakebook: ", printed, re.M)
        assert outcome.code in ((2,) if refused else (0, 1)), f"{name}: {command}"
        pattern = r"(?:.*\n)*".join(map(re.escape, printed.split(SHOWN)))
        told = outcome.err + outcome.out
        assert re.fullmatch(pattern, told), f"{name}: {command} prints\n{told}"
    assert sessions
