"""A primary, its standby, and what becomes of appends when either is lost, slow or cut off.

Promises: writers keep one gapless order; a repeat is harmless; what was acknowledged survives the
loss of the primary; a wait that was cancelled is never reported as recorded; nothing is
acknowledged while no standby has it. Each has a control, which must fail.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from cli.context import new_id, now
from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.validation import make_event
from ledger.storage.opening import server_store, store_at
from ledger.storage.server import Server
from ledger.values.refusals import OutcomeUnknown, Refusal, Refused, StakebookError
from ledger.values.warnings import Looked
from projections.readmodel.provisional import ReadModelFile
from tests import ROOT
from tests.helpers import append, assert_refused, lines, party, run
from tests.proxy import Proxy
from tests.servers import Deals, Pair, needed, pair

needed()
psycopg = pytest.importorskip("psycopg")
from ledger.storage.postgres import Lost, Unconfirmed  # noqa: E402 - needs psycopg

pytestmark = pytest.mark.whole
WRITERS, EACH = 8, 25


def draft(key: str) -> Draft:
    """A draft that registers a party."""
    return Draft(
        make_event("party-registered", {"party": key, "kind": "company", "name": key}), key
    )


def appending(
    url: str,
    prefix: str,
    count: int,
    acked: list[tuple[int, str]],
    stop: threading.Event | None = None,
) -> int:
    """Append parties one at a time, until told to stop; how many outcomes were unknown."""
    unknown = 0
    with Ledger(Server(url), now, new_id) as ledger, closing(ReadModelFile(None)) as model:
        for number in range(count):
            key = f"{prefix}-{number}"
            if stop and stop.is_set():
                break
            try:
                acked.append((ledger.append([draft(key)], model).events[0].position, key))
            except OutcomeUnknown:
                unknown += 1
            except StakebookError:
                return unknown
    return unknown


def recorded(url: str) -> list[tuple[int, str]]:
    """The position and key of every event on a server."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT position, key FROM stakebook.stored_events ORDER BY position"
        ).fetchall()


def test_writers_at_once_keep_one_gapless_order_and_a_follower_sees_it(deals: Deals) -> None:
    acked, seen, stop = list[tuple[int, str]](), list[int](), threading.Event()

    def following() -> None:
        store = store_at(Server(deals.url("rita")))
        while not stop.is_set() or len(seen) < len(acked):
            seen.extend(event.position for event in store.events_after(len(seen)))

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        follower = pool.submit(following)
        jobs = [
            pool.submit(appending, deals.url("anna"), f"w{n}", EACH, acked) for n in range(WRITERS)
        ]
        assert [job.result(300) for job in jobs] == [0] * WRITERS
        stop.set()
        follower.result(60)
    assert sorted(acked) == recorded(deals.url("rita"))
    assert seen == list(range(1, WRITERS * EACH + 1))
    # the control: a frontier that is read without the lock gives a position twice
    first, second = (psycopg.connect(deals.url("anna")) for _ in range(2))
    with first, second:
        grow = "UPDATE stakebook.frontier SET size = size + 1"
        first.execute(grow)
        second.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(grow)
        first.rollback()


def test_one_key_at_once_is_recorded_once(deals: Deals) -> None:
    told = list[str]()

    def one(_: int) -> None:
        with Ledger(Server(deals.url("anna")), now, new_id) as ledger:
            receipt = ledger.append([draft("the-same")])
            told.append("new" if len(receipt.new) else "known")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(12)))
    assert sorted(told) == ["known"] * 11 + ["new"]


def test_a_connection_lost_at_commit_is_looked_up(deals: Deals) -> None:
    """Cut once COMMIT was sent: what became of it is told, and the same key again is harmless."""
    for number in range(5):
        key, there = f"cut-{number}", False
        with Proxy(deals.server.port) as proxy:
            url = deals.url("anna").replace(str(deals.server.port), str(proxy.port))
            with Ledger(Server(url), now, new_id) as ledger:
                proxy.cut_after = b"COMMIT"
                with suppress(Refused):  # which says that it is not there
                    receipt = ledger.append([draft(key)])
                    there = ledger.settled
                    assert len(receipt.new) == 1
                assert (key in [found for _, found in recorded(deals.url())]) is there
        with Ledger(Server(deals.url("anna")), now, new_id) as ledger:
            receipt = ledger.append([draft(key)])
            assert not ledger.settled
        assert len(receipt.new) == (0 if there else 1)
    assert [at for at, _ in recorded(deals.url())] == [1, 2, 3, 4, 5]


