"""Memberships: who became a member of a company and ceased to be one, by its register.

A member is an account of the register. Where the law takes no notice of trusts, the account of a
trust is its trustee's, and a change of trustee moves its shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import groupby, pairwise
from typing import NamedTuple

from ledger.model.across import written
from ledger.model.fact import Fact
from ledger.model.movements import BY_TYPE, takes_all
from ledger.model.posted import FoldKey, end_of
from ledger.model.register import TREASURY, Register, legs, named
from ledger.time.view import View
from projections.registers.document import Regime
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.trusts import Trust, trust_at
from projections.subjects.watcher import Watcher

_NONE = Fraction()


class Member(NamedTuple):
    """Whose name stands in the register for an account; None where the record does not tell it."""

    account: str
    party: str | None


class Change(NamedTuple):
    """What one event does to the shares of a class that a member has."""

    member: Member
    share_class: str
    fact: Fact
    before: Fraction
    after: Fraction
    other: Member | None = None  # from whom, or to whom

    @property
    def day(self) -> str:
        """The day at whose end it counts."""
        return self.fact.order[0]


class Membership(NamedTuple):
    """A member from the event that made it one to the event after which it held nothing."""

    member: Member
    begun: Fact
    ended: Fact | None


class _Balances(Watcher):
    """Notes what each movement does to every account that it touches."""

    types: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.changes: list[tuple[str, str, Fact, Fraction, Fraction]] = []
        self._stand: dict[str, dict[str, Fraction]] = defaultdict(dict)

    def see(self, fact: Fact, register: Register) -> None:
        """Take a movement that was just applied into account."""
        movement, share_class = BY_TYPE[fact.type], fact.need("share_class")
        into = fact.need("into_class") if movement.converts else share_class
        accounts: Iterable[str] = named(fact.type, fact.data)
        classes = written(fact) if movement.across else {share_class, into}
        if takes_all(fact.type, fact.data):
            accounts = [a for of in classes for a in {**self._stand[of], **register.held(of)}]
        for account in dict.fromkeys(accounts):
            for of in sorted(classes):
                before, after = self._stand[of].get(account, _NONE), register.shares(of, account)
                if before != after:
                    self._stand[of][account] = after
                    self.changes.append((account, of, fact, before, after))


class Walked:
    """A register of which every change is noted, and the memberships that they make."""

    def __init__(self, view: View, issuer: str, regime: Regime) -> None:
        self.view, self.issuer, self.regime = view, issuer, regime
        self._balances, self._kinds = _Balances(), dict[str, frozenset[str | None]]()

    @cached_property
    def at_cut(self) -> RegisterAtCut:
        """The register at the cut, each movement replayed."""
        found = RegisterAtCut(self.view, self.issuer, self._balances, whole=True, checking=False)
        return found.to_cut()

    def is_kind(self, party: str, kind: str) -> bool:
        """Whether a party is registered as one of a kind."""
        if party not in self._kinds:
            registered = self.view.about(f"new-party:{party}").certain
            self._kinds[party] = frozenset(fact.text("kind") for fact in registered)
        return kind in self._kinds[party]

    @property
    def register(self) -> Register:
        """The balances at the cut."""
        return self.at_cut.register

    @cached_property
    def _noted(self) -> list[tuple[str, str, Fact, Fraction, Fraction]]:
        _ = self.at_cut
        return self._balances.changes

    @cached_property
    def trusts(self) -> dict[str, Trust | None]:
        """The accounts that are those of trusts, with their terms as far as these are told."""
        found = dict(self.at_cut.trusts)
        for account in {noted[0] for noted in self._noted} - found.keys():
            if self.is_kind(account, "trust"):
                found[account] = trust_at(self.view, account)
        return found

    @cached_property
    def _trustees(self) -> dict[str, list[tuple[Fact, str]]]:
        return {name: [*_trustees(trust)] if trust else [] for name, trust in self.trusts.items()}

    @cached_property
    def changes(self) -> list[Change]:
        """What every event did to every member's shares, in the order of the fold."""
        found = [self._change(*noted) for noted in self._noted]
        found += self._handed_on(found) if self.regime == "uk" else []
        return sorted(found, key=lambda change: change.fact.order)

    @cached_property
    def memberships(self) -> list[Membership]:
        """The memberships that the changes make, in the order in which they began."""
        return list(_memberships(self.changes))

    @property
    def present(self) -> list[Membership]:
        """The memberships that go on at the cut, in the order in which they began."""
        return [one for one in self.memberships if one.ended is None]

    @property
    def former(self) -> list[Membership]:
        """The memberships that have ended."""
        return [one for one in self.memberships if one.ended is not None]

    def member(self, account: str, place: FoldKey) -> Member:
        """Whose name stood for an account at a moment of the fold."""
        if self.regime != "uk" or account not in self._trustees:
            return Member(account, account)
        trustees = self._trustees[account]
        before = [party for fact, party in trustees if fact.order <= place]
        first = trustees[0][1] if trustees else None
        return Member(account, before[-1] if before else first)

    def now(self, account: str) -> Member:
        """Whose name stands for an account at the cut."""
        return self.member(account, end_of(self.view.cut.as_of))

    def _change(
        self, account: str, share_class: str, fact: Fact, before: Fraction, after: Fraction
    ) -> Change:
        touched = [one for one, _ in legs(fact.type, fact.data)]
        other = next((one for one in touched if one != account), None)
        place = fact.order
        return Change(
            self.member(account, place), share_class, fact, before, after,
            None if other is None else self.member(other, place),
        )  # fmt: skip

    def _handed_on(self, changes: list[Change]) -> Iterator[Change]:
        """What passes from one trustee to the next with the office."""
        for trust, trustees in self._trustees.items():
            moved = [c for c in changes if c.member.account == trust]
            for (_, old), (fact, new) in pairwise(trustees):
                stand = {c.share_class: c.after for c in moved if c.fact.order < fact.order}
                leaving, coming = Member(trust, old), Member(trust, new)
                for share_class, shares in stand.items():
                    if shares:
                        yield Change(leaving, share_class, fact, shares, _NONE, coming)
                        yield Change(coming, share_class, fact, _NONE, shares, leaving)


def _trustees(trust: Trust) -> Iterator[tuple[Fact, str]]:
    """The trustees of a trust one after another, each with the event that made it one."""
    last = None
    for fact in trust.facts:
        trustee = ", ".join(fact.many("trustees"))
        if trustee and trustee != last:
            last = trustee
            yield fact, trustee


def _memberships(changes: Iterable[Change]) -> Iterator[Membership]:
    """The memberships made by changes, in the order in which they began: a member has shares of
    any class at the end of a day."""
    stand: dict[Member, dict[str, Fraction]] = defaultdict(dict)
    going_on: dict[Member, int] = {}
    found: list[Membership] = []
    for _, group in groupby(changes, key=lambda change: change.day):
        day = [change for change in group if change.member.account != TREASURY]
        gained: dict[Member, Fact] = {}
        for change in day:
            stand[change.member][change.share_class] = change.after
            if change.after > change.before:
                gained.setdefault(change.member, change.fact)
        for change in {c.member: c for c in day}.values():
            member, holds = change.member, any(n > 0 for n in stand[change.member].values())
            if holds and member not in going_on:
                going_on[member] = len(found)
                found.append(Membership(member, gained.get(member, change.fact), None))
            elif not holds and member in going_on:
                place = going_on.pop(member)
                found[place] = found[place]._replace(ended=change.fact)
    yield from found
