"""The rest of a register that is known in part: what a published total has beyond its accounts.

Holdings that were brought forward may be some of many. Where a total of the class that was asserted
last, of no weaker standing than they, is above their sum, it is the whole that percentages are of,
and what is beyond them is held by nobody that the register names.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from ledger.model.fact import Fact
from ledger.model.movements import SPLITTING
from ledger.model.posted import end_of
from ledger.model.register import Register
from ledger.time.view import View
from ledger.values.share_counts import rounded_down
from projections.subjects.checked_figures import CheckedFigure

NOT_KNOWN = "not known"  # in place of the id of a holder
_OPENED = "register-opened"


class Known(Protocol):
    """What a walked register tells."""

    issuer: str
    view: View
    checked: list[CheckedFigure]

    @property
    def day(self) -> str:
        """The day at the end of which it stands."""

    @property
    def register(self) -> Register:
        """The balances."""

    def counts_several(self, account: str) -> bool:
        """Whether an account is of several shareholders who are counted together."""

    @property
    def capital(self) -> list[str]:
        """The classes that are shares."""


class Rest(NamedTuple):
    """Shares that nobody is known to hold, and the assertion that there are any."""

    shares: Fraction
    by: Fact


def rest_of(at_cut: Known, share_class: str) -> Rest | None:
    """What the total of a class that was asserted last has beyond its accounts."""
    totals = ("issued", "outstanding", *(["capital"] if at_cut.capital == [share_class] else []))
    asserted = [
        one
        for one in at_cut.checked
        if one.figure == "balance"
        and one.of in totals
        and one.fact.need("share_class") == share_class
    ]
    if not asserted or not asserted[-1].found:
        return None
    fact, (had, *_) = asserted[-1].fact, asserted[-1].found
    shares = fact.shares() - had
    if shares <= 0 or not in_part(at_cut, [share_class], fact):
        return None
    for one in after(at_cut, fact):
        if one.need("share_class") != share_class:
            continue
        if one.type in SPLITTING:
            shares = rounded_down(shares * one.ratio(), at_cut.register.digits(share_class))
        else:
            shares -= one.shares()
    return Rest(Fraction(shares), fact) if shares > 0 else None


def in_part(at_cut: Known, classes: Sequence[str], fact: Fact) -> bool:
    """Whether a register may have fewer than all holders of classes: they were brought forward, by
    events of no better standing than an assertion, and no account is of all others together."""
    held = (account for one in classes for account in at_cut.register.held(one))
    if any(map(at_cut.counts_several, held)):
        return False
    opened = at_cut.view.about(f"issuer:{at_cut.issuer}", types=(_OPENED,)).counted
    ranks = [
        one.rank
        for one in opened
        if one.need("share_class") in classes and one.order[0] <= at_cut.day
    ]
    return bool(ranks) and fact.rank <= max(ranks)


def after(at_cut: Known, fact: Fact) -> list[Fact]:
    """What splits a class, or brings another holding forward, after the day of an assertion."""
    found = at_cut.view.about(f"issuer:{at_cut.issuer}", types=(_OPENED, *SPLITTING)).counted
    return [f for f in found if end_of(fact.order[0]) < f.order <= at_cut.register.fold_key]
