"""What-if: the answer is that of a copy with the events recorded, and nothing is recorded."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import validate

from cli.context import open_ledger
from ledger.checked import checked
from ledger.time.log import Log
from ledger.time.view import View
from ledger.values.refusals import Refusal
from projections.answers import answer_schema
from projections.changes.diff import diff
from projections.questions import COMPARED, QUESTIONS
from tests.helpers import (
    accept,
    assert_refused,
    assert_usage,
    dated,
    joined,
    lines,
    new_ledger,
    party,
    run,
)
from tests.projections.test_questions import CHANGING, SUBJECT

EVENTS: dict[str, Mapping[str, Any]] = {  # what is supposed, by the keys that are given
    f"given-{event['key']}": event | {"key": f"given-{event['key']}"}
    for event in (
        party("bob"),
        party("alice"),
        *({"type": name, "key": key} | data for name, key, data in CHANGING.values()),
        {"type": "share-class-created", "share_class": "acme/c", "key": "class-c"},
        {
            "type": "source-registered", "source": "press", "key": "press", "kind": "press",
            "title": "Press", "publisher": "Press", "published_on": "2020-01-01",
        },
        {
            "type": "event-corrected", "event": "given-more", "key": "corrected", "because": "x",
            "changes": [{"field": "shares", "value": "8"}],
        },
        {
            "type": "event-retracted", "event": "fund-two-left", "key": "without",
            "because": "it is supposed not to have been recorded",
        },
    )
}  # fmt: skip
KEYS = {key: f"supposed:{number}" for number, key in enumerate(EVENTS, 1)}
ID = {
    "issuer": "acme", "party": "acme", "class": "acme/common", "subject": "acme", "offer": "bid",
    "key": "opened",
}  # fmt: skip


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger that is only asked."""
    ended = dated("party-ended", party="fund-two", key="fund-two-left")
    return new_ledger(tmp_path_factory.mktemp("recorded"), ended)


@pytest.fixture(scope="module")
def files(recorded: Path) -> list[str]:
    """What is supposed, in two files and one event left out."""
    events, found = [*EVENTS.values()][:-1], []
    for name, part in (("one", events[:6]), ("two", events[6:])):
        file = recorded.parent / f"{name}.jsonl"
        file.write_bytes(lines(*part))
        found += ["--with", str(file)]
    return [*found, "--without", "fund-two-left"]


@pytest.fixture(scope="module")
def copied(recorded: Path) -> Path:
    """A copy of the ledger in which all that is supposed is recorded."""
    copy = recorded.parent / "copy.db"
    shutil.copy(recorded, copy)
    accept(copy, *EVENTS.values())
    return copy


def told(text: str) -> Any:
    """An answer in JSON without what only recorded events have: a place, a time, an own key."""
    for key in sorted(KEYS, key=len, reverse=True):
        text = text.replace(key, KEYS[key])
    answer = json.loads(text)
    return _told({name: answer[name] for name in ("outcome", "rows", "possible", "notes")})


def _told(value: Any) -> Any:
    if isinstance(value, dict):
        places = ("position", "recorded_at", "id", "stream")
        return {name: _told(one) for name, one in value.items() if name not in places}
    if isinstance(value, list):
        texts = all(isinstance(one, str) for one in value)  # keys stand in their own order
        return sorted(value) if texts else [_told(one) for one in value]
    return value


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_supposed_answer_is_that_of_a_copy_with_the_events_recorded(
    recorded: Path, copied: Path, files: list[str], name: str
) -> None:
    before = recorded.read_bytes()
    words = [name, *([ID[QUESTIONS[name].kinds[0]]] if name in SUBJECT else [])]
    supposed = run(recorded, *words, *files, "--format", "json")
    assert supposed.code == 0, supposed.err
    assert told(supposed.out) == told(run(copied, *words, "--format", "json").out)
    events = json.loads(supposed.out)["supposed"]
    assert [event["event"] for event in events] == list(KEYS.values())
    assert {event["position"] for event in events} == {None}
    assert recorded.read_bytes() == before


