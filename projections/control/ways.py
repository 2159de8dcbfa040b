"""Ways from the name in a register to who bears gain and loss: trusts, nominees, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.register import Pair, issuer_of
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.existence import end_of_party
from ledger.time.view import View
from ledger.values.dates import FOREVER
from projections.control.flows import total
from projections.control.interests import NONE, Between, Ownership, exactly
from projections.subjects.entitlements import Of, Part, Registers, of_trust
from projections.subjects.holdings import issuers_of
from projections.subjects.share_rights import TYPES as RIGHTS
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import Trust, trust_at

_ONE = Fraction(1)


class Link(NamedTuple):
    """A step from who holds to who it is for: from one stop to the next, or to the owner where the
    way ends."""

    part: Part
    at: str
    holder: str
    share_class: str
    to: str
    fraction: Between


class Owner(NamedTuple):
    """What part of an account one party has in the end, and the shortest way there; no party has
    what is not known to be anybody's."""

    party: str | None
    part: Between
    of: Of
    chain: tuple[Link, ...]

    @property
    def entitled(self) -> tuple[str | None, str | None, str | None]:
        """How the shares are voted, who votes them or instructs who does, and who sells them."""
        voting = votes_by = disposal_by = None
        for number, link in enumerate(self.chain):
            if not number or votes_by == link.holder:
                voting, votes_by = link.part.voting, link.part.votes_by
            if not number or disposal_by == link.holder:
                disposal_by = link.part.disposal_by
        return voting, votes_by, disposal_by


