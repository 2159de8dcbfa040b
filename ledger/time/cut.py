"""Cuts: the limits of a question on each clock, its floor of standing, its policy."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.posted import Limits
from ledger.values.dates import FOREVER

FLOORS = {"official": 0, "reported": 1, "any": 3}
BY_SOURCE = "source:"  # a policy that begins so names sources, the most preferred first


class Cut(NamedTuple):
    """The limits of a question; ISO days, a stored instant or None for now, a floor, a policy.

    The policy says which of several sources is preferred: ``standing`` (better standing, then
    later known, then later recorded), ``latest`` (later known, then better standing), or
    ``source:ID,ID,...`` (these sources in this order, then as by standing).
    """

    as_of: str = FOREVER
    known_by: str = FOREVER
    recorded_by: str | None = None
    standing: str = "any"
    policy: str = "standing"

    @property
    def limits(self) -> Limits:
        """Those of its limits that decide which events of a day are known and strong enough."""
        return Limits(self.known_by, FLOORS[self.standing])


def weight(policy: str, fact: Fact) -> tuple[int | str, ...]:
    """What a policy looks at first; the larger, the more preferred."""
    if policy == "latest":
        return fact.known.last, -fact.rank
    named = named_sources(policy)
    if not named:
        return (-fact.rank,)
    cited = [named.index(c.source) for c in fact.citations if c.source in named]
    return -min(cited, default=len(named)), -fact.rank


@cache
def named_sources(policy: str) -> tuple[str, ...]:
    """The sources a policy prefers, in its order; empty for a policy that names none."""
    named = policy.removeprefix(BY_SOURCE)
    return tuple(named.split(",")) if policy.startswith(BY_SOURCE) else ()
