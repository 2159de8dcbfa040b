"""What holders chose of a dividend with a choice, and what each part of a holding brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.offers import CHOICE, Offer
from ledger.time.view import View
from ledger.values.quantities import Amount, parse_price, parse_ratio
from ledger.values.share_counts import MOST_DIGITS, count_text
from projections.subjects.offers import offers_at
from projections.told import COUNT, Told, told

RECEIVERS = ("holder", "transferee")


class Part(NamedTuple):
    """So many shares of a holder for which one option was chosen, or nothing is known to be."""

    option: str | None
    shares: Fraction
    known: bool = True


class Due(NamedTuple):
    """The money, and the shares of a class, that come of a dividend."""

    money: Amount | None = None
    shares: Fraction | None = None
    in_class: str | None = None


@dataclass(slots=True)
class Choices:
    """The options of a dividend, the one had by default, and the offers under which one is had."""

    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    default: str | None = None
    offers: list[Offer] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)

    def parts(self, holder: str, shares: Fraction) -> Iterator[Part]:
        """The parts of what a holder had on the record day, by what it chose for each."""
        chosen = [one.accepted[holder] for one in self.offers if holder in one.accepted]
        left = shares - sum(fact.shares() for fact in chosen)
        if left < 0:
            numbers = (told(COUNT, count_text(n, MOST_DIGITS)) for n in (shares - left, shares))
            words = "chose for {} shares, and was entitled to a dividend on {}.".format(*numbers)
            self.notes.append(Told(f"{told('party', holder)} {words}"))
            yield Part(None, shares, known=False)
            return
        for fact in chosen:
            if fact.shares():
                yield Part(fact.text("option"), Fraction(fact.shares()))
        if left:
            yield Part(self.default, left)

    def due(self, part: Part) -> Due | None:
        """What a part brings; None where no option tells it."""
        terms = self.options.get(part.option or "", {})
        if not ("cash" in terms or "ratio" in terms):
            return None
        money = (
            Amount.of(parse_price(terms["cash"])).times(part.shares) if "cash" in terms else None
        )
        if "ratio" not in terms:
            return Due(money)
        return Due(money, part.shares * parse_ratio(terms["ratio"]), terms.get("into_class"))


def choices_of(view: View, declared: Fact) -> Choices | None:
    """What holders may choose of a dividend, and chose; None where it leaves no choice."""
    id = declared.text("dividend")
    made = [o for o in offers_at(view, f"dividend:{id}") if o.kind == CHOICE] if id else []
    offers = [one for one in made if one.made is not None]
    listed = declared.many("options") or [o for one in offers for o in one.terms.get("options", ())]
    if not listed:
        return None
    default = declared.text("default_option")
    for one in offers:
        default = one.terms.get("default_option", default)
    found = Choices({one["option"]: one for one in listed}, default, offers)
    found.notes += _open_notes(found)
    return found


def _open_notes(choices: Choices) -> Iterator[Told]:
    rest = f"who chooses nothing gets {choices.default}" if choices.default else ""
    for offer in choices.offers:
        if offer.closed is None:
            until = f" until {offer.last_day}" if offer.last_day else ""
            words = f"The choice is open{until}" + (f"; {rest}" if rest else "")
            yield Told(f"{told('offer', offer.id)}: {words}.")
    if not choices.offers:
        words = "No offer of the kind dividend-choice at this cut tells what holders chose"
        yield Told(words + (f": all get {choices.default}." if choices.default else "."))


def brought(view: View, choices: Choices, holder: str) -> Fact | None:
    """The movement under the offer that brought a holder what it chose."""
    for offer in choices.offers:
        for fact in view.about(f"subject:{offer.id}", types=MOVEMENTS).counted:
            if fact.text("under") == offer.id and holder in map(fact.text, RECEIVERS):
                return fact
    return None
