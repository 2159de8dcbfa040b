"""Control found around a company: by which rule, with which votes, resting on which events."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ledger.model.fact import STANDINGS
from ledger.time.view import View
from projections.answer import percentage, whole
from projections.control.kernel import (
    COUNTED,
    SEATS,
    Block,
    Control,
    Electorate,
    Entry,
    Group,
    Structure,
)
from projections.control.law import Laws, Settled, settle, struck
from projections.control.network import OVER, Company, Network, Relation
from projections.control.structure import Structures
from projections.control_rows import ControlRow, GroupRow


class Asked(NamedTuple):
    """Around which company control is looked for.

    With ``laws``, control is as they have it, and the votes that they take away are counted out;
    denials count that are made for the law that is named.
    """

    company: str
    denied_for: str | None = None
    laws: Laws | None = None


class Judged(ABC):
    """Control in one structure at the cut of a view, certain and possible."""

    def __init__(self, view: View, denied_for: str | None = None, laws: Laws | None = None) -> None:
        self.view, self.laws = view, laws
        self.network = Network(view)
        self.structures = Structures(self.network, denied_for, laws)

    @property
    @abstractmethod
    def structure(self) -> Structure:
        """Who votes in the companies."""

    @cached_property
    def settled(self) -> Settled | None:
        """What the laws that are asked for take away."""
        if self.laws is None:
            return None
        return settle(self.structure, self.structures.companies(self.structure))

    @cached_property
    def sure(self) -> Control:
        """Control that is certain."""
        return self._control(sure=True)

    @cached_property
    def perhaps(self) -> Control:
        """Control that is possible."""
        return self._control(sure=False)

    def _control(self, *, sure: bool) -> Control:
        strikes = struck(self.settled.strikes) if self.settled else None
        presuming = self.laws is not None and self.laws.presuming
        return Control(self.structure, strikes, sure=sure, presuming=presuming)

    def pair(self, party: str, company: str) -> Pair | None:
        """How a party controls a company, if it does or may."""
        for control in (self.sure, self.perhaps):
            group = control.group(party)
            if (entry := group.entries.get(company)) is not None:
                return Pair(self, control, group, company, entry)
        return None


class Found(Judged):
    """Control around a company."""

    def __init__(self, view: View, asked: Asked) -> None:
        super().__init__(view, asked.denied_for, asked.laws)
        self.company = asked.company

    @cached_property
    def structure(self) -> Structure:
        """Who votes in the companies around it."""
        return self.structures.around(self.company)

    def pairs(self) -> list[Pair]:
        """Who controls the company, then what it controls; certain control before possible."""
        above = [pair for one in self._candidates() if (pair := self.pair(one, self.company))]
        groups = (self.sure.group(self.company), self.perhaps.group(self.company))
        under = dict.fromkeys(one for group in groups for one in group.entries)
        if self.company in self.pools:
            under = {}
        below = [pair for one in under if (pair := self.pair(self.company, one))]
        return [
            *sorted(above, key=lambda pair: (not pair.control.sure, pair.entry.round, pair.party)),
            *sorted(
                below, key=lambda pair: (not pair.control.sure, pair.entry.round, pair.company)
            ),
        ]

    def _candidates(self) -> list[str]:
        """Who may control the company: shareholders who are counted together do not."""
        return sorted(self.structure.above(self.company) - {self.company} - self.pools)

    @cached_property
    def pools(self) -> set[str]:
        """The accounts of shareholders who are counted together."""
        return {
            block.account
            for electorate in self.structure.electorates.values()
            for block in electorate.blocks
            if not block.single
        }


@dataclass(frozen=True)
class Pair:
    """A party and a company that it controls."""

    found: Judged
    control: Control
    group: Group
    company: str
    entry: Entry

    @property
    def party(self) -> str:
        return self.group.party

    @cached_property
    def electorate(self) -> Electorate | None:
        """Who votes in the company, where it is known."""
        electorate = self.found.structure.electorates.get(self.company)
        return electorate if electorate and electorate.blocks else None

    @cached_property
    def blocks(self) -> list[Block]:
        """The votes in the company that are attributed to the party, without those struck."""
        if self.electorate is None:
            return []
        struck = self.control.struck
        found = self.electorate.cast_by(self.group.voting)
        return [one for one in found if struck.get((self.company, one.account)) != 1]

    @property
    def through(self) -> list[str]:
        """Who, beside the party, casts them, fills seats or is recorded to control."""
        structure = self.found.structure
        who = {voter for block in self.blocks for voter in block.voters}
        who |= {m for m in self.group.members if self.company in structure.recorded.get(m, ())}
        electorate = structure.electorates.get(self.company)
        if self.entry.by == SEATS and electorate is not None:
            who |= self.group.members & electorate.seats.keys()
        return sorted(who - {self.party})

    @cached_property
    def relations(self) -> list[Relation]:
        """The recorded relationships that it rests on: control of the company, and concerts."""
        members, voting = self.group.members, self.group.voting
        found = dict[str, Relation]()
        for one in (r for party in sorted(voting) for r in self.found.network.relations(party)):
            over = one.of == self.company and one.party in members and one.kind in OVER
            concert = one.kind == "concert" and one.party in voting and self.group.beside
            if over or concert:
                found[one.fact.key] = one
        return list(found.values())

    def told(self, digits: int = 2) -> ControlRow:
        """What is told of it beside its evidence, percentages with so many digits."""
        row: ControlRow = {
            "party": self.party,
            "in_control_of": self.company,
            "by": self.entry.by,
            "through": self.through,
            "votes_attributed": None,
            "percent": None,
            "percent_low": None,
            "percent_high": None,
            "base": None,
            "certain": "yes" if self.control.sure else "no",
        }
        self._add_votes(row, digits)
        return row

    def row(self, digits: int = 2) -> GroupRow:
        """The row, its percentages with so many digits."""
        network = self.found.network
        known = network.company(self.company)
        events, ranks = evidence(known, self.blocks)
        events += [one.fact.key for one in self.relations]
        ranks += [one.fact.rank for one in self.relations]
        if self.entry.by == SEATS:
            seats = [f for one in network.seats(self.company) for f in one.right.facts]
            events += [fact.key for fact in seats]
            ranks += [fact.rank for fact in seats]
        told = self.told(digits)
        return {
            "party": told["party"],
            "in_control_of": told["in_control_of"],
            "since": None,
            "until": None,
            "began_by": [],
            "ended_by": [],
            "by": told["by"],
            "through": told["through"],
            "votes_attributed": told["votes_attributed"],
            "percent": told["percent"],
            "percent_low": told["percent_low"],
            "percent_high": told["percent_high"],
            "base": told["base"],
            "certain": told["certain"],
            "standing": STANDINGS[max(ranks, default=0)],
            "events": list(dict.fromkeys(events)),
        }

    def _add_votes(self, row: ControlRow, digits: int) -> None:
        if self.electorate is None:
            return
        row["base"] = self.electorate.of
        low = self.found.sure.tally(self.company, self.group.voting)
        high = self.found.perhaps.tally(self.company, self.group.voting)
        if low.votes == high.votes and low.base == high.base:
            row["percent"] = percentage(low.votes, low.base, digits)
            if self.electorate.of == COUNTED:
                row["votes_attributed"] = whole(low.votes, self.electorate.digits)
        else:
            row["percent_low"] = percentage(low.votes, low.base, digits)
            most = high.votes if low.votes > low.base else min(high.votes, high.base)
            row["percent_high"] = percentage(most, high.base, digits)


def evidence(known: Company, blocks: list[Block]) -> tuple[list[str], list[int]]:
    """The events that the votes of some blocks are made of, and the ranks of their standings."""
    events, ranks = list[str](), list[int]()
    for account in dict.fromkeys(block.account for block in blocks):
        for share_class in known.at_cut.classes:
            made = known.provenance(share_class, account)
            events += made.events
            ranks.append(STANDINGS.index(made.standing))
        trust = known.trust(account)
        facts = [*(trust.facts if trust else ()), *known.disclosed(account)]
        events += [fact.key for fact in facts]
        ranks += [fact.rank for fact in facts]
    return events, ranks
