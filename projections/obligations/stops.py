"""Stops: the days on which what clauses measure, or what they say, can change."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS, SPLITTING
from ledger.model.posted import end_of
from ledger.time.class_terms import TYPES as CLASS_TYPES
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from ledger.values.text import parse_event_reference, parse_moment
from projections.obligations.binding import A_SHARE, issuer_about
from projections.subjects.checked_figures import CheckedFigure
from projections.subjects.conditions import SETTLING, happened_as
from projections.subjects.governance import AGREEMENT_STEPS
from projections.subjects.governance_notes import APPROVALS
from projections.subjects.register_at_cut import ASSERTED, register_at_cut
from projections.subjects.register_walk import stops_of
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.voting_rights import TYPES as VOTING

_EXTRA = tuple(name for name in VOTING if name not in CLASS_TYPES)


def of_terms(view: View, agreement: str) -> set[str]:
    """The days on which an agreement, or the terms of its clauses, can change."""
    steps = view.about(f"agreement:{agreement}", types=AGREEMENT_STEPS).ever
    facts = [*steps, *view.about(f"subject:{agreement}", types=APPROVALS).ever]
    for clause in (
        one for step in steps for one in (*step.many("clauses"), *step.many("exceptions"))
    ):
        if (condition := clause.get("condition")) is not None:
            found = view.about(f"condition:{condition}", types=("condition-set", *SETTLING)).ever
            met = [parse_event_reference(f.need("met_by")) for f in found if f.text("met_by")]
            facts += [*found, *(one for m in met for one in happened_as(view, m, ""))]
        if (about := issuer_about(clause)) and any(name in clause for name in A_SHARE):
            facts += view.about(f"issuer:{about}", types=SPLITTING).ever
        moments = [parse_moment(clause[n]) for n in ("starts", "until") if n in clause]
        facts += [one for m in moments if m.event for one in happened_as(view, m.event, "")]
    return stops_of(facts)


def of_figures(view: View, issuer: str, parties: Iterable[str]) -> set[str]:
    """The days on which what some parties have of an issuer, or what it is measured of, can
    change."""
    told_of = view.unposted(f"issuer:{issuer}", (*MOVEMENTS, ASSERTED, *VOTING)).ever
    at_cut = register_at_cut(view, issuer, checking=False)
    trusts = list(at_cut.trusts)
    facts: list[Fact] = [*told_of, *at_cut.read.ever]
    for trust in trusts:
        facts += view.about(f"party:{trust}", types=TRUSTS).ever
    found = stops_of(facts)
    posted, upto = view.posted(issuer), end_of(view.cut.as_of)
    every = any(fact.type in _EXTRA for fact in told_of) or any(map(_is_above, at_cut.checked))
    accounts = {*parties, "", *trusts}
    for share_class in posted.classes:
        days = posted.days(share_class, None, None, upto)
        if every:
            found.update(days)
            continue
        for account in accounts:
            found.update(posted.days(share_class, account, None, upto))
        issued = 0
        for day in days:
            now = posted.shares(share_class, None, end_of(day))
            if now != issued:
                found.add(day)
            issued = now
    return {day for day in found if BEGINNING < day < FOREVER}


def _is_above(total: CheckedFigure) -> bool:
    """Whether a total that is asserted is above the accounts of its day."""
    return any(found < total.fact.shares() for found in total.found)
