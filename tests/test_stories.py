"""The page of stories: its events are accepted, and answer as it prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests import ROOT
from tests.helpers import run

OPENING, *STORIES = (ROOT / "docs/stories.md").read_text(encoding="utf-8").split("\n## ")


def _block(kind: str, text: str) -> str:
    (found,) = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    return str(found)


@pytest.mark.parametrize("story", STORIES, ids=[one.splitlines()[0] for one in STORIES])
def test_a_story_answers_as_its_page_prints(
    story: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    Path("told.yaml").write_text(_block("yaml", OPENING) + _block("yaml", story), encoding="utf-8")
    assert run("x.db", "init").code == 0
    appended = run("x.db", "append", "--file", "told.yaml")
    assert appended.code == 0, appended.err
    command, _, printed = _block("(?:console|session)", story).partition("\n")
    outcome = run("x.db", *shlex.split(command.removeprefix("$ stakebook ")))
    assert (outcome.code, outcome.out) == (0, printed)
