"""Trusts: the terms in force at a cut."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.time.history import TRUST_TERMS
from ledger.time.view import View
from ledger.values.quantities import parse_votes
from ledger.values.refusals import Unhandled
from projections.answer import Answer
from projections.told import told

TYPES = TRUST_TERMS


class Benefit(NamedTuple):
    """What part of a trust is for a beneficiary, at the least and at the most; of ``income`` alone
    where it has no part of the capital."""

    party: str
    low: Fraction
    high: Fraction
    income: bool = False


class Trust(NamedTuple):
    """The terms of a trust, and the events they come from."""

    terms: dict[str, Any]
    facts: list[Fact]

    @property
    def beneficiaries(self) -> list[str]:
        return [one["party"] for one in self.terms.get("beneficiaries", ())]

    @property
    def trustees(self) -> list[str]:
        return list(self.terms.get("trustees", ()))

    @property
    def benefits(self) -> list[Benefit]:
        """The part of each beneficiary: its fraction; of a single one, unless it is at discretion,
        the whole; else anything up to what the fractions told leave."""
        found = []
        for income in (False, True):
            named = [
                one
                for one in self.terms.get("beneficiaries", ())
                if (one.get("capital") == "no") == income
            ]
            told = [parse_votes(one["fraction"]) for one in named if "fraction" in one]
            rest = 1 - sum(told, Fraction())
            whole = len(named) == 1 and self.terms.get("kind") != "discretionary"
            for one in named:
                low, high = (rest if whole else Fraction()), rest
                if "fraction" in one:
                    low = high = parse_votes(one["fraction"])
                found.append(Benefit(one["party"], low, high, income))
        return found

    @property
    def beneficiary(self) -> str | None:
        """Who alone bears all gain and loss, where one does."""
        return next((one.party for one in self.benefits if one.low == 1 and not one.income), None)

    def least_for(self, party: str) -> Fraction:
        """The part of the capital that is for a party at the least."""
        own = (one.low for one in self.benefits if one.party == party and not one.income)
        return sum(own, Fraction())

    @property
    def ended(self) -> bool:
        return "ended_on" in self.terms

    @property
    def is_own(self) -> bool:
        """Whether the one trustee is the one beneficiary, and so holds for itself."""
        return self.trustees == [self.beneficiary]

    def is_for(self, party: str) -> bool:
        """Whether it holds for a party, or a party is its trustee."""
        return party in (*self.beneficiaries, *self.trustees)

    @property
    def voting(self) -> str | None:
        """How the trustee votes; where its terms do not say it, by what kind of trust it is."""
        said = self.terms.get("voting")
        if said is not None or self.terms.get("kind") == "voting-trust":
            return str(said or "neutral")
        return "as-instructed" if self.terms.get("kind") != "discretionary" else "holder"

    @property
    def votes_by(self) -> str | None:
        """Who votes, or instructs the trustee."""
        match self.voting:
            case "neutral":
                return None
            case "holder":
                return self.trustee
        return ", ".join(self.instructed_by) or None

    @property
    def disposal_by(self) -> str | None:
        """Who orders a sale; of a bare trust, whom it is for."""
        if (ordered := self.terms.get("sale_ordered_by")) is not None:
            return str(ordered)
        return ", ".join(self.beneficiaries) if self.terms.get("kind") == "bare" else None

    def votes_for(self, beneficiary: str) -> str | None:
        """Who votes the part of a beneficiary: itself, where it instructs and others are not
        named to."""
        own = self.voting == "as-instructed" and not self.terms.get("instructed_by")
        return beneficiary if own else self.votes_by

    def disposal_for(self, beneficiary: str) -> str | None:
        """Who orders the sale of the part of a beneficiary."""
        own = self.terms.get("kind") == "bare" and "sale_ordered_by" not in self.terms
        return beneficiary if own else self.disposal_by

    @property
    def capacity(self) -> str:
        """In what capacity it holds, in words."""
        of = ", ".join(self.beneficiaries) or "beneficiaries not told"
        return f"{'ended trust' if self.ended else 'trustee'} for {of}"

    @property
    def instructed_by(self) -> list[str]:
        """Who tells the trustee how to vote: whom its terms name, else the beneficiaries."""
        return list(self.terms.get("instructed_by") or self.beneficiaries)

    @property
    def trustee(self) -> str | None:
        return ", ".join(self.trustees) or None


def settled(view: View, ids: Iterable[str]) -> list[str]:
    """Those of some ids that an event which counts at the cut, or may, settles as a trust."""
    asked = set(ids)
    if not view.identities:
        told_of = view.history.told_of([f"trust:{id}" for id in sorted(asked)], TYPES[:1])
        asked = {id for id in asked if f"trust:{id}" in told_of}
    return sorted(id for id in asked if _is_settled(view, id))


def posted_trusts(view: View, issuers: Iterable[str]) -> set[str]:
    """The trusts, at any cut, that have an account of posted movements in some registers, and the
    parties of several ids, which may be one."""
    identities, history = view.identities, view.history
    found = (trust for issuer in issuers for trust in history.trusts_of(issuer))
    return {identities.of(trust) for trust in chain(found, identities.several)}


def _is_settled(view: View, id: str) -> bool:
    found = view.about(f"trust:{id}", types=TYPES[:1])
    facts = chain(found.certain, (possible.fact for possible in found.possible))
    return any(fact.text("trust") == id for fact in facts)


def note_unknown_terms(answer: Answer[Any], trusts: Iterable[str]) -> None:
    """Say of trusts that their terms are not told at the cut."""
    for trust in trusts:
        clause = f"no event at this cut tells the terms of {told('party', trust)}"
        answer.gap(clause, "a trust-settled", [((f"party:{trust}",), TYPES)])


def trust_at(view: View, trust: str) -> Trust | None:
    """The terms of a trust at the view's cut; None where no event of the cut settles it."""
    return trusts_at(view, [trust])[trust]


def trusts_at(view: View, trusts: Iterable[str]) -> dict[str, Trust | None]:
    """The terms of some trusts at the view's cut; None of those that no event of it settles."""
    told: dict[str, list[Fact]] = {trust: [] for trust in trusts}
    about = [f"trust:{trust}" for trust in told]
    if len(about) > 1:
        view.history.gather(about, TYPES)
    for fact in view.about(*about, types=TYPES).certain:
        if fact.need("trust") in told:
            told[fact.need("trust")].append(fact)
    return {trust: _told_by(facts) for trust, facts in told.items()}


def _told_by(facts: list[Fact]) -> Trust | None:
    terms: dict[str, Any] = {}
    for fact in facts:
        match fact.type:
            case "trust-settled" | "trust-amended":
                terms.update({k: v for k, v in fact.data.items() if k in _TERMS})
            case "trust-ended":
                terms["ended_on"] = fact.order[0]
            case _:
                raise Unhandled(fact.type, "the terms of a trust")
    return Trust(terms, facts) if "settlors" in terms else None


_TERMS = (
    "settlors",
    "trustees",
    "beneficiaries",
    "kind",
    "protectors",
    "voting",
    "voting_exceptions",
    "instructed_by",
    "sale_ordered_by",
    "first_offer_to",
)
