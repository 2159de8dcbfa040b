"""Endings on a board of what never began: seats never granted, a board not yet told of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.model.board import seats_of
from ledger.model.fact import Fact

_BEGUN_BY = {
    "director-left": "director-appointed",
    "officer-left": "officer-appointed",
    "board-seat-withdrawn": "board-seat-granted",
}
_BEGINNINGS = tuple(_BEGUN_BY.values())


def unfounded(facts: Sequence[Fact]) -> Iterator[tuple[Fact, str]]:
    """The endings of one board, in the order of the fold, of what never began, and what is missing.

    More seats cannot be withdrawn than were granted. A record of a board may begin after somebody
    came, and so tell only that he left; but it must have begun. A beginning of a month or a year
    may be of its first day.
    """
    for number, fact in enumerate(facts):
        begun_by = _BEGUN_BY.get(fact.type)
        if begun_by is None or fact.effective is None:
            continue
        begun = [one for one in facts if one.type in _BEGINNINGS and _by(one, fact)]
        if fact.type == "board-seat-withdrawn":
            ended = [one for one in facts[: number + 1] if _withdraws(one, fact)]
            same = (one for one in begun if one.type == begun_by and _place(one) == _place(fact))
            found = sum(map(seats_of, same)) >= sum(map(seats_of, ended))
        else:
            found = bool(begun)
        if not found:
            yield fact, begun_by


def _by(one: Fact, ending: Fact) -> bool:
    """Whether something may have begun by the day of an ending."""
    if one.effective is None or ending.effective is None:
        return True
    return one.effective.first <= ending.effective.last


def _withdraws(one: Fact, fact: Fact) -> bool:
    """Whether another withdrawal of the same seats is of no weaker standing."""
    return one.type == fact.type and _place(one) == _place(fact) and one.rank <= fact.rank


def _place(fact: Fact) -> tuple[str | None, ...]:
    return fact.text("party"), fact.text("holders_of"), fact.text("seat") or "director"
