"""Holdings: the register after its movements, and, without a register, what was disclosed."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.time.log import Log
from projections.subjects.holdings import holdings
from tests.histories import Draft
from tests.projections.readmodel.test_histories import index_of
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    columns,
    on,
    opened,
    outcome,
    placed,
    record,
    recorded,
    settled,
    sold,
)

START = opened("alice", 100), opened("bob", 60), opened("acme", 40)
DAY = "2021-01-01"


def of_common(type: str, **fields: Any) -> Draft:
    return on(DAY, "movement", type, share_class=COMMON, **fields)


def shares(history: Log, share_class: str = COMMON, **limits: str) -> dict[str, str | None]:
    """What is on each account of a class of Acme, its treasury under its own name."""
    rows = holdings(at(history, **limits), "acme").rows
    return {row["holder"]: row["shares"] for row in rows if row["share_class"] == share_class}


MOVED: dict[str, tuple[Draft, dict[str, str]]] = {
    "opened": (of_common("register-opened", holder="carol", shares="5"),
               {"alice": "100", "bob": "60", "acme": "40", "carol": "5"}),
    "issued": (of_common("shares-issued", holder="bob", shares="5"),
               {"alice": "100", "bob": "65", "acme": "40"}),
    "issued to the issuer": (of_common("shares-issued", holder="acme", shares="5"),
                             {"alice": "100", "bob": "60", "acme": "45"}),
    "sold": (sold(DAY, "movement", "alice", "bob", 30),
             {"alice": "70", "bob": "90", "acme": "40"}),
    "all sold": (sold(DAY, "movement", "bob", "carol", 60),
                 {"alice": "100", "carol": "60", "acme": "40"}),
    "sold to the issuer": (sold(DAY, "movement", "alice", "acme", 30),
                           {"alice": "70", "bob": "60", "acme": "70"}),
    "sold from treasury": (sold(DAY, "movement", "acme", "carol", 30),
                           {"alice": "100", "bob": "60", "acme": "10", "carol": "30"}),
    "repurchased": (of_common("shares-repurchased", holder="bob", shares="10"),
                    {"alice": "100", "bob": "50", "acme": "50"}),
    "cancelled": (of_common("shares-cancelled", shares="40"), {"alice": "100", "bob": "60"}),
    "cancelled of a holder": (of_common("shares-cancelled", holder="bob", shares="10"),
                              {"alice": "100", "bob": "50", "acme": "40"}),
    "split": (of_common("shares-split", ratio="3:2"), {"alice": "150", "bob": "90", "acme": "60"}),
    "put together": (of_common("shares-split", ratio="1:20"),
                     {"alice": "5", "bob": "3", "acme": "2"}),
}  # fmt: skip


@pytest.mark.parametrize(("movement", "after"), MOVED.values(), ids=MOVED)
def test_a_movement_adds_and_takes_shares_and_all_add_up_to_those_issued(
    movement: Draft, after: dict[str, str]
) -> None:
    answer = holdings(at(record(*START, movement)), "acme")
    assert {row["holder"]: row["shares"] for row in answer.rows} == after
    issued, treasury = sum(map(int, after.values())), int(after.get("acme", "0"))
    totals = str(issued), str(issued - treasury), str(treasury)
    assert set(columns(answer.rows, "issued", "outstanding", "treasury")) == {totals}


def test_shares_in_trust_are_titled_to_the_trust_until_they_are_released() -> None:
    out = {"share_class": COMMON, "trust": "acme-trust"}
    events = (
        *START,
        settled(),
        placed(50),
        on("2021-01-01", "back", "shares-released-from-trust", transferee="alice", shares="5",
           manner="return", **out),
        on("2022-01-01", "sale", "shares-released-from-trust", transferee="acme", shares="20",
           manner="sale", **out),
    )  # fmt: skip
    history = record(*events)
    assert shares(history, as_of="2020-12-31")["acme-trust"] == "50"
    assert shares(history, as_of="2021-12-31")["alice"] == "55"
    answer = holdings(at(history), "acme", "alice")
    assert columns(answer.rows, "holder", "shares", "capacity", "trustee", "economic_owner") == [
        ("alice", "55", "own name", None, "alice"),
        ("acme-trust", "25", "trustee for alice", "bank", "alice"),
    ]
    of_bank = holdings(at(history), None, "bank").rows
    assert columns(of_bank, "holder", "trustee") == [("acme-trust", "bank")]


def test_a_conversion_is_of_one_holder_and_a_reclassification_of_all() -> None:
    both = {"share_class": PREFERRED, "into_class": COMMON, "ratio": "3:2"}
    start = opened("alice", 10), opened("alice", 20, PREFERRED), opened("bob", 40, PREFERRED)
    converted = on(DAY, "converts", "shares-converted", holder="alice", shares="4", **both)
    history = record(*start, converted)
    assert shares(history) == {"alice": "16"}
    assert shares(history, PREFERRED) == {"alice": "16", "bob": "40"}
    history = record(*start, on(DAY, "becomes", "shares-reclassified", **both))
    assert shares(history) == {"alice": "40", "bob": "60"}
    answer = holdings(at(history), "acme")
    assert "acme: no shares of acme/preferred in issue." in answer.notes
    assert columns(answer.rows, "holder", "events") == [
        ("bob", ["opened-bob-preferred", "becomes"]),
        ("alice", ["opened-alice-common", "opened-alice-preferred", "becomes"]),
    ]


def test_a_split_multiplies_what_came_before_it_however_late_that_is_recorded() -> None:
    split = on("2021-06-01", "split", "shares-split", share_class=COMMON, ratio="2:1")
    after, before = (sold(f"2021-{m}-01", m, "alice", "bob", 10) for m in ("07", "05"))
    history = record(opened("alice", 100), split, after, before)
    assert shares(history, as_of="2021-05-31") == {"alice": "90", "bob": "10"}
    assert shares(history, as_of="2021-06-01") == {"alice": "180", "bob": "20"}
    assert shares(history) == {"alice": "170", "bob": "30"}


def test_on_one_day_the_sequence_comes_before_the_order_of_recording() -> None:
    split = on(DAY, "split", "shares-split", share_class=COMMON, ratio="2:1", sequence="2")
    sale = sold(DAY, "sale", "alice", "bob", 10, sequence="1")
    assert shares(record(opened("alice", 100), split, sale)) == {"alice": "180", "bob": "20"}


def test_classes_are_apart_and_the_largest_holder_comes_first() -> None:
    history = record(
        opened("bob", 30), opened("alice", 70), opened("alice", 1, PREFERRED),
        opened("carol", 3, PREFERRED),
    )  # fmt: skip
    rows = holdings(at(history), "acme").rows
    assert columns(rows, "share_class", "holder", "percent", "percent_exact", "issued") == [
        (COMMON, "alice", "70.00", "7/10", "100"),
        (COMMON, "bob", "30.00", "3/10", "100"),
        (PREFERRED, "carol", "75.00", "3/4", "4"),
        (PREFERRED, "alice", "25.00", "1/4", "4"),
    ]


@pytest.mark.parametrize(
    ("digits", "percents"), [(0, ["50", "38", "12"]), (1, ["50.0", "37.5", "12.5"])]
)
def test_percentages_are_of_issued_shares_rounded_half_to_even(
    digits: int, percents: list[str]
) -> None:
    history = record(opened("acme", 4), opened("alice", 3), opened("bob", 1))
    rows = holdings(at(history), "acme", digits=digits).rows
    assert [row["percent"] for row in rows] == percents
    assert columns(rows, "percent_of", "percent_exact") == [
        ("issued", "1/2"), ("issued", "3/8"), ("issued", "1/8"),
    ]  # fmt: skip


def test_a_balance_is_worth_its_weakest_event_and_names_them_all() -> None:
    history = record(*START, sold(DAY, "sale", "alice", "bob", 1, standing="unnamed"))
    told = "holder", "standing", "events", "events_count"
    assert columns(holdings(at(history), "acme").rows, *told) == [
        ("alice", "unnamed", ["opened-alice-common", "sale"], 2),
        ("bob", "unnamed", ["opened-bob-common", "sale"], 2),
        ("acme", "official", ["opened-acme-common"], 1),
    ]
    plain = holdings(at(history), "acme", most=None).rows
    assert columns(plain, *told[1:]) == [(None, None, None)] * 3
    assert shares(history, standing="official") == {"alice": "100", "bob": "60", "acme": "40"}


@pytest.mark.parametrize(
    ("date", "known_on", "as_of", "counted", "possible"),
    [
        ("2021-Q2", "2022-01-01", "2021-03-31", False, []),
        ("2021-Q2", "2022-01-01", "2021-04-01", False, ["sale"]),
        ("2021-Q2", "2022-01-01", "2021-06-30", True, []),
        ("2021-Q2", "2021-05-10", "2021-05-10", True, []),
        ("unknown", "2021-05-10", "2021-05-09", False, ["sale"]),
        ("unknown", "2021-05-10", "2021-05-10", True, []),
    ],
)
def test_a_sale_of_several_days_counts_from_the_last_and_is_possible_from_the_first(
    date: str, known_on: str, as_of: str, counted: bool, possible: list[str]
) -> None:
    history = record(
        opened("alice", 100), sold(date, "sale", "alice", "bob", 30, known_on=known_on)
    )
    assert shares(history, as_of=as_of).get("bob") == ("30" if counted else None)
    assert [p["event"] for p in holdings(at(history, as_of=as_of), "acme").possible] == possible


def test_what_is_known_late_leaves_a_register_in_part_and_that_is_said() -> None:
    """Bob's purchase is told in 2023, his sale already in 2022."""
    bought = sold("2021-01-01", "bought", "alice", "bob", 30, known_on="2023-01-01")
    resold = sold("2021-02-01", "resold", "bob", "carol", 10, known_on="2022-01-01")
    type_name, key, fields = opened("alice", 100)
    history = record((type_name, key, fields | {"known_on": "2020-01-01"}), bought, resold)
    answer = holdings(at(history, known_by="2022-12-31"), "acme")
    assert columns(answer.rows, "holder", "shares", "percent") == [
        ("alice", "100", "100.00"), ("carol", "10", "10.00"), ("bob", "-10", "-10.00"),
    ]  # fmt: skip
    assert any("(known by 2022-12-31) hides movements" in note for note in answer.notes)
    assert shares(history, known_by="2023-01-01") == {"alice": "70", "bob": "20", "carol": "10"}


