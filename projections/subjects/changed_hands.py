"""Between which hands shares moved, where nothing but what is in those hands may have changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ledger.model.fact import Fact
from ledger.model.movements import TRANSFERS
from ledger.model.register import TREASURY, Pair, legs
from projections.subjects.ballots import can_be_counted
from projections.subjects.register_at_cut import CHECKS, RegisterAtCut
from projections.subjects.voting_rights import Rights


class Counted:
    """What matters of a register of which all holdings and votes were just counted."""

    def __init__(self, at_cut: RegisterAtCut, rights: Rights) -> None:
        self._at_cut, self._trusts, self._rights = at_cut, dict(at_cut.trusts), rights
        self._disclosed = {
            fact.need("holder") for fact in at_cut.disclosures if not at_cut.tells_position(fact)
        }
        issued = [c for c in at_cut.classes if at_cut.register.issued(c)]
        self._whole = issued if can_be_counted(at_cut, rights) else []

    def changed_hands(self, passed: Sequence[Fact]) -> set[Pair] | None:
        """The accounts between which some facts that the register passed since moved shares; None
        where anything else may have changed."""
        found: set[Pair] = set()
        for fact in passed:
            share_class = fact.text("share_class")
            if share_class not in self._whole or fact.type not in (*TRANSFERS, *CHECKS):
                return None
            if fact.type in TRANSFERS:
                found.update((share_class, account) for account, _ in legs(fact.type, fact.data))
            elif "total" in fact.data or (
                fact.type == "stake-disclosed"
                and ("replaces" in fact.data or not self._at_cut.tells_position(fact))
            ):
                return None
        if self._disclosed and self._may_end_a_disclosure(found):
            return None
        if self._at_cut.asserted and any(self._at_cut.counts_several(a) for _, a in found):
            return None  # beside them nobody has what a total is above
        return found if self._at_cut.trusts == self._trusts else None

    def keeps_totals(self, pairs: Collection[Pair]) -> bool:
        """Whether the votes of all, and of everybody but those between whose accounts shares moved,
        surely are what they were: each share has as many votes on one account as on the other."""
        rights, moved = self._rights, {account for _, account in pairs}
        if rights.restrictions.caps or rights.restrictions.suspensions or rights.fallen:
            return False
        if TREASURY in moved or not moved.isdisjoint(self._trusts):
            return False
        if any(rights.terms.rounds(share_class) for share_class, _ in pairs):
            return False
        return not any(pair in pairs for pair, _ in rights.lots.known)

    def _may_end_a_disclosure(self, pairs: Collection[Pair]) -> bool:
        """Whether a holder known by a disclosure got a line of the register, or an account is
        empty, which may have been that of shareholders counted together."""
        register = self._at_cut.register
        return any(
            account in self._disclosed or not register.shares(c, account) for c, account in pairs
        )
