"""Checked figures: what a disclosure or assertion states, beside what the register or count has."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import zip_longest
from typing import Literal, NamedTuple

from ledger.model.fact import Fact
from ledger.values.quantities import printed_unit, rounded
from projections.answer import qualified, whole
from projections.told import COUNT, Told, told

Figure = Literal["shares", "percent", "balance", "votes", "percent of votes"]
UPPER_BOUNDS = ("at-most", "less-than")
LOWER_BOUNDS = ("at-least", "more-than")
_POINTS = ("exactly", "about")
_OF = {"capital-par": "capital by par value"}


class CheckedFigure(NamedTuple):
    """A figure as a fact prints it, of what, and what it was compared with.

    ``found`` has more than one value where the base of a percentage is not stated, and none where
    there is nothing to divide by; ``bases`` has in words of what each of them is. ``agrees`` is
    None where the figure cannot be compared, ``agreed`` has those that agree where others do not;
    ``within`` is the class it was compared with, where the fact names none of several; ``why`` may
    say why it cannot be compared.
    """

    fact: Fact
    figure: Figure
    stated: str
    of: str
    found: tuple[Fraction, ...]
    agrees: bool | None
    within: str | None = None
    digits: int = 0
    bases: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    why: Told | None = None

    @property
    def figure_words(self) -> Told:
        """The figure in words: ``600 acme/common``, ``about 15% of issued``, ``20 votes``."""
        how = self.fact.text("qualifier")
        match self.figure:
            case "shares" | "balance":
                return Told(f"{qualified(told(COUNT, self.stated), how)} {self._told_of}")
            case "percent" | "percent of votes":
                of = _OF.get(self.of, self.of.replace("-", " "))
                return Told(f"{qualified(printed_percent(self.fact), how)} of {of}")
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
        found = " or ".join(self._found())
        of = f" of {told('class', self.within)}:" if self.within else ""
        return Told(f"{verb}{of} {found or 'nothing'}")

    def _found(self) -> Iterator[str]:
        """Each value that was found, once, and of what where there are several."""
        named: dict[Fraction, list[str]] = {}
        for value, of in zip_longest(self.found, self.bases, fillvalue=""):
            named.setdefault(Fraction(value), []).append(str(of))
        shares = self.figure in ("shares", "balance", "votes")
        for value, bases in named.items():
            text = f"{four_places(value)}%"
            number = told(COUNT, whole(value, self.digits)) if shares else text
            yield f"{number} of {' and '.join(bases)}" if len(named) > 1 and any(bases) else number

    @property
    def sentence(self) -> Told:
        """Both in one sentence."""
        return Told(f"{self.statement.marked}, {self.record.marked}.")

    @property
    def _told_of(self) -> str:
        if " " in self.of:
            return Told(f"shares of {self.of}")
        kind = "class" if "/" in self.of else "party"
        return told("total" if self.fact.text("total") else kind, self.of)


def differs(one: CheckedFigure) -> str:
    """That a figure is otherwise in the register, in a sentence."""
    fact = one.fact
    return (
        f"{told('event', fact.key)} ({fact.standing}, {fact.when}) differs: {one.sentence.marked}"
    )


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


def implied_whole(fact: Fact) -> tuple[Fraction, Fraction] | None:
    """The lowest and highest whole that a number and its percentage can be of together, as printed;
    None where they bound nothing on a side."""
    percent, shares = fact.text("percent"), fact.text("shares")
    how = fact.text("qualifier") or "exactly"
    if percent is None or shares is None or how != "exactly" or "percent_to" in fact.data:
        return None
    number, step = Fraction(shares) * 100, printed_unit(percent) / 2
    low, high = Fraction(percent) - step, Fraction(percent) + step
    return (Fraction(-(-number // high)), Fraction(number // low)) if low > 0 else None


def is_point(fact: Fact) -> bool:
    """Whether what a disclosure prints is one figure, and no band or bound."""
    return "percent_to" not in fact.data and fact.text("qualifier") in (None, *_POINTS)


def how_sure(fact: Fact) -> str:
    """The qualifier of a disclosure."""
    return fact.text("qualifier") or "exactly"


def ends_of(
    value: Fraction, qualifier: str, most: Fraction | None = None
) -> tuple[Fraction, Fraction | None]:
    """The lowest and highest value that a number is told to be; ``most`` where none is."""
    if qualifier in UPPER_BOUNDS:
        return Fraction(), value
    if qualifier in LOWER_BOUNDS:
        return value, most
    return value, value


def agrees_within(printed: str, exact: Fraction, qualifier: str) -> bool:
    """Whether an exact value is what was printed, read with its qualifier.

    ``exactly``: within half a step of the last printed digit (what rounding can hide); ``about``:
    within a whole step; ``at-most`` and ``at-least``: on the right side, half a step allowed;
    ``more-than`` and ``less-than``: beyond it.
    """
    value, half = Fraction(printed), printed_unit(printed) / 2
    match qualifier:
        case "at-most":
            return exact <= value + half
        case "at-least":
            return exact >= value - half
        case "more-than":
            return exact > value
        case "less-than":
            return exact < value
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
