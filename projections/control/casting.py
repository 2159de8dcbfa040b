"""Who casts the votes that a party has or instructs, through trusts that are for trusts."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import NamedTuple

from ledger.time.view import View
from projections.subjects.trusts import Trust, trust_at


class Cast(NamedTuple):
    """A part of some votes that voters cast, all of them together."""

    voters: tuple[str, ...]
    part: Fraction = Fraction(1)


def cast_for(view: View, party: str, seen: tuple[str, ...] = ()) -> list[Cast]:
    """Who casts what a party instructs: itself, unless it is a trust."""
    if party in seen:
        return []
    trust = trust_at(view, party)
    return [Cast((party,))] if trust is None else by_terms(view, trust, (*seen, party))


def by_terms(view: View, trust: Trust | None, seen: tuple[str, ...]) -> list[Cast]:
    """Who casts the votes of a trust. Trusts that instruct it are asked in their turn; nobody does,
    where they come back to it or vote neutrally."""
    if trust is None or trust.voting == "neutral":
        return []
    if trust.voting == "holder":
        return [Cast(tuple(trust.trustees))]
    parts = dict.fromkeys(trust.instructed_by, Fraction(1))
    benefits = [one for one in trust.benefits if not one.income]
    each = len(benefits) > 1 and all(one.low == one.high for one in benefits)
    if apart := each and not trust.terms.get("instructed_by"):
        parts = {one.party: one.low for one in benefits}
    found = {party: cast_for(view, party, seen) for party in parts}
    if apart or len(parts) == 1:
        together = defaultdict[tuple[str, ...], Fraction](Fraction)
        for party, cast in found.items():
            for one in cast:
                together[one.voters] += parts[party] * one.part
        return [Cast(voters, part) for voters, part in together.items()]
    whole = [[one.voters for one in cast if one.part == 1] for cast in found.values()]
    if not all(whole):
        return []
    return [Cast(tuple(voter for voters in whole for one in voters for voter in one))]
