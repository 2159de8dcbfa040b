"""What a view tells of instruments, pools and restricted shares, and of all that bears on them."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.model.fact import Fact, Possible
from ledger.model.instruments import (
    GRANTS,
    ON_CLASSES,
    POOLS,
    RESTRICTIONS,
    TYPES,
    Instruments,
)
from ledger.model.register import issuer_of
from ledger.time.view import View

_MET = ("condition-settled",)
_LEFT = ("relationship-ended",)


class Told:
    """The facts of some instruments, pools and restrictions, in the order of the fold."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._certain: dict[int, Fact] = {}
        self.possible: dict[int, Possible] = {}
        self._seen: set[str] = set()

    def add(self, kind: str, ids: Iterable[str]) -> None:
        """Add all facts of things of a kind, and of those that parts of them passed into."""
        pending = {f"{kind}:{id}" for id in ids} - self._seen
        while pending:
            self._seen |= pending
            found = self._take(*sorted(pending), types=TYPES)
            passed = (fact for fact in found if fact.type in GRANTS)
            named = {fact.text(name) for fact in passed for name in ("instrument", "into")}
            pending = {f"instrument:{id}" for id in named if id} - self._seen

    def bearing(self) -> list[Fact]:
        """The facts, with the splits, the ends of relationships and the conditions that bear on
        them, in order."""
        classes = {fact.text("share_class") for fact in self._certain.values()}
        for issuer in sorted({issuer_of(one) for one in classes if one}):
            found = self._view.unposted(f"issuer:{issuer}", ON_CLASSES)
            self._keep(found.counted, found.possible)
        texts = [fact.data for fact in self._certain.values()]
        relationships = {data["vests_while"] for data in texts if "vests_while" in data}
        conditions = {
            one["condition"] for data in texts for one in data.get("vests", ())
            if "condition" in one
        }  # fmt: skip
        self._take(*(f"relationship:{id}" for id in sorted(relationships)), types=_LEFT)
        self._take(*(f"condition:{id}" for id in sorted(conditions)), types=_MET)
        return sorted(self._certain.values(), key=lambda fact: fact.order)

    def _take(self, *subjects: str, types: Iterable[str]) -> list[Fact]:
        found = self._view.about(*subjects, types=tuple(types))
        return self._keep(found.counted, found.possible)

    def _keep(self, facts: list[Fact], possible: list[Possible]) -> list[Fact]:
        self._certain.update((fact.recorded.position, fact) for fact in facts)
        self.possible.update((one.fact.recorded.position, one) for one in possible)
        return facts


def of_issuer(view: View, issuer: str) -> Told:
    """All that a view tells of the instruments, pools and restrictions of an issuer."""
    told = Told(view)
    types = ("instrument-granted", *POOLS, *RESTRICTIONS)
    found = view.about(f"issuer:{issuer}", types=types)
    facts = [*found.certain, *(one.fact for one in found.possible)]
    for kind in ("pool", "instrument", "restriction"):
        told.add(kind, [fact.need(kind) for fact in facts if kind in fact.data])
    early = [fact.need("instrument") for fact in facts if fact.type == "instrument-granted"]
    told.add("restriction", early)  # of what came of them before it vested
    return told


def folded(facts: Iterable[Fact]) -> Instruments:
    """Facts in order, folded."""
    found = Instruments()
    for fact in facts:
        found.apply(fact)
    return found


def instruments_of(view: View, issuer: str) -> Instruments:
    """The instruments, pools and restrictions of an issuer at the cut of a view."""
    return folded(of_issuer(view, issuer).bearing())
