"""The calendar: whole days, read back by icalendar; importing it again changes and doubles none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from ledger.values.refusals import Refusal
from tests.helpers import accept, assert_refused, assert_usage, dated, party, run, run_remedy

HOSTILE = "Terms, signed; by\\all: " + "\u05d0\u05d1\u05d2 é" * 40
WHEN = {"effective_on": "2024-01-01", "known_on": "2024-01-01"}
EVENTS: tuple[Mapping[str, Any], ...] = (
    party("acme", name="Acme Ltd"), party("bolt", name="Bolt Ltd"),
    party("mia", name="Mia Holm", kind="person"),
    {"type": "share-class-created", "share_class": "acme/common", "key": "class"},
    dated("negotiation-opened", deal="merger", parties=["acme", "bolt"], about="all", key="talks"),
    dated("milestone-expected", deal="merger", milestone="signing", title=HOSTILE,
          expected_on="2024-06-30", key="signing"),
    dated("milestone-expected", deal="merger", milestone="closing", title="closing",
          expected_on="2024-Q4", key="closing"),
    dated("dividend-declared", share_class="acme/common", per_share="EUR 1.5",
          record_on="2024-03-01", payable_on="2024-04-02", key="dividend"),
    dated("director-appointed", company="bolt", person="mia", term_ends_on="2025-05-05",
          key="director"),
    dated("offering-planned", offering="ipo", issuer="acme", window="2024-09-09", key="ipo"),
    dated("note-added", subject="acme", text="nothing to do", key="note"),
)  # fmt: skip
AT = ("--as-of", "2024-01-31")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger of days to keep in mind."""
    path = tmp_path / "days.db"
    assert run(path, "init").code == 0
    accept(path, *(event | WHEN if "effective_on" in event else event for event in EVENTS))
    return path


def test_offers_close_and_conditions_have_a_last_day(ledger: Path) -> None:
    offer, condition = {"offer": "bid"}, {"condition": "antitrust"}
    accept(ledger, *(one | WHEN for one in (
        dated("offer-made", offeror="bolt", share_class="acme/common", kind="tender",
              closes_on="2024-05-31", key="bid", **offer),
        dated("condition-set", text="Antitrust cleared", effect="precedent", kind="regulatory",
              long_stop_on="2024-09-30", key="set", **condition),
    )))  # fmt: skip
    found = {str(one["summary"]): str(one["dtstart"].dt) for one in read(exported(ledger)).values()}
    assert found["Offer bid closes"] == "2024-05-31"
    assert found['Last day of the condition "Antitrust cleared"'] == "2024-09-30"
    accept(ledger, *(one | WHEN | {"effective_on": "2024-01-02"} for one in (
        dated("offer-amended", closes_on="2024-06-14", **offer),
        dated("condition-settled", outcome="satisfied", **condition),
    )))  # fmt: skip
    told = [(str(e["summary"]), str(e["dtstart"].dt), str(e.get("status")))
            for e in read(exported(ledger)).values()]  # fmt: skip
    assert ("Offer bid closes", "2024-05-31", "CANCELLED") in told
    assert any(t[:2] == ("Offer bid closes", "2024-06-14") and t[2] != "CANCELLED" for t in told)
    assert any(t[0].startswith("Done: Last day of the condition") for t in told)


def exported(ledger: Path, *words: str) -> bytes:
    file = ledger.with_name("days.ics")
    outcome = run(ledger, "print", "calendar", *words, str(file), *AT)
    assert outcome.code == 0, outcome.err
    data = file.read_bytes()
    file.unlink()
    return data


def read(data: bytes) -> dict[str, Any]:
    """The events of a calendar by their ids, as a program has them after importing it."""
    found = {str(event["uid"]): event for event in Calendar.from_ical(data).walk("VEVENT")}
    assert len(found) == data.count(b"BEGIN:VEVENT"), "an id for each"
    return found


def days(data: bytes) -> dict[str, date]:
    return {str(event["summary"]): event["dtstart"].dt for event in read(data).values()}


