"""The whole market against the question about each of its companies, the slow way."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.control.all_owners import all_owners
from projections.control.found import Asked, Found
from projections.control.group import group
from projections.control.kernel import Block, Control, Electorate, Structure
from projections.control.market import Market
from projections.control.owners import owners
from projections.control.polls import Poll, Polls
from projections.control_rows import EconomicRow
from projections.readmodel.opening import open_index
from tests.histories import DAY, EventList, history
from tests.projections.control.networks import PARTIES, network
from tests.projections.control.structures import law, related, seen

CUTS = (
    Cut(as_of="2024-01-01"),
    Cut(as_of="2022-01-01"),
    Cut(as_of="2024-01-01", known_by="2025-12-31"),
    Cut(as_of="2024-01-01", standing="official"),
)


def by_company(view: View) -> dict[str, list[Any]]:
    """By company, who controls it and what it controls, each company asked for itself."""
    return {
        company: sorted(map(_line, (pair.told() for pair in Found(view, Asked(company)).pairs())))
        for company in PARTIES
    }


def _line(row: Any) -> tuple[str, ...]:
    return tuple(str(value) for value in row.values())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(CUTS))
def test_each_company_has_the_rows_that_it_has_by_itself(seed: int, cut: Cut) -> None:
    events = history(network(Random(seed)), DAY)
    index = open_index(None, EventList(events))
    rows = [_line(row) for row in Market(View(index, cut)).controls()]
    index.close()
    view = View(Log(events), cut)
    found = {company: sorted(row for row in rows if company in row[:2]) for company in PARTIES}
    assert found == by_company(view)
    assert [_line(row) for row in Market(view).controls()] == rows


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(CUTS))
def test_each_company_has_the_owners_that_it_has_by_itself(seed: int, cut: Cut) -> None:
    events = history(network(Random(seed)), DAY)
    index = open_index(None, EventList(events))
    rows = [dict(row) for row in all_owners(View(index, cut)).rows]
    index.close()
    view = View(Log(events), cut)
    expected = [
        {column: row[column] for column in EconomicRow.__annotations__}
        for company in sorted(PARTIES)
        for row in owners(view, company).rows
        if row["until"] is None
    ]
    assert sorted(rows, key=lambda row: str(row["company"])) == expected


def test_a_concert_reaches_those_who_stand_behind_one_who_acts() -> None:
    held = {"t": {"x": 40, "z": 15, "y": 45}, "e": {"z": 100}}
    view = seen(held, related("e", "x", "concert"), **dict.fromkeys("xyz", "person"))
    assert [(row["party"], row["by"]) for row in group(view, "t").rows] == [("z", "concert")]
    assert [row["by"] for row in group(view, "z").rows if row["in_control_of"] == "t"] == [
        "concert"
    ]


def test_control_is_not_presumed_where_somebody_has_as_much_through_another() -> None:
    held = {"f": {"x": 60, "a": 40, "z": 20}, "a": {"z": 100}}
    view = seen(held, law("f", "fr"), x="person", z="person")
    assert not [row for row in group(view, "x").rows if row["in_control_of"] == "f"]
    assert not [row for row in group(view, "f").rows if row["party"] == "x"]


def test_what_polls_tell_is_what_the_rules_do() -> None:
    random = Random(7)
    names = [f"c{n}" for n in range(12)]
    for _ in range(200):
        given_votes = {
            company: {
                holder: random.choice((5, 20, 26, 40, 60))
                for holder in random.sample([*names, "x", "y", "z"], random.randrange(1, 5))
                if holder != company
            }
            for company in names
        }
        given_votes = {company: votes for company, votes in given_votes.items() if votes}
        each = ((one, Poll(sum(votes.values()), votes)) for one, votes in given_votes.items())
        polls = Polls.of(each)
        changed = random.choice(list(given_votes))
        given_votes[changed] = {"x": 30, "y": 20}
        polls.change(changed, Poll(50, given_votes[changed]))
        control = Control(Structure({one: _electorate(v) for one, v in given_votes.items()}))
        for party in polls.voters:
            group_of = control.group(party)
            votes = {c: control.tally(c, group_of.voting).votes for c in group_of.entries}
            assert polls.controlled(party) == votes


def _electorate(votes: dict[str, int]) -> Electorate:
    base = Fraction(sum(votes.values()))
    blocks = (Block(who, frozenset({who}), Fraction(n), Fraction(n)) for who, n in votes.items())
    return Electorate(tuple(blocks), base, base)
