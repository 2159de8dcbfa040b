"""Fully diluted counts: caps and interest; exercises completed from their grants."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from ledger.model.fact import Fact
from ledger.model.grants import Instrument
from ledger.model.vesting import Schedule
from ledger.values.dates import Days
from projections.subjects.caps import Capped, capped, converted
from projections.subjects.diluted import diluted
from tests.helpers import accept, dated, new_ledger, run
from tests.histories import Draft
from tests.projections.subjects.record import COMMON, at, on, record


def note(**terms: str) -> Instrument:
    """A convertible granted on the first of June 2023."""
    day = Days("2023-06-01", "2023-06-01")
    fact = Fact(
        None, {"instrument": "note", "standing": "official"}, day, day, place=(day[0], 0, 1)
    )  # type: ignore[arg-type]
    schedule = Schedule({}, day[0])
    return Instrument(
        "note", "convertible", "jo", "heron", None, fact, [fact], dict(terms), schedule
    )


HERON = {"principal": "GBP 100000", "cap": "GBP 2400000", "cap_base": "pre-money"}
INTEREST = {"interest": "8", "interest_method": "simple", "day_count": "act/365"}


def test_interest_is_exact_and_added_to_what_converts() -> None:
    found = capped(note(**HERON, **INTEREST), "2023-11-01")
    assert isinstance(found, Capped)
    assert found.amount == 100_000 + Fraction(8000 * 153, 365)
    assert converted(13_700, [found]) == {"note": 589}
    compound = INTEREST | {"interest_method": "compound"}
    later = capped(note(**HERON, **compound), "2025-06-01")
    assert isinstance(later, Capped)
    assert later.amount == 100_000 * Fraction(108, 100) ** 2


def test_what_is_missing_is_named() -> None:
    told = {
        "it has no cap": {"principal": "GBP 1"},
        "its cap is neither of post-money nor of pre-money": {"principal": "GBP 1", "cap": "GBP 2"},
        "its cap is in another currency": HERON | {"cap": "USD 2"},
        "its interest has no method or no count of days": HERON | {"interest": "8"},
    }
    for why, terms in told.items():
        assert capped(note(**terms), "2023-11-01") == why
    greedy = Capped(note(), Fraction(2), Fraction(2), post_money=True)
    assert converted(10, [greedy]) is None


def test_an_exercise_takes_from_its_grant_what_it_does_not_say(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    option: dict[str, Any] = {"share_class": "acme/common", "shares": "10"}
    accept(
        ledger,
        dated(
            "instrument-granted", instrument="option-1", kind="option", holder="fund-one", **option
        ),
        dated(
            "instrument-granted",
            instrument="put-1",
            kind="put",
            holder="bolt",
            writer="fund-two",
            **option,
        ),
        dated("instrument-exercised", instrument="put-1", quantity="10", settled="transfer"),
    )
    words = ("--quantity", "4", "--settled", "new", "--effective-on", "2024-01-01")
    words = (*words, "--standing", "official", "--known-on", "effective")
    outcome = run(ledger, "append", "instrument-exercised", "--instrument", "option-1", *words)
    assert outcome.code == 0, outcome.err
    rows = json.loads(run(ledger, "holdings", "acme", "--format", "json").out)["rows"]
    held = {row["holder"]: row["shares"] for row in rows}
    assert held == {"bolt": "90", "fund-one": "4", "fund-two": "10"}
    missing = run(ledger, "append", "instrument-exercised", "--instrument", "option-9", *words)
    assert missing.code == 2
    assert "holder is missing" in missing.err


def test_what_vests_on_a_condition_has_vested_while_it_is_met() -> None:
    def settled(day: str, outcome: str, **fields: str) -> Draft:
        of = {"condition": "sale", "outcome": outcome}
        return on(day, outcome, "condition-settled", **of | fields)

    history = record(
        on("2021-01-01", "set", "condition-set", condition="sale", effect="precedent", text="it"),
        on("2021-01-01", "grant", "instrument-granted", instrument="option", kind="option",
           holder="alice", share_class=COMMON, shares="20",
           vests=[{"condition": "sale", "shares": "20"}]),
        settled("2021-03-01", "extended", long_stop_on="2022-12-31"),
        settled("2021-06-01", "satisfied"),
        settled("2021-09-01", "reopened"),
    )  # fmt: skip
    days = ("2021-02-01", "2021-03-01", "2021-06-01", "2021-09-01")
    vested = [diluted(at(history, as_of=day), "acme").rows[0]["vested"] for day in days]
    assert vested == ["0", "0", "20", "0"]
