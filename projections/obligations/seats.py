"""Seats by steps of a holding: how many a party has the right to on a day, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from ledger.model.board import BOARD, Board, SeatRight
from ledger.model.fact import Fact
from ledger.model.register import issuer_of
from ledger.time.view import View
from projections.answer import keys
from projections.obligation_rows import VerdictRow
from projections.obligations.acts import Act
from projections.obligations.case import Case
from projections.obligations.figures import UNSAID, Figure, Standing, percent_text
from projections.obligations.stops import of_figures
from projections.subjects.seats import Placed, placed
from projections.told import Told, told

SEATS = ("board-seat-granted",)


def board_of(view: View, company: str) -> Board:
    """The board of a company at the cut."""
    board = Board()
    for fact in view.about(f"party:{company}", types=BOARD).counted:
        if fact.need("company") == company:
            board.apply(fact)
    return board


def right_to(at: Standing, right: SeatRight, party: str) -> tuple[int | None, Figure | None]:
    """The seats that a party has by the steps of a right on a day, and the figure that decides it;
    None where the record does not tell it, or the bases that may be meant differ."""
    by = right.steps
    if by is None:
        return right.seats, None
    base, of_class = by.text("steps_of"), by.text("of_class")
    bases = (base,) if base else ("issued",) if of_class else UNSAID
    measured = [one for b in bases if (one := at.figure(b, party, None, of_class)) is not None]
    seats = {_by_steps(by, one) for one in measured}
    if not measured or None in seats or len(seats) > 1:
        return None, measured[0] if measured else None
    return seats.pop(), measured[0]


def _by_steps(by: Fact, figure: Figure) -> int | None:
    share = figure.percent
    if share is None:
        return None
    steps = (s for s in by.many("steps") if share >= Fraction(s["from_percent"]))
    return max((int(step["seats"]) for step in steps), default=0)


def shares_of(right: SeatRight, company: str) -> str:
    """The issuer on whose shares a right depends."""
    by = right.steps
    of_class = by.text("of_class") if by else None
    return issuer_of(of_class) if of_class else company


def over_right(view: View, company: str, one: Placed) -> tuple[int, Figure, str | None] | None:
    """Of a right by steps whose seats more sit in than there are: how many there are, the figure
    that decides it, and since when there are fewer. None where no more sit, or it is not told."""
    right, party = one.right, one.party
    if right.steps is None or party is None or not one.sitting:
        return None
    issuer = shares_of(right, company)
    seats, figure = right_to(Standing(view, issuer), right, party)
    if seats is None or figure is None or seats >= len(one.sitting):
        return None
    return seats, figure, _since(view, issuer, (right, party, len(one.sitting)))


def _since(view: View, issuer: str, of: tuple[SeatRight, str, int]) -> str | None:
    """Since when a right has been to fewer seats than are sat in; the day from which it is a right
    where it never was to more."""
    right, party, sitting = of
    begun = right.facts[0].order[0]
    days = {begun, *of_figures(view, issuer, [party])}
    since = None
    for day in sorted((d for d in days if begun <= d <= view.cut.as_of), reverse=True):
        seats, _ = right_to(Standing(view.on(day), issuer), right, party)
        if seats is None or seats >= sitting:
            break
        since = day
    return since


def seats_changed(case: Case, act: Act) -> Iterator[VerdictRow]:
    """The rights to seats by steps that an event changes: how many there were and are."""
    for issuer, company in _boards(case.after, act.issuers):
        for one in placed(case.after, board_of(case.after, company)):
            right, party = one.right, one.party
            if right.steps is None or party is None or shares_of(right, company) != issuer:
                continue
            was, _ = right_to(case.then(issuer), right, party)
            now, figure = right_to(case.now(issuer), right, party)
            if was != now or now is None:
                yield _row(case, act, one, (issuer, party), (was, now, figure))


def _boards(view: View, issuers: Iterable[str]) -> list[tuple[str, str]]:
    """The companies on whose boards rights to seats may depend on holdings in some issuers, each
    with the issuer."""
    found = {(one, one) for one in issuers}
    for issuer in {one for one, _ in found}:
        granted = view.about(f"issuer:{issuer}", types=SEATS).certain
        found |= {(issuer, fact.need("company")) for fact in granted}
    return sorted(found)


def _step_between(by: Fact, was: int | None, now: int | None) -> str | None:
    """The percentage of the step that is lost, or reached."""
    seats = max((one for one in (was, now) if one is not None), default=0)
    steps = [s["from_percent"] for s in by.many("steps") if int(s["seats"]) == seats]
    return min(steps, key=Fraction, default=None)


def _row(
    case: Case, act: Act, one: Placed, of: tuple[str, str],
    found: tuple[int | None, int | None, Figure | None],
) -> VerdictRow:  # fmt: skip
    issuer, party = of
    was, now, figure = found
    share = figure.percent if figure else None
    by = one.right.steps or one.right.facts[0]
    words = f"the record does not tell to how many seats {told('party', party)} has a right"
    if now is not None:
        words = f"the right of {told('party', party)} is to {now} of the board's seats"
        words += f", was to {was}" if was is not None else ""
        words += f" ({figure.words})" if figure else ""
        if (many := len(one.sitting) - now) > 0:
            words += f"; {many} of its nominees sit{'s' if many == 1 else ''} without a right"
    return {
        "agreement": by.text("agreement"),
        "clause": None,
        "kind": "board-seat",
        "party": party,
        "issuer": issuer,
        "event": act.cause.key,
        "step": act.fact.type,
        "verdict": "cannot be told" if now is None else "noted",
        "needs": None,
        "of": [],
        "shares": None,
        "measured": None if share is None else percent_text(share),
        "limit": _step_between(by, was, now),
        "base": figure.base if figure else None,
        "from": case.day,
        "until": None,
        "what": Told(words),
        "events": keys(one.right.facts),
    }
