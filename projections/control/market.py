"""Control among all parties of a ledger at a cut, in one pass.

Most registers are known by their sums: their votes are read together, and what each party controls
follows from sums (``polls``). What more is recorded of is looked up as for a question about one
company, and where it bears on what a party controls, the rules of ``kernel`` decide for that party.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from ledger.model.posted import end_of
from ledger.model.register import TREASURY, simplest
from ledger.time.exclusions import everything
from ledger.time.history import known_ids
from ledger.time.view import View
from projections.answer import Answer, Rows, percentage, whole
from projections.control.bearing import Bearing, bearing
from projections.control.found import Judged
from projections.control.group_notes import MISSING, NO_ADVICE
from projections.control.kernel import COUNTED, VOTES, Block, Electorate, Structure
from projections.control.polls import Poll, Polls
from projections.control.structure import Recorded
from projections.control_rows import ControlRow

_MOST_KEPT = 20_000  # electorates made of polls


ONE_BY_ONE = "Since when, and by which events, is told of one company: `stakebook group COMPANY`."


def controls(view: View, digits: int = 2) -> Answer[ControlRow]:
    """Who controls whom, of all parties."""
    market = Market(view)
    answer = Answer[ControlRow](rows=Rows(market.controls(digits)))
    if answer.rows:
        answer.note(ONE_BY_ONE)
        answer.note(NO_ADVICE)
    elif market.polls or market.looked_up:
        answer.none("Nobody is on record to control anybody.")
    else:
        answer.about.append(everything(view))
        answer.gap("no event at this cut tells who holds or controls anybody", MISSING)
    for company in market.looked_up:
        answer.add_possible(market.network.company(company).at_cut.possible)
    return answer


class Market(Judged):
    """Who controls whom, of all parties."""

    @cached_property
    def bearing(self) -> Bearing:
        """Of which parties more is recorded than movements of shares."""
        return bearing(self.view.history)

    @cached_property
    def plain(self) -> Mapping[str, Mapping[str, int]]:
        """By company, the shares of each holder, where every one has a vote and is capital, and no
        more is recorded of it and its holders."""
        if self.view.identities:
            return {}
        parties, holders = self.bearing.parties, self.bearing.holders
        cut, history = self.view.cut, self.view.history
        limits = cut.limits
        return {
            issuer: {account: n for account, n in held.items() if account != TREASURY}
            for issuer, held in history.plain_registers(limits, end_of(cut.as_of))
            if issuer not in parties
            and holders.isdisjoint(held)
            and min(held.values(), default=0) >= 0
        }

    @cached_property
    def others(self) -> list[str]:
        """All other parties of which anything is recorded that bears on control or capital."""
        ids = {*known_ids(self.view.history, "issuer"), *self.bearing.parties}
        return sorted({self.view.identities.of(one) for one in ids - self.plain.keys()})

    @cached_property
    def looked_up(self) -> Mapping[str, Electorate]:
        """The electorates of all other companies."""
        found = ((one, self.structures.electorate(one)) for one in self.others)
        return {company: electorate for company, electorate in found if electorate is not None}

    @cached_property
    def recorded(self) -> Recorded:
        """What is recorded among all parties."""
        return self.structures.recorded(
            dict.fromkeys(map(self.view.identities.of, sorted(self.bearing.related)))
        )

    @cached_property
    def presumed(self) -> frozenset[str]:
        """The companies whose law presumes control."""
        may = dict.fromkeys(map(self.view.identities.of, sorted(self.bearing.law)))
        return frozenset(one for one in may if self.structures.law(one) == "fr")

    @cached_property
    def polls(self) -> Polls:
        """The votes of the companies in which one party alone casts those of each account."""
        polls = [(company, Poll(sum(held.values()), held)) for company, held in self.plain.items()]
        others = set(self.presumed) | self.recorded.parties
        for company, electorate in self.looked_up.items():
            poll = _poll(electorate)
            if poll is None:
                others.update((company,), electorate.by_voter, electorate.seats)
            else:
                polls.append((company, poll))
        return Polls.of(polls, others)

    @cached_property
    def structure(self) -> Structure:
        recorded = self.recorded
        return _OfPolls(
            _Electorates(self.polls, self.looked_up),
            recorded.control,
            recorded.concerts,
            self.presumed & (self.looked_up.keys() | self.plain.keys()),
            recorded.denied,
            self.polls,
            self.looked_up,
        )

    @cached_property
    def pools(self) -> set[str]:
        """The accounts of shareholders who are counted together."""
        electorates = self.looked_up.values()
        return {b.account for one in electorates for b in one.blocks if not b.single}

    def controls(self, digits: int = 2) -> Iterator[ControlRow]:
        """Who controls whom, party by party, percentages with so many digits."""
        found = {*self.polls.voters, *self.recorded.control, *self.recorded.concerts}
        for electorate in self.looked_up.values():
            found.update(electorate.by_voter, electorate.seats)
        for party in sorted(found - self.pools):
            controlled = self.polls.controlled(party)
            if controlled is None:
                yield from self._judged(party, digits)
            elif controlled:
                members = {party, *controlled}
                for company in sorted(controlled):
                    yield self._row(party, company, controlled[company], members, digits)

    def _judged(self, party: str, digits: int) -> Iterator[ControlRow]:
        groups = self.sure.group(party), self.perhaps.group(party)
        for company in sorted({company for group in groups for company in group.entries}):
            if (pair := self.pair(party, company)) is not None:
                yield pair.told(digits)

    def _row(
        self, party: str, company: str, votes: int | Fraction, members: set[str], digits: int
    ) -> ControlRow:
        poll, known = self.polls[company], self.looked_up.get(company)
        return {
            "party": party,
            "in_control_of": company,
            "by": VOTES,
            "through": sorted(one for one in poll.votes if one in members and one != party),
            "votes_attributed": whole(votes, known.digits if known else 0),
            "percent": percentage(Fraction(votes), Fraction(poll.base), digits),
            "percent_low": None,
            "percent_high": None,
            "base": COUNTED,
            "certain": "yes",
        }


def _poll(electorate: Electorate) -> Poll | None:
    """The votes of a company as numbers alone; None where they do not say all of it."""
    votes = dict[str, int | Fraction]()
    if electorate.seats or electorate.of != COUNTED:
        return None
    for block in electorate.blocks:
        if len(block.voters) > 1 or block.low != block.high or block.above:
            return None
        for voter in block.voters:
            votes[voter] = votes.get(voter, 0) + simplest(block.low)
    return Poll(simplest(electorate.base), votes)


class _Electorates(Mapping[str, Electorate]):
    """The electorates of all companies; those known as polls are made when they are asked for."""

    def __init__(self, polls: Polls, looked_up: Mapping[str, Electorate]) -> None:
        self._polls, self._looked_up = polls, looked_up
        self._made = dict[str, Electorate]()

    def __getitem__(self, company: str) -> Electorate:
        if company in self._looked_up:
            return self._looked_up[company]
        if company not in self._made:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            self._made[company] = _electorate(self._polls[company])
        return self._made[company]

    def __iter__(self) -> Iterator[str]:
        yield from self._looked_up
        yield from (company for company in self._polls if company not in self._looked_up)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _electorate(poll: Poll) -> Electorate:
    """The electorate of a company whose every share has a vote."""
    base = Fraction(poll.base)
    votes = {voter: Fraction(number) for voter, number in poll.votes.items()}
    return Electorate(
        tuple(Block(who, frozenset({who}), n, n, n, n / base) for who, n in votes.items()),
        base,
        base,
    )


class _VotingIn(Mapping[str, tuple[str, ...]]):
    """The companies in which somebody votes or fills seats."""

    def __init__(self, polls: Polls, looked_up: Mapping[str, Electorate]) -> None:
        self._polls, self._others = polls, Structure(looked_up).voting_in

    def __getitem__(self, party: str) -> tuple[str, ...]:
        found = tuple(dict.fromkeys([*self._polls.cast_by(party), *self._others.get(party, ())]))
        if not found:
            raise KeyError(party)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys([*self._polls.voters, *self._others])

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True)
class _OfPolls(Structure):
    """A structure most of whose electorates are known as polls."""

    polls: Polls = field(default_factory=lambda: Polls.of(()))
    looked_up: Mapping[str, Electorate] = field(default_factory=dict)

    @cached_property
    def voting_in(self) -> Mapping[str, tuple[str, ...]]:
        return _VotingIn(self.polls, self.looked_up)
