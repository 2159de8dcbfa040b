"""Receipts: sentences of what was recorded and what it changed, bounded, and how to undo it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.helpers import accept, append, dated, joined, lines, new_ledger, party, run

SALE = dated(
    "shares-transferred", share_class="acme/common", transferor="bolt", transferee="fund-one",
    shares="40", key="sale", known_on="2023-11-10",
)  # fmt: skip
BECAUSE = ("--because", "a misprint")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Bolt holds 100 shares of Acme."""
    return new_ledger(tmp_path)


def test_one_event_is_told_in_a_sentence_with_the_figures_of_today(ledger: Path) -> None:
    told = append(ledger, lines(SALE))
    assert told.out == (
        "Recorded #9 sale: Bolt passes 40 common shares of Acme to Fund-One, effective\n"
        "  2023-11-08, known 2023-11-10, official, no source.\n"
        "  Bolt 100 -> 60 (100.00% -> 60.00%)\n"
        "  Fund-One 0 -> 40 (0.00% -> 40.00%)\n"
        f'To undo: stakebook --ledger {ledger} retract 9 --because "..."\n'
    )
    again = append(ledger, lines(SALE))
    assert again.out.startswith("Already recorded as #9 sale: Bolt passes 40 common shares")
    assert again.out.endswith("Nothing new to record.\n")


def test_what_is_to_come_is_told_with_its_day(ledger: Path) -> None:
    told = append(ledger, lines(SALE | {"effective_on": "2999-01-01"}), "--dry-run").out
    assert "On 2999-01-01: Bolt 100 -> 60" in told
    assert told.startswith("Would record #9 sale: ")
    assert told.endswith("Nothing is recorded.\n")


def test_an_amendment_is_told_with_what_was_said(ledger: Path) -> None:
    append(ledger, lines(SALE))
    told = run(ledger, "correct", "sale", "--shares", "30", *BECAUSE).out
    assert "#10: sale is corrected (shares 30): a misprint.\n" in told
    assert "  It said: Bolt passes 40 common shares of Acme to Fund-One\n" in told
    assert "  It says now: Bolt passes 30 common shares of Acme to Fund-One\n" in told
    assert "  Bolt 60 -> 70 (60.00% -> 70.00%)\n" in told
    assert "  #9 sale: shares 40 -> 30\n" in told


def test_boards_offices_and_statuses_are_among_the_figures(ledger: Path) -> None:
    told = accept(
        ledger,
        party("eve", kind="person", name="Eve"),
        dated("board-seat-granted", company="acme", party="bolt", seats="2"),
        dated("director-appointed", company="acme", person="eve", nominated_by="bolt"),
        dated("officer-appointed", company="acme", person="eve", role="chair"),
        dated("agreement-signed", agreement="pact", title="The Pact", parties=["acme", "bolt"],
              deal="merger"),
    ).out  # fmt: skip
    for line in (
        "Board of Acme: 0 -> 1 directors", "chair of Acme: nobody -> Eve",
        "Seats of Bolt on the board of Acme: 0 of 0 -> 1 of 2 filled",
        "Status of the agreement The Pact: nothing known -> signed",
        "Status of the deal merger: nothing known -> signed",
    ):  # fmt: skip
        assert f"  {line}\n" in told


def test_a_batch_is_counted_and_bounded(ledger: Path) -> None:
    parties = [party(f"p-{n}", name=f"P {n}") for n in range(30)]
    issues = [
        dated("shares-issued", share_class="acme/common", holder=f"p-{n}", shares="1", key=f"i-{n}")
        for n in range(30)
    ]
    accept(ledger, parties[0])
    told = append(ledger, lines(*parties, *issues))
    assert told.out.startswith(
        "Recorded 59 events, #10 to #68; 1 already recorded.\n"
        "  30 shares-issued, 29 party-registered.\n"
        "  First: #10 P 1 is registered as company.\n"
    )
    assert "  Recorded before: #9 party-p-0.\n" in told.out
    assert "  and 21 figures more; --impact tells of every date.\n" in told.out
    assert told.out.splitlines()[-1].endswith('undo 10 --because "..."')
    assert len(told.out.splitlines()) < 24
    assert joined(told.err).count("W4") == 1


def test_hashes_are_told_where_they_are_asked_for(ledger: Path) -> None:
    proven = append(ledger, lines(SALE), "--proof").out
    as_json = json.loads(append(ledger, lines(SALE), "--json").out)
    (event,) = as_json["events"]
    assert f"  leaf {event['leaf']}\n" in proven
    assert f"  root {as_json['tree']['root']} of 9 events\n" in proven


def test_a_split_tells_what_is_scaled_with_the_shares(tmp_path: Path) -> None:
    terms = dict.fromkeys(("original_price", "conversion_price"), "EUR 2")
    ledger = new_ledger(
        tmp_path,
        dated("share-class-created", share_class="acme/pref", converts_into="acme/common", **terms),
        dated("shares-issued", share_class="acme/pref", holder="bolt", shares="10"),
        dated("instrument-granted", instrument="plan-1", kind="option", holder="bolt",
              share_class="acme/common", shares="41", exercise_price="EUR 3"),
    )  # fmt: skip
    split = dated("shares-split", share_class="acme/common", ratio="3:2", fractions="down")
    told = append(ledger, lines(split | {"effective_on": "2023-12-01"})).out
    assert "Option plan-1 of Bolt, open 41 -> 61, exercise price EUR 3 -> EUR 2\n" in told
    assert "Pref shares, conversion price EUR 2 -> EUR 4/3\n" in told
    halved = dated("shares-split", share_class="acme/pref", ratio="1:2")
    told = append(ledger, lines(halved | {"effective_on": "2023-12-02"})).out
    assert "Pref shares, original price EUR 2 -> EUR 4\n" in told
