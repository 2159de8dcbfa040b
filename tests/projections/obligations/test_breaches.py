"""Breaches: intervals of days, by which event each was opened and closed, and by brute force."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from projections.obligations.breaches import breaches
from tests.histories import Draft
from tests.projections.obligations.agreed import pact, said, shown
from tests.projections.subjects.record import COMMON, at, on, opened, record, sold

FLOOR = {"clause": "floor", "kind": "lock-up", "party": "alice", "percent": "15"}
CEILING = {"clause": "ceiling", "kind": "standstill", "party": "bob", "percent": "20"}
ISSUED = {"base": "issued"}
HELD = [opened("alice", 150), opened("bob", 100), opened("carol", 650), opened("acme", 100)]
SALE = sold("2024-03-01", "sale", "alice", "carol", 1)
CANCELLED = on(
    "2024-06-30", "cancelled", "shares-cancelled", share_class=COMMON, holder="acme", shares="100"
)


def told(*events: Draft, as_of: str = "9999-12-31") -> list[Any]:
    return breaches(at(record(*events), as_of=as_of), "pact").rows


def test_a_floor_is_broken_by_a_sale_and_kept_again_when_treasury_shares_are_cancelled() -> None:
    rows = told(*HELD, *pact(FLOOR | ISSUED), SALE, CANCELLED)
    assert shown(rows, "verdict", "from", "until", "measured", "opened_by", "closed_by") == [
        ("breaches", "2024-03-01", "2024-06-30", "14.9000", "sale", "cancelled")
    ]
    [row] = said([*HELD, *pact(FLOOR | ISSUED)], SALE)
    assert (row["verdict"], row["measured"], row["limit"]) == ("breaches", "14.9000", "15")
    assert told(*HELD, *pact(FLOOR | ISSUED), SALE, as_of="2024-02-29") == []


def test_without_a_base_votes_decide_too_and_where_they_differ_it_cannot_be_told() -> None:
    rows = told(*HELD, *pact(FLOOR), SALE)
    assert shown(rows, "verdict", "base") == [("cannot be told", "issued")]
    assert "16.5556% (149 of 900 votes that can be cast)" in rows[0]["what"]


def test_an_interval_ends_where_another_reason_begins_not_to_tell() -> None:
    held = [opened(who, n, day="2024-03-01") for who, n in (("bob", 100), ("acme", 900))]
    silent, split = told(*pact(CEILING), *held)
    assert "the register does not tell" in silent["what"]
    assert "is 10.0000%" in split["what"]
    assert "100.0000% (100 of 100 votes" in split["what"]
    assert (silent["until"], split["from"], split["measured"]) == (
        "2024-03-01", "2024-03-01", "10.0000",
    )  # fmt: skip


def test_what_others_do_is_noted_until_the_party_moves_that_way_itself() -> None:
    bought = sold("2024-08-01", "bought", "carol", "bob", 1)
    many = sold("2024-02-01", "many", "carol", "bob", 90)
    rows = told(*HELD, *pact(CEILING | ISSUED), many, CANCELLED, bought)
    assert shown(rows, "verdict", "from", "until", "opened_by", "closed_by") == [
        ("noted", "2024-06-30", "2024-08-01", "cancelled", "bought"),
        ("breaches", "2024-08-01", None, "bought", None),
    ]
    counting = CEILING | ISSUED | {"passive": "counts"}
    assert shown(told(*HELD, *pact(counting), many, CANCELLED), "verdict") == [("breaches",)]


@pytest.mark.parametrize(
    ("terms", "until"),
    [({"until": "2024-05-31"}, "2024-06-01"), ({}, "2024-09-01")],
    ids=["its own last day", "the end of the agreement"],
)
def test_a_breach_ends_with_the_clause(terms: dict[str, str], until: str) -> None:
    ended = on("2024-09-01", "ended", "agreement-ended", agreement="pact")
    [row] = told(*HELD, *pact(FLOOR | ISSUED | terms), SALE, ended)
    assert (row["from"], row["until"]) == ("2024-03-01", until)


def test_a_lock_up_for_a_time_is_broken_on_the_days_on_which_shares_leave() -> None:
    locked = {"clause": "locked", "kind": "lock-up", "party": "alice", "until": "2024-06-30"}
    free = sold("2024-07-01", "free", "alice", "carol", 1)
    rows = told(*HELD, *pact(locked), SALE, free)
    assert shown(rows, "verdict", "from", "until", "opened_by") == [
        ("breaches", "2024-03-01", "2024-03-02", "sale")
    ]


def test_a_clause_that_is_amended_on_the_day_binds_with_its_new_words() -> None:
    lower = {"issuer": "acme", "text": "as agreed"} | FLOOR | ISSUED | {"percent": "14"}
    amended = on("2024-03-01", "deed", "agreement-amended", agreement="pact", clauses=[lower])
    assert told(*HELD, *pact(FLOOR | ISSUED), amended, SALE) == []


def test_a_waiver_covers_the_next_movement_and_no_later_one() -> None:
    waived = on(
        "2024-02-01", "waived", "approval-granted", by="bob", kind="waiver", of="pact",
        clause="floor", matter="a sale",
    )  # fmt: skip
    more = sold("2024-04-01", "more", "alice", "carol", 1)
    rows = told(*HELD, *pact(FLOOR | ISSUED), waived, SALE, more)
    assert shown(rows, "verdict", "from", "opened_by") == [("breaches", "2024-04-01", "more")]


MERGED = [
    sold("2024-03-01", "merged", "alice", "bolt", 150, ground="merger"),
    on("2024-03-01", "gone", "party-ended", party="alice", manner="merger", successors=["bolt"]),
]


def test_a_party_that_has_ended_breaks_nothing_and_its_successor_is_bound_where_it_is_told() -> (
    None
):
    assert told(*HELD, *pact(FLOOR | ISSUED), *MERGED) == []
    rows = said([*HELD, *pact(FLOOR | ISSUED)], *MERGED)
    assert shown(rows, "event", "party", "verdict") == [("merged", "alice", "noted")]
    early = sold("2024-02-01", "early", "alice", "carol", 1)
    left = sold("2024-03-01", "merged", "alice", "bolt", 149, ground="merger")
    rows = told(*HELD, *pact(FLOOR | ISSUED), early, left, MERGED[1])
    assert shown(rows, "from", "until", "closed_by") == [("2024-02-01", "2024-03-01", "gone")]
    bound = FLOOR | ISSUED | {"issuer": "acme", "text": "as agreed", "party": "bolt"}
    joined = on("2024-03-01", "joined", "agreement-amended", agreement="pact", clauses=[bound])
    sale = sold("2024-05-01", "sale", "bolt", "carol", 1)
    rows = told(*HELD, *pact(FLOOR | ISSUED), *MERGED, joined, sale)
    assert shown(rows, "party", "from") == [("bolt", "2024-05-01")]


@pytest.mark.parametrize(
    ("outcome", "begins"), [("satisfied", "2024-05-01"), ("waived", "2024-05-01"), ("failed", None)]
)
def test_a_clause_is_broken_from_the_day_on_which_its_condition_is_met(
    outcome: str, begins: str | None
) -> None:
    waits = on("2023-01-01", "set", "condition-set", condition="c", text="c", effect="precedent")
    settled = on("2024-05-01", "settled", "condition-settled", condition="c", outcome=outcome)
    rows = told(*HELD, waits, *pact(FLOOR | ISSUED | {"condition": "c"}), SALE, settled)
    expected = [(begins, "settled")] if begins else []
    assert shown(rows, "from", "opened_by") == expected


def test_clauses_that_contradict_one_another_are_both_told_and_survive_as_they_say() -> None:
    floor, ceiling = FLOOR | {"percent": "16", "survives": "yes"}, CEILING | {"percent": "14"}
    ended = on("2024-01-01", "ended", "agreement-ended", agreement="pact")
    rows = told(*HELD, *pact(floor | ISSUED, ceiling | ISSUED | {"party": "alice"}), ended)
    assert shown(rows, "clause", "from", "until") == [
        ("floor", "2023-01-01", None), ("ceiling", "2023-01-01", "2024-01-01"),
    ]  # fmt: skip


DAYS = [(date(2024, 1, 1) + timedelta(days=n)).isoformat() for n in range(40)]


@pytest.mark.parametrize("seed", range(8))
def test_intervals_are_what_each_single_day_says(seed: int) -> None:
    """Breaches equal an evaluation of every day, on balances kept here by hand."""
    random = Random(seed)
    balances = {"alice": 150, "bob": 180, "carol": 570, "acme": 100}
    events: list[Draft] = [opened(holder, shares) for holder, shares in balances.items()]
    events += pact(FLOOR | ISSUED, CEILING | ISSUED, day=DAYS[3])
    daily = [dict(balances)]
    for number, day in enumerate(DAYS[1:]):
        for turn in range(random.choice((0, 0, 0, 1, 2))):
            made = _moved(random, balances, day, f"e{number}-{turn}")
            events += [made] if made else []
        daily.append(dict(balances))
    rows = told(*events)
    for clause, party in (("floor", "alice"), ("ceiling", "bob")):
        own = [
            (r["from"], r["until"] or "9999", r["verdict"]) for r in rows if r["clause"] == clause
        ]
        found = {day: verdict for first, end, verdict in own for day in DAYS if first <= day < end}
        assert found == dict(_by_hand(clause, party, daily)), seed


def _moved(random: Random, balances: dict[str, int], day: str, key: str) -> Draft | None:
    giver, taker = random.sample(("alice", "bob", "carol"), 2)
    shares = random.randrange(1, 30)
    of = {"share_class": COMMON, "shares": str(shares)}
    match random.choice(("sale", "sale", "issue", "cancel")):
        case "sale" if balances[giver] > shares:
            balances[giver] -= shares
            balances[taker] += shares
            return sold(day, key, giver, taker, shares)
        case "issue":
            balances[taker] += shares
            return on(day, key, "shares-issued", holder=taker, **of)
        case "cancel" if balances["acme"] >= shares:
            balances["acme"] -= shares
            return on(day, key, "shares-cancelled", holder="acme", **of)
    return None


def _by_hand(clause: str, party: str, daily: list[dict[str, int]]) -> Any:
    limit, sign = (Fraction(15, 100), -1) if clause == "floor" else (Fraction(20, 100), 1)
    acted = False
    for number, day in enumerate(DAYS):
        now, before = daily[number], daily[max(number - 1, 0)]
        broken = (Fraction(now[party], sum(now.values())) - limit) * sign > 0
        begins, moved = day == DAYS[3], (now[party] - before[party]) * sign > 0
        acted = broken and (acted or begins or moved)
        if broken and day >= DAYS[3]:
            yield day, "breaches" if acted else "noted"
        if day < DAYS[3]:
            acted = False
