"""Whose the capital of companies is: by registers and disclosures, trusts and nominees passed
through; what pools of shareholders and parties that have ended have is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ledger.model.fact import STANDINGS, Fact
from ledger.model.register import Pair, account_of
from projections.answer import keys
from projections.control.flows import total
from projections.control.interests import Between, Ownership, exactly
from projections.control.network import Company, Network, Stake
from projections.subjects.checked_figures import is_point
from projections.subjects.entitlements import Registers
from projections.subjects.share_rights import rows_of, shortfalls
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.trusts import Trust, trust_at
from projections.told import told

OF_CAPITAL = ("outstanding", "issued", "capital", "capital-par", "unstated")  # preferred first
_NOTHING = Fraction()


class Evidence(NamedTuple):
    """The events that a part rests on, and the rank of the weakest."""

    events: list[str]
    rank: int = 0

    def with_other(self, other: Evidence) -> Evidence:
        """Both together."""
        events = list(dict.fromkeys([*self.events, *other.events]))
        return Evidence(events, max(self.rank, other.rank))


@dataclass
class _Found:
    """What is put together about stakes: as they are told, and as they can have been before they
    were rounded; the evidence of those that no account shows; remarks."""

    told: dict[str, dict[str, Between]] = field(default_factory=lambda: defaultdict(dict))
    printed: dict[str, dict[str, Between]] = field(default_factory=lambda: defaultdict(dict))
    evidence: dict[tuple[str, str], Evidence] = field(default_factory=dict)
    trusts: dict[str, Trust] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, company: str, owner: str, part: Between, printed: Between | None = None) -> None:
        """Add to the part of an owner."""
        for of, more in ((self.told, part), (self.printed, printed or part)):
            before = of[company].get(owner, exactly(_NOTHING))
            of[company][owner] = _more(before, more)


class Capital:
    """The parts of capital of some companies, and of trusts, with whom they are.

    With ``upward`` also of the companies that own them, and of theirs. Parts are by number of
    shares; ``by_par`` by par value, where every class tells it in one currency.
    """

    def __init__(
        self,
        network: Network,
        companies: Iterable[str],
        *,
        upward: bool = False,
        by_par: bool = False,
    ) -> None:
        self.network, self._starts = network, companies
        self._upward, self._by_par = upward, by_par

    @cached_property
    def told(self) -> Ownership:
        """The parts as they are told; a band is what it spans."""
        return Ownership(self._found.told)

    @cached_property
    def printed(self) -> Ownership:
        """The parts as they can have been before they were rounded."""
        return Ownership(self._found.printed)

    @property
    def trusts(self) -> Mapping[str, Trust]:
        """The trusts among the owners, with their terms."""
        return self._found.trusts

    @property
    def notes(self) -> Sequence[str]:
        """What is left out, and how the parts are counted."""
        return self._found.notes

    def evidence(self, company: str, owner: str) -> Evidence:
        """The events by which an owner has a part of a company."""
        found = self._found.evidence.get((company, owner), Evidence([]))
        if company in self.trusts:
            return found
        known = self.network.company(company)
        for share_class in known.capital:
            made_of = known.provenance(share_class, owner)
            rank = STANDINGS.index(made_of.standing)
            found = found.with_other(Evidence(made_of.events, rank))
        return found

    @cached_property
    def _found(self) -> _Found:
        found = _Found()
        pending = list(dict.fromkeys(self._starts))
        seen = set(pending)
        for party in pending:
            owners = self._look(found, party)
            self.network.view.history.gather([f"trust:{one}" for one in owners], TRUSTS)
            more = owners if self._upward else [one for one in owners if self._trust(found, one)]
            pending += [one for one in dict.fromkeys(more) if one not in seen]
            seen.update(more)
        return found

    def _look(self, found: _Found, party: str) -> list[str]:
        """Put together whose a company or a trust is; returns its owners."""
        if (trust := self._trust(found, party)) is not None:
            for one in trust.benefits:
                if not one.income and not self._has_ended(found, one.party):
                    found.add(party, one.party, Between(one.low, one.high))
                    found.evidence[party, one.party] = _evidence(trust.facts)
        elif (known := self.network.company(party)).is_issuer:
            if known.capital:
                self._register(found, known)
            self._disclosed(found, known)
        return list(found.told.get(party, ()))

    def _trust(self, found: _Found, party: str) -> Trust | None:
        """The terms of a party that is a trust."""
        if party in found.trusts:
            return found.trusts[party]
        trust = trust_at(self.network.view, party)
        if trust is not None:
            found.trusts[party] = trust
        return trust

    def _register(self, found: _Found, known: Company) -> None:
        """The accounts of a register, over all classes that are capital."""
        worth = known.in_issue.pars if self._by_par else None
        each = worth or dict.fromkeys(known.capital, Fraction(1))
        shares, rights = _beneficial(self.network, known, each)
        issued = total(known.outstanding(c) * value for c, value in each.items())
        whole = issued - shares.pop("", exactly(_NOTHING)).low
        if whole <= 0:
            return
        found.told[known.issuer], found.printed[known.issuer] = {}, {}
        for owner, held in shares.items():
            if held.high and not known.is_pool(owner) and not self._has_ended(found, owner):
                found.add(known.issuer, owner, Between(held.low / whole, held.high / whole))
        for owner, evidence in rights.items():
            found.evidence[known.issuer, owner] = evidence
        found.notes += shortfalls(known.at_cut, rows_of(known.at_cut)) if rights else ()
        if len(known.capital) > 1:
            by = "par value" if worth else "number of shares"
            of = told("party", known.issuer)
            found.notes.append(f"Parts of {of} are by {by}, all classes together.")

    def _disclosed(self, found: _Found, known: Company) -> None:
        """The stakes of which no register tells, one for each holder."""
        chosen = dict[str, Stake]()
        beside = {holder for c in known.capital for holder in known.held(c)}
        stakes = [stake for stake in known.stakes if stake.holder not in beside]
        for stake in sorted(stakes, key=_preferred):
            if _counts(known, stake) and not known.is_pool(stake.holder):
                chosen.setdefault(stake.holder, stake)
        for stake in stakes:
            if stake.holder not in chosen and not known.is_pool(stake.holder):
                found.notes.append(_not_counted(known.issuer, stake))
        for holder, stake in chosen.items():
            if not self._has_ended(found, holder):
                scale = _scale(known, stake)
                printed = Between(stake.low * scale, stake.high * scale)
                point = point_of(stake)
                part = printed if point is None else exactly(point * scale)
                found.add(known.issuer, holder, part, printed)
                found.evidence[known.issuer, holder] = _evidence([stake.fact])

    def has_ended(self, party: str) -> bool:
        """Whether a party has ended; it is noted that who has what it had is not known."""
        return self._has_ended(self._found, party)

    def _has_ended(self, found: _Found, party: str) -> bool:
        if self.network.has_ended(party) is None:
            return False
        note = f"{told('party', party)} has ended: who has its part is not known."
        if note not in found.notes:
            found.notes.append(note)
        return True


def _evidence(facts: Sequence[Fact]) -> Evidence:
    return Evidence(keys(facts), max((fact.rank for fact in facts), default=0))


def _beneficial(
    network: Network, known: Company, each: Mapping[str, Fraction]
) -> tuple[dict[str, Between], dict[str, Evidence]]:
    """By owner: shares of all classes that are capital, each of its worth, those of nominees and
    depositaries with whom they are for, those for the company itself under no name; and the rights
    by which it is so. For whom a nominee has the rest of its shares is not known."""
    shares = defaultdict[str, Between](lambda: exactly(_NOTHING))
    rights, registers = dict[str, Evidence](), Registers(network.view)
    registers.add(known.at_cut)
    entitled = registers.of(known.issuer)
    for share_class, worth in each.items():
        conduits = dict[Pair, None]()
        for account, held in known.held(share_class).items():
            pair = share_class, account
            if account in known.at_cut.trusts or entitled.is_plain(pair):
                shares[account] = _more(shares[account], exactly(held * worth))
            else:
                conduits[pair] = None
        pending = list(conduits)
        for pair in pending:
            for part in entitled.parts(pair):
                through = share_class, account_of(share_class, part.owner)
                if part.through == "nominee" and entitled.is_conduit(through):
                    pending += [through] if through not in conduits else []
                    conduits[through] = None
                elif part.of != "income":
                    to = "" if part.owner == known.issuer else part.owner
                    shares[to] = _more(shares[to], Between(part.low * worth, part.high * worth))
                    evidence = _evidence_of(network, part.events)
                    rights[to] = rights.get(to, Evidence([])).with_other(evidence)
    return dict(shares), rights


def _more(before: Between, part: Between) -> Between:
    return Between(before.low + part.low, before.high + part.high)


def _evidence_of(network: Network, events: Sequence[str]) -> Evidence:
    """Some events by their keys, and the rank of the weakest."""
    view = network.view
    facts = [view.fact(found) for key in events for found in view.history.mentioning(f"key:{key}")]
    return Evidence(list(events), max((fact.rank for fact in facts if fact), default=0))


def _counts(known: Company, stake: Stake) -> bool:
    """Whether a part of capital follows from a stake; beside a register, of what it is must be
    told."""
    bases = OF_CAPITAL[:-1] if known.capital else OF_CAPITAL
    return stake.is_own and stake.of in bases


def _preferred(stake: Stake) -> tuple[bool, int, str]:
    base = OF_CAPITAL.index(stake.of) if stake.of in OF_CAPITAL else len(OF_CAPITAL)
    return stake.interest != "aggregate", base, stake.holder


def point_of(stake: Stake) -> Fraction | None:
    """The one figure that is disclosed; None of a band or a bound."""
    return Fraction(stake.fact.need("percent")) / 100 if is_point(stake.fact) else None


def _scale(known: Company, stake: Stake) -> Fraction:
    """What makes a disclosed part one of all capital that is not the company's own."""
    named = stake.fact.text("share_class")
    classes = [named] if named in known.capital else known.capital
    whole = known.in_issue.whole("outstanding", known.capital)
    base = "outstanding" if stake.of == "outstanding" else "issued"
    return (known.in_issue.whole(base, classes) or _NOTHING) / whole if whole else Fraction(1)


def _not_counted(issuer: str, stake: Stake) -> str:
    of = "of what is not stated" if stake.of == "unstated" else f"of {stake.of}"
    what = of if stake.is_own else "of a whole group"
    return (
        f"{told('event', stake.fact.key)} tells what {told('party', stake.holder)} has of"
        f" {told('party', issuer)} as a percentage {what}: no part of its capital follows."
    )
