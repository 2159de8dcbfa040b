"""The movements of shares: one table, from which everything that lists them is derived."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

Leg = tuple[str, int]  # the field of a party, and whether shares are added to it or taken from it
ISSUER = ""  # in place of a field: the issuer itself, which holds treasury shares


class Movement(NamedTuple):
    """What an event type does to a class of shares.

    Shares are added and taken at the ``legs``. Where it ``reshapes``, every balance of the class is
    multiplied by a ratio instead. Where it ``converts``, what it takes, or every balance, becomes
    shares of another class at a ratio; it takes of every balance where it names no holder.
    """

    type: str
    legs: tuple[Leg, ...] = ()
    reshapes: bool = False
    converts: bool = False

    @property
    def creates(self) -> int:
        """The sign with which shares come into being (1) or cease to exist (-1); 0 for others."""
        return 0 if self.reshapes or self.converts else sum(sign for _, sign in self.legs)


TABLE = (
    Movement("register-opened", (("holder", 1),)),
    Movement("shares-issued", (("holder", 1),)),
    Movement("shares-transferred", (("transferor", -1), ("transferee", 1))),
    Movement("shares-repurchased", (("holder", -1), (ISSUER, 1))),
    Movement("shares-cancelled", (("holder", -1),)),
    Movement("shares-split", reshapes=True),
    Movement("shares-converted", (("holder", -1),), converts=True),
    Movement("shares-reclassified", reshapes=True, converts=True),
    Movement("shares-placed-in-trust", (("holder", -1), ("trust", 1))),
    Movement("shares-released-from-trust", (("trust", -1), ("transferee", 1))),
)
BY_TYPE = {movement.type: movement for movement in TABLE}
MOVEMENTS = tuple(BY_TYPE)
LEGS = {movement.type: movement.legs for movement in TABLE}
SIGNS = {  # of movements that only add and take shares, and can be posted: their legs
    one.type: one.legs for one in TABLE if not (one.reshapes or one.converts)
}
RESHAPING = tuple(one.type for one in TABLE if one.reshapes)
SPLITTING = tuple(one.type for one in TABLE if one.reshapes and not one.converts)
CREATING = tuple(one.type for one in TABLE if one.creates > 0)
CANCELLING = tuple(one.type for one in TABLE if one.creates < 0)
TRANSFERS = tuple(name for name in SIGNS if not BY_TYPE[name].creates)  # from account to account
PLACING = tuple(one.type for one in TABLE if ("trust", 1) in one.legs)
OF_TRUSTS = tuple(one.type for one in TABLE if "trust" in dict(one.legs))
GIVING = ("supply", "fractions_to")  # the fields of who else gives or gains shares
PARTIES = frozenset([*(field for one in TABLE for field, _ in one.legs), *GIVING]) - {ISSUER}


def takes_all(type_name: str, data: Mapping[str, Any]) -> bool:
    """Whether what a movement does depends on every balance of its class at its place."""
    movement = BY_TYPE.get(type_name)
    if movement is None or type_name in SIGNS:
        return False
    return movement.reshapes or data.get("holder") is None


def rounds(data: Mapping[str, Any]) -> bool:
    """Whether something becomes of the fractions that a movement leaves."""
    return data.get("fractions") not in (None, "refuse")
