"""The network of stakes at one cut: who has which votes and shares of which company.

A network looks up what is asked of it, once, so that a question about one company walks the
registers that bear on it and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from ledger.model.board import BOARD, Board
from ledger.model.fact import Fact
from ledger.model.register import TREASURY
from ledger.time.existence import ENDING, end_of_party
from ledger.time.view import View
from ledger.values.quantities import printed_unit
from projections.control.casting import Cast, by_terms
from projections.subjects.ballots import Ballot, ballots, can_be_counted, totals
from projections.subjects.bases import InIssue, Totals
from projections.subjects.beside import Position, positions
from projections.subjects.checked_figures import LOWER_BOUNDS, UPPER_BOUNDS
from projections.subjects.holdings import TYPES as HOLDINGS
from projections.subjects.holdings import issuers_of
from projections.subjects.provenance import NONE, Provenance, provenance_of
from projections.subjects.reaching import alone
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.remainder import NOT_KNOWN
from projections.subjects.seats import Placed, placed
from projections.subjects.share_rights import granted_to, rows_of
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import Trust, trust_at
from projections.subjects.uncompared import Uncompared
from projections.subjects.voting_rights import TYPES as VOTING
from projections.subjects.voting_rights import Rights

RELATIONS = ("relationship-began", "relationship-ended")
TYPES = (*HOLDINGS, *VOTING, *TRUSTS, *RELATIONS, *BOARD)
OWN = ("direct", "aggregate")  # the interests that are a holder's own, or held for it
_BANDS = {  # of a register of persons with significant control, each from and to, in percent
    "over-25-to-50": (25, 50),
    "over-50-under-75": (50, 75),
    "75-or-more": (75, 100),
}


class Stake(NamedTuple):
    """What a party is disclosed to have of a company: between two parts of the whole, both
    possible unless ``above`` says that the first is not."""

    holder: str
    low: Fraction
    high: Fraction
    of: str
    interest: str
    fact: Fact
    above: bool = False

    @property
    def is_own(self) -> bool:
        """Whether it is the holder's own, and not its whole group's."""
        return self.interest in OWN


class Relation(NamedTuple):
    """A relationship that has begun at the cut and not ended, and the event by which it began."""

    party: str
    of: str
    kind: str
    fact: Fact
    since: str | None


class Company:
    """Who has the votes and the shares of a company at the cut, as far as it is known."""

    def __init__(self, view: View, issuer: str) -> None:
        self.view, self.issuer = view, issuer
        self._held: dict[str, Mapping[str, Fraction]] = {}

    @cached_property
    def is_issuer(self) -> bool:
        """Whether anything is recorded of shares of it: of most holders nothing is."""
        ids = self.view.identities.all_of(self.issuer)
        return any(self.view.history.knows(f"issuer:{id}") for id in ids)

    @cached_property
    def _walked(self) -> tuple[RegisterAtCut, Rights]:
        rights = Rights(self.view, alone)
        return Uncompared(self.view, self.issuer, rights).to_cut(), rights

    @property
    def at_cut(self) -> RegisterAtCut:
        """Its register."""
        return self._walked[0]

    @property
    def rights(self) -> Rights:
        """What bears on votes in it apart from shares."""
        return self._walked[1]

    @property
    def has_register(self) -> bool:
        """Whether any class is in issue."""
        return self.is_issuer and bool(self.at_cut.classes)

    @property
    def is_counted(self) -> bool:
        """Whether there is a register, of classes whose votes per share are all told."""
        return self.is_issuer and can_be_counted(self.at_cut, self.rights)

    @cached_property
    def ballots(self) -> Mapping[str, Ballot]:
        """The votes on each account, the treasury's too; empty where they cannot be counted."""
        return ballots(self.at_cut, self.rights)

    @cached_property
    def totals(self) -> Totals:
        """All votes."""
        return totals(self.ballots)

    @property
    def capital(self) -> list[str]:
        """The classes in issue that are shares, and so capital."""
        return self.at_cut.capital

    def held(self, share_class: str) -> Mapping[str, Fraction]:
        """The shares of a class on each account, own shares left out."""
        if share_class not in self._held:
            found = self.at_cut.register.held(share_class)
            own = {account: shares for account, shares in found.items() if account != TREASURY}
            beside = {one.holder: one.shares for one in self._beside.get(share_class, ())}
            self._held[share_class] = own | beside
        return self._held[share_class]

    @cached_property
    def _beside(self) -> Mapping[str, Sequence[Position]]:
        """Those disclosed beside its register, where it is known in part."""
        return positions(self.at_cut)

    @cached_property
    def in_issue(self) -> InIssue:
        """The shares of it in issue."""
        return InIssue.at(self.at_cut, self.rights.terms)

    def outstanding(self, share_class: str) -> Fraction:
        """The shares of a class in issue, own shares left out."""
        return self.in_issue.outstanding.get(share_class, Fraction())

    def is_pool(self, account: str) -> bool:
        """Whether an account is of several shareholders who are counted together, or of nobody
        known."""
        return account == NOT_KNOWN or self.at_cut.counts_several(account)

    def trust(self, account: str) -> Trust | None:
        """The terms of a trust that an account is of; None where it is no trust's, or has none."""
        return self.at_cut.trusts.get(account)

    def voters(self, account: str) -> list[str]:
        """Who decides how an account votes, all of them together; nobody, where the trustee votes
        neutrally, each beneficiary instructs its own part or it is the issuer itself."""
        whole = (one.voters for one in self.casting(account) if one.part == 1)
        return list(next(whole, ()))

    def casting(self, account: str) -> list[Cast]:
        """Who casts which part of the votes on an account: its holder, or by the terms of a trust
        those who instruct it, or its trustee at discretion."""
        if account in (TREASURY, NOT_KNOWN):
            return []
        if account not in self.at_cut.trusts:
            return [Cast((account,))]
        return by_terms(self.view, self.trust(account), (account,))

    def provenance(self, share_class: str, account: str) -> Provenance:
        """The events that a balance is made of."""
        for one in self._beside.get(share_class, ()):
            if one.holder == account:
                return Provenance(1, [one.by.key], one.by.standing)
        return provenance_of(self.at_cut, share_class, account).get(account, NONE)

    def events(self, account: str) -> list[str]:
        """The events that an account of any class is made of, and the terms of its trust."""
        found = [key for c in self.at_cut.classes for key in self.provenance(c, account).events]
        trust = self.trust(account)
        return list(dict.fromkeys([*found, *(fact.key for fact in (trust.facts if trust else ()))]))

    def disclosed(self, holder: str) -> list[Fact]:
        """The disclosures of a holder's stakes of which no register tells."""
        return [stake.fact for stake in self.stakes if stake.holder == holder]

    @cached_property
    def stakes(self) -> list[Stake]:
        """The latest disclosed stake of each holder, of each interest and base, of which no
        register tells."""
        latest: dict[tuple[str, str, str], Fact] = {}
        for fact in self.at_cut.disclosures if self.is_issuer else ():
            if not self.at_cut.tells_position(fact) and fact.text("percent") is not None:
                interest, of = fact.text("interest") or "direct", fact.need("percent_of")
                place = fact.need("holder"), interest, of
                before = latest.get(place)
                if before is None or _counts_more(self.view, fact, before):
                    latest[place] = fact
        return [_stake(fact, *place) for place, fact in sorted(latest.items())]


