"""Provenance: the events that the balances of a register are made of, and what they are worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.model.fact import STANDINGS, Fact
from projections.subjects.register_at_cut import RegisterAtCut

MOST_LISTED = 1_000  # a balance made of more events gives their number only


class Provenance(NamedTuple):
    """The number of events, their keys (none where there are too many), the weakest standing."""

    number: int
    events: list[str]
    standing: str


NONE = Provenance(0, [], STANDINGS[0])


def provenance_of(
    at_cut: RegisterAtCut,
    share_class: str,
    account: str | None = None,
    most: int = MOST_LISTED,
) -> Mapping[str, Provenance]:
    """What each balance of a class is made of, listing so many events of each; with an account,
    only that one.

    After a reclassification the old class is made of nothing earlier: its shares left with their
    events.
    """
    register, found = at_cut.register, dict[str, _Gathered]()
    for (of, on), facts in at_cut.made_of.items():
        if of == share_class and account in (None, on):
            found.setdefault(on, _Gathered()).add(facts)
    for segment in register.segments(share_class):
        upto = segment.upto or register.fold_key
        summaries = register.posted.summaries(
            segment.share_class, account, segment.after, upto, most
        )
        for on, summary in summaries.items():
            gathered = found.setdefault(on, _Gathered())
            gathered.count += summary.number
            gathered.rank = max(gathered.rank, summary.rank)
            gathered.posted += summary.listed
            gathered.add(segment.by)
    return {on: gathered.provenance(most) for on, gathered in found.items()}


class _Gathered:
    """Provenance as it is put together; what was replayed can be met more than once."""

    def __init__(self) -> None:
        self.count, self.rank = 0, 0
        self.posted: list[tuple[str, int, str]] = []
        self._replayed: dict[str, tuple[str, int, str]] = {}

    def add(self, facts: list[Fact] | tuple[Fact, ...]) -> None:
        """Add events that were replayed."""
        for fact in facts:
            self._replayed[fact.key] = fact.listed
            self.rank = max(self.rank, fact.rank)

    def provenance(self, most: int) -> Provenance:
        """The evidence gathered, with its events if they are no more than that."""
        count = self.count + len(self._replayed)
        listed = sorted([*self.posted, *self._replayed.values()]) if count <= most else []
        events = [key for *_, key in listed]
        return Provenance(count, events, STANDINGS[self.rank])
