"""Limits of votes: what caps leave to a holder, or to several accounts together.

A cap limits to a percentage of a base, in whole votes; the lowest of several binds. A percentage of
the votes cast is of those that are cast under the caps: with the votes R of all that such caps do
not bind, and percentages p of those that they bind, T = R / (1 - sum of p) votes are cast; where
these percentages make the whole or more, there is no such limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.register import TREASURY
from ledger.model.restrictions import EVERY
from projections.subjects.ballots import Ballot, reached
from projections.subjects.bases import classes_of
from projections.subjects.counts import Count
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.remainder import NOT_KNOWN
from projections.subjects.voting_rights import Rights

_NONE = Fraction()


class Limit(NamedTuple):
    """The most votes that a cap leaves to some accounts together; None where it is not known, or
    where there is no such limit (``absent``)."""

    cap: Fact
    accounts: tuple[str, ...]
    votes: Fraction | None
    absent: bool = False

    @property
    def unknown(self) -> bool:
        """Whether it may limit, and nobody can say to how many votes."""
        return self.votes is None and not self.absent

    @property
    def percent(self) -> Fraction:
        return Fraction(self.cap.percent() or 0) / 100

    @property
    def base(self) -> str:
        """What the percentage is of; unsaid, of the votes that can be cast."""
        return self.cap.text("base") or "net-votes"


Limits = Sequence[Limit]


def limits_of(at_cut: RegisterAtCut, rights: Rights, ballots: Mapping[str, Ballot]) -> list[Limit]:
    """The limit of every cap in force whose accounts have any votes."""
    found, count = [], Count(at_cut, rights, ballots)
    for cap, accounts in _capped(at_cut, rights, ballots):
        if present := tuple(account for account in accounts if account in ballots):
            limit = Limit(cap, present, None)
            found.append(limit._replace(votes=_votes(count, limit)))
    return _of_cast(found, ballots)


def binding(limits: Iterable[Limit]) -> list[Limit]:
    """Those of some limits that are the lowest: all, where several are equal."""
    known = [limit for limit in limits if limit.votes is not None]
    least = min((limit.votes for limit in known if limit.votes is not None), default=None)
    return [limit for limit in known if limit.votes == least]


def left(votes: Fraction, limits: Iterable[Limit]) -> Fraction:
    """What limits leave of some votes."""
    return min([votes, *(limit.votes for limit in limits if limit.votes is not None)])


def _capped(
    at_cut: RegisterAtCut, rights: Rights, ballots: Mapping[str, Ballot]
) -> Iterator[tuple[Fact, list[str]]]:
    """Each cap with the accounts that it is of; one of every holder, with those of each."""
    for (holder, _), cap in rights.restrictions.caps.items():
        if holder != EVERY:
            yield cap, _accounts(at_cut, rights, cap, holder)
            continue
        each = [
            _accounts(at_cut, rights, cap, account)
            for account in ballots
            if account not in (TREASURY, NOT_KNOWN)
        ]
        together = {account for accounts in each for account in accounts[1:]}
        yield from ((cap, accounts) for accounts in each if accounts[0] not in together)


def _accounts(at_cut: RegisterAtCut, rights: Rights, cap: Fact, holder: str) -> list[str]:
    """The accounts that a cap is of, the holder's own first."""
    reach = cap.text("reach") or "instructed"
    found = reached(at_cut, rights, reach, holder)
    for member in cap.data.get("members", ()):
        found += reached(at_cut, rights, reach, member)
    return list(dict.fromkeys(found))


def _votes(count: Count, limit: Limit) -> Fraction | None:
    """How many votes a percentage of a base is; one of par values of several is no number."""
    pars = count.in_issue.pars or {}
    base = "capital" if limit.base == "capital-par" and len({*pars.values()}) == 1 else limit.base
    if base == "capital-par":
        return None
    found = count.whole(base, classes_of(count.at_cut, None))
    return None if found is None else Fraction(found * limit.percent // 1)


def _of_cast(limits: list[Limit], ballots: Mapping[str, Ballot]) -> list[Limit]:
    """The same, those of the votes cast worked out from what all others leave."""
    of_cast = [n for n, limit in enumerate(limits) if limit.base == "cast"]
    if not of_cast:
        return limits
    votes = {n: _together(limits[n], limits, ballots) for n in of_cast}
    among = {account for n in of_cast for account in limits[n].accounts}
    rest = _others(limits, ballots, among)
    bound: set[int] = set()
    while True:
        part = sum((limits[n].percent for n in bound), _NONE)
        if part >= 1:
            return [one._replace(absent=one.base == "cast") for one in limits]
        cast = (rest + sum((votes[n] for n in of_cast if n not in bound), _NONE)) / (1 - part)
        more = {n for n in of_cast if votes[n] > limits[n].percent * cast}
        if more <= bound:
            break
        bound |= more
    return [
        limit._replace(votes=Fraction(limit.percent * cast // 1)) if n in votes else limit
        for n, limit in enumerate(limits)
    ]


def _together(limit: Limit, limits: Limits, ballots: Mapping[str, Ballot]) -> Fraction:
    """The votes of the accounts of a limit under all other caps on just these."""
    own = [other for other in limits if set(other.accounts) == set(limit.accounts)]
    return left(sum((ballots[a].exercisable for a in limit.accounts), _NONE), own)


def _others(limits: Limits, ballots: Mapping[str, Ballot], among: set[str]) -> Fraction:
    """The votes of all accounts that are not among some, under their own caps."""
    found = _NONE
    for account, ballot in ballots.items():
        if account not in among:
            own = [limit for limit in limits if limit.accounts == (account,)]
            found += left(ballot.exercisable + ballot.neutral, own)
    return found