class Network:
    """Companies, relationships and seats at the cut of a view, each looked up once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._companies: dict[str, Company] = {}
        self._relations: dict[str, list[Relation]] = {}
        self._held_by: dict[str, list[str]] = {}
        self._boards: dict[str, Board] = {}
        self._ended: dict[str, Fact | None] = {}

    @property
    def looked_up(self) -> set[str]:
        """The companies that were looked up."""
        return set(self._companies)

    def gather(self, parties: Iterable[str]) -> None:
        """Read at once what is going to be looked up of some parties, one by one."""
        history, about = self.view.history, [f"party:{party}" for party in parties]
        for types in (RELATIONS[:1], BOARD, BOARD[:1], ENDING):
            history.gather(about, types)
        history.gather((f"trust:{party}" for party in parties), TRUSTS)

    def look_up(self, company: str) -> None:
        """Look up all that there is to know of a company."""
        self.holders(company)
        self.held_by(company)

    def company(self, party: str) -> Company:
        """What is known of a company's shares; of a party without any, nothing."""
        if party not in self._companies:
            self._companies[party] = Company(self.view, party)
        return self._companies[party]

    def held_by(self, party: str) -> list[str]:
        """The companies of which a party may have votes or shares, itself, through trusts or by
        rights in shares of others."""
        if party not in self._held_by:
            found = dict.fromkeys([*issuers_of(self.view, party), *granted_to(self.view, party)])
            self._held_by[party] = [issuer for issuer in found if issuer != party]
        return self._held_by[party]

    def holders(self, company: str) -> list[str]:
        """Who has votes or shares of a company or is disclosed to, who instructs or benefits from
        trusts that do, who is recorded to control it and who has seats; largest ones first."""
        known = self.company(company)
        classes = known.at_cut.classes if known.is_issuer else ()
        accounts = [account for share_class in classes for account in known.held(share_class)]
        accounts.sort(key=lambda a: -known.ballots[a].held if a in known.ballots else Fraction())
        found = [other for account in accounts for other in self._behind(known, account)]
        if known.is_issuer:
            found += [row["party"] for row in rows_of(known.at_cut)]
        found += [stake.holder for stake in known.stakes]
        relations = self.relations(company)
        found += [one.party for one in relations if one.of == company and one.kind in OVER]
        found += [one.holder for one in self.board(company).rights if not one.is_other]
        return [one for one in dict.fromkeys(found) if one != company]

    def seated_in(self, party: str) -> list[str]:
        """The companies of which a party has ever had a right to seats."""
        granted = self.view.about(f"party:{party}", types=BOARD[:1]).counted
        found = (fact.need("company") for fact in granted if fact.text("party") == party)
        return list(dict.fromkeys(found))

    def _behind(self, known: Company, account: str) -> Iterator[str]:
        yield account
        seen, trusts = {account}, [known.trust(account)]
        for trust in trusts:
            named = [*trust.instructed_by, *trust.beneficiaries] if trust else []
            yield from named
            new = [one for one in dict.fromkeys(named) if one not in seen]
            seen.update(new)
            trusts += [trust_at(self.view, one) for one in new]

    def relations(self, party: str) -> list[Relation]:
        """The relationships of a party to others and of others to it, in force at the cut; those
        of a party that has ended are over."""
        if party not in self._relations:
            self._relations[party] = [
                one
                for one in _relations(self.view, party)
                if self.has_ended(one.party) is None and self.has_ended(one.of) is None
            ]
        return self._relations[party]

    def board(self, company: str) -> Board:
        """The board of a company."""
        if company not in self._boards:
            board = Board()
            for fact in self.view.about(f"party:{company}", types=BOARD).counted:
                if fact.text("company") == company:
                    board.apply(fact)
            self._boards[company] = board
        return self._boards[company]

    def seats(self, company: str) -> list[Placed]:
        """The rights to seats of a company, and who sits by each."""
        return list(placed(self.view, self.board(company)))

    def has_ended(self, party: str) -> Fact | None:
        """The event by which a party has ended at the cut."""
        if party not in self._ended:
            after = f"{self.view.cut.as_of}~"  # after that day
            self._ended[party] = end_of_party(self.view, party, after)
        return self._ended[party]

    def above(self, parties: Iterable[str]) -> list[str]:
        """Some parties and all who may stand behind them, holder by holder."""
        return self._closure(parties, self.holders)

    def deciding(self, parties: Iterable[str]) -> list[str]:
        """The same, and all with whom any of them acts in concert, and who stands behind those."""
        return self._closure(parties, lambda one: [*self.holders(one), *self._allies(one)])

    def _allies(self, party: str) -> list[str]:
        found = [one for one in self.relations(party) if one.kind == "concert"]
        return [other for one in found for other in (one.party, one.of)]

    def below(self, parties: Iterable[str]) -> list[str]:
        """Some parties and all of which they may have anything, company by company."""
        return self._closure(parties, self.held_by)

    def _closure(self, parties: Iterable[str], beyond: _Beyond) -> list[str]:
        found = list(dict.fromkeys(parties))
        seen = set(found)
        self.gather(found)
        for party in found:
            more = list(dict.fromkeys(one for one in beyond(party) if one not in seen))
            self.gather(more)
            seen.update(more)
            found += more
        return found


