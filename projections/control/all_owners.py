"""Who has every company of a ledger in the end at a cut, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm

from ledger.time.exclusions import everything
from ledger.time.view import View
from projections.answer import Answer, Rows
from projections.control.capital import Capital
from projections.control.interests import Between, Interests, Ownership, exactly
from projections.control.market import Market
from projections.control.owner_rules import (
    OWNER,
    UNKNOWN,
    Owner,
    Threshold,
    economic_owners,
)
from projections.control.owners import NO_ADVICE, oddities, part_told, threshold_of
from projections.control.vectors import Ends, Stakes, ends
from projections.control_rows import EconomicRow

ONE_BY_ONE = "Since when, and by which events, is told of one company: `stakebook owners COMPANY`."
UNSOLVED = "not solved"  # the role of nobody, where a loop on the way is too long


def all_owners(view: View, at: str | None = None, digits: int = 4) -> Answer[EconomicRow]:
    """The economic owners of all companies, or those that have so much of one."""
    threshold = threshold_of("economic", at)
    everybody = _Everybody(Market(view))
    answer = Answer[EconomicRow](rows=Rows(everybody.rows(threshold, digits)))
    if answer.rows:
        for note in (*everybody.capital.notes, *oddities(everybody.capital), ONE_BY_ONE, NO_ADVICE):
            answer.note(note)
    elif everybody.capital.told.owners or everybody.market.plain:
        answer.none("Nobody on record is an owner of any company.")
    else:
        answer.about.append(everything(view))
        answer.gap(
            "no event at this cut tells who owns anything", "a register or a stake-disclosed"
        )
    return answer


class _Everybody:
    """The stakes in all companies."""

    def __init__(self, market: Market) -> None:
        self.market = market

    @cached_property
    def capital(self) -> Capital:
        """Whose the companies are of which more is recorded than movements, and trusts."""
        return Capital(self.market.network, self.market.others)

    @cached_property
    def stakes(self) -> Mapping[str, Stakes]:
        """The stakes in companies that are exact parts of a whole."""
        found = {c: Stakes(sum(of.values()), of) for c, of in self.market.plain.items() if of}
        odd = {one.company for one in self.capital.told.oddities}
        for company, of in self.capital.told.owners.items():
            printed = self.capital.printed.owners[company]
            if company not in odd and all(p.is_exact and printed[o] == p for o, p in of.items()):
                whole = lcm(*(part.low.denominator for part in of.values()))
                parts = {owner: int(part.low * whole) for owner, part in of.items()}
                found[company] = Stakes(whole, parts)
        return found

    @cached_property
    def left(self) -> Mapping[str, Mapping[str, Between]]:
        """The owners of the companies whose stakes are no such parts."""
        told = self.capital.told.owners
        return {company: of for company, of in told.items() if company not in self.stakes}

    def rows(self, threshold: Threshold, digits: int) -> Iterator[EconomicRow]:
        """The owners company by company, each after its own owners."""
        for company, found, long in ends(self.stakes, {c: [*of] for c, of in self.left.items()}):
            if self.market.network.has_ended(company) is not None:
                continue
            if long:
                yield _row(company, Owner(None, UNSOLVED, "multiplied", certain=False), digits)
                continue
            owners = (
                economic_owners(*self._singly(company), threshold)
                if found is None
                else exact_owners(found, threshold)
            )
            for one in owners:
                yield _row(company, one, digits)

    def _singly(self, company: str) -> tuple[Interests, Interests]:
        """The interests in one company, as they are told and as they can have been before they
        were rounded."""
        above = {company: self._of(company, self.capital.told)}
        pending = [company]
        for one in pending:
            new = [o for o in above[one] if o not in above and (o in self.stakes or o in self.left)]
            above |= {owner: self._of(owner, self.capital.told) for owner in new}
            pending += new
        printed = {one: self._of(one, self.capital.printed) for one in above}
        return Ownership(above).of(company), Ownership(printed).of(company)

    def _of(self, company: str, owners: Ownership) -> Mapping[str, Between]:
        """The part of each owner of a company."""
        if company in owners.owners:
            return owners.owners[company]
        of = self.stakes[company]
        return {owner: exactly(Fraction(n, of.whole)) for owner, n in of.owners.items()}


def exact_owners(found: Ends, threshold: Threshold) -> Iterator[Owner]:
    """The economic owners of a company of which every part is exact; of the many that have less
    than the threshold no fraction is made."""
    at, whole = threshold.at, found.whole
    least = at.numerator * whole
    counted = [
        (-part, party)
        for party, part in found.parts.items()
        if party is not None
        and (
            part * at.denominator > least
            or (part * at.denominator == least and not threshold.above)
        )
    ]
    named: list[tuple[str | None, int]] = [(party, -part) for part, party in sorted(counted)]
    if unknown := found.parts.get(None, 0):
        named.append((None, unknown))
    for party, part in named:
        both = exactly(Fraction(part, whole))
        role = UNKNOWN if party is None else OWNER
        yield Owner(party, role, "multiplied", both, both, of="capital")


def _row(company: str, one: Owner, digits: int) -> EconomicRow:
    return {
        "company": company,
        "rule": "economic",
        "party": one.party,
        "role": one.role,
        "by": one.by,
        "through": list(one.through),
        **part_told(one, digits),
        "certain": "yes" if one.certain else "no",
    }
