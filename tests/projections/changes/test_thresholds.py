"""Crossings of thresholds that an event adds or removes: those alone, with what moved them."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from ledger.time.log import Log
from projections.changes.impact import impact
from projections.changes.thresholds import holdings_standings
from projections.radar.attribution import Attribution
from projections.subjects.holdings import holdings
from tests.helpers import dated, new_ledger, run
from tests.projections.subjects.record import at, on, opened, placed, record, recorded, settled

DAY = "2021-06-30"
CANCELLED = dated("shares-cancelled", key="cancelled", share_class="acme/common",
                  holder="fund-one", shares="20") | {"effective_on": DAY}  # fmt: skip
ISSUED = dated("shares-issued", key="issued", share_class="acme/common", holder="fund-one",
               shares="60") | {"effective_on": "2020-01-01"}  # fmt: skip


def crossings(ledger: Path, *words: str) -> list[dict[str, Any]]:
    """The crossings that an event of a day would add or remove."""
    options = ("--effective-on", DAY, "--standing", "official", "--dry-run", "--json")
    outcome = run(ledger, "append", *words, *options)
    assert outcome.code == 0, outcome.err
    found: list[dict[str, Any]] = json.loads(outcome.out)["impact"]["crossings"]
    return found


def test_a_split_on_the_day_of_a_crossing_does_not_change_it(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, ISSUED, CANCELLED)
    assert crossings(ledger, "shares-split", "--share-class", "acme/common", "--ratio", "2:1") == []


def test_a_trade_of_others_on_the_day_of_a_crossing_does_not_change_it(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path, ISSUED, CANCELLED)
    sale = ("shares-transferred", "--share-class", "acme/common", "--transferor", "bolt",
            "--transferee", "fund-two", "--shares", "1")  # fmt: skip
    assert crossings(ledger, *sale) == []


def test_a_crossing_names_what_moved_its_holder_or_the_whole(tmp_path: Path) -> None:
    """Not the sale of others on the same day, nor what happened in another class."""
    other = {"share_class": "acme/common", "transferor": "bolt", "transferee": "fund-two"}
    elsewhere = {"share_class": "acme/b", "holder": "fund-one", "shares": "5"}
    ledger = new_ledger(
        tmp_path,
        ISSUED,
        dated("shares-transferred", key="other", shares="1", **other) | {"effective_on": DAY},
        dated("shares-issued", key="elsewhere", **elsewhere) | {"effective_on": DAY},
    )
    sale = ("shares-transferred", "--share-class", "acme/common", "--transferor", "fund-one",
            "--transferee", "fund-two", "--shares", "40", "--key", "sale")  # fmt: skip
    found = [row for row in crossings(ledger, *sale) if row["of"] == "issued shares"]
    assert {row["holder"] for row in found} == {"fund-one", "fund-two"}
    assert {e["event"] for row in found if row["holder"] == "fund-one" for e in row["events"]} == {
        "sale"
    }
    assert all("elsewhere" not in str(row["events"]) for row in found)


def test_shares_in_trust_count_for_whom_they_are() -> None:
    """So what is placed in one's own trust crosses nothing, of shares or of votes; what is placed
    in one for another counts for that one."""
    held = opened("alice", 60), opened("bob", 40)
    for whose, passed in (("alice", set()), ("bob", {"down 50", "up 50"})):
        events = recorded(*held, settled(beneficiaries=[{"party": whose}]), placed(20))
        before, new = Log(events[:-1]), events[-1:]
        rows = impact(before, Log(new, before), new, [Fraction(50)]).crossings
        found = {(row["of"], f"{row['direction']} {row['threshold']}") for row in rows}
        assert found == {(of, one) for of in ("issued shares", "votes") for one in passed}


def test_at_most_so_much_reaches_nothing() -> None:
    said = on("2021-01-01", "stake", "stake-disclosed", issuer="acme", holder="alice",
              percent="50", percent_of="issued", qualifier="at-most")  # fmt: skip
    rows = holdings(at(record(said)), "acme").rows
    assert holdings_standings(rows, Attribution("acme", {}, []), ["alice"]) == {}
