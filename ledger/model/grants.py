"""What instruments, pools and restricted shares are made of as they stand at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.model.vesting import Schedule
from ledger.values.quantities import Amount
from ledger.values.refusals import Refusal

_NONE = Fraction()


class Problem(NamedTuple):
    """What an event says that cannot be, by what else is recorded of the instrument or pool."""

    fact: Fact
    refusal: Refusal
    wrong: str
    remedy: str
    place: str


@dataclass
class Instrument:
    """An instrument as it stands: ``open`` and ``used`` shares, of a ``total`` that vests."""

    id: str
    kind: str
    holder: str
    issuer: str
    share_class: str | None
    granted: Fact
    facts: list[Fact]
    terms: dict[str, Any]
    schedule: Schedule
    open: int = 0
    total: Fraction = _NONE
    used: Fraction = _NONE
    vested_besides: Fraction = _NONE
    by_events: bool = False
    early: bool = False
    ended: bool = False
    ceased: bool = False  # the shares that it is on exist no more
    price_factor: Fraction = Fraction(1)  # what the price that was written is divided by
    taken: Fraction = _NONE  # of its pool, by all that was ever granted

    @property
    def counted(self) -> bool:
        """Whether it has a number of shares, so that it can be open on some."""
        return "shares" in self.granted.data or self.total > 0

    @property
    def promised(self) -> bool:
        """Whether it is only promised."""
        return bool(self.granted.data.get("status") == "promised")

    def price(self, name: str = "exercise_price") -> tuple[str, Fraction] | None:
        """The currency and amount of a price for one share, as it is after splits."""
        text = self.terms.get(name)
        if text is None:
            return None
        currency, _, amount = str(text).partition(" ")
        return currency, Fraction(amount) / self.price_factor

    def price_words(self, name: str = "exercise_price") -> str | None:
        """The same as it was written, or exact where splits made another of it."""
        price = self.price(name)
        if price is None or self.price_factor == 1:
            return self.terms.get(name)
        return str(Amount(*price))

    def scale(self, ratio: Fraction) -> None:
        """Multiply what is open, rounded down, and all that is counted in shares."""
        kept = self.total - self.open
        self.open = floor(self.open * ratio)
        self.total = self.open + kept * ratio
        self.used *= ratio
        self.taken *= ratio
        self.vested_besides *= ratio
        self.schedule.scale *= ratio
        self.price_factor *= ratio


@dataclass
class Pool:
    """A pool as it stands: reserved shares and what has come back."""

    id: str
    share_class: str
    reserved: int
    facts: list[Fact]
    returned: Fraction = _NONE


@dataclass
class Restriction:
    """Restricted shares of a holder: how many, their schedule, and those that were let go."""

    id: str
    share_class: str
    holder: str
    shares: Fraction
    schedule: Schedule
    facts: list[Fact]
    ended: Fraction = _NONE