def test_what_was_recorded_later_is_not_looked_at() -> None:
    events = recorded(opened("alice", 100), sold(DAY, "sale", "alice", "bob", 30))
    before = index_of(events).recorded_by(events[-2].recorded_at)
    assert columns(holdings(at(before), "acme").rows, "holder", "shares") == [("alice", "100")]


BOUGHT_OUT = sold(DAY, "all", "bob", "alice", 60)
NONE_KNOWN = "Not known: no event at this cut tells"


@pytest.mark.parametrize(
    ("events", "holder", "limits", "said"),
    [
        ([], None, {}, ("not-known", f"{NONE_KNOWN} who holds shares of acme.")),
        ([*START, BOUGHT_OUT], "bob", {}, ("none", "bob has no shares of acme/common, says")),
        (START, "carol", {}, ("none", "carol has no shares of acme/common, says the register.")),
        ([*START, opened("public", 9)], "carol", {},
         ("not-known", f"{NONE_KNOWN} that carol holds shares of acme.")),
        (START, None, {"as_of": "2019-12-31"}, ("hidden", "Hidden by --as-of: no event")),
        (START, None, {"known_by": "2025-12-31"}, ("hidden", "Hidden by --known-by: no event")),
        ([opened("acme", 9), of_common("shares-cancelled", shares="9")], None, {},
         ("none", "acme: no shares of acme/common in issue.")),
    ],
)  # fmt: skip
def test_no_rows_is_none_not_known_or_hidden(
    events: list[Draft], holder: str | None, limits: dict[str, str], said: tuple[str, str]
) -> None:
    view = at(record(*events), **limits)
    answer = holdings(view, "acme", holder)
    assert answer.rows == []
    found, note = outcome(view, answer)
    assert found == said[0]
    assert note.startswith(said[1])


def test_a_holder_is_asked_for_in_every_issuer_and_through_its_trusts() -> None:
    """Placed in trust in Acme, disclosed in Bolt."""
    in_bolt = (
        on(DAY, holder, "stake-disclosed", issuer="bolt", holder=holder, shares="3")
        for holder in ("alice", "bob")
    )
    history = record(opened("alice", 100), settled(), placed(100), *in_bolt)
    told = "issuer", "holder", "shares"
    assert columns(holdings(at(history), None, "alice").rows, *told) == [
        ("acme", "acme-trust", "100"), ("bolt", "alice", "3"),
    ]  # fmt: skip
    assert columns(holdings(at(history)).rows, *told[:2]) == [
        ("acme", "acme-trust"), ("bolt", "alice"), ("bolt", "bob"),
    ]  # fmt: skip
