"""What is announced but not done: open deals and plans, dated events, dividends unpaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ledger.model.fact import Fact
from ledger.model.posted import Hidden
from ledger.model.register import issuer_of
from ledger.model.subject import parse_subject
from ledger.model.threads import OWN_KINDS
from ledger.time.dating import begins_after
from ledger.time.exclusions import About, hidden
from ledger.time.history import subjects_of
from ledger.time.upcoming import upcoming
from ledger.time.view import View
from ledger.values.quantities import Money
from ledger.values.refusals import Unhandled
from projections.answer import Answer, sentence
from projections.rows import DealRow
from projections.subjects.deals import (
    KINDS,
    PARTS,
    TYPES,
    UNKNOWN_WHETHER_MET,
    deals_of,
)
from projections.subjects.meetings import CALLED
from projections.subjects.thread_rows import thread_row

DIVIDENDS = ("dividend-declared", "dividend-paid")
MEETINGS = ("meeting-called", "meeting-held")
_TAKING_PART = ("party", "issuer", "class")  # whom or what a thread may speak of
_OPEN = {UNKNOWN_WHETHER_MET} | {
    step.status
    for kind in KINDS
    for step in OWN_KINDS[kind].steps.values()
    if step.status and not step.ends
}


def pending(view: View, subject: str | None = None) -> Answer[DealRow]:
    """What is announced but not done: open deals and plans, and dated changes still to come.

    The subject may also be a party that takes part.
    """
    answer = deals_of(view, subject, (*KINDS, *_TAKING_PART), lambda row: row["status"] in _OPEN)
    recorded = not answer.gaps
    coming = list(_coming(view, subject))
    answer.rows += [*map(_scheduled_row, coming), *_unpaid_dividends(view, subject)]
    answer.rows += _meetings(view, subject)
    if answer.rows:
        answer.gaps.clear()
    elif recorded:
        answer.none("Nothing is pending: all that is recorded of it is done or has ended.")
    kinds = ("issuer", "class") if subject else ()
    of = [f"{kind}:{subject}" for kind in kinds] or [f"type:{name}" for name in DIVIDENDS]
    answer.about.append((of, DIVIDENDS))
    answer.hidden = _left_out(view, answer.about, coming)
    return answer


def _coming(view: View, subject: str | None) -> Iterator[Fact]:
    """Events of a later date that were known by the day asked about."""
    for fact in sorted(upcoming(view), key=lambda fact: fact.order):
        spoken_of = {parse_subject(s).id for s in _subjects(fact)}
        if subject is None or subject in spoken_of:
            yield fact


def _scheduled_row(fact: Fact) -> DealRow:
    row = thread_row(fact.text("deal"), "scheduled", _ids(fact)[0], [fact], "expected")
    row |= {"step": fact.type, "title": sentence(fact), "last_heard": None}
    return row | {"expected": fact.since}


def _left_out(view: View, about: Sequence[About], coming: Iterable[Fact]) -> Hidden:
    """What the limits leave out, but for what is to come: that is listed."""
    asked = {subject for subjects, _ in about for subject in subjects}
    counted = [f for f in coming if f.type in (*TYPES, *DIVIDENDS) and asked & _subjects(f)]
    stand = (view.fact(f.recorded) for f in counted)  # by now they may read otherwise
    listed = sum(f is not None and begins_after(f.data, view.cut.as_of) for f in stand)
    left = hidden(view, about)
    return left._replace(as_of=left.as_of - listed)


def _subjects(fact: Fact) -> set[str]:
    return subjects_of(fact.type, fact.data)


def _unpaid_dividends(view: View, subject: str | None) -> list[DealRow]:
    """Dividends declared and not paid since; a payment settles the earliest of its amount."""
    unpaid: list[Fact] = []
    for fact in view.every(DIVIDENDS).counted:
        match fact.type:
            case "dividend-declared":
                unpaid.append(fact)
            case "dividend-paid":
                paid = (f for f in unpaid if _dividend(f) == _dividend(fact))
                if (declared := next(paid, None)) is not None:
                    unpaid.remove(declared)
            case _:
                raise Unhandled(fact.type, "dividends unpaid")
    rows = []
    for fact in unpaid:
        share_class, money = fact.need("share_class"), fact.money("per_share")
        if money is None or subject not in (None, share_class, issuer_of(share_class)):
            continue
        row = thread_row(fact.text("deal"), "dividend", share_class, [fact], "declared")
        row |= {
            "party": issuer_of(share_class),
            "amount": str(money.amount),
            "currency": money.currency,
            "since": fact.since,
            "at_latest": fact.at_latest,
            "expected": fact.text("payable_on"),
        }
        rows.append(row)
    return rows


def _meetings(view: View, subject: str | None) -> Iterator[DealRow]:
    """Meetings that are called, and of which nothing says that they were held."""
    facts = view.every(MEETINGS).counted
    held = {fact.text("meeting") for fact in facts if fact.type == "meeting-held"}
    newest = {fact.need("meeting"): fact for fact in facts if fact.type == "meeting-called"}
    for meeting, fact in sorted(newest.items()):
        company = fact.need("company")
        if meeting not in held and subject in (None, company, meeting):
            row = thread_row(fact.text("deal"), "meeting", meeting, [fact], CALLED)
            yield row | {
                "party": company,
                "title": fact.need("body"),
                "since": fact.since,
                "at_latest": fact.at_latest,
                "expected": fact.need("held_on"),
            }


def _dividend(fact: Fact) -> tuple[str, Money | None]:
    """What tells one dividend from another, however its amount is written."""
    return fact.need("share_class"), fact.money("per_share")


def _ids(fact: Fact) -> tuple[str, ...]:
    named = (*PARTS, "agreement", "share_class", "company", "subject")
    found = tuple(fact.need(name) for name in (*named, "issuer", "deal") if name in fact.data)
    return found or (fact.type,)
