"""Beside: the holders disclosed beside a register known in part, whose shares come out of its rest.

Each share is counted once: the newest disclosures first, as far as the rest reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from projections.answer import qualified
from projections.subjects import bases
from projections.subjects.carried import carried, latest
from projections.subjects.checked_figures import how_sure, is_point, printed_percent
from projections.subjects.register_at_cut import RegisterAtCut
from projections.subjects.remainder import NOT_KNOWN, rest_of
from projections.told import COUNT, Told, told

_NONE = Fraction()
_OWN = ("direct", "aggregate")  # a group's may be shares of others, which have rows of their own


class Position(NamedTuple):
    """The shares of a class that a holder without an account is disclosed to have."""

    share_class: str
    holder: str
    shares: Fraction
    by: Fact
    printed: bool  # else they follow from a percentage, to the nearest whole share

    @property
    def reason(self) -> Told:
        """On what it rests."""
        key, printed = told("event", self.by.key), printed_percent(self.by) if self.percent else ""
        of = (self.by.text("percent_of") or "").replace("-", " ")
        what = "" if self.printed else f": {qualified(printed, how_sure(self.by))} of {of}"
        return Told(f"as disclosed {self.by.on} ({key}){what}")

    @property
    def percent(self) -> bool:
        """Whether a percentage is disclosed."""
        return "percent" in self.by.data


class Beside(NamedTuple):
    """The positions that are counted, and the disclosures of those for which there is no room."""

    positions: Sequence[Position]
    crowded: Sequence[Fact]


def beside(at_cut: RegisterAtCut, share_class: str) -> Beside:
    """Whose the rest of a class is, as far as disclosures tell."""
    rest = rest_of(at_cut, share_class)
    if rest is None or not at_cut.disclosures:
        return Beside((), ())
    left, counted, crowded = rest.shares, list[Position](), list[Fact]()
    found = sorted(_disclosed(at_cut, share_class), key=lambda one: one.by.order, reverse=True)
    for one in found:
        if one.shares > left:
            crowded.append(one.by)
        elif one.shares:
            left -= one.shares
            counted.append(one)
    return Beside(sorted(counted, key=lambda one: (-one.shares, one.holder)), crowded)


def _disclosed(at_cut: RegisterAtCut, share_class: str) -> Iterator[Position]:
    """What each holder has for itself, by its latest disclosure in its own name, else by that of
    what is held for it too."""
    seen = set[str]()
    for interest in _OWN:
        for (of, holder, how), facts in latest(at_cut).items():
            only = at_cut.capital == [share_class] and of is None
            if how != interest or holder in seen or not (of == share_class or only):
                continue
            fact = max(facts, key=at_cut.view.preference)
            shares = _shares(at_cut, share_class, fact)
            if shares is not None:
                seen.add(holder)
                in_trust = bases.held(at_cut, share_class, holder, how)
                shares = max(shares - in_trust, _NONE)
                yield Position(share_class, holder, shares, fact, "shares" in fact.data)


def _shares(at_cut: RegisterAtCut, share_class: str, fact: Fact) -> Fraction | None:
    """The number disclosed, or the nearest to the percentage disclosed; None of a bound or band."""
    if not is_point(fact):
        return None
    number, of = carried(at_cut, fact).number, fact.text("percent_of")
    only = at_cut.capital == [share_class]
    if number is not None or of not in ("issued", "outstanding", *(["capital"] if only else [])):
        return number
    treasury = at_cut.register.treasury(share_class) if of == "outstanding" else _NONE
    whole = bases.issued(at_cut, share_class) - treasury
    unit = Fraction(1, 10 ** at_cut.register.digits(share_class))
    return round(whole * Fraction(fact.need("percent")) / 100 / unit) * unit


def unregistered(at_cut: RegisterAtCut, share_class: str) -> Mapping[str, Fraction]:
    """What a register known in part does not have: the shares of those who are disclosed beside it,
    and of nobody known."""
    if (rest := rest_of(at_cut, share_class)) is None:
        return {}
    found = {one.holder: one.shares for one in beside(at_cut, share_class).positions}
    left = rest.shares - sum(found.values(), _NONE)
    return found | ({NOT_KNOWN: left} if left else {})


def beside_words(at_cut: RegisterAtCut, share_class: str, found: Beside) -> Iterator[Told]:
    """What is taken of percentages alone, and what no room is left for."""
    for one in found.positions:
        if not one.printed:
            number = told(COUNT, at_cut.count(share_class, one.shares))
            yield Told(
                f"{told('event', one.by.key)} tells {printed_percent(one.by)} and no number:"
                f" {number} {told('class', share_class)}, the nearest, come out of the rest."
            )
    for fact in found.crowded:
        yield Told(
            f"{told('event', fact.key)} tells more than is left of {told('class', share_class)}"
            " beside the register and later disclosures: it is not counted among them."
        )


def positions(at_cut: RegisterAtCut) -> Mapping[str, Sequence[Position]]:
    """Those of each class that is known in part."""
    each = {c: beside(at_cut, c).positions for c in at_cut.classes}
    return {share_class: found for share_class, found in each.items() if found}
