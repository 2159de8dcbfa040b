"""Restrictions on votes, each with a name and a life of its own: suspensions and caps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from ledger.model.fact import Fact
from ledger.values.refusals import Unhandled
from ledger.values.share_counts import rounded_down

T = TypeVar("T")
Named = tuple[str, str]  # a holder, and the name of a suspension or a cap
EVERY = ""  # stands for every holder
_NONE = Fraction()


@dataclass(slots=True)
class Suspension:
    """Votes that a holder may not cast: of all its shares, of a class, or of a number of shares.

    One that follows its shares is also of those who received them, by the same event.
    """

    name: str
    by: Fact
    holder: str
    share_class: str | None
    shares: Fraction | None

    @property
    def of_account(self) -> bool:
        """Whether it is of the shares on the holder's own account alone."""
        return self.by.text("reach") in (None, "own")

    @property
    def follows(self) -> bool:
        """Whether it goes with the shares that it strikes."""
        return self.by.text("follows") == "shares"

    def is_of(self, share_class: str) -> bool:
        """Whether shares of a class can be among those that it strikes."""
        return self.share_class in (None, share_class)

    def is_of_those_of(self, other: Suspension) -> bool:
        """Whether it is said to be of the same shares as another of the same holder."""
        said = (
            (self.by.text("same_shares_as"), other.name),
            (other.by.text("same_shares_as"), self.name),
        )
        return any(one == two for one, two in said)

    def may_be_of_those_of(self, other: Suspension) -> bool:
        """Whether it can be of the same shares as another of the same holder."""
        return (
            None in (self.share_class, other.share_class) or self.share_class == other.share_class
        )


def beyond(one: Suspension, others: Iterable[Suspension], *, overlapping: bool) -> Fraction:
    """The shares that a suspension by number strikes beside those that others of its holder do,
    which are others unless it is said; where they are ``overlapping``, the same if they can be."""
    same = (
        other.shares
        for other in others
        if other.shares is not None
        and (one.is_of_those_of(other) or (overlapping and one.may_be_of_those_of(other)))
    )
    return max((one.shares or _NONE) - max(same, default=_NONE), _NONE)


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
                    name, fact, holder, fact.text("share_class"), shares
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
        return not all(one.of_account for one in self.suspensions.values())

    def left(self, holder: str, held: Callable[[str | None], Fraction]) -> None:
        """Shares have left a holder, the unstruck ones first: no more are struck than are held,
        of a class or of all (None). Of several suspensions the newest lose first."""
        own = [one for one in self.numbered if one.holder == holder and one.of_account]
        if not own:
            return  # what is held is not worked out
        for share_class in dict.fromkeys([*(one.share_class for one in own), None]):
            of_class = [one for one in own if share_class in (None, one.share_class)]
            there = max(held(share_class), _NONE)
            for one in of_class:
                one.shares = min(one.shares or _NONE, there)
            for one in reversed(of_class):
                over = _together(of_class) - there
                if over > 0:
                    one.shares = max((one.shares or _NONE) - over, _NONE)

    def passed(
        self, share_class: str, giver: str, taker: str, shares: Fraction, left: Fraction
    ) -> None:
        """Shares of a class have gone from one to another, who has those of a suspension that goes
        with them: those that are not among what the giver has ``left``."""
        for one in [one for one in self.suspensions.values() if one.holder == giver]:
            if not (one.follows and one.is_of(share_class)):
                continue
            struck = shares if one.shares is None else min(shares, max(one.shares - left, _NONE))
            if not struck:
                continue
            there = self.suspensions.get((taker, one.name))
            if there is None or there.share_class not in (None, share_class):
                there = Suspension(one.name, one.by, taker, share_class, _NONE)
                self.suspensions[taker, one.name] = there
            if there.shares is not None:
                there.shares += struck

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


def _together(suspensions: Sequence[Suspension]) -> Fraction:
    """The shares that suspensions by number of one holder strike together."""
    more = (beyond(one, suspensions[:n], overlapping=False) for n, one in enumerate(suspensions))
    return sum(more, _NONE)


def _end(begun: dict[Named, T], holder: str, name: str | None) -> None:
    for of in [of for of in begun if of[0] == holder and name in (None, of[1])]:
        del begun[of]


def name_of(fact: Fact, field: str) -> str:
    """The name of a suspension or a cap; those of the first schema had none and shared one."""
    return fact.text(field) or ("" if fact.recorded.before else fact.key)
