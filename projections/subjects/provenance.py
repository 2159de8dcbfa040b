"""Evidence: the events that the balances of a register are made of, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.model.fact import STANDINGS, Fact
from projections.subjects.register_at_cut import Position

MOST_LISTED = 1_000  # a balance made of more events gives their number only


class Evidence(NamedTuple):
    """The number of events, their keys (none where there are too many), the weakest standing."""

    number: int
    events: list[str]
    standing: str


NONE = Evidence(0, [], STANDINGS[0])


def evidence_of(
    position: Position, share_class: str, account: str | None = None
) -> Mapping[str, Evidence]:
    """What each balance of a class is made of; with an account, only that one."""
    register, found = position.register, dict[str, _Gathered]()
    for (of, on), facts in position.made_of.items():
        if of == share_class and account in (None, on):
            found.setdefault(on, _Gathered()).add(facts)
    for tranche in register.tranches(share_class):
        upto = tranche.upto or register.moment
        rests = register.settled.rests(
            tranche.share_class, account, tranche.after, upto, MOST_LISTED
        )
        for on, rest in rests.items():
            gathered = found.setdefault(on, _Gathered())
            gathered.count += rest.number
            gathered.rank = max(gathered.rank, rest.rank)
            gathered.listed.update(rest.listed)
            gathered.add(tranche.by)
    return {on: gathered.evidence() for on, gathered in found.items()}


class _Gathered:
    """Evidence as it is put together; what was folded can be met more than once."""

    def __init__(self) -> None:
        self.count, self.rank = 0, 0
        self.listed: set[tuple[str, int, str]] = set()
        self._folded: set[str] = set()

    def add(self, facts: list[Fact] | tuple[Fact, ...]) -> None:
        """Add events that were folded."""
        for fact in facts:
            self._folded.add(fact.key)
            self.rank = max(self.rank, fact.rank)
            self.listed.add(fact.listed)

    def evidence(self) -> Evidence:
        """The evidence gathered."""
        count = self.count + len(self._folded)
        events = [key for *_, key in sorted(self.listed)] if count <= MOST_LISTED else []
        return Evidence(count, events, STANDINGS[self.rank])
