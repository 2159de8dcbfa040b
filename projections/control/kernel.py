"""Control: the least set of companies that a party controls, on plain sets and fractions.

A company is in the set of a party where a member of the set controls it by what is recorded, casts
more than half of its votes, alone or in concert, or fills more than half of its board; or, where
its law presumes so, casts more than 40% of the votes and more than anybody else. The set is the
least one, so that companies that hold one another and are held by nobody else are in no set but
their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from projections.control.flows import total

_NONE = Fraction()
HALF = Fraction(1, 2)
COUNTED = "net-votes"  # of what votes are a part where those of a register are counted
PRESUMED = Fraction(2, 5)  # Code de commerce, article L.233-3 II
LEAST_BOARD = 3  # fewer members on record are not taken for a board
RECORDED, VOTES, CONCERT, SEATS, PRESUMPTION = (
    *("recorded", "votes", "concert", "seats", "presumption"),
)


class Block(NamedTuple):
    """Votes on one account that ``voters`` cast, all of them together; nobody where there are none.

    ``low`` and ``high`` are the votes that can be cast, ``held`` all of them, ``capital`` the part
    of the company's capital; ``above`` says that they are more than ``low``. Those of several
    shareholders counted together are no ``single`` holder's. ``by_right`` says that a right in
    shares of another gives them.
    """

    account: str
    voters: frozenset[str]
    low: Fraction
    high: Fraction
    held: Fraction = _NONE
    capital: Fraction = _NONE
    single: bool = True
    above: bool = False
    by_right: bool = False


@dataclass(frozen=True)
class Electorate:
    """Who votes in a company: of how many votes that can be cast (``base``), and that there are
    (``held``), in how many decimals; who fills how many seats of a board of how many, where that is
    known."""

    blocks: tuple[Block, ...] = ()
    base: Fraction = _NONE
    held: Fraction = _NONE
    of: str = COUNTED
    seats: Mapping[str, int] = field(default_factory=dict)
    board: int = 0
    board_known: bool = False
    digits: int = 0

    @cached_property
    def by_voter(self) -> Mapping[str, tuple[Block, ...]]:
        """The blocks that somebody casts, alone or with others."""
        found = defaultdict[str, list[Block]](list)
        for block in self.blocks:
            for voter in block.voters:
                found[voter].append(block)
        return {voter: tuple(blocks) for voter, blocks in found.items()}

    def cast_by(self, who: Collection[str]) -> list[Block]:
        """The blocks of which some parties are all the voters."""
        voters = self.by_voter
        found = {
            id(block): block
            for voter in ([*who] if len(who) < len(voters) else [v for v in voters if v in who])
            for block in voters.get(voter, ())
            if block.voters.issubset(who)
        }
        return list(found.values())


Struck = Mapping[tuple[str, str], Fraction]  # the part of the votes of an account of a company


@dataclass(frozen=True)
class Structure:
    """Companies with their electorates, and what is recorded of control and of concerts.

    ``presumed`` are the companies whose law presumes control from 40%; ``denied`` the pairs of
    which it is recorded that one does not control the other.
    """

    electorates: Mapping[str, Electorate]
    recorded: Mapping[str, frozenset[str]] = field(default_factory=dict)
    concerts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    presumed: frozenset[str] = frozenset()
    denied: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def voting_in(self) -> Mapping[str, tuple[str, ...]]:
        """The companies in which somebody votes or fills seats."""
        found = defaultdict[str, dict[str, None]](dict)
        for company, electorate in self.electorates.items():
            for party in (*electorate.by_voter, *electorate.seats):
                found[party][company] = None
        return {party: tuple(companies) for party, companies in found.items()}

    @cached_property
    def recorded_over(self) -> Mapping[str, frozenset[str]]:
        """Who is recorded to control each company."""
        found = defaultdict[str, set[str]](set)
        for party, companies in self.recorded.items():
            for company in companies:
                found[company].add(party)
        return {company: frozenset(parties) for company, parties in found.items()}

    @cached_property
    def denied_of(self) -> Mapping[str, frozenset[str]]:
        """Who is recorded not to control each company."""
        found = defaultdict[str, set[str]](set)
        for party, company in self.denied:
            found[company].add(party)
        return {company: frozenset(parties) for company, parties in found.items()}

    def above(self, company: str) -> set[str]:
        """All whose votes, or those of whom they may decide over, can be cast in a company."""
        found, pending = {company}, [company]
        for one in pending:
            beyond = set(self.recorded_over.get(one, ())) | {*self.concerts.get(one, ())}
            if (electorate := self.electorates.get(one)) is not None:
                beyond |= electorate.by_voter.keys() | electorate.seats.keys()
            pending += beyond - found
            found |= beyond
        return found


class Entry(NamedTuple):
    """How a company came into a set: by which rule, in which round."""

    by: str
    round: int


@dataclass(frozen=True)
class Group:
    """What a party controls, and who else votes with it: those it acts in concert with, and what
    these control."""

    party: str
    entries: Mapping[str, Entry]
    beside: frozenset[str] = frozenset()

    @cached_property
    def members(self) -> frozenset[str]:
        """The party and what it controls."""
        return frozenset({self.party, *self.entries})

    @cached_property
    def voting(self) -> frozenset[str]:
        """All whose votes are attributed to the party."""
        return self.members | self.beside


class Tally(NamedTuple):
    """Votes out of all that can be cast; ``above`` where they are more than that."""

    votes: Fraction
    base: Fraction
    above: bool = False

    def exceeds(self, part: Fraction) -> bool:
        """Whether they are more than a part of all; of no votes nobody has a part."""
        bound = part * self.base
        return self.base > 0 and (self.votes > bound or (self.above and self.votes == bound))


class Control:
    """Who controls whom in a structure, with some votes struck.

    ``sure`` counts the lowest votes that the party can have, else the highest; with ``presuming``
    control is presumed as if the law of every company did so.
    """

    def __init__(
        self,
        structure: Structure,
        struck: Struck | None = None,
        *,
        sure: bool = True,
        presuming: bool = False,
    ) -> None:
        self.structure, self.struck = structure, struck or {}
        self.sure, self.presuming = sure, presuming
        self._alone: dict[str, Group] = {}
        self._groups: dict[str, Group] = {}

    def group(self, party: str) -> Group:
        """The set of a party, concerts counted."""
        if party not in self._groups:
            concerts = self.structure.concerts
            self._groups[party] = self._grow(party, concerts) if concerts else self.alone(party)
        return self._groups[party]

    def alone(self, party: str) -> Group:
        """The set of a party without those it acts in concert with."""
        if party not in self._alone:
            self._alone[party] = self._grow(party, {})
        return self._alone[party]

    def tally(self, company: str, who: Collection[str]) -> Tally:
        """The votes that some parties cast in a company, of all."""
        electorate = self.structure.electorates[company]
        blocks = electorate.cast_by(who)
        votes = sum((self._votes(company, block) for block in blocks), _NONE)
        above = self.sure and any(block.above for block in blocks)
        return Tally(votes, electorate.base - self._gone.get(company, _NONE), above)

    def rings(self) -> list[frozenset[str]]:
        """Companies that control one another, each by votes of the others, and that nobody else
        controls."""
        found: dict[frozenset[str], None] = {}
        for company in self.structure.electorates:
            members = self.alone(company).members
            if len(members) > 1 and self.tally(company, members).exceeds(HALF):
                ring = {one for one in members if company in self.alone(one).members}
                found[frozenset(ring)] = None
        outside = {of for party, ofs in self.structure.recorded.items() for of in ofs - {party}}
        return [ring for ring in found if not ring & outside and not self._is_held(ring)]

    def _is_held(self, ring: frozenset[str]) -> bool:
        """Whether somebody else controls a ring as well: more votes are told than there are."""
        electorates = [self.structure.electorates[company] for company in ring]
        if all(total(b.low for b in one.blocks) <= one.base for one in electorates):
            return False
        others = self.structure.voting_in.keys() - ring
        return any(not ring.isdisjoint(self.alone(one).entries) for one in sorted(others))

    def _votes(self, company: str, block: Block) -> Fraction:
        part = 1 - self.struck.get((company, block.account), _NONE)
        return (block.low if self.sure else block.high) * part

    @cached_property
    def _gone(self) -> Mapping[str, Fraction]:
        """The votes that are struck, by company."""
        found: dict[str, Fraction] = {}
        for company in {company for company, _ in self.struck}:
            for block in self.structure.electorates[company].blocks:
                part = self.struck.get((company, block.account), _NONE)
                votes = (block.low if self.sure else block.high) * part
                found[company] = found.get(company, _NONE) + votes
        return found

    def _grow(self, party: str, concerts: Mapping[str, frozenset[str]]) -> Group:
        """The least set, round by round."""
        members, beside, entries = {party}, set[str](), dict[str, Entry]()
        new, number = [party], 0
        while new:
            number += 1
            for ally in {other for one in new for other in concerts.get(one, ())} - members:
                beside |= self.alone(ally).members
            joined = [*new, *beside]
            found = {
                company: Entry(rule, number)
                for company in self._reached(joined)
                if company not in members
                and (rule := self._rule(party, company, members, beside - members))
            }
            entries.update(found)
            members.update(found)
            new = list(found)
        return Group(party, entries, frozenset(beside - members))

    def _reached(self, parties: Iterable[str]) -> Iterator[str]:
        """The companies about which some parties may decide."""
        seen: dict[str, None] = {}
        for party in parties:
            seen |= dict.fromkeys(self.structure.voting_in.get(party, ()))
            seen |= dict.fromkeys(sorted(self.structure.recorded.get(party, ())))
        yield from seen

    def _rule(self, party: str, company: str, members: set[str], beside: set[str]) -> str | None:
        """The first rule by which the set of a party controls a company; the votes of a member
        that is recorded not to control it make none."""
        structure = self.structure
        if not structure.recorded_over.get(company, frozenset()).isdisjoint(members):
            return RECORDED
        electorate = structure.electorates.get(company)
        denied = structure.denied_of.get(company, frozenset())
        if electorate is None or party in denied:
            return None
        members = members - denied if denied else members
        own = self.tally(company, members)
        if own.exceeds(HALF):
            return VOTES
        together = self.tally(company, members | beside) if beside and own.votes else own
        if together.exceeds(HALF):
            return CONCERT
        seats = sum(number for one, number in electorate.seats.items() if one in members)
        told = electorate.board_known or (not self.sure and electorate.board >= LEAST_BOARD)
        if told and 2 * seats > electorate.board:
            return SEATS
        presumed = self.presuming or company in structure.presumed
        if presumed and together.exceeds(PRESUMED):
            return PRESUMPTION if self._is_largest(company, members | beside, together) else None
        return None

    def _is_largest(self, company: str, voting: set[str], tally: Tally) -> bool:
        """Whether what a set casts is more than what any holder or concert outside it does."""
        others, pools = self._by_majority, self._pools(company)
        for one in self.structure.above(company) - voting - pools:
            allies = {one, *self.structure.concerts.get(one, ())}
            with_it = {member for ally in allies for member in others.alone(ally).members} - voting
            if others.tally(company, with_it).votes >= tally.votes:
                return False
        return True

    @cached_property
    def _by_majority(self) -> Control:
        """What others have at the most, or at the least, with what they control by a majority."""
        plain = replace(self.structure, presumed=frozenset())
        return Control(plain, self.struck, sure=not self.sure)

    def _pools(self, company: str) -> set[str]:
        """The accounts of several shareholders in a company, none of whom has all of it."""
        blocks = self.structure.electorates[company].blocks
        return {voter for block in blocks if not block.single for voter in block.voters}
