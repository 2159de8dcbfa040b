"""Rights in shares as they are granted, carried through splits and ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from ledger.model.fact import Fact
from ledger.model.movements import RESHAPING
from ledger.values.dates import parse_published
from ledger.values.refusals import Unhandled

RIGHTS = ("share-right-granted", "share-right-ended")
CARRYING = (*RESHAPING, "shares-converted", "shares-exchanged")  # what a right goes through


@dataclass(slots=True)
class ShareRight:
    """A right in a holder's shares; ``shares`` is None while it is on all of them.

    ``short`` is the step that ends more than the right is on, and by how much.
    """

    granted: Fact
    share_class: str
    shares: int | None
    ended: Fact | None = None
    steps: list[Fact] = field(default_factory=list)
    short: tuple[Fact, int] | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.granted.need("right")

    @property
    def last_day(self) -> str | None:
        """The last day for which it is granted, where that is told."""
        days = parse_published(self.granted.text("until"))
        return days.last if days else None

    def take(self, fact: Fact) -> None:
        """Take one more step, or a reshaping of the class, into account."""
        match fact.type:
            case "share-right-ended":
                self._end(fact)
            case carrying if carrying in CARRYING:
                if self._is_of(fact):
                    self._carry(fact)
            case _:
                raise Unhandled(fact.type, "a right in shares")

    def _is_of(self, fact: Fact) -> bool:
        """Whether an event makes others of all the shares that the right is on."""
        holder = self.granted.need("holder")
        left_out = {one["holder"] for one in fact.many("excluded")}
        exchanged = fact.type == "shares-exchanged"
        named = fact.text("holder") in (None, holder if exchanged else None)
        return named and fact.need("share_class") == self.share_class and holder not in left_out

    def _carry(self, fact: Fact) -> None:
        """Go on with the shares that take their place; the right ends where none do."""
        if fact.type == "shares-exchanged" and "into_class" not in fact.data:
            self.ended = self.ended or fact
            return
        self.share_class = fact.text("into_class") or self.share_class
        if self.shares is not None:  # a fraction of a share carries no right
            self.shares = int(Fraction(self.shares) * fact.ratio())

    def _end(self, fact: Fact) -> None:
        self.steps.append(fact)
        ending = fact.whole() if "shares" in fact.data else None
        if self.ended is not None:
            self.short = self.short or (fact, ending or 0)
        elif ending is None:
            self.ended = fact
        elif self.shares is not None:
            if ending > self.shares:
                self.short = self.short or (fact, ending - self.shares)
            self.shares = max(0, self.shares - ending)
            self.ended = fact if not self.shares else None


def right_of(granted: Fact, others: Iterable[Fact]) -> ShareRight:
    """A right from the step that grants it, and what is told of it and of its class after."""
    shares = granted.whole() if "shares" in granted.data else None
    right = ShareRight(granted, granted.need("share_class"), shares, steps=[granted])
    for fact in sorted(others, key=lambda fact: fact.order):
        if fact.order > granted.order and not fact.repeats:
            right.take(fact)
    return right
