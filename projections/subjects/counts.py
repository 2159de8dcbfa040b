"""Counts: what bases rest on beside the balances of a register, on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ledger.model.register import account_of
from projections.subjects import bases
from projections.subjects.authorised import authorised_shares, authorised_total
from projections.subjects.ballots import Ballot, Totals, ballots, totals
from projections.subjects.diluted import diluted
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.voting_rights import Rights


@dataclass
class Count:
    """The votes in an issuer at a cut, by account and in all; its diluted and authorised shares."""

    at_cut: RegisterAtCut
    ballots: Mapping[str, Ballot]
    totals: Totals

    @cached_property
    def diluted(self) -> Mapping[str | None, Fraction]:
        """Fully diluted shares by account, under None all that are somebody's; empty where they are
        not known."""
        rows = diluted(self.at_cut.view, self.at_cut.issuer).rows
        if any(row["unknown"] or row["diluted"] is None for row in rows):
            return {}
        found = dict[str | None, Fraction]()
        for row in rows:  # the total comes last, after that without pools where there are any
            if row["kind"] == "holder" and row["holder"] is not None:
                account = account_of(f"{self.at_cut.issuer}/", row["holder"])
                found[account] = Fraction(row["diluted"] or 0)
            elif row["kind"].startswith("total"):
                found.setdefault(None, Fraction(row["diluted"] or 0))
        return found

    def authorised(self, classes: Sequence[str]) -> Fraction | None:
        """The shares authorised of classes, or of the issuer where that is told of all."""
        view = self.at_cut.view
        each = [next(authorised_shares(view, one), None) for one in classes]
        if all(each):
            return sum((Fraction(one) for one in each if one), Fraction())
        of_all = set(self.at_cut.capital) <= set(classes)
        total = authorised_total(view, self.at_cut.issuer) if of_all else None
        return None if total is None else Fraction(total)

    def has(self, base: str, holder: str, interest: str, classes: Sequence[str] = ()) -> Fraction:
        """What a holder has of a base."""
        found = bases.part(self.at_cut, base, classes, holder, interest, self)
        return Fraction() if found is None else found

    def all_of(self, base: str, classes: Sequence[str] = ()) -> Fraction | None:
        """The whole of a base; None where it is not known."""
        return bases.whole(self.at_cut, base, classes, self)


def count_on(at_cut: RegisterAtCut, day: str, members: Members) -> Count:
    """What is counted on a day of a cut; no votes where votes per share are not told."""
    that_day = at_cut.view.on(day)
    rights = Rights(that_day, members)
    seen = register_at_cut(that_day, at_cut.issuer, rights)
    found = ballots(seen, rights)
    return Count(seen, found, totals(found))
