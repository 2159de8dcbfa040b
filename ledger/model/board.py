"""A company's board as events come in: rights to seats, who sits for whom, who holds office."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.values.refusals import Unhandled

BOARD = (
    "board-seat-granted",
    "board-seat-withdrawn",
    "director-appointed",
    "director-left",
    "officer-appointed",
    "officer-left",
)


class SeatRight(NamedTuple):
    """Whose right to seats it is, a party's or of who holds a class; to which, and how many.

    By ``steps`` of a holding the number of seats is the most that there may be.
    """

    holder: str
    seat: str
    seats: int
    facts: list[Fact]

    @property
    def steps(self) -> Fact | None:
        """The event that makes the number of seats depend on a holding."""
        return next((fact for fact in reversed(self.facts) if fact.many("steps")), None)

    @property
    def is_other(self) -> bool:
        """Whether it is of a class or to an observer's seat."""
        return self.seat == "observer" or "/" in self.holder

    @property
    def of_class(self) -> str | None:
        """The class whose holder the right belongs to."""
        return self.holder if "/" in self.holder else None


class Board:
    """Seats, directors and officers of one company, folded fact by fact.

    ``rights`` gives the rights to seats, each with its events since it last began. An observer's
    seat is no director's. ``directors`` are the appointments that stand, by event key, so that
    several unnamed nominees of one party are several people.
    """

    def __init__(self) -> None:
        self._rights: dict[tuple[str, str], SeatRight] = {}
        self.directors: dict[str, Fact] = {}
        self.officers: dict[tuple[str, str], Fact] = {}

    def apply(self, fact: Fact) -> None:
        """Take one fact into account."""
        match fact.type:
            case "board-seat-granted":
                self._change_right(fact, seats_of(fact))
            case "board-seat-withdrawn":
                self._change_right(fact, -seats_of(fact))
            case "director-appointed":
                self._leave(fact.text("person"), None)
                self.directors[fact.key] = fact
            case "director-left":
                self._leave(fact.text("person"), fact.text("nominated_by"))
            case "officer-appointed":
                self.officers[fact.need("role"), fact.need("person")] = fact
            case "officer-left":
                self.officers.pop((fact.need("role"), fact.need("person")), None)
            case _:
                raise Unhandled(fact.type, "the board")

    @property
    def rights(self) -> list[SeatRight]:
        """The rights to seats: of parties to directors, then of classes and to observers."""
        order = ("chair", "director", "observer")
        rights = self._rights.values()
        return sorted(rights, key=lambda r: (r.is_other, r.holder, order.index(r.seat)))

    def right(self, party: str) -> int:
        """The number of directors a party has the right to name, at most."""
        own = (r.seats for r in self.rights if r.holder == party and r.seat != "observer")
        return sum(own)

    def right_words(self, party: str) -> str:
        """The same in words, for by steps of a holding it is a limit."""
        by_steps = any(one.steps for one in self.rights if one.holder == party)
        return f"{'at most ' if by_steps else ''}{self.right(party)}"

    def most(self, party: str) -> int:
        """The same with the seats that come with classes, which may be the party's."""
        of_classes = (r.seats for r in self.rights if r.of_class and r.seat != "observer")
        return self.right(party) + sum(of_classes)

    def nominees(self, party: str) -> list[Fact]:
        """The appointments that stand of directors a party nominated, in a fixed order."""
        found = (fact for fact in self.directors.values() if fact.text("nominated_by") == party)
        return sorted(found, key=lambda fact: fact.listed)

    def _change_right(self, fact: Fact, seats: int) -> None:
        holder = fact.text("party") or fact.need("holders_of")
        place = holder, fact.text("seat") or "director"
        before = self._rights.get(place, SeatRight(*place, 0, []))
        facts = [*(before.facts if before.seats > 0 else []), fact]
        self._rights[place] = SeatRight(*place, max(before.seats, 0) + seats, facts)

    def _leave(self, person: str | None, nominated_by: str | None) -> None:
        """End the appointment of a person, or of an unnamed nominee who is named on leaving."""
        for key, sitting in self.directors.items():
            if person is not None and sitting.text("person") == person:
                del self.directors[key]
                return
        for key, sitting in self.directors.items():
            unnamed = sitting.text("person") is None
            if unnamed and nominated_by and sitting.text("nominated_by") == nominated_by:
                del self.directors[key]
                return


def seats_of(fact: Fact) -> int:
    """How many seats a right is to, by steps of a holding the most."""
    steps = fact.many("steps")
    return max((int(s["seats"]) for s in steps), default=int(fact.data.get("seats", "1")))


def first_without_seat(facts: list[Fact], *, lapsing: bool = True) -> tuple[Fact, int, int] | None:
    """The first appointment without a right at the end of its day, the right, and how many sit.

    Where rights are not ``lapsing``, they outlive their agreements.
    """
    board, begun = Board(), list[Fact]()
    depend = any(fact.depending for fact in facts)
    for day, group in groupby(facts, key=lambda fact: fact.order[0]):
        today = list(group)
        begun += today
        if depend:
            board = board_on(day, begun, lapsing=lapsing)
            today = [fact for fact in today if _counts_on(fact, day, lapsing)]
        else:
            for fact in today:
                board.apply(fact)
        for fact in today:
            party = fact.text("nominated_by")
            if fact.type == "director-appointed" and party:
                right, seated = board.most(party), len(board.nominees(party))
                if seated > right:
                    return fact, right, seated
    return None


def board_on(day: str, facts: list[Fact], *, lapsing: bool = True) -> Board:
    """The board that facts, all begun by a day, make at its end."""
    board = Board()
    for fact in facts:
        if _counts_on(fact, day, lapsing):
            board.apply(fact)
    return board


def _counts_on(fact: Fact, day: str, lapsing: bool) -> bool:
    """Whether a fact that has begun still counts on a day."""
    if fact.depending is None:
        return True
    away, _ = fact.depending.away_on(day)
    gone = away is not None and (lapsing or away.reason != "lapsed")
    return not (fact.depending.waits or gone)
