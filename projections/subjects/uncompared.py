"""A register of which the totals alone are compared: what most answers rest on."""

from __future__ import annotations

from ledger.model.fact import Fact
from projections.subjects.register_at_cut import ASSERTED, RegisterAtCut


class Uncompared(RegisterAtCut):
    """An issuer's register at a cut that gathers disclosures and compares none of them, nor what is
    asserted that a holder has."""

    def _check(self, fact: Fact) -> None:
        if fact.type != ASSERTED:
            self.disclose(fact)
        elif "total" in fact.data:
            super()._check(fact)
