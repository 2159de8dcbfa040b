"""No file that was changed, swapped or damaged is ever answered from as if it were whole."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.application import Ledger
from ledger.storage.opening import peek
from tests.helpers import Outcome, accept, append, dated, lines, new_ledger, party, run, tamper

DAY = ("--as-of", "2100-01-01", "--format", "json")  # no question is of a day that may end
QUESTIONS = (("holdings", "acme", *DAY), ("votes", "acme", *DAY), ("timeline", *DAY))
LIGHT = (("status", "--key", "opened"), ("show", "moved", *DAY))
MOVED = dated("shares-transferred", key="moved", share_class="acme/common", shares="10")
MOVED |= {"transferor": "bolt", "transferee": "fund-one"}


def views_of(ledger: Path) -> Path:
    """The read model of a ledger."""
    return ledger.with_name(f"{ledger.stem}.views.db")


def copied(ledger: Path, name: str) -> Path:
    """A copy of a ledger alone, without its read model."""
    return Path(shutil.copy(ledger, ledger.with_name(name)))


def asked(ledger: Path) -> list[Outcome]:
    """What a ledger answers to every question."""
    return [run(ledger, *words) for words in QUESTIONS]


def issue(holder: str, key: str, shares: str = "50") -> dict[str, str]:
    """An issue of shares to a holder."""
    return dated("shares-issued", key=key, share_class="acme/common", holder=holder, shares=shares)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_ledger(tmp_path_factory.mktemp("base"), MOVED)


@pytest.fixture
def deal(base: Path, tmp_path: Path) -> Path:
    """A ledger with a transfer, which nobody has asked anything yet."""
    return Path(shutil.copy(base, tmp_path / base.name))


# Files that take each other's place


@pytest.fixture
def forks(deal: Path) -> tuple[Path, Path]:
    """Two copies of one ledger, each with another event at the end; both have been asked."""
    ours, theirs = copied(deal, "ours.db"), copied(deal, "theirs.db")
    accept(ours, issue("fund-one", "to-one"))
    accept(theirs, issue("fund-two", "to-two", shares="70"))
    return ours, theirs


def test_a_ledger_put_in_place_of_its_fork_is_answered_from_its_own_events(
    forks: tuple[Path, Path],
) -> None:
    ours, theirs = forks
    before, right = asked(ours), asked(theirs)
    assert before != right
    theirs.replace(ours)
    views = views_of(ours).read_bytes()
    assert asked(ours) == right
    for words in (("check",), ("verify",), ("doctor",), ("replay",), ("report", "r.html")):
        views_of(ours).write_bytes(views)
        told = run(ours, *words[:1], *(str(ours.with_name(word)) for word in words[1:]))
        assert told.code == 0, told
    assert "70" in ours.with_name("r.html").read_text(encoding="utf-8")


def test_the_rules_never_trust_the_read_model_of_a_fork(forks: tuple[Path, Path]) -> None:
    """In one file there are shares to give away that the other does not have."""
    ours, theirs = forks
    given = MOVED | {"transferor": "fund-one", "transferee": "fund-two", "shares": "60"}
    given |= {"key": "given", "effective_on": "2024-06-01"}
    assert asked(ours)[0].code == 0
    theirs.replace(ours)
    refused = append(ours, lines(given))
    assert (refused.code, "shares-not-there" in refused.err) == (2, True)
    accept(ours, given | {"transferor": "fund-two", "transferee": "fund-one"})
    assert run(ours, "replay").code == 0


@pytest.mark.parametrize("more", [0, 1, 2])
def test_a_longer_fork_is_not_caught_up_from_the_other(forks: tuple[Path, Path], more: int) -> None:
    """However many events follow, the end of one history is never filed on top of another."""
    ours, theirs = forks
    for number in range(more):
        accept(theirs, party(f"more-{number}"))
    right = asked(theirs)
    assert asked(ours)[0].code == 0
    theirs.replace(ours)
    assert asked(ours) == right


def test_a_restored_backup_is_answered_from_its_own_events(deal: Path) -> None:
    backup, before = deal.with_name("backup.db"), asked(deal)
    assert run(deal, "backup", str(backup)).code == 0
    accept(deal, issue("fund-one", "later"))
    assert asked(deal) != before
    backup.replace(deal)
    assert asked(deal) == before
    accept(deal, issue("fund-one", "other", shares="1"))
    assert run(deal, "replay").code == 0


def test_a_read_model_of_an_older_backup_is_caught_up_or_made_anew(deal: Path) -> None:
    assert asked(deal)[0].code == 0
    old = views_of(deal).read_bytes()
    accept(deal, issue("fund-one", "later"))
    right = asked(deal)
    views_of(deal).write_bytes(old)
    assert asked(deal) == right


def test_a_ledger_swapped_while_it_is_read_is_answered_from_one_of_both(
    forks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is replaced between the look at its end and the reading of its events."""
    from ledger.storage.file_store import SQLiteStore

    ours, theirs = forks
    right, read = asked(theirs)[0], SQLiteStore.events_after
    views_of(ours).unlink(missing_ok=True)

    def swapped(self: SQLiteStore, position: int) -> Iterator[object]:
        if theirs.exists():
            theirs.replace(ours)
        return read(self, position)

    monkeypatch.setattr(SQLiteStore, "events_after", swapped)
    assert run(ours, *QUESTIONS[0]) == right


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_append_to_a_file_that_was_replaced_meanwhile_is_refused(
    forks: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """Whatever it had written would be lost with the file that is gone."""
    ours, theirs = forks
    right, save = asked(theirs), Ledger.save

    def swapped(self: Ledger, *events: Any) -> Any:
        if when == "before":
            theirs.replace(ours)
        saved = save(self, *events)
        if when == "after":
            theirs.replace(ours)
        return saved

    monkeypatch.setattr(Ledger, "save", swapped)
    told = append(ours, lines(party("newco")))
    assert (told.code, told.out) == (2, ""), told
    assert "Another file took the place of" in told.err
    monkeypatch.undo()
    assert asked(ours) == right
    accept(ours, party("newco"))


# Edits by SQL

EDITS = {
    "bytes": "UPDATE stored_events SET state = CAST(replace(state, '\"100\"', '\"900\"') AS BLOB)",
    "bytes of another": "UPDATE stored_events SET state = (SELECT state FROM stored_events"
    " WHERE position = 2) WHERE position = 3",
    "leaf": "UPDATE stored_events SET leaf = zeroblob(32) WHERE position = 4",
    "key": "UPDATE stored_events SET key = 'other' WHERE key = 'opened'",
    "topic": "UPDATE stored_events SET topic = 'note-added' WHERE position = 5",
    "content": "UPDATE stored_events SET content = zeroblob(32) WHERE position = 5",
    "stream": "UPDATE stored_events SET originator_id = 'x' WHERE position = 6",
    "version": "UPDATE stored_events SET originator_version = 7 WHERE position = 6",
    "no text": "UPDATE stored_events SET key = CAST(x'ff' AS TEXT) WHERE position = 6",
    "first deleted": "DELETE FROM stored_events WHERE position = 1",
    "one deleted": "DELETE FROM stored_events WHERE position = 4",
    "last deleted": "DELETE FROM stored_events WHERE position = (SELECT size FROM frontier)",
    "all deleted": "DELETE FROM stored_events",
    "planted at 0": "INSERT INTO stored_events SELECT 0, 'x', 1, topic, state, 'x', content, leaf"
    " FROM stored_events WHERE position = 1",
    "planted at -5": "INSERT INTO stored_events SELECT -5, 'x', 1, topic, state, 'x', content,"
    " leaf FROM stored_events WHERE position = 1",
    "planted at the end": "INSERT INTO stored_events SELECT size + 1, 'x', 1, topic, state, 'x',"
    " content, leaf FROM stored_events JOIN frontier WHERE position = 1",
    "planted far away": "INSERT INTO stored_events SELECT 99, 'x', 1, topic, state, 'x', content,"
    " leaf FROM stored_events WHERE position = 1",
    "moved": "UPDATE stored_events SET position = 99 WHERE position = 3",
    "size": "UPDATE frontier SET size = size - 1",
    "size with its peaks": "UPDATE frontier SET size = 1, peaks = zeroblob(32)",
    "peaks": "UPDATE frontier SET peaks = zeroblob(length(peaks))",
    "peaks as nothing": "UPDATE frontier SET peaks = x''",
    "no frontier": "DELETE FROM frontier",
    "id": "UPDATE ledger SET id = 'another'",
}


COLUMNS = (
    "position", "originator_id", "originator_version", "topic", "state", "key", "content", "leaf",
)  # fmt: skip


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_ledger_is_never_answered_from(deal: Path, edit: str) -> None:
    """Not by questions, nor by an append, a replay, a backup, an export or the doctor."""
    tamper(deal, edit)
    before = deal.read_bytes()
    for words in (*QUESTIONS, ("check",), ("replay",), ("backup", "copy.db"), ("report", "r.html"),
                  ("export", "--audit", "out.jsonl"), ("append", "--file", "-")):  # fmt: skip
        named = [str(deal.with_name(word)) if "." in word else word for word in words]
        told = run(deal, *named, stdin=lines(issue("fund-one", "later")))
        assert told.code == 5, (words, told)
        assert "fault in stakebook" not in told.err
        assert not list(deal.parent.glob("[cor]*.[djh]*"))
    assert run(deal, "verify").code in (1, 5)
    assert run(deal, "doctor").code == 1
    assert deal.read_bytes() == before


@pytest.mark.parametrize(
    "edit", [e for name, e in EDITS.items() if "delet" in name or "plant" in name or "size" in name]
)
def test_an_append_to_a_log_that_does_not_end_with_its_tree_is_refused(
    deal: Path, edit: str
) -> None:
    """Also where the read model was current, and the log was not to be read again."""
    assert asked(deal)[0].code == 0
    tamper(deal, edit)
    before = deal.read_bytes()
    told = append(deal, lines(issue("fund-one", "later")))
    if "position = 4" in edit:  # what lies further back is found when it is read
        assert run(deal, "verify").code == 1
    else:
        assert (told.code, deal.read_bytes()) == (5, before), told


def test_a_key_changed_in_the_log_is_no_key_to_be_used_again(deal: Path) -> None:
    """The read model knows the key by the bytes of the event."""
    assert asked(deal)[0].code == 0
    tamper(deal, EDITS["key"])
    told = run(deal, "status", "--key", "opened")
    assert (told.code, told.out) == (5, "")
    assert run(deal, "status", "--key", "other").code == 5
    assert append(deal, lines(issue("fund-one", "opened"))).code == 5
    assert append(deal, lines(issue("fund-one", "other"))).code == 5


def test_the_last_version_of_a_stream_is_read_from_its_bytes(deal: Path) -> None:
    assert asked(deal)[0].code == 0
    tamper(deal, "UPDATE stored_events SET originator_version = 9 WHERE key = 'moved'")
    assert append(deal, lines(issue("fund-one", "later"))).code == 5


# Bits


def flips(ledger: Path, count: int, seed: int) -> Iterator[tuple[int, Path]]:
    """Copies of a ledger without a read model, each with one bit changed."""
    draw, raw = random.Random(seed), ledger.read_bytes()
    for number in range(count):
        place = draw.randrange(8 * len(raw))
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        copy = ledger.with_name(f"flip-{number}.db")
        copy.write_bytes(changed)
        yield place, copy
        for left in ledger.parent.glob(f"flip-{number}.*"):
            left.unlink()


@pytest.mark.parametrize(
    ("count", "part"),
    [(60, 0), *(pytest.param(1_000, part, marks=pytest.mark.whole) for part in range(4))],
)
def test_a_flipped_bit_gives_the_right_answer_or_none(deal: Path, count: int, part: int) -> None:
    original = copied(deal, "original.db")
    right = [run(original, *words) for words in (*QUESTIONS, *LIGHT)]
    found = 0
    for place, copy in flips(deal, count, seed=20231108 + part):
        for words, answer in zip((*QUESTIONS[:1], *LIGHT), (right[0], *right[-2:]), strict=True):
            told = run(copy, *words)
            assert told == answer or (told.code in (2, 5) and not told.out), (place, words, told)
            assert "fault in stakebook" not in told.err, place
            found += told.code == 5
    assert found


@pytest.mark.parametrize("count", [60, pytest.param(2_000, marks=pytest.mark.whole)])
def test_random_edits_give_the_right_answer_or_none(deal: Path, count: int) -> None:
    """Any column of any row set to a value of any kind."""
    draw, right = random.Random(8), asked(copied(deal, "original.db"))[0]
    values = ["NULL", "1", "-1", "'x'", "x''", "CAST(x'ff' AS TEXT)", "zeroblob(32)", "2.5"]
    for number in range(count):
        copy = copied(deal, f"edit-{number}.db")
        column, value = draw.choice(COLUMNS), draw.choice(values)
        if not edited(copy, f"UPDATE stored_events SET {column} = {value}", draw.randint(1, 9)):
            continue
        told = run(copy, *QUESTIONS[0])
        assert told == right or (told.code == 5 and not told.out), (column, value, told)
        later = append(copy, lines(issue("fund-one", "later")))
        assert later.code == 5 or told == right, (column, value, later)


def edited(ledger: Path, statement: str, position: int) -> bool:
    """Run a statement on one row; False where the schema itself does not take it."""
    try:
        tamper(ledger, f"{statement} WHERE position = ?", position)
    except sqlite3.DatabaseError:
        return False
    return True


# Names and marks


@pytest.mark.parametrize("name", ["new.views.db", "NEW.VIEWS.DB"])
def test_no_ledger_is_made_under_the_name_of_a_read_model(deal: Path, name: str) -> None:
    path, export = deal.with_name(name), deal.with_name("out.jsonl")
    assert run(deal, "export", "--audit", str(export)).code == 0
    commands: tuple[Callable[[], Outcome], ...] = (
        lambda: run(path, "init"),
        lambda: run(path, "import", str(export)),
        lambda: run(deal, "backup", str(path)),
    )
    for command in commands:
        told = command()
        assert (told.code, "named-like-read-model" in told.err) == (2, True), told
        assert not path.exists()


def test_a_read_model_is_marked(deal: Path) -> None:
    assert asked(deal)[0].code == 0
    with closing(sqlite3.connect(views_of(deal))) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (0x5374_6B76,)
        indexed = connection.execute("SELECT ledger, position, peaks FROM read_model").fetchone()
    assert indexed == peek(deal)


def test_the_doctor_looks_at_the_read_model(deal: Path) -> None:
    """Whose it is, whether it is one, and whether its events are those that it indexed."""
    assert "none yet" in run(deal, "doctor").out
    assert asked(deal)[0].code == 0
    assert "of this history" in run(deal, "doctor").out
    tamper(views_of(deal), "UPDATE events SET data = replace(data, '\"10\"', '\"90\"')")
    told = run(deal, "doctor")
    assert (told.code, "run `stakebook replay`" in told.out) == (1, True)
    views_of(deal).write_text("mine")
    told = run(deal, "doctor")
    assert (told.code, "is another file" in told.out) == (0, True)


def test_a_report_rests_on_the_log_and_not_on_the_read_model(deal: Path) -> None:
    """A read model edited from outside is asked by questions; a report files the events anew."""
    assert asked(deal)[0].code == 0
    tamper(views_of(deal), "UPDATE carried SET balance = balance + 7000")
    tamper(views_of(deal), "UPDATE postings SET delta = delta + 7000")
    report = deal.with_name("r.html")
    assert run(deal, "report", str(report)).code == 0
    assert "7,0" not in report.read_text(encoding="utf-8").partition("Holdings in acme")[2]
    assert "read anew for this report" in report.read_text(encoding="utf-8")


# Balances that cannot be


def test_a_read_model_with_changed_sums_is_found_by_check(deal: Path) -> None:
    assert asked(deal)[0].code == 0
    tamper(views_of(deal), "UPDATE carried SET balance = balance - 1000")
    tamper(views_of(deal), "UPDATE postings SET delta = delta - 1000 WHERE delta > 0")
    for words in QUESTIONS[:2]:
        told = run(deal, *words)
        assert "which cannot be: no limit hides anything of it" in told.out, told
    told = run(deal, "check", "--format", "csv")
    assert (told.code, "balances-as-their-movements" in told.out) == (1, True), told
    assert run(deal, "replay").code == 1
    assert run(deal, "check").code == 0
    assert "cannot be" not in run(deal, *QUESTIONS[0]).out


@pytest.mark.parametrize("words", QUESTIONS[:2])
def test_a_balance_below_zero_behind_a_limit_is_said_not_to_be_known(
    deal: Path, words: tuple[str, ...]
) -> None:
    """The purchase became known after the sale."""
    bought = dated("shares-transferred", key="bought", share_class="acme/common", shares="20")
    bought |= {"transferor": "bolt", "transferee": "fund-two", "known_on": "2025-01-01"}
    sold = bought | {"transferor": "fund-two", "transferee": "fund-one", "key": "sold"}
    accept(deal, bought, sold | {"effective_on": "2024-01-01", "known_on": "2024-01-02"})
    told = run(deal, *words, "--known-by", "2024-06-30")
    assert "What fund-two held is not known: a limit of the question (known by" in told.out, told
    assert "is not known: a limit" not in run(deal, *words).out


@pytest.mark.parametrize(
    "words",
    [
        ("correct", "moved", "--because", "typing error", "--set-note", "x"),
        ("status", "--key", "none"),
        ("check",),
    ],
)
def test_a_read_model_that_is_broken_is_made_anew_by_every_command(
    deal: Path, words: tuple[str, ...]
) -> None:
    """Its tables of events, subjects and sums are gone or unreadable."""
    assert asked(deal)[0].code == 0
    raw = bytearray(views_of(deal).read_bytes())
    raw[4096:] = bytes(len(raw) - 4096)
    views_of(deal).write_bytes(raw)
    told = run(deal, *words)
    assert "fault in stakebook" not in told.err
    assert told.code in (0, 1, 2), told


def test_an_append_that_meets_a_broken_read_model_says_so(deal: Path) -> None:
    assert asked(deal)[0].code == 0
    raw = bytearray(views_of(deal).read_bytes())
    raw[4096 * 3 :] = bytes(len(raw) - 4096 * 3)
    views_of(deal).write_bytes(raw)
    told = append(deal, lines(issue("fund-one", "later")))
    assert told.code in (0, 5), told
    assert told.code == 0 or "doctor" in told.err
    assert run(deal, "doctor").code in (0, 1)
    assert asked(deal)[0].code == 0


def test_a_key_changed_in_the_log_is_not_said_to_be_of_no_event(deal: Path) -> None:
    """A proof is asked for by the key that the event's bytes bear."""
    keys = str(deal.with_name("deal.key"))
    assert run(deal, "keygen", keys).code == 0
    assert run(deal, "seal", "--key", keys).code == 0
    assert run(deal, "prove", "opened").code == 0
    tamper(deal, EDITS["key"])
    assert run(deal, "prove", "opened").code == 5
    assert run(deal, "prove", "never-there").code == 2
    assert run(deal, "verify", "--key", Path(keys).read_text().splitlines()[0]).code == 1
