"""No official step of an instrument uses more than is open, or than has vested; no pool is smaller
than what is granted of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.grants import Problem
from ledger.model.instruments import BEARING, OF_INSTRUMENTS, ON_CLASSES, POOLS, TYPES
from ledger.rules.new_events import NewEvents
from ledger.time.instruments import Told, folded
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, shown, to_run

ON_INSTRUMENTS = frozenset((*TYPES, *BEARING))
_VESTING = ("instrument-granted", "instrument-amended")


def instruments_hold(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """Every official step of the instruments and pools that the news touch can be taken."""
    types = set(new_events.touched("type:"))
    if types.isdisjoint(ON_INSTRUMENTS) or not _any(view):
        return
    told = Told(view)
    told.add("instrument", new_events.touched("instrument:"))
    if not types.isdisjoint((*POOLS, *ON_CLASSES)):
        _add_pools(view, told, new_events.touched("pool:"))
    if not types.isdisjoint(ON_CLASSES):
        for issuer in new_events.touched("issuer:"):
            found = view.about(f"issuer:{issuer}", types=("instrument-granted", *POOLS)).certain
            told.add("instrument", [f.need("instrument") for f in found if "instrument" in f.data])
            _add_pools(view, told, [f.need("pool") for f in found if f.type in POOLS])
    for kind in ("relationship", "condition"):
        for id in new_events.touched(f"{kind}:"):
            found = view.about(f"{kind}:{id}", types=_VESTING).certain
            told.add("instrument", [fact.need("instrument") for fact in found])
    for problem in folded(_heard(told.bearing())).problems:
        if problem.fact.standing == "official":
            yield _refused(problem, new_events, types)


def _any(view: View) -> bool:
    """Whether anything is recorded of instruments or pools at all."""
    return any(view.history.knows(f"type:{name}") for name in (*POOLS, *OF_INSTRUMENTS))


def _add_pools(view: View, told: Told, pools: Iterable[str]) -> None:
    """Add pools with all that was granted of them."""
    for pool in pools:
        told.add("pool", [pool])
        granted = view.about(f"pool:{pool}", types=("instrument-granted",)).certain
        told.add("instrument", [fact.need("instrument") for fact in granted])


def _heard(facts: Iterable[Fact]) -> list[Fact]:
    """What an official step is held against: what is official, and every grant and split."""
    apart = {"instrument-granted", *BEARING}
    return [fact for fact in facts if fact.standing == "official" or fact.type in apart]


def _refused(problem: Problem, new_events: NewEvents, types: set[str]) -> tuple[Recorded, Refused]:
    fact = problem.fact
    kind = "pool" if fact.type in POOLS else "instrument"
    subject, position = f"{kind}:{fact.need(kind)}", fact.recorded.position
    if not new_events.has(position) and subject.removeprefix(f"{kind}:") not in new_events.touched(
        f"{kind}:"
    ):
        subject = next(f"type:{name}" for name in sorted(types & ON_INSTRUMENTS))
    event = new_events.attribute_to(subject, position)
    if event.position == position:
        return event, Refused(problem.refusal, problem.wrong, problem.remedy, problem.place)
    return event, Refused(
        Refusal.BREAKS_LATER_EVENT,
        f"#{position} {shown(fact.key)} ({fact.type}) could not stand: {problem.wrong}",
        "Correct or retract that event first, or record a source's word with standing reported."
        f" See {to_run('show', position)}.",
    )
