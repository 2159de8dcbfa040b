"""A clock that is ahead: what it records could never be dated right again, so it is asked about."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledger.values.clock import STEP, made_at
from ledger.values.dates import stored_instant
from ledger.values.refusals import Refusal
from tests.helpers import accept, append, assert_refused, clock_at, lines, party, run, stored

TODAY = datetime.now(UTC)
AHEAD = TODAY + timedelta(days=3653)
CONFIRM = "--clock-is-right"
NOTE = ("append", "note-added", "--subject", "acme", "--text", "seen")


@pytest.fixture
def keyed(ledger: Path) -> Path:
    """A ledger with an event of which everything that amends can speak, and with its key."""
    press = {"type": "source-registered", "source": "press", "kind": "press", "title": "News"}
    press |= {"publisher": "The Paper", "published_on": "2023-11-08", "key": "press"}
    accept(ledger, press)
    for name in ("deal.key", "next.key"):
        assert run(ledger, "keygen", str(ledger.with_name(name))).code == 0
    return ledger


def recording(ledger: Path) -> dict[str, tuple[str, ...]]:
    """Every command that records anything, or signs a time."""
    batch = ledger.with_name("batch.jsonl")
    batch.write_bytes(lines(party("newco")))
    because = ("--because", "misread")
    key = ("--key", str(ledger.with_name("deal.key")))
    return {
        "append": NOTE,
        "append --file": ("append", "--file", str(batch)),
        "correct": ("correct", "opened", "--shares", "99", *because),
        "retract": ("retract", "class-b", *because),
        "correct-source": ("correct-source", "press", "--published-on", "2023-11-09", *because),
        "corroborate": ("corroborate", "opened", "--source", "press"),
        "retract-source": ("retract-source", "press", *because),
        "seal": ("seal", *key),
        "rotate-key": ("rotate-key", *key, "--to", str(ledger.with_name("next.key"))),
    }


def test_a_clock_far_ahead_is_refused_by_every_command_that_records(keyed: Path) -> None:
    before = keyed.read_bytes()
    with clock_at(AHEAD):
        for words in recording(keyed).values():
            assert_refused(run(keyed, *words), Refusal.CLOCK_AHEAD, CONFIRM, "3652 days after")
        assert_refused(run(keyed, *NOTE, "--dry-run"), Refusal.CLOCK_AHEAD)
    assert keyed.read_bytes() == before


def test_a_clock_that_is_said_to_be_right_is_believed_by_each(keyed: Path) -> None:
    moment = AHEAD
    for words in recording(keyed).values():
        with clock_at(moment):
            told = run(keyed, *words, CONFIRM)
        assert told.code == 0, told.err
        moment += STEP + timedelta(days=1)
    assert run(keyed, "replay").code == 0


def test_a_ledger_may_lie_idle_for_months(ledger: Path) -> None:
    with clock_at(TODAY + STEP):
        assert append(ledger, lines(party("newco"))).code == 0
    with clock_at(TODAY + 2 * STEP + timedelta(hours=1)):
        assert_refused(append(ledger, lines(party("later"))), Refusal.CLOCK_AHEAD, "180 days")


def test_what_is_recorded_already_asks_nothing_of_the_clock(ledger: Path) -> None:
    with clock_at(AHEAD):
        assert "Already recorded" in append(ledger, lines(party("acme", name="Acme plc"))).out


def test_the_first_event_is_compared_with_the_day_the_ledger_was_made(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    made = run(path, "init").out.split()[3]
    assert made_at(made)[:16] == stored_instant(datetime.now(UTC))[:16]
    with clock_at(AHEAD):
        assert_refused(append(path, lines(party("acme"))), Refusal.CLOCK_AHEAD)
    assert append(path, lines(party("acme"))).code == 0


@pytest.mark.parametrize("id", ["", "deal", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                                "ffffffff-ffff-7fff-bfff-ffffffffffff"])  # fmt: skip
def test_other_ids_do_not_say_when_a_ledger_was_made(id: str) -> None:
    assert made_at(id) == ""


def test_a_clock_put_right_again_is_remarked_on_and_found_by_the_doctor(ledger: Path) -> None:
    with clock_at(AHEAD):
        assert append(ledger, lines(party("ahead")), CONFIRM).code == 0
    told = append(ledger, lines(party("later")))
    assert told.code == 0
    assert "--recorded-by before that leaves it out" in told.err
    assert json.loads(stored(ledger)[-1][1])["recorded_at"] > stored_instant(AHEAD)
    today = ("--recorded-by", f"{TODAY + timedelta(days=1):%Y-%m-%d}", "--format", "json")
    assert "later" not in run(ledger, "timeline", *today).out
    assert clock_found(ledger) == ("warning", "behind the last recorded time")


def test_the_doctor_tells_of_a_clock_far_ahead(ledger: Path) -> None:
    assert clock_found(ledger)[0] == "ok"
    with clock_at(AHEAD):
        assert clock_found(ledger) == ("warning", "far ahead of the last recorded time")


def clock_found(ledger: Path) -> tuple[str, str]:
    """The doctor's verdict on the clock, and its words without the times."""
    rows = json.loads(run(ledger, "doctor", "--json").out)["findings"]
    found = next(row for row in rows if row["check"] == "clock")
    return found["verdict"], found["found"].partition(", ")[2].rpartition(",")[0]


def test_nothing_is_recorded_at_the_end_of_the_calendar(ledger: Path) -> None:
    with clock_at(datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)):
        for words in ((), (CONFIRM,)):
            told = append(ledger, lines(party("newco")), *words)
            assert_refused(told, Refusal.CLOCK_AHEAD, "the end of the calendar")
        assert run(ledger, "doctor").code == 0
