"""Refusals speak of what was given as it was written, and never as Python has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ledger.events.registry import event_class, event_types
from ledger.intake.event_files import entry_of
from ledger.values.refusals import Refusal, Refused, shown
from tests.helpers import assert_refused, run

ODD: tuple[Any, ...] = (
    ["lays", "milo"], {"lays": None}, [["lays"], None], [{"lays": True}], None, True, [], {}, "",
)  # fmt: skip
AS_PYTHON = re.compile(r"None|True|False|\[\'|\{\'|\(\'|\(\)|mappingproxy|Decimal|PosixPath|<class")


def said(fields: Any) -> str:
    """What is said against the fields of an event; nothing if they are taken."""
    try:
        entry_of(fields, "events:1")
    except Refused as refused:
        return str(refused)
    return ""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", event_types())
def test_no_value_is_told_as_python_has_it(name: str) -> None:
    """Every field of every type, and the parts of its lists, with values of the wrong shape."""
    example = dict(event_class(name).example)
    for field in {*event_class(name).model_fields, "nonsense"}:
        for value in ODD:
            for fields in ({field: value}, {field: [value]}):
                words = said({"type": name} | example | fields)
                assert not AS_PYTHON.search(words), words


@pytest.mark.parametrize("value", ODD)
def test_what_is_no_event_is_told_as_it_was_written(value: Any) -> None:
    for fields in (value, {"type": value}, {"type": "note-added", "key": value}):
        assert not AS_PYTHON.search(said(fields)), said(fields)


def test_values_are_shown_as_in_json() -> None:
    assert shown(("lays", "milo")) == '["lays", "milo"]'
    assert shown({"a": None, "b": [True]}) == '{"a": null, "b": [true]}'
    assert shown(None) == "null"
    assert shown("a\x1b") == '"a\\x1b"'
    assert shown(["x" * 100]).endswith("...")


@pytest.mark.parametrize("raw", [b'[{"type":"note-added"}]', b"[\n{}\n]", b" [", b"[]", b"[[1]]"])
@pytest.mark.parametrize("name", ["events.json", "events.jsonl"])
def test_a_list_in_json_is_told_how_to_become_lines(tmp_path: Path, name: str, raw: bytes) -> None:
    ledger, path = tmp_path / "deal.db", tmp_path / name
    path.write_bytes(raw)
    assert run(ledger, "init").code == 0
    outcome = run(ledger, "append", "--file", str(path))
    assert_refused(outcome, Refusal.NOT_AN_EVENT, "It is a list in JSON", "jq -c '.[]' FILE")
