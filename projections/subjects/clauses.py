"""Clauses of agreements: which of them bind at a cut, and their terms in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.time.happenings import answers_to
from ledger.time.view import View
from ledger.values.dates import FOREVER, next_day
from ledger.values.text import Moment, parse_moment
from projections.sentences import money_words
from projections.subjects.moments import begun, ended, shifted
from projections.told import COUNT, Told, told

_TOLD_APART = ("clause", "kind", "text", "party", "issuer", "percent")
_KINDS = {  # of the ids and counts that a field of a clause takes
    "payer": "party", "payee": "party", "consent_of": "party", "parties": "party",
    "counterparties": "party", "share_class": "class", "consent_of_class": "class",
    "condition": "condition", "shares": COUNT,
}  # fmt: skip


class Clause(NamedTuple):
    """A clause as it was last agreed, the event it is from, and whether it has not started yet."""

    data: dict[str, Any]
    fact: Fact
    dormant: bool


def clauses_at(view: View, steps: Sequence[Fact]) -> Iterator[Clause]:
    """The clauses of an agreement after its amendments; those that have ended are left out."""
    clauses: dict[str, tuple[dict[str, Any], Fact]] = {}
    for step in steps:
        for dropped in step.many("dropped_clauses"):
            clauses.pop(dropped, None)
        for clause in step.many("clauses"):
            clauses[clause["clause"]] = clause, step
    for clause, step in clauses.values():
        if not ended(view, clause.get("until"), step.order[0]):
            yield Clause(clause, step, not begun(view, clause.get("starts")))


def moments_of(fact: Fact) -> Iterator[Moment]:
    """When the clauses of an event start and end."""
    for clause in fact.many("clauses"):
        for name in ("starts", "until"):
            if name in clause:
                yield parse_moment(clause[name])


def turns_at(moment: Moment, facts: Iterable[Fact]) -> Iterator[str]:
    """The days on which a moment, of any of some facts, can make a clause start or end."""
    dates = [moment.on]
    if moment.event is not None:
        dates = [fact.effective for fact in facts if answers_to(fact, moment.event)]
    for date in dates:
        day = shifted(date, moment).last if date else FOREVER
        yield from (day, next_day(day))


def terms_of(clause: dict[str, Any]) -> Told | None:
    """What a clause says besides its text, its party and its percentage, field by field."""
    said = [
        f"{name.replace('_', ' ')} {', '.join(_value(name, one) for one in _all(value))}"
        for name, value in clause.items()
        if name not in _TOLD_APART
    ]
    return Told("; ".join(said)) if said else None


def _all(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _value(name: str, value: str) -> str:
    if name in _KINDS:
        return told(_KINDS[name], value)
    return f"{value}%" if name.endswith("percent") else money_words(value)
