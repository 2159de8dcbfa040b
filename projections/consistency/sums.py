"""Checks of the sums of a register: against its movements, one by one, and against zero."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ledger.model.movements import MOVEMENTS
from ledger.model.register import violations
from projections.consistency.finding import Finding
from projections.consistency.issued import issued_by_events, movements_of
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import COUNT, told


def conservation(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """What is held, treasury included, is what was issued less what was cancelled."""
    replayed = at_cut.replayed
    expected, _ = issued_by_events(at_cut)
    for share_class in sorted({*expected, *replayed.classes}):
        held = replayed.register.issued(share_class)
        issued = expected.get(share_class, Fraction())
        if held != issued:
            counts = (told(COUNT, at_cut.count(share_class, n)) for n in (held, issued))
            words = "{} shares are held, {} are in issue.".format(*counts)
            yield Finding(share_class, None, words)


def totals_as_published(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """A split, conversion or the like makes as many new shares as were published."""
    if not any(fact.text("total") for fact in at_cut.counted if fact.type in MOVEMENTS):
        return
    for fact, share_class, shares in issued_by_events(at_cut)[1]:
        published = fact.text("total")
        if published is not None and Fraction(published) != shares:
            counts = told(COUNT, at_cut.count(share_class, shares)), told(COUNT, published)
            words = "it makes {} new shares, {} were published.".format(*counts)
            yield Finding(share_class, fact.key, words)


def balances_as_their_movements(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Every balance that answers are made of is what its movements make, one by one."""
    replayed = at_cut.replayed.register
    for share_class in sorted({*at_cut.classes, *replayed.classes}):
        statements, made = at_cut.register.held(share_class), replayed.held(share_class)
        for account in sorted({*statements, *made}):
            stated, moved = statements.get(account, Fraction()), made.get(account, Fraction())
            if stated != moved:
                words = (
                    f"{told('party', account or at_cut.issuer)} is said to hold"
                    f" {told(COUNT, stated)}, and by its movements holds {told(COUNT, moved)}:"
                    " the read model was changed; run `stakebook replay`."
                )
                yield Finding(share_class, None, words)


def balances_not_below_zero(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """No account is below zero at the end of any day."""
    around = at_cut.view.across.around(at_cut.issuer)
    for fact, share_class, account, balance in violations(movements_of(at_cut), around):
        if balance < 0:
            holder, day = told("party", account or at_cut.issuer), fact.order[0]
            stands = told(COUNT, at_cut.count(share_class, balance))
            words = f"{holder} stands at {stands} on {day}."
            yield Finding(share_class, fact.key, words)


CHECKS = (
    conservation,
    totals_as_published,
    balances_as_their_movements,
    balances_not_below_zero,
)