def test_it_has_the_days_that_events_give(ledger: Path) -> None:
    assert days(exported(ledger)) == {
        "Record day of the dividend of EUR 1.5 on common shares of Acme": date(2024, 3, 1),
        "Dividend of EUR 1.5 on common shares of Acme is payable": date(2024, 4, 2),
        HOSTILE: date(2024, 6, 30),
        "Listing of Acme": date(2024, 9, 9),
        "Closing (some day of 2024-Q4)": date(2024, 12, 31),
        "Term of Mia Holm as director of Bolt ends": date(2025, 5, 5),
    }
    for event in read(exported(ledger)).values():
        assert event["dtend"].dt == event["dtstart"].dt + timedelta(1), "whole days"
        assert event["status"] == "CONFIRMED"
        assert event["sequence"] == 0


def test_it_is_of_one_company_where_that_is_asked(ledger: Path) -> None:
    only = days(exported(ledger, "bolt"))
    assert "Term of Mia Holm as director of Bolt ends" in only
    assert not [summary for summary in only if "dividend" in summary.lower()]
    assert_usage(run(ledger, "print", "calendar", "acme", "bolt", "x.ics"), "not of 2")


def test_its_lines_are_those_of_the_format(ledger: Path) -> None:
    data = exported(ledger)
    assert data == exported(ledger), "the same bytes twice"
    assert data.endswith(b"END:VCALENDAR\r\n")
    lines = data.split(b"\r\n")
    assert not [line for line in lines if b"\n" in line or b"\r" in line]
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no character is cut in two


def test_a_correction_changes_what_an_older_file_brought(ledger: Path) -> None:
    before = read(exported(ledger))
    for words in (
        ("correct", "signing", "--expected-on", "2024-07-01", "--because", "a slip"),
        ("retract", "ipo", "--because", "never planned"),
    ):
        assert run(ledger, *words).code == 0
    accept(
        ledger,
        dated("milestone-met", deal="merger", milestone="closing", key="met") | WHEN,
        dated("director-left", company="bolt", person="mia", key="left") | WHEN,
    )
    after = read(exported(ledger))
    assert after.keys() == before.keys(), "importing the newer file doubles nothing"
    changed = {
        str(event["summary"]): (str(event["status"]), event["sequence"])
        for id, event in after.items()
        if event != before[id]
    }
    assert changed == {
        HOSTILE: ("CONFIRMED", 1),
        "Listing of Acme": ("CANCELLED", 1),
        "Done: Closing (some day of 2024-Q4)": ("CONFIRMED", 1),
        "Term of Mia Holm as director of Bolt ends": ("CANCELLED", 1),
    }
    (moved,) = [event for event in after.values() if event["summary"] == HOSTILE]
    assert moved["dtstart"].dt == date(2024, 7, 1)
    assert moved["dtstamp"].dt >= moved["created"].dt


def test_persons_are_numbers_where_that_is_asked(ledger: Path) -> None:
    data = exported(ledger, "--redact", "persons")
    assert b"Mia" not in data
    assert "Term of person 1 as director of Bolt ends" in days(data)


def test_what_was_never_known_at_the_cut_is_not_told_as_taken_back(ledger: Path) -> None:
    late = {"effective_on": "2024-01-02", "known_on": "2024-02-02"}
    accept(
        ledger,
        dated("milestone-expected", deal="merger", milestone="later", title="later",
              expected_on="2024-08-08", key="later") | late,
    )  # fmt: skip
    assert run(ledger, "retract", "later", "--because", "no").code == 0
    assert b"later" not in exported(ledger, "--known-by", "2024-01-31")
    assert b"STATUS:CANCELLED" in exported(ledger)


def test_without_a_day_there_is_no_calendar(ledger: Path) -> None:
    file = ledger.with_name("none.ics")
    outcome = run(ledger, "print", "calendar", "acme", str(file), "--as-of", "2020-01-01")
    assert_refused(outcome, Refusal.UNKNOWN_SUBJECT, "See what is open: `")
    assert run_remedy(ledger, outcome).code == 0
    assert not file.exists()
