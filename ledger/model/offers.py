"""Offers to holders: the terms in force, who accepted how much, and how an offer ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ledger.model.fact import Fact
from ledger.model.movements import BY_TYPE, ISSUER
from ledger.values.dates import parse_published
from ledger.values.refusals import Unhandled

OFFERS = ("offer-made", "offer-amended", "offer-accepted", "offer-closed")
GIVING = (  # the kinds in which who accepts gives shares that it holds
    "tender", "exchange", "buy-back", "co-sale", "odd-lot", "mandatory", "dutch-auction", "drag",
)  # fmt: skip
CHOICE = "dividend-choice"
HELD_ONLY = tuple(kind for kind in GIVING if kind != "drag")
_TERMS = (
    "price", "prices", "ratio", "at_least", "at_most", "scaling", "odd_lots", "closes_on",
)  # fmt: skip


@dataclass(slots=True)
class Offer:
    """An offer as its steps make it; ``accepted`` has the last acceptance of each holder."""

    id: str
    made: Fact | None = None
    closed: Fact | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    accepted: dict[str, Fact] = field(default_factory=dict)

    def take(self, fact: Fact) -> None:
        """Take one more step into account."""
        match fact.type:
            case "offer-made":
                self.made, self.terms = fact, dict(fact.data)
            case "offer-amended":
                self.terms |= {name: fact.data[name] for name in _TERMS if name in fact.data}
            case "offer-accepted":
                self.accepted[fact.need("holder")] = fact
            case "offer-closed":
                self.closed = fact
            case _:
                raise Unhandled(fact.type, "an offer")

    @property
    def kind(self) -> str:
        """Its kind; empty where no event tells of its making."""
        return str(self.terms.get("kind", ""))

    @property
    def classes(self) -> list[str]:
        """The classes it is for."""
        named = [self.terms["share_class"]] if "share_class" in self.terms else []
        return list(
            dict.fromkeys([*named, *(p["share_class"] for p in self.terms.get("prices", ()))])
        )

    @property
    def base_classes(self) -> list[str]:
        """The classes whose holders it is addressed to."""
        return [self.terms["holders_of"]] if "holders_of" in self.terms else self.classes

    @property
    def last_day(self) -> str | None:
        """The last day on which it can be accepted, where that is told."""
        days = parse_published(self.terms.get("closes_on"))
        return days.last if days else None

    def limited_on(self, accepted: Fact) -> str | None:
        """The day whose holding is the most that an acceptance may be for; None without a limit."""
        if self.kind in HELD_ONLY:
            return accepted.order[0]
        recorded = parse_published(self.terms.get("record_on")) if self.kind == CHOICE else None
        return recorded.last if recorded else None

    @property
    def total(self) -> int:
        """How many shares are accepted, as far as acceptances are told."""
        return sum(map(asked, self.accepted.values()))


def asked(accepted: Fact) -> int:
    """All the shares that an acceptance asks for, or gives."""
    return accepted.whole() + (accepted.whole("excess") if "excess" in accepted.data else 0)


def offer_of(id: str, steps: Iterable[Fact]) -> Offer:
    """An offer from its steps in order."""
    offer = Offer(id)
    for step in steps:
        if not step.repeats:
            offer.take(step)
    return offer


def moved_by(fact: Fact, kind: str) -> Mapping[str, int | Fraction] | None:
    """What a movement under an offer of a kind took of who gave, or brought who took up; None where
    it does not tell the shares of each."""
    legs = BY_TYPE[fact.type].legs_of(fact.data)
    fields = [field for field, sign in legs if (sign < 0) == (kind in GIVING) and field != ISSUER]
    named = [party for field in fields if (party := fact.text(field)) is not None]
    return dict.fromkeys(named, fact.shares()) if named and "shares" in fact.data else None


def given_by(movements: Iterable[Fact], offer: Offer, holder: str, day: str) -> Fraction:
    """What a holder has given under an offer by the end of a day, and so held when it accepted."""
    if offer.kind not in GIVING:
        return Fraction()
    under = (f for f in movements if f.text("under") == offer.id and f.order[0] <= day)
    given = ((moved_by(fact, offer.kind) or {}).get(holder, 0) for fact in under)
    return sum(map(Fraction, given), Fraction())
