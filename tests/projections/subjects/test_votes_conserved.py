"""Votes conserve through every event: how many there are changes only as the type of each implies;
and those of many days, from one walk, are those of each day by itself."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, takes_all
from ledger.model.register import TREASURY, named
from ledger.time.log import Log
from ledger.time.view import Cut, View
from projections.changes.compare import lines_by, row_of
from projections.changes.register_days import Register
from projections.control.members import members
from projections.questions import QUESTIONS
from projections.subjects import vote_lines
from projections.subjects.ballots import Ballot, Totals, ballots_of, totals
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.vote_lines import Line
from projections.subjects.voting_rights import Rights
from tests import histories
from tests.lots_by_letter import LotsByLetter
from tests.oracle import Oracle
from tests.projections.readmodel.test_histories import slow
from tests.projections.subjects.test_lots_by_letter import AMONG, DIGITS

RESTRICTING = ("voting-rights-suspended", "voting-rights-restored")
EACH = 2  # votes a share of every class of the histories
CONSERVED = tuple(one for one in (*AMONG, *RESTRICTING) if one != "share-class-amended")
WALKED = (
    *CONSERVED, *["shares-transferred"] * 12, "voting-cap-agreed", "trust-settled", "trust-amended",
    "share-class-amended",
)  # fmt: skip


class Step(NamedTuple):
    """What an event left: all votes, those of each account, and by the letter those there are."""

    fact: Fact | None
    totals: Totals
    ballots: dict[str, Ballot]
    letter: tuple[Fraction, Fraction]


def conserved(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=30, among=CONSERVED)))
    steps = list(taken(Log(events), events))
    for before, after in pairwise(steps):
        fact, of = after.fact, after.totals
        assert fact is not None
        gross, held = (b - a for a, b in zip(before.letter, after.letter, strict=True))
        assert (of.gross - before.totals.gross, of.held - before.totals.held) == (gross, held)
        assert of == totals(after.ballots)
        if fact.type not in MOVEMENTS:
            assert gross == held  # the issuer's shares have no lots
        elif not takes_all(fact.type, fact.data):
            concerned = set(named(fact.type, fact.data))
            assert moved(before, after) <= concerned
            assert {who for who, _ in struck(before).items() ^ struck(after).items()} <= concerned
        if fact.type in RESTRICTING:
            assert (gross, held) == (0, 0)
            assert moved(before, after) == set()
        if fact.type == "registration-changed" or fact.type == "double-votes-ended":
            assert held <= 0
        if fact.type == "double-votes-granted":
            assert of.castable - before.totals.castable <= held


def taken(log: Log, events: list[Any]) -> Any:
    """What there is before the first event about votes, and after each."""
    view = View(log)
    counted = register_at_cut(
        view, "acme", Rights(view, members), whole=True, checking=False
    ).counted
    letter = LotsByLetter(DIGITS)
    told = {one.event.key: one for one in Oracle(events, Cut()).certain()}
    seen: list[Any] = []
    for number in range(len(counted) + 1):
        fact = counted[number - 1] if number else None
        if fact is not None and fact.key in told and fact.type not in RESTRICTING:
            seen.append(told[fact.key])
            letter.read(seen[-1], seen)
        rights = Rights(view, members)
        at_cut = RegisterAtCut(view, "acme", rights, whole=True, checking=False)
        at_cut = at_cut.to(counted[number]) if number < len(counted) else at_cut.to_cut()
        ballots = {} if rights.untold(at_cut.classes) else ballots_of(at_cut, rights)
        if any(at_cut.register.shares(c, a) < 0 for c in at_cut.classes for a in ballots):
            return  # no more is known of what was sold
        yield Step(fact, totals(ballots), ballots, by_letter(letter))


def by_letter(letter: LotsByLetter) -> tuple[Fraction, Fraction]:
    """All votes with those of treasury shares, and without."""
    gross = held = Fraction()
    for (share_class, holder, _), (shares, factor, _) in letter.lots().items():
        if share_class.startswith("acme/"):
            gross += EACH * factor * shares
            held += 0 if holder == "acme" else EACH * factor * shares
    return gross, held


def moved(before: Step, after: Step) -> set[str]:
    """The accounts with other votes than before."""
    none = Ballot()
    return {
        account
        for account in {*before.ballots, *after.ballots}
        if (one := before.ballots.get(account, none)).held
        != (two := after.ballots.get(account, none)).held
        or one.treasury != two.treasury
    }


def struck(step: Step) -> dict[str, Fraction]:
    """The votes suspended, by account."""
    return {account: one.suspended for account, one in step.ballots.items() if one.suspended}


@settings(slow, max_examples=3)
@given(st.data())
def test_votes_change_as_each_event_implies(data: st.DataObject) -> None:
    conserved(data)


@pytest.mark.whole
@settings(slow, max_examples=300)
@given(st.data())
def test_votes_of_many_histories_change_as_each_event_implies(data: st.DataObject) -> None:
    conserved(data)


def walked(data: st.DataObject) -> None:
    events = histories.history(data.draw(histories.drafts(most=30, among=WALKED)))
    register = Register.begun(View(Log(events)), "acme")
    if not register.may_be_walked:
        return
    register.walk(register.stops)
    for day, lines in register.walked.items():
        view, rights = (
            View(Log(events), Cut(as_of=day)),
            Rights(View(Log(events), Cut(as_of=day)), members),
        )
        at_cut = register_at_cut(view, "acme", rights, checking=False)
        anew = lines_by(vote_lines.lines(at_cut, rights), QUESTIONS["votes"])
        found = {name: row_of(one) for name, one in lines["votes"].items()}
        assert found == {name: row_of(one) for name, one in anew.items()}, day
        own = [one for one in lines["votes"].values() if isinstance(one, Line)]
        if own:
            assert totals({one.account: one.ballot for one in own}) == own[0].totals
            assert own[0].ballot.treasury == 0 or own[0].account == TREASURY


@settings(slow, max_examples=4)
@given(st.data())
def test_the_rows_of_each_day_of_a_walk_are_those_of_the_day(data: st.DataObject) -> None:
    walked(data)


@pytest.mark.whole
@settings(slow, max_examples=300)
@given(st.data())
def test_the_rows_of_each_day_of_many_walks_are_those_of_the_day(data: st.DataObject) -> None:
    walked(data)
