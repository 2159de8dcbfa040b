"""The totals that an issuer publishes: those asserted of its shares and votes, and when."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import RESHAPING
from ledger.time.view import View
from ledger.values.dates import ALWAYS

_OF_CLASSES = ("outstanding", "issued")  # the first is preferred where both are published


class Total(NamedTuple):
    """A published total of a class, and the event that tells it."""

    number: Fraction
    by: Fact | None = None


class Published:
    """The asserted totals of an issuer, as they became known."""

    def __init__(self, view: View, issuer: str) -> None:
        subject = f"issuer:{issuer}"
        asserted = view.unposted(subject, ("balance-asserted",)).counted
        reshaped = view.unposted(subject, RESHAPING).counted
        self._totals = sorted(
            (f for f in asserted if f.text("total") and f.known != ALWAYS),
            key=lambda fact: (fact.known.last, fact.order),
        )
        self._reshaped = [(fact.need("share_class"), fact.order[0]) for fact in reshaped]

    @property
    def days(self) -> set[str]:
        """The days on which a total of a class becomes known."""
        return {f.known.last for f in self._totals if f.text("total") in _OF_CLASSES}

    def on(self, day: str) -> Mapping[str, Total]:
        """Of each class the number outstanding that was published last by a day, unless shares were
        split since."""
        found: dict[str, Total] = {}
        for fact in self._totals:
            share_class = fact.need("share_class")
            if fact.known.last > day or fact.text("total") not in _OF_CLASSES:
                continue
            if any(c == share_class and fact.order[0] < at <= day for c, at in self._reshaped):
                continue
            one = found.get(share_class)
            same_day = one is not None and one.by is not None and one.by.known == fact.known
            if not (same_day and fact.text("total") == "issued"):
                found[share_class] = Total(Fraction(fact.shares()), fact)
        return found

    def first_after(self, day: str) -> str | None:
        """The first day from a day on, on which a total that is true then or later was
        published."""
        known = [f.known.last for f in self._totals if f.order[0] >= day and f.known.last >= day]
        return min(known, default=None)
