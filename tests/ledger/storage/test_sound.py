"""A row that is found sound by its bytes is one that replay, looking closely, finds sound too."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ledger.events.base import RecordKeeping
from ledger.events.envelope import Recorded
from ledger.events.registry import event_types
from ledger.events.validation import make_event
from ledger.replay import looked_at
from ledger.storage.sound import sound
from ledger.storage.writing import LedgerStoredEvent
from ledger.values.refusals import Damaged

LEDGER = "the-ledger"
GIVEN = "2026-01-02T03:04:05.000006Z"
_COLUMNS: dict[str, tuple[Any, ...]] = {
    "position": (0, -1, 8, True, 1.0), "originator_version": (0, 2, True, 1.0),
    "originator_id": ("", "register:acme/b"), "key": ("", "a b", "k\u0660", "other"),
    "topic": ("note-added", "no-type", ""), "content": (b"", bytes(32)),
}  # fmt: skip
_BYTES = (
    (rb'"position":7', b'"position":8'), (rb'"version":1}', b'"version":2}'),
    (rb'"v":1', b'"v":2'), (rb'"schema":\d', b'"schema":1'), (rb'"schema":\d', b'"schema":9'),
    (rb'"schema":(\d)', rb'"schema":0\1'), (rb'"id":"id-1"', b'"id":"a b"'),
    (rb'"id":"id-1"', b'"id":"\\\\u0069d-1"'),
    (rb"05\.000006Z", b"65.000006Z"), (rb"05\.000006Z", b"05Z"), (rb"the-ledger", b"a-ledger"),
    (rb"}$", b',"x":"y"}'), (rb"}$", b"} "), (rb'"data":{', b'"data":{"key":"a",'),
    (rb'"data":{', b'"data":{"zzz":"a",'), (rb'},"id"', b',"type":"note-added"},"id"'),
    (rb'},"id"', b',"zzz":"a"},"id"'), (rb'":"([a-z])', rb'": "\1'),
    (rb'("[a-z_]+":"[^"]+"),', b""),
    (rb':"([a-z][a-z-]+)"', b":null"), (rb'"([a-z][a-z-]+)"}', b'"\xcc\x81"}'),
    (rb"official", b"reported"), (rb'"\d+"', b"1"), (rb"2023-11-08", b"2023-11-31"),
)  # fmt: skip


_ACTOR_BYTES = (
    (rb'"v":2', b'"v":1'), (rb'"actor":{.*?},', b""), (rb'"by":"', b'"by": "'),
    (rb'"by":"anna"', b'"by":""'), (rb'"by":"anna"', b'"by":" anna"'),
    (rb'"by":"anna"', b'"by":"e\xcc\x81"'), (rb'"by":"anna"', b'"by":"\\\\u0061nna"'),
    (rb'"by":"anna"', b'"by":"a","by":"anna"'), (rb'"by":"anna"', b'"by":{"a":"b"}'),
    (rb'"by":"anna"', b'"by":null'), (rb'"by":"anna"', b'"by":["anna"]'),
    (rb'"by":"anna"', b'"by":"anna","other":"x"'),
    (rb'"by":"anna"', b'"by":"%b"' % (b"n" * 201)), (rb'"by":"anna",', b""),
    (rb'"actor":{.*?}', b'"actor":{}'), (rb'"actor":{.*?}', b'"actor":null'),
    (rb'("actor":{.*?}),', rb'\1,\1,'),
)  # fmt: skip
ACTOR = {"by": "anna", "database": "anna"}


def stored(name: str, actor: dict[str, str] | None = None) -> LedgerStoredEvent:
    """The row of an event of a type, as an append writes it."""
    cls = event_types()[name]
    world = {} if issubclass(cls, RecordKeeping) else {"effective_on": "2023-11-08"}
    event = make_event(name, {"standing": "official", **world, **cls.example})
    stream = event.stream.format_map(event.data)
    told = Recorded(7, stream, 1, "id-1", "k", name, event.schema_number, GIVEN, event.data)
    told = replace(told, actor=actor)
    return LedgerStoredEvent.of(told, *told.written(LEDGER))


def changed(row: LedgerStoredEvent) -> Iterator[LedgerStoredEvent]:
    """A row with another value in a column, or other bytes, as they may be written from outside."""
    for column, values in _COLUMNS.items():
        yield from (replace(row, **{column: value}) for value in values)
    for found, other in (*_BYTES, *(_ACTOR_BYTES if row.state.startswith(b'{"a') else ())):
        yield replace(row, state=re.sub(found, other, row.state, count=1))


def check(row: LedgerStoredEvent) -> bool:
    """Whether a row is found sound; then it is so when looked at closely."""
    found = sound(row, LEDGER)
    assert found is None or found == looked_at(row, LEDGER)
    return found is not None


def test_every_row_that_an_append_writes_is_sound() -> None:
    for name in event_types():
        assert check(stored(name, ACTOR)), name
        row = stored(name)
        assert check(row), name
        assert sound(row, "other") is None
        with pytest.raises(Damaged):
            looked_at(row, "other")


@pytest.mark.parametrize("many", [10, pytest.param(len(event_types()), marks=pytest.mark.whole)])
def test_a_row_that_was_changed_is_looked_at(many: int) -> None:
    for name in random.Random(many).sample(list(event_types()), many):
        for row in (stored(name), stored(name, ACTOR)):
            for other in changed(row):
                assert not check(other) or other == row