def test_what_is_supposed_heads_every_form_of_an_answer(recorded: Path, files: list[str]) -> None:
    heading = f"Supposed: {len(KEYS)} events, not recorded"
    for form in ("table", "markdown"):
        out = run(recorded, "holdings", "acme", *files, "--format", form).out
        assert out.partition("\n")[0].strip("*") == heading
    asked = run(recorded, "holdings", "acme", *files, "--format", "csv")
    assert asked.err.startswith(heading)
    for words in (
        ("check",),
        ("conflicts",),
        ("search", "bob"),
        ("explain", "holdings", "acme", "bob"),
    ):
        answer = json.loads(run(recorded, *words, *files, "--format", "json").out)
        assert len(answer["supposed"]) == len(KEYS)
        validate(answer, answer_schema(words[0]))
    assert "supposed" not in run(recorded, "holdings", "acme", "--format", "json").out


def test_what_is_supposed_is_found_by_its_key_and_by_its_name(
    recorded: Path, files: list[str]
) -> None:
    shown = run(recorded, "show", "supposed:1", *files)
    assert "Event supposed:1, party-registered" in shown.out
    assert "it is not recorded" in shown.out
    assert run(recorded, "timeline", "Bob", *files).code == 0
    found = run(recorded, "search", "bob", *files).out
    assert f"timeline bob --with {files[1]}" in joined(found)


def test_a_supposition_is_refused_as_an_append_of_it_would_be(
    recorded: Path, tmp_path: Path
) -> None:
    sale = dated("shares-transferred", share_class="acme/common", transferor="acme",
                 transferee="bolt", shares="5", key="sale")  # fmt: skip
    for event in (sale, sale | {"shares": "-1"}, sale | {"key": "opened"}, sale | {"price": "x"}):
        file = tmp_path / "sale.jsonl"
        file.write_bytes(lines(event))
        refused = run(recorded, "append", "--file", str(file), "--dry-run")
        supposed = run(recorded, "votes", "acme", "--with", str(file))
        assert (refused.code, refused.out) == (2, "")
        assert supposed == refused
    assert_refused(
        run(recorded, "votes", "acme", "--without", "class-common"),
        Refusal.BAD_AMENDMENT,
        "--without class-common",
    )
    assert_refused(run(recorded, "votes", "acme", "--without", "no"), Refusal.UNKNOWN_SUBJECT)


def test_what_is_supposed_is_neither_proven_nor_exported(recorded: Path, files: list[str]) -> None:
    for option in (files[:2], files[-2:], ["--against", "recorded"]):
        proof = run(recorded, "prove-answer", "--out", "-", "votes", "acme", *option)
        assert_refused(proof, Refusal.NOT_PROVABLE, option[0])
    assert_usage(run(recorded, "export", *files), "--with")


def test_a_standing_below_the_floor_is_supposed_all_the_same(
    recorded: Path, tmp_path: Path
) -> None:
    file = tmp_path / "issue.jsonl"
    issued = dated("shares-issued", share_class="acme/common", holder="bolt", shares="7")
    file.write_bytes(lines(issued | {"standing": "unnamed"}))
    words = ("holdings", "acme", "--standing", "official", "--format", "json")
    rows = json.loads(run(recorded, *words, "--with", str(file)).out)["rows"]
    assert [row["shares"] for row in rows] == ["107"]


