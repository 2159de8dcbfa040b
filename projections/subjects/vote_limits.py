"""Limits of votes: what caps leave to a holder, or to several accounts together.

A cap limits to a percentage of a base, in whole votes; the lowest of several binds. A percentage of
the votes cast is of those that are cast under the caps: with the votes R of all that such caps do
not bind, and percentages p of those that they bind, T = R / (1 - sum of p) votes are cast; where
these percentages make the whole or more, there is no such limit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    others = [limit for limit in limits if limit.base != "cast"]
    lowest: dict[frozenset[str], Limit] = {}
    for one in sorted((limits[n] for n in of_cast), key=lambda one: one.percent):
        lowest.setdefault(frozenset(one.accounts), one)
    among = frozenset[str]().union(*lowest)
    freely = usable({*ballots} - among, others, ballots)
    votes = {accounts: usable(accounts, others, ballots) for accounts in lowest}
    alone = sum(map(len, lowest)) == len(among)  # no account is under two of them
    if freely is None or None in votes.values() or not alone:
        return limits
    neutral = sum((ballot.neutral for ballot in ballots.values()), _NONE)
    cast = _cast(freely + neutral, [(one.percent, votes[a] or _NONE) for a, one in lowest.items()])
    return [
        limit._replace(absent=cast is None, votes=cast and Fraction(limit.percent * cast // 1))
        if limit.base == "cast"
        else limit
        for limit in limits
    ]


def _cast(rest: Fraction, capped: Sequence[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The votes that are cast, given those of all that no cap is of, and the percentage and the
    votes of each that one is of; None where the caps that bind make the whole or more."""
    bound: set[int] = set()
    while True:
        part = sum((capped[n][0] for n in bound), _NONE)
        if part >= 1:
            return None
        free = (votes for n, (_, votes) in enumerate(capped) if n not in bound)
        cast = (rest + sum(free, _NONE)) / (1 - part)
        more = {n for n, (percent, votes) in enumerate(capped) if votes > percent * cast}
        if more <= bound:
            return cast
        bound |= more


def usable(
    accounts: Collection[str], limits: Limits, ballots: Mapping[str, Ballot]
) -> Fraction | None:
    """The votes of some accounts that limits leave, neutral ones apart; None where limits are not
    known, or two reach some of the same accounts and neither all of the other's."""
    votes: dict[tuple[str, ...], Fraction] = {(a,): ballots[a].exercisable for a in accounts}
    for limit in sorted(limits, key=lambda one: len(one.accounts)):
        reached = [part for part in votes if not {*part}.isdisjoint(limit.accounts)]
        if not reached or limit.absent:
            continue
        together = tuple(account for part in reached for account in part)
        if limit.votes is None or {*together} != {*limit.accounts}:
            return None
        votes[together] = left(sum((votes.pop(part) for part in reached), _NONE), [limit])
    return sum(votes.values(), _NONE)
