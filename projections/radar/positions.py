"""What every account of a register has at the end of each day on which anything changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple, Self

from ledger.model.fact import Fact
from ledger.model.lots import Part
from ledger.model.movements import MOVEMENTS, TRANSFERS
from ledger.model.posted import end_of
from ledger.model.register import TREASURY, Pair, legs
from ledger.model.share_rights import CARRYING
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.control.members import members
from projections.control.network import Company
from projections.radar.attribution import TYPES as RELATIONS
from projections.radar.attribution import (
    Attribution,
    Controls,
    Counted,
    behind,
    controlled,
    related,
)
from projections.radar.laws import Laws, laws_of
from projections.radar.published import Published, Total
from projections.radar.rule import VOTES
from projections.subjects.ballots import Ballot, ballots_of, can_be_counted, counting, totals
from projections.subjects.bases import InIssue, Totals, votes_of
from projections.subjects.register_at_cut import CHECKS, RegisterAtCut, register_at_cut
from projections.subjects.register_walk import RegisterWalk, Watched, may_be_walked, stops_of
from projections.subjects.rights_on import RightOn, followed, portions
from projections.subjects.share_rights import in_force, watch
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.voting_rights import Rights

_NONE = Fraction()


class Base(NamedTuple):
    """What a percentage is of: a name of ``rule.BASES``, and the class where it is of one."""

    name: str
    share_class: str | None = None


class Portion(NamedTuple):
    """What a right in shares is on: so many shares of its class, and their votes."""

    shares: Fraction
    votes: Fraction


@dataclass
class Position:
    """The shares and votes of each account at the end of a day, and all of them.

    The ``holders`` are those whose percentages are looked at: no trusts, whose shares are counted
    for those behind them, and no shareholders who are counted together.

    ``votes`` leaves out those of treasury shares, and ``totals`` is None where the votes of a class
    are not told.
    """

    day: str
    shares: dict[Pair, Fraction] = field(default_factory=dict)
    votes: dict[str, Ballot] = field(default_factory=dict)
    totals: Totals | None = field(default_factory=Totals)
    in_issue: InIssue = field(default_factory=InIssue)
    published: Mapping[str, Total] = field(default_factory=dict)
    holders: frozenset[str] = frozenset()
    portions: Mapping[RightOn, Portion] = field(default_factory=dict)

    def number(self, base: Base, accounts: Mapping[str, Counted]) -> Fraction:
        """What some accounts, each with what of it counts, together have of a base."""
        return sum((self.counted(base, *one) for one in accounts.items()), _NONE)

    def counted(self, base: Base, account: str, counted: Counted) -> Fraction:
        """What counts of one account; never more than it has."""
        has = self.of(base, account)
        by_rights = (self.by_right(base, right) * part for right, part in counted.rights)
        return (
            min(has, has * counted.part + sum(by_rights, _NONE))
            if counted.rights
            else (has * counted.part)
        )

    def by_right(self, base: Base, right: RightOn) -> Fraction:
        """What a right in shares is on of a base."""
        shares, votes = self.portions.get(right, (_NONE, _NONE))
        if base.name in VOTES:
            return votes
        if base.share_class is not None:
            return shares if right.share_class == base.share_class else _NONE
        among, of = self.in_issue.capital, right.share_class
        has = self.in_issue.part(base.name, among, lambda c: shares if c == of else _NONE)
        return _NONE if has is None else has

    def of(self, base: Base, account: str) -> Fraction:
        """What one account has of a base."""
        if base.name in VOTES:
            return votes_of(base.name, self.votes.get(account))
        if base.share_class is not None:
            return self.shares.get((base.share_class, account), _NONE)
        among = self.in_issue.capital
        has = self.in_issue.part(base.name, among, lambda c: self.shares.get((c, account), _NONE))
        return _NONE if has is None else has

    def large(self, base: Base, least: int) -> set[str]:
        """The accounts that have at least so much of a base, and perhaps some that have less."""
        if base.name not in VOTES:
            several = len(self.in_issue.capital) > 1 and base.share_class is None
            return {a for (_, a), held in self.shares.items() if several or held >= least}
        return {a for a, ballot in self.votes.items() if ballot.held >= least}

    def whole(self, base: Base) -> Total | None:
        """All of a base; None where it is not known, or nothing."""
        if base.share_class in self.published:
            return self.published[base.share_class or ""]
        if base.name in VOTES:
            number = None if self.totals is None else self.totals.whole(base.name)
        elif base.share_class is not None:
            number = self.in_issue.whole("outstanding", [base.share_class])
        else:
            number = self.in_issue.whole(base.name, self.in_issue.capital)
        return Total(number) if number and number > 0 else None


class Step(NamedTuple):
    """A day on which something changed: what was before and is after, whose accounts moved (None:
    anyone's may have), whose shares count as whose, and the events."""

    before: Position
    after: Position
    moved: frozenset[str] | None
    attribution: Attribution
    attribution_before: Attribution
    facts: Sequence[Fact]
    opens: bool  # a register, so that nothing tells what was before


class Positions:
    """The register of an issuer from day to day, with the law it is under."""

    days: Sequence[str]
    controls: Controls
    trusts: Sequence[str]
    laws: Laws
    published: Published

    def __init__(self, view: View, issuer: str) -> None:
        self.view, self.issuer = view, issuer
        self._watched = Watched(view)
        self.seen: Mapping[int, Fact] = self._watched.seen
        self._several: dict[str, bool] = {}

    @classmethod
    def of(cls, view: View, issuer: str, controls: Controls | None = None) -> Self:
        """Those of an issuer, when all that they are made of was looked at; ``controls`` where who
        controls its holders was looked at before."""
        positions = cls(view, issuer)
        positions._look()
        if controls is None:
            controls = controlled(view, positions._companies())
        positions.controls = controls
        ends = {day for one in controls.found for day in (one.since, one.until) if day}
        positions._related_days |= ends
        positions.days = sorted({*positions.days, *(d for d in ends if d <= view.cut.as_of)})
        return positions

    def _companies(self) -> list[str]:
        """The holders that are companies whose own shares are on record."""
        moved = (f for f in self.seen.values() if f.type in MOVEMENTS)
        accounts = {a for f in moved for a, _ in legs(f.type, f.data)} - {TREASURY, self.issuer}
        return sorted(one for one in accounts if Company(self.view, one).is_issuer)

    def _look(self) -> None:
        self._begin()
        self.trusts = sorted(self._at_cut.trusts_named)
        for trust in self.trusts:
            self._watched.about(f"party:{trust}", types=TRUSTS)
        for source in self._watched.across.sources(self.issuer):
            self._watched.about(f"issuer:{source}", types=MOVEMENTS)
        self._relating = self._relations()
        self._in_shares = watch(self._watched, self.issuer)
        self.laws = laws_of(self.view, self.issuer)
        self.published = Published(self.view, self.issuer)
        facts = self.seen.values()
        self._walked = may_be_walked(facts)
        self._related_days = stops_of(self._relating)
        carrying = [fact for fact in facts if fact.type in CARRYING] if self._in_shares else []
        self._rights_days = stops_of([*self._in_shares, *carrying])
        found = stops_of(facts) | self._related_days | self.published.days
        last = self.view.cut.as_of
        self.days = sorted(day for day in found if BEGINNING < day <= last and day < FOREVER)

    def _begin(self) -> None:
        self._at_cut = RegisterWalk(self._watched, self.issuer, members)
        self._at_cut.go_on(BEGINNING)

    def _relations(self) -> list[Fact]:
        history = self._watched.history
        known = [name for name in RELATIONS if history.knows(f"type:{name}")]
        found = self._watched.every(known) if known else None
        return [*found.certain, *found.absent] if found else []

    def steps(self) -> Iterator[Step]:
        """Every day on which anything changes, in order."""
        self._begin()
        before = Position(BEGINNING)
        attribution = Attribution(self.issuer, {}, [])
        relations, by_day = related(self.view.on(BEGINNING)), self._by_day()
        trusts: Mapping[str, object] = {}
        rows, on = in_force(self.view.on(BEGINNING), self.issuer), list[RightOn]()
        for day in self.days:
            at_cut, rights, pairs = self._at(day)
            if day in self._related_days:
                relations = related(self.view.on(day))
            if day in self._rights_days:
                rows = in_force(self.view.on(day), self.issuer)
            attributed, before_on = attribution, on
            on = followed(rows, at_cut.register.shares) if rows else []
            if at_cut.trusts != trusts or day in self._related_days or on != before_on:
                if at_cut.trusts != trusts:
                    pairs = None
                trusts = at_cut.trusts
                controls = [one for one in self.controls.found if one.is_on(day)]
                attributed = Attribution(self.issuer, at_cut.trusts, relations, controls, on)
            after = self._read(day, at_cut, rights, before, pairs)
            after.portions = portions_of(at_cut, rights, on)
            facts = by_day.get(day, [])
            opens = any(fact.type == "register-opened" for fact in facts)
            same = pairs is not None and attributed is attribution
            moved = frozenset(account for _, account in pairs or ()) if same else None
            yield Step(before, after, moved, attributed, attribution, facts, opens)
            before, attribution = after, attributed

    def _by_day(self) -> Mapping[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in [*self.seen.values(), *self._relating]:
            if fact.effective is not None and not fact.repeats and fact.type not in CHECKS:
                found.setdefault(fact.effective.last, []).append(fact)
        for facts in found.values():
            facts.sort(key=lambda fact: fact.order)
        return found

    def _at(self, day: str) -> tuple[RegisterAtCut, Rights, Collection[Pair] | None]:
        """The register and the rights at the end of a day; the accounts that moved, where no others
        can be otherwise."""
        if not self._walked:
            view = self.view.on(day)
            rights = Rights(view, members)
            return register_at_cut(view, self.issuer, rights, checking=False), rights, None
        passed = self._at_cut.go_on(day)
        self._at_cut.register.advance(end_of(day))
        return self._at_cut, self._at_cut.rights, _hands(passed)

    def _read(
        self,
        day: str,
        at_cut: RegisterAtCut,
        rights: Rights,
        before: Position,
        pairs: Collection[Pair] | None,
    ) -> Position:
        published = self.published.on(day)
        pools = at_cut.asserted and any(self._counts_several(a) for _, a in pairs or ())
        same = not pools and not rights.restrictions.in_order
        if pairs is not None and before.totals is not None and same:
            after = _changed(day, at_cut, rights, before, pairs)
        else:
            after = read_position(day, at_cut, rights)
        after.published = published
        if after.shares is before.shares and pairs is not None:
            after.holders = before.holders
        else:
            accounts = {account for _, account in after.shares}
            trusts = {name for name, trust in at_cut.trusts.items() if trust and behind(trust)}
            after.holders = frozenset(
                a for a in accounts - trusts if a and not self._counts_several(a)
            )
        return after

    def _counts_several(self, account: str) -> bool:
        """Whether an account is of shareholders who are counted together."""
        if account not in self._several:
            registered = self.view.about(f"new-party:{account}").certain
            self._several[account] = any(fact.text("kind") == "other" for fact in registered)
        return self._several[account]


def _hands(passed: Sequence[Fact]) -> set[Pair] | None:
    """The accounts between which some movements moved shares, or that were issued some; None where
    anything else may have changed."""
    found: set[Pair] = set()
    for fact in passed:
        if fact.type in CHECKS and "total" not in fact.data:
            continue
        if fact.type not in (*TRANSFERS, "shares-issued"):
            return None
        found.update(
            (fact.need("share_class"), account) for account, _ in legs(fact.type, fact.data)
        )
    return found


def portions_of(
    at_cut: RegisterAtCut, rights: Rights, on: Sequence[RightOn]
) -> dict[RightOn, Portion]:
    """What some rights in shares are on, at a position."""

    def parts(pair: Pair) -> Sequence[Part]:
        return rights.parts(pair, at_cut.register.shares(*pair))

    found = portions(on, parts) if on else {}
    return {
        one: Portion(
            sum((part.shares for part in of), _NONE), rights.votes(one.share_class, counting(of))
        )
        for one, of in found.items()
    }


def read_position(day: str, at_cut: RegisterAtCut, rights: Rights) -> Position:
    """A position read anew."""
    register, classes = at_cut.register, at_cut.classes
    shares = {
        (c, account): held for c in classes for account, held in register.held(c).items() if held
    }
    counted = ballots_of(at_cut, rights) if can_be_counted(at_cut, rights) else None
    votes = {a: ballot for a, ballot in (counted or {}).items() if a != TREASURY}
    every = None if counted is None else totals(counted)
    return Position(day, shares, votes, every, InIssue.at(at_cut, rights.terms))


def _changed(
    day: str, at_cut: RegisterAtCut, rights: Rights, before: Position, pairs: Collection[Pair]
) -> Position:
    """A position in which some accounts alone have others' shares."""
    after = Position(day, before.shares, before.votes, before.totals, before.in_issue)
    if not pairs or before.totals is None:
        return after
    if any(account == TREASURY or c not in before.in_issue.issued for c, account in pairs):
        return read_position(day, at_cut, rights)
    after.shares, after.votes = dict(before.shares), dict(before.votes)
    for share_class, account in pairs:
        held, had = at_cut.register.shares(share_class, account), before.shares
        if more := held - had.get((share_class, account), _NONE):
            after.in_issue = after.in_issue.more(share_class, more)
        if held:
            after.shares[share_class, account] = held
        else:
            after.shares.pop((share_class, account), None)
    touched = {account for _, account in pairs}
    gone = {a: ballot for a in touched if (ballot := after.votes.pop(a, None)) is not None}
    fresh = ballots_of(at_cut, rights, touched)
    after.totals = before.totals.less(totals(gone)).more(totals(fresh))
    after.votes |= fresh
    return after
