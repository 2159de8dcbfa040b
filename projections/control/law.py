"""Votes that the law of an issuer takes away where companies hold one another.

Whether votes are taken away depends on who controls whom, and that on the votes that are left. So
both are worked out in turn, from the votes that are suspended on record: control, then the votes
that fall away, and again, until a state comes back. Where it comes back at once, it is the answer;
where several states follow one another for ever, what differs between them is not settled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from projections.control.kernel import Block, Control, Struck, Structure
from projections.subjects.jurisdictions import country_of

MOST_ROUNDS = 100
_WHOLE = Fraction(1)
_QUARTER = Fraction(1, 4)
_TENTH = Fraction(1, 10)


class Rule(NamedTuple):
    """A rule of law: its jurisdiction, where it stands, and what it takes away."""

    law: str
    source: str
    words: str


RULES: Mapping[str, Rule] = {
    "fr-l233-31": Rule(
        "fr",
        "Code de commerce, article L.233-31",
        "a company that the issuer controls casts no votes in it",
    ),
    "fr-l233-30": Rule(
        "fr",
        "Code de commerce, article L.233-30",
        "a company of which the issuer has more than 10%, no share company itself, casts no votes"
        " in it",
    ),
    "jp-308": Rule(
        "jp",
        "Companies Act, article 308(1); Ordinance for Enforcement, article 67",
        "a company of which the issuer, with its subsidiaries, has a quarter of the votes or more"
        " casts none in it",
    ),
    "gb-136": Rule(
        "gb",
        "Companies Act 2006, sections 136, 137",
        "a company that the issuer controls may not be a member of it, and one that still is casts"
        " no votes",
    ),
    "de-71d": Rule(
        "de",
        "AktG, §§ 71b, 71d",
        "a company that the issuer controls casts no votes in it",
    ),
    "de-328": Rule(
        "de",
        "AktG, §§ 19, 328",
        "of two companies with more than a quarter of one another, one casts votes of no more than"
        " a quarter of the shares; which was first to notify is not looked at",
    ),
}
OWN = "issuer"  # each company's own law
LAWS = tuple(dict.fromkeys(rule.law for rule in RULES.values()))


class Laws(NamedTuple):
    """The laws that are counted, every one where none is named; what the asker says of companies,
    and of ``asked`` where nothing else tells its law."""

    counted: frozenset[str] = frozenset()
    of: Mapping[str, str] = {}
    asked: str | None = None

    def law(self, company: str, recorded: str | None) -> str | None:
        """The law of a company, given what is recorded of it."""
        if company in self.of:
            return self.of[company]
        if recorded is None and company == self.asked and len(self.counted) == 1:
            return next(iter(self.counted))
        return recorded

    @property
    def presuming(self) -> bool:
        """Whether control is looked at as the law of France does, whatever a company's own."""
        return self.counted == {"fr"}

    @classmethod
    def read(cls, text: str, asked: str) -> Laws:
        """What is written as ``issuer``, ``FR,JP`` or ``renault=FR,nissan=JP``; a ValueError says
        what is wrong."""
        named, of = set[str](), dict[str, str]()
        for word in text.split(","):
            party, given, code = word.strip().rpartition("=")
            law = country_of(code.casefold())
            if not given and law == OWN:
                continue
            if law not in LAWS:
                known = ", ".join(one.upper() for one in LAWS)
                raise ValueError(f"no rules of {code!r} are known; there are those of {known}")
            if given:
                of[party] = law
            else:
                named.add(law)
        return cls(frozenset(named), of, asked)


class Strike(NamedTuple):
    """Votes of an account of a company that a rule takes away: which part of them."""

    company: str
    account: str
    part: Fraction
    rule: str


@dataclass(frozen=True)
class Companies:
    """The law that each company is under, and what the law asks beside votes: which companies are
    told to be no share companies."""

    laws: Mapping[str, str]
    not_by_shares: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settled:
    """What came of working out control and strikes in turn.

    ``rounds`` are the states one after the other; the last ``cycle`` of them come back for ever.
    """

    rounds: list[Mapping[tuple[str, str], Strike]]
    cycle: list[Mapping[tuple[str, str], Strike]]

    @property
    def strikes(self) -> Mapping[tuple[str, str], Strike]:
        """What falls away in every state that comes back."""
        first, *others = self.cycle
        return {
            place: strike
            for place, strike in first.items()
            if all(other.get(place) == strike for other in others)
        }

    @property
    def unsettled(self) -> list[tuple[str, str]]:
        """The accounts whose votes fall away in some states that come back, and not in others."""
        places = {place for state in self.cycle for place in state}
        return sorted(places - self.strikes.keys())


