"""Lots: extra votes sit on shares; suspensions and caps have names, and add up by the law."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.time.log import Log
from projections.explain.votes import explain_votes
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    columns,
    on,
    opened,
    record,
    recorded,
    sold,
)

YEARS = [f"{year}-06-01" for year in range(2020, 2030)]


def granted(day: str, key: str, holder: str = "alice", **fields: Any) -> Draft:
    of = {"share_class": COMMON, "holder": holder}
    return on(day, key, "double-votes-granted", **of | fields)


def suspended(key: str, shares: str, **fields: Any) -> Draft:
    of = {"issuer": "acme", "holder": "alice", "reason": key, "suspension": key}
    return on(YEARS[0], key, "voting-rights-suspended", **of | {"shares": shares} | fields)


def capped(key: str, percent: str, holder: str = "alice", **fields: Any) -> Draft:
    of = {"issuer": "acme", "holder": holder, "percent": percent, "cap": key}
    return on(YEARS[0], key, "voting-cap-agreed", **of | fields)


def held(*events: Draft, holder: str = "alice", **limits: str) -> tuple[str, str]:
    """The votes of a holder, and of all."""
    rows = votes(at(record(*events), **limits), "acme").rows
    return next((r["votes"], r["held_votes"]) for r in rows if r["holder"] == holder)


BOUGHT = [
    opened("alice", 100), opened("public", 900),
    granted(YEARS[0], "first", shares="30"), granted(YEARS[2], "second", shares="20"),
    sold(YEARS[4], "sale", "alice", "public", 60), sold(YEARS[5], "back", "public", "alice", 60),
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "figures"),
    [
        ("2022-12-31", ("150", "1050")),
        ("2024-12-31", ("80", "1040")),
        ("2026-12-31", ("140", "1040")),
    ],
)
def test_grants_add_up_and_what_is_sold_never_revives(day: str, figures: tuple[str, str]) -> None:
    """Of 60 sold, 50 ordinary shares and 10 of the newer lot leave; 30 and 10 stay double."""
    assert held(*BOUGHT, as_of=day) == figures


def test_which_lots_left_is_a_range() -> None:
    answer = votes(at(record(*BOUGHT), as_of="2024-12-31"), "acme", ranged=True)
    alice = next(row for row in answer.rows if row["holder"] == "alice")
    assert (alice["votes_low"], alice["votes_high"]) == ("40", "80")


def test_without_a_number_a_grant_is_of_the_shares_then_held() -> None:
    events = opened("alice", 20), opened("bob", 80), granted(YEARS[0], "all")
    assert held(*events, sold(YEARS[1], "buys", "bob", "alice", 30)) == ("70", "120")


def test_shares_that_come_back_from_a_trust_are_ordinary() -> None:
    trust = on(YEARS[0], "settled", "trust-settled", trust="acme-trust", settlors=["alice"],
               trustees=["bank"], beneficiaries=[{"party": "alice"}])  # fmt: skip
    into = on(YEARS[1], "into", "shares-placed-in-trust", trust="acme-trust", holder="alice",
              share_class=COMMON, shares="20")  # fmt: skip
    back = on(YEARS[2], "back", "shares-released-from-trust", trust="acme-trust",
              transferee="alice", share_class=COMMON, shares="20", manner="return")  # fmt: skip
    events = opened("alice", 30), opened("bob", 70), granted(YEARS[0], "all"), trust, into, back
    assert held(*events) == ("40", "110")


def test_an_heir_keeps_the_votes_and_a_stranger_has_none() -> None:
    dies = sold(YEARS[1], "dies", "alice", "bob", 50, ground="inheritance")
    gives = sold(YEARS[2], "gives", "bob", "carol", 20)
    events = opened("alice", 50), opened("public", 50), granted(YEARS[0], "all"), dies, gives
    assert held(*events, holder="bob", as_of="2021-12-31") == ("100", "150")
    assert held(*events, holder="bob") == ("60", "130")
    assert held(*events, holder="carol") == ("20", "130")


@pytest.mark.parametrize(("kept", "votes"), [("yes", "20"), ("no", "10")])
def test_the_event_may_say_that_votes_are_kept_or_not(kept: str, votes: str) -> None:
    sale = sold(YEARS[1], "s", "alice", "bob", 10, ground="gift", multiple_votes_kept=kept)
    events = opened("alice", 10), opened("carol", 10), granted(YEARS[0], "all"), sale
    assert held(*events, holder="bob")[0] == votes


def test_a_lot_is_consolidated_in_whole_shares() -> None:
    split = on(YEARS[1], "split", "shares-split", share_class=COMMON, ratio="1:2")
    events = opened("alice", 100), opened("bob", 2), granted(YEARS[0], "lot", shares="51"), split
    view = at(record(*events))
    answer = votes(view, "acme")
    assert answer.rows[0]["votes"] == "75"  # 50 shares, of which 25 double
    assert any(note.startswith("Lots were rounded down") for note in answer.notes)


def test_a_split_may_say_of_how_many_shares_a_lot_is_then() -> None:
    split = on(YEARS[1], "split", "shares-split", share_class=COMMON, ratio="1:2",
               lots=[{"lot": "lot", "shares": "26"}])  # fmt: skip
    events = opened("alice", 100), opened("bob", 2), granted(YEARS[0], "lot", shares="51"), split
    assert held(*events)[0] == "76"


def test_the_event_may_say_which_lots_leave() -> None:
    sale = sold(YEARS[3], "s", "alice", "bob", 30, lots=[{"lot": "first", "shares": "30"}])
    assert held(*BOUGHT[:4], opened("bob", 1), sale) == ("90", "1021")


def test_a_named_lot_steps_up_by_its_factor() -> None:
    step = granted(YEARS[1], "step", factor="3", lot="old")
    events = opened("alice", 10), opened("bob", 5), granted(YEARS[0], "g", lot="old"), step
    assert held(*events, as_of="2020-12-31")[0] == "20"
    assert held(*events)[0] == "30"


@pytest.mark.parametrize(
    ("terms", "left"),
    [("fewest-votes", "80"), ("most-votes", "40"), ("oldest", "40"), ("newest", "80")],
)
def test_the_terms_of_a_class_say_which_lots_leave_first(terms: str, left: str) -> None:
    order = on("2020-01-02", "order", "share-class-amended", share_class=COMMON, lot_order=terms)
    assert held(order, *BOUGHT[:5], as_of="2024-12-31")[0] == left


def test_shares_beneath_a_unit_carry_no_vote() -> None:
    unit = on("2020-01-02", "unit", "share-class-amended", share_class=COMMON, unit="100")
    holders = opened("alice", 250), opened("bob", 149), opened("carol", 99)
    rows = votes(at(record(unit, *holders)), "acme").rows
    assert [(r["holder"], r["votes"], r["held_votes"]) for r in rows] == [
        ("alice", "2", "3"), ("bob", "1", "3"), ("carol", "0", "3")]  # fmt: skip


LATE = opened("alice", 30), opened("bob", 70), suspended("late", "5"), suspended("court", "10")
RESTORED = on(YEARS[1], "r", "voting-rights-restored", issuer="acme", holder="alice",
              suspension="late")  # fmt: skip


def test_suspensions_by_number_strike_different_shares() -> None:
    view = at(record(*LATE, RESTORED), as_of="2020-12-31")
    alice = next(r for r in votes(view, "acme", ranged=True).rows if r["holder"] == "alice")
    assert (alice["suspended"], alice["exercisable"]) == ("15", "15")
    assert (alice["after_caps_low"], alice["after_caps_high"]) == ("15", "20")
    later = votes(at(record(*LATE, RESTORED)), "acme").rows
    assert next(r["suspended"] for r in later if r["holder"] == "alice") == "10"


def test_a_suspension_may_be_of_the_same_shares_as_another() -> None:
    same = suspended("court", "10", same_shares_as="late")
    rows = votes(at(record(*LATE[:3], same)), "acme").rows
    assert next(r["suspended"] for r in rows if r["holder"] == "alice") == "10"


def test_unstruck_shares_leave_first_and_struck_ones_die_with_the_suspension() -> None:
    events = (
        *LATE[:3],
        sold(YEARS[1], "s", "alice", "bob", 27),
        sold(YEARS[2], "b", "bob", "alice", 9),
    )
    rows = votes(at(record(*events)), "acme").rows
    assert next((r["votes"], r["suspended"]) for r in rows if r["holder"] == "alice") == ("12", "3")


def test_the_lowest_cap_binds_and_ends_with_its_agreement() -> None:
    pact = on("2020-01-01", "signed", "agreement-signed", agreement="pact",
              parties=["alice", "bob"], title="A pact")  # fmt: skip
    ended = on(YEARS[1], "ended", "agreement-ended", agreement="pact")
    lifted = on(YEARS[2], "lifted", "voting-cap-lifted", issuer="acme", holder="alice",
                cap="articles")  # fmt: skip
    caps = capped("agreed", "10", agreement="pact"), capped("articles", "20")
    history = record(opened("alice", 40), opened("bob", 60), pact, *caps, ended, lifted)
    found = []
    for day in ("2020-12-31", "2021-12-31", "2022-12-31"):
        rows = votes(at(history, as_of=day), "acme").rows
        found += [(r["after_caps"], r["bound_by"]) for r in rows if r["holder"] == "alice"]
    assert found == [("10", ["agreed"]), ("20", ["articles"]), ("40", [])]


def test_accounts_under_one_cap_have_a_row_together() -> None:
    trust = on("2020-01-01", "settled", "trust-settled", trust="acme-trust", settlors=["alice"],
               trustees=["bank"], beneficiaries=[{"party": "alice"}],
               voting="as-instructed")  # fmt: skip
    into = on("2020-01-02", "into", "shares-placed-in-trust", trust="acme-trust", holder="alice",
              share_class=COMMON, shares="25")  # fmt: skip
    events = opened("alice", 40), opened("bob", 60), trust, into, capped("cap", "20")
    answer = votes(at(record(*events)), "acme")
    figures = {(r["holder"], tuple(r["group"] or ())): r["after_caps"] for r in answer.rows}
    assert figures == {("alice", ()): None, ("acme-trust", ()): None, ("bob", ()): "60",
                       ("alice", ("alice", "acme-trust")): "20"}  # fmt: skip
    assert answer.usable == 80
    explained = explain_votes(at(record(*events)), "acme-trust", "acme")
    assert [row["group"] for row in explained.figure] == [None, ["alice", "acme-trust"]]
    together = (
        "after caps, alice and acme-trust together: min(40, 20) = 20, which is not shared out"
    )
    assert together in explained.arithmetic


@pytest.mark.parametrize(
    ("base", "left"),
    [("net-votes", "18"), ("held-votes", "18"), ("gross-votes", "20"), ("issued", "20"),
     ("cast", "7"), ("present", None)],
)  # fmt: skip
def test_a_cap_is_of_the_base_that_it_names(base: str, left: str | None) -> None:
    """60 of 90 votes held, 10 shares in treasury: of those cast, 30 / (1 - 0.2) = 37.5 with the
    cap, of which 20% are 7.5. How many are present is not known."""
    events = opened("alice", 60), opened("bob", 30), opened("acme", 10)
    answer = votes(at(record(*events, capped("cap", "20", base=base))), "acme")
    alice = next(row for row in answer.rows if row["holder"] == "alice")
    assert (alice["after_caps"], alice["gross_votes"], alice["net_votes"]) == (left, "100", "90")
    assert (answer.usable is None) == (left is None)


def test_of_the_votes_cast_under_caps_each_has_its_part() -> None:
    """50, 20, 20, 10 and 30% of what is cast: 50 / (1 - 0.3) are cast, of which 21 3/7 are 30%."""
    holders = opened("alice", 50), opened("bob", 20), opened("carol", 20), opened("public", 10)
    caps = [capped(f"cap-{h}", "30", h, base="cast") for h in ("alice", "bob", "carol", "public")]
    rows = votes(at(record(*holders, *caps)), "acme").rows
    assert [r["after_caps"] for r in rows] == ["21", "20", "20", "10"]


def test_caps_of_the_votes_cast_that_make_the_whole_are_no_limit() -> None:
    caps = [capped(f"cap-{h}", "50", h, base="cast") for h in ("alice", "bob")]
    rows = votes(at(record(opened("alice", 50), opened("bob", 50), *caps)), "acme").rows
    assert [r["after_caps"] for r in rows] == ["50", "50"]


def test_a_suspension_of_no_class_strikes_the_fewest_votes_and_says_so() -> None:
    """Of 10 common shares and 10 preferred ones, which have 10 votes each, 5 are suspended."""
    later = opened("alice", 10, PREFERRED, "2020-12-31")
    events = opened("alice", 10), opened("bob", 80), suspended("late", "5"), later
    answer = votes(at(record(*events)), "acme", ranged=True)
    alice = next(row for row in answer.rows if row["holder"] == "alice")
    assert (alice["suspended"], alice["after_caps"]) == ("5", "105")
    assert (alice["after_caps_low"], alice["after_caps_high"]) == ("60", "105")
    assert votes(at(record(*events)), "acme").notes[-1].startswith("Of which class")


def test_an_old_suspension_of_no_class_is_of_the_fewest_votes_and_of_any_between() -> None:
    """What is refused today stands where it was recorded before: 5 of 20 shares, 5 to 50 votes."""
    holders = opened("alice", 10), opened("alice", 10, PREFERRED), opened("bob", 85)
    *kept, last = recorded(*holders, suspended("late", "5", share_class=COMMON))
    old = replace(last, data={k: v for k, v in last.data.items() if k != "share_class"}, schema=1)
    view = at(Log([*kept, old]))
    note = votes(view, "acme").notes[-1]
    assert note.startswith("Of which class the shares are that late suspends is not recorded")
    alice = next(row for row in votes(view, "acme", ranged=True).rows if row["holder"] == "alice")
    assert columns([alice], "votes", "suspended", "after_caps", "after_caps_low") == [
        ("110", "5", "105", "60")
    ]
    named = at(Log([*kept, last]))
    assert not any("Of which class" in note for note in votes(named, "acme").notes)
