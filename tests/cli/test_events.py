"""`events`: types by topic, one type whole, and the types that words and codes mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.events.registry import event_types
from ledger.vocabulary.guides import GUIDES, TOPICS
from tests.helpers import Outcome, run

NOWHERE = Path("/nowhere/ledger.db")


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def told(words: str = "") -> list[str]:
    outcome: Outcome = run(NOWHERE, "events", *words.split())
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert all(len(line) <= 80 or " " not in line.strip() for line in lines)
    return lines


def test_alone_it_is_a_short_overview_by_topic() -> None:
    lines = told()
    assert lines[0] == f"{len(event_types())} event types"
    assert [line.split()[0] for line in lines[2 : 2 + len(TOPICS)]] == list(TOPICS)
    assert len(lines) < 40


@pytest.mark.parametrize("topic", list(TOPICS))
def test_a_topic_lists_its_types(topic: str) -> None:
    lines = told(topic)
    names = [line.split()[0] for line in lines[2:] if line[0] not in " `"]
    assert names == [guide.type for guide in TOPICS[topic].guides]


def test_a_type_has_its_page() -> None:
    text = " ".join(" ".join(told("shares-split")).split())
    guide = GUIDES["shares-split"]
    for part in (guide.when, guide.unless, "reverse split", "SPLR", "new shares to old", "--ratio"):
        assert part in text


def test_a_page_has_what_items_of_lists_take_and_what_the_classes_below_say() -> None:
    lines = told("agreement-signed")
    kind = next(line for line in lines if line.startswith("clauses.kind "))
    assert kind.split()[1:3] == ["yes", "standstill,"]
    assert "`fraction_price` is money" in " ".join(" ".join(told("shares-split")).split())
    assert not any(line.startswith("`lots` says") for line in told("shares-distributed"))
    assert any(line.startswith("`lots` says") for line in told("shares-transferred"))


def test_words_and_codes_find_types() -> None:
    assert told("bonus issue")[2].startswith("shares-distributed ")
    assert told("SPLR")[2].startswith("shares-split ")
    assert "SPLR (ISO 20022): Reverse stock split." in " ".join(told("SPLR"))
    assert told("TREC") == [
        "What TREC is",
        "TREC (ISO 20022): Tax reclaim. Out. Tax of the holder.",
    ]
    assert told("TX_STOCK_ISSUANCE")[2].startswith("shares-issued ")


def test_words_that_mean_nothing_are_refused_with_the_way_out() -> None:
    outcome = run(NOWHERE, "events", "zzz")
    assert outcome.code == 2
    assert "R201" in outcome.err
    assert "events` for the types" in outcome.err


def test_the_catalogue_in_json_says_when_and_which_codes() -> None:
    found = json.loads(run(NOWHERE, "events", "--format", "json").out)
    assert set(found) == set(event_types())
    split = found["shares-split"]
    assert (split["topic"], split["codes"]["iso20022"]) == ("register", ["SPLF", "SPLR"])
    assert split["when"] == GUIDES["shares-split"].when
    clauses = next(f for f in found["agreement-signed"]["fields"] if f["field"] == "clauses")
    assert {"clause", "kind", "text"} <= {part["field"] for part in clauses["parts"]}
    assert (
        run(NOWHERE, "events", "merger", "--format", "csv").out.splitlines()[0]
        == "shares-exchanged"
    )


def test_an_unknown_type_is_told_the_type_that_people_call_so() -> None:
    outcome = run(NOWHERE, "append", "bonus-issue")
    assert outcome.code == 2
    assert "Did you mean shares-distributed?" in outcome.err


def test_the_help_of_append_has_every_type_under_its_topic_and_breaks_no_name() -> None:
    text = run(NOWHERE, "append", "--help").out
    types = text.partition("\nTypes (")[2]
    assert all(len(line) <= 80 for line in types.splitlines())
    words = types.replace(",", " ").split()
    assert [word for word in words if word in event_types()] == list(GUIDES)
    page = " ".join(run(NOWHERE, "append", "shares-split", "--help").out.split())
    assert f"Use it when: {GUIDES['shares-split'].when}" in page
    assert f"Not when: {GUIDES['shares-split'].unless}" in page


@pytest.mark.parametrize(("name", "takes"), [("shares-issued", False), ("terms-agreed", True)])
def test_a_page_has_no_field_that_its_type_always_refuses(name: str, takes: bool) -> None:
    assert ("conditional_on" in run(NOWHERE, "events", name).out) == takes
    fields = run(NOWHERE, "events", name, "--format", "json").out
    assert ('"conditional_on"' in fields) == takes
