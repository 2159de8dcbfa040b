"""The terms of a class of shares at a moment: what its creation says and its amendments change.

Splits scale what is told a share: the prices of the class that is split, its par value where that
is said to scale, and what other classes convert into it at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ledger.model.fact import Fact
from ledger.model.fractional import FIELD
from ledger.model.movements import SPLITTING
from ledger.model.posted import FoldKey
from ledger.model.register import issuer_of
from ledger.time.view import View
from ledger.values.quantities import Amount, parse_count, parse_price, parse_ratio, parse_votes
from ledger.values.refusals import Unhandled
from ledger.values.share_counts import rounded_down

TYPES = ("share-class-created", "share-class-amended")
AS_CONVERTED = "as-converted"
WITH_VOTES = ("share", "voting")  # the kinds of class whose shares may carry votes
_PRICES = ("original_price", "preference_per_share")  # scaled when the class itself is split
_NOT_TERMS = {
    "share_class", "effective_on", "standing", "known_on", "citations", "deal", "sequence",
    "reaffirms", "inferred_from", "note", "conditional_on", "under", "tense", "authorised",
}  # fmt: skip


@dataclass(slots=True)
class Terms:
    """The terms of one class: each as it was told last, by its name, and the events that tell it.

    ``scaled`` is what splits have multiplied a term by since it was told.
    """

    created: Fact | None = None
    told: dict[str, Any] = field(default_factory=dict)
    by: dict[str, Fact] = field(default_factory=dict)
    scaled: dict[str, Fraction] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the class is of; unsaid, of shares."""
        return self.text("kind") or "share"

    @property
    def digits(self) -> int:
        """The decimals of its shares."""
        return int(self.text(FIELD) or "0")

    @property
    def is_capital(self) -> bool:
        """Whether its shares are capital of the issuer."""
        return self.kind == "share"

    def text(self, name: str) -> str | None:
        """A term as it was told."""
        value = self.told.get(name)
        return value if value is None or isinstance(value, str) else str(value)

    def price(self, name: str) -> Amount | None:
        """A term that is money a share (``par_value``, ``original_price``, ...), splits counted."""
        value = self.text(name)
        if value is None:
            return None
        return Amount.of(parse_price(value)).times(self.scaled.get(name, Fraction(1)))

    def now(self) -> dict[str, Any]:
        """Every term as it stands, splits counted, by its name."""
        scaled = {name: self.price(name) for name in self.scaled if name != "converts_at"}
        return self.told | {name: str(price) for name, price in scaled.items()}

    @property
    def converts_at(self) -> Fraction | None:
        """The shares of another class that one share converts into, where that is told."""
        if (at := self.text("converts_at")) is not None:
            return parse_ratio(at) * self.scaled.get("converts_at", Fraction(1))
        original, conversion = self.price("original_price"), self.price("conversion_price")
        if original is None or conversion is None or original.currency != conversion.currency:
            return None
        return original.value / conversion.value if conversion.value else None

    def see(self, fact: Fact) -> None:
        """Take a creation or an amendment of the class into account; a class that is told of again
        keeps what was amended."""
        if fact.type == "share-class-created":
            self.created = fact
        for name, value in fact.data.items():
            before = self.by.get(name, fact)
            again = fact.type == "share-class-created" and before.type != fact.type
            if name in _NOT_TERMS or again:
                continue
            self.told[name], self.by[name] = value, fact
            self.scaled.pop(name, None)
            for other in _INSTEAD.get(name, ()):
                self.told.pop(other, None)

    def scale(self, name: str, factor: Fraction) -> None:
        """Multiply a term, where it is told."""
        if name in self.told:
            self.scaled[name] = self.scaled.get(name, Fraction(1)) * factor


_INSTEAD = {"converts_at": ("conversion_price",), "conversion_price": ("converts_at",)}


