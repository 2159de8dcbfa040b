"""A ledger on a server: the same events, rules and answers, and nothing that damages it."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.context import new_id, now
from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.envelope import digest_in
from ledger.events.validation import make_event
from ledger.storage.connection import connect
from ledger.storage.opening import peek, store_at
from ledger.storage.postgres_tables import FUNCTIONS
from ledger.storage.server import Server
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.refusals import Damaged, Refusal
from projections.readmodel.provisional import ReadModelFile
from tests.helpers import SETUP, append, assert_refused, lines, party, run
from tests.proxy import Proxy
from tests.servers import Deals, needed
from tests.web import Site

needed()
psycopg = pytest.importorskip("psycopg")


def accept(ledger: Path | str, *events: Any) -> None:
    """Append events that must be accepted."""
    told = append(ledger, lines(*events))  # type: ignore[arg-type]
    assert told.code == 0, told


def draft(name: str) -> Draft:
    """A draft that registers a party."""
    event = make_event("party-registered", {"party": name, "kind": "company", "name": name})
    return Draft(event, name)


def opened(deals: Deals, user: str = "anna") -> Ledger:
    """The ledger, to append to."""
    return Ledger(Server(deals.url(user)), now, new_id)


def test_a_receipt_says_that_a_server_was_reached_without_full_tls(deals: Deals) -> None:
    """A name may lead to another machine, whatever address is said to be its own."""
    here = deals.url("anna")
    far = here.replace("127.0.0.1", "far.example") + "?hostaddr=127.0.0.1&sslmode=prefer"
    told = append(far, lines(party("acme")))  # type: ignore[arg-type]
    assert_refused(told, Refusal.SERVER_UNSAFE, "far.example")
    for url, said in ((far, True), (here, False)):
        words = "--insecure-transport", "append", "--file", "-"
        told = run(url, *words, stdin=lines(party(f"acme-{said}".lower())))
        assert told.code == 0, told
        assert ("without full TLS" in told.err) is said


def test_what_is_recorded_on_a_server_is_answered_as_from_a_file(
    deals: Deals, tmp_path: Path
) -> None:
    file = tmp_path / "deal.db"
    assert run(file, "init").code == 0
    for ledger in (deals.url("anna"), file):
        accept(ledger, *SETUP)
    for question in ("holdings acme", "parties", "timeline acme", "votes bolt"):
        words = question.split()
        assert run(deals.url("rita"), *words).out == run(file, *words).out
    again = append(deals.url("anna"), lines(*SETUP))  # type: ignore[arg-type]
    assert "already recorded" in again.out
    status = run(deals.url("anna"), "status", "--key", "opened")
    assert status.out.startswith("recorded #8"), status
    assert run(deals.url("rita"), "status", "--key", "never").code == 1
    for words in (["replay"], ["verify"], ["export", "--audit", str(tmp_path / "a.jsonl")]):
        assert run(deals.url("rita"), *words).code == 0
    refused = append(deals.url("rita"), lines(party("newco")))  # type: ignore[arg-type]
    assert_refused(refused, Refusal.SERVER_REFUSED, "Nothing was recorded")


def test_an_append_takes_at_most_four_round_trips(deals: Deals) -> None:
    with Proxy(deals.server.port) as proxy:
        url = deals.url("anna").replace(str(deals.server.port), str(proxy.port))
        with Ledger(Server(url), now, new_id) as ledger, closing(ReadModelFile(None)) as model:
            ledger.append([draft("first")], model)
            model.caught_up(ledger)  # as a command does before it takes the lock
            before = proxy.turns
            ledger.append([draft("second"), draft("third")], model)
            assert proxy.turns - before <= 4


@pytest.mark.whole
def test_many_rows_are_copied_and_few_are_not(deals: Deals) -> None:
    with opened(deals) as ledger, closing(ReadModelFile(None)) as model:
        for count in (1, 499, 500, 1_100, 5_100):
            many = [draft(f"p{count}-{n}") for n in range(count)]
            assert len(ledger.append(many, model).new) == count
        positions = [event.position for event in ledger.events_after(0)]
        assert positions == list(range(1, 7_201))
    tree = Frontier()
    tree.extend(
        [
            leaf_hash(bytes(state))
            for (state,) in deals.execute(
                "SELECT state FROM stakebook.stored_events ORDER BY position"
            )
        ]
    )
    assert peek(Server(deals.url("rita"))).peaks == tree.peaks()


@pytest.mark.whole
def test_a_batch_on_trial_leaves_nothing(deals: Deals) -> None:
    with opened(deals) as ledger:
        ledger.append([draft("a")], dry_run=True)
        ledger.append([draft(f"p{n}") for n in range(6_000)], dry_run=True)
        assert ledger.peek().position == 0
        ledger.append([draft("a")])
        assert ledger.peek().position == 1


def raw(ledger: Ledger, position: int, **changed: Any) -> list[Any]:
    """The columns of an event as an append would write them, with some of them changed."""
    from ledger.events.envelope import enveloped

    event = draft(f"raw-{position}").event
    stream = event.stream.format_map(event.data)
    at = changed.pop("recorded_at", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    told = (position, stream, 1, new_id(), f"raw-{position}", event.type, 1, at)
    state = enveloped(ledger.id, event.written, *told)
    row = {
        "position": position, "originator_id": stream, "originator_version": 1,
        "topic": event.type, "state": state, "key": f"raw-{position}",
        "content": digest_in(state, event.type), "leaf": leaf_hash(state),
    } | changed  # fmt: skip
    return list(row.values())


def test_the_server_refuses_what_would_damage_the_log(deals: Deals) -> None:
    with opened(deals) as ledger:
        ledger.append([draft("a")])
        head = ledger.peek()

        def insert(row: list[Any], *, size: int | None = None, before: str = "") -> None:
            """Insert a row with a tree that fits it, as a client of its own."""
            tree = Frontier(head.position, head.peaks)
            tree.add(row[-1])
            with psycopg.connect(deals.url("anna")) as connection:
                if before:
                    connection.execute(before)
                if size != -1:
                    connection.execute(
                        "UPDATE stakebook.frontier SET size = %s, peaks = %s",
                        (size or tree.size, tree.peaks()),
                    )
                marks = ",".join(["%s"] * 8)
                connection.execute(f"INSERT INTO stakebook.stored_events VALUES ({marks})", row)

        for bad in (
            {"key": "another"}, {"topic": "note-added"}, {"originator_id": "party:else"},
            {"originator_version": 2}, {"leaf": b"\0" * 32}, {"content": b"\0" * 32},
            {"recorded_at": "2001-01-01T00:00:00.000000Z"},
            {"recorded_at": "2101-01-01T00:00:00.000000Z"},
        ):  # fmt: skip
            with pytest.raises(psycopg.Error):
                insert(raw(ledger, 2, **bad))
        for size, position in ((None, 3), (3, 3), (-1, 2)):  # gaps, and no tree
            with pytest.raises(psycopg.Error):
                insert(raw(ledger, position), size=size)
        with pytest.raises(psycopg.Error, match="synchronous_commit"):
            insert(raw(ledger, 2), before="SET synchronous_commit = off")
        with pytest.raises(psycopg.Error):
            deals.execute("UPDATE stakebook.frontier SET size = 2", "anna")
        assert ledger.peek() == head
        good = raw(ledger, 2)
        for old, new in (
            (b'"v":1', b'"v":9'), (b'"v":1,', b'"v":1, '), (b'{"data"', b'{"actor":{},"data"'),
            (b'"schema":', b'"schema":99999'), (b'},"id":', b'},"data":{},"id":'),
            (b':1}', b':1,"z":1}'), (b'"id":"', b'"id":"\\n'), (b'Z","schema"', b'+00","schema"'),
        ):  # fmt: skip
            state = good[4].replace(old, new)
            assert state != good[4]
            content = digest_in(state, "party-registered")
            with pytest.raises(psycopg.Error):
                insert([*good[:4], state, good[5], content, leaf_hash(state)])
        late = good[4].replace(b'"version":1', b'"version":2')  # in its stream, without the first
        with pytest.raises(psycopg.Error):
            insert([*good[:2], 2, good[3], late, *good[5:7], leaf_hash(late)])
        for setting in ("repeatable read", "serializable"):
            with pytest.raises(psycopg.Error, match="read committed"):
                insert(good, before=f"SET TRANSACTION ISOLATION LEVEL {setting}")
        deals.execute("UPDATE stakebook.ledger SET require_standby = true")
        with pytest.raises(psycopg.Error, match="must name a standby"):
            insert(good)
        deals.execute("UPDATE stakebook.ledger SET require_standby = false")
        insert(raw(ledger, 2))  # and what an append would write is taken
        assert ledger.peek().position == 2


def test_an_event_that_no_append_records_is_no_other_history(deals: Deals, tmp_path: Path) -> None:
    """The server does not know the rules; whoever reads is told what to do, and of no fork."""
    accept(deals.url("anna"), party("acme"))
    assert run(deals.url("rita"), "parties").code == 0
    with opened(deals) as ledger:
        row = raw(ledger, 2)
        told = b'{"hello":"world"}'
        begin, end = len(b'{"data":'), row[4].index(b',"id":')
        state = row[4][:begin] + told + row[4][end:]
        tree = Frontier(*ledger.peek()[1:])
    tree.add(leaf_hash(state))
    row[4], row[6], row[7] = state, digest_in(state, row[3]), leaf_hash(state)
    with psycopg.connect(deals.url("anna")) as connection:
        grow = "UPDATE stakebook.frontier SET size = 2, peaks = %s"
        connection.execute(grow, (tree.peaks(),))
        marks = ",".join(["%s"] * 8)
        connection.execute(f"INSERT INTO stakebook.stored_events VALUES ({marks})", row)
    for home in (tmp_path / "state", tmp_path / "new"):
        told_of = run(deals.url("rita"), "parties", XDG_STATE_HOME=str(home))
        assert (told_of.code, told_of.out) == (5, "")
        assert "One of the events" in told_of.err
        assert "fork" not in told_of.err
    assert "#2 raw-2" in run(deals.url("rita"), "replay").err


def test_nothing_is_dated_back_by_a_transaction_that_began_long_ago(deals: Deals) -> None:
    short = (
        FUNCTIONS["in_time"].replace("5 minutes", "1 second").replace("CREATE", "CREATE OR REPLACE")
    )
    deals.execute(short)
    with opened(deals) as ledger, psycopg.connect(deals.url("anna")) as connection:
        connection.execute("SELECT 1")
        row = raw(ledger, 1)
        connection.execute("SELECT pg_sleep(1.2)")
        tree = Frontier()
        tree.add(row[-1])
        grow = "UPDATE stakebook.frontier SET size = 1, peaks = %s"
        connection.execute(grow, (tree.peaks(),))
        marks = ",".join(["%s"] * 8)
        with pytest.raises(psycopg.Error, match="not of its time"):
            connection.execute(f"INSERT INTO stakebook.stored_events VALUES ({marks})", row)


ATTEMPTS = (  # what no role but the owner may do, and not even the owner to what is recorded
    "UPDATE stakebook.stored_events SET key = 'x'", "DELETE FROM stakebook.stored_events",
    "TRUNCATE stakebook.stored_events", "ALTER TABLE stakebook.stored_events DISABLE TRIGGER ALL",
    "DROP TABLE stakebook.stored_events", "CREATE TABLE stakebook.other (a int)",
    "LOCK TABLE stakebook.stored_events IN EXCLUSIVE MODE", "DELETE FROM stakebook.frontier",
    "SET session_replication_role = replica", "UPDATE stakebook.ledger SET id = 'x'",
    "SET ROLE postgres", "SET SESSION AUTHORIZATION postgres",
    "COPY stakebook.stored_events TO PROGRAM 'cat'", "UPDATE stakebook.checkpoints SET size = 1",
)  # fmt: skip


@pytest.mark.whole
@pytest.mark.parametrize("person", ["anna", "rita", "seth", "otto"])
def test_no_role_changes_what_is_recorded(deals: Deals, person: str) -> None:
    accept(deals.url("anna"), party("acme"))
    for sql in ATTEMPTS:
        with pytest.raises(psycopg.Error):
            deals.execute(sql, person)
    may = {"anna": "INSERT", "seth": "checkpoints"}
    rights = deals.execute(
        "SELECT has_table_privilege('stakebook.stored_events', 'INSERT'),"
        " has_column_privilege('stakebook.checkpoints', 'note', 'INSERT')", person
    )  # fmt: skip
    assert rights == [(may.get(person) == "INSERT", may.get(person) == "checkpoints")]
    if person == "anna":  # the control: what is refused to others is a right that somebody has
        for sql in ATTEMPTS[:3]:
            with pytest.raises(psycopg.Error, match="never changed"):
                deals.execute(sql)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("synchronous_commit", "off"),
        ("synchronous_commit", "remote_write"),
        ("session_replication_role", "replica"),
    ],
)
def test_a_server_that_may_lose_what_it_records_is_refused(
    deals: Deals, name: str, value: str
) -> None:
    deals.execute(f"ALTER DATABASE {deals.database} SET {name} = {value}")
    told = append(deals.url("anna"), lines(party("acme")))  # type: ignore[arg-type]
    assert (told.code, told.out) == (5, ""), told
    assert name in told.err
    assert "Nothing was recorded" in told.err
    assert run(deals.url("anna"), "doctor").code == 1
    assert peek(Server(deals.url("rita"))).position == 0


def test_a_server_that_is_spoiled_while_a_ledger_is_open_is_refused(deals: Deals) -> None:
    server = deals.server

    def setting(said: str, is_on: str) -> None:
        server.execute(f"ALTER SYSTEM {said}")
        server.execute("SELECT pg_reload_conf()")
        while server.execute("SHOW full_page_writes") != [(is_on,)]:
            pass

    with opened(deals) as ledger:
        ledger.append([draft("acme")])
        try:
            setting("SET full_page_writes = off", "off")
            with pytest.raises(Damaged, match="Nothing was recorded; set full_page_writes"):
                ledger.append([draft("bolt")])
        finally:
            setting("RESET full_page_writes", "on")
        assert ledger.append([draft("bolt")]).size == 2


def test_settings_of_a_role_or_database_change_nothing_for_a_session(deals: Deals) -> None:
    """With these a warning would not be heard, bytes would be others, and writers would fail."""
    for name, value in (
        ("client_min_messages", "error"), ("standard_conforming_strings", "off"),
        ("default_transaction_isolation", "serializable"), ("search_path", "pg_temp"),
        ("DateStyle", "German"),
    ):  # fmt: skip
        deals.execute(f"ALTER ROLE anna IN DATABASE {deals.database} SET {name} = {value}")
        with connect(Server(deals.url("anna"))) as connection:
            ((found,),) = connection.execute(f"SHOW {name}").fetchall()
        assert found != value
    accept(deals.url("anna"), party("acme"))


@pytest.mark.whole
def test_a_required_standby_that_is_not_named_is_missed(deals: Deals) -> None:
    deals.execute("UPDATE stakebook.ledger SET require_standby = true")
    told = append(deals.url("anna"), lines(party("acme")))  # type: ignore[arg-type]
    assert told.code == 5
    assert "synchronous_standby_names" in told.err


def test_urls_that_cannot_be_trusted_are_refused(tmp_path: Path) -> None:
    for url, said in (
        ("postgresql://anna:secret@127.0.0.1/deals", "password"),
        ("postgresql://127.0.0.1/deals?password=secret", "password"),
        ("postgresql://db.example/deals?sslmode=require", "sslmode"),
        ("postgresql://127.0.0.1/deals?nosuch=1", "nosuch"),
        ("postgresql://127.0.0.1/%zz", "unreadable"),
        ("postgresql://[::1", "unreadable"),
        ("postgresql://127.0.0.1,db.example:5433/deals?sslmode=prefer", "db.example"),
    ):
        told = run(url, "holdings")
        assert_refused(told, Refusal.SERVER_UNSAFE, said)
        assert "secret" not in told.out + told.err
    told = run("postgresql://127.0.0.1:1/deals", "holdings", XDG_STATE_HOME=str(tmp_path))
    assert_refused(told, Refusal.SERVER_UNREACHABLE, "--offline")
    told = run("postgresql://127.0.0.1:1/deals", "backup", str(tmp_path / "b.db"))
    assert_refused(told, Refusal.NOT_ON_A_SERVER, "export --audit")


def test_pages_say_that_a_server_is_not_there() -> None:
    """It is no fault of the question."""
    site = Site(Server("postgresql://127.0.0.1:1/deals"))
    for address in ("/", "/c/acme", "/api/v1/parties"):
        told = site.get(address)
        assert told.status == 503
        assert "cannot be used" in told.text


@pytest.mark.whole
def test_doctor_names_what_is_wrong(deals: Deals) -> None:
    accept(deals.url("anna"), party("acme"))
    assert run(deals.url("anna"), "parties").code == 0
    told = run(deals.url("anna"), "doctor", "--json")
    found = {row["check"]: row for row in json.loads(told.out)["findings"]}
    assert not [row for row in found.values() if row["verdict"] == "problem"], found
    assert "may append" in found["role"]["found"]
    assert "read to #1 of #1" in found["follower"]["found"]
    deals.execute("ALTER TABLE stakebook.stored_events DISABLE TRIGGER guard")
    deals.execute(
        "CREATE OR REPLACE FUNCTION stakebook.never() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RETURN NEW; END$$"
    )
    told = run(deals.url(), "doctor", "--json")
    found = {row["check"]: row for row in json.loads(told.out)["findings"]}
    assert found["schema"]["verdict"] == "problem"
    assert "guard" in found["schema"]["found"]
    assert "never" in found["schema"]["found"]
    table = "ALTER TABLE stakebook.stored_events"
    for change, told_of in (
        ("ALTER FUNCTION stakebook.whole() SECURITY INVOKER", "whole"),
        ("ALTER FUNCTION stakebook.whole() RESET search_path", "whole"),
        ("DROP TRIGGER sealed ON stakebook.checkpoints; CREATE TRIGGER sealed BEFORE INSERT ON"
         " stakebook.checkpoints FOR EACH ROW WHEN (false) EXECUTE FUNCTION stakebook.sealed()",
         "sealed of checkpoints"),
        (f"{table} SET UNLOGGED", "UNLOGGED"),
        (f"{table} DROP CONSTRAINT stored_events_check,"
         " ADD CHECK (leaf = sha256('\\x00'::bytea || state) OR true)", "leaf hash"),
    ):  # fmt: skip
        deals.execute(change)
        assert told_of in run(deals.url(), "doctor", "--json").out
    assert found["role"]["verdict"] == "problem"  # a superuser


@pytest.mark.whole
def test_the_sql_of_a_ledger_is_printed_for_review_and_can_be_run(deals: Deals) -> None:
    printed = run(deals.url(), "init", "--print-sql").out
    name = deals.server.database()
    with psycopg.connect(deals.server.url(name), autocommit=True) as connection:
        connection.execute(printed)
    assert peek(Server(deals.server.url(name))).position == 0
    assert_refused(run(deals.url(), "init"), Refusal.LEDGER_EXISTS, "already")


def test_an_administrator_need_not_be_a_superuser(deals: Deals, tmp_path: Path) -> None:
    """As on a server that somebody else keeps; since PostgreSQL 16 a role is not its maker's."""
    server, export = deals.server, tmp_path / "a.jsonl"
    accept(deals.url("anna"), *SETUP)
    assert run(deals.url("anna"), "export", "--audit", str(export)).code == 0
    server.execute("CREATE ROLE adm LOGIN CREATEROLE CREATEDB")
    for words in (("init", "--four-eyes"), ("import", str(export), "--take-over")):
        name = f"{deals.database}_{words[0]}"
        server.execute(f"CREATE DATABASE {name}", user="adm")
        told = run(server.url(name, "adm"), *words)
        assert told.code == 0, told
        server.execute(f"GRANT {name}_reader TO rita", user="adm")
        assert run(server.url(name, "rita"), "doctor").code == 0


