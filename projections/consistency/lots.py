"""Checks of grants of extra votes against the shares that there are."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.time.voting import GRANTS
from projections.consistency.finding import Finding
from projections.subjects.reaching import alone
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.voting_rights import Rights
from projections.told import COUNT, told


def grants_within_the_shares(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """No more extra votes are granted than there are shares that have none; grants add up."""
    view = at_cut.view
    if not view.unposted(f"issuer:{at_cut.issuer}", (GRANTS,)).counted:
        return
    rights = Rights(view, alone)
    register_at_cut(view, at_cut.issuer, rights, checking=False)
    for fact, ordinary in rights.lots.short:
        share_class, holder = fact.need("share_class"), told("party", fact.need("holder"))
        number, there = (
            told(COUNT, at_cut.count(share_class, n)) for n in (fact.shares(), ordinary)
        )
        words = (
            f"{number} are granted, and {there} of {holder} had no extra votes then: grants add up,"
            " so one that restates a total is corrected to what it adds."
        )
        yield Finding(share_class, fact.key, words)
