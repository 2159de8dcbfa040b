"""The page on answers has every part and every column of every answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli.render import heading
from tests.helpers import run
from tests.test_alliance import PRESS, REGISTER, load

PAGE = (Path(__file__).parents[1] / "docs" / "answers.md").read_text(encoding="utf-8")
QUESTIONS = (
    "holdings --range",
    "holdings nissan --as-of 2023-06-30",
    "votes nissan --range --as-of 2023-11-08",
    "governance nissan",
    "deals",
    "pending",
    "pending --as-of 2023-06-30",
    "claims ampere",
    "conflicts",
    "check",
    "timeline",
    "show #1",
    "restatements",
    "diff nissan --from as-of=2023-11-07 --to as-of=2023-11-09",
    "explain holdings nissan renault --as-of 2023-11-08",
    "explain votes renault nissan-finance --as-of 2023-11-08",
    "explain seats nissan renault",
    "explain deal alliance-rebalancing",
    "explain investment nissan-in-ampere",
)


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole alliance, with a correction."""
    ledger = load(tmp_path_factory.mktemp("answers") / "alliance.db", [PRESS, REGISTER])
    words = (
        "correct",
        "nissan-shares-into-trust",
        "--note",
        "seen again",
        "--because",
        "to say so",
    )
    assert run(ledger, *words).code == 0
    return ledger


def _told(table: str) -> Iterator[tuple[str, str]]:
    """The names in the first column of a table of the page, each with the second column."""
    for line in table.splitlines():
        if line.startswith("| `"):
            first, second, *_ = line.removeprefix("| ").split(" |")
            for name in re.findall(r"`(\w+)`", first):
                yield name, second


def _columns(answer: dict[str, Any]) -> set[str]:
    parts = ("rows", "possible", "warnings", "figure", "sources", "left_out")
    return {name for part in parts for row in answer.get(part) or () for name in row}


PARTS, COLUMNS = (dict(_told(table)) for table in PAGE.split("## Columns"))
EXPLAINED = {"figure", "arithmetic", "sources", "left_out"}


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_part_and_column_is_on_the_page(alliance: Path, question: str) -> None:
    outcome = run(alliance, *question.split(), "--format", "json")
    assert outcome.code in (0, 1), outcome.err
    answer = json.loads(outcome.out)
    assert answer.keys() <= PARTS.keys() | EXPLAINED
    assert _columns(answer) <= COLUMNS.keys(), _columns(answer) - COLUMNS.keys()


def test_headings_that_differ_from_the_name_are_on_the_page() -> None:
    for name, told in COLUMNS.items():
        if heading(name) != name.replace("_", " "):
            assert f"`{heading(name)}`" in told, name
