"""Governance with what depends on holdings: rights to seats by steps, and who sits without one."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.time.view import View
from projections.answer import Answer
from projections.obligations.figures import Standing
from projections.obligations.seats import board_of, over_right, right_to, shares_of
from projections.rows import GovernanceRow
from projections.subjects import governance as recorded
from projections.subjects.seats import Placed, placed, steps_of
from projections.told import Told, told


def governance(view: View, company: str) -> Answer[GovernanceRow]:
    """Seats, directors, officers, agreements and clauses of a company at the view's cut.

    Of a right to seats by steps of a holding it is told how many there are; the last appointed of
    those who sit beyond them have no right since a day, and stay.
    """
    answer = recorded.governance(view, company)
    company = view.identities.of(company)
    if not any(row["kind"] == "seat" and "terms" in row for row in answer.rows):
        return answer
    for one in placed(view, board_of(view, company)):
        if one.right.steps is not None:
            for note in _notes(view, company, one):
                answer.note(note)
            _mark(answer, view, company, one)
    return answer


def _notes(view: View, company: str, one: Placed) -> Iterator[Told]:
    """To how many seats a right by steps is, and by which figure."""
    steps = one.right.steps
    if steps is None:
        return
    party = one.party
    whose = told("party", party) if party else f"whoever holds {told('class', one.right.holder)}"
    seats, figure = None, None
    if party is not None:
        at = Standing(view, shares_of(one.right, company))
        seats, figure = right_to(at, one.right, party)
    if seats is None:
        yield Told(
            f"How many seats {whose} may fill depends on a holding that is not told:"
            f" {steps_of(steps).marked}."
        )
    else:
        by = f" ({figure.words})" if figure else ""
        yield Told(f"The right of {whose} is to {seats} now{by}: {steps_of(steps).marked}.")


def _mark(answer: Answer[GovernanceRow], view: View, company: str, one: Placed) -> None:
    """Mark who sits beyond the seats that there are."""
    over = over_right(view, company, one)
    if over is None:
        return
    seats, _, since = over
    beyond = {fact.key for fact in one.sitting[seats:]}
    for row in answer.rows:
        if row["kind"] in ("seat", "director") and beyond & {*row["events"]}:
            row["status"] = f"no right since {since}"
