"""What new events make of distributions and exchanges, also of earlier ones that read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.across import Outcome, reads_at, received_class, source_of
from ledger.model.fact import Fact
from ledger.model.fractions import terms_of, unsaid
from ledger.model.register import issuer_of
from ledger.rules.new_events import NewEvents
from ledger.time.across import into
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, to_run
from ledger.values.share_counts import fits


class Bearing(NamedTuple):
    """The distributions and exchanges that new events make read otherwise, themselves included,
    and the issuers whose registers earlier ones of these change."""

    facts: list[Fact]
    issuers: set[str]


def bearing(view: View, new_events: NewEvents) -> Bearing:
    """Follow new movements to what reads their registers at or after their days."""
    since = dict(new_events.moved_from)
    found, changed, pending = dict[int, Fact](), set[str](), list(since)
    while pending:
        issuer = pending.pop()
        for fact in view.across.of(issuer):
            new = new_events.has(fact.recorded.position)
            reads = source_of(fact) == issuer and since[issuer] <= reads_at(fact)[0]
            if not (new or reads):
                continue
            found[fact.recorded.position] = fact
            for other in into(fact):
                changed |= set() if new else {other}
                if fact.order[0] < since.get(other, "~"):
                    since[other] = fact.order[0]
                    new_events.pass_on(f"issuer:{issuer}", f"issuer:{other}")
                    pending.append(other)
    return Bearing(sorted(found.values(), key=lambda fact: fact.order), changed)


def unsound(
    view: View, found: Bearing, new_events: NewEvents
) -> Iterator[tuple[Recorded, Refused]]:
    """Each of them that finds no holder, or leaves fractions that it says nothing of."""
    for fact in found.facts:
        outcome = view.across.outcome(fact)
        new = new_events.has(fact.recorded.position)
        problem = _nobody(fact, outcome) or _fractions(view, fact, outcome, new)
        if problem is not None:
            subject = f"issuer:{source_of(fact)}"
            yield new_events.attribute_to(subject, fact.recorded.position), problem


def _nobody(fact: Fact, outcome: Outcome) -> Refused | None:
    if outcome.counted or outcome.left_out:
        return None
    share_class, holder = fact.need("share_class"), fact.text("holder")
    day = reads_at(fact)[0]
    return Refused(
        Refusal.SHARES_NOT_THERE,
        f"On {day} {holder or 'nobody'} holds {'no' if holder else 'any'} {share_class}.",
        "Record the register first (register-opened, shares-issued), or a source's word as"
        f" claim-recorded. See {to_run('holdings', issuer_of(share_class), '--as-of', day)}.",
        "holder" if holder else "share_class",
    )


def _fractions(view: View, fact: Fact, outcome: Outcome, new: bool) -> Refused | None:
    received, whole = received_class(fact), outcome.settled.whole
    if received is None or terms_of(fact.data).rounds:
        return None
    digits = view.across.digits(fact.need("share_class")), view.across.digits(received)
    if all(fits(shares, digits[1]) for shares in whole.values()):
        return None
    recorded = "" if new else fact.key
    return unsaid(received, fact.order[0], outcome.counted, fact.ratio(), digits, recorded)
