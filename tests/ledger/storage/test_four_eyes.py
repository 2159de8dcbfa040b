"""One person drafts and another approves: the database itself refuses everything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.batch import Draft
from ledger.events.envelope import canonical, enveloped, read_state
from ledger.events.validation import make_event
from ledger.values.refusals import Refusal, Refused
from tests.helpers import Outcome, append, assert_refused, lines, party, run
from tests.ledger.storage.test_postgres import accept, opened
from tests.servers import Deals, needed

needed()
psycopg = pytest.importorskip("psycopg")


@pytest.fixture
def two(make_deals: Callable[..., Deals]) -> Deals:
    """A ledger on a server in which one person drafts and another approves."""
    return make_deals("--four-eyes")


def drafted(deals: Deals, by: str, *events: Any) -> int:
    """Draft some events; the number of the draft."""
    told = append(deals.url(by), lines(*events), "--draft", "--json")  # type: ignore[arg-type]
    assert told.code == 0, told
    return int(json.loads(told.out)["draft"])


def ask(deals: Deals, by: str, *words: str) -> Outcome:
    return run(deals.url(by), *words)


def record(
    deals: Deals, by: str, names: tuple[str, ...], author: str | None = "anna", **changed: Any
) -> None:
    """Insert the events of parties as a client of its own, with what they say changed."""
    actor = {"approved_by": by, "by": author, "database": by} | changed.pop("actor", {})
    actor = {name: text for name, text in actor.items() if text is not None}
    drafts = [Draft(_party(name, **changed), f"party-{name}") for name in names]
    with opened(deals, by) as ledger:
        ledger.stored.four_eyes = False  # as a client has it that does not care
        receipt = ledger.append(drafts, dry_run=True, author="anna")
        forged = []
        for event in receipt.events:
            told = (event.position, event.originator_id, event.originator_version, event.id,
                    event.key, event.type, event.schema, event.recorded_at)  # fmt: skip
            raw = enveloped(ledger.id, canonical(event.data), *told, canonical(actor))
            forged.append(replace(event, raw=raw))
        with ledger.stored.writing():
            ledger.stored.insert(forged)


def _party(id: str, **changed: str) -> Any:
    told = {"party": id, "kind": "company", "name": id.title(), "standing": "official"}
    return make_event("party-registered", told | changed)


REFUSED = "not as another person has drafted it"


def test_only_what_another_person_drafted_is_recorded(two: Deals) -> None:
    number = drafted(two, "anna", party("acme"), party("bolt"))
    assert_refused(append(two.url("anna"), lines(party("acme"))), Refusal.NEEDS_APPROVAL)  # type: ignore[arg-type]
    both = ("acme", "bolt")
    with pytest.raises(Refused, match="permission denied"):  # the author records directly
        record(two, "anna", both)
    for attack in (
        {"name": "Other"},  # the approver changes the data,
        {"author": "carl"}, {"author": "dora"}, {"author": None},  # names another author,
        {"actor": {"approved_by": None}}, {"actor": {"approved_by": "anna"}},  # or approver,
        {"actor": {"database": "anna"}},  # or login
    ):  # fmt: skip
        with pytest.raises(Exception, match=REFUSED):
            record(two, "carl", both, **attack)
    with pytest.raises(Exception, match=REFUSED):  # records without a draft
        record(two, "carl", ("other",))
    with pytest.raises(Exception, match="recorded whole"):  # a part of one
        record(two, "carl", ("acme",))
    drafted(two, "eve", party("own"))
    with pytest.raises(Exception, match=REFUSED):  # an own one, whoever is named
        record(two, "eve", ("own",), author="eve")
    rejected = drafted(two, "anna", party("late"))
    assert ask(two, "carl", "reject", str(rejected), "--note", "too late").code == 0
    with pytest.raises(Exception, match=REFUSED):  # one that was rejected
        record(two, "carl", ("late",))
    assert two.execute("SELECT count(*) FROM stakebook.stored_events") == [(0,)]
    record(two, "carl", both)  # and the right one passes
    rows = two.execute("SELECT state FROM stakebook.stored_events")
    told = {"approved_by": "carl", "by": "anna", "database": "carl"}
    assert [read_state(bytes(state)).actor for (state,) in rows] == [told, told]
    assert_refused(ask(two, "carl", "approve", str(number)), Refusal.DRAFT_ENDED)
    record(two, "postgres", ("other",))  # the control: the owner brings what others recorded


def test_a_draft_is_reviewed_and_approved_by_another(two: Deals) -> None:
    number = str(drafted(two, "anna", party("acme"), party("bolt")))
    assert_refused(ask(two, "anna", "approve", number), Refusal.NEEDS_APPROVAL, "your own")
    assert_refused(ask(two, "rita", "drafts"), Refusal.SERVER_REFUSED)
    assert_refused(ask(two, "eve", "approve", "999"), Refusal.UNKNOWN_SUBJECT)
    assert "2  open" in ask(two, "otto", "drafts").out
    seen = ask(two, "carl", "review", number)
    assert "Would record #1 party-acme" in seen.out
    assert ask(two, "rita", "parties").out.count("Acme") == 0
    approved = ask(two, "carl", "approve", number)
    assert approved.code == 0
    undoing = approved.out.partition("To undo: stakebook --ledger ")[2].split()
    assert undoing[1:3] == ["undo", "1"]
    assert undoing[-1] == "--draft"
    assert "recorder     anna, approved by carl" in ask(two, "rita", "show", "1").out
    assert ask(two, "rita", "replay").code == 0
    assert "none" in ask(two, "anna", "drafts").out
    again = drafted(two, "anna", party("acme"))
    assert_refused(ask(two, "carl", "approve", str(again)), Refusal.DRAFT_ENDED, "recorded")


@pytest.mark.whole
def test_amendments_are_drafted_too_and_the_rules_run_when_approved(two: Deals) -> None:
    first = drafted(two, "anna", party("acme"))
    words = ("--name", "Acme plc", "--because", "typed", "--draft")
    assert_refused(ask(two, "anna", "correct", "1", *words), Refusal.UNKNOWN_SUBJECT)
    rename = {"type": "party-renamed", "party": "acme", "name": "Acme SA"}
    early = drafted(two, "anna", rename | {"effective_on": "2024-01-01"})
    refused = ask(two, "carl", "approve", str(early))
    assert_refused(refused, Refusal.UNKNOWN_REFERENCE, f"draft {early}:1")
    assert ask(two, "carl", "review", str(early)).code == 2
    assert ask(two, "carl", "approve", str(first)).code == 0
    assert ask(two, "carl", "approve", str(early)).code == 0  # what it rests on is there now
    assert ask(two, "anna", "correct", "1", *words).code == 0
    assert ask(two, "anna", "retract", "2", "--because", "wrong", "--draft").code == 0
    assert ask(two, "anna", "undo", "--because", "wrong", "--draft").code == 0
    found = json.loads(ask(two, "carl", "drafts", "--format", "json").out)["rows"]
    for row in found[:2]:
        assert ask(two, "carl", "approve", str(row["number"])).code == 0
    assert ask(two, "anna", "reject", str(found[2]["number"]), "--note", "twice").code == 0
    ended = ask(two, "anna", "drafts", "--all").out
    assert "withdrawn by anna: twice" in ended
    assert ask(two, "rita", "replay").code == 0


@pytest.mark.whole
def test_what_is_no_draft_is_refused(two: Deals, deals: Deals, tmp_path: Path) -> None:
    url: Any = two.url("anna")
    assert_refused(append(url, lines(party("a", kind="x")), "--draft"), Refusal.BAD_CHOICE)
    assert_refused(append(url, lines(party("a"), party("a")), "--draft"), Refusal.KEY_REUSED)
    assert append(url, b"", "--draft").code == 2
    assert append(url, lines(party("a")), "--draft", "--dry-run").code == 2
    assert_refused(append(deals.url("anna"), lines(party("a")), "--draft"), Refusal.NO_DRAFTS)  # type: ignore[arg-type]
    file = tmp_path / "deal.db"
    assert run(file, "init").code == 0
    assert_refused(append(file, lines(party("a")), "--draft"), Refusal.NO_DRAFTS)
    assert run(file, "init", "--four-eyes").code == 2


@pytest.mark.whole
def test_many_events_are_drafted_and_approved_whole(two: Deals) -> None:
    number = drafted(two, "anna", *(party(f"p{n}") for n in range(1_200)))
    assert ask(two, "carl", "approve", str(number)).code == 0
    assert two.execute("SELECT count(*) FROM stakebook.stored_events") == [(1_200,)]


# What each role may do, as SQL; the owner may do all of it but change what is recorded.
EVERYBODY = frozenset({"anna", "carl", "rita", "seth", "otto"})
DRAFTERS = frozenset({"anna", "carl", "otto"})
NOBODY = frozenset[str]()
_NONE = "SELECT * FROM stakebook.stored_events WHERE false"
RIGHTS = {
    "SELECT state FROM stakebook.stored_events": EVERYBODY,
    "SELECT peaks FROM stakebook.frontier": EVERYBODY,
    "SELECT note FROM stakebook.checkpoints": EVERYBODY,
    "SELECT id FROM stakebook.ledger": EVERYBODY,
    "SELECT number FROM stakebook.drafts": DRAFTERS,
    "SELECT data FROM stakebook.draft_events": DRAFTERS,
    "SELECT note FROM stakebook.draft_ends": DRAFTERS,
    "SELECT 1 / count(*) FROM stakebook.drafts": {"anna", "carl", "otto"},
    f"INSERT INTO stakebook.stored_events {_NONE}": {"carl"},
    "UPDATE stakebook.frontier SET size = size": {"carl"},
    "SELECT 1 FROM stakebook.frontier FOR UPDATE": {"carl"},
    "INSERT INTO stakebook.checkpoints (size, note) SELECT 0, 'stakebook/' || id || E'\\n0\\n'"
    " || repeat('A', 43) || E'=\\n\\n— s AAAAAAA=\\n' FROM stakebook.ledger": {"seth"},
    "INSERT INTO stakebook.drafts DEFAULT VALUES": {"anna"},
    "INSERT INTO stakebook.draft_ends (draft, step, note) VALUES (1, 'withdrawn', '')": {"anna"},
    "INSERT INTO stakebook.draft_ends (draft, step, note) VALUES (1, 'rejected', '')": {"carl"},
    "SELECT current_setting('data_directory')": {"otto"},
    "INSERT INTO stakebook.drafts (by) VALUES ('dora')": NOBODY,
    "INSERT INTO stakebook.drafts (at) VALUES ('2001-01-01')": NOBODY,
    "INSERT INTO stakebook.draft_events VALUES (1, 9, 'k', true, 'note-added', '{}')": NOBODY,
    "INSERT INTO stakebook.draft_ends (draft, by, step, note)"
    " VALUES (1, 'dora', 'rejected', '')": NOBODY,
    "UPDATE stakebook.ledger SET four_eyes = false": NOBODY,
    "UPDATE stakebook.ledger SET four_eyes = false, actors = 'none'": NOBODY,
    "DELETE FROM stakebook.drafts": NOBODY,
    "TRUNCATE stakebook.draft_ends": NOBODY,
    "ALTER TABLE stakebook.drafts DISABLE ROW LEVEL SECURITY": NOBODY,
    "CREATE POLICY mine ON stakebook.drafts USING (true)": NOBODY,
    "ALTER TABLE stakebook.stored_events DISABLE TRIGGER ALL": NOBODY,
    "DROP TABLE stakebook.drafts CASCADE": NOBODY,
    "CREATE TABLE stakebook.other (a int)": NOBODY,
    "SET ROLE {database}_owner": NOBODY,
}
OWNER_TOO = [
    "UPDATE stakebook.drafts SET by = by", "UPDATE stakebook.draft_events SET data = data",
    "UPDATE stakebook.draft_ends SET note = note", "UPDATE stakebook.stored_events SET key = key",
    "DELETE FROM stakebook.stored_events", "TRUNCATE stakebook.stored_events CASCADE",
]  # fmt: skip


@pytest.mark.whole
def test_each_role_may_do_what_its_table_says(two: Deals) -> None:
    number = drafted(two, "anna", party("acme"))
    assert number == 1
    for sql, may in RIGHTS.items():
        for person in EVERYBODY:
            assert _allowed(two, person, sql) is (person in may), (person, sql)
        if sql != "SELECT current_setting('data_directory')":  # of the server, not the ledger
            assert _allowed(two, "postgres", sql, f"SET ROLE {two.database}_owner"), sql
    for sql in OWNER_TOO:
        for person in (*EVERYBODY, "postgres"):
            assert not _allowed(two, person, sql), (person, sql)


def _allowed(deals: Deals, person: str, sql: str, before: str = "") -> bool:
    """Whether the server lets somebody do something, which is undone."""
    with psycopg.connect(deals.url(person)) as connection:
        try:
            connection.execute(before or "SELECT 1")
            connection.execute(sql.format(database=deals.database) if "{data" in sql else sql)
        except psycopg.Error:
            return False
        finally:
            connection.rollback()
    return True


def test_a_draft_that_shares_a_key_does_not_hold_up_another(two: Deals) -> None:
    first = drafted(two, "anna", party("acme"))
    more = drafted(two, "anna", party("acme"), party("a"))
    drafted(two, "eve", party("acme", name="Other"), party("b"))
    assert ask(two, "carl", "approve", str(first)).code == 0
    assert ask(two, "carl", "approve", str(more)).code == 0
    assert two.execute("SELECT count(*) FROM stakebook.stored_events") == [(2,)]


def test_a_draft_is_recorded_or_ended_and_never_both(two: Deals) -> None:
    end = "INSERT INTO stakebook.draft_ends (draft, step, note) VALUES ({}, '{}', 'late')"
    number = drafted(two, "anna", party("acme"))
    assert ask(two, "carl", "approve", str(number)).code == 0
    for person, step in (("anna", "withdrawn"), ("carl", "rejected")):
        with pytest.raises(psycopg.Error, match=f"draft {number} is recorded"):
            two.execute(end.format(number, step), person)
    number = drafted(two, "anna", party("bolt"))
    with ThreadPoolExecutor(1) as pool, psycopg.connect(two.url("anna")) as withdrawing:
        withdrawing.execute(end.format(number, "withdrawn"))
        job = pool.submit(record, two, "carl", ("bolt",))  # whoever withdraws is waited for
        while not two.execute("SELECT 1 FROM pg_locks WHERE NOT granted"):
            assert not job.done()
        withdrawing.commit()
        with pytest.raises(Exception, match=REFUSED):
            job.result(60)
    assert_refused(ask(two, "carl", "approve", str(number)), Refusal.DRAFT_ENDED)
    with psycopg.connect(two.url("carl")) as old:  # nor does it help not to see what was ended
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(psycopg.Error, match="read committed"):
            old.execute(f"INSERT INTO stakebook.stored_events {_NONE}")


def test_a_login_under_another_name_approves_nothing_of_its_own(two: Deals) -> None:
    """Nor one that was made under the name of a former one."""
    number = drafted(two, "eve", party("acme"))
    try:
        two.execute("ALTER ROLE eve RENAME TO eva")
        told = ask(two, "eva", "approve", str(number))
        assert told.code == 5
        assert REFUSED in told.err
    finally:
        two.execute("ALTER ROLE eva RENAME TO eve")
    assert ask(two, "carl", "approve", str(number)).code == 0


@pytest.mark.whole
def test_recorders_see_their_own_drafts_alone(two: Deals) -> None:
    drafted(two, "anna", party("acme"))
    drafted(two, "eve", party("bolt"))
    with suppress(psycopg.Error):
        two.execute(f"REVOKE {two.database}_approver FROM eve")
    seen = {
        person: two.execute("SELECT by FROM stakebook.drafts", person)
        for person in ("anna", "carl", "eve", "otto")
    }
    assert seen == {"anna": [("anna",)], "eve": [("eve",)], "carl": [("anna",), ("eve",)],
                    "otto": [("anna",), ("eve",)]}  # fmt: skip


@pytest.mark.whole
def test_without_four_eyes_recorders_append_and_nobody_drafts(deals: Deals) -> None:
    accept(deals.url("anna"), party("acme"))
    for person in EVERYBODY:
        assert _allowed(deals, person, f"INSERT INTO stakebook.stored_events {_NONE}") is (
            person == "anna"
        )
        assert not _allowed(deals, person, "INSERT INTO stakebook.drafts DEFAULT VALUES")
        assert not _allowed(deals, person, "SELECT number FROM stakebook.drafts")
