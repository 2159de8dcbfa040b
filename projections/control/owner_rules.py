"""Who owns a company in the end, at a cut, under a named rule.

One structure has other owners under each rule, so that the rule is always named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ledger.model.fact import Fact
from projections.control.capital import Capital
from projections.control.interests import Between, Interests, Ownership, exactly
from projections.control.kernel import Control, Electorate, Structure
from projections.control.network import Network
from projections.control.structure import Structures

RING, UNSOLVED, UNKNOWN, OWNER = "no outside owner", "cannot be told", "not known", "owner"
_NOTHING = Fraction()
OwnerKey = tuple[str, str, bool, tuple[str, ...]]


class Owner(NamedTuple):
    """Somebody who owns a company under a rule: by which limb, with what part, as it is told and as
    it can have been before it was rounded; through whom."""

    party: str | None
    role: str
    by: str
    part: Between | None = None
    printed: Between | None = None
    certain: bool = True
    through: tuple[str, ...] = ()
    of: str | None = None

    @property
    def key(self) -> OwnerKey:
        """What tells an owner from others: the party, its role, how sure it is, and of which
        trust."""
        return self.party or "", self.role, self.certain, self.through * (self.by == "trust")


class Threshold(NamedTuple):
    """From where on a part counts: from ``at`` on, or only above it."""

    at: Fraction
    above: bool = False

    def meets(self, part: Fraction) -> bool:
        """Whether a part counts."""
        return part > self.at if self.above else part >= self.at

    def judge(self, part: Between) -> bool | None:
        """Whether a part surely counts (True), may (False) or does not (None)."""
        if self.meets(part.low):
            return True
        return False if self.meets(part.high) else None


@dataclass
class Look:
    """A company looked at from above at one cut: each thing that rules ask is worked out once.

    ``blocked`` are those who are told to be blocked, with the event that records it where one does;
    None where nobody is.
    """

    network: Network
    company: str
    blocked: Mapping[str, Fact | None] | None = None

    @property
    def ended(self) -> Fact | None:
        """The event by which the company has ended."""
        return self.network.has_ended(self.company)

    @cached_property
    def capital(self) -> Capital:
        """Whose the capital is, upward from the company."""
        return Capital(self.network, [self.company], upward=True)

    @cached_property
    def interests(self) -> Interests:
        """Who has what of the company in the end."""
        return self.capital.told.of(self.company)

    @cached_property
    def printed(self) -> Interests:
        """The same, with stakes as they can have been before they were rounded."""
        told, printed = self.capital.told, self.capital.printed
        return self.interests if printed.owners == told.owners else printed.of(self.company)

    @cached_property
    def structure(self) -> Structure:
        """Who votes in the company, and in those above it."""
        above = self.network.above([self.company])
        return Structures(self.network).of(dict.fromkeys([*above, *self.capital.told.owners]))

    @cached_property
    def controls(self) -> tuple[Control, Control]:
        """Control that is certain, and that is possible."""
        return Control(self.structure), Control(self.structure, sure=False)

    @cached_property
    def votes(self) -> Ownership:
        """The parts of the votes of each company, with those who cast them."""
        return Ownership(
            {company: votes_of(one) for company, one in self.structure.electorates.items()}
        )

    @cached_property
    def ultimate(self) -> list[str]:
        """Those above the company whose own owners are not on record: persons, states and so on."""
        through = self.capital.told.owners
        known = self.network.company(self.company)
        above = [*self.network.above([self.company]), *(o for of in through.values() for o in of)]
        return [
            one
            for one in dict.fromkeys(above)
            if one not in through and one != self.company and not known.is_pool(one)
        ]

    def trusts(self, threshold: Threshold) -> Iterator[Owner]:
        """The parties to trusts that have so much of the company, each with its role; not those
        that have ended."""
        for name, trust in self.capital.trusts.items():
            part = self.capital.told.held_by(name).parts.get(self.company)
            sure = None if part is None else threshold.judge(part)
            if part is None or sure is None:
                continue
            for role, parties in (
                ("settlor", trust.terms.get("settlors", ())),
                ("trustee", trust.terms.get("trustees", ())),
                ("protector", trust.terms.get("protectors", ())),
                ("beneficiary", [one.party for one in trust.benefits]),
            ):
                for party in dict.fromkeys(parties):
                    if self.capital.has_ended(party):
                        continue
                    yield Owner(party, role, "trust", part, part, sure, (name,), "capital")


def votes_of(electorate: Electorate) -> dict[str, Between]:
    """The part of the votes of a company that each has alone; suspended ones are votes too."""
    found = dict[str, Between]()
    for block in electorate.blocks:
        if len(block.voters) != 1 or not block.single or not electorate.held:
            continue
        (voter,) = block.voters
        ends = (block.held, block.held) if block.low == block.high else (block.low, block.high)
        before = found.get(voter, exactly(_NOTHING))
        low, high = (end / electorate.held for end in ends)
        found[voter] = Between(before.low + low, before.high + high)
    return found


def economic(look: Look, threshold: Threshold) -> Iterator[Owner]:
    """Everybody at the end of all chains, with what is not known."""
    if look.company in look.capital.told.owners:
        yield from economic_owners(look.interests, look.printed, threshold)


def economic_owners(
    interests: Interests, printed: Interests, threshold: Threshold
) -> Iterator[Owner]:
    """The same from the interests, as they are told and before they were rounded."""
    for party, part in _by_size(interests.holders):
        if (sure := threshold.judge(part)) is not None:
            yield holder(party, part, printed.holders.get(party, part), sure)
    for role, loops in ((RING, interests.rings), (UNSOLVED, interests.unsolved)):
        for loop, part in loops.items():
            yield Owner(None, role, "multiplied", part, part, through=loop, of="capital")
    if interests.not_known.high:
        unknown = interests.not_known
        yield Owner(None, UNKNOWN, "multiplied", unknown, printed.not_known, of="capital")


def holder(party: str, part: Between, printed: Between, sure: bool) -> Owner:
    """Who is at the end of chains, with its part."""
    return Owner(party, OWNER, "multiplied", part, printed, sure, of="capital")


def _by_size(parts: Mapping[str, Between]) -> list[tuple[str, Between]]:
    return sorted(parts.items(), key=lambda one: (-one[1].low, -one[1].high, one[0]))
