"""Stakes over time: each figure is that of holdings or votes on its day, as known now and then."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from ledger.time.class_terms import class_terms
from ledger.time.log import Log
from ledger.time.view import View
from ledger.values.dates import BEGINNING, days_before
from projections.charts.figures import Measure
from projections.charts.stakes import stakes
from projections.control.members import members
from projections.subjects.holdings import holdings
from projections.subjects.votes import votes
from tests import histories
from tests.projections.readmodel.test_supposed import few
from tests.projections.subjects.record import COMMON, at, on, opened, published, record, sold

Told = dict[str, tuple[Any, ...]]


def shares_on(view: View) -> Told:
    """The registered shares of each holder, of how many, and what is known otherwise."""
    rows = holdings(view, "acme").rows
    register = [row for row in rows if row["basis"] == "register"]
    terms = class_terms(view, "acme")
    register = [r for r in register if terms.of(str(r["share_class"])).is_capital] or register
    whole = sum({r["share_class"]: Fraction(r["issued"] or 0) for r in register}.values())
    held, part = defaultdict[str, Fraction](Fraction), defaultdict[str, Fraction](Fraction)
    for row in register:
        exact = row.get("capital_percent_exact") or row["percent_exact"]
        held[row["holder"]] += Fraction(row["shares"] or 0)
        part[row["holder"]] += Fraction(exact or 0)
    found: Told = {
        h: (str(n), str(whole), str(part[h]) if whole > 0 else None) for h, n in held.items()
    }
    others = [row for row in rows if row["basis"] in ("disclosed", "asserted")]
    return found | {f"stated {r['holder']}": (r["shares"], None) for r in others}


def votes_on(view: View) -> Told:
    """The votes that each holder may cast, of how many."""
    rows = [row for row in votes(view, "acme", members).rows if not row["group"]]
    found = {
        r["holder"]: (r["after_caps"] or r.get("after_caps_high"), r["net_votes"]) for r in rows
    }
    return {holder: told for holder, told in found.items() if told[0] is not None}


ON = {"capital": shares_on, "votes": votes_on}


def drawn_on(rows: list[Any], day: str, clock: str) -> Told:
    """What the rows say of a day, as known now or then."""
    found: Told = {}
    for row in rows:
        if (row["since"] or BEGINNING) <= day < (row["until"] or "9999-99-99"):
            name = clock if row["then"] != "same" else "now"
            if (figure := row[name]) is None:
                continue
            if row["basis"] != "register":
                found[f"stated {row['holder']}"] = figure["number"], None
            else:
                found[row["holder"]] = figure["number"], figure["of"], figure["percent_exact"]
    return found


def alike(drawn: Told, told: Told) -> bool:
    return drawn.keys() == told.keys() and all(
        drawn[one][: len(told[one])] == told[one] for one in told
    )


def holds(view: View, measure: Measure) -> None:
    """Whatever is drawn is what is answered on the day, at both ends of every interval."""
    cut = view.cut
    rows = stakes(view, "acme", measure).rows
    days = {day for row in rows for day in (row["since"], row["until"]) if day}
    days |= {days_before(day, 1) for day in days} | set(histories.CUTS)
    for day in sorted(day for day in days if day <= cut.as_of):
        now = ON[measure](View(view.history, cut._replace(as_of=day)))
        assert alike(drawn_on(rows, day, "now"), now), (day, "now")
        known = cut._replace(as_of=day, known_by=min(day, cut.known_by))
        then = ON[measure](View(view.history, known))
        assert alike(drawn_on(rows, day, "known_then"), then), (day, "then")


@few
@given(st.data())
def test_every_figure_is_that_of_its_day_as_known_now_and_then(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=30)))
    cut, _ = data.draw(histories.cuts(len(events)))
    view = View(Log(events), cut)
    holds(view, "capital")
    holds(view, "votes")


def test_what_was_known_on_the_day_stands_beside_what_is_known_now() -> None:
    """A sale of February is published in June; bob's shares are cancelled in August."""
    log = record(
        published("filing", "2020-06-01"),
        published("opening", "2020-01-01"),
        published("gazette", "2020-08-31"),
        *(
            (type, key, data | {"citations": [{"source": "opening"}]})
            for type, key, data in (opened("alice", 60), opened("bob", 40))
        ),
        sold("2020-02-01", "sale", "alice", "bob", 10, citations=[{"source": "filing"}]),
        on(
            "2020-08", "cancelled", "shares-cancelled", holder="bob", shares="40",
            share_class=COMMON, citations=[{"source": "gazette"}],
        ),
    )  # fmt: skip
    rows = stakes(at(log), "acme", holder="alice").rows
    told = [(r["since"], r["now"], r["then"], r["known_then"], r["made"]) for r in rows]
    brief = [
        (since, now and now["percent"], then, known and known["percent"], made)
        for since, now, then, known, made in told
    ]
    assert brief == [
        ("2020-01-01", "60.00", "same", None, "own"),
        ("2020-02-01", "50.00", "other", "60.00", "own"),
        ("2020-06-01", "50.00", "same", None, None),
        ("2020-08-31", "83.33", "same", None, "passive"),
    ]
    assert (rows[-1]["causes"], rows[-1]["earliest"]) == (["cancellation"], "2020-08-01")
    assert rows[-1]["events"] == ["cancelled"]


def test_days_asked_about_leave_out_what_had_ended() -> None:
    log = record(opened("alice", 60), sold("2020-02-01", "sale", "alice", "bob", 60))
    rows = stakes(at(log), "acme", first="2020-03-01").rows
    made = [(row["holder"], row["since"]) for row in rows if row["made"]]
    assert made == [("bob", "2020-02-01")]
    assert stakes(at(log), "acme", holder="carol").rows == []


def test_a_total_that_leaves_shares_to_nobody_known_makes_a_step() -> None:
    total = {"share_class": COMMON, "total": "issued", "shares": "100"}
    log = record(opened("alice", 60), on("2020-02-01", "total", "balance-asserted", **total))
    steps = [row for row in stakes(at(log), "acme", holder="alice").rows if row["made"]]
    told = [(row["now"] and row["now"]["percent"], row["made"], row["causes"]) for row in steps]
    assert told == [
        ("100.00", "own", ["register opened"]),
        ("60.00", "passive", ["balance asserted"]),
    ]


def test_where_too_much_would_be_read_what_was_known_is_not_told() -> None:
    log = record(opened("alice", 60), sold("2020-02-01", "sale", "alice", "bob", 10))
    with patch("projections.charts.stakes.MOST_READ", -1):
        answer = stakes(at(log), "acme", holder="alice")
    assert [row["then"] for row in answer.rows] == ["not-looked-at"] * 2
    assert answer.notes == [
        "What was known on the day itself is not looked at from the first day on: the ledger is"
        " too large for that."
    ]