OVER = ("control", "significant-control")
_Beyond = Callable[[str], list[str]]


def _counts_more(view: View, fact: Fact, before: Fact) -> bool:
    """Whether a disclosure takes the place of one before it: a later day's, or the preferred."""
    if fact.order[0] != before.order[0]:
        return fact.order[0] > before.order[0]
    return view.preference(fact) > view.preference(before)


def _stake(fact: Fact, holder: str, interest: str, of: str) -> Stake:
    """A disclosed percentage as what it can have been before it was rounded."""
    percent, qualifier = fact.need("percent"), fact.text("qualifier") or "exactly"
    value, unit = Fraction(percent), printed_unit(percent)
    low, high = value - unit / 2, value + unit / 2
    if (upto := fact.text("percent_to")) is not None:
        low, high = value, Fraction(upto)
    elif qualifier == "about":
        low, high = value - unit, value + unit
    elif qualifier in LOWER_BOUNDS:
        low, high = value, Fraction(100)
    elif qualifier in UPPER_BOUNDS:
        low, high = Fraction(), value
    elif value in (0, 100):  # the ends of the scale are not rounded to
        low, high = value, value
    return Stake(
        holder, max(low, Fraction()) / 100, min(high, Fraction(100)) / 100, of, interest, fact,
        qualifier == "more-than",
    )  # fmt: skip


def bands(relation: Relation) -> Iterator[Stake]:
    """The shares and votes that a register of persons with significant control says, in bands."""
    for nature in relation.fact.many("natures"):
        if nature["of"] in ("shares", "votes") and (band := nature.get("band")) is not None:
            low, high = (Fraction(end, 100) for end in _BANDS[band])
            of = "votes" if nature["of"] == "votes" else "issued"
            yield Stake(relation.party, low, high, of, "group", relation.fact, low < Fraction(3, 4))


def _relations(view: View, party: str) -> Iterator[Relation]:
    related = view.about(f"party:{party}", types=RELATIONS[:1]).counted
    for id in sorted({fact.need("relationship") for fact in related}):
        steps = view.about(f"relationship:{id}", types=RELATIONS).counted
        going = list(takewhile(lambda step: step.type == RELATIONS[0], reversed(steps)))
        if going:
            began = going[0]
            parts = began.need("party"), began.need("of"), began.need("kind")
            yield Relation(*parts, began, going[-1].since)
