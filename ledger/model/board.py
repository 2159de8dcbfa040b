"""A company's board as events come in: rights to seats, who sits for whom, who holds office."""

from __future__ import annotations

from itertools import groupby

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


class Board:
    """Seats, directors and officers of one company, folded fact by fact.

    ``rights`` gives, for each party, the seats it has the right to fill and the events of that
    right since it last began; ``others`` the same of seats that no nominee of a party fills: those
    of observers, and those of a class, by party or class and kind of seat. ``directors`` are the
    appointments that stand, by event key, so that several unnamed nominees of one party are several
    people.
    """

    def __init__(self) -> None:
        self.rights: dict[str, tuple[int, list[Fact]]] = {}
        self.others: dict[tuple[str, str], tuple[int, list[Fact]]] = {}
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

    def right(self, party: str) -> int:
        """The number of seats a party has the right to fill."""
        return self.rights.get(party, (0, []))[0]

    def nominees(self, party: str) -> list[Fact]:
        """The appointments that stand of directors a party nominated, in a fixed order."""
        found = (fact for fact in self.directors.values() if fact.text("nominated_by") == party)
        return sorted(found, key=lambda fact: fact.listed)

    def _change_right(self, fact: Fact, seats: int) -> None:
        party, seat = fact.text("party"), fact.text("seat") or "director"
        if party and seat != "observer":
            self.rights[party] = _changed(self.rights.get(party), fact, seats)
        else:
            whose = party or fact.need("holders_of"), seat
            self.others[whose] = _changed(self.others.get(whose), fact, seats)

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


def _changed(
    right: tuple[int, list[Fact]] | None, fact: Fact, seats: int
) -> tuple[int, list[Fact]]:
    count, facts = right or (0, [])
    return count + seats, [*(facts if count > 0 else []), fact]


def seats_of(fact: Fact) -> int:
    """How many seats a right is to."""
    return int(fact.data.get("seats", "1"))


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
                right, seated = board.right(party), len(board.nominees(party))
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