def settle(structure: Structure, companies: Companies) -> Settled:
    """Control and strikes in turn, until a state comes back; after 100 rounds all that were seen
    since the first count as coming back."""
    rounds: list[Mapping[tuple[str, str], Strike]] = [{}]
    while len(rounds) <= MOST_ROUNDS:
        state = {(s.company, s.account): s for s in _strikes(structure, companies, rounds[-1])}
        if state in rounds:
            return Settled([*rounds, state], [*rounds[rounds.index(state) :], state])
        rounds.append(state)
    return Settled(rounds, rounds[1:])


def struck(strikes: Mapping[tuple[str, str], Strike]) -> Struck:
    """The part of the votes of each account that falls away."""
    return {place: strike.part for place, strike in strikes.items()}


def _strikes(
    structure: Structure, companies: Companies, before: Mapping[tuple[str, str], Strike]
) -> Iterator[Strike]:
    """What falls away, with control as it is after what fell away before."""
    plain = Control(structure, struck(before))
    presuming = Control(structure, struck(before), presuming=True)
    for company in structure.electorates:
        takes_away = _BY_LAW.get(companies.laws.get(company, ""))
        if takes_away is not None:
            yield from takes_away(_Meeting(company, companies, plain, presuming))


class _Meeting(NamedTuple):
    """The company whose meeting it is, with control as laws in general have it, and as the one of
    France does."""

    company: str
    companies: Companies
    plain: Control
    presuming: Control

    @property
    def structure(self) -> Structure:
        return self.plain.structure

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The votes in it."""
        return self.structure.electorates[self.company].blocks

    @property
    def others(self) -> Iterator[tuple[str, Block]]:
        """The accounts that one other party votes, with that party."""
        for block in self.blocks:
            if len(block.voters) == 1 and block.single and block.high:
                (voter,) = block.voters
                if voter != self.company:
                    yield voter, block

    def strike(self, block: Block, rule: str, part: Fraction = _WHOLE) -> Strike:
        return Strike(self.company, block.account, part, rule)

    def controlled(self, control: Control, rule: str) -> Iterator[Strike]:
        """The votes of those it controls; of an account that others vote too, their part."""
        members = control.alone(self.company).members
        for block in self.blocks:
            if block.voters and block.high and block.voters <= members:
                of = sum((b.high for b in self.blocks if b.account == block.account), Fraction())
                own = [b for b in self.blocks if b.account == block.account and b.voters]
                part = sum((b.high for b in own if b.voters <= members), Fraction()) / of
                yield self.strike(block, rule, part)

    def held_in(self, company: str, holders: Iterable[str]) -> list[Block]:
        """What some holders have of a company."""
        electorate = self.structure.electorates.get(company)
        return electorate.cast_by(frozenset(holders)) if electorate else []

    def capital_of(self, company: str) -> Fraction:
        """The part that it has of a company's capital."""
        return sum((b.capital for b in self.held_in(company, {self.company})), Fraction())


def _france(case: _Meeting) -> Iterator[Strike]:
    yield from case.controlled(case.presuming, "fr-l233-31")
    outside = case.companies.not_by_shares - case.presuming.alone(case.company).members
    for voter, block in case.others:
        if voter in outside and case.capital_of(voter) > _TENTH:
            yield case.strike(block, "fr-l233-30")


def _japan(case: _Meeting) -> Iterator[Strike]:
    members = case.plain.alone(case.company).members
    for voter, block in case.others:
        if voter in case.structure.electorates:
            held = sum((one.held for one in case.held_in(voter, members)), Fraction())
            of = case.structure.electorates[voter].held
            if of and held >= of * _QUARTER:
                yield case.strike(block, "jp-308")


def _kingdom(case: _Meeting) -> Iterator[Strike]:
    yield from case.controlled(case.plain, "gb-136")


def _germany(case: _Meeting) -> Iterator[Strike]:
    yield from case.controlled(case.plain, "de-71d")
    members = case.plain.alone(case.company).members
    for voter, block in case.others:
        crossed = block.capital > _QUARTER and case.capital_of(voter) > _QUARTER
        independent = voter not in members and case.company not in case.plain.alone(voter).members
        if crossed and independent and case.companies.laws.get(voter) == "de":
            yield case.strike(block, "de-328", 1 - _QUARTER / block.capital)


def share_companies_crossed(
    company: str, structure: Structure, companies: Companies
) -> Iterator[tuple[str, Fraction, Fraction]]:
    """The companies by shares of which a French one has more than 10% and that have shares of it,
    with both parts of the capital (Code de commerce, article L.233-29)."""
    electorate = structure.electorates.get(company)
    if electorate is None or companies.laws.get(company) != "fr":
        return
    case = _Meeting(company, companies, Control(structure), Control(structure))
    for voter, block in case.others:
        part = case.capital_of(voter)
        if part > _TENTH and block.capital and voter not in companies.not_by_shares:
            yield voter, part, block.capital


_BY_LAW: Mapping[str, Callable[[_Meeting], Iterator[Strike]]] = {
    "fr": _france,
    "jp": _japan,
    "gb": _kingdom,
    "de": _germany,
}
