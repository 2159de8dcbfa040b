"""The lots of each holder: their votes add up to all votes, and each tells what became of it."""

from __future__ import annotations

from fractions import Fraction

from projections.share_rows import LotRow
from projections.subjects.vote_lots import lots
from projections.told import plain
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import COMMON, at, columns, on, opened, outcome, record, sold
from tests.projections.subjects.test_lots import BOUGHT, YEARS, granted


def rows(*events: Draft, **limits: str) -> list[LotRow]:
    return lots(at(record(*events), **limits), "acme").rows


def test_each_lot_tells_its_grant_and_what_took_of_it() -> None:
    found = rows(*BOUGHT, as_of="2024-12-31")
    names = "holder", "lot", "shares", "factor", "votes", "since", "events"
    assert columns(found, *names) == [
        ("public", "ordinary", "960", 1, "960", None, ["opened-public-common", "sale"]),
        ("alice", "second", "10", 2, "20", "2020-01-01", ["second", "sale"]),
        ("alice", "first", "30", 2, "60", "2020-01-01", ["first"]),
    ]
    assert list(map(plain, found[1]["reasons"])) == [
        "20 granted double votes (second)", "10 gone (sale)",
        "10 in its name since 2020-01-01 at the latest (opened-alice-common)",
    ]  # fmt: skip


def test_a_lot_that_passed_with_its_votes_tells_where_it_came_from() -> None:
    dies = sold(YEARS[1], "dies", "alice", "bob", 50, ground="inheritance")
    split = on(YEARS[2], "split", "shares-split", share_class=COMMON, ratio="2:1")
    events = opened("alice", 50), opened("public", 50), granted(YEARS[0], "all"), dies, split
    (heir,) = [row for row in rows(*events) if row["holder"] == "bob"]
    assert (heir["lot"], heir["votes"], heir["since"]) == ("all", "200", "2020-01-01")
    assert heir["events"] == ["all", "dies", "split"]


def test_lots_of_a_class_whose_fractions_are_dropped_add_up() -> None:
    terms = on("2020-01-01", "terms", "share-class-amended", share_class=COMMON,
               votes_per_share="1/10", vote_fractions="dropped")  # fmt: skip
    view = at(record(terms, opened("alice", 17), granted(YEARS[0], "lot", shares="8")))
    answer = lots(view, "acme")
    assert columns(answer.rows, "lot", "votes") == [("ordinary", "0"), ("lot", "2")]
    assert sum(Fraction(row["votes"]) for row in answer.rows) == votes(view, "acme").held
    assert "dropped" in answer.notes[-1]


def test_without_a_register_the_lots_are_not_known() -> None:
    view = at(record())
    assert outcome(view, lots(view, "acme"))[0] == "not-known"


def test_each_entry_of_a_class_with_a_period_is_told() -> None:
    """14 shares bought in 2015 are two years old in 2017, 6 bought later are not."""
    terms = on("2015-01-02", "terms", "share-class-amended", share_class=COMMON,
               votes_after_months="24")  # fmt: skip
    bought = [sold(f"2015-0{month}-22", f"bought-{month}", "public", "alice", shares)
              for month, shares in ((4, 14), (8, 6))]  # fmt: skip
    public = opened("public", 80, day="2015-01-01")
    found = rows(public, terms, *bought, granted("2017-04-22", "grant", shares="14"))
    assert columns(found, "holder", "lot", "since") == [
        ("public", "ordinary", None), ("alice", "ordinary", None), ("alice", "grant", "2015-04-22")
    ]  # fmt: skip
    assert [plain(row["reasons"][-1]) for row in found] == [
        "60 in its name since 2015-01-01 at the latest, 24 months on 2017-01-01"
        " (opened-public-common)",
        "6 in its name since 2015-08-22, 24 months on 2017-08-22 (bought-8)",
        "14 in its name since 2015-04-22, 24 months on 2017-04-22 (bought-4)",
    ]
