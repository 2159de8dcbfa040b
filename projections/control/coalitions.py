"""Coalitions of voters: who decides in how many of them, counted in whole numbers over all.

A coalition wins with at least ``quota`` votes. Coalitions that lose are counted by their members
and votes, player by player; what is left without one player is had by taking that one out again.
Of few players whose votes make too many sums for that, the coalitions of one half are held against
those of the other.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, islice
from math import factorial
from typing import NamedTuple

MOST_STATES = 100_000  # of members and votes together, that a count keeps apart
FEW_STATES = 10_000  # the same, of players few enough to be halved
MOST_WORK = 5_000_000  # states looked at while counting
MOST_HALVED = 28  # players, of any votes, whose halves are held against each other
MOST_LISTED = 50  # minimal winning coalitions
MOST_STEPS = 200_000  # in looking for them
_CIRCLE = 7  # remainders for each state that is allowed, when it is told whether they are too many


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

    @property
    def counted(self) -> tuple[Mapping[int, int], int]:
        """How many coalitions there are of each state that loses, and how many minimal ones win."""
        if isinstance(self._states, TooLarge):
            raise self._states
        return self._states

    @cached_property
    def _states(self) -> tuple[Mapping[int, int], int] | TooLarge:
        """What is counted, or why it is not: both are worked out once."""
        found, work, minimal = {0: 1}, 0, 0
        apart = len(set(self.votes))  # each of these is taken out once
        most = FEW_STATES if len(self.votes) <= MOST_HALVED else MOST_STATES
        if self._surely_more(most):
            return TooLarge(MOST_HALVED)
        for place, votes in enumerate(self.votes):
            step, least = self._step(votes), (self.quota - votes) * self._base
            work += len(found)
            for state, count in list(found.items()):
                if state < least:
                    found[state + step] = found.get(state + step, 0) + count
                else:
                    minimal += count
            if len(found) > most or work > MOST_WORK or len(found) * apart > MOST_WORK:
                return TooLarge(max(place, MOST_HALVED))
        return found, minimal

    def _surely_more(self, most: int) -> bool:
        """Whether so few players as can be halved surely make more states that lose.

        All coalitions of players who lose together lose. Their states, or as many of them as leave
        different remainders, are the bits of one number; a player shifts them around a circle.
        """
        bits, left, circle = 1, self.quota - 1, _CIRCLE * most + 1
        whole = (1 << circle) - 1
        for votes in reversed(self.votes[: MOST_HALVED + 1]):
            left -= votes
            if left < 0:
                return False
            shift = self._step(votes) % circle
            bits |= (bits << shift & whole) | bits >> circle - shift
            if bits.bit_count() > most:
                return True
        return False

    @property
    def _by_halves(self) -> bool:
        """Whether states are too many, and players few enough to be halved."""
        return len(self.votes) <= MOST_HALVED and isinstance(self._states, TooLarge)

    def check(self) -> None:
        """Raises TooLarge where nothing can be counted."""
        if len(self.votes) > MOST_HALVED:
            _ = self.counted

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
        members = self._turned(votes)
        last = len(self.votes) - 1
        orders = (n * factorial(k) * factorial(last - k) for k, n in enumerate(members) if n)
        return sum(members), sum(orders)

    def _turned(self, votes: int) -> list[int]:
        """By their members: the coalitions that lose, and win with a player with some votes."""
        if self._by_halves:
            others = list(self.votes)
            others.remove(votes)
            return _within(others, self.quota - votes, self.quota)
        least, members = (self.quota - votes) * self._base, [0] * len(self.votes)
        for state, count in self._without(votes).items():
            if state >= least:
                members[state % self._base] += count
        return members

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
        return Minimal([*islice(filter(None, listed), MOST_LISTED)], self._minimal)

    @property
    def _minimal(self) -> int:
        """How many there are: of each, all but its smallest member lose."""
        if not self._by_halves:
            return self.counted[1]
        return sum(
            sum(_within(self.votes[:place], self.quota - votes, self.quota))
            for place, votes in enumerate(self.votes)
        )

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


def _within(votes: Sequence[int], low: int, high: int) -> list[int]:
    """By their members: the coalitions with at least so many votes, and fewer than so many."""
    found = [0] * (len(votes) + 1)
    ours, theirs = _sums(votes[::2]), _sums(votes[1::2])
    for members, some in enumerate(ours):
        for others, more in enumerate(theirs):
            few, many = (some, more) if len(some) < len(more) else (more, some)
            below = (bisect_left(many, high - one) - bisect_left(many, low - one) for one in few)
            found[members + others] += sum(below)
    return found


def _sums(votes: Sequence[int]) -> list[list[int]]:
    """By their members: the votes of all coalitions of some players, in order."""
    found: list[list[int]] = [[0]]
    for one in votes:
        longer = [[total + one for total in sums] for sums in found]
        found = [[*a, *b] for a, b in zip([*found, []], [[], *longer], strict=True)]
    return [sorted(sums) for sums in found]
