"""The shares of each class in issue, from what creates and ends shares alone.

It counts classes and no accounts, so that what is lost between two accounts is found; only what
becomes of fractions is taken from where it was rounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.across import Outcome, received_class
from ledger.model.fact import Fact
from ledger.model.movements import BY_TYPE, MOVEMENTS
from ledger.model.register import Reshaped, issuer_of
from projections.subjects.register_at_cut import RegisterAtCut

_NONE = Fraction()


class Made(NamedTuple):
    """The new shares of a class that an event makes of others."""

    fact: Fact
    share_class: str
    shares: Fraction


def movements_of(at_cut: RegisterAtCut) -> list[Fact]:
    """Every movement of a register at a cut."""
    return at_cut.view.about(f"issuer:{at_cut.issuer}", types=MOVEMENTS).counted


def issued_by_events(at_cut: RegisterAtCut) -> tuple[Mapping[str, Fraction], list[Made]]:
    """The shares of each class in issue, and what every reshaping event made."""
    issued: dict[str, Fraction] = {}
    made: list[Made] = []
    rounded = {one.fact.key: one for one in at_cut.replayed.register.reshaped}
    for fact in movements_of(at_cut):
        share_class, movement = fact.need("share_class"), BY_TYPE[fact.type]
        before = issued.get(share_class, _NONE)
        if movement.across:
            outcome = at_cut.view.across.outcome(fact)
            made += _received(at_cut, fact, outcome)
            for of, shares in outcome.created.items():
                if issuer_of(of) == at_cut.issuer:
                    issued[of] = issued.get(of, _NONE) + shares
            continue
        if not (movement.reshapes or movement.converts):
            issued[share_class] = before + _created(fact)
            continue
        into = fact.need("into_class") if movement.converts else share_class
        one = rounded.get(fact.key)
        became = before if movement.reshapes else _taken(one, fact)
        received = became * fact.ratio() - (one.settled.ceased if one else 0)
        made.append(Made(fact, into, received))
        issued[share_class] = before - became
        if fact.text("supply") in (None, "new"):
            issued[into] = issued.get(into, _NONE) + received
    return {share_class: shares for share_class, shares in issued.items() if shares}, made


def _received(at_cut: RegisterAtCut, fact: Fact, outcome: Outcome) -> list[Made]:
    """What is received by an event that reads another class, in the register that it is of."""
    into = received_class(fact)
    if into is None or issuer_of(into) != at_cut.issuer:
        return []
    return [Made(fact, into, outcome.settled.received)]


def _created(fact: Fact) -> int | Fraction:
    """The shares that come into being by a movement, less than nothing where they cease to."""
    sign = BY_TYPE[fact.type].creates(fact.data)
    return sign * fact.shares() if sign else 0


def _taken(one: Reshaped | None, fact: Fact) -> Fraction:
    """The shares that a conversion turns into others."""
    return sum(one.exact.values(), _NONE) / fact.ratio() if one else _NONE
