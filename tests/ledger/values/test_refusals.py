"""Every refusal on the closed list: a way to reproduce it, its exit code, and its exact words."""

from __future__ import annotations

import os
import re
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from ledger.storage.files import MOVED
from ledger.transparency.signed_notes import read_note
from ledger.values.refusals import Refusal
from tests import ROOT
from tests.exports import WITNESS
from tests.helpers import (
    Outcome,
    append,
    assert_refused,
    clock_at,
    dated,
    lines,
    new_ledger,
    party,
    run,
    stored,
)

GOLDEN = ROOT / "tests" / "refusals"
REWRITE = "STAKEBOOK_REWRITE_GOLDEN"  # set it to write the expected words anew
Reproducer = Callable[[Path], Outcome]


def raw(given: bytes) -> Reproducer:
    """Append bytes."""
    return lambda ledger: append(ledger, given)


def events(*given: dict[str, Any]) -> Reproducer:
    """Append events."""
    return raw(lines(*given))


def words(*given: str) -> Reproducer:
    """Run a command."""
    return lambda ledger: run(ledger, *given)


def _written_meanwhile(ledger: Path) -> Outcome:
    note = ("append", "note-added", "--subject", "acme", "--text", "seen")
    assert run(ledger, *note, "--key", "first-note").code == 0
    return run(ledger, *note, "--key", "second-note", "--expect-version", "0")


def _two_of_a_name(ledger: Path) -> Outcome:
    named = ("--party", "acme-2", "--kind", "company", "--name", "Acme plc")
    assert run(ledger, "append", "party-registered", *named).code == 0
    return run(ledger, "holdings", "Acme plc")


def _worker_ended(ledger: Path) -> Outcome:
    with patch("ledger.storage.beside.MUCH", 0), patch("sys.executable", "/bin/false"):
        return append(ledger, lines(party("corvo")), "--jobs", "2")


CONVERT = ("convert", "--from", "csv", "--as", "acme-register", "--published-on", "2024-03-31")


def _other_format(ledger: Path) -> Outcome:
    ledger.with_name("register.csv").write_bytes(b"PK\x03\x04")
    return run(ledger, *CONVERT, "register.csv")


def _question(ledger: Path) -> Outcome:
    text = "Holder,Class,Shares,Date,Transaction\nbolt,acme/common,10,03/04/2023,Issue\n"
    ledger.with_name("register.csv").write_text(text)
    ledger.with_name("mapping.yaml").write_text(
        "stakebook-mapping: 1\nparty-kinds: {bolt: company}\nsource: {publisher: Acme plc}\n"
    )
    outcome = run(ledger, *CONVERT, "register.csv", "--mapping", "mapping.yaml")
    report, refused = outcome.err.splitlines()
    assert report == "CSV 1: of 1 object 1 whole, 0 with losses, 0 refused."
    return outcome._replace(err=f"{refused}\n")