def test_what_is_lost_at_commit_and_not_to_be_looked_up_is_unknown(
    deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.storage.postgres_store.LOOKS", 2)
    with Proxy(deals.server.port) as proxy:
        url = deals.url("anna").replace(str(deals.server.port), str(proxy.port))
        with Ledger(Server(url), now, new_id) as ledger:
            proxy.cut_after, proxy.cuts_each = b"COMMIT", True
            with pytest.raises(OutcomeUnknown, match="status"):
                ledger.append([draft("cut")])
    while deals.execute(
        "SELECT 1 FROM pg_stat_activity WHERE usename = 'anna' AND datname = current_database()"
    ):
        time.sleep(0.01)  # the server has not seen the end of the connection yet
    there = "cut" in [key for _, key in recorded(deals.url())]
    assert run(deals.url("anna"), "status", "--key", "cut").code == (0 if there else 1)


def test_others_who_append_meanwhile_do_not_hide_what_became_of_it(deals: Deals) -> None:
    """The root of the first events tells, however long the log has become."""
    store: Any = store_at(Server(deals.url("anna")))
    with Ledger(Server(deals.url("anna")), now, new_id) as ledger:
        first = ledger.append([draft("first"), draft("second")])
        ledger.append([draft("third")])
    lost = Lost("cut")
    assert store.settled(lost, first.size, first.root) is True
    assert store.settled(lost, first.size, bytes(32)) is False
    assert store.settled(lost, 4, first.root) is False
    assert store.settled(Unconfirmed("cancelled"), first.size, first.root) is None


@pytest.mark.parametrize(("said", "wrong"), [(b"COMMIT", OutcomeUnknown), (b"FOR UPDATE", Refused)])
def test_a_server_that_says_nothing_more_is_not_waited_for(
    deals: Deals, monkeypatch: pytest.MonkeyPatch, said: bytes, wrong: type[StakebookError]
) -> None:
    """Nor is a cancellation, which goes the same way."""
    monkeypatch.setattr("ledger.storage.connection.PATIENCE", 2)
    monkeypatch.setattr("ledger.storage.connection.QUEUE_PATIENCE", 2)
    monkeypatch.setattr("ledger.storage.connection.CONNECT_SECONDS", 2)
    monkeypatch.setattr("ledger.storage.postgres.COMMIT_SECONDS", 1)
    monkeypatch.setattr("ledger.storage.postgres_store.LOOKS", 1)
    with Proxy(deals.server.port) as proxy:
        url = deals.url("anna").replace(str(deals.server.port), str(proxy.port))
        with Ledger(Server(url), now, new_id) as ledger:
            proxy.stop_after = said
            with pytest.raises(wrong, match="said nothing for 2 s"):
                ledger.append([draft("slow")])


def test_others_may_be_long_served_first(deals: Deals, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server limits each wait for a lock, and not their sum."""
    monkeypatch.setattr("ledger.storage.connection.PATIENCE", 0.5)
    with (
        Ledger(Server(deals.url("anna")), now, new_id) as ledger,
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(deals.url("anna")) as other,
    ):
        other.execute("SELECT 1 FROM stakebook.frontier FOR UPDATE")
        job = pool.submit(ledger.append, [draft("at-last")])
        time.sleep(1.5)
        other.rollback()
        assert len(job.result(60).new) == 1


def test_news_may_be_long_in_coming(deals: Deals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.storage.connection.PATIENCE", 0.1)
    with server_store(Server(deals.url("rita"))).listening(1) as heard:
        for _ in range(2):
            next(heard)


@pytest.mark.parametrize("where", ["drafts", "look"])
def test_a_session_that_the_server_ended_records_nothing(
    deals: Deals, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """A writer that stood still with the lock in hand, wherever, until others had it."""
    from ledger.storage import connection

    with Ledger(Server(deals.url("anna")), now, new_id) as ledger:
        ledger.append([draft("early")], look=lambda *_: Looked())  # all is loaded by now
    monkeypatch.setitem(connection._SESSION, "idle_in_transaction_session_timeout", "200ms")

    def stand(at: str) -> Looked:
        time.sleep(0.5 if at == where else 0)
        return Looked()

    def standing() -> Iterator[Draft]:
        yield draft("late")
        yield draft("later")
        stand("drafts")

    with (
        Ledger(Server(deals.url("anna")), now, new_id) as ledger,
        closing(ReadModelFile(None)) as model,
    ):
        model.caught_up(ledger)
        with pytest.raises(Refused, match=r"(?i)nothing was recorded") as ended:
            ledger.append(standing(), model, look=lambda *_: stand("look"))
    assert ended.value.refusal is Refusal.SERVER_UNREACHABLE
    assert recorded(deals.url()) == [(1, "early")]


def test_a_writer_that_thinks_long_keeps_the_lock(
    deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules of a large batch may take longer than a session may stand still."""
    from ledger.storage import connection

    with Ledger(Server(deals.url("anna")), now, new_id) as ledger:
        ledger.append([draft("early")])  # all is loaded by now
    monkeypatch.setitem(connection._SESSION, "idle_in_transaction_session_timeout", "400ms")
    monkeypatch.setattr("ledger.storage.postgres.SIGN_SECONDS", 0.05)

    def look(_before: Any, _after: Any, _new: Any) -> Looked:
        time.sleep(1)
        return Looked()

    with Ledger(Server(deals.url("anna")), now, new_id) as ledger:
        assert len(ledger.append([draft("thought-of")], look=look).new) == 1


def test_a_connection_lost_before_commit_records_nothing(deals: Deals) -> None:
    with Proxy(deals.server.port) as proxy:
        url = deals.url("anna").replace(str(deals.server.port), str(proxy.port))
        with Ledger(Server(url), now, new_id) as ledger:
            proxy.cut_after = b"FOR UPDATE"
            with pytest.raises(StakebookError, match="Nothing was recorded") as lost:
                ledger.append([draft("never")])
    assert not isinstance(lost.value, OutcomeUnknown)
    assert recorded(deals.url()) == []


def test_a_connection_lost_while_reading_is_told_in_words(deals: Deals) -> None:
    assert append(deals.url("anna"), lines(party("acme"))).code == 0  # type: ignore[arg-type]
    for command in ("replay", "verify", "parties"):
        with Proxy(deals.server.port) as proxy:
            proxy.cut_after, proxy.cuts_each = b"stored_events WHERE position >", True
            told = run(deals.url("rita").replace(str(deals.server.port), str(proxy.port)), command)
            assert_refused(told, Refusal.SERVER_UNREACHABLE)


@pytest.fixture(scope="module")
def primary() -> Iterator[Pair]:
    """A primary that waits for its standby, which it reaches through a proxy."""
    with pair() as made:
        yield made


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend", "timer"])
def test_a_wait_for_the_standby_that_is_cancelled_is_never_reported_as_recorded(
    primary: Pair, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deals = primary.deals
    seconds = 1 if how == "timer" else 5
    monkeypatch.setattr("ledger.storage.postgres.COMMIT_SECONDS", seconds)
    deals.execute(f"ALTER DATABASE {deals.database} SET client_min_messages = error")
    for number in range(3):
        key = f"{how.replace('_', '-')}-{number}"
        primary.cut()
        with (
            Ledger(Server(deals.url("anna")), now, new_id) as ledger,
            ThreadPoolExecutor(1) as pool,
        ):
            job = pool.submit(ledger.append, [draft(key)])
            if how != "timer":
                primary.end_waiting(how)
            with pytest.raises(OutcomeUnknown):
                job.result(60)
        primary.mend()
        assert key in [found for _, found in recorded(deals.url())]
        assert run(deals.url("anna"), "status", "--key", key).code == 0


def test_ctrl_c_while_the_standby_is_waited_for_ends_with_4(primary: Pair, tmp_path: Path) -> None:
    primary.cut()
    words = ["-c", "from cli.main import main; main()", "--ledger", primary.deals.url("anna")]
    process = subprocess.Popen(
        [sys.executable, *words, "append", "--file", "-"], stdin=PIPE, stdout=PIPE, stderr=PIPE,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path)}, cwd=ROOT,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(lines(party("ctrl-c")))
    process.stdin.close()
    primary.wait_for("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
    process.send_signal(signal.SIGINT)
    code = process.wait(60)
    assert process.stdout is not None
    assert process.stderr is not None
    told = process.stdout.read().decode(), process.stderr.read().decode()
    process.stdout.close()
    process.stderr.close()
    primary.mend()
    assert code == 4, told
    assert told[0] == ""
    assert "status --key=party-ctrl-c" in told[1]
    again = append(primary.deals.url("anna"), lines(party("ctrl-c")))  # type: ignore[arg-type]
    assert "lready recorded" in again.out


def test_status_confirms_nothing_that_no_standby_has(
    primary: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.storage.postgres.COMMIT_SECONDS", 1)
    told = append(primary.deals.url("anna"), lines(party("confirmed")))  # type: ignore[arg-type]
    assert told.code == 0
    assert run(primary.deals.url("rita"), "doctor").code == 0
    primary.cut()
    told = run(primary.deals.url("anna"), "status", "--key", "party-confirmed")
    assert told.code == 4, told
    told = run(primary.deals.url("rita"), "status", "--key", "party-confirmed")
    assert told.code == 4, told  # who may not write confirms by a mark in the log of the server
    primary.mend()
    assert run(primary.deals.url("rita"), "status", "--key", "party-confirmed").code == 0


def test_nothing_is_acknowledged_while_the_standby_is_cut_off(primary: Pair) -> None:
    acked, stop = list[tuple[int, str]](), threading.Event()
    before = 0
    with ThreadPoolExecutor(1) as pool:
        url = primary.deals.url("anna")
        job = pool.submit(appending, url, "part", 100_000, acked, stop)
        for _ in range(2):
            while len(acked) < before + 5:
                time.sleep(0.01)
            primary.stop_forwarding()
            primary.wait_for("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
            time.sleep(0.2)  # what was on its way from the standby has arrived
            before = len(acked)
            time.sleep(2)
            assert len(acked) == before
            primary.forward()
        stop.set()
        assert job.result(120) == 0
    assert set(acked) <= set(recorded(primary.deals.url()))
    # the control: with no standby named, the same cut is acknowledged through
    primary.deals.execute("UPDATE stakebook.ledger SET require_standby = false")
    primary.name_standbys("")
    primary.stop_forwarding()
    free = list[tuple[int, str]]()
    appending(primary.deals.url("anna"), "free", 3, free)
    primary.forward()
    primary.name_standbys("*")
    primary.deals.execute("UPDATE stakebook.ledger SET require_standby = true")
    assert len(free) == 3


def test_what_was_acknowledged_survives_the_loss_of_the_primary() -> None:
    with pair() as made:
        acked = list[tuple[int, str]]()
        with ThreadPoolExecutor(4) as pool:
            jobs = [
                pool.submit(appending, made.deals.url("anna"), f"loss{n}", 500, acked)
                for n in range(4)
            ]
            while len(acked) < 40:
                time.sleep(0.05)
            made.primary.kill()
            for job in jobs:
                job.result(60)
        made.standby.run("pg_ctl", "-D", str(made.standby.data), "-w", "promote")
        url = made.standby.url(made.deals.database)
        there = recorded(url)
        assert set(acked) <= set(there)
        assert [at for at, _ in there] == list(range(1, len(there) + 1))
        store = store_at(Server(url))
        assert store.peek().position == len(there)


def test_the_library_alone_reports_a_cancelled_wait_as_a_success(primary: Pair) -> None:
    """The control: without a look at the server's warning a lost event passes for recorded."""
    primary.cut()
    url = primary.deals.url()
    with psycopg.connect(url, autocommit=True) as connection, ThreadPoolExecutor(1) as pool:
        job = pool.submit(connection.execute, "UPDATE stakebook.frontier SET size = size")
        primary.end_waiting("pg_cancel_backend")
        job.result(60)  # no exception: only a warning tells
    primary.mend()
