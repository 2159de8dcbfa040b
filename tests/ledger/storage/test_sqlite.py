"""The store: gapless, immutable, durable, harmless to repeat, one writer at a time."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.envelope import read_state
from ledger.events.validation import make_event
from ledger.storage import files
from ledger.storage.sqlite import LedgerRecorder
from ledger.values.refusals import Damaged, Refusal, Refused
from tests.helpers import passed

START = datetime(2026, 1, 1, tzinfo=UTC)


class Ticking:
    """A clock that the test moves, and ids that count."""

    def __init__(self) -> None:
        self.moment, self.count = START, 0

    def now(self) -> datetime:
        return self.moment

    def id(self) -> str:
        self.count += 1
        return f"id-{self.count}"


@pytest.fixture
def clock() -> Ticking:
    """The clock of the ledger under test."""
    return Ticking()


@pytest.fixture
def ledger(tmp_path: Path, clock: Ticking) -> Iterator[Ledger]:
    """An empty ledger."""
    with Ledger(tmp_path / "deal.db", clock.now, clock.id, mode="rwc") as opened:
        yield opened


def party(name: str, key: str = "", **extra: Any) -> Draft:
    """A draft that registers a party."""
    event = make_event(
        "party-registered", {"party": name, "kind": "company", "name": name, **extra}
    )
    return Draft(event, key or f"party-{name}", place=f"party {name}")


def test_positions_are_gapless_and_inside_the_bytes(ledger: Ledger) -> None:
    receipt = ledger.append([party("a"), party("b")])
    ledger.append([party("c")])
    assert [event.position for event in receipt.events] == [1, 2]
    found = list(ledger.events_after(0))
    assert [event.position for event in found] == [1, 2, 3]
    assert found[0].state(ledger.id).startswith(b'{"data":{"kind":"company"')


def test_streams_are_readable_and_versioned(ledger: Ledger) -> None:
    ledger.append([party("a"), party("a", key="again")])
    assert [(e.originator_id, e.originator_version) for e in ledger.events_after(0)] == [
        ("party:a", 1),
        ("party:a", 2),
    ]


def test_a_batch_is_recorded_whole_or_not_at_all(ledger: Ledger) -> None:
    bad = make_event("party-renamed", {"party": "nobody", "name": "N"})
    for place in (0, 500, 999):
        batch = [party(f"p{n}") for n in range(999)]
        batch.insert(place, Draft(bad, "bad", place=f"line {place}"))
        with pytest.raises(Refused, match=f"line {place}: party: No party"):
            ledger.append(batch)
        assert list(ledger.events_after(0)) == []


def test_the_same_key_with_the_same_content_is_recorded_once(ledger: Ledger) -> None:
    first = ledger.append([party("a")])
    again = ledger.append([party("a"), party("b")])
    assert again.events[0] == first.events[0]
    assert set(again.new) == {2}


def test_the_same_key_with_other_content_is_refused(ledger: Ledger) -> None:
    ledger.append([party("a", "key")])
    with pytest.raises(Refused, match="differs in party, name") as refused:
        ledger.append([party("b", "key")])
    assert refused.value.refusal is Refusal.KEY_REUSED


def test_a_twin_without_a_key_is_refused_unless_again(ledger: Ledger) -> None:
    event = party("a").event
    ledger.append([Draft(event, "made-1", key_given=False)])
    with pytest.raises(Refused, match="recorded as #1"):
        ledger.append([Draft(event, "made-2", key_given=False)])
    receipt = ledger.append([Draft(event, "made-3", key_given=False, again=True)])
    assert set(receipt.new) == {2}


def test_an_expected_version_that_has_moved_on_is_a_conflict(ledger: Ledger) -> None:
    ledger.append([party("a")], expected_version=0)
    with pytest.raises(
        Refused, match="at version 1, not 0; you have not seen #1 party-a"
    ) as refused:
        ledger.append([party("a", "second")], expected_version=0)
    assert refused.value.exit_code == 3


def test_recorded_times_never_fall_though_the_clock_does(ledger: Ledger, clock: Ticking) -> None:
    ledger.append([party("a")])
    for jump in (timedelta(days=-3650), timedelta(hours=-1), timedelta(), timedelta(days=3650)):
        clock.moment = START + jump
        ledger.append([party(f"p{jump.days + 4000}-{jump.seconds}")], clock_is_right=True)
    times = [event.recorded_at for event in ledger.events_after(0)]
    assert times == sorted(times)
    assert len(set(times)) == len(times)


def test_every_connection_is_durable(ledger: Ledger) -> None:
    recorder = ledger.recorder
    assert isinstance(recorder, LedgerRecorder)
    with recorder.datastore.transaction(commit=False) as cursor:
        for pragma, value in (("synchronous", 3), ("foreign_keys", 1), ("trusted_schema", 0)):
            cursor.execute(f"PRAGMA {pragma}")
            assert cursor.fetchone()[0] == value
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "delete"


def test_a_sqlite_that_will_not_be_durable_is_refused() -> None:
    class Deaf(sqlite3.Connection):
        def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
            return super().execute(sql.replace("=EXTRA", "=NORMAL"), *rest)

    with pytest.raises(Damaged, match="synchronous=1"):
        files.secure(sqlite3.connect(":memory:", factory=Deaf))


def test_honest_updates_and_deletes_are_stopped(ledger: Ledger, tmp_path: Path) -> None:
    ledger.append([party("a")])
    connection = sqlite3.connect(tmp_path / "deal.db")
    for statement in ("UPDATE stored_events SET state = x'00'", "DELETE FROM stored_events"):
        with pytest.raises(sqlite3.IntegrityError, match="recorded events are never"):
            connection.execute(statement)
    connection.close()


def test_the_environment_cannot_change_the_store(
    tmp_path: Path, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SQLITE_DBNAME", str(tmp_path / "other.db"))
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    with Ledger(tmp_path / "deal.db", clock.now, clock.id, mode="rwc") as ledger:
        ledger.append([party("a")])
    assert (tmp_path / "deal.db").is_file()
    assert not (tmp_path / "other.db").exists()


def _append_many(path: Path, writer: int, count: int) -> None:
    ticking = Ticking()
    with Ledger(path, lambda: datetime.now(UTC), lambda: f"{writer}-{ticking.id()}") as ledger:
        for number in range(count):
            ledger.append([party(f"p{writer}-{number}")])


def test_writers_at_once_keep_one_gapless_order(ledger: Ledger, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_append_many, args=(tmp_path / "deal.db", writer, 25))
        for writer in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    events = list(ledger.events_after(0))
    assert [event.position for event in events] == list(range(1, 101))
    assert len({event.key for event in events}) == 100
    assert passed(ledger) == 100


TAMPERINGS = {
    "edited": (
        "UPDATE stored_events SET state = CAST(replace(state,'Z','z') AS BLOB) WHERE position = 2",
    ),
    "swapped": (
        "UPDATE stored_events SET position = 99 WHERE position = 2",
        "UPDATE stored_events SET position = 2 WHERE position = 3",
        "UPDATE stored_events SET position = 3 WHERE position = 99",
    ),
    "deleted": ("DELETE FROM stored_events WHERE position = 2",),
    "another key": ("UPDATE stored_events SET key = 'other' WHERE position = 2",),
    "another stream": ("UPDATE stored_events SET originator_id = 'party:x' WHERE position = 2",),
    "another content": ("UPDATE stored_events SET content = x'00' WHERE position = 2",),
    "not json": ("UPDATE stored_events SET state = x'00' WHERE position = 2",),
    "another ledger": ("UPDATE ledger SET id = 'other'",),
}


@pytest.mark.parametrize("statements", TAMPERINGS.values(), ids=TAMPERINGS)
def test_replay_finds_what_was_changed_from_outside(
    tmp_path: Path, clock: Ticking, statements: tuple[str, ...]
) -> None:
    path = tmp_path / "deal.db"
    with Ledger(path, clock.now, clock.id, mode="rwc") as ledger:
        ledger.append([party("a"), party("b"), party("c")])
        assert passed(ledger) == 3
    connection = sqlite3.connect(path)
    connection.execute("DROP TRIGGER events_are_never_changed")
    connection.execute("DROP TRIGGER events_are_never_deleted")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    with Ledger(path, clock.now, clock.id) as ledger, pytest.raises(Damaged):
        passed(ledger)


def test_an_unknown_envelope_or_a_newer_schema_is_not_guessed(ledger: Ledger) -> None:
    (event,) = ledger.append([party("a")]).events
    state = event.state(ledger.id)
    with pytest.raises(Damaged, match="envelope version 3"):
        read_state(state.replace(b'"v":1', b'"v":3'))
    with pytest.raises(Damaged, match="lacks its actor"):
        read_state(state.replace(b'"v":1', b'"v":2'))
    with pytest.raises(Damaged, match="lacks its v"):
        read_state(b"{}")
