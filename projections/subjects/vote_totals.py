"""All votes of a position without a ballot for each account: most are told by their shares."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import cached_property

from ledger.model.register import TREASURY
from projections.subjects.ballots import (
    Ballot,
    ballots,
    ballots_of,
    reached,
    totals,
)
from projections.subjects.bases import Totals
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.remainder import rest_of
from projections.subjects.voting_rights import Rights


class Votes:
    """The votes of a position: all of them, and those on accounts that are asked for."""

    def __init__(
        self, at_cut: RegisterAtCut, rights: Rights, found: Mapping[str, Ballot] | None = None
    ) -> None:
        self._at_cut, self._rights, self._given = at_cut, rights, found
        self._few: dict[str, Ballot] = {}

    @cached_property
    def totals(self) -> Totals:
        """All of them, where the votes of each class are told."""
        if self._each is not None:
            return totals(self._each)
        register, found = self._at_cut.register, totals(self._ballots(self._apart))
        for share_class in filter(self._rights.has_votes, self._at_cut.classes):
            apart = (register.shares(share_class, one) for one in self._apart)
            others = register.issued(share_class) - sum(apart, Fraction())
            votes = self._rights.votes(share_class, others)
            found = found.more(Totals(votes, votes, votes))
        return found

    def of(self, account: str) -> Ballot | None:
        """The votes on an account; None where it has no shares that carry votes."""
        if self._each is not None:
            return self._each.get(account)
        if account not in self._few:
            found = self._ballots({*self._apart, account})
            self._few[account] = found.get(account) or Ballot()
        return self._few[account]

    def _ballots(self, accounts: Collection[str]) -> Mapping[str, Ballot]:
        return ballots_of(self._at_cut, self._rights, accounts)

    @cached_property
    def _each(self) -> Mapping[str, Ballot] | None:
        """A ballot for each account; None where the shares of most tell their votes."""
        at_cut, rights = self._at_cut, self._rights
        if self._given is not None:
            return self._given
        uneven = any(map(rights.terms.rounds, at_cut.classes)) or rights.untold(at_cut.classes)
        in_part = at_cut.asserted or any(rest_of(at_cut, one) for one in at_cut.classes)
        return ballots(at_cut, rights) if uneven or in_part else None

    @cached_property
    def _apart(self) -> frozenset[str]:
        """The accounts on whose votes more bears than their shares."""
        rights, found = self._rights, {TREASURY}
        found.update(account for _, account in rights.lots.pairs())
        found.update(rights.fallen)
        for one in rights.restrictions.in_order:
            found.update(reached(self._at_cut, rights, one.by.text("reach"), one.holder))
        return frozenset(found)
