"""What every store does alike: one and the same tests on a file and on a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from cli.context import new_id, now
from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.envelope import digest_in, read_state
from ledger.events.validation import make_event
from ledger.storage.opening import peek, store_at
from ledger.storage.server import Place, Server
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.refusals import Damaged, Refusal, Refused
from projections.readmodel.provisional import ReadModelFile
from tests.helpers import run
from tests.servers import needed


@pytest.fixture(params=["file", pytest.param("server", marks=pytest.mark.whole)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A new ledger: in a file, and on a server as one who may append."""
    if request.param == "file":
        assert run(tmp_path / "deal.db", "init").code == 0
        return tmp_path / "deal.db"
    needed()
    return Server(request.getfixturevalue("deals").url("anna"))


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger(place, now, new_id) as opened:
        yield opened


def draft(id: str, key: str = "") -> Draft:
    event = make_event("party-registered", {"party": id, "kind": "company", "name": id.title()})
    return Draft(event, key or f"party-{id}", key_given=True)


def named(count: int, prefix: str = "p") -> list[Draft]:
    return [draft(f"{prefix}{number}") for number in range(count)]


def test_positions_are_gapless_and_the_tree_is_that_of_the_bytes(
    ledger: Ledger, place: Place
) -> None:
    for count in (1, 3, 700):
        with closing(ReadModelFile(None)) as model:
            receipt = ledger.append(named(count, f"n{count}-"), model)
        assert (len(receipt.new), receipt.size) == (count, peek(place).position)
    events = list(store_at(place).events_after(0))
    assert [event.position for event in events] == list(range(1, 705))
    tree = Frontier()
    tree.extend([leaf_hash(event.raw) for event in events])
    head = peek(place)
    assert (head.id, head.position, head.peaks) == (ledger.id, 704, tree.peaks())
    assert receipt.root == tree.root()


def test_a_key_is_recorded_once(ledger: Ledger, place: Place) -> None:
    first = ledger.append([draft("acme")])
    again = ledger.append([draft("acme"), draft("bolt")])
    assert (first.known, again.known, len(again.new)) == (0, 1, 1)
    with pytest.raises(Refused) as refused:
        ledger.append([draft("other", "party-acme")])
    assert refused.value.refusal is Refusal.KEY_REUSED
    found = store_at(place).recorded_under("party-bolt")
    assert found is not None
    assert found.position == 2
    assert store_at(place).recorded_under("never") is None


def test_what_is_refused_or_on_trial_leaves_nothing(ledger: Ledger, place: Place) -> None:
    ledger.append([draft("acme")])
    before = peek(place)
    unknown = make_event("party-renamed", {"party": "nobody", "name": "Nobody"})
    with pytest.raises(Refused):
        ledger.append([draft("bolt"), Draft(unknown, "renamed")])
    ledger.append(named(3), dry_run=True)
    assert peek(place) == before
    assert len(ledger.append([draft("bolt")]).new) == 1


def test_a_log_is_read_by_pages_keys_and_streams(ledger: Ledger, place: Place) -> None:
    ledger.append(named(9))
    with store_at(place).reading() as log:
        states = list(chain.from_iterable(log.pages("state", 2, 7)))
        assert [read_state(state).position for state in states] == [3, 4, 5, 6, 7]
        assert list(chain.from_iterable(log.pages("leaf", 2, 7))) == list(map(leaf_hash, states))
        found = [log.position_of(event) for event in ("party-p4", "#4", "no")]
        assert found == [5, 4, None]
        assert log.state(4) == states[1]
        digest = digest_in(states[0], "party-registered")
        facts = log.facts(["party-p0", "no"], [digest, bytes(32)], ["party:p8", "party:no"])
        assert facts.recorded.keys() == {"party-p0"}
        assert [twin.position for twin in facts.twins.values()] == [3]
        assert facts.versions == {"party:p8": 1}
        assert not log.facts(["party-p8"], [], [], upto=8).recorded
        assert [event.key for event in log.later("party:p3", 0)] == ["party-p3"]
        moment = log.moment()
        assert (moment.id, moment.size, moment.notes) == (ledger.id, 9, [])
        assert moment.tree == (9, peek(place).peaks)


def test_the_library_reads_its_events_too(ledger: Ledger) -> None:
    ledger.append(named(5))
    recorder: Any = ledger.recorder
    assert [one.id for one in recorder.select_notifications(2, 3)] == [2, 3, 4]
    after = recorder.select_notifications(2, 9, 4, inclusive_of_start=False)
    assert [one.id for one in after] == [3, 4]
    assert recorder.max_notification_id() == 5
    (stored,) = recorder.select_events("party:p3", gt=0, limit=1, desc=True)
    assert read_state(stored.state).key == "party-p3"


def test_rows_out_of_order_are_refused(ledger: Ledger, place: Place) -> None:
    ledger.append([draft("acme")])
    (event,) = ledger.append([draft("bolt")], dry_run=True).events
    for rows in ([event, event], []):
        with pytest.raises(Exception), ledger.stored.writing():  # noqa: B017 - each has its own
            ledger.stored.insert(rows or [*store_at(place).events_after(0)])
    assert peek(place).position == 1


def test_one_writer_at_a_time(ledger: Ledger, place: Place) -> None:
    ledger.append([draft("acme")])
    store = store_at(place)
    assert not store.is_being_written()
    with ledger.stored.writing():
        assert store.is_being_written()
    assert not store.is_being_written()


def test_rows_that_are_missing_are_missed(place: Place, ledger: Ledger) -> None:
    ledger.append(named(3))
    with store_at(place).reading() as log:
        assert [row.position for page in log.in_pages(0, 3) for row in page] == [1, 2, 3]
        with pytest.raises(Damaged, match="4 of the log is missing"):
            list(log.in_pages(0, 4))
