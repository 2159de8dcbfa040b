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
from projections.subjects.conditions import state_of
from projections.subjects.moments import begun, days_of, ended, shifted
from projections.told import COUNT, Told, told

_TOLD_APART = ("clause", "kind", "text", "party", "issuer", "percent")
_KINDS = {  # of the ids and counts that a field of a clause takes
    "payer": "party", "payee": "party", "consent_of": "party", "parties": "party",
    "counterparties": "party", "share_class": "class", "consent_of_class": "class",
    "condition": "condition", "shares": COUNT, "holders_of": "class", "transferor": "party",
    "transferee": "party",
}  # fmt: skip
_IN_EXCEPTION = {
    "transferor": "by {}", "transferee": "to {}", "among": "to {}", "ground": "on the ground of {}",
    "event": "for {}", "consent_of": "with the consent of {}", "percent": "up to {}",
    "until": "until {}", "text": "{}",
}  # fmt: skip


class Clause(NamedTuple):
    """A clause as it was last agreed, the event it is from, whether it has not started yet, the
    later events that add exceptions, and whether it has ended."""

    data: dict[str, Any]
    fact: Fact
    dormant: bool
    widened_by: list[Fact]
    ended: bool


def clauses_at(view: View, steps: Sequence[Fact]) -> Iterator[Clause]:
    """The clauses of an agreement after its amendments, each with its ``exceptions``."""
    clauses: dict[str, tuple[dict[str, Any], list[Fact]]] = {}
    for step in steps:
        for dropped in step.many("dropped_clauses"):
            clauses.pop(dropped, None)
        for clause in step.many("clauses"):
            clauses[clause["clause"]] = dict(clause), [step]
        for one in step.many("exceptions"):
            if one["clause"] in clauses and not ended(view, one.get("until"), step.order[0]):
                clause, facts = clauses[one["clause"]]
                clause.setdefault("exceptions", []).append(one)
                if facts[-1] is not step:
                    facts.append(step)
    for clause, facts in clauses.values():
        first, *later = facts
        effect, met = _condition(view, clause)
        over = ended(view, clause.get("until"), first.order[0]) or (met and effect == "subsequent")
        waits = effect == "precedent" and not met
        yield Clause(clause, first, waits or not begun(view, clause.get("starts")), later, over)


def _condition(view: View, clause: dict[str, Any]) -> tuple[str | None, bool]:
    """What the condition of a clause does, if it has one, and whether it is met or waived."""
    condition = clause.get("condition")
    if condition is None:
        return None, False
    settings = view.about(f"condition:{condition}", types=("condition-set",)).counted
    setting = settings[-1] if settings else None
    effect = setting.need("effect") if setting else "precedent"
    status = state_of(view, condition, setting).status
    return effect, status == "satisfied" or (status == "waived" and effect == "precedent")


def stray_exceptions(steps: Sequence[Fact]) -> Iterator[tuple[str, Fact]]:
    """The ids in exceptions for which an agreement never had a clause, and the events with them."""
    known: set[str] = set()
    for step in steps:
        known.update(clause["clause"] for clause in step.many("clauses"))
        for id in dict.fromkeys(one["clause"] for one in step.many("exceptions")):
            if id not in known:
                yield id, step


def trigger_note(view: View, agreement: str, clause: Clause) -> Told | None:
    """That what a clause makes something due by has come, with what is due."""
    data = clause.data
    moment = parse_moment(data["trigger"]) if "trigger" in data else None
    days = days_of(view, moment, clause.fact.order[0]) if moment else None
    if days is None or days.last > view.cut.as_of:
        return None
    day = days.first if days.first == days.last else f"{days.first}/{days.last}"
    words = f"The trigger of {data['clause']} of {told('agreement', agreement)} came on {day}"
    payer, payee = (told("party", data[n]) if n in data else "" for n in ("payer", "payee"))
    amount = told("money", data["amount"]) if "amount" in data else ""
    due = f"{amount or 'what it names'} due" if amount or payer or payee else ""
    due += (f" from {payer}" if payer else "") + (f" to {payee}" if payee else "")
    return Told(f"{words}{': ' if due else ''}{due}.")


def moments_of(fact: Fact) -> Iterator[Moment]:
    """When the clauses of an event start and end, and their exceptions end."""
    for clause in (*fact.many("clauses"), *fact.many("exceptions")):
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
        if name not in (*_TOLD_APART, "exceptions")
    ]
    said += [f"except {exception_words(one)}" for one in clause.get("exceptions", ())]
    return Told("; ".join(said)) if said else None


def exception_words(one: dict[str, Any]) -> str:
    """What an exception does not forbid, in words."""
    words = [
        form.format(_value(name, one[name])) for name, form in _IN_EXCEPTION.items() if name in one
    ]
    return ", ".join(words)


def _all(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _value(name: str, value: str) -> str:
    if name in _KINDS:
        return told(_KINDS[name], value)
    if name == "above" and value.isdigit():
        return f"{told(COUNT, value)} shares"
    if name in ("among", "ground"):
        return value.replace("-", " ")
    return f"{value}%" if name.endswith("percent") else money_words(value)