def test_against_what_is_recorded_only_what_differs_is_shown(
    recorded: Path, files: list[str]
) -> None:
    words = ("holdings", "acme", *files, "--against", "recorded")
    answer = json.loads(run(recorded, *words, "--format", "json").out)
    validate(answer, answer_schema("diff"))
    assert {row["row"]: row["change"] for row in answer["rows"]} == {
        "acme/common bolt": "changed", "acme/common bob": "added",
    }  # fmt: skip
    events = {event for row in answer["rows"] for event in row["events"]}
    assert events <= set(KEYS.values())
    assert "recorded and supposed" in run(recorded, *words).out
    new = run(recorded, "rights", "acme", *files, "--against", "recorded", "--format", "json")
    assert [row["change"] for row in json.loads(new.out)["rows"]] == ["added"]
    told = run(recorded, "timeline", *files, "--against", "recorded", "--format", "json")
    changed = {row["row"]: row["change"] for row in json.loads(told.out)["rows"]}
    assert changed.pop("fund-two-left") == "gone"
    assert set(changed) <= set(KEYS.values())
    parties = run(recorded, "parties", *files, "--against", "recorded", "--format", "json")
    assert all(row["events"] for row in json.loads(parties.out)["rows"])
    assert_usage(run(recorded, "votes", "acme", "--against", "recorded"), "--with")


def test_an_earlier_record_is_supposed_to_go_on_otherwise(recorded: Path, files: list[str]) -> None:
    refused = run(recorded, "votes", "acme", *files, "--recorded-by", "2020-01-01")
    assert_refused(refused, Refusal.UNKNOWN_SUBJECT, "fund-two-left")


def test_what_is_supposed_holds_no_lock_and_waits_for_none(
    recorded: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is checked another can append, and it is answered while another does."""
    tried = []

    def other(*given: Any) -> Any:
        with closing(sqlite3.connect(recorded, timeout=0, isolation_level=None)) as writer:
            writer.execute("BEGIN EXCLUSIVE")
            writer.execute("ROLLBACK")
        tried.append(given)
        return checked(*given)

    monkeypatch.setattr("ledger.application.checked", other)
    assert run(recorded, "votes", "acme", *files).code == 0
    assert tried
    with closing(sqlite3.connect(recorded, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("ledger.application.checked", checked)
        assert run(recorded, "votes", "acme", *files).code == 0
        writer.execute("ROLLBACK")


@pytest.mark.parametrize("name", [one.name for one in COMPARED])
def test_against_what_is_recorded_are_the_differences_of_two_ledgers(
    recorded: Path, copied: Path, files: list[str], name: str
) -> None:
    words = [name, *([ID[QUESTIONS[name].kinds[0]]] if name in SUBJECT else [])]
    asked = run(recorded, *words, *files, "--against", "recorded", "--format", "json")
    with open_ledger(copied, "ro") as ledger:
        events = [*ledger.events_after(0)]
    sides = (View(Log(part)) for part in (events[: -len(EVENTS)], events))
    kept = [row for row in diff(*sides).rows if row["answer"] == name]
    assert _changes(json.loads(asked.out)["rows"]) == _changes(kept)


def _changes(rows: Any) -> Any:
    text = json.dumps([[row["row"], row["change"], row["before"], row["after"]] for row in rows])
    for key in sorted(KEYS, key=len, reverse=True):
        text = text.replace(key, KEYS[key])
    return sorted(json.loads(text), key=repr)


def test_what_is_found_one_by_one_is_compared_whole(tmp_path: Path) -> None:
    """Every row that differs, not the first alone."""
    issued = dated("shares-issued", key="issued", share_class="bolt/common", holder="fund-one",
                   shares="50")  # fmt: skip
    ledger = new_ledger(tmp_path, issued)

    def rows(*words: str) -> list[dict[str, Any]]:
        outcome = run(ledger, "owners", "--all", *words, "--format", "json")
        assert outcome.code == 0, outcome.err
        found: list[dict[str, Any]] = json.loads(outcome.out)["rows"]
        return found

    without = "--without", "issued"
    pairs = [{(row["company"], row["party"]) for row in rows(*words)} for words in ((), without)]
    assert len(pairs[0] ^ pairs[1]) > 1
    assert len(rows(*without, "--against", "recorded")) >= len(pairs[0] ^ pairs[1])
