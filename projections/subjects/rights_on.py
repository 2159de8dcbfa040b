"""Rights in shares followed to the accounts of the register that they are on, through nominees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from ledger.model.lots import Part
from ledger.model.register import Pair, account_of
from projections.share_rows import RightRow

Held = Callable[[str, str], Fraction]  # the shares of a class on an account
_NONE = Fraction()
_VOTED = ("to", "as-instructed")


class RightOn(NamedTuple):
    """What a party has by a right in shares of an account: so many of a class, or all (None).

    ``through`` has the rights between, of those for whom nominees hold the shares.
    """

    right: str
    kind: str
    party: str
    share_class: str
    account: str
    shares: Fraction | None
    voting: str | None
    disposes: bool
    through: tuple[RightOn, ...] = ()

    @property
    def votes(self) -> bool:
        """Whether the party votes the shares, or instructs how they are voted."""
        return self.voting in _VOTED

    @property
    def bears(self) -> bool:
        """Whether a law may count the shares as the party's."""
        held_for = self.kind == "nominee" or (self.kind == "usufruct" and self.voting != "holder")
        return self.votes or held_for or self.kind == "loan" or self.disposes

    def of(self, held: Fraction) -> Fraction:
        """The shares that it is on, of those on the account."""
        return held if self.shares is None else min(self.shares, held)


class _Place(NamedTuple):
    account: str
    shares: Fraction | None = None
    through: tuple[RightOn, ...] = ()


def followed(rows: Sequence[RightRow], held: Held) -> list[RightOn]:
    """What each right in force is on: the account of the holder in whose shares it is; where that
    has none of the class, those of its nominees."""
    found = [one for row in rows for one in _on(rows, held, row, ())]
    return [one for one in found if one.bears]


def _on(
    rows: Sequence[RightRow], held: Held, row: RightRow, passed: tuple[str, ...]
) -> Iterator[RightOn]:
    left = None if row["shares"] is None else Fraction(row["shares"])
    for place in _places(rows, held, row, passed):
        shares = place.shares
        if left is not None:
            at_most = left if shares is None else min(left, shares)
            if place.through and shares is None:
                at_most = min(left, held(row["share_class"], place.account))
            shares, left = at_most, left - at_most
        if shares is None or shares:
            yield RightOn(
                row["right"], row["kind"], row["party"], row["share_class"], place.account, shares,
                row["voting"], row["party"] in row["disposal_by"].split(", "), place.through,
            )  # fmt: skip


def _places(
    rows: Sequence[RightRow], held: Held, row: RightRow, passed: tuple[str, ...]
) -> Iterator[_Place]:
    share_class, holder = row["share_class"], row["holder"]
    account = account_of(share_class, holder)
    nominees = [
        one
        for one in rows
        if (one["kind"], one["share_class"], one["party"]) == ("nominee", share_class, holder)
    ]
    if not nominees or held(share_class, account) or holder in passed:
        yield _Place(account)
        return
    for one in nominees:
        for on in _on(rows, held, one, (*passed, holder)):
            yield _Place(on.account, on.shares, (*on.through, on))


Parts = Callable[[Pair], Sequence[Part]]  # the shares of an account by their votes


def portions(found: Iterable[RightOn], parts: Parts) -> dict[RightOn, list[Part]]:
    """The shares that each right is on, in parts by their votes: several rights are on different
    shares of an account as far as there are any, and those that begin the order come first."""
    portions = _Portions(parts)
    return {one: portions.of(one) for one in found}


class _Portions:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._found: dict[RightOn, list[Part]] = {}
        self._left: dict[RightOn | Pair, list[Part]] = {}

    def of(self, one: RightOn) -> list[Part]:
        """The shares that a right is on."""
        if one not in self._found:
            place: RightOn | Pair
            if one.through:
                place, every = one.through[-1], self.of(one.through[-1])
            else:
                place = one.share_class, one.account
                every = list(self._parts(place))
            shares = one.of(sum((part.shares for part in every), _NONE))
            taken, self._left[place] = _cut(self._left.get(place, every), shares)
            short = shares - sum((part.shares for part in taken), _NONE)
            again, _ = _cut(_without(every, taken), short)
            self._found[one] = [*taken, *again]
        return self._found[one]


def _cut(parts: Iterable[Part], shares: Fraction) -> tuple[list[Part], list[Part]]:
    """So many shares of some parts, the first of them first, and what is left of them."""
    taken, left = list[Part](), list[Part]()
    for part in parts:
        number = min(part.shares, shares)
        shares -= number
        taken.append(Part(part.lot, number))
        left.append(Part(part.lot, part.shares - number))
    return [part for part in taken if part.shares], [part for part in left if part.shares]


def _without(parts: Iterable[Part], taken: Iterable[Part]) -> list[Part]:
    gone = {part.named: part.shares for part in taken}
    left = [Part(part.lot, part.shares - gone.get(part.named, _NONE)) for part in parts]
    return [part for part in left if part.shares]
