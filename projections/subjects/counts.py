"""Counts: every base of an issuer on a day, and what each account has of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from ledger.model.register import account_of
from projections.subjects.authorised import authorised_shares, authorised_total
from projections.subjects.ballots import Ballot, ballots, can_be_counted
from projections.subjects.bases import OF_VOTES, InIssue, Totals, votes_of
from projections.subjects.diluted import diluted
from projections.subjects.reaching import Members
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.vote_totals import Votes
from projections.subjects.voting_rights import Rights

_NONE = Fraction()


class Count:
    """The shares and votes in an issuer at a cut, by account and in all; what rights to shares and
    authorities tell beside them. Without ``found`` ballots they are counted when they are asked
    for."""

    def __init__(
        self, at_cut: RegisterAtCut, rights: Rights, found: Mapping[str, Ballot] | None = None
    ) -> None:
        self.at_cut, self.rights, self._given = at_cut, rights, found

    @cached_property
    def in_issue(self) -> InIssue:
        """The shares in issue."""
        return InIssue.at(self.at_cut, self.rights.terms)

    @cached_property
    def ballots(self) -> Mapping[str, Ballot]:
        """The votes by account; empty where those of a class are not told."""
        return ballots(self.at_cut, self.rights) if self._given is None else self._given

    @cached_property
    def _votes(self) -> Votes:
        return Votes(self.at_cut, self.rights, self._given)

    @cached_property
    def totals(self) -> Totals | None:
        """All votes; None where they cannot be counted."""
        return self._votes.totals if can_be_counted(self.at_cut, self.rights) else None

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
            return sum((Fraction(one) for one in each if one), _NONE)
        of_all = set(self.at_cut.capital) <= set(classes)
        total = authorised_total(view, self.at_cut.issuer) if of_all else None
        return None if total is None else Fraction(total)

    def whole(self, base: str, classes: Sequence[str] = ()) -> Fraction | None:
        """All of a base, of classes where it is of some; None where the record does not tell it."""
        if base in OF_VOTES:
            return None if self.totals is None else self.totals.whole(base)
        match base:
            case "diluted":
                return self.diluted.get(None)
            case "authorised":
                return self.authorised(classes)
            case _:
                return self.in_issue.whole(base, classes)

    def part(
        self, base: str, parts: Mapping[str, Fraction], classes: Sequence[str] = ()
    ) -> Fraction | None:
        """What accounts, each with the part that counts, together have of a base."""
        each = [self.of(base, account, classes) for account in parts]
        known = [has for has in each if has is not None]
        if len(known) < len(each):
            return None
        return sum((has * part for has, part in zip(known, parts.values(), strict=True)), _NONE)

    def worth(self, base: str, share_class: str, shares: Fraction) -> Fraction | None:
        """What some shares of a class are of a base, by themselves."""
        if base in OF_VOTES:
            return None if self.totals is None else self.rights.votes(share_class, shares)
        if base == "capital-par":
            par = (self.in_issue.pars or {}).get(share_class)
            return None if par is None else par * shares
        return shares

    def of(self, base: str, account: str, classes: Sequence[str] = ()) -> Fraction | None:
        """What an account has of a base; None where the record does not tell it."""
        if base in OF_VOTES:
            return None if self.totals is None else votes_of(base, self._votes.of(account))
        if base == "diluted":
            return self.diluted.get(account, _NONE) if self.diluted else None
        held = self.at_cut.register.shares
        return self.in_issue.part(base, classes, lambda c: held(c, account))


def count_on(at_cut: RegisterAtCut, day: str, members: Members) -> Count:
    """What is counted on a day of a cut."""
    that_day = at_cut.view.on(day)
    rights = Rights(that_day, members)
    return Count(register_at_cut(that_day, at_cut.issuer, rights), rights)
