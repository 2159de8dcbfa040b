"""A register walked event by event with somebody looking on: what explains holdings and votes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Self

from ledger.model.fact import Fact
from ledger.time.exclusions import Excluded
from ledger.time.view import View
from projections.explain.explanation import Explanation, unused
from projections.subjects.checked_figures import printed_percent
from projections.subjects.register_at_cut import CHECKS, RegisterAtCut
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.watcher import Watcher
from projections.told import told


class Walk(RegisterAtCut):
    """A position that shows itself after each event it takes into account."""

    def __init__(
        self,
        view: View,
        issuer: str,
        after: Callable[[Walk, Fact], None],
        watcher: Watcher | None = None,
    ) -> None:
        self._after = after
        super().__init__(view, issuer, watcher, whole=True)

    def to_cut(self) -> Self:
        super().to_cut()
        self._after = lambda *_: None  # who looked on may keep this, and both are let go of at once
        return self

    def _see(self, fact: Fact) -> None:
        super()._see(fact)
        if fact.type not in CHECKS:
            self._after(self, fact)

    def _check(self, fact: Fact) -> None:
        super()._check(fact)
        self._after(self, fact)


def add_trusts(explanation: Explanation, walk: Walk, accounts: list[str]) -> None:
    """The events that give the trusts among the accounts their terms, as steps."""
    for name in accounts:
        trust = walk.trusts.get(name)
        for fact in trust.facts if trust else ():
            terms = {"trustees", "beneficiaries", "voting"} & fact.data.keys()
            words = ", ".join(_term(fact, term) for term in sorted(terms))
            state = f"terms of {told('party', name)}: {words or 'as before'}"
            explanation.add_step(fact, state, holder=name)


def _term(fact: Fact, term: str) -> str:
    if term == "voting":
        return f"voting {fact.need(term)}"
    if term == "trustees":
        return f"trustees {', '.join(told('party', one) for one in fact.many(term))}"
    return f"beneficiaries {', '.join(_beneficiary(one) for one in fact.many(term))}"


def _beneficiary(one: Mapping[str, str]) -> str:
    return told("party", one["party"]) + (f" {one['fraction']}" if "fraction" in one else "")


def excluded_trusts(view: View, explained: Explanation, party: str) -> list[Excluded]:
    """The events of trusts that name a party and give no trust of the figure its terms."""
    used = {fact.key for fact in explained.steps}
    return unused(view, f"party:{party}", used, _of_another_trust, TRUSTS)


def _of_another_trust(fact: Fact) -> tuple[str, str]:
    return "of others", f"no shares counted here stand in {told('party', fact.need('trust'))}"


def disclosure_words(fact: Fact) -> str:
    """What a disclosure says, as printed."""
    stated = [f"{fact.need('shares')} shares"] if fact.text("shares") else []
    stated += [f"{fact.need('votes')} votes"] if fact.text("votes") else []
    if fact.text("percent"):
        stated.append(f"{printed_percent(fact)} of {fact.text('percent_of')}")
    qualifier = fact.data.get("qualifier", "exactly")
    return ("" if qualifier == "exactly" else f"{qualifier} ") + " and ".join(stated)
