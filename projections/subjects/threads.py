"""Threads of steps read for their state: the status, what it rests on, and what contradicts it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.threads import OWN_KINDS, Contradiction, contradictions, thread_of
from ledger.time.view import View


class Thread(NamedTuple):
    """The steps of one deal, offering, ...: in order, the contradicting ones apart."""

    id: str
    steps: list[Fact]
    contradictions: list[Contradiction]
    view: View

    @property
    def disputed(self) -> list[Fact]:
        """The steps set aside that do not only tell again what a preferred one tells."""
        return [one.step for one in self.contradictions if not one.reported_twice]

    def last(self, *types: str) -> Fact | None:
        """The last step of the types given that does not only repeat another."""
        stated = (step for step in reversed(self.steps) if not step.repeats)
        return next((step for step in stated if step.type in types), None)

    def first(self, *types: str) -> Fact | None:
        """The first step of the types given."""
        return next((step for step in self.steps if step.type in types), None)

    def preferred(self, field: str, *types: str) -> Fact | None:
        """Of the steps that give a field, the one the policy prefers, then the latest."""
        given = [s for s in self.steps if field in s.data and (not types or s.type in types)]
        weight, preference = self.view.weight, self.view.preference
        return max(given, key=lambda s: (weight(s), s.order[:2], preference(s)), default=None)


def threads(view: View, facts: Iterable[Fact], kind: str) -> list[Thread]:
    """The steps of threads of a kind among facts, by their ids, contradictions set aside.

    Steps of one day and sequence stand in the order of the kind's steps.
    """
    types, fields = OWN_KINDS[kind].types, OWN_KINDS[kind].fields
    field, within = fields[-1], fields[0] if len(fields) > 1 else ""
    grouped: dict[tuple[str, str], list[Fact]] = {}
    chosen = [fact for fact in facts if fact.type in types and field in fact.data]
    for fact in sorted(chosen, key=lambda f: (*f.order[:2], types.index(f.type), f.order[2])):
        grouped.setdefault((fact.need(field), fact.text(within) or ""), []).append(fact)
    found = []
    for (id, _), steps in sorted(grouped.items()):
        followed = [s for s in steps if (thread := thread_of(s)) is not None and id in thread]
        found_against = contradictions(followed, view.weight)
        kept = [step for step in steps if step not in [one.step for one in found_against]]
        found.append(Thread(id, kept, found_against, view))
    return found
