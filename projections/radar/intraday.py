"""Thresholds that a holder passed within a day and was back from by its end: noted, and no
crossings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.register import legs
from projections.control.members import members
from projections.radar.crossings import Crossing, Has, Scan, crossed, own_of
from projections.radar.positions import Position, Step, portions_of, read_position
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.voting_rights import Rights

_MOST = 50  # movements of one day


def noted(scan: Scan, step: Step) -> Iterator[Crossing]:
    """What holders that moved more than once on a day passed in between."""
    facts = [fact for fact in step.facts if fact.type in MOVEMENTS]
    if step.opens or not 1 < len(facts) <= _MOST:
        return
    named = Counter(a for fact in facts for a, _ in legs(fact.type, fact.data) if a)
    moving = sorted(account for account, times in named.items() if times > 1)
    if moving:
        yield from _within(scan, step, facts, moving)


def _within(
    scan: Scan, step: Step, facts: Sequence[Fact], moving: Sequence[str]
) -> Iterator[Crossing]:
    positions = list(_between(scan, step))
    for rule in scan.valid(step.after.day):
        if rule.test != "crossing":
            continue
        for base in scan.bases(rule, step.after):
            ends = step.before.whole(base), step.after.whole(base)
            for holder in moving:
                accounts = step.attribution.accounts(holder, rule.counted(base.name))
                before = Has(step.before.number(base, accounts), ends[0])
                after = Has(step.after.number(base, accounts), ends[1])
                told = set(crossed(rule, before, after))
                seen = set[tuple[object, bool]]()
                for position in positions:
                    between = Has(position.number(base, accounts), position.whole(base))
                    for passed in crossed(rule, before, between):
                        if passed not in told and passed not in seen:
                            seen.add(passed)
                            yield Crossing(
                                rule, holder, own_of(accounts), base, before, between, *passed,
                                step.after.day, tuple(facts),
                            )  # fmt: skip


def _between(scan: Scan, step: Step) -> Iterator[Position]:
    """The positions within a day, each just before one of its movements but the first."""
    day = step.after.day
    view, issuer = scan.positions.view.on(day), scan.positions.issuer
    counted = RegisterAtCut(view, issuer, Rights(view, members), whole=True, checking=False).counted
    moving = [f for f in counted if f.order[0] == day and f.type in MOVEMENTS]
    for fact in moving[1:]:
        rights = Rights(view, members)
        at_cut = RegisterAtCut(view, issuer, rights, whole=True, checking=False).to(fact)
        at_cut.register.advance(fact.order)
        position = read_position(day, at_cut, rights)
        position.portions = portions_of(at_cut, rights, [*step.after.portions])
        yield position
