"""Every answer in JSON is as its schema says, and every column is named once."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints, is_typeddict

import pytest
from jsonschema import Draft202012Validator, ValidationError

from projections.answers import ANSWERS, answer_schema
from projections.columns import COLUMNS
from tests.helpers import run
from tests.test_alliance import PRESS, REGISTER, TOLD_OF, loaded

QUESTIONS = (
    "holdings --range",
    "holdings nissan --as-of 2023-06-30",
    "holdings --holder renault --indirect --as-of 2023-12-31",
    "votes nissan --range --as-of 2023-11-08",
    "votes renault --lots",
    "votes nissan --classes --as-of 2023-11-08",
    "votes nissan --totals --monthly --from 2025",
    "diluted nissan",
    "rights nissan",
    "graph nissan",
    "chart renault --measure votes",
    "chart nissan --terms",
    "group nissan",
    "group --all --as-of 2023-11-08",
    "owners nissan --as-of 2023-12-31",
    "owners --all --as-of 2023-12-31",
    "radar nissan --rule JP-5-change",
    "power nissan",
    "governance nissan",
    "meetings nissan",
    "deals",
    "offer bid",
    "pending",
    "pending --as-of 2023-06-30",
    "dividends nissan",
    "breaches --as-of 2026-01-01",
    "propose shares-transferred --on 2024-03-01 --share-class nissan/common --shares 600000000"
    " --transferor renault --transferee nissan",
    "claims ampere",
    "conflicts",
    "check",
    "timeline",
    "parties",
    "classes",
    "sources AMF",
    "show #1",
    "search ampere",
    "restatements",
    "diff nissan --from as-of=2023-11-07 --to as-of=2023-11-09",
    "explain holdings nissan renault --as-of 2023-11-08",
    "explain votes renault nissan-finance --as-of 2023-11-08",
    "explain seats nissan renault",
    "explain indirect french-state nissan --as-of 2023-12-31",
    "explain control renault --law FR --as-of 2023-11-07",
    "explain radar nissan renault --rule UK-DTR5 --on 2024-03-28",
    "explain breach rama nissan-standstill",
    "explain deal alliance-rebalancing",
    "explain investment nissan-in-ampere",
    "evidence holdings nissan renault --as-of 2023-11-08",
    "evidence offering ampere-ipo",
)


@pytest.fixture(scope="module")
def alliance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole alliance, with a correction, an offer and a right in shares."""
    ledger = loaded(tmp_path_factory.mktemp("answers") / "alliance.db", [PRESS, REGISTER])
    words = (
        "correct",
        "nissan-shares-into-trust",
        "--note",
        "seen again",
        "--because",
        "to say so",
    )
    assert run(ledger, *words).code == 0
    for event in TOLD_OF:
        assert run(ledger, "append", *shlex.split(event)).code == 0
    return ledger


@cache
def validator(question: str) -> Draft202012Validator:
    """What holds answers against the schema of a question, which is itself as schemas should be."""
    Draft202012Validator.check_schema(answer_schema(question))
    return Draft202012Validator(answer_schema(question))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_as_its_schema_says(alliance: Path, question: str) -> None:
    outcome = run(alliance, *question.split(), "--format", "json")
    assert outcome.code in (0, 1), outcome.err
    validator(question.split()[0]).validate(json.loads(outcome.out))


def test_every_answer_is_asked_here() -> None:
    assert {question.split()[0] for question in QUESTIONS} == set(ANSWERS)


def test_a_row_of_another_shape_is_found(alliance: Path) -> None:
    answer = json.loads(run(alliance, "holdings", "--format", "json").out)
    for wrong in ({"shares": 7}, {"capacities": "own name"}, {"basis": "guessed"}):
        other = answer | {"rows": [answer["rows"][0] | wrong]}
        with pytest.raises(ValidationError):
            validator("holdings").validate(other)


def test_a_schema_is_written_by_the_command(alliance: Path) -> None:
    written = run(alliance, "schema", "--answer", "votes")
    assert json.loads(written.out) == answer_schema("votes")
    Draft202012Validator.check_schema(json.loads(written.out))
    assert "Did you mean votes?" in run(alliance, "schema", "--answer", "vote").err


def test_every_column_has_one_meaning() -> None:
    named = {name for row in _row_types() for name in get_type_hints(row)}
    assert named == set(COLUMNS), "name each column in projections/columns.py, and no other"


def _row_types() -> Iterator[Any]:
    """Those of answers: lines of a comparison with a file are none."""
    loaded = [name for name in sys.modules if name.startswith("projections.")]
    modules = [vars(sys.modules[name]) for name in loaded if name != "projections.reconcile"]
    found = (one for module in modules for one in module.values() if is_typeddict(one))
    yield from (one for one in found if one.__name__.endswith(("Row", "Fields")))
