"""Restrictions on votes, each with a name and a life of its own: suspensions and caps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from ledger.model.fact import Fact
from ledger.values.refusals import Unhandled
from ledger.values.share_counts import rounded_down

T = TypeVar("T")
Named = tuple[str, str]  # a holder, and the name of a suspension or a cap
EVERY = ""  # stands for every holder


@dataclass(slots=True)
class Suspension:
    """Votes that a holder may not cast: of all its shares, of a class, or of a number of shares."""

    name: str
    by: Fact
    share_class: str | None
    shares: Fraction | None

    @property
    def holder(self) -> str:
        return self.by.need("holder")

    def is_of(self, share_class: str) -> bool:
        """Whether shares of a class can be among those that it strikes."""
        return self.share_class in (None, share_class)


class Restrictions:
    """The suspensions and the caps in force, as events begin and end them."""

    def __init__(self) -> None:
        self.suspensions: dict[Named, Suspension] = {}
        self.caps: dict[Named, Fact] = {}

    def see(self, fact: Fact) -> None:
        """Take the beginning or the end of a suspension or a cap into account."""
        holder = fact.text("holder") or EVERY
        match fact.type:
            case "voting-rights-suspended":
                name = name_of(fact, "suspension")
                shares = Fraction(fact.shares()) if "shares" in fact.data else None
                self.suspensions[holder, name] = Suspension(
                    name, fact, fact.text("share_class"), shares
                )
            case "voting-cap-agreed":
                self.caps[holder, name_of(fact, "cap")] = fact
            case "voting-rights-restored":
                _end(self.suspensions, holder, fact.text("suspension"))
            case "voting-cap-lifted":
                _end(self.caps, holder, fact.text("cap"))
            case _:
                raise Unhandled(fact.type, "the restrictions on votes")

    @property
    def in_order(self) -> list[Suspension]:
        """The suspensions, those of all of a holder's shares first."""
        return sorted(self.suspensions.values(), key=lambda one: one.shares is not None)

    @property
    def numbered(self) -> list[Suspension]:
        """The suspensions of a number of shares."""
        return [one for one in self.suspensions.values() if one.shares is not None]

    @property
    def spread(self) -> bool:
        """Whether a suspension reaches other accounts than the holder's own."""
        return any(one.by.text("reach") not in (None, "own") for one in self.suspensions.values())

    def left(self, holder: str, held: Callable[[str | None], Fraction]) -> None:
        """Shares have left a holder, the unstruck ones first: no more are struck than are held,
        of a class or of all (None)."""
        for one in self.numbered:
            if one.holder == holder and one.shares is not None:
                one.shares = min(one.shares, max(held(one.share_class), Fraction()))

    def scale(
        self,
        share_class: str,
        into: str,
        factor: Callable[[Suspension], Fraction | None],
        digits: int,
    ) -> None:
        """Multiply the numbers of shares that are suspended; None leaves one as it is."""
        for one in self.suspensions.values():
            if one.shares is not None and one.is_of(share_class):
                times = factor(one)
                if times is not None:
                    one.shares = rounded_down(one.shares * times, digits)
            if one.share_class == share_class:
                one.share_class = into


def _end(begun: dict[Named, T], holder: str, name: str | None) -> None:
    for of in [of for of in begun if of[0] == holder and name in (None, of[1])]:
        del begun[of]


def name_of(fact: Fact, field: str) -> str:
    """The name of a suspension or a cap; those of the first schema had none and shared one."""
    return fact.text(field) or ("" if fact.recorded.before else fact.key)
