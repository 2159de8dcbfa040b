"""The movements of shares: one table, from which everything that lists them is derived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Leg = tuple[str, int]  # the field of a party, and whether shares are added to it or taken from it
ISSUER = ""  # in place of a field: the issuer itself, which holds treasury shares
Variant = tuple[str, str, tuple[Leg, ...]]  # with this field so, the legs are these


class Movement(NamedTuple):
    """What an event type does to a class of shares.

    Shares are added and taken at the ``legs``, or at those of the first of the ``variants`` that
    its fields fit. Where it ``reshapes``, every balance of the class is
    multiplied by a ratio instead. Where it ``converts``, what it takes, or every balance, becomes
    shares of another class at a ratio; it takes of every balance where it names no holder. Where
    it goes ``across``, what it adds and takes is worked out from the balances of a class that may
    be of another issuer (``across.py``).
    """

    type: str
    legs: tuple[Leg, ...] = ()
    reshapes: bool = False
    converts: bool = False
    variants: tuple[Variant, ...] = ()
    across: bool = False

    def legs_of(self, data: Mapping[str, Any]) -> tuple[Leg, ...]:
        """The legs of an event by its fields."""
        for field, value, legs in self.variants:
            if data.get(field) == value:
                return legs
        return self.legs

    def creates(self, data: Mapping[str, Any]) -> int:
        """The sign with which shares come into being (1) or cease to exist (-1); 0 for others."""
        if not self.plain:
            return 0
        return sum(sign for _, sign in self.legs_of(data))

    @property
    def every_legs(self) -> tuple[tuple[Leg, ...], ...]:
        """The legs that events of the type can have, in any of their variants."""
        return self.legs, *(legs for _, _, legs in self.variants)

    @property
    def plain(self) -> bool:
        """Whether it only adds and takes shares, and can be posted."""
        return not (self.reshapes or self.converts or self.across)

    def _may(self, sign: int) -> bool:
        return self.plain and any(sign * sum(s for _, s in legs) > 0 for legs in self.every_legs)

    @property
    def may_create(self) -> bool:
        """Whether shares can come into being by it."""
        return self._may(1)

    @property
    def may_cancel(self) -> bool:
        """Whether shares can cease to exist by it."""
        return self._may(-1)


TABLE = (
    Movement("register-opened", (("holder", 1),)),
    Movement("shares-issued", (("holder", 1),)),
    Movement("shares-transferred", (("transferor", -1), ("transferee", 1))),
    Movement(
        "shares-repurchased",
        (("holder", -1), (ISSUER, 1)),
        variants=(("then", "cancelled", (("holder", -1),)),),
    ),
    Movement("shares-cancelled", (("holder", -1),)),
    Movement("shares-split", reshapes=True),
    Movement("shares-converted", (("holder", -1),), converts=True),
    Movement("shares-reclassified", reshapes=True, converts=True),
    Movement("shares-distributed", across=True),
    Movement("shares-exchanged", across=True),
    Movement("shares-placed-in-trust", (("holder", -1), ("trust", 1))),
    Movement("shares-released-from-trust", (("trust", -1), ("transferee", 1))),
    Movement(
        "instrument-exercised",
        (("holder", 1),),
        variants=(
            ("settled", "cash", ()),
            ("settled", "treasury", ((ISSUER, -1), ("holder", 1))),
            ("delivers", "holder", (("holder", -1), ("counterparty", 1))),
            ("settled", "transfer", (("counterparty", -1), ("holder", 1))),
        ),
    ),
)
BY_TYPE = {movement.type: movement for movement in TABLE}
MOVEMENTS = tuple(BY_TYPE)
LEG_FIELDS = {  # of each type: the fields whose parties shares are added to or taken from
    one.type: tuple(dict.fromkeys(field for legs in one.every_legs for field, _ in legs))
    for one in TABLE
}
SIGNS = {  # of movements that only add and take shares, and can be posted: their usual legs
    one.type: one.legs for one in TABLE if one.plain
}
RESHAPING = tuple(one.type for one in TABLE if one.reshapes)
SPLITTING = tuple(one.type for one in TABLE if one.reshapes and not one.converts)
ACROSS = tuple(one.type for one in TABLE if one.across)
CREATING = tuple(one.type for one in TABLE if one.may_create)
CANCELLING = tuple(one.type for one in TABLE if one.may_cancel)
TRANSFERS = tuple(  # from account to account
    one.type for one in TABLE if one.plain and not (one.may_create or one.may_cancel)
)
PLACING = tuple(one.type for one in TABLE if ("trust", 1) in one.legs)
OF_TRUSTS = tuple(one.type for one in TABLE if "trust" in dict(one.legs))
GIVING = ("supply", "fractions_to")  # the fields of who else gives or gains shares
_CLASSES = "share_class", "into_class", "distributed_class"
PARTIES = frozenset([*(n for names in LEG_FIELDS.values() for n in names), *GIVING]) - {ISSUER}


def takes_all(type_name: str, data: Mapping[str, Any]) -> bool:
    """Whether what a movement does depends on every balance of its class at its place."""
    movement = BY_TYPE.get(type_name)
    if movement is None or type_name in SIGNS:
        return False
    return movement.reshapes or movement.across or data.get("holder") is None


def rounds(data: Mapping[str, Any]) -> bool:
    """Whether something becomes of the fractions that a movement leaves."""
    return data.get("fractions") not in (None, "refuse")


def legs_of(type_name: str, data: Mapping[str, Any]) -> tuple[Leg, ...]:
    """The legs of a movement by its fields."""
    return BY_TYPE[type_name].legs_of(data)


def shares_moved(data: Mapping[str, Any]) -> str:
    """The number of shares that a movement moves: of an instrument used its quantity, unless what
    is received is said."""
    return str(data["shares"] if "shares" in data else data["quantity"])


def classes_of(data: Mapping[str, Any]) -> set[str]:
    """The share classes that an event speaks of."""
    return {data[name] for name in _CLASSES if name in data}
