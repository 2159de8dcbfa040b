"""Documents cannot lie: generated pages are fresh, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.main import COMMANDS
from docs.generate import (
    answer_schema_files,
    answers_page,
    cli_page,
    code_map_page,
    coverage_page,
    events_page,
    refusals_page,
    rules_page,
    warnings_page,
)
from ledger.events.registry import event_types
from ledger.values.refusals import Refusal
from ledger.values.warnings import WARNINGS, WarningKind
from tests import ROOT
from tests.helpers import run

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = ("README.md", *(str(path.relative_to(ROOT)) for path in DOCS))
STALE = "run `python docs/generate.py`"


def test_the_page_of_rules_is_made_of_the_files_of_the_release() -> None:
    assert (ROOT / "docs/rules.md").read_text(encoding="utf-8") == rules_page(), STALE


def test_the_catalogue_of_events_is_fresh() -> None:
    assert (ROOT / "docs/events.md").read_text(encoding="utf-8") == events_page(), STALE


def test_the_page_on_coverage_is_fresh() -> None:
    assert (ROOT / "docs/coverage.md").read_text(encoding="utf-8") == coverage_page(), STALE


def test_the_page_of_commands_is_fresh() -> None:
    assert (ROOT / "docs/cli.md").read_text(encoding="utf-8") == cli_page(), STALE


def test_the_code_map_is_generated_and_every_module_says_what_it_holds() -> None:
    page = (ROOT / "docs/code-map.md").read_text(encoding="utf-8")
    assert page == code_map_page(), STALE
    assert "|  |" not in page, "give the module a docstring"


def test_the_page_on_answers_and_their_schemas_are_generated() -> None:
    assert (ROOT / "docs/answers.md").read_text(encoding="utf-8") == answers_page(), STALE
    files = answer_schema_files()
    assert {path: path.read_text(encoding="utf-8") for path in files} == files, STALE
    assert set(files) == set((ROOT / "docs/answers").iterdir())


def test_the_page_of_refusals_is_fresh_and_has_them_all() -> None:
    page = (ROOT / "docs/refusals.md").read_text(encoding="utf-8")
    assert page == refusals_page(), STALE
    assert re.findall(r"^## (.*)$", page, re.MULTILINE) == [refusal.code for refusal in Refusal]


def test_the_page_of_warnings_is_made_of_their_list() -> None:
    assert set(WARNINGS) == set(WarningKind)
    assert (ROOT / "docs/warnings.md").read_text(encoding="utf-8") == warnings_page(), STALE


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


def test_the_readme_is_short() -> None:
    assert README.count("\n") <= 150


def anchors(path: Path) -> set[str]:
    """The anchors that the headings of a page make, as GitHub writes them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_and_anchor_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{name}: {link} does not exist"
        assert not anchor or anchor in anchors(target), f"{name}: {link} names no heading"