class ClassTerms:
    """The terms of an issuer's classes, folded in order."""

    def __init__(self) -> None:
        self._terms: dict[str, Terms] = defaultdict(Terms)

    def of(self, share_class: str) -> Terms:
        """The terms of a class; of one that nothing tells of, none."""
        return self._terms.get(share_class) or Terms()

    @property
    def created(self) -> list[str]:
        """The classes of which the creation is told."""
        return [one for one, terms in self._terms.items() if terms.created is not None]

    def __contains__(self, share_class: str) -> bool:
        """Whether it is told what a class is: without its creation, its kind is not known."""
        return self.of(share_class).created is not None

    def see(self, fact: Fact) -> None:
        """Take a fact into account: a creation, an amendment or a split."""
        if fact.type in TYPES:
            self._terms[fact.need("share_class")].see(fact)
        elif fact.type in SPLITTING:
            self._split(fact)
        else:
            raise Unhandled(fact.type, "the terms of a class")

    def _split(self, fact: Fact) -> None:
        split, ratio = fact.need("share_class"), fact.ratio()
        for share_class, terms in self._terms.items():
            if share_class == split:
                for name in _PRICES:
                    terms.scale(name, 1 / ratio)
                terms.scale("converts_at", 1 / ratio)
                if fact.text("par") == "scales":
                    terms.scale("par_value", 1 / ratio)
            elif terms.text("converts_into") == split:
                terms.scale("converts_at", ratio)
                terms.scale("conversion_price", 1 / ratio)

    def votes(self, share_class: str, shares: Fraction) -> Fraction | None:
        """The votes that a holder's shares of a class carry; None where the terms do not tell.

        Shares that vote as converted do so as the whole shares that they would become; where the
        votes are those of a unit of shares, shares beneath a whole unit carry none (Japan,
        Companies Act, article 308).
        """
        terms = self.of(share_class)
        if terms.created is None:
            return None
        if terms.kind not in WITH_VOTES:
            return Fraction()
        each = terms.text("votes_per_share")
        if each == AS_CONVERTED:
            found = self.converted(share_class, shares)
            if found is None:
                return None
            into, shares = found
            return self.votes(into, rounded_down(shares, self.of(into).digits))
        if each is None:
            return None
        if (unit := terms.text("unit")) is not None and unit != "1":
            return Fraction(shares // parse_count(unit)) * parse_votes(each)
        votes = shares * parse_votes(each)
        return Fraction(votes // 1) if terms.text("vote_fractions") == "dropped" else votes

    def rounds(self, share_class: str) -> bool:
        """Whether a holder's shares may carry fewer votes together than each by itself tells."""
        terms = self.of(share_class)
        each, unit = terms.text("votes_per_share"), terms.text("unit")
        return (
            each == AS_CONVERTED
            or unit not in (None, "1")
            or terms.text("vote_fractions") == "dropped"
        )

    def each(self, share_class: str) -> str:
        """The votes that one share carries, in words."""
        terms = self.of(share_class)
        if terms.kind not in WITH_VOTES:
            return f"0 (a {terms.kind} carries no vote)"
        each = terms.text("votes_per_share") or "?"
        if each == AS_CONVERTED:
            found = self.converted(share_class, Fraction(1))
            return f"{found[1] if found else '?'} as converted, in whole shares"
        if (unit := terms.text("unit")) is not None and unit != "1":
            return f"{each} for each whole {unit} shares"
        dropped = terms.text("vote_fractions") == "dropped"
        return f"{each}, fractions dropped" if dropped else each

    def converted(self, share_class: str, shares: Fraction) -> tuple[str, Fraction] | None:
        """The class that shares convert into in the end, and how many they become; None where the
        terms do not tell, or go round in a circle."""
        passed = [share_class]
        while (into := (terms := self.of(passed[-1])).text("converts_into")) is not None:
            if terms.converts_at is None or into in passed:
                return None
            shares *= terms.converts_at
            passed.append(into)
        return None if len(passed) == 1 else (passed[-1], shares)


def class_terms(view: View, issuer: str, before: FoldKey | None = None) -> ClassTerms:
    """The terms of an issuer's classes at the cut of a view, or just before a place in the fold."""
    return folded(view.about(f"issuer:{issuer}", types=(*TYPES, *SPLITTING)).counted, before)


def folded(facts: Iterable[Fact], before: FoldKey | None = None) -> ClassTerms:
    """The terms that facts make, in their order, up to a place."""
    found = ClassTerms()
    for fact in facts:
        if before is not None and fact.order >= before:
            break
        found.see(fact)
    return found


def terms(view: View, share_class: str, before: FoldKey | None = None) -> Terms:
    """The terms of a class at the cut of a view, or just before a place in the fold."""
    return class_terms(view, issuer_of(share_class), before).of(share_class)
