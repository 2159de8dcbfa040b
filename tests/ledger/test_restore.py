"""What an import takes, an append would have taken: another can follow it, and a replay passes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.values.dates import stored_instant
from ledger.values.refusals import Refusal
from tests.exports import line, written
from tests.helpers import Outcome, append, assert_refused, lines, party, run, stored

HOSTILE: tuple[Any, ...] = (
    None, True, 0, -1, 2**53 - 1, 1.5, "", "garbage", "a\u0000b", "a\u001b[2J", "\u202e", "e\u0301",
    [], {}, ["x"], {"a": 1}, "9999-12-31T23:59:59.999999Z", "2026-99-99T99:99:99.999999Z",
    "0000-00-00T00:00:00.000000Z", "9" * 200,
)  # fmt: skip
ALLOWED = (0, 2, 5)


class Exported:
    """A ledger's events as an export has them, which can be written again with other values."""

    def __init__(self, ledger: Path) -> None:
        self.folder, self.copy = ledger.parent, ledger.with_name("copy.db")
        self.events = [json.loads(state) for _, state in stored(ledger)]
        self.id = self.events[0]["ledger"]

    def imported(self, *words: str, since: int = 0, **changed: Any) -> Outcome:
        """Import the events, those from a number on with other members; the tree is right."""
        events = self.events[:since] + [event | changed for event in self.events[since:]]
        return self.imported_as(events, *words)

    def imported_as(self, events: list[dict[str, Any]], *words: str) -> Outcome:
        file = self.folder / "changed.jsonl"
        file.write_bytes(written([line(event)[:-1] for event in events], [], events[0]["ledger"]))
        for left in self.folder.glob("copy*"):
            left.unlink()
        return run(self.copy, "import", str(file), *words)

    def variants(self, number: int) -> Iterator[list[dict[str, Any]]]:
        """The events with each member of one of them, and each of its fields, spoiled in turn."""
        event = self.events[number]
        spoiled = [event | {name: value} for name in (*event, "other") for value in HOSTILE]
        spoiled += [
            event | {"data": event["data"] | {name: value}}
            for name in (*event["data"], "other")
            for value in HOSTILE
        ]
        spoiled += [{n: v for n, v in event.items() if n != name} for name in event]
        for one in spoiled:
            yield [*self.events[:number], one, *self.events[number + 1 :]]


@pytest.fixture
def export(ledger: Path) -> Exported:
    return Exported(ledger)


@pytest.mark.parametrize(
    "number", [pytest.param(0, marks=pytest.mark.whole), -1], ids=["first", "last"]
)
def test_whatever_is_imported_can_be_appended_to_and_replayed(
    export: Exported, number: int
) -> None:
    codes = set()
    for events in export.variants(number % len(export.events)):
        if not isinstance(events[0].get("ledger"), str):
            continue
        told = export.imported_as(events)
        codes.add(told.code)
        assert told.code in ALLOWED, (events[number], told)
        if told.code:
            assert not export.copy.exists()
            continue
        assert append(export.copy, lines(party("later")), "--clock-is-right").code == 0, events
        assert run(export.copy, "replay").code == 0, events
    assert codes == set(ALLOWED)


@pytest.mark.parametrize("id", ["", "a b", "a\u001b[2J", "a\u0000b", "a+b"])
def test_a_ledger_of_an_impossible_id_is_refused(export: Exported, id: str) -> None:
    assert export.imported(ledger=id).code == 2
    assert not export.copy.exists()


def test_events_at_the_end_of_the_calendar_are_refused_whoever_confirms(export: Exported) -> None:
    for instant in ("9999-12-31T23:59:59.999999Z", "9999-01-01T00:00:00.000000Z"):
        told = export.imported("--clock-is-right", since=8, recorded_at=instant)
        assert told.code == 0, "the control: none of the events has that number"
        told = export.imported("--clock-is-right", since=7, recorded_at=instant)
        assert_refused(told, Refusal.CLOCK_AHEAD, "no event could follow")
        assert not export.copy.exists()


def test_events_of_a_time_yet_to_come_are_taken_when_confirmed(export: Exported) -> None:
    ahead = stored_instant(datetime.now(UTC) + timedelta(days=2))
    told = export.imported(since=7, recorded_at=ahead)
    assert_refused(told, Refusal.CLOCK_AHEAD, ahead, "--clock-is-right")
    assert export.imported("--clock-is-right", since=7, recorded_at=ahead).code == 0
    told = append(export.copy, lines(party("later")))
    assert told.code == 0
    assert "Check the clock" in told.err
    soon = stored_instant(datetime.now(UTC) + timedelta(hours=20))
    assert export.imported(since=7, recorded_at=soon).code == 0, "another time zone"


def test_times_that_are_not_in_the_calendar_are_damage(export: Exported) -> None:
    for instant in ("2026-02-30T00:00:00.000000Z", "2026-99-99T99:99:99.999999Z"):
        told = export.imported(recorded_at=instant)
        assert told.code == 5
        assert "Event #1 party-acme" in told.err
