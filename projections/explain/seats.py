"""Seats explained: who sits for a party on a company's board, and by what right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.model.board import BOARD, Board, board_on
from ledger.model.fact import Fact
from ledger.model.posted import FoldKey
from ledger.model.threads import OWN_KINDS
from ledger.time.history import AMENDMENTS
from ledger.time.view import View
from projections.answer import complete
from projections.explain.explanation import Explanation, claims_about, explaining, plans, unused
from projections.rows import Row
from projections.subjects.conditions import is_waiting
from projections.subjects.governance import governance
from projections.told import plain, told

_WORDS = ("director", "board", "seat", "officer", "chair")


def explain_seats(view: View, party: str, company: str) -> Explanation:
    """The seats of a party in a company: the right to them, who sits, and since when.

    The party may also be a person: the figure is then the person's own seat or office.
    """
    party, company = view.identities.of(party), view.identities.of(company)
    query = complete(view, governance(view, company))
    figure = [row for row in query.rows if _concerns(row, party)]
    explained = explaining(query, figure)
    _walk_board(explained, view, party, company, {key for row in figure for key in row["events"]})
    _add_agreements(explained, view, figure)
    explained.in_order()
    for line in _arithmetic(figure, party):
        explained.reckon(line)
    if not figure:
        whose, of = told("party", party), told("party", company)
        explained.note(
            f"No event at this cut gives {whose} a seat on the board of {of}: missing is a"
            " board-seat-granted or a director-appointed, or it has ended."
        )
    used = {fact.key for fact in explained.steps}
    left = unused(view, f"party:{company}", used, lambda fact: _why(fact, company))
    speaking = {fact.key for fact in explained.steps}
    left += [p for p in plans(view, company, party) if p.fact.key not in speaking]
    kept = [one for one in left if one.fact.type in _TOPIC or one.reason == "planned"]
    return explained.finish(view, kept + claims_about(view, company, _WORDS))


_TOPIC = (
    *BOARD, "meeting-held", *OWN_KINDS["agreement"].types, *AMENDMENTS,
)  # fmt: skip


def _concerns(row: Row, party: str) -> bool:
    if row["kind"] == "clause":
        return bool(row["role"] == "board-seat" and row["party"] == party)
    on_board = row["kind"] in ("seat", "director", "officer")
    return on_board and party in (row["party"], row["person"])


def _walk_board(
    explained: Explanation, view: View, party: str, company: str, shown: set[str]
) -> None:
    """A step for each event that the figure shows, or that changes what the party has."""
    before = Board()
    for day, fact, facts in _days(view, company):
        board = board_on(day, facts)
        named = party in (fact.text("party"), fact.text("nominated_by"), fact.text("person"))
        changes = _standing(board, party) != _standing(before, party)
        if named or fact.key in shown or changes:
            _add_step(explained, board, fact, party)
        before = board


def _days(view: View, company: str) -> Iterator[tuple[str, Fact, list[Fact]]]:
    """Each event that makes or ends a part of a board, with the day and what has begun by then."""
    found = view.about(f"party:{company}", types=BOARD).ever
    facts = [f for f in found if f.text("company") == company and not is_waiting(view, f)]
    turns: dict[tuple[FoldKey, str], Fact] = {}
    for fact in facts:
        turns[fact.order, fact.key] = fact
        for away in fact.depending.away if fact.depending else ():
            ending = next(map(view.fact, view.history.mentioning(f"key:{away.by}")), None)
            if ending is not None and away.since.last <= view.cut.as_of and not away.perhaps:
                turns[(away.since.last, *ending.order[1:]), ending.key] = ending
    for order, key in sorted(turns):
        yield order[0], turns[order, key], [fact for fact in facts if fact.order <= order]


def _add_step(explained: Explanation, board: Board, fact: Fact, party: str) -> None:
    """The board after a fact, as far as the party of the fact and the party asked about go."""
    seats, sitting, offices = _standing(board, party)
    asked = told("party", party)
    words = [f"{asked} holds office as {offices}"] if offices else []
    other = fact.text("party") or fact.text("nominated_by")
    for one in dict.fromkeys((party, other or party)):
        right, by, _ = _standing(board, one)
        if right or by:
            words.append(
                f"{told('party', one)} has the right to {right} seats; for it sit {by or 'nobody'}"
            )
    state = "; ".join(words) or f"{asked} has no seat and no right to one"
    explained.add_step(
        fact, state, party=party, seats=str(seats), sitting=plain(sitting), offices=offices
    )


def _standing(board: Board, party: str) -> tuple[str, str, str]:
    """The seats a party has a right to, who sits for it, and the offices it holds itself."""
    sitting = [
        told("party", person) if (person := fact.text("person")) else f"somebody ({fact.key})"
        for fact in board.nominees(party)
    ]
    own = [fact for fact in board.directors.values() if fact.text("person") == party]
    offices = [str(fact.data.get("role", "director")) for fact in own]
    offices += [role for role, person in board.officers if person == party]
    return (
        board.right_words(party) if board.right(party) else "",
        ", ".join(sitting),
        ", ".join(sorted(offices)),
    )


def _add_agreements(explained: Explanation, view: View, figure: Sequence[Row]) -> None:
    """The events behind a clause that promises a seat."""
    known = {fact.key for fact in explained.steps}
    for agreement in sorted({row["agreement"] for row in figure if row.get("agreement")}):
        clauses = {key for row in figure if row["kind"] == "clause" for key in row["events"]}
        for fact in view.about(f"agreement:{agreement}").counted:
            steps = fact.type in OWN_KINDS["agreement"].types
            if steps and fact.key not in known and fact.text("agreement") == agreement:
                tells = "gives the clause" if fact.key in clauses else "bears on its force"
                explained.add_step(fact, f"{told('agreement', agreement)}: {tells}")


def _arithmetic(figure: Sequence[Row], party: str) -> list[str]:
    seats = [row for row in figure if row["kind"] == "seat" and row["role"] != "observer"]
    directors = [row for row in figure if row["kind"] == "director" and row["party"] == party]
    filled = sum(row["person"] is not None for row in seats)
    lines = []
    if seats:
        lines.append(
            f"seats {len(seats)} = filled by known persons {filled}"
            f" + empty or unknown {len(seats) - filled}"
        )
    over = len(directors) - len(seats)
    if over > 0:
        lines.append(
            f"directors nominated by {told('party', party)} {len(directors)} - seats it has a right"
            f" to {len(seats)} = {over} without a recorded right"
        )
    return lines


def _why(fact: Fact, company: str) -> tuple[str, str]:
    """Why a certain event about the company is no step."""
    if fact.type in BOARD and fact.text("company") == company:
        return "of others", "it changes neither this right nor who sits by it"
    if fact.type in BOARD:
        return "of others", f"it is about the board of {told('party', fact.text('company'))}"
    return "no effect", "it gives and takes no seat"
