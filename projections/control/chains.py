"""The chains of stakes from a holder to a company, each without repetition, with its product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from projections.control.flows import reachable
from projections.control.interests import Between, Owners, exactly

MOST_CHAINS = 100
_MOST_STEPS = 20_000  # of the search, most of which find no chain where many companies are tangled


class Chain(NamedTuple):
    """Who holds whom, from the holder to the company, and the product of the stakes."""

    parties: tuple[str, ...]
    part: Between


class Chains(NamedTuple):
    """The chains that were found, the largest first, and whether these are all."""

    found: list[Chain]
    complete: bool


def chains(owners: Owners, holder: str, company: str) -> Chains:
    """The chains from a holder to a company, as many as are listed."""
    found, complete = list[Chain](), True
    for chain in _search(owners, holder, company):
        if chain is None or len(found) == MOST_CHAINS:
            complete = False
            break
        found.append(chain)
    found.sort(key=lambda one: (-one.part.low, -one.part.high, len(one.parties), one.parties))
    return Chains(found, complete)


def _search(owners: Owners, holder: str, company: str) -> Iterator[Chain | None]:
    """Each chain; None where the search is given up."""
    upward = reachable(owners, [company])
    owned = defaultdict[str, list[str]](list)
    for one in upward:
        for owner in owners.get(one, ()):
            if one != holder:
                owned[owner].append(one)
    path = [holder]
    work = [iter(owned.get(holder, ()))]
    for _ in range(_MOST_STEPS):
        if not work:
            return
        following = next(work[-1], None)
        if following is None:
            work.pop()
            path.pop()
        elif following == company:
            yield _chain(owners, (*path, company))
        elif following not in path:
            path.append(following)
            work.append(iter(owned.get(following, ())))
    yield None


def _chain(owners: Owners, parties: tuple[str, ...]) -> Chain:
    part = exactly(Fraction(1))
    for owner, owned in pairwise(parties):
        stake = owners[owned][owner]
        part = Between(part.low * stake.low, part.high * stake.high)
    return Chain(parties, part)
