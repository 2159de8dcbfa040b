"""Thresholds of articles: clauses that ask for a declaration, as rules with their days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from ledger.time.view import View
from ledger.values.dates import FOREVER, days_before
from projections.obligations.binding import Bound, agreements_about, bound_on
from projections.obligations.stops import of_terms
from projections.radar.rule import GROUPS, Deadline, Rule

_MOST = 10_000  # multiples
_UNSAID = ("capital", "gross-votes")  # of which a declaration is asked where the clause says none
_BASES = {"issued": "capital"} | {
    one: one for one in ("capital", "capital-par", "gross-votes", "held-votes", "net-votes")
}
_REACHES = {
    "own": (),
    "instructed": ("trusts", "nominee"),
    "controlled": ("trusts", "nominee", "control"),
}


def articles_rules(view: View, issuer: str) -> list[Rule]:
    """The thresholds that clauses of kind notice name for an issuer, each valid while its terms
    are the same."""
    found: dict[str, list[Rule]] = {}
    for agreement in agreements_about(view, (f"issuer:{issuer}", f"party:{issuer}")):
        days = sorted(day for day in of_terms(view, agreement) if day <= view.cut.as_of)
        for day, until in pairwise([*days, FOREVER]):
            last = FOREVER if until == FOREVER else days_before(until, 1)
            for rule in _on(view.on(day), agreement, issuer):
                versions = found.setdefault(rule.id, [])
                before = versions[-1] if versions else None
                if before and before.valid_to == days_before(day, 1) and _alike(before, rule):
                    versions[-1] = replace(before, valid_to=last)
                else:
                    versions.append(replace(rule, valid_from=day, valid_to=last))
    return [rule for versions in found.values() for rule in versions]


def _alike(one: Rule, other: Rule) -> bool:
    return replace(one, valid_from=other.valid_from, valid_to=other.valid_to) == other


def _on(view: View, agreement: str, issuer: str) -> Iterator[Rule]:
    for clause in bound_on(view, agreement):
        if clause.kind != "notice" or clause.issuer != issuer or clause.dormant:
            continue
        if Fraction(clause.text("percent") or 0) and _bases(clause):
            yield _rule(clause)


def _bases(clause: Bound) -> tuple[str, ...]:
    named = clause.text("base")
    if named is None:
        return _UNSAID
    return (_BASES[named],) if named in _BASES else ()


def _rule(clause: Bound) -> Rule:
    """The rule that a clause makes."""
    first = Fraction(str(clause.text("percent")))
    count = min(100 // first, _MOST) if clause.text("multiples") == "yes" else 1
    days = clause.text("notice_days")
    untold = "within the time that the clause says"
    return Rule(
        id=f"{clause.agreement}/{clause.id}",
        law=f"{clause.agreement}, clause {clause.id}",
        duty="declare it as the clause asks",
        deadline=Deadline(None, text=untold) if days is None else Deadline(int(days)),
        bases=_bases(clause),
        source=", ".join(fact.key for fact in clause.facts),
        remark=(clause.text("text") or "").rstrip("."),
        begins=True,
        thresholds=tuple(first * n for n in range(1, count + 1)),
        down="<",
        attribution=_REACHES.get(clause.text("reach") or "", (*GROUPS, "nominee")),
    )
