"""Worked examples that others print: entered as a user enters them, to the last share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cli.context import open_ledger
from ledger.intake.yaml import parse_yaml
from ledger.time.history import History
from ledger.time.log import Log
from projections.readmodel.index import views_path
from projections.readmodel.opening import open_index
from tests.helpers import located, run
from tests.scenarios import Step, answer_of, compare

FILE = Path(__file__).with_name("worked_examples.yaml")
((EXAMPLES, _),) = parse_yaml(FILE.read_text("utf-8"), FILE.name)
PEOPLE = ("agent", "ann", "ben", "buyer", "cleo", "dora", "market")
ON = {"effective_on": "2024-02-01", "standing": "official"}


def _company(id: str) -> dict[str, Any]:
    return {"type": "party-registered", "party": id, "kind": "company", "name": id}


def events_of(example: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of an example: its companies, its classes, who held what, what happened."""
    holds = example["holds"]
    classes = {one: {} for one in holds} | example.get("classes", {})
    companies = sorted({share_class.split("/")[0] for share_class in classes})
    return [
        *(_company(one) for one in companies),
        *({"type": "share-class-created", "share_class": one} | classes[one] for one in classes),
        *(
            {"type": "register-opened", "share_class": one, "holder": holder, "shares": shares}
            | ON
            | {"effective_on": "2020-01-01"}
            for one, holders in holds.items()
            for holder, shares in holders.items()
        ),
        *(ON | event for event in example["events"]),
    ]


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[History, History]]:
    """All examples in one ledger, from one file: the log and the read model."""
    folder = tmp_path_factory.mktemp("worked")
    people = [
        {"type": "party-registered", "party": one, "kind": "other", "name": one} for one in PEOPLE
    ]
    events = people + [event for example in EXAMPLES for event in events_of(example)]
    file = folder / "worked.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events), "utf-8")
    assert run(folder / "worked.db", "init").code == 0
    appended = run(folder / "worked.db", "append", "--file", str(file))
    assert appended.code == 0, appended.err
    with open_ledger(located(folder / "worked.db"), "ro") as ledger:
        index = open_index(views_path(folder / "worked.db"), ledger)
        with closing(index):
            yield Log(ledger.events_after(0)), index


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["source"] for example in EXAMPLES])
def test_an_example_comes_out_as_printed(
    histories: tuple[History, History], example: dict[str, Any]
) -> None:
    for number, expected in enumerate(example["expects"], start=1):
        step = Step(example["source"], number, "expect", expected)
        ours, theirs = (answer_of(step, history, None) for history in histories)
        assert ours == theirs
        compare(step, ours)


def test_each_example_says_whence_it_is_and_what_is_printed() -> None:
    known = {"source", "at", "printed", "differs", "holds", "classes", "events", "expects"}
    for example in EXAMPLES:
        assert {"source", "at", "printed", "holds", "events", "expects"} <= set(example) <= known
