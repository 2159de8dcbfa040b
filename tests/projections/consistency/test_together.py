"""Disclosures that no register tells: what cannot all be true, and what still can."""

from __future__ import annotations

from typing import Any

import pytest

from projections.consistency.checks import check
from projections.consistency.conflicts import conflicts
from projections.subjects.holdings import holdings
from tests.counted import votes
from tests.histories import Draft
from tests.projections.subjects.record import COMMON, at, columns, on, opened, record

DAY = "2021-01-01"


def said(holder: str, percent: str | None = None, of: str = "issued", **fields: Any) -> Draft:
    day = fields.pop("day", DAY)
    figures = {} if percent is None else {"percent": percent, "percent_of": of}
    names = {"issuer": "acme", "holder": holder, "share_class": COMMON}
    return on(day, f"{holder}-{day}", "stake-disclosed", **names | figures | fields)


def asserted(shares: str, total: str = "issued") -> Draft:
    fields = {"share_class": COMMON, "shares": shares, "total": total}
    return on(DAY, "asserted", "balance-asserted", **fields)


SPLIT = on(DAY, "split", "shares-split", share_class=COMMON, ratio="2:1")


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ((said("alice", "20", shares="300"), said("bob", "60", shares="300")), "total-issued"),
        ((said("alice", "20", shares="300"), said("bob", "60", shares="300", day="2021-02")), ""),
        ((said("alice", "20", shares="300"), said("bob", "60", shares="300"), SPLIT), ""),
        ((said("alice", "20", shares="300"), said("bob", "20.4", shares="303")), ""),
        ((said("alice", "20.0", shares="300"), said("bob", "20.40", shares="303")), "total-issued"),
        ((said("alice", "20", shares="300", qualifier="about"), said("bob", "21")), ""),
        ((said("alice", "20", shares="300"), asserted("1500")), ""),
        ((said("alice", "20", shares="300"), asserted("1000")), "total-issued"),
        ((said("alice", "20", shares="300"), asserted("1000", "outstanding")), ""),
        ((said("alice", "20", shares="300"), asserted("1539", "outstanding")), "total-issued"),
        ((said("alice", "20", "votes", votes="300"), said("bob", "60", "votes", votes="300")),
         "total-votes"),
        ((said("alice", "70"), said("bob", "60")), "holders-of-issued"),
        ((said("alice", "70"), said("bob", "60", "outstanding")), "holders-of-issued"),
        ((said("alice", "70"), said("bob", "60", "votes")), ""),
        ((said("alice", "70"), said("bob", "60", day="2021-01-02")), ""),
        ((said("alice", "70", day="2021-01"), said("bob", "60", day="2021-01")), ""),
        ((said("alice", "70"), said("bob", "60", interest="group")), ""),
        ((said("alice", "70"), said("bob", "60", qualifier="at-most")), ""),
        ((said("alice", "70"), said("bob", "25", percent_to="50")), ""),
        ((said("alice", "70"), said("bob", "31", percent_to="50")), "holders-of-issued"),
        ((said("alice", "50"), said("bob", "50.4")), ""),
        ((said("alice", "50", qualifier="more-than"), said("bob", "50", qualifier="more-than")),
         "holders-of-issued"),
        ((said("alice", "50"), said("bob", "40"), said("carol", "11.6")), "holders-of-issued"),
        ((opened("alice", 70), said("alice", "70"), said("bob", "60")), ""),
    ],
)  # fmt: skip
def test_only_what_no_true_value_fits_is_a_contradiction(
    events: tuple[Draft, ...], found: str
) -> None:
    view = at(record(*events))
    rows = [row for row in conflicts(view, "acme").rows if row["kind"] == "value"]
    assert [row["attribute"] for row in rows] == ([found] if found else [])
    findings = [row for row in check(view).rows if row["check"] == "disclosed-together"]
    assert len(findings) == len(rows)


def test_a_contradiction_names_what_each_figure_implies() -> None:
    view = at(record(said("alice", "20", shares="300"), said("bob", "60", shares="300")))
    (row,) = conflicts(view).rows
    assert [one["value"] for one in row["claims"]] == [
        "300 shares, 20% of issued: 1464 to 1538 in all",
        "300 shares, 60% of issued: 496 to 504 in all",
    ]


@pytest.mark.parametrize(
    ("fields", "exact", "low", "high"),
    [
        ({}, "1/2", "50", "50"),
        ({"qualifier": "about"}, "1/2", "50", "50"),
        ({"qualifier": "at-most"}, None, "0", "50"),
        ({"qualifier": "less-than"}, None, "0", "50"),
        ({"qualifier": "at-least"}, None, "50", "100"),
        ({"qualifier": "more-than"}, None, "50", "100"),
        ({"percent_to": "75"}, None, "50", "75"),
    ],
)
def test_a_bound_is_never_the_figure(
    fields: dict[str, str], exact: str | None, low: str, high: str
) -> None:
    view = at(record(said("alice", "50", **fields), said("bob", "50", "votes", **fields)))
    row, _ = holdings(view, "acme", ranged=True).rows
    ends = "percent_exact", "percent_low", "percent_high"
    assert [row.get(name) for name in ends] == [exact, low, high]
    (counted,) = votes(view, "acme").rows
    assert counted["votes_percent"] == ("50" if exact else None)


def test_bounds_make_no_whole_that_is_too_much() -> None:
    stakes = said("alice", "60.5"), said("bob", "39.6", qualifier="at-most")
    assert not any("add up" in note for note in holdings(at(record(*stakes)), "acme").notes)


def test_what_is_disclosed_follows_the_splits_of_its_class() -> None:
    day = "2021-02-01"
    halved = on("2021-03-01", "halved", "shares-split", share_class=COMMON, ratio="1:4")
    split = on(day, "split", "shares-split", share_class=COMMON, ratio="2:1")
    same_day = said("bob", shares="50", day=day)
    history = record(said("alice", "10.0", shares="101"), same_day, split, halved)
    told = "shares", "percent", "events"
    later = holdings(at(history), "acme")
    assert columns(later.rows, *told) == [
        ("50", "10.0", ["alice-2021-01-01", "split", "halved"]),
        ("12", None, [f"bob-{day}", "halved"]),
    ]
    assert "alice-2021-01-01 tells 101 shares, which are 50 since split, halved." in later.notes
    before = holdings(at(history, as_of="2021-01-31"), "acme")
    assert columns(before.rows, *told) == [("101", "10.0", ["alice-2021-01-01"])]


def test_without_a_class_what_became_of_a_number_is_not_known() -> None:
    split = on("2021-02-01", "split", "shares-split", share_class=COMMON, ratio="2:1")
    answer = holdings(at(record(said("alice", shares="100", share_class=None), split)), "acme")
    assert columns(answer.rows, "shares") == [(None,)]
    assert any("not of which class" in note for note in answer.notes)