def test_roles_that_are_there_are_told_and_never_confused(deals: Deals) -> None:
    server = deals.server
    long = "d" * 55  # in which _reader and _recorder might be the same
    server.execute(f"CREATE DATABASE {long}")
    assert_refused(run(server.url(long), "init"), Refusal.SERVER_REFUSED, "too long")
    server.execute(f"DROP DATABASE {long}")
    name = server.database()
    server.execute(f"CREATE ROLE {name}_owner LOGIN")
    assert_refused(run(server.url(name), "init"), Refusal.SERVER_REFUSED, "may log in")
    server.execute(f"ALTER ROLE {name}_owner NOLOGIN")
    server.execute(f"CREATE ROLE {name}_recorder ROLE anna")
    told = run(server.url(name), "init")
    assert told.code == 0, told
    assert f"anna belongs to {name}_recorder already" in told.err
    odd = f"{name} X"
    server.execute(f'CREATE DATABASE "{odd}"')
    told = run(server.url(odd.replace(" ", "%20")), "init")
    assert f'GRANT "{odd}_recorder" TO' in " ".join(told.out.split())


@pytest.mark.whole
def test_a_busy_ledger_is_refused_and_what_is_being_written_is_known(
    deals: Deals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.storage.connection.LOCK_SECONDS", 1)
    store = store_at(Server(deals.url("anna")))
    assert not store.is_being_written()
    with psycopg.connect(deals.url("anna")) as other:
        other.execute("SELECT 1 FROM stakebook.frontier FOR UPDATE")
        assert store.is_being_written()
        told = append(deals.url("anna"), lines(party("acme")))  # type: ignore[arg-type]
    assert_refused(told, Refusal.LEDGER_BUSY, "somebody else")
    accept(deals.url("anna"), party("acme"))
