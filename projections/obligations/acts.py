"""What an event does that clauses speak of: who gives shares, who gains them, at which price."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, classes_of
from ledger.model.register import TREASURY, issuer_of, legs
from ledger.values.quantities import Amount, parse_price

_ISSUING = ("shares-issued", "instrument-exercised")
_OTHER_CLASSES = ("issuer", "company")


class Act:
    """An event as clauses see it. Treasury stands for its issuer."""

    def __init__(self, fact: Fact, cause: Fact | None = None, *, stands: bool = True) -> None:
        self.fact = fact
        self.cause = cause or fact  # the new event by which it is as it is
        self.stands = stands  # else the cause took it away, or made another of it

    @cached_property
    def share_class(self) -> str | None:
        """The class whose shares it moves, or speaks of."""
        return self.fact.text("share_class")

    @cached_property
    def issuer(self) -> str | None:
        """Whose shares it is about, or whose board."""
        if self.share_class:
            return issuer_of(self.share_class)
        return next((id for name in _OTHER_CLASSES if (id := self.fact.text(name))), None)

    @cached_property
    def issuers(self) -> set[str]:
        """Every issuer of whose shares it speaks."""
        found = {issuer_of(one) for one in classes_of(self.fact.data)}
        return found | ({self.issuer} if self.issuer else set())

    @cached_property
    def _legs(self) -> list[tuple[str, int]]:
        moves = self.fact.type in MOVEMENTS and self.share_class is not None
        return legs(self.fact.type, self.fact.data) if moves else []

    def _party(self, sign: int) -> str | None:
        found = [account for account, one in self._legs if one == sign]
        return (self.issuer if found[0] == TREASURY else found[0]) if found else None

    @cached_property
    def giver(self) -> str | None:
        """Who has fewer shares by it; None where nobody has."""
        return self._party(-1)

    @cached_property
    def taker(self) -> str | None:
        """Who has more shares by it; None where nobody has."""
        return self._party(1)

    @property
    def passes(self) -> bool:
        """Whether shares pass by it from one holder to another."""
        return self.giver is not None and self.taker is not None

    @property
    def issues(self) -> bool:
        """Whether new shares come into being by it for a holder, or treasury shares are sold."""
        if self.taker is None or self.taker == self.issuer:
            return False
        return self.fact.type in _ISSUING and self.giver in (None, self.issuer)

    @property
    def shares(self) -> Fraction | None:
        """How many shares move; None where it does not tell it."""
        if not self._legs or not ({"shares", "quantity"} & self.fact.data.keys()):
            return None
        return Fraction(self.fact.shares("shares" if "shares" in self.fact.data else "quantity"))

    @property
    def price(self) -> Amount | None:
        """The price of a share; None where it does not tell it."""
        told = self.fact.text("price")
        return Amount.of(parse_price(told)) if told else None

    @property
    def money(self) -> Amount | None:
        """The money that it is about: an amount, or the price of all shares."""
        if (amount := self.fact.text("amount")) is not None:
            return Amount.of(parse_price(amount))
        return self.price.times(self.shares) if self.price and self.shares else None
