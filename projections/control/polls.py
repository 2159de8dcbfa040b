"""Control among all parties at once, where it follows from votes alone, on plain numbers.

In most companies one party alone casts the votes of each account, and their number is known. What a
party controls then follows from sums: a company whose votes its set casts more than half of joins
the set. Where more than votes decides, a party is left to ``kernel.Control``, by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple, Self

Number = int | Fraction
Held = Mapping[str, Number]
_NOTHING: Held = MappingProxyType({})


class Poll(NamedTuple):
    """The votes that can be cast in a company: how many, and how many each party casts."""

    base: Number
    votes: Held


class Polls:
    """The polls of many companies, of which each can be changed by itself.

    ``others`` are the parties of which more than votes decides: what they control, and who controls
    them, is not worked out here.
    """

    def __init__(self, others: Iterable[str] = ()) -> None:
        self._polls: dict[str, Poll] = {}
        self._cast: dict[str, dict[str, Number]] = {}
        self.others = frozenset(others)

    @classmethod
    def of(cls, polls: Iterable[tuple[str, Poll]], others: Iterable[str] = ()) -> Self:
        """Those of some companies."""
        made = cls(others)
        for company, poll in polls:
            made._enter(company, poll)
        return made

    def __contains__(self, company: object) -> bool:
        return company in self._polls

    def __getitem__(self, company: str) -> Poll:
        return self._polls[company]

    def __iter__(self) -> Iterator[str]:
        return iter(self._polls)

    def __len__(self) -> int:
        return len(self._polls)

    @property
    def voters(self) -> Iterable[str]:
        """Who casts any votes."""
        return self._cast.keys()

    def cast_by(self, party: str) -> Held:
        """The votes that a party casts, by company."""
        return self._cast.get(party, _NOTHING)

    def _enter(self, company: str, poll: Poll) -> None:
        self._polls[company] = poll
        for voter, votes in poll.votes.items():
            if voter in self._cast:
                self._cast[voter][company] = votes
            else:
                self._cast[voter] = {company: votes}

    def change(self, company: str, poll: Poll) -> None:
        """Put another poll in the place of a company's."""
        before = self._polls.pop(company, None)
        for voter in before.votes if before else ():
            del self._cast[voter][company]
        self._enter(company, poll)

    def controlled(self, party: str) -> Held | None:
        """The companies that a party controls, in the order in which they join, each with the votes
        that the set casts in it; None where more than votes decides."""
        polls, others, cast = self._polls, self.others, self._cast
        votes: dict[str, Number] = {}
        joined, members = [party], {party}
        for member in joined:
            if member in others:
                return None
            for company, number in cast.get(member, _NOTHING).items():
                total = votes[company] = votes[company] + number if company in votes else number
                if company in members:
                    continue
                if company in others:
                    return None
                if 2 * total > polls[company].base:
                    members.add(company)
                    joined.append(company)
        return {company: votes[company] for company in joined[1:]}
