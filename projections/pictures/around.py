"""Which parties a graph shows: all that stands behind a party, and all that it has anything of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from ledger.model.fact import Fact
from projections.control.network import Network, Relation
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import Trust, trust_at

_NOT_DRAWN = ("no-control", "no-concert", "unknown")
_ROLES = {"trustee": "trustees", "settlor": "settlors", "protector": "protectors"}


class Around:
    """The parties around some, at most so many steps away, above and below."""

    def __init__(self, network: Network, depth: int | None = None) -> None:
        self.network, self._depth = network, depth
        self._trusts_found: dict[str, Trust | None] = {}

    def parties(self, starts: Iterable[str]) -> list[str]:
        """The starts, those above them, step by step, and those below."""
        first = list(dict.fromkeys(starts))
        above = self._walk(first, self._above)
        below = self._walk(first, self._below, TRUSTS)
        return list(dict.fromkeys([*above, *below]))

    def trust(self, party: str) -> Trust | None:
        """The terms of a trust, where a party is one."""
        if party not in self._trusts_found:
            self._trusts_found[party] = trust_at(self.network.view, party)
        return self._trusts_found[party]

    def roles(self, party: str) -> Iterator[tuple[str, str]]:
        """Who has a role in a trust, and which."""
        trust = self.trust(party)
        if trust is None:
            return
        for role, field in _ROLES.items():
            yield from ((one, role) for one in trust.terms.get(field, ()))
        if trust.voting == "as-instructed":
            yield from ((one, "instructs") for one in trust.terms.get("instructed_by", ()))
        yield from ((one, "beneficiary") for one in trust.beneficiaries)

    def facts(self, trust: str) -> list[Fact]:
        """The events from which the terms of a trust come."""
        terms = self.trust(trust)
        return terms.facts if terms else []

    def relations(self, party: str) -> list[Relation]:
        """The relationships that a graph draws, of a party to others and of others to it."""
        return [one for one in self.network.relations(party) if one.kind not in _NOT_DRAWN]

    def _above(self, party: str) -> Iterator[str]:
        yield from self.network.holders(party)
        yield from self._without_percent(party)
        yield from (one for one, _ in self.roles(party))
        yield from (one.party for one in self.relations(party) if one.of == party)

    def _without_percent(self, party: str) -> Iterator[str]:
        """Who is disclosed to have shares of a party, without what part of it they are."""
        company = self.network.company(party)
        for fact in company.at_cut.disclosures if company.is_issuer else ():
            if fact.text("percent") is None and not company.at_cut.tells_position(fact):
                yield fact.need("holder")

    def _below(self, party: str) -> Iterator[str]:
        yield from self.network.held_by(party)
        yield from self.network.seated_in(party)
        yield from (one.of for one in self.relations(party) if one.party == party)
        yield from self._trusts(party)

    def _trusts(self, party: str) -> Iterator[str]:
        """The trusts in which a party has a role."""
        settled = self.network.view.about(f"party:{party}", types=TRUSTS).counted
        for trust in dict.fromkeys(fact.need("trust") for fact in settled):
            if any(one == party for one, _ in self.roles(trust)):
                yield trust

    def _walk(
        self,
        starts: list[str],
        beyond: Callable[[str], Iterable[str]],
        types: Collection[str] = (),
    ) -> list[str]:
        """The parties step by step; ``types`` of events are asked of each step beside others."""
        found, step = dict.fromkeys(starts), starts
        steps = 0
        while step and (self._depth is None or steps < self._depth):
            self.network.gather(step)
            self.network.view.history.gather([f"party:{party}" for party in step], types)
            step = [one for party in step for one in beyond(party) if one not in found]
            step = list(dict.fromkeys(step))
            found.update(dict.fromkeys(step))
            steps += 1
        return list(found)
