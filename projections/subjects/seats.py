"""Rights to seats of a board: whose they are at a cut, who sits in them, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.model.board import Board, SeatRight
from ledger.model.fact import Fact
from ledger.model.register import TREASURY, issuer_of
from ledger.time.view import View
from projections.subjects.register_at_cut import register_at_cut
from projections.told import COUNT, Told, told

MOST_EMPTY = 1_000  # seats of a right that are listed


class Placed(NamedTuple):
    """A right to seats, whose it is at a cut, and the nominees who sit by it."""

    right: SeatRight
    holders: list[str]
    sitting: list[Fact]

    @property
    def party(self) -> str | None:
        """Whose right it is, where it is one party's."""
        return self.holders[0] if len(self.holders) == 1 else None

    @property
    def named(self) -> list[Fact]:
        """Those who sit whose names are known."""
        return [fact for fact in self.sitting if fact.text("person")]


def placed(view: View, board: Board) -> Iterator[Placed]:
    """Each right to seats, with nominees who sit by no right before it."""
    sitting = set[str]()
    for right in board.rights:
        if right.seats > 0:
            one = Placed(right, _holders(view, right), [])
            nominees = [f for f in _nominees(board, right, one.party) if f.key not in sitting]
            one.sitting.extend(nominees[: right.seats])
            sitting.update(fact.key for fact in one.sitting)
            yield one


def seats_of(one: Placed) -> Iterator[Fact | None]:
    """Who sits in each seat of a right, of the empty seats the first. Of one by steps of a holding,
    each nominee who sits, and nobody where none does."""
    yield from one.sitting
    yield from [None] * min(_empty(one), MOST_EMPTY)


def _empty(one: Placed) -> int:
    seats = 1 if one.right.steps else one.right.seats
    return max(seats - len(one.sitting), 0)


def steps_of(fact: Fact) -> Told:
    """By which steps of a holding there are how many seats."""
    steps = ", ".join(f"{s['seats']} from {s['from_percent']}%" for s in fact.many("steps"))
    of_class, base = fact.text("of_class"), fact.text("steps_of")
    of = f" of {base.replace('-', ' ')}" if base else ""
    return Told(f"by steps: {steps}{of}{' ' + told('class', of_class) if of_class else ''}")


def _holders(view: View, right: SeatRight) -> list[str]:
    """Whose a right is: a party's, or of those on record as holders of the class."""
    if right.of_class is None:
        return [right.holder]
    held = register_at_cut(view, issuer_of(right.of_class)).register.held(right.of_class)
    return [account for account, shares in held.items() if account != TREASURY and shares > 0]


def _nominees(board: Board, right: SeatRight, party: str | None) -> list[Fact]:
    """Who may sit in the seats of a right: for a chair only who is said to be it."""
    found = board.nominees(party) if party and right.seat != "observer" else []
    if right.seat == "chair":
        return [fact for fact in found if "chair" in (fact.text("role") or "")]
    return found


def seat_notes(one: Placed) -> Iterator[str]:
    """What is not known of the seats of a right."""
    right, whose = one.right, told("party", one.right.holder)
    if right.of_class:
        whose = f"whoever holds {told('class', right.of_class)}"
        if len(one.holders) > 1:
            names = ", ".join(told("party", holder) for holder in one.holders)
            yield f"A right to seats belongs to {whose}: {names}."
    if right.steps:
        return  # how many seats there are depends on a holding
    if (empty := _empty(one)) > MOST_EMPTY:
        listed = f"{told(COUNT, MOST_EMPTY)} are listed"
        yield f"Of {whose}, {told(COUNT, empty)} seats are empty, of which {listed}."
    if right.seat != "observer" and (
        len(one.sitting) < right.seats or any(f.text("person") is None for f in one.sitting)
    ):
        yield f"Not known: who sits, if anybody, in the seat of {whose}."
