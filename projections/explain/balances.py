"""The events by which some accounts, or all the shares of a class, are as they are."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.model.register import TREASURY
from projections.answer import whole
from projections.explain.explanation import Explanation, number, signed
from projections.explain.steps import Walk
from projections.subjects.register_at_cut import CHECKS
from projections.subjects.voting_rights import TYPES as VOTING
from projections.told import told


class Balances:
    """Writes a step for each event that changes what some accounts have, or all of it."""

    def __init__(self, explained: Explanation, accounts: Iterable[str]) -> None:
        self._explained, self._accounts = explained, list(dict.fromkeys([*accounts, TREASURY]))
        self._before: dict[tuple[str, str], Fraction] = {}
        self._issued: dict[str, Fraction] = {}

    def after(self, walk: Walk, fact: Fact) -> None:
        """Look at the register after a fact."""
        if fact.type in CHECKS:
            return
        moved = [self._look(walk, fact, one) for one in walk.classes]
        if not any(moved) and fact.type in VOTING and self._bears(fact):
            self._explained.add_step(fact, "bears on the votes")

    def _look(self, walk: Walk, fact: Fact, share_class: str) -> bool:
        """Write what becomes of each account, or else of all the shares of a class."""
        digits, of = walk.register.digits(share_class), told("class", share_class)
        issued = walk.register.issued(share_class)
        more = issued - self._issued.get(share_class, Fraction())
        self._issued[share_class] = issued
        moved = False
        for account in self._accounts:
            pair = share_class, account
            balance = walk.register.shares(share_class, account)
            delta = balance - self._before.get(pair, Fraction())
            self._before[pair] = balance
            if delta:
                moved, whose = True, account or walk.issuer
                words = f"{signed(delta, digits)} = {number(balance, digits)} {of}"
                self._explained.add_step(
                    fact, f"{told('party', whose)}: {words}", holder=whose,
                    share_class=share_class, delta=whole(delta, digits),
                    balance=whole(balance, digits), issued=whole(issued, digits),
                )  # fmt: skip
        if more and not moved:
            words = f"only all changes: {signed(more, digits)} = {number(issued, digits)} {of}"
            self._explained.add_step(
                fact, words, share_class=share_class, issued=whole(issued, digits)
            )
        return moved or bool(more)

    def _bears(self, fact: Fact) -> bool:
        return fact.text("holder") is None or fact.need("holder") in self._accounts
