"""The arithmetic of a register of shares: what each movement does to balances, exactly.

Balances are fractions so that a split of a register seen in part (an early known-by, a high floor
of standing) is still exact; in the whole register the rules keep every balance a whole number.
Issuer-held shares are one account, ``TREASURY``.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from ledger.fact import Fact

TREASURY = ""
MOVEMENTS = (
    "register-opened",
    "shares-issued",
    "shares-transferred",
    "shares-repurchased",
    "shares-cancelled",
    "shares-split",
    "shares-converted",
    "shares-reclassified",
    "shares-placed-in-trust",
    "shares-released-from-trust",
)


def issuer_of(share_class: str) -> str:
    """The issuer's id in a share class id."""
    return share_class.partition("/")[0]


def account_of(share_class: str, party: str) -> str:
    """The account a party's shares of a class stand on: its own id, or treasury for the issuer."""
    return TREASURY if party == issuer_of(share_class) else party


class Register:
    """The balances of an issuer's classes as movements are applied in the order of the fold."""

    def __init__(self) -> None:
        self.balances: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))

    def apply(self, fact: Fact) -> list[tuple[str, str]]:
        """Apply one movement; returns the (class, account) pairs whose balance it set."""
        share_class = fact.need("share_class")
        match fact.type:
            case "register-opened" | "shares-issued":
                return [self._add(share_class, fact.need("holder"), fact.shares())]
            case "shares-cancelled":
                holder = fact.text("holder") or issuer_of(share_class)
                return [self._add(share_class, holder, -fact.shares())]
            case "shares-split":
                return self._scale(share_class, share_class, fact.ratio())
            case "shares-reclassified":
                return self._scale(share_class, fact.need("into_class"), fact.ratio())
            case "shares-converted":
                holder, into = fact.need("holder"), fact.need("into_class")
                return [
                    self._add(share_class, holder, -fact.shares()),
                    self._add(into, holder, fact.shares() * fact.ratio()),
                ]
        giver, taker = self._parties(fact, share_class)
        return [
            self._add(share_class, giver, -fact.shares()),
            self._add(share_class, taker, fact.shares()),
        ]

    def issued(self, share_class: str) -> Fraction:
        """All shares of a class, treasury included."""
        return sum(self.balances[share_class].values(), Fraction())

    def treasury(self, share_class: str) -> Fraction:
        """The shares of a class that its issuer holds."""
        return self.balances[share_class][TREASURY]

    def outstanding(self, share_class: str) -> Fraction:
        """Issued shares without treasury shares."""
        return self.issued(share_class) - self.treasury(share_class)

    def _parties(self, fact: Fact, share_class: str) -> tuple[str, str]:
        match fact.type:
            case "shares-transferred":
                return fact.need("transferor"), fact.need("transferee")
            case "shares-repurchased":
                return fact.need("holder"), issuer_of(share_class)
            case "shares-placed-in-trust":
                return fact.need("holder"), fact.need("trust")
            case "shares-released-from-trust":
                return fact.need("trust"), fact.need("transferee")
        raise AssertionError(f"{fact.type} is not a movement")

    def _add(self, share_class: str, party: str, shares: int | Fraction) -> tuple[str, str]:
        account = account_of(share_class, party)
        self.balances[share_class][account] += shares
        return share_class, account

    def _scale(self, share_class: str, into: str, ratio: Fraction) -> list[tuple[str, str]]:
        old = dict(self.balances[share_class])
        self.balances[share_class].clear()
        for account, shares in old.items():
            self.balances[into][account] += shares * ratio
        return [(into, account) for account in old]
