"""Checked figures: what a disclosure or assertion states, beside what the register or count has."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.model.fact import Fact
from ledger.values.quantities import printed_unit, rounded
from projections.answer import qualified, whole
from projections.told import COUNT, Told, told


class CheckedFigure(NamedTuple):
    """A figure as a fact prints it, of what, and what it was compared with.

    ``found`` has more than one value where the base of a percentage is not stated, and none where
    there is nothing to divide by. ``agrees`` is None where the figure cannot be compared;
    ``within`` is the class it was compared with, where the fact names none of several.
    """

    fact: Fact
    figure: Literal["shares", "percent", "balance", "votes", "percent of votes"]
    stated: str
    of: str
    found: tuple[Fraction, ...]
    agrees: bool | None
    within: str | None = None
    digits: int = 0

    @property
    def figure_words(self) -> Told:
        """The figure in words: ``600 acme/common``, ``about 15% of issued``, ``20 votes``."""
        how = self.fact.text("qualifier")
        match self.figure:
            case "shares" | "balance":
                return Told(f"{qualified(told(COUNT, self.stated), how)} {self._told_of}")
            case "percent" | "percent of votes":
                return Told(f"{qualified(printed_percent(self.fact), how)} of {self.of}")
            case "votes":
                return Told(f"{qualified(told(COUNT, self.stated), how)} votes")

    @property
    def statement(self) -> Told:
        """What the fact says, in a clause."""
        if self.figure == "balance":
            return Told(f"{self._told_of} is asserted at {told(COUNT, self.stated)}")
        return Told(f"it says {self.figure_words.marked}")

    @property
    def record(self) -> Told:
        """What the register or the count has, in a clause."""
        counted = self.figure in ("votes", "percent of votes")
        verb = "the count is" if counted else "the register"
        if self.figure == "balance":
            verb = "the register has"
        if self.figure in ("percent", "percent of votes"):
            found = " or ".join(f"{four_places(value)}%" for value in dict.fromkeys(self.found))
        else:
            found = " or ".join(told(COUNT, whole(value, self.digits)) for value in self.found)
        of = f" of {told('class', self.within)}:" if self.within else ""
        return Told(f"{verb}{of} {found or 'nothing'}")

    @property
    def sentence(self) -> Told:
        """Both in one sentence."""
        return Told(f"{self.statement.marked}, {self.record.marked}.")

    @property
    def _told_of(self) -> str:
        kind = "class" if "/" in self.of else "party"
        return told("total" if self.fact.text("total") else kind, self.of)


class Unchecked(NamedTuple):
    """A disclosure or assertion that cannot be compared, and why, in a clause."""

    fact: Fact
    why: Told

    @property
    def sentence(self) -> Told:
        """Why it cannot be compared."""
        what = "disclosure" if self.fact.type == "stake-disclosed" else "assertion"
        key = told("event", self.fact.key)
        return Told(f"{key}: {self.why.marked}, so this {what} cannot be checked.")


def agrees_within(printed: str, exact: Fraction, qualifier: str) -> bool:
    """Whether an exact value is what was printed, read with its qualifier.

    ``exactly``: within half a step of the last printed digit (what rounding can hide); ``about``:
    within a whole step; ``at-most`` and ``at-least``: on the right side, half a step allowed.
    """
    value, half = Fraction(printed), printed_unit(printed) / 2
    match qualifier:
        case "at-most":
            return exact <= value + half
        case "at-least":
            return exact >= value - half
        case "about":
            return abs(exact - value) <= 2 * half
    return abs(exact - value) <= half


def printed_percent(fact: Fact) -> str:
    """The percentage that a fact prints, or the band that it gives."""
    percent, upto = fact.need("percent"), fact.text("percent_to")
    return f"{percent}% to {upto}%" if upto else f"{percent}%"


def bands_meet(one: Fact, other: Fact) -> bool:
    """Whether the bands or percentages of two disclosures have any percentage in common."""
    (low, high), (lower, upper) = (
        (Fraction(fact.need("percent")), Fraction(fact.text("percent_to") or fact.need("percent")))
        for fact in (one, other)
    )
    return low <= upper and lower <= high


def four_places(value: Fraction) -> str:
    """A percentage for a sentence: four decimals, exactly rounded."""
    return rounded(value, 4)
