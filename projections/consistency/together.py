"""What is disclosed of one issuer, one class and one day, and cannot all be true: by no whole that
each figure can be a part of, or by parts that make more than the whole.

Printed figures are what they can have been before they were rounded, bounds and bands all that they
leave open. Only what no register tells is asked, and only of single days on which no class was
multiplied.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import RESHAPING
from projections.answer import qualified, whole
from projections.subjects.bases import is_of_votes
from projections.subjects.checked_figures import how_sure, printed_percent
from projections.subjects.printed_values import Range, range_of
from projections.subjects.register_at_cut import RegisterAtCut
from projections.told import COUNT, Told, told

_BELOW = {"outstanding": "issued", "net-votes": "held-votes", "held-votes": "gross-votes"}
_SHARES = ("issued", "outstanding")


class Said(NamedTuple):
    """What a fact says of a whole: between which numbers it lies, in words."""

    fact: Fact
    low: Fraction
    high: Fraction | None
    words: Told

    def excludes(self, other: Said) -> bool:
        """Whether no whole is both: its own at most that of what it is a part of."""
        ours, theirs = _base(self.fact), _base(other.fact)
        if ours == theirs:
            return _above(self, other) or _above(other, self)
        if theirs in _wider(ours):
            return _above(self, other)
        return ours in _wider(theirs) and _above(other, self)


class Contradiction(NamedTuple):
    """Facts that cannot all be true, each with what it says, and of what they speak."""

    attribute: str
    statements: Sequence[tuple[Fact, Told]]


def contradictions(at_cut: RegisterAtCut) -> Iterator[Contradiction]:
    """What is disclosed of an issuer, and no register tells, that cannot all be true."""
    days = defaultdict[tuple[str, str], list[Fact]](list)
    for fact in [*at_cut.disclosures, *at_cut.asserted]:
        dated = fact.effective
        if dated is None or dated.first != dated.last or "base_on" in fact.data:
            continue
        if fact.type == "balance-asserted" or not at_cut.tells_position(fact):
            days[_class(at_cut, fact), dated.first].append(fact)
    for (_, day), facts in sorted(days.items()):
        if any(fact.type == "stake-disclosed" for fact in facts) and not _reshaped(at_cut, day):
            yield from _of_wholes(facts)
            yield from _of_parts(facts)


def _class(at_cut: RegisterAtCut, fact: Fact) -> str:
    """The class that a fact speaks of; nothing for all of several, or for the issuer's votes."""
    if _base(fact) in ("capital", "capital-par") or is_of_votes(_base(fact)):
        return ""
    if (share_class := fact.text("share_class")) is not None:
        return share_class
    known = at_cut.terms.created or at_cut.classes
    return next(iter(known)) if len(known) == 1 else ""


def _reshaped(at_cut: RegisterAtCut, day: str) -> bool:
    """Whether a class was multiplied on a day: what was counted before it is not told."""
    found = at_cut.view.about(f"issuer:{at_cut.issuer}", types=RESHAPING).ever
    return any(f.effective and f.effective.first <= day <= f.effective.last for f in found)


def _of_wholes(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """Those by which a whole would have to be two numbers at once."""
    left = [one for fact in facts if (one := _said(fact)) is not None]
    while left:
        one = left.pop(0)
        against = [other for other in left if _differ(one, other)]
        if against:
            left = [other for other in left if other not in against]
            statements = [(said.fact, said.words) for said in (one, *against)]
            yield Contradiction(f"total-{_base(one.fact)}", statements)


def _differ(one: Said, other: Said) -> bool:
    """Whether two statements are of different holders, as those of one are compared otherwise."""
    return one.fact.text("holder") != other.fact.text("holder") and one.excludes(other)


def _said(fact: Fact) -> Said | None:
    """The whole that a number and its percentage are of, or that is asserted."""
    base = _base(fact)
    if fact.type == "balance-asserted":
        number = Fraction(fact.shares())
        stated = told(COUNT, fact.need("shares"))
        return Said(fact, number, number, Told(f"{stated} {base.replace('-', ' ')}"))
    name = "votes" if is_of_votes(base) else "shares"
    if base == "unstated" or "percent" not in fact.data or name not in fact.data:
        return None
    (low, high), (least, most) = _number(fact, name), percent_range(fact)
    if not most or low is None:
        return None
    at_least = low * 100 / most
    at_most = high * 100 / least if least and high is not None else None
    return Said(fact, at_least, at_most, _words(fact, name, at_least, at_most))


def _number(fact: Fact, name: str) -> Range:
    printed, how = fact.need(name), how_sure(fact)
    exact = Fraction(printed)
    return (exact, exact) if how == "exactly" else range_of(printed, how)


def percent_range(fact: Fact) -> Range:
    """What a percentage can have been before it was printed; None where nothing bounds it."""
    printed, upto = fact.need("percent"), fact.text("percent_to")
    if upto is not None:
        return Fraction(printed), Fraction(upto)
    return range_of(printed, how_sure(fact))


def _words(fact: Fact, name: str, low: Fraction, high: Fraction | None) -> Told:
    number = qualified(told(COUNT, fact.need(name)), how_sure(fact))
    ends = [told(COUNT, whole(Fraction(-(-low // 1))))]
    ends += [told(COUNT, whole(Fraction(high // 1)))] if high is not None else []
    implied = " to ".join(ends) if high is not None else f"at least {ends[0]}"
    percent, of = printed_percent(fact), _base(fact).replace("-", " ")
    return Told(f"{number} {name}, {percent} of {of}: {implied} in all")


def _base(fact: Fact) -> str:
    return fact.text("total") or fact.text("percent_of") or ""


def _wider(base: str) -> Iterator[str]:
    """The bases that a base is a part of."""
    while (above := _BELOW.get(base)) is not None:
        yield above
        base = above


def _above(one: Said, other: Said) -> bool:
    return other.high is not None and one.low > other.high


def _of_parts(facts: Sequence[Fact]) -> Iterator[Contradiction]:
    """The fewest holders whose own parts of one base make more than the whole together."""
    parts = defaultdict[str, dict[str, tuple[Fraction, Fact]]](dict)
    for fact in facts:
        of = "issued" if _base(fact) in _SHARES else _base(fact)
        if "percent" not in fact.data or fact.text("interest") not in (None, "direct"):
            continue
        low, holder = percent_range(fact)[0] or Fraction(), fact.need("holder")
        found = parts[of]
        if holder not in found or low < found[holder][0]:
            found[holder] = low, fact
    for of, found in sorted(parts.items()):
        if (over := _over(found)) is not None:
            statements = [(f, Told(f"{_percent(f)} of {_base(f).replace('-', ' ')}")) for f in over]
            yield Contradiction(f"holders-of-{of}", statements)


def _over(found: Mapping[str, tuple[Fraction, Fact]]) -> list[Fact] | None:
    total, taken = Fraction(), list[Fact]()
    for low, fact in sorted(found.values(), key=lambda one: (-one[0], one[1].listed)):
        total += low
        taken.append(fact)
        strict = any(how_sure(one) == "more-than" for one in taken)
        if total > 100 or (total == 100 and strict):
            return taken
    return None


def _percent(fact: Fact) -> str:
    return qualified(printed_percent(fact), how_sure(fact))
