"""Coalitions of voters: who decides in how many of them, counted in whole numbers over all.

A coalition wins with at least ``quota`` votes. Coalitions that lose are counted by their members
and votes, player by player; what is left without one player is had by taking that one out again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, islice
from math import factorial
from typing import NamedTuple

MOST_STATES = 100_000  # of members and votes together, that a count keeps apart
MOST_WORK = 5_000_000  # states looked at while counting
MOST_LISTED = 50  # minimal winning coalitions
MOST_STEPS = 200_000  # in looking for them


class Power(NamedTuple):
    """In how many coalitions a player decides, its part of all such, and of all orders."""

    swings: int
    banzhaf: Fraction | None
    shapley: Fraction | None
    veto: bool


class Minimal(NamedTuple):
    """Winning coalitions that lose without any of their members, the smallest ones first: those
    that are listed, by the places of their members, and how many there are."""

    listed: list[tuple[int, ...]]
    total: int


class TooLarge(Exception):
    """There are too many coalitions to be told apart; ``counted`` players are not too many."""

    def __init__(self, counted: int) -> None:
        self.counted = counted


class Coalitions:
    """The coalitions of players with some votes each, in whole numbers, largest first.

    What is asked of them raises TooLarge.
    """

    def __init__(self, votes: Sequence[int], quota: int) -> None:
        self.votes, self.quota = list(votes), quota
        self._base = len(votes) + 1  # a state is votes * base + members

    @cached_property
    def counted(self) -> tuple[Mapping[int, int], int]:
        """How many coalitions there are of each state that loses, and how many minimal ones win."""
        found, end, work, minimal = {0: 1}, self.quota * self._base, 0, 0
        apart = len(set(self.votes))  # each of these is taken out once
        for place, votes in enumerate(self.votes):
            step, least = self._step(votes), (self.quota - votes) * self._base
            minimal += sum(count for state, count in found.items() if state >= least)
            work += len(found)
            for state, count in list(found.items()):
                if state + step < end:
                    found[state + step] = found.get(state + step, 0) + count
            if len(found) > MOST_STATES or work > MOST_WORK or len(found) * apart > MOST_WORK:
                raise TooLarge(place)
        return found, minimal

    def _step(self, votes: int) -> int:
        return votes * self._base + 1

    def powers(self) -> list[Power]:
        """The power of each player; without any where no coalition wins."""
        by_votes = {votes: self._power(votes) for votes in dict.fromkeys(self.votes)}
        every = sum(by_votes[votes][0] for votes in self.votes)
        left = sum(self.votes) - self.quota
        return [
            Power(
                swings,
                Fraction(swings, every) if every else None,
                Fraction(orders, factorial(len(self.votes))) if every else None,
                0 <= left < votes,
            )
            for votes in self.votes
            for swings, orders in (by_votes[votes],)
        ]

    def _power(self, votes: int) -> tuple[int, int]:
        """In how many coalitions, and in how many orders, a player with some votes decides."""
        least, members = (self.quota - votes) * self._base, [0] * len(self.votes)
        for state, count in self._without(votes).items():
            if state >= least:
                members[state % self._base] += count
        last = len(members) - 1
        orders = (n * factorial(k) * factorial(last - k) for k, n in enumerate(members) if n)
        return sum(members), sum(orders)

    def _without(self, votes: int) -> Mapping[int, int]:
        """The losing coalitions among all players but one with some votes."""
        found: dict[int, int] = {}
        step = self._step(votes)
        losing, _ = self.counted
        for state in sorted(losing):
            if count := losing[state] - found.get(state - step, 0):
                found[state] = count
        return found

    def minimal(self) -> Minimal:
        """The minimal winning coalitions; so many are listed as can soon be found."""
        sizes = range(1, len(self.votes) + 1)
        found = (one for size in sizes for one in self._of_size(size))
        listed = islice(found, MOST_STEPS)
        return Minimal([*islice(filter(None, listed), MOST_LISTED)], self.counted[1])

    def _of_size(self, size: int) -> Iterator[tuple[int, ...] | None]:
        """The minimal winning coalitions of so many members; None for each step between two.

        Members are taken from the largest on. So a coalition is minimal where it wins by its last.
        """
        votes, players = self.votes, len(self.votes)
        sums = [0, *accumulate(votes)]
        places, chosen, total = [iter(range(players - size + 1))], list[int](), 0
        while places:
            yield None
            place, wanted = next(places[-1], None), size - len(places)
            most = 0 if place is None else sums[place + 1 + wanted] - sums[place]
            if place is None or total + most < self.quota:  # nor do those that come after
                places.pop()
                total -= votes[chosen.pop()] if chosen else 0
            elif not wanted:
                yield (*chosen, place)
            elif total + votes[place] + sums[-2] - sums[-1 - wanted] < self.quota:
                chosen.append(place)
                total += votes[place]
                places.append(iter(range(place + 1, players - wanted + 1)))
