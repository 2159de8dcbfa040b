"""Thresholds crossed and clauses broken, taken apart: operands, days, notices, events."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from ledger.time.view import View
from ledger.values.refusals import Refused
from projections.explain.breach import explain_breach
from projections.explain.explanation import Explanation
from projections.explain.radar import explain_radar
from projections.radar.calendars import Calendar
from projections.radar.radar import Asked
from tests.histories import Draft
from tests.projections.obligations.agreed import pact
from tests.projections.subjects.record import COMMON, at, on, opened, record, sold

JULY = {"de": Calendar(frozenset(["2024-07-15"]), "2024-01-01", "2024-12-31")}
TRUST: list[Draft] = [
    on("2024-01-01", "settled", "trust-settled", trust="bolt", settlors=["alice"],
       trustees=["carol"], kind="bare",
       beneficiaries=[{"party": "alice", "fraction": "1/2"}, {"party": "bob", "fraction": "1/2"}]),
]  # fmt: skip


@pytest.fixture(scope="module")
def crossed() -> View:
    """Alice has 4.9 % with half of a trust, then 5.1; a notice is late, and one is too low."""
    notice = {"holder": "alice", "issuer": "acme", "percent_of": "gross-votes"}
    return at(record(
        opened("alice", 440), opened("bolt", 100), opened("carol", 9360), opened("acme", 100),
        *TRUST,
        sold("2024-07-10", "bought", "carol", "alice", 20),
        on("2024-07-10", "low", "stake-disclosed", percent="4.9", known_on="2024-07-11", **notice),
        on("2024-07-10", "notice", "stake-disclosed", percent="5.1", known_on="2024-07-23",
           **notice),
    ))  # fmt: skip


def explained(view: View, holder: str, *ids: str, day: str | None = None) -> Explanation:
    asked = replace(Asked(), ids=ids, calendars=JULY)
    return explain_radar(view, "acme", holder, asked, day)


def test_a_crossing_has_its_operands_its_rule_and_each_day_to_the_due_day(crossed: View) -> None:
    found = explained(crossed, "alice", "DE-33")
    lines = "\n".join(found.arithmetic)
    for words in (
        "DE-33: Wertpapierhandelsgesetz, § 33",
        "; the version valid from 2007-01-20",
        "alice, at the end of 2024-07-09: 440 its own + 1/2 x 100 of bolt, in trust for alice = 490"
        " of gross votes",
        "at the end of 2024-07-09: 490 / 10,000 = 4.900000% -> 4.9000%",
        "alice, at the end of 2024-07-10: 460 its own + 1/2 x 100 of bolt, in trust for alice = 510"
        " of gross votes",
        "gross votes at the end of 2024-07-10: 9,900 held + 100 of treasury shares = 10,000",
        "gross votes: 4.9% is below 5%, 5.1% is at or above it: up through 5%",
        "2024-07-11 is 1, 2024-07-12 is 2",
        "2024-07-13 is passed over, a Saturday, 2024-07-14 is passed over, a Sunday,"
        " 2024-07-15 is passed over, closed by the calendar, 2024-07-16 is 1",
        "2024-07-19 is 4; by 2024-07-19",
        "by the calendar of de",
        "DE-33, notice: notice, known on 2024-07-23, 4 days late",
        "read at its source",
    ):
        assert words in lines, words
    [row] = found.figure
    assert (row["due_on"], row["late"]) == ("2024-07-19", 4)
    left = {one["event"]: (one["reason"], one["why"]) for one in found.excluded}
    assert left["low"] == (
        "checked only", "it tells nothing on the far side of the threshold",
    )  # fmt: skip


def test_the_steps_of_a_crossing_make_its_figures_again(crossed: View) -> None:
    for holder, ids in (("alice", ("DE-33",)), ("carol", ("FR-L233-7", "DE-33", "UK-DTR5"))):
        found = explained(crossed, holder, *ids)
        balances: dict[str, Fraction] = {}
        for row in found.rows:
            if row.get("balance"):
                account = str(row["holder"])
                balances[account] = balances.get(account, Fraction()) + Fraction(str(row["delta"]))
                assert balances[account] == Fraction(str(row["balance"]))
        counted: dict[str, Any] = {"alice": {"alice": 1, "bolt": Fraction(1, 2)}, "carol": {}}
        parts = counted[holder] or {holder: 1}
        for row in found.figure:
            has = sum(balances[one] * part for one, part in parts.items())
            assert Fraction(row["number_after"]) == has


def test_what_changes_only_the_whole_is_a_step_and_is_said_to() -> None:
    view = at(record(
        opened("alice", 480), opened("carol", 9420), opened("acme", 100),
        on("2024-08-05", "gone", "shares-cancelled", share_class=COMMON, holder="acme",
           shares="100"),
        on("2024-09-05", "fewer", "shares-cancelled", share_class=COMMON, holder="carol",
           shares="400"),
    ))  # fmt: skip
    found = explained(view, "alice", "FR-L233-7", day="2024-09-05")
    assert [row["event"] for row in found.rows][-2:] == ["gone", "fewer"]
    assert "only all changes: - 400 = 9,500" in found.rows[-1]["state"]
    lines = "\n".join(found.arithmetic)
    assert "4.848484...% is at most 5%, 5.052631...% is above it: up through 5%" in lines
    assert "capital at the end of 2024-09-05: 9,500 acme/common = 9,500" in lines
    assert explained(view, "alice", "FR-L233-7", day="2024-08-05").figure == []
    assert "no threshold of these rules" in " ".join(explained(view, "bob", "FR-L233-7").notes)


FLOOR = {"clause": "floor", "kind": "lock-up", "party": "alice", "percent": "15", "base": "issued"}
EXCEPT = [
    {"clause": "floor", "transferee": "bob"},
    {"clause": "floor", "event": "shares-transferred", "percent": "0.05"},
    {"clause": "floor", "text": "a sale in need"},
]


@pytest.fixture(scope="module")
def broken() -> View:
    """Alice sells a share below her floor; treasury shares are cancelled, and it is kept again."""
    return at(record(
        opened("alice", 150), opened("carol", 750), opened("acme", 100),
        *pact(FLOOR, exceptions=EXCEPT[:2]),
        on("2024-02-01", "asked", "approval-granted", by="bob", kind="waiver", of="pact",
           clause="other", matter="a sale"),
        sold("2024-03-01", "sale", "alice", "carol", 1),
        on("2024-06-30", "cancelled", "shares-cancelled", share_class=COMMON, holder="acme",
           shares="100"),
    ))  # fmt: skip


def test_a_breach_has_its_terms_both_sides_of_it_and_what_excuses_were_looked_at(
    broken: View,
) -> None:
    found = explain_breach(broken, "pact", "floor")
    lines = found.arithmetic
    for words in (
        "floor, breaches by alice: from 2024-03-01 until the day before 2024-06-30",
        'floor (lock-up, 15%): "as agreed"; base issued',
        "floor: these terms by signed; it applies from force, its entry into force",
        "alice, at the end of 2024-02-29: 150 its own of shares issued",
        "at the end of 2024-02-29: shares issued: 1,000 acme/common = 1,000",
        "at the end of 2024-02-29: 150 / 1,000 = 15.000000% -> 15.0000%",
        "floor, at the end of 2024-02-29: at least 15%: kept",
        "at the end of 2024-03-01: 149 / 1,000 = 14.900000% -> 14.9000%",
        "floor, at the end of 2024-03-01: at least 15%: not kept",
        "floor, at the end of 2024-06-29: at least 15%: not kept",
        "at the end of 2024-06-30: 149 / 900 = 16.555555...% -> 16.5556%",
        "floor, at the end of 2024-06-30: at least 15%: kept",
        "floor, opened by: sale",
        "floor, closed by: cancelled",
        "floor, sale: exception: to bob is not so: it does not apply",
        "floor, sale: exception: for shares-transferred is so, up to 0.05% is not so:"
        " it does not apply",
        "floor, sale: consent or waiver: none is on record",
    ):
        assert any(line.startswith(words) for line in lines), (words, lines)
    assert [row["state"] for row in found.rows if row["event"] in ("sale", "cancelled")] == [
        "alice: - 1 = 149 acme/common", "acme: - 100 = 0 acme/common",
    ]  # fmt: skip
    assert explain_breach(broken, "pact", "floor", "2024-02-29").figure == []
    assert explain_breach(broken, "pact", day="2024-06-29").figure == found.figure
    with pytest.raises(Refused, match="floor"):
        explain_breach(broken, "pact", "flor")


def test_an_exception_in_words_may_apply_and_is_said_to() -> None:
    view = at(record(
        opened("alice", 150), opened("carol", 850), *pact(FLOOR, exceptions=EXCEPT[2:]),
        sold("2024-03-01", "sale", "alice", "carol", 1),
    ))  # fmt: skip
    lines = explain_breach(view, "pact").arithmetic
    assert "floor, sale: exception: a sale in need is not told: it may apply" in lines


def test_what_was_done_against_a_clause_is_explained_by_its_event() -> None:
    locked = {"clause": "locked", "kind": "lock-up", "party": "alice", "until": "2024-06-30"}
    view = at(record(
        opened("alice", 150), opened("carol", 850), *pact(locked),
        sold("2024-03-01", "sale", "alice", "carol", 1),
    ))  # fmt: skip
    found = explain_breach(view, "pact")
    assert "locked, opened by: sale" in found.arithmetic
    assert "locked, closed by: the day is over" in found.arithmetic
    assert {"sale", "signed", "force"} <= {row["event"] for row in found.rows}
