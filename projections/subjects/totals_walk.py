"""What each event adds to the totals of an issuer's shares and votes, or takes from them.

A register is walked on from day to day, and the totals are counted after every event. Where what
counts on one day does not count on a later one (a suspension that has ended with its agreement, an
event that another one repeats), every day is walked by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from ledger.model.fact import Fact
from ledger.model.movements import SIGNS
from ledger.model.register import account_of, legs
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.subjects.ballots import ballots_of, totals
from projections.subjects.bases import Totals
from projections.subjects.reaching import BEYOND, Members
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.register_walk import RegisterWalk, Watched, may_be_walked, stops_of

Total: TypeAlias = tuple[str, str | None]  # a base, and the class where it is of one
OF_CLASS = ("issued", "outstanding", "treasury")
OF_ALL = ("capital", "gross-votes", "held-votes", "net-votes")
_OF_HOLDER = ("double-votes-granted", "double-votes-ended", "registration-changed")
_RELATING = ("relationship-began", "relationship-ended")
_NONE = Fraction()

Numbers: TypeAlias = Mapping[Total, Fraction | None]  # of votes None where they are not told


class Change(NamedTuple):
    """The totals before and after an event; several events, or none, where no single one is known
    to have changed them. Those ``gone`` count no more from that day on."""

    day: str
    facts: tuple[Fact, ...]
    before: Numbers
    after: Numbers
    gone: tuple[Fact, ...] = ()

    @property
    def events(self) -> tuple[Fact, ...]:
        """All that is known to have changed them."""
        return (*self.facts, *self.gone)

    def of(self, total: Total) -> Fraction:
        """What it adds to a total; less than nothing, if it takes."""
        return (self.after.get(total) or _NONE) - (self.before.get(total) or _NONE)


def changes(
    view: View, issuer: str, members: Members, days: Collection[str] = ()
) -> Iterator[Change]:
    """Every change of a total up to the cut, in order; looked at also on some ``days``."""
    watched = Watched(view)
    walk = _Walk(watched, issuer, members)
    walk.go_on(BEGINNING)
    for trust in sorted(walk.trusts_named):
        watched.about(f"party:{trust}")
    facts = list(watched.seen.values())
    reach = {f.text("reach") for f in facts if f.type == "voting-rights-suspended"}
    beyond = not reach.isdisjoint(BEYOND)
    if beyond:
        facts += watched.every(_RELATING).certain
    stops = {day for day in stops_of(facts) | {*days} if BEGINNING < day <= view.cut.as_of}
    stops = {day for day in stops if day < FOREVER}
    if beyond or not may_be_walked(watched.seen.values()):
        yield from _each_day(view, issuer, members, sorted(stops))
        return
    yield from walk.taken()
    for day in sorted(stops):
        walk.go_on(day)
        yield from walk.taken()


def _each_day(view: View, issuer: str, members: Members, days: Sequence[str]) -> Iterator[Change]:
    """The changes of each day, found in the register as it is counted on that day."""
    numbers: Numbers = {}
    counted: dict[str, Fact] = {}
    for day in [BEGINNING, *days]:
        walk = _Walk(view.on(day), issuer, members, day)
        walk.go_on(day)
        now = {fact.key: fact for fact in walk.counted if fact.type not in CHECKS}
        own = {fact.key for change in walk.found for fact in change.facts}
        more = tuple(f for key, f in now.items() if key not in counted and key not in own)
        gone = tuple(f for key, f in counted.items() if key not in now)
        begun = Change(day, more, numbers, walk.began, gone)
        yield from (one for one in [begun, *walk.taken()] if one.before != one.after)
        numbers, counted = walk.numbers, now


class _Walk(RegisterWalk):
    """A walk that counts the totals after each event, from a day on."""

    def __init__(self, view: View, issuer: str, members: Members, first: str = "") -> None:
        self._first = first
        self._votes: Totals | None = None
        self._own: dict[str, Totals] = {}
        self._struck = True
        self._began: Numbers | None = None
        self.found: list[Change] = []
        self.numbers: Numbers = {}
        super().__init__(view, issuer, members)

    @property
    def began(self) -> Numbers:
        """The totals just before the first event that is counted."""
        return self.numbers if self._began is None else self._began

    def taken(self) -> list[Change]:
        """The changes found since they were taken last."""
        found, self.found = self.found, []
        return found

    def go_on(self, day: str) -> Sequence[Fact]:
        passed = super().go_on(day)
        if self._struck or self._began is None:  # whose votes are struck may depend on the day
            self._note(())
        return passed

    def _see(self, fact: Fact) -> None:
        counts = fact.type not in CHECKS and fact.order[0] >= self._first
        if counts and self._began is None:
            self.numbers = self._began = self._read(None) if self._first else {}
        super()._see(fact)
        if counts:
            self._note((fact,), _touched(self.issuer, fact))

    def _note(self, facts: tuple[Fact, ...], accounts: Collection[str] | None = None) -> None:
        before, self.numbers = self.numbers, self._read(accounts)
        if self._began is None:
            self._began = self.numbers if self._first else before
            before = self._began
        if before != self.numbers:
            self.found.append(Change(self.day, facts, before, self.numbers))

    def _read(self, accounts: Collection[str] | None) -> Numbers:
        """The totals, of which only some accounts are otherwise than they were, if they are
        given."""
        register, classes = self.register, self.classes
        found: dict[Total, Fraction | None] = {}
        for share_class in classes:
            found["issued", share_class] = register.issued(share_class)
            found["outstanding", share_class] = register.outstanding(share_class)
            found["treasury", share_class] = register.treasury(share_class)
        found["capital", None] = sum(map(register.issued, self.capital), _NONE)
        self._count(accounts)
        votes = self._votes or (None, None, None)
        return found | {(base, None): n for base, n in zip(OF_ALL[1:], votes, strict=True)}

    def _count(self, accounts: Collection[str] | None) -> None:
        rights = self.rights
        if rights.untold(self.classes):
            self._votes = None
            return
        struck = bool(rights.restrictions.in_order)
        if accounts is None or self._votes is None or struck or self._struck:
            ballots = ballots_of(self, rights, named=True)
            self._own = {account: Totals.of(ballot) for account, ballot in ballots.items()}
            self._votes = totals(ballots)
        else:
            ballots = ballots_of(self, rights, accounts)
            for account in accounts:
                ballot = ballots.get(account)
                now = Totals.of(ballot) if ballot else Totals()
                self._votes = self._votes.less(self._own.get(account, Totals())).more(now)
                self._own[account] = now
        self._struck = struck


def _touched(issuer: str, fact: Fact) -> set[str] | None:
    """The accounts whose votes alone an event can change; None where those of others may be."""
    if fact.type in _OF_HOLDER:
        return {account_of(f"{issuer}/", fact.need("holder"))}
    if fact.type not in SIGNS:
        return None
    return {account for account, _ in legs(fact.type, fact.data)}
