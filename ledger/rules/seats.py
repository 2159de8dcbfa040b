"""A director nominated by a party sits in a seat which that party has the right to fill."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ledger.envelope import Recorded
from ledger.refusals import Refusal, Refused
from ledger.rules.news import News
from ledger.view import Fact, View

BOARD = ("board-seat-granted", "board-seat-withdrawn", "director-appointed", "director-left")


def seats_have_rights(view: View, news: News) -> Iterator[tuple[Recorded, Refused]]:
    """On no day do a party's official nominees outnumber the seats it has the right to fill."""
    positions = {event.position for event in news.events}
    for company in news.touched("party:"):
        board = view.about(f"party:{company}", types=BOARD).certain
        sitting: dict[str, tuple[str, int]] = {}
        rights: dict[str, int] = {}
        for day, facts in groupby(_official(board, company), key=lambda fact: fact.order[0]):
            today = list(facts)
            for fact in today:
                _apply(fact, rights, sitting)
            for fact in today:
                party = fact.text("nominated_by")
                if fact.type == "director-appointed" and party:
                    seated = sum(nominated == party for nominated, _ in sitting.values())
                    if seated > rights.get(party, 0) and fact.recorded.position in positions:
                        yield (
                            news.blame(f"party:{company}", fact.recorded.position),
                            _refusal(day, company, party, rights.get(party, 0), seated),
                        )


def occupant(fact: Fact) -> str:
    """Who comes or goes: the person, or an unknown occupant of a party's seat."""
    return fact.text("person") or f"?{fact.need('nominated_by')}"


def _official(board: list[Fact], company: str) -> list[Fact]:
    return [f for f in board if f.standing == "official" and f.need("company") == company]


def _apply(fact: Fact, rights: dict[str, int], sitting: dict[str, tuple[str, int]]) -> None:
    match fact.type:
        case "board-seat-granted":
            rights[fact.need("party")] = rights.get(fact.need("party"), 0) + _seats(fact)
        case "board-seat-withdrawn":
            rights[fact.need("party")] = rights.get(fact.need("party"), 0) - _seats(fact)
        case "director-appointed" if fact.text("nominated_by"):
            sitting[occupant(fact)] = fact.need("nominated_by"), fact.recorded.position
        case "director-left":
            sitting.pop(occupant(fact), None)


def _seats(fact: Fact) -> int:
    return int(fact.data.get("seats", "1"))


def _refusal(day: str, company: str, party: str, right: int, seated: int) -> Refused:
    return Refused(
        Refusal.SEAT_WITHOUT_RIGHT,
        f"On {day} {party} has the right to fill {right} seat(s) on the board of {company}; this"
        f" appointment would make {seated}.",
        "Record board-seat-granted or director-left first, or leave nominated_by out.",
        "nominated_by",
    )
