"""The page on spreadsheets shows what is printed: its files are written, its commands run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests import ROOT
from tests.helpers import run

PAGE = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\S+)(?: (\S+))?\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
SHOWN = "..."  # stands for any lines


def test_every_command_of_the_page_prints_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    count = 0
    for _, name, text in BLOCKS:
        if name:
            Path(name).write_text(text, encoding="utf-8")
    sessions = "".join(text for kind, _, text in BLOCKS if kind == "console")
    for command, printed in re.findall(r"^\$ stakebook (.*)\n((?:[^$].*\n)*)", sessions, re.M):
        ledger, *words = shlex.split(command.removeprefix("--ledger "))
        told = run(ledger, *words)
        pattern = r"(?:.*\n)*".join(map(re.escape, printed.split(f"{SHOWN}\n")))
        assert re.fullmatch(pattern, told.err + told.out), f"{command}\n{told.err}{told.out}"
        count += 1
    assert count == 8
