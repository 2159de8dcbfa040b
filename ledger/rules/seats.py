"""A director nominated by a party sits in a seat which that party has the right to fill."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.events.envelope import Recorded
from ledger.model.board import BOARD, first_without_seat
from ledger.model.endings import unfounded
from ledger.model.fact import Fact
from ledger.rules.new_events import NewEvents
from ledger.time.view import View
from ledger.values.refusals import Refusal, Refused, to_run
from ledger.values.warnings import Warned, WarningKind


def seats_have_rights(view: View, new_events: NewEvents) -> Iterator[tuple[Recorded, Refused]]:
    """On no day do a party's official nominees outnumber the seats it has the right to fill; a
    right that fell with its agreement is not missed here, for the nominees may sit on."""
    for company in new_events.touched_by(view, "party", BOARD):
        facts = _board(view, company)
        official = [fact for fact in facts if fact.standing == "official"]
        violation = first_without_seat(official, lapsing=False)
        if violation is not None:
            fact, right, seated = violation
            event = new_events.attribute_to(f"party:{company}", fact.recorded.position)
            own = fact.recorded.position == event.position
            yield event, _refusal(fact, company, right, seated, own)


def endings_have_beginnings(
    view: View, new_events: NewEvents
) -> Iterator[tuple[Recorded, Refused]]:
    """Nobody leaves a board or an office officially who never came, and no seat is withdrawn that
    was not granted."""
    for company in new_events.touched_by(view, "party", BOARD):
        for fact, begun_by in unfounded(_board(view, company)):
            if fact.standing == "official":
                position = fact.recorded.position
                event = new_events.attribute_to(f"party:{company}", position)
                what = "It" if position == event.position else f"#{position} {fact.key}"
                yield (
                    event,
                    Refused(
                        Refusal.CONTRADICTORY_STEP,
                        f"{what} ({fact.type}, {fact.when}) ends what never began at {company}: no"
                        f" {begun_by} by that day tells of it.",
                        f"Record {begun_by} first; what a source says all the same is reported. See"
                        f" {to_run('governance', company, '--as-of', fact.order[0])}.",
                    ),
                )
                break


def unexplained(view: View, new_events: NewEvents) -> Iterator[Warned]:
    """Warnings of new nominees, kept because a source says so, without a seat to sit in."""
    for company in new_events.touched_by(view, "party", BOARD):
        violation = first_without_seat(_board(view, company))
        if violation is not None and new_events.has(violation[0].recorded.position):
            fact, right, seated = violation
            yield Warned(
                WarningKind.NO_RIGHT_TO_THE_SEAT,
                f"#{fact.recorded.position} ({fact.standing}) is kept as what its source says;"
                f" {fact.need('nominated_by')} has the right to fill {right} seat(s) on the board"
                f" of {company}, and this would make {seated}.",
                position=fact.recorded.position,
            )


def _board(view: View, company: str) -> list[Fact]:
    """What makes the board of a company on any day, in the order of the fold."""
    facts = view.about(f"party:{company}", types=BOARD).ever
    return [fact for fact in facts if fact.need("company") == company]


def _refusal(fact: Fact, company: str, right: int, seated: int, own: bool) -> Refused:
    what = "this appointment" if own else f"#{fact.recorded.position} {fact.key}"
    return Refused(
        Refusal.SEAT_WITHOUT_RIGHT,
        f"On {fact.order[0]} {fact.need('nominated_by')} has the right to fill {right} seat(s) on"
        f" the board of {company}; {what} would make {seated} nominee(s).",
        "Record board-seat-granted or director-left first, or leave nominated_by out and say it as"
        f" claim-recorded. See {to_run('governance', company, '--as-of', fact.order[0])}.",
        "nominated_by",
    )
