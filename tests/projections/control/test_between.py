"""Owners between two days: what follows from the register is what is found day by day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.control.between import Between
from projections.control.owners import owners
from tests.histories import DAY, Draft, cuts, drafts, history
from tests.projections.control.structures import disclosed, opened, related, sold
from tests.projections.subjects.record import on

COMPANY = "t"
HOLDERS = ("x", "y", "z", "pool", "h", "w", COMPANY)
_Given = tuple[str, str, int, int]  # who sells, to whom, at most how many shares, in which month


def day_by_day(view: View, company: str, at: str | None = None) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Between, "before", lambda *_: None)
        return owners(view, company, at=at)


def agreed(offered: list[Draft], data: st.DataObject) -> None:
    kept = history(offered)
    cut, _ = data.draw(cuts(len(kept)))
    for company in ("acme", "boreal"):
        view = View(Log(kept), cut)
        assert owners(view, company) == day_by_day(View(Log(kept), cut), company)


@pytest.mark.parametrize("many", [15, pytest.param(60, marks=pytest.mark.whole)])
def test_in_random_histories_what_follows_is_what_is_found(many: int) -> None:
    settings(max_examples=many, deadline=None)(given(drafts(), st.data())(agreed))()


def market(sales: Sequence[_Given], more: Sequence[Draft], kind: str | None = None) -> Log:
    """A company whose shares change hands, and what else is told."""
    kinds = dict.fromkeys("xyz", "person") | {
        "pool": "other", "h": "company", "w": "trust", COMPANY: "company",
    }  # fmt: skip
    parties: list[Draft] = [
        ("party-registered", f"party-{party}", {"party": party, "kind": kind, "name": party})
        for party, kind in kinds.items()
    ]
    classes: list[Draft] = [
        ("share-class-created", f"class-{one}", {"share_class": f"{one}/common"} | told)
        for one, told in ((COMPANY, {"kind": kind} if kind else {}), ("h", {}))
    ]
    begun = [opened(COMPANY, "x", 6), opened(COMPANY, "y", 2), opened("h", "z", 5)]
    sold_on, has = list[Draft](), {"x": 6, "y": 2}
    for seller, buyer, most, month in sorted(sales, key=lambda one: one[3]):
        shares = min(most, has.get(seller, 0))
        if seller != buyer and shares:
            has[seller], has[buyer] = has[seller] - shares, has.get(buyer, 0) + shares
            day = f"20{20 + month // 12}-{month % 12 + 1:02}-10"
            sold_on.append(sold(COMPANY, seller, buyer, shares, day))
    return Log(history([*parties, *classes, *begun, *sold_on, *more], DAY))


MORE: list[Draft] = [
    disclosed(COMPANY, "z", "8", day="2019-06-10", percent_of="issued"),
    disclosed(COMPANY, "z", "5", day="2020-03-10", percent_of="issued"),
    disclosed(COMPANY, "h", "7", day="2021-03-10", percent_of="issued"),
    disclosed(COMPANY, "y", "10", day="2020-06-10", percent_of="issued"),
    disclosed(COMPANY, "x", "3", day="2021-08-10", percent_of="issued"),
    *(
        on(
            day, f"{type}-{day}", type, share_class="t/common", trust=trust, holder=holder,
            shares="1",
        )
        for day, type, trust, holder in (
            ("2020-05-10", "shares-placed-in-trust", "w", "x"),
            ("2020-12-10", "shares-placed-in-trust", "x", "y"),
            ("2021-03-05", "shares-released-from-trust", "w", "z"),
            ("2021-09-20", "shares-placed-in-trust", "w", "y"),
        )
    ),
    on(
        "2020-07-20", "all", "balance-asserted", share_class="t/common", total="issued",
        shares="11",
    ),
    sold("h", "z", COMPANY, 2, "2020-09-10"),
    sold("h", COMPANY, "x", 2, "2021-09-10"),
    related("x", "y", "concert", "2021-02-01"),
    on("2020-11-01", "split", "shares-split", share_class="t/common", ratio="2:1"),
    on("2021-07-01", "join", "shares-split", share_class="t/common", ratio="1:2", fractions="down"),
    on("2020-08-01", "end-y", "party-ended", party="y"),
    on("2020-06-01", "more", "shares-issued", share_class="t/common", holder="z", shares="1"),
    on(
        "2020-05-01", "settled", "trust-settled", trust="w", settlors=["x"], trustees=["y"],
        beneficiaries=[{"party": "z"}],
    ),
]  # fmt: skip


KINDS = st.sampled_from([None, None, "unit"])
SOLD = st.lists(
    st.tuples(
        st.sampled_from(HOLDERS), st.sampled_from(HOLDERS), st.integers(1, 8), st.integers(0, 27)
    ),
    max_size=14,
)
TOLD = st.lists(st.sampled_from(MORE), max_size=4, unique_by=lambda one: one[1])


def handed_on(sales: list[_Given], more: list[Draft], at: str | None, kind: str | None) -> None:
    log, cut = market(sales, more, kind), Cut(as_of="2024-01-01")
    assert owners(View(log, cut), COMPANY, at=at) == day_by_day(View(log, cut), COMPANY, at)


@pytest.mark.parametrize("many", [15, pytest.param(400, marks=pytest.mark.whole)])
def test_where_shares_change_hands_what_follows_is_what_is_found(many: int) -> None:
    law = given(SOLD, TOLD, st.sampled_from([None, "20"]), KINDS)(handed_on)
    settings(max_examples=many, deadline=None)(law)()


@pytest.mark.parametrize(
    "sales",
    [[("x", "pool", 1, 3)], [("x", "pool", 2, 1), ("x", "z", 1, 5)]],
    ids=["a pool that opens", "a line of its own that opens"],
)
def test_who_is_disclosed_may_be_among_those_in_the_pool(sales: list[_Given]) -> None:
    handed_on(sales, MORE[1:2], None, None)


def test_most_days_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    sales = [(*(("x", "y") if month % 2 else ("y", "x")), 1, month) for month in range(24)]
    noted = list[object]()
    kept = Between.note
    monkeypatch.setattr(Between, "note", lambda self, look: noted.append(look) or kept(self, look))
    owners(View(market(sales, []), Cut(as_of="2024-01-01")), COMPANY)
    assert len(noted) < 10


NAMED = {one[1]: one for one in MORE}


@pytest.mark.parametrize(
    ("sales", "more"),
    [
        ([("x", "h", 2, 1), ("h", "x", 2, 5)], []),
        ([("x", "pool", 2, 1), ("pool", "x", 2, 5)], []),
        ([("x", "w", 2, 6), ("w", "x", 2, 9)], ["settled"]),
        ([("y", "x", 2, 12)], ["end-y"]),
    ],
    ids=["a company", "several together", "a trust", "a party that has ended"],
)
def test_who_has_sold_all_may_have_been_no_owner(sales: list[_Given], more: list[str]) -> None:
    handed_on(sales, [NAMED[key] for key in more], None, None)


def test_before_the_opening_is_known_nothing_follows_from_balances_below_zero() -> None:
    begun = on(
        "2020-01-01", "late", "shares-issued", share_class="h/common", holder="x", shares="2",
        known_on="2026-02-01",
    )  # fmt: skip
    sales = [sold("h", "x", "y", 2, "2020-02-10"), sold("h", "y", "w", 2, "2020-03-10")]
    told: list[Draft] = [
        ("party-registered", f"party-{one}", {"party": one, "kind": "person", "name": one})
        for one in ("x", "y", "w")
    ]
    told += [
        ("party-registered", "party-h", {"party": "h", "kind": "company", "name": "h"}),
        ("share-class-created", "class-h", {"share_class": "h/common"}),
    ]
    log, cut = Log(history([*told, begun, *sales], DAY)), Cut(known_by=DAY)
    assert log.knows("key:sold-h-y-w-2020-03-10")
    assert owners(View(log, cut), "h") == day_by_day(View(log, cut), "h")
