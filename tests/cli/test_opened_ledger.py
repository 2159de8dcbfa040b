"""A command opens the ledger and its read model once, and an append keeps them in step."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.amending import find
from cli.context import OpenedLedger, new_id, now
from ledger.application import Ledger
from ledger.batch import Draft
from ledger.events.envelope import Recorded
from ledger.events.validation import make_event
from ledger.storage.files import database_name
from ledger.storage.opening import peek
from ledger.time.history import History
from ledger.time.log import Log
from ledger.values.refusals import Damaged, Refused
from projections.readmodel import opening
from projections.readmodel.index import views_path
from projections.readmodel.provisional import MOST_LAID, ReadModelFile
from tests.helpers import SETUP, accept, dated, new_ledger, party, run

SOURCE = {"type": "source-registered", "source": "notice", "kind": "filing", "title": "A notice",
          "publisher": "acme", "published_on": "2023-11-08", "key": "notice"}  # fmt: skip
BECAUSE = ("--because", "a misprint")
CORRECTIONS: dict[str, Sequence[str]] = {
    "correct": ("correct", "opened", "--shares", "90", *BECAUSE),
    "correct-a-correction": ("correct", "mended", "--name", "Acme SE", *BECAUSE),
    "correct-on-trial": ("correct", "opened", "--shares", "90", *BECAUSE, "--dry-run"),
    "retract": ("retract", "opened", *BECAUSE),
    "corroborate": ("corroborate", "opened", "--source", "notice"),
    "correct-source": ("correct-source", "notice", "--title", "The notice", *BECAUSE),
    "retract-source": ("retract-source", "notice", *BECAUSE),
    "append": ("append", "note-added", "--subject", "acme", "--text", "seen", "--impact"),
}
QUESTIONS: dict[str, Sequence[str]] = {
    "holdings": ("holdings", "acme"),
    "votes": ("votes", "acme"),
    "timeline": ("timeline",),
    "show": ("show", "opened"),
    "explain": ("explain", "holdings", "acme", "bolt"),
    "restatements": ("restatements",),
    "check": ("check",),
    "diff": ("diff", "--from", "as-of=2024-01-01", "--to", "as-of=2024-12-31"),
}


@pytest.fixture
def ledger(base: Path, tmp_path: Path) -> Path:
    """A small ledger with a source and a correction."""
    shutil.copytree(base.parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / base.name


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = new_ledger(tmp_path_factory.mktemp("base"))
    accept(path, SOURCE)
    mending = ("--name", "Acme AG", "--key", "mended", *BECAUSE)
    assert run(path, "correct", "party-acme", *mending).code == 0
    return path


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the store of a ledger and a read model are opened."""
    counted = Counter[str]()
    opens, connects = Ledger.__init__, opening.connect

    def opened(self: Ledger, *given: Any, **named: Any) -> None:
        counted["store"] += 1
        opens(self, *given, **named)

    def connected(path: Path | None) -> sqlite3.Connection:
        counted["read model"] += 1
        return connects(path)

    monkeypatch.setattr(Ledger, "__init__", opened)
    monkeypatch.setattr(opening, "connect", connected)
    return counted


@pytest.mark.parametrize("name", CORRECTIONS)
def test_a_command_that_records_opens_each_once(
    name: str, ledger: Path, openings: Counter[str]
) -> None:
    outcome = run(ledger, *CORRECTIONS[name])
    assert outcome.code == 0, outcome.err
    assert openings == {"store": 1, "read model": 1}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_opens_the_read_model_once_and_the_store_never(
    name: str, ledger: Path, openings: Counter[str]
) -> None:
    outcome = run(ledger, *QUESTIONS[name])
    assert outcome.code == 0, outcome.err
    assert openings == {"read model": 1}


def draft(name: str) -> Draft:
    """A draft that registers a party."""
    event = make_event("party-registered", {"party": name, "kind": "company", "name": name})
    return Draft(event, name)


def test_what_is_recorded_between_finding_and_recording_is_seen(ledger: Path) -> None:
    with OpenedLedger(ledger) as opened:
        assert find(opened, "opened").key == "opened"
        before = opened.index.position
        accept(ledger, party("later"))
        (event,) = opened.ledger.append([draft("last")], opened.read_model).events
        assert event.position == before + 2
        assert opened.index.position == before + 2
        assert opened.index.knows("party:later")
    assert "same" in run(ledger, "replay").out


def test_a_read_model_replaced_between_finding_and_recording_is_opened_anew(ledger: Path) -> None:
    views = views_path(ledger)
    with OpenedLedger(ledger) as opened:
        before = opened.index.position
        views.unlink()
        accept(ledger, party("later"))
        opened.ledger.append([draft("last")], opened.read_model)
        assert opened.index.position == before + 2
    assert not [file for file in views.parent.iterdir() if file.name.endswith("-journal")]
    assert "same" in run(ledger, "replay").out


