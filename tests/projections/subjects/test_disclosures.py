"""Disclosures: checks on the register of their day and, without a register, the positions."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from projections.subjects.checked_figures import agrees_within
from projections.subjects.holdings import holdings
from projections.subjects.register_at_cut import register_at_cut
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import (
    COMMON,
    PREFERRED,
    at,
    columns,
    on,
    opened,
    placed,
    published,
    record,
    settled,
    sold,
)

DAY = "2021-01-01"
ALICE, TREASURY = opened("alice", 435), opened("acme", 130)
START = ALICE, opened("bob", 435), TREASURY  # 43.5% of issued shares, 50% of those outstanding


def stake(key: str = "stake", day: str = DAY, holder: str = "alice", **fields: Any) -> Draft:
    return on(day, key, "stake-disclosed", issuer="acme", holder=holder, **fields)


def asserted(shares: str, **fields: str) -> Draft:
    return on(DAY, "asserted", "balance-asserted", share_class=COMMON, shares=shares, **fields)


def agrees(*events: Draft, **limits: str) -> list[bool | None]:
    """Whether each figure that a record states of Acme agrees with its register."""
    return [one.agrees for one in register_at_cut(at(record(*events), **limits), "acme").checked]


@pytest.mark.parametrize(
    ("printed", "qualifier", "agreeing"),
    [
        ("43", "exactly", True),  # 43 covers 42.5 to 43.5
        ("44", "exactly", True),
        ("45", "exactly", False),
        ("43.5", "exactly", True),
        ("43.4", "exactly", False),
        ("43.50", "exactly", True),
        ("44", "about", True),
        ("44.5", "about", False),
        ("42", "about", False),
        ("43.4", "about", True),
        ("43", "at-most", True),
        ("43.4", "at-most", False),
        ("90", "at-most", True),
        ("44", "at-least", True),
        ("43.6", "at-least", False),
        ("1", "at-least", True),
    ],
)
def test_a_percentage_agrees_within_its_printed_precision_and_qualifier(
    printed: str, qualifier: str, agreeing: bool
) -> None:
    said = stake(percent=printed, percent_of="issued", qualifier=qualifier)
    assert agrees(*START, said) == [agreeing]


@pytest.mark.parametrize(
    ("percent", "of", "agreeing"),
    [
        ("43.5", "issued", True),
        ("50", "issued", False),
        ("50", "outstanding", True),
        ("43.5", "outstanding", False),
        ("50", "unstated", True),
        ("43.5", "unstated", True),
        ("47", "unstated", False),
    ],
)
def test_a_percentage_is_compared_on_its_base(percent: str, of: str, agreeing: bool) -> None:
    assert agrees(*START, stake(percent=percent, percent_of=of)) == [agreeing]


@pytest.mark.parametrize(
    ("shares", "qualifier", "agreeing"),
    [("435", "exactly", True), ("436", "exactly", False), ("436", "about", True),
     ("437", "about", False), ("435", "at-most", True), ("434", "at-most", False),
     ("436", "at-least", False)],
)  # fmt: skip
def test_shares_are_compared_to_the_share(shares: str, qualifier: str, agreeing: bool) -> None:
    assert agrees(*START, stake(shares=shares, qualifier=qualifier)) == [agreeing]


@pytest.mark.parametrize(
    ("interest", "shares", "agreeing"),
    [("direct", "335", True), ("direct", "435", False), ("aggregate", "435", True)],
)
def test_an_aggregate_interest_counts_the_shares_in_trust(
    interest: str, shares: str, agreeing: bool
) -> None:
    assert agrees(*START, settled(), placed(100), stake(shares=shares, interest=interest)) == [
        agreeing
    ]


@pytest.mark.parametrize(
    ("balance", "shares"),
    [
        ({"total": "issued"}, "1000"),
        ({"total": "outstanding"}, "870"),
        ({"total": "treasury"}, "130"),
        ({"holder": "bob"}, "435"),
        ({"holder": "carol"}, "0"),
    ],
)
def test_an_asserted_balance_is_a_total_or_a_holders(balance: dict[str, str], shares: str) -> None:
    assert agrees(*START, asserted(shares, **balance)) == [True]
    other = str(int(shares) - 1) if int(shares) else "1"
    assert agrees(*START, asserted(other, **balance)) == [False]


@pytest.mark.parametrize(
    ("sold_on", "left"), [("2020-12-31", 335), (DAY, 335), ("2021-01-02", 435)]
)
def test_the_register_is_that_of_the_end_of_the_day(sold_on: str, left: int) -> None:
    """Whatever was recorded first, and however late the question is."""
    sale = sold(sold_on, "sale", "alice", "bob", 100)
    assert agrees(*START, stake(shares=str(left)), sale) == [True]


def test_a_disclosure_of_a_month_is_compared_with_the_register_of_its_last_day() -> None:
    said = stake(day="2021-01", shares="335", known_on="2022-01-01")
    sale = sold("2021-01-20", "sale", "alice", "bob", 100)
    assert agrees(*START, sale, said, as_of="2021-01-30") == []
    assert agrees(*START, sale, said, as_of="2021-01-31") == [True]


def test_a_holder_counted_with_others_cannot_be_checked() -> None:
    answer = holdings(at(record(ALICE, opened("public", 565), stake(holder="bob", shares="5"))))
    assert (
        "stake: bob has no line of its own in the register of acme/common, so this disclosure"
        " cannot be checked."
    ) in answer.notes
    with_all_holders = *START, stake(holder="carol", shares="5")
    assert agrees(*with_all_holders) == [False]


def test_of_several_classes_a_disclosure_names_the_one_it_is_compared_with() -> None:
    both = *START, opened("alice", 7, PREFERRED)
    assert agrees(*both, stake(shares="7", share_class=PREFERRED)) == [True]
    assert agrees(*both, stake(shares="7", share_class=COMMON)) == [False]


def test_without_a_class_shares_are_of_all_classes_or_of_one_of_them() -> None:
    both = *START, opened("alice", 7, PREFERRED)
    assert [agrees(*both, stake(shares=n)) for n in ("442", "7", "435", "8")] == [
        [True], [True], [True], [False],
    ]  # fmt: skip


PAR = (
    on("2020-01-01", "par-a", "share-class-amended", share_class=COMMON, par_value="EUR 1"),
    on("2020-01-01", "par-b", "share-class-amended", share_class=PREFERRED, par_value="EUR 5"),
)


@pytest.mark.parametrize(
    ("percent", "of", "par", "agreeing"),
    [
        ("46.9484", "issued", (), True),  # 500 of 1,065 shares
        ("43.5", "issued", (), False),
        ("46.9484", "capital", (), True),
        ("57.3585", "capital", PAR, False),  # 760 of 1,325 at par
        ("57.3585", "issued", PAR, True),
        ("57.3585", "capital-par", PAR, True),
        ("46.9484", "capital-par", PAR, False),
    ],
)
def test_without_a_class_a_percentage_is_of_capital_by_number_then_by_par(
    percent: str, of: str, par: tuple[Draft, ...], agreeing: bool
) -> None:
    both = *START, opened("alice", 65, PREFERRED)
    assert agrees(*both, *par, stake(percent=percent, percent_of=of)) == [agreeing]


def test_what_differs_names_each_base_that_was_meant() -> None:
    both = *START, opened("alice", 65, PREFERRED), *PAR
    (checked,) = register_at_cut(
        at(record(*both, stake(percent="40", percent_of="issued"))), "acme"
    ).checked
    assert checked.sentence == (
        "it says 40% of issued, the register 46.9484% of the shares of all classes or 57.3585% of"
        " the capital by par value."
    )
    # of two classes one has shares in issue: what differs says of which it is
    (checked,) = register_at_cut(
        at(record(*START, stake(percent="40", percent_of="issued"))), "acme"
    ).checked
    assert checked.sentence == ("it says 40% of issued, the register of acme/common: 43.5000%.")


def test_without_par_value_a_percentage_by_par_is_not_compared_unless_of_one_class() -> None:
    said = stake(percent="43.5", percent_of="capital-par")
    at_cut = register_at_cut(at(record(*START, said)), "acme")
    assert [(one.found, one.agrees) for one in at_cut.checked] == [((Fraction("43.5"),), True)]
    at_cut = register_at_cut(at(record(*START, opened("bob", 10, PREFERRED), said)), "acme")
    assert (at_cut.checked, at_cut.unchecked[0].sentence) == (
        [],
        "stake: no event tells the capital by par value, so this disclosure cannot be checked.",
    )


@pytest.mark.parametrize(
    ("interest", "capacity"), [("group", "with its group"), ("indirect", "through others")]
)
def test_without_a_register_a_row_tells_through_whom_it_is_held(
    interest: str, capacity: str
) -> None:
    (row,) = holdings(at(record(stake(shares="435", interest=interest))), "acme").rows
    assert row["capacity"] == capacity


def test_a_disclosure_may_take_its_base_of_an_earlier_day() -> None:
    """On its own day 435 of 2,000 shares are hers; a year before, they were 43.5%."""
    more = on("2020-12-31", "more", "shares-issued", share_class=COMMON, holder="bob",
              shares="1000")  # fmt: skip
    said = {"shares": "435", "percent": "43.5", "percent_of": "issued"}
    assert agrees(*START, more, stake(**said)) == [True, False]
    assert agrees(*START, more, stake(**said, base_on="2020-06-30")) == [True, True]
    view = at(record(*START, stake(**said | {"shares": "434"}, base_on="2019-06-30")))
    assert register_at_cut(view, "acme").unchecked[0].sentence == (
        "stake: no event tells issued shares on 2019-06-30; its figures imply 997 to 998, so this"
        " disclosure cannot be checked."
    )


def test_a_percentage_may_be_of_the_total_that_was_last_published() -> None:
    """The register has 1,000 shares; 435 of the 900 that were published last are 48.33%."""
    said = stake(percent="48.33", percent_of="issued")
    published_before = asserted("900", total="issued")
    assert agrees(*START, said) == [False]
    assert agrees(*START, published_before, said) == [False, True]


@pytest.mark.parametrize(("low", "high", "agreeing"), [
    ("25", "50", True), ("43.5", "50", True), ("25", "43", False), ("44", "50", False),
])  # fmt: skip
def test_a_band_agrees_with_what_lies_in_it(low: str, high: str, agreeing: bool) -> None:
    band = {"percent": low, "percent_to": high, "percent_of": "issued", "share_class": COMMON}
    assert agrees(*START, stake(**band)) == [agreeing]
    (row,) = holdings(at(record(stake(**band))), "acme", ranged=True).rows
    assert columns([row], "percent", "percent_to", "percent_exact", "percent_high") == [
        (low, high, None, high)
    ]


def test_bands_that_meet_do_not_disagree() -> None:
    band = stake("band", percent="25", percent_to="50", percent_of="issued")
    for other, disagreeing in (("30", 0), ("60", 1)):
        one = stake("one", percent=other, percent_of="issued")
        (row,) = holdings(at(record(band, one)), "acme").rows
        assert row["others"] == disagreeing


PART = opened("alice", 300), opened("bob", 100), asserted("1000", total="issued")


def rows_of(*events: Draft, **limits: str) -> list[tuple[Any, ...]]:
    named = "holder", "shares", "percent", "basis"
    return columns(holdings(at(record(*events), **limits), "acme").rows, *named)


def test_a_register_known_in_part_is_of_the_total_that_is_asserted() -> None:
    assert rows_of(*PART) == [
        ("alice", "300", "30.00", "register"), ("bob", "100", "10.00", "register"),
        ("not known", "600", "60.00", "asserted"),
    ]  # fmt: skip
    assert rows_of(*PART, as_of="2020-12-31")[0] == ("alice", "300", "75.00", "register")
    at_cut = register_at_cut(at(record(*PART)), "acme")
    assert (at_cut.checked[0].agrees, at_cut.unchecked[0].sentence) == (
        None,
        "asserted: the register of acme/common is known in part, 400 of 1000, so this assertion"
        " cannot be checked.",
    )


def test_what_is_disclosed_or_brought_forward_comes_out_of_the_rest() -> None:
    said = stake(day="2021-03-01", holder="carol", shares="92", percent="9.2", percent_of="issued")
    later = opened("bank", 200, day="2021-06-01")
    split = on("2021-09-01", "split", "shares-split", share_class=COMMON, ratio="2:1")
    assert rows_of(*PART, said)[-2:] == [
        ("carol", "92", "9.20", "disclosed"), ("not known", "508", "50.80", "asserted"),
    ]  # fmt: skip
    assert rows_of(*PART, later)[-1] == ("not known", "400", "40.00", "asserted")
    assert rows_of(*PART, later, split)[-1] == ("not known", "800", "40.00", "asserted")
    assert agrees(*PART, stake(percent="30.0", percent_of="issued"))[1:] == [True]


@pytest.mark.parametrize(
    "events",
    [
        (*PART[:2], opened("public", 300), PART[2]),  # all others are on one account
        (*PART[:2], asserted("1000", total="issued", standing="reported")),
        (PART[0], asserted("299", total="issued")),
    ],
)
def test_a_whole_register_is_not_stretched(events: tuple[Draft, ...]) -> None:
    assert all(holder != "not known" for holder, *_ in rows_of(*events))
    assert agrees(*events) == [False]


def test_votes_of_a_register_known_in_part_are_of_all_that_are_asserted() -> None:
    gross = on("2021-02-01", "gross", "balance-asserted", share_class=COMMON, total="gross-votes",
               shares="1200")  # fmt: skip
    for events, of in ((PART, "1000"), ((*PART, gross), "1200"), ((*PART[:2], gross), "1200")):
        rows = votes(at(record(*events)), "acme").rows
        assert {row["gross_votes"] for row in rows} == {of}
        assert rows[0]["votes"] == str(int(of) - 400)
        assert [row["holder"] for row in rows] == ["not known", "alice", "bob"]


def test_what_agrees_is_counted_and_what_differs_is_told() -> None:
    """The register itself is moved by neither."""
    said = stake(shares="435", percent="50", percent_of="unstated", standing="reported")
    answer = holdings(at(record(*START, said, asserted("999", total="issued"))), "acme")
    assert "acme: 2 disclosed figures agree with the register." in answer.notes
    assert (
        "asserted (official, 2021-01-01) differs: issued is asserted at 999, the register has 1000."
        in answer.notes
    )
    assert {row["issued"] for row in answer.rows} == {"1000"}
    wrong = stake(percent="47", percent_of="unstated")
    assert (
        "stake (official, 2021-01-01) differs: it says 47% of unstated, the register of"
        " acme/common: 43.5000% of issued shares or 50.0000% of shares outstanding."
    ) in holdings(at(record(*START, wrong)), "acme").notes


@pytest.mark.parametrize(("printed", "half_a_step"), [("43", "1/2"), ("43.40", "1/200")])
def test_half_a_step_is_the_last_digit_that_agrees(printed: str, half_a_step: str) -> None:
    edge = Fraction(printed) + Fraction(half_a_step)
    assert agrees_within(printed, edge, "exactly")
    assert not agrees_within(printed, edge + Fraction(1, 10**6), "exactly")


ISSUED = {"percent_of": "issued"}


def test_without_a_register_the_latest_disclosure_is_the_position() -> None:
    history = record(
        stake("old", "2020-05-01", percent="40", **ISSUED),
        stake("new", "unknown", known_on="2021-05-01", percent="35.5", **ISSUED),
        stake("with-trust", "2020-06-01", percent="50", interest="aggregate", **ISSUED),
    )
    told = "shares", "percent", "percent_exact", "capacity", "basis_detail", "disclosed_on"
    both = "own name and in trust"
    assert columns(holdings(at(history), "acme").rows, *told, "at_latest") == [
        (None, "50", "1/2", both, "disclosed 2020-06-01, official", "2020-06-01", None),
        (None, "35.5", "71/200", "own name", "disclosed at the latest 2021-05-01, official", None,
         "2021-05-01"),
    ]  # fmt: skip
    before = holdings(at(history, as_of="2021-04-30"), "acme")
    assert columns(before.rows, "percent") == [("50",), ("40",)]
    assert [possible["event"] for possible in before.possible] == ["new"]


@pytest.mark.parametrize(
    ("policy", "chosen"),
    [("standing", "official"), ("latest", "press"), ("source:leak,filing", "leak")],
)
def test_of_disclosures_of_one_day_that_disagree_the_policy_prefers_one(
    policy: str, chosen: str
) -> None:
    sources = (published(name, f"2021-0{n}-01") for n, name in enumerate(("filing", "leak"), 2))
    cited = ({"citations": [{"source": name}]} for name in ("filing", "leak"))
    history = record(
        *sources,
        stake("official", percent="40", **ISSUED, **next(cited)),
        stake("leak", percent="20", standing="unnamed", **ISSUED, **next(cited)),
        stake("press", percent="30", standing="reported", known_on="2021-04-01", **ISSUED),
        stake(
            "rounded", known_on="2021-01-02", percent="40", percent_of="unstated", qualifier="about"
        ),
    )
    answer = holdings(at(history, policy=policy), "acme")
    (row,) = answer.rows
    assert row["events"] == [chosen]
    assert row["others"] == (2 if chosen == "official" else 3)
    assert any(f"on 2021-01-01: {chosen} is preferred" in note for note in answer.notes)


@pytest.mark.parametrize(("second", "total"), [("39.5", []), ("39.6", ["100.1000%"])])
def test_disclosed_stakes_that_make_more_than_the_whole_are_remarked_on(
    second: str, total: list[str]
) -> None:
    stakes = (("alice", "60.5"), ("bob", second))
    said = (stake(h, holder=h, percent=percent, **ISSUED) for h, percent in stakes)
    notes = holdings(at(record(*said)), "acme").notes
    assert [note.split()[8] for note in notes if "add up to" in note] == total


def test_a_class_without_a_register_is_as_disclosed_beside_one_that_has_one() -> None:
    of_class = stake("preferred", share_class=PREFERRED, shares="7")
    rows = holdings(at(record(opened("alice", 100), of_class)), "acme").rows
    assert columns(rows, "share_class", "shares", "basis", "issued") == [
        (COMMON, "100", "register", "100"),
        (PREFERRED, "7", "disclosed", None),
    ]


@pytest.mark.parametrize("qualifier", ["more-than", "less-than", "at-least", "exactly"])
def test_what_is_disclosed_in_the_same_words_is_no_disagreement(qualifier: str) -> None:
    said = {"percent": "5", "percent_of": "votes", "qualifier": qualifier}
    for events in ([stake(**said)], [stake(**said), stake("again", **said)]):
        answer = holdings(at(record(*events)), "acme")
        assert answer.rows[0]["others"] == 0
        assert not any("disagree" in note for note in answer.notes)
