"""What is announced but not done: open deals and plans, dated events, dividends unpaid, and what
is to come of instruments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ledger.model.fact import Fact
from ledger.model.posted import Hidden
from ledger.model.register import issuer_of
from ledger.time.dating import begins_after
from ledger.time.exclusions import About, hidden
from ledger.time.history import subjects_of
from ledger.time.upcoming import upcoming
from ledger.time.view import View
from projections.answer import Answer, sentence
from projections.rows import DealRow
from projections.subjects.conditions import contingent
from projections.subjects.deals import (
    KINDS,
    OPEN,
    PARTS,
    TYPES,
    deals_of,
)
from projections.subjects.dividends import DIVIDENDS, dividends_of
from projections.subjects.exercised import NOTICES, exercised
from projections.subjects.expiries import instruments_to_come
from projections.subjects.meetings import CALLED
from projections.subjects.over import Keeper
from projections.subjects.paid import unpaid_calls
from projections.subjects.register_at_cut import register_at_cut
from projections.subjects.thread_rows import thread_row

MEETINGS = ("meeting-called", "meeting-held", "resolution-voted")
CALLS = ("call-made",)
_TAKING_PART = ("party", "issuer", "class")  # whom or what a thread may speak of


def pending(
    view: View,
    subject: str | None = None,
    most: int | None = None,
    after: str = "",
    keeper: Keeper | None = None,
) -> Answer[DealRow]:
    """What is announced but not done: open deals and plans, and dated changes still to come.

    The subject may also be a party that takes part. Of all deals and plans at most so many, and
    those alone that come after one, named by its kind and id; all else comes with the last ones.
    With a ``keeper`` only those are read of which it is not kept that they are over.
    """
    kinds = (*KINDS, *_TAKING_PART)
    answer, last = deals_of(view, subject, kinds, _is_open, most, after, keeper)
    if not last:
        return answer
    recorded = not answer.gaps
    subject = subject and view.identities.of(subject)
    coming = list(_coming(view, subject))
    answer.rows += contingent(view, subject)
    answer.rows += [*map(_scheduled_row, coming), *_unpaid_dividends(view, subject)]
    answer.rows += _meetings(view, subject)
    answer.rows += instruments_to_come(view, subject)
    answer.rows += _unpaid_calls(view, subject)
    answer.rows += exercised(view, subject)
    if answer.rows:
        answer.gaps.clear()
    elif recorded and not after:
        answer.none("Nothing is pending: all that is recorded of it is done or has ended.")
    others = ("issuer", "class") if subject else ()
    of = [f"{kind}:{subject}" for kind in others] or [f"type:{name}" for name in DIVIDENDS]
    answer.about += [(of, DIVIDENDS), ([f"type:{name}" for name in NOTICES], NOTICES)]
    answer.hidden = _left_out(view, answer.about, coming)
    return answer


def _is_open(row: DealRow) -> bool:
    return row["status"] in OPEN


def _coming(view: View, subject: str | None) -> Iterator[Fact]:
    """Events of a later date that were known by the day asked about."""
    yield from sorted(upcoming(view, subject), key=lambda fact: fact.order)


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
    """Dividends declared and not paid to all since."""
    rows = []
    for dividend in dividends_of(_about(view, subject, ("issuer", "class"), DIVIDENDS)):
        fact = dividend.declared
        share_class = fact.need("share_class")
        of_subject = subject in (None, share_class, issuer_of(share_class))
        if dividend.paid is not None or not of_subject:
            continue
        row = thread_row(fact.text("deal"), "dividend", share_class, [fact], "declared")
        money = fact.money("per_share") or fact.money("amount")
        row |= {
            "party": issuer_of(share_class),
            "amount": money.number if money else None,
            "currency": money.currency if money else None,
            "since": fact.since,
            "at_latest": fact.at_latest,
            "expected": fact.text("payable_on"),
        }
        if terms := _dividend_terms(fact):
            row["terms"] = terms
        rows.append(row)
    return rows


def _meetings(view: View, subject: str | None) -> Iterator[DealRow]:
    """Meetings that are called, and of which nothing says that they were held."""
    facts = _about(view, subject, ("party", "meeting"), MEETINGS)
    if subject is not None:
        named = sorted({f"meeting:{id}" for f in facts if (id := f.text("meeting"))})
        facts = view.about(*named, types=MEETINGS).counted
    held = {fact.text("meeting") for fact in facts if fact.type != "meeting-called"}
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


def _unpaid_calls(view: View, subject: str | None) -> Iterator[DealRow]:
    """Calls on shares, on any of which less is paid than is called."""
    calls = _about(view, subject, ("issuer", "class", "party"), CALLS)
    called = (fact.need("share_class") for fact in calls)
    for issuer in sorted(set(map(issuer_of, called))):
        for call, payers in unpaid_calls(register_at_cut(view, issuer, checking=False)):
            fact = call.fact
            if subject not in (None, call.share_class, issuer, fact.text("holder")):
                continue
            row = thread_row(fact.text("deal"), "call", call.share_class, [fact], "called")
            yield row | {
                "party": ", ".join(payer or issuer for payer in payers),
                "amount": call.asked.number,
                "currency": call.asked.currency,
                "title": sentence(fact),
                "since": fact.since,
                "at_latest": fact.at_latest,
                "expected": fact.need("due_on"),
            }


def _about(
    view: View, subject: str | None, kinds: Sequence[str], types: Sequence[str]
) -> Sequence[Fact]:
    """The facts of some types that count, of everything or of a thing of one of some kinds."""
    if subject is None:
        return view.every(types).counted
    return view.about(*(f"{kind}:{subject}" for kind in kinds), types=types).counted


def _dividend_terms(fact: Fact) -> str:
    """What tells a dividend apart beside its amount: its id, what is given in kind and what holders
    may choose."""
    named = fact.text("dividend") or ""
    kind = f"{fact.need('ratio')} {fact.need('in_class')}" if "in_class" in fact.data else ""
    options = " or ".join(one["option"] for one in fact.many("options"))
    default = fact.text("default_option")
    chosen = f", else {default}" if default else ""
    return ", ".join(filter(None, (named, kind, options + chosen if options else "")))


def _ids(fact: Fact) -> tuple[str, ...]:
    named = (*PARTS, "agreement", "share_class", "company", "subject")
    found = tuple(fact.need(name) for name in (*named, "issuer", "deal") if name in fact.data)
    return found or (fact.type,)
