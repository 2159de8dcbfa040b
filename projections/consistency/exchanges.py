"""Checks of exchanges: whether somebody on the payer's side is paid for its shares."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.model.across import source_of
from ledger.time.view import View
from projections.consistency.finding import Finding
from projections.control.network import Network
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import told


def payers_side_is_not_paid(at_cut: RegisterAtCut) -> Iterator[Finding]:
    """Who controls the payer of an exchange, or is controlled by it, is not paid by it."""
    for fact in at_cut.view.across.of(at_cut.issuer):
        payer = fact.text("paid_by")
        if payer is None or source_of(fact) != at_cut.issuer:
            continue
        beside = _controlling_or_controlled(at_cut.view.on(fact.order[0]), payer)
        for party in sorted(beside.intersection(at_cut.view.across.outcome(fact).counted)):
            words = f"{told('party', party)} is paid by {told('party', payer)}, and one controls"
            words += " the other; excluded leaves its shares out."
            yield Finding(fact.need("share_class"), fact.key, words)


def _controlling_or_controlled(view: View, party: str) -> set[str]:
    """The parties that control one, and those that it controls, by what is recorded."""
    found = (one for one in Network(view).relations(party) if one.kind == "control")
    return {other for one in found for other in (one.party, one.of)} - {party}
