"""No account of a register is below zero or holds a fraction of a share at the end of any day."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby

from ledger.envelope import Recorded
from ledger.fact import Fact
from ledger.refusals import Refusal, Refused, shown
from ledger.register import MOVEMENTS, Register
from ledger.rules.news import News
from ledger.view import View


def shares_are_there(view: View, news: News) -> Iterator[tuple[Recorded, Refused]]:
    """Every movement finds its shares, on its own day and, when back-dated, on every later day."""
    for issuer in news.touched("issuer:"):
        facts = view.about(f"issuer:{issuer}", types=MOVEMENTS).counted
        trouble = _first_trouble(facts)
        if trouble is not None:
            fact, share_class, account, balance = trouble
            event = news.blame(f"issuer:{issuer}", fact.recorded.position)
            yield event, _refusal(fact, event, share_class, account or issuer, balance)


def _first_trouble(facts: list[Fact]) -> tuple[Fact, str, str, Fraction] | None:
    """The last event of the first day that ends with an impossible balance, and that balance."""
    register = Register()
    for _, day in groupby(facts, key=lambda fact: fact.order[0]):
        set_by = {pair: fact for fact in day for pair in register.apply(fact)}
        for (share_class, account), fact in set_by.items():
            balance = register.shares(share_class, account)
            if balance < 0 or balance.denominator != 1:
                return fact, share_class, account, balance
    return None


def _refusal(
    fact: Fact, event: Recorded, share_class: str, account: str, balance: Fraction
) -> Refused:
    day = fact.order[0]
    holder = f"{account} (treasury)" if account == share_class.partition("/")[0] else account
    own = fact.recorded.position == event.position
    if balance.denominator != 1:
        return Refused(
            Refusal.SPLIT_LEAVES_FRACTION,
            f"On {day} {holder} would be left with {balance} {share_class}.",
            "Record what becomes of the fractions (shares-repurchased, shares-transferred) before.",
        )
    if own:
        there = balance + fact.shares() if "shares" in fact.data else balance
        return Refused(
            Refusal.SHARES_NOT_THERE,
            f"On {day} {holder} holds {there} {share_class}, not the {fact.text('shares')} needed.",
            "Correct the number, or record a source's word as stake-disclosed or claim-recorded.",
            "shares",
        )
    return Refused(
        Refusal.BREAKS_LATER_EVENT,
        f"It would leave {holder} with {balance} {share_class} on {day}, when #"
        f"{fact.recorded.position} {shown(fact.key)} ({fact.type}) takes effect.",
        "Record the missing movement first, or correct that event.",
    )