def test_a_session_follows_the_log_that_others_write_too(ledger: Path) -> None:
    """Its own events and those of others, filed when they are many; refused ones leave nothing."""
    filed = Counter[int]()
    with OpenedLedger(ledger) as opened, closing(ReadModelFile(views_path(ledger))) as held:
        for number in range(MOST_LAID + 4):
            opened.ledger.append([draft(f"mine-{number}")], held)
            filed[held.index.position] += 1
            accept(ledger, party(f"other-{number}"))
            opened.ledger.append([draft("never")], held, dry_run=True)
            with pytest.raises(Refused, match="is registered by"):
                opened.ledger.append([replace(draft(f"other-{number}"), key="again")], held)
            following = held.followed(opened.ledger)
            assert following.position == peek(ledger).position
            assert all(following.knows(f"party:{one}-{number}") for one in ("mine", "other"))
            assert not following.knows("party:never")
    assert len(filed) > 1, "what is laid over it is filed at times"
    assert "same" in run(ledger, "replay").out


@pytest.mark.parametrize("what", ["read model", "log"])
def test_a_session_notices_that_a_file_was_replaced(
    ledger: Path, tmp_path: Path, what: str
) -> None:
    with OpenedLedger(ledger) as opened, closing(ReadModelFile(views_path(ledger))) as held:
        opened.ledger.append([draft("one")], held)
        if what == "log":
            (tmp_path / "other").mkdir()
            shutil.copy(new_ledger(tmp_path / "other"), ledger)
            with pytest.raises((Refused, Damaged)):
                opened.ledger.append([draft("two")], held)
        else:
            with closing(sqlite3.connect(views_path(ledger))) as views, views:
                views.execute("UPDATE read_model SET position = position - 1")
            opened.ledger.append([draft("two")], held)
            assert held.followed(opened.ledger).knows("party:two")


def test_nothing_is_held_between_finding_and_recording(ledger: Path) -> None:
    with OpenedLedger(ledger) as opened:
        find(opened, "opened")
        for path in (ledger, views_path(ledger)):
            name = database_name(path, "rw")
            with closing(sqlite3.connect(name, uri=True, timeout=0)) as other:
                other.execute("BEGIN EXCLUSIVE")
                other.execute("ROLLBACK")


class Noting:
    """A read model in memory that notes what an append asks of it."""

    def __init__(self, path: Path) -> None:
        self._path, self.asked = path, list[str]()

    def followed(self, log: Ledger) -> History:
        self._note("followed")
        return Log(log.events_after(0))

    def caught_up(self, log: Ledger) -> History:
        self._note("caught_up")
        self._log = Log(log.events_after(0))
        return self._log

    def indexed(self, events: Iterable[Recorded]) -> History:
        together = Log(events, self._log)
        self._note("indexed")
        return together

    def keep(self) -> None:
        self._note("keep")

    def undo(self) -> None:
        self._note("undo")

    def _note(self, what: str) -> None:
        with closing(sqlite3.connect(self._path, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
                held = ""
            except sqlite3.OperationalError:
                held = " under the lock"
        self.asked.append(f"{what}{held}")


FEW = ["followed under the lock"]
MANY = [*FEW, "caught_up under the lock", "indexed under the lock"]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("outcome", ["recorded", "dry run", "refused"])
def test_an_append_asks_its_read_model_in_one_order(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, large: bool, outcome: str
) -> None:
    if large:
        monkeypatch.setattr("ledger.application.MANY", 0)
    noting, before = Noting(ledger), peek(ledger).position
    moved = dated("shares-transferred", share_class="acme/common", transferor="fund-two",
                  transferee="bolt", shares="1")  # fmt: skip
    bad = Draft(make_event(moved.pop("type"), moved), "bad")
    drafts = [draft("last"), *([bad] if outcome == "refused" else [])]
    with Ledger(ledger, now, new_id) as opened:
        if outcome == "refused":
            with pytest.raises(Refused):
                opened.append(drafts, noting)
        else:
            opened.append(drafts, noting, dry_run=outcome == "dry run")
    end = ["keep", "undo"] if outcome == "recorded" else ["undo"]
    assert noting.asked == [*(MANY if large else FEW), *end]
    assert peek(ledger).position == before + (outcome == "recorded")


@pytest.mark.parametrize("large", [False, True])
def test_without_a_read_model_the_whole_log_is_one(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr("ledger.application.MANY", 0)
    moved = dated("shares-transferred", share_class="acme/common", transferor="bolt",
                  transferee="fund-one", shares="60")  # fmt: skip
    event = make_event(moved.pop("type"), moved)
    before = peek(ledger).position
    with Ledger(ledger, now, new_id) as opened:
        opened.append([Draft(event, "one")])
        with pytest.raises(Refused, match="bolt"):
            opened.append([draft("last"), Draft(event, "two")])
    assert peek(ledger).position == before + 1
    assert run(ledger, "replay").code == 0
    assert before == len(SETUP) + 2


def test_a_correction_builds_a_broken_read_model_anew(ledger: Path) -> None:
    with closing(sqlite3.connect(views_path(ledger))) as views:
        views.execute("DROP TABLE events")
    outcome = run(ledger, *CORRECTIONS["correct"])
    assert outcome.code == 0, outcome.err
    assert "same" in run(ledger, "replay").out
