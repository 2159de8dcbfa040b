"""Trusts: the terms in force at a cut."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.time.view import View
from ledger.values.refusals import Unhandled
from projections.answer import Answer
from projections.told import told

TYPES = ("trust-settled", "trust-amended", "trust-ended")


class Trust(NamedTuple):
    """The terms of a trust, and the events they come from."""

    terms: dict[str, Any]
    facts: list[Fact]

    @property
    def beneficiary(self) -> str | None:
        return ", ".join(one["party"] for one in self.terms.get("beneficiaries", ())) or None

    @property
    def instructed_by(self) -> list[str]:
        """Who tells the trustee how to vote: whom its terms name, else the beneficiaries."""
        named = self.terms.get("instructed_by")
        return list(named or (one["party"] for one in self.terms.get("beneficiaries", ())))

    @property
    def trustee(self) -> str | None:
        return ", ".join(self.terms.get("trustees", ())) or None


def note_unknown_terms(answer: Answer[Any], trusts: Iterable[str]) -> None:
    """Say of trusts that their terms are not told at the cut."""
    for trust in trusts:
        clause = f"no event at this cut tells the terms of {told('party', trust)}"
        answer.gap(clause, "a trust-settled", [((f"party:{trust}",), TYPES)])


def trust_at(view: View, trust: str) -> Trust | None:
    """The terms of a trust at the view's cut; None where no event of the cut settles it."""
    terms: dict[str, Any] = {}
    facts = []
    for fact in view.about(f"party:{trust}", types=TYPES).certain:
        if fact.need("trust") != trust:
            continue
        match fact.type:
            case "trust-settled" | "trust-amended":
                terms.update({k: v for k, v in fact.data.items() if k in _TERMS})
            case "trust-ended":
                terms["ended_on"] = fact.order[0]
            case _:
                raise Unhandled(fact.type, "the terms of a trust")
        facts.append(fact)
    return Trust(terms, facts) if "settlors" in terms else None


_TERMS = (
    "settlors",
    "trustees",
    "beneficiaries",
    "voting",
    "voting_exceptions",
    "instructed_by",
    "sale_ordered_by",
    "first_offer_to",
)
