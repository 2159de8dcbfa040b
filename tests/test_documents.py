"""Documents cannot lie: generated pages are fresh, the README's session runs as printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from cli.main import COMMANDS
from docs.generate import cli_page, events_page, refusals_page
from ledger.events.registry import event_types
from ledger.values.refusals import Refusal
from tests.helpers import run

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
STALE = "run `python docs/generate.py`"


def test_the_catalogue_of_events_is_fresh() -> None:
    assert (ROOT / "docs/events.md").read_text(encoding="utf-8") == events_page(), STALE


def test_the_page_of_commands_is_fresh() -> None:
    assert (ROOT / "docs/cli.md").read_text(encoding="utf-8") == cli_page(), STALE


def test_the_page_of_refusals_is_fresh_and_has_them_all() -> None:
    page = (ROOT / "docs/refusals.md").read_text(encoding="utf-8")
    assert page == refusals_page(), STALE
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [refusal.code for refusal in Refusal]


def test_every_command_and_type_has_its_section() -> None:
    pages = (ROOT / "docs/cli.md").read_text() + (ROOT / "docs/events.md").read_text()
    for name in (*COMMANDS, *event_types()):
        assert f"## {name}\n" in pages


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_shows_an_example_in_80_columns(name: str) -> None:
    outcome = run("x.db", name, "--help")
    assert outcome.code == 0
    assert "Example:\n" in outcome.out
    assert f"stakebook {name}" in outcome.out or f" {name}" in outcome.out.split("Example:")[1]
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    assert README.count("\n") <= 135
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_readme_session_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("x.db", "demo").code == 0
    session = re.search(r"```console\n(.*?)```", README, re.DOTALL)
    assert session is not None
    lines = [line for line in session[1].splitlines() if line.startswith("$ stakebook ")]
    assert len(lines) == 5
    for line in lines:
        outcome = run("stakebook-demo/alliance.db", *shlex.split(line)[2:])
        assert outcome.code == 0, (line, outcome.err)
        assert outcome.out


def test_the_readme_shows_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)  # as wide as it needs to be
    run("x.db", "demo", "--into", str(tmp_path))
    printed = re.search(r"The first prints\n\n```\n(.*?)```", README, re.DOTALL)
    assert printed is not None
    outcome = run(tmp_path / "alliance.db", "holdings", "nissan", "--as-of", "2023-11-08")
    assert outcome.out.startswith(printed[1])


def test_the_readme_example_file_is_accepted(tmp_path: Path) -> None:
    yaml = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert yaml is not None
    events = tmp_path / "events.yaml"
    events.write_text(yaml[1], encoding="utf-8")
    path = tmp_path / "deal.db"
    assert run(path, "init").code == 0
    outcome = run(path, "append", "--file", str(events))
    assert outcome.code == 0, outcome.err
    assert "founders" in run(path, "holdings", "acme").out
