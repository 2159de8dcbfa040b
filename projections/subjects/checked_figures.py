"""Checked figures: what a disclosure or assertion states, beside what the register or count has."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.model.fact import Fact
from ledger.values.quantities import printed_unit, rounded


class CheckedFigure(NamedTuple):
    """A figure as a fact prints it, of what, and what it was compared with.

    ``found`` has more than one value where the base of a percentage is not stated, and none where
    there is nothing to divide by. ``agrees`` is None where the figure cannot be compared.
    """

    fact: Fact
    figure: Literal["shares", "percent", "balance", "votes", "percent of votes"]
    stated: str
    of: str
    found: tuple[Fraction, ...]
    agrees: bool | None

    @property
    def figure_words(self) -> str:
        """The figure in words: ``600 acme/common``, ``15% of issued``, ``20 votes``."""
        match self.figure:
            case "shares" | "balance":
                return f"{self.stated} {self.of}"
            case "percent" | "percent of votes":
                return f"{self.stated}% of {self.of}"
            case "votes":
                return f"{self.stated} votes"

    @property
    def statement(self) -> str:
        """What the fact says, in a clause."""
        if self.figure == "balance":
            return f"{self.of} is asserted at {self.stated}"
        return f"it says {self.figure_words}"

    @property
    def record(self) -> str:
        """What the register or the count has, in a clause."""
        counted = self.figure in ("votes", "percent of votes")
        verb = "the count is" if counted else "the register"
        if self.figure == "balance":
            verb = "the register has"
        if self.figure in ("percent", "percent of votes"):
            found = " or ".join(f"{four_places(value)}%" for value in dict.fromkeys(self.found))
        else:
            found = " or ".join(map(str, self.found))
        return f"{verb} {found or 'nothing'}"

    @property
    def sentence(self) -> str:
        """Both in one sentence."""
        return f"{self.statement}, {self.record}."


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


def four_places(value: Fraction) -> str:
    """A percentage for a sentence: four decimals, exactly rounded."""
    return rounded(value, 4)