class Ways:
    """The ways from accounts to their owners at a cut, and what they came past."""

    def __init__(self, view: View) -> None:
        self.view, self.registers = view, Registers(view)
        self.trusts: dict[str, Trust] = {}
        self.ended: dict[str, str] = {}
        self.circles: set[tuple[str, ...]] = set()
        self._pairs: dict[str, Pair] = {}
        self._links: dict[str, list[Link]] = {}

    def owners(self, pair: Pair) -> list[Owner]:
        """Who has the shares of an account in the end, and what of them nobody is known to."""
        start = self._account(pair)
        if self.registers.of(issuer_of(pair[0])).is_plain(pair):
            return [Owner(link.to, link.fraction, "whole", (link,)) for link in self._from(start)]
        into = self._tree(start)
        stops = [start, *(stop for stop in into if stop in self._links)]
        owned = Ownership({stop: _owned(self._links[stop]) for stop in stops})
        found = owned.of(start)
        self.circles.update(map(self._named, (*found.rings, *found.unsolved)))
        owners = []
        for party, part in found.holders.items():
            chain = _chain(into, party, start)
            owner = party.removesuffix(_CAPITAL)
            of: Of = "capital" if any(link.part.of == "capital" for link in chain) else "whole"
            owners.append(Owner(owner, part, of, chain))
        known = total(one.part.low for one in owners)
        owners += self._income(owned, stops, into, start)
        if known < 1:
            owners.append(Owner(None, Between(found.not_known.low, 1 - known), "whole", ()))
        return sorted(owners, key=lambda one: (one.party is None, -one.part.low))

    def _tree(self, start: str) -> dict[str, Link]:
        """Everything that shares of an account come to, each with the step to it of the shortest
        way."""
        into: dict[str, Link] = {}
        pending = [start]
        for stop in pending:
            for link in self._from(stop):
                if link.part.of != "income" and link.to not in into and link.to != start:
                    into[link.to] = link
                    pending += [link.to] if self._is_stop(link.to) else []
        return into

    def _from(self, stop: str) -> list[Link]:
        """The steps from an account or a trust to whom it is for."""
        if stop not in self._links:
            holder, share_class, held, parts = self._at(stop)
            found = []
            for part in parts:
                to = self._target(part, share_class)
                if to is not None:
                    fraction = Between(part.low / held, part.high / held)
                    found.append(Link(part, stop, holder, share_class, to, fraction))
            self._links[stop] = found
        return self._links[stop]

    def _at(self, stop: str) -> tuple[str, str, Fraction, list[Part]]:
        """Who holds at a stop, of which class, how much and for whom."""
        if stop not in self._pairs:
            trust = stop.removeprefix(_TRUST)
            return trust, "", _ONE, list(of_trust(self.trusts[trust], _ONE))
        share_class, account = self._pairs[stop]
        issuer = issuer_of(share_class)
        trust_of = self.registers.at(issuer).trusts.get(account)
        if trust_of is not None:
            self.trusts[account] = trust_of
        of = self.registers.of(issuer)
        pair = share_class, account
        return account or issuer, share_class, of.held(pair), of.parts(pair)

    def _target(self, part: Part, share_class: str) -> str | None:
        """Where a part goes: to an account, to a trust, or to who has it; None where that one has
        ended."""
        if part.on is not None:
            plain = self.registers.of(issuer_of(part.on[0])).is_plain(part.on)
            return part.owner if plain else self._account(part.on)
        end = end_of_party(self.view, part.owner, FOREVER) if part.through else None
        if end is not None:
            self.ended[part.owner] = end.key
            return None
        if part.through == "nominee" and self._is_conduit(share_class, part.owner):
            return self._account((share_class, part.owner))
        trust = trust_at(self.view, part.owner) if part.through and part.of != "income" else None
        if trust is None or part.through == "bare owner":
            return f"{part.owner}{_CAPITAL}" if part.of == "capital" else part.owner
        self.trusts[part.owner] = trust
        return f"{_TRUST}{part.owner}"

    def _is_conduit(self, share_class: str, party: str) -> bool:
        return self.registers.of(issuer_of(share_class)).is_conduit((share_class, party))

    def _account(self, pair: Pair) -> str:
        """The stop at an account, which no id of a party can be."""
        name = " ".join(pair)
        self._pairs[name] = pair
        return name

    def _is_stop(self, place: str) -> bool:
        return place in self._pairs or place.startswith(_TRUST)

    def _named(self, stops: Iterable[str]) -> tuple[str, ...]:
        """The parties at some stops."""
        return tuple(self._at(stop)[0] for stop in stops)

    def _income(
        self, owned: Ownership, stops: Iterable[str], into: Mapping[str, Link], start: str
    ) -> Iterator[Owner]:
        """Who has the income alone of what comes to the stops."""
        for stop in stops:
            for link in self._links[stop]:
                if link.part.of == "income":
                    there = exactly(_ONE)
                    if stop != start:
                        there = owned.ending_at(stop).of(start).holders.get(stop, NONE)
                    part = Between(there.low * link.fraction.low, there.high * link.fraction.high)
                    before = _chain(into, stop, start) if stop != start else ()
                    yield Owner(link.to, part, "income", (*before, link))

    def issuers(self, holder: str) -> list[str]:
        """The issuers of which a party may have shares, itself or through others."""
        found, pending = set[str](), [holder]
        for party in pending:
            found.update(issuers_of(self.view, party))
            told = self.view.about(f"party:{party}", types=(RIGHTS[0], *TRUSTS)).certain
            found.update(issuer_of(f.need("share_class")) for f in told if f.type == RIGHTS[0])
            trusts = (fact.need("trust") for fact in told if fact.type in TRUSTS)
            pending += [trust for trust in dict.fromkeys(trusts) if trust not in pending]
        issuers = list(found)
        for issuer in issuers:
            classes = self.view.about(f"issuer:{issuer}", types=CLASS_TYPES).certain
            of = {issuer_of(represents) for f in classes if (represents := f.text("represents"))}
            issuers += sorted(of.difference(issuers))
        return sorted(issuers)


_TRUST = "trust "  # begins the stop at a trust, which no id of a party can be
_CAPITAL = " of capital"  # ends the place of one who has the capital alone


def _owned(links: Iterable[Link]) -> dict[str, Between]:
    """What part each has of what is at a stop."""
    found: dict[str, Between] = {}
    for link in links:
        if link.part.of != "income":
            before = found.get(link.to, NONE)
            both = before.low + link.fraction.low, before.high + link.fraction.high
            found[link.to] = Between(*both)
    return found


def _chain(into: Mapping[str, Link], end: str, start: str) -> tuple[Link, ...]:
    """The steps to an end."""
    found = [into[end]]
    while found[0].at != start:
        found.insert(0, into[found[0].at])
    return tuple(found)