def _busy(ledger: Path) -> Outcome:
    other = sqlite3.connect(ledger, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        return append(ledger, lines(party("newco")))
    finally:
        other.close()


def _not_a_ledger(ledger: Path) -> Outcome:
    ledger.with_name("notes.db").write_text("not a ledger " * 100)
    return run(ledger.with_name("notes.db"), "holdings")


def _on_a_network(ledger: Path) -> Outcome:
    mounts = ledger.with_name("mountinfo")
    mounts.write_text("27 1 254:0 / / rw shared:1 - nfs4 server:/export rw\n")
    with patch("ledger.storage.filesystems.MOUNTS", mounts):
        return run(ledger, "holdings")


def _identical(ledger: Path) -> Outcome:
    note = {"type": "note-added", "subject": "acme", "text": "same"}
    assert append(ledger, lines(note | {"key": "the-first"})).code == 0
    return append(ledger, lines(note))


def _clock_ahead(ledger: Path) -> Outcome:
    note = ("append", "note-added", "--subject", "acme", "--text", "seen")
    with clock_at(datetime(2040, 1, 1, tzinfo=UTC)):
        assert run(ledger, *note, "--clock-is-right").code == 0
    with clock_at(datetime(2050, 1, 1, tzinfo=UTC)):
        return run(ledger, *note, "--again")


def _breaks_later(ledger: Path) -> Outcome:
    moved = dated("shares-transferred", share_class="acme/common", transferor="bolt",
                  transferee="fund-one", shares="100", key="sold-all")  # fmt: skip
    assert append(ledger, lines(moved)).code == 0
    return append(ledger, lines(moved | {"effective_on": "2021", "shares": "1", "key": "early"}))


def _key(ledger: Path, name: str, *words_of: str) -> str:
    """A key made beside a ledger; its public half."""
    assert run(ledger, "keygen", name, *words_of).code == 0
    return Path(name).read_text().splitlines()[0]


def _sealed(ledger: Path, *request: str) -> str:
    vkey = _key(ledger, "deal.key")
    assert run(ledger, "seal", "--key", "deal.key", *request).code == 0
    return vkey


def _unsafe_key(ledger: Path) -> Outcome:
    _key(ledger, "deal.key")
    Path("deal.key").chmod(0o644)
    return run(ledger, "seal", "--key", "deal.key")


def _bad_note(ledger: Path) -> Outcome:
    Path("seen.txt").write_text("a checkpoint without signatures\n")
    return run(ledger, "verify", "--last-seen", "seen.txt")


def _changed(ledger: Path) -> Outcome:
    _sealed(ledger)
    other = sqlite3.connect(ledger)
    triggers = other.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    rows = triggers.fetchall()
    for name, _ in rows:
        other.execute(f"DROP TRIGGER {name}")
    other.execute("UPDATE stored_events SET state = CAST(state || ' ' AS BLOB) WHERE position = 2")
    for _, sql in rows:
        other.execute(sql)
    other.commit()
    other.close()
    return run(ledger, "prove", "#2")


def _bad_export(ledger: Path) -> Outcome:
    Path("deal.audit.jsonl").write_text('{"format":"another"}\n')
    return run(ledger, "verify", "deal.audit.jsonl")


def _other_ledger(ledger: Path) -> Outcome:
    assert run(ledger, "export", "--audit", "deal.audit.jsonl").code == 0
    return run(new_ledger(_folder("other")), "import", "deal.audit.jsonl")


def _folder(name: str) -> Path:
    Path(name).mkdir()
    return Path(name)


def _not_cosigned(ledger: Path) -> Outcome:
    vkey = _sealed(ledger, "--request", "request.txt")
    _key(ledger, "witness.key", "--witness", "acme.law/w1")
    words_of = ("--log", vkey, "--key", "witness.key", "--state", "deal.seen")
    return run(ledger, "cosign", "request.txt", *words_of)


def _impossible_time(ledger: Path) -> Outcome:
    _sealed(ledger)
    note = read_note(run(ledger, "seal").out)
    Path("answer.txt").write_text(str(WITNESS.sign(note.text, 2**40)))
    words_of = ("--add", "answer.txt", "--witness", str(WITNESS.verifier))
    return run(ledger, "seal", *words_of)


def _file_exists(ledger: Path) -> Outcome:
    Path("deal.key").touch()
    return run(ledger, "keygen", "deal.key")


def _foreign_journal(ledger: Path) -> Outcome:
    """The journal of a transaction, beside a file that has become another one since."""
    journal = ledger.with_name("deal.db-journal")
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("PRAGMA user_version = 2")
        left = bytes.fromhex("d9d505f920a163d7") + b"\0\0\0\1" + journal.read_bytes()[12:]
        other.execute("ROLLBACK")
        other.execute("PRAGMA schema_version = 7")
    journal.write_bytes(left)
    outcome = run(ledger, "holdings")
    journal.unlink()
    return outcome


def _not_provable(ledger: Path) -> Outcome:
    _sealed(ledger)
    return run(ledger, "prove-answer", "check")


TRANSFER = dated(
    "shares-transferred", share_class="acme/common", transferor="bolt", transferee="fund-one",
    shares="101",
)  # fmt: skip
RETRACTION = {"type": "event-retracted", "event": "opened", "because": "wrong", "key": "gone"}
SIGNED = dated("agreement-in-force", agreement="rama", key="in-force")

GRANT = dated(
    "instrument-granted", key="grant", instrument="option-1", kind="option", holder="bolt",
    share_class="acme/common", shares="600", effective_on="2023-01-01",
    vests=[{"on": "2023-07-01", "shares": "150"}, {"on": "2026-07-01", "shares": "450"}],
)  # fmt: skip
EXERCISE = dated(
    "instrument-exercised", key="exercise", instrument="option-1", holder="bolt",
    share_class="acme/common", settled="new",
)  # fmt: skip
POOL = dated("pool-reserved", pool="plan", issuer="acme", share_class="acme/common")
SERVER = "postgresql://127.0.0.1:1/deals"


def _without_rights(_: Path) -> Outcome:
    """A server that gives somebody no right to the tables."""
    psycopg = pytest.importorskip("psycopg")
    denied = psycopg.errors.InsufficientPrivilege("permission denied for schema stakebook")
    with patch("psycopg.Connection.connect", side_effect=denied):
        return run(SERVER, "holdings")


def _moved(ledger: Path) -> Outcome:
    """A file whose ledger goes on at another place."""
    with closing(sqlite3.connect(ledger)) as connection:
        connection.execute(f"PRAGMA user_version = {MOVED}")
    return append(ledger, lines(party("newco")))


def _alone(ledger: Path) -> Outcome:
    """An append where two people must agree."""
    with patch("ledger.storage.writing.Writing.four_eyes", True):
        return append(ledger, lines(party("newco")))


def _ended_draft(ledger: Path) -> Outcome:
    """A draft that was rejected before."""
    pytest.importorskip("psycopg")
    from ledger.storage.drafts import Drafted

    at = datetime(2026, 1, 2, tzinfo=UTC)
    rejected = Drafted(3, "anna", at, 1, 0, "rejected", "carl", "wrong date")
    with patch("cli.commands.reject.drafts_at") as drafts:
        drafts.return_value.__enter__.return_value.named.return_value = rejected, []
        return run(ledger, "reject", "3", "--note", "again")


REPRODUCERS: dict[Refusal, Reproducer] = {
    Refusal.ENCODING: raw(b'{"type":"soci\xe9t\xe9"}'),
    Refusal.SYNTAX: raw(b'{"type":"note-added",}'),
    Refusal.DUPLICATE_KEY: raw(b'{"type":"note-added","type":"party-ended"}'),
    Refusal.TOO_LARGE: raw(b'{"type":"' + b"x" * 10 * 2**20 + b'"}'),
    Refusal.TOO_DEEP: raw(b'{"type":"note-added","text":' + b"[" * 40 + b"]" * 40 + b"}"),
    Refusal.NOT_AN_EVENT: raw(b"- Renault sold its shares.\n"),
    Refusal.YAML_FEATURE: raw(b"- type: &kind note-added\n  subject: *kind\n"),
    Refusal.EMPTY: raw(b"# nothing yet\n"),
    Refusal.UNREADABLE_FILE: words("append", "--file", "no-such-file.yaml"),
    Refusal.UNKNOWN_TYPE: events(TRANSFER | {"type": "share-transfered"}),
    Refusal.UNKNOWN_FIELD: events(TRANSFER | {"share": "1"}),
    Refusal.MISSING_FIELD: events({"type": "note-added", "subject": "acme"}),
    Refusal.ASSIGNED_BY_STORE: events(TRANSFER | {"recorded_at": "2020-01-01T00:00:00Z"}),
    Refusal.BAD_DATE: events(TRANSFER | {"effective_on": "2023-02-29"}),
    Refusal.BAD_NUMBER: events(TRANSFER | {"shares": "1,000"}),
    Refusal.BAD_TEXT: events(party("newco") | {"name": "Acme\x1b[2J"}),
    Refusal.BAD_IDENTIFIER: events(party("newco") | {"party": "New Co"}),
    Refusal.BAD_CHOICE: events(TRANSFER | {"standing": "rumour"}),
    Refusal.BAD_CHECK_DIGIT: events(party("newco") | {"lei": "529900T8BM49AURSDO56"}),
    Refusal.FIELDS_DISAGREE: events(TRANSFER | {"standing": "inferred"}),
    Refusal.BAD_SHAPE: events(TRANSFER | {"shares": True}),
    Refusal.BAD_DEFAULTS: events({"defaults": {"standng": "official"}}, TRANSFER),
    Refusal.NO_EFFECTIVE_DATE: events(
        TRANSFER | {"known_on": "effective", "effective_on": "unknown"}
    ),
    Refusal.UNKNOWN_REFERENCE: events(TRANSFER | {"transferee": "fund-on"}),
    Refusal.ALREADY_REGISTERED: events(party("acme") | {"name": "Other plc", "key": "again"}),
    Refusal.BAD_AMENDMENT: events(RETRACTION, RETRACTION | {"key": "gone-again"}),
    Refusal.SHARES_NOT_THERE: events(TRANSFER),
    Refusal.BREAKS_LATER_EVENT: _breaks_later,
    Refusal.SPLIT_LEAVES_FRACTION: events(
        dated("shares-split", share_class="acme/common", ratio="1:3")
    ),
    Refusal.PARTY_ENDED: events(
        {
            "type": "party-ended",
            "party": "fund-one",
            "effective_on": "2020-01-01",
            "successors": ["fund-two"],
        },
        TRANSFER | {"shares": "100"},
    ),
    Refusal.SAME_HOLDER: events(TRANSFER | {"transferee": "bolt"}),
    Refusal.INSTRUMENT_NOT_OPEN: events(GRANT, EXERCISE | {"quantity": "700"}),
    Refusal.NOT_VESTED: events(GRANT, EXERCISE | {"quantity": "500"}),
    Refusal.POOL_TOO_SMALL: events(
        POOL | {"shares": "900"},
        GRANT | {"pool": "plan"},
        POOL | {"shares": "500", "sequence": "2"},
    ),
    Refusal.CONTRADICTORY_STEP: events(SIGNED, SIGNED | {"key": "in-force-again"}),
    Refusal.SEAT_WITHOUT_RIGHT: events(
        dated("director-appointed", company="acme", nominated_by="bolt", key="seated")
    ),
    Refusal.OTHER_FORMAT: _other_format,
    Refusal.QUESTION_OPEN: _question,
    Refusal.KEY_REUSED: events(party("newco") | {"key": "party-acme"}),
    Refusal.IDENTICAL_EVENT: _identical,
    Refusal.WRITTEN_MEANWHILE: _written_meanwhile,
    Refusal.CLOCK_AHEAD: _clock_ahead,
    Refusal.WARNED: words(
        *("append", "shares-issued", "--share-class", "acme/common", "--holder", "bolt"),
        *("--shares", "1", "--effective-on", "2024-01-01", "--known-on", "effective"),
        *("--standing", "official", "--strict"),
    ),
    Refusal.WORKER_ENDED: _worker_ended,
    Refusal.UNKNOWN_SUBJECT: words("holdings", "fund"),
    Refusal.AMBIGUOUS_NAME: _two_of_a_name,
    Refusal.NOT_A_LEDGER: _not_a_ledger,
    Refusal.NO_LEDGER: lambda ledger: run(ledger.with_name("missing.db"), "holdings"),
    Refusal.LEDGER_EXISTS: words("init"),
    Refusal.LEDGER_BUSY: _busy,
    Refusal.FILE_EXISTS: _file_exists,
    Refusal.NAMED_LIKE_READ_MODEL: lambda ledger: run(ledger.with_name("new.views.db"), "init"),
    Refusal.BAD_KEY: words("verify", "--key", "stakebook/1+00000000+AAAA"),
    Refusal.KEY_UNSAFE: _unsafe_key,
    Refusal.BAD_NOTE: _bad_note,
    Refusal.NOT_SEALED: words("prove", "opened"),
    Refusal.LOG_CHANGED: _changed,
    Refusal.BAD_EXPORT: _bad_export,
    Refusal.OTHER_LEDGER: _other_ledger,
    Refusal.NOT_COSIGNED: _not_cosigned,
    Refusal.IMPOSSIBLE_TIME: _impossible_time,
    Refusal.FOREIGN_JOURNAL: _foreign_journal,
    Refusal.LONG_NAME: lambda ledger: run(ledger.with_name("n" * 240), "init"),
    Refusal.RESERVED_NAME: words("keygen", "deal.db-journal"),
    Refusal.SERVER_UNREACHABLE: lambda ledger: run(
        SERVER, "--offline", "holdings", XDG_STATE_HOME=str(ledger.parent / "state")
    ),
    Refusal.SERVER_UNSAFE: lambda _: run("postgresql://anna:secret@127.0.0.1/deals", "holdings"),
    Refusal.SERVER_REFUSED: _without_rights,
    Refusal.NOT_ON_A_SERVER: lambda _: run(SERVER, "backup", "deal-2026.db"),
    Refusal.LEDGER_MOVED: _moved,
    Refusal.SEALED_VALUE: events(party("newco", name={"sealed": "bm90"})),  # type: ignore[arg-type]
    Refusal.NEEDS_APPROVAL: _alone,
    Refusal.NO_DRAFTS: words("drafts"),
    Refusal.DRAFT_ENDED: _ended_draft,
    Refusal.NO_ACTORS: words("--by", "anna", "append", "party-ended", "--party", "acme"),
    Refusal.NOT_PROVABLE: _not_provable,
    Refusal.FILE_TROUBLE: lambda ledger: run(ledger.parent / "no-folder" / "new.db", "init"),
    Refusal.NETWORK_FILE_SYSTEM: _on_a_network,
}


@pytest.fixture
def ledger(ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of its own in the current folder."""
    monkeypatch.chdir(tmp_path)
    return ledger


def _name(refusal: Refusal) -> str:
    return refusal.name.lower().replace("_", "-")


def test_every_refusal_has_a_reproducer() -> None:
    """The table above names every member of the list."""
    assert [_name(refusal) for refusal in Refusal if refusal not in REPRODUCERS] == []


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("refusal", list(REPRODUCERS), ids=_name)
def test_refusal(ledger: Path, refusal: Refusal) -> None:
    """The reproducer is refused for that reason, in the words on file, and records nothing."""
    before = len(stored(ledger))
    outcome = REPRODUCERS[refusal](ledger)
    assert_refused(outcome, refusal, code=3 if refusal is Refusal.WRITTEN_MEANWHILE else 2)
    assert f"[R{refusal.value} {_name(refusal)}]" in outcome.err
    prepared = {_breaks_later, _clock_ahead, _identical, _two_of_a_name, _written_meanwhile}
    assert len(stored(ledger)) == before + (REPRODUCERS[refusal] in prepared)
    expected = GOLDEN / f"{_name(refusal)}.txt"
    told = outcome.err.replace(f"`stakebook --ledger {ledger}", "`stakebook")
    told = told.replace(str(ledger.parent), "FOLDER")
    told = re.sub(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "LEDGER", told)
    if os.environ.get(REWRITE):
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")


GIVEN = {"FILE": "a-file", "NAME": "a.example/name"}  # what a person puts in place of a word
SHOWING = ("show", "holdings", "governance", "timeline", "search", "events")
RECORDING = ("append", "retract", "correct")
ELSEWHERE = (
    *(Refusal.NO_LEDGER, Refusal.NOT_A_LEDGER, Refusal.FOREIGN_JOURNAL, Refusal.NOT_ON_A_SERVER),
)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("refusal", list(REPRODUCERS), ids=_name)
def test_the_commands_of_a_refusal_can_be_run(ledger: Path, refusal: Refusal) -> None:
    """Each is one that the parser takes on this ledger; what shows something shows it, and what
    records something does."""
    for line in re.findall("`(stakebook [^`]+)`", REPRODUCERS[refusal](ledger).err):
        program, option, path, *told = shlex.split(line)
        assert (program, option) == ("stakebook", "--ledger")
        assert path == str(ledger) or refusal in ELSEWHERE
        before = len(stored(ledger))
        outcome = run(path, *(GIVEN.get(word, word) for word in told))
        assert "Usage:" not in outcome.err, (line, outcome)
        if told[0] in (*SHOWING, *RECORDING) and GIVEN.keys().isdisjoint(told):
            assert outcome.code == 0, (line, outcome)
            assert len(stored(ledger)) == before + (told[0] in RECORDING)


def test_no_words_are_left_over() -> None:
    """Every file of expected words belongs to a refusal."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {_name(r) for r in REPRODUCERS}


@pytest.mark.parametrize("refusal", list(Refusal), ids=_name)
def test_refusal_is_raised_somewhere(refusal: Refusal) -> None:
    """No member of the list is unused: the code that refuses names it."""
    root = GOLDEN.parent.parent
    sources = [p for name in ("ledger", "projections", "cli") for p in (root / name).rglob("*.py")]
    assert any(f"Refusal.{refusal.name}" in path.read_text("utf-8") for path in sources)


def test_numbers_are_unique_and_names_are_stable() -> None:
    """No two refusals share a number, and the code is number and name."""
    assert len({refusal.value for refusal in Refusal}) == len(Refusal)
    assert Refusal.SHARES_NOT_THERE.code == "R401 shares-not-there"
