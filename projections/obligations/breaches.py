"""Breaches: from when to when each clause was not kept, by which event, and by which it ended.

A floor or a ceiling is evaluated at the end of every day on which its figure, what it is measured
of, or its terms change. It is broken from the day on which it is not kept any more to the day on
which it is again. Where the party's own number did not move that way, that is noted, unless the
clause counts it. What may not be done is broken on the day on which it is done.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import ACROSS, CANCELLING, CREATING, MOVEMENTS, RESHAPING
from ledger.model.register import legs
from ledger.time.existence import ENDING, end_of_party
from ledger.time.history import known_ids
from ledger.time.view import View
from ledger.values.dates import days_before, next_day
from projections.answer import Answer, keys, weakest
from projections.obligation_rows import BreachRow, Verdict
from projections.obligations.acts import Act
from projections.obligations.binding import Bound, bound_on
from projections.obligations.case import Case
from projections.obligations.clause_rules import RULES, said_of
from projections.obligations.limit_rules import excuse, moved_against
from projections.obligations.limits import (
    Judged,
    compared_words,
    is_limit,
    judged,
    limit_text,
    measured_text,
    reach_of,
)
from projections.obligations.sets import REACHING, Counted, Turns, counted_with
from projections.obligations.stops import of_figures, of_terms
from projections.subjects.conditions import SETTLING
from projections.subjects.governance import AGREEMENT_STEPS
from projections.subjects.governance_notes import APPROVALS
from projections.subjects.over import Keeper, over
from projections.subjects.register_at_cut import ASSERTED
from projections.subjects.trusts import TYPES as TRUSTS
from projections.subjects.voting_rights import TYPES as VOTING
from projections.told import Told, told

TYPES = (*AGREEMENT_STEPS, *ENDING, *MOVEMENTS, ASSERTED, *VOTING, *TRUSTS, *APPROVALS)
_OF_ALL = (*CREATING, *CANCELLING, *RESHAPING, *ACROSS)
_ASKED = {  # what a clause of a kind is asked of beside movements and the events that it names
    "put": ("notice-given",), "call": ("notice-given",), "drag-along": ("offer-made",),
    "voting-cap": ("votes-cast",), "board-seat": ("director-appointed",),
}  # fmt: skip
_Turning = Callable[[str, str | None], Turns]  # whose shares count with a party's, by a reach
_TOGETHER = 50  # agreements looked up at once
_DONE = ("breaches", "needs")  # what is told of an act that is on record


def breaches(
    view: View, agreement: str | None = None, keeper: Keeper | None = None
) -> Answer[BreachRow]:
    """When which clauses of an agreement, or of all, were broken by the view's day. Those of which
    a ``keeper`` has it that they are over and have no clauses are not read."""
    answer = Answer[BreachRow]()
    asked = [agreement] if agreement else _asked(view, keeper)
    issuers, turns = set[str](), cache(partial(Turns, view))
    for place, one in enumerate(asked):
        if place % _TOGETHER == 0:
            coming = asked[place : place + _TOGETHER]
            view.history.gather([f"agreement:{other}" for other in coming], AGREEMENT_STEPS)
        found = view.about(f"agreement:{one}", types=AGREEMENT_STEPS)
        answer.add_possible(found.possible)
        steps = (*found.certain, *found.absent, *(possible.fact for possible in found.possible))
        if not any(step.many("clauses") for step in steps):
            continue  # there is nothing to break
        timeline = Timeline(view, one, turns)
        issuers.update(timeline.issuers)
        answer.rows += timeline.rows()
        for note in timeline.notes():
            answer.note(note)
    answer.about.append(([f"agreement:{one}" for one in asked], AGREEMENT_STEPS))
    if issuers:
        answer.about.append(([f"issuer:{one}" for one in sorted(issuers)], MOVEMENTS))
    if not answer.rows:
        of = f" of {told('agreement', agreement)}" if agreement else ""
        answer.none(f"No clause{of} that can be tested was broken by this day, as far as is told.")
    return answer


def _asked(view: View, keeper: Keeper | None) -> list[str]:
    """The agreements of which anything may be told."""
    known = known_ids(view.history, "agreement")
    without = over(
        view, [f"agreement:{one}" for one in known], AGREEMENT_STEPS, keeper,
        lambda _, _of, steps: not any(step.many("clauses") for step in steps.certain),
    )  # fmt: skip
    return [one for one, is_over in zip(known, without, strict=True) if not is_over]


class Now(NamedTuple):
    """How a limit stands at the end of a day: whether it is broken, and whether by its party."""

    verdict: Verdict | None = None  # None: it is kept, or does not bind
    acted: bool = False
    excused: bool = False


def following(
    before: Now | None, found: Judged, against: bool, excused: bool, passive: bool
) -> Now:
    """How a limit stands after a day, from how it stood: ``before`` is None where it did not bind
    on these terms. ``against``: the party's own number moved that way; ``passive`` counts too."""
    acted = before is None or before.acted or (against and not excused)
    if found.state == "kept":
        return Now()
    if found.state == "untold":
        return Now("cannot be told", before is not None and acted)
    if acted or (passive and not excused):
        return Now("breaches", True)
    if excused or (before is not None and before.excused):
        return Now(None, False, True)
    return Now("noted")


class Timeline:
    """The clauses of an agreement on every day on which anything about them can change."""

    def __init__(self, view: View, agreement: str, turns: _Turning | None = None) -> None:
        self.view, self.agreement = view, agreement
        self._turns = turns or cache(partial(Turns, view))
        self._terms = sorted(d for d in of_terms(view, agreement) if d <= view.cut.as_of)
        self._bound = {day: bound_on(view.on(day), agreement) for day in self._terms}
        self._cases: dict[str, Case] = {}
        self._moves: dict[str, dict[str, list[Fact]]] = {}

    @property
    def _ever(self) -> list[Bound]:
        return [one for bound in self._bound.values() for one in bound]

    @property
    def clauses(self) -> list[str]:
        """The ids of the clauses that bind on any day."""
        return list(dict.fromkeys(one.id for one in self._ever))

    @property
    def issuers(self) -> list[str]:
        """The issuers that any of its clauses is about."""
        return sorted({one.issuer for one in self._ever if one.issuer})

    def rows(self) -> Iterator[BreachRow]:
        """When each clause was broken, in the order of the clauses."""
        for id in dict.fromkeys(one.id for one in self._ever):
            own = [one for one in self._ever if one.id == id]
            found = [*self._of_limit(id, own), *self._of_acts(id, own)]
            yield from sorted(found, key=lambda row: row["from"])

    def notes(self) -> Iterator[Told]:
        """What the intervals rest on, and what cannot be tested."""
        if any(one.by_signature for one in self._ever):
            yield Told(
                f"No event says that {told('agreement', self.agreement)} is in force: its clauses"
                " are applied from its signature."
            )
        read = {one.id: one for one in self._ever if _is_in_words(one)}
        if read:
            yield Told(
                f"Not tested, as they name no number, type of event or time:"
                f" {', '.join(f'{one.id} ({one.kind})' for one in read.values())} of"
                f" {told('agreement', self.agreement)}."
            )

    def on(self, day: str, id: str) -> Bound | None:
        """A clause as it stands on a day."""
        place = bisect(self._terms, day)
        bound = self._bound[self._terms[place - 1]] if place else []
        return next((one for one in bound if one.id == id), None)

    def case(self, day: str) -> Case:
        """The movements of a day, seen before and after it."""
        if day not in self._cases:
            sides = self.view.on(days_before(day, 1)), self.view.on(day)
            self._cases[day] = Case(*sides, lambda: self._acts_on(day), self._counted)
        return self._cases[day]

    def _acts_on(self, day: str) -> list[Act]:
        return [Act(fact) for one in self.issuers for fact in self._moves_on(one, day)]

    def _counted(self, view: View, party: str, reach: str | None) -> Counted:
        if reach not in REACHING:
            return counted_with(view, party, reach)
        return self._turns(party, reach).on(view.cut.as_of)

    def _moves_on(self, issuer: str, day: str) -> Sequence[Fact]:
        """The movements of the shares of an issuer on a day."""
        if issuer not in self._moves:
            moving = self.view.about(f"issuer:{issuer}", types=MOVEMENTS).counted
            self._moves[issuer] = defaultdict(list)
            for fact in moving:
                self._moves[issuer][fact.order[0]].append(fact)
        return self._moves[issuer].get(day, ())

    def _of_limit(self, id: str, own: Sequence[Bound]) -> Iterator[BreachRow]:
        for party in sorted({p for one in own if is_limit(one) for p in _parties(one)}):
            limits = [one for one in own if is_limit(one)]
            days = set(self._terms)
            days |= {fact.order[0] for fact in self._endings(party)}
            for reach in {reach_of(one) for one in limits}:
                days.update(self._turns(party, reach).days)
            for issuer in {str(one.issuer) for one in limits}:
                days |= of_figures(self.view, issuer, [party])
            yield from self._intervals(id, party, sorted(d for d in days if d <= self._last))

    def _endings(self, party: str) -> list[Fact]:
        return self.view.about(f"party:{party}", types=ENDING).counted

    def _has_ended(self, party: str, day: str) -> bool:
        return end_of_party(self.view, party, next_day(day)) is not None

    @property
    def _last(self) -> str:
        return self.view.cut.as_of

    def _intervals(self, id: str, party: str, days: Iterable[str]) -> Iterator[BreachRow]:
        before: Now | None = None
        terms: object = None
        running: BreachRow | None = None
        figured = False  # whether the running interval began with a figure
        for day in days:
            clause = self.on(day, id)
            if clause is not None and (clause.dormant or self._has_ended(party, day)):
                clause = None
            now, found = None, Judged("kept")
            if clause is not None and is_limit(clause) and party in _parties(clause):
                found = judged(self.case(day).now(str(clause.issuer)), clause, party)
                same = before if terms == clause.terms or before is None else _new_terms(before)
                now = self._after(clause, party, day, same, found)
            verdict = now.verdict if now else None
            if running and (verdict, bool(found.figure)) != (running["verdict"], figured):
                self._close(running, day, clause, party)
                yield running
                running = None
            if verdict is not None and running is None and clause is not None:
                running = self._open(clause, party, day, (verdict, found, terms != clause.terms))
                figured = bool(found.figure)
            before, terms = now, clause.terms if clause else None
        if running is not None:
            yield running

    def _after(self, clause: Bound, party: str, day: str, before: Now | None, found: Judged) -> Now:
        if found.state == "kept":
            return Now()
        case = self.case(day)
        against = moved_against(case, clause, party)
        excused = against and (why := excuse(case, clause, party)) is not None and why.surely
        passive = clause.text("passive") == "counts"
        return following(before, found, against, excused, passive)

    def _open(
        self, clause: Bound, party: str, day: str, of: tuple[Verdict, Judged, bool]
    ) -> BreachRow:
        verdict, found, by_terms = of
        opened = self._cause(clause, party, day, by_terms)
        facts = [*clause.facts, *([opened] if opened else [])]
        return {
            "agreement": self.agreement,
            "clause": clause.id,
            "kind": clause.kind,
            "party": party,
            "issuer": clause.issuer,
            "verdict": verdict,
            "from": day,
            "until": None,
            "measured": measured_text(clause, found.figure),
            "limit": limit_text(clause),
            "base": found.figure.base if found.figure else clause.text("base"),
            "opened_by": opened.key if opened else None,
            "closed_by": None,
            "what": compared_words(clause, found, party),
            "standing": weakest(facts),
            "events": keys(facts),
        }

    def _close(self, row: BreachRow, day: str, clause: Bound | None, party: str) -> None:
        row["until"] = day
        by_terms = clause is None
        of = clause or next(one for one in self._ever if one.id == row["clause"])
        if by_terms:
            closed = next((f for f in self._turning(of, party)[::-1] if f.order[0] == day), None)
        else:
            closed = self._cause(of, party, day, False)
        row["closed_by"] = closed.key if closed else None
        if closed and closed.key not in row["events"]:
            row["events"].append(closed.key)

    def _cause(self, clause: Bound, party: str, day: str, by_terms: bool) -> Fact | None:
        """The event of a day by which a limit is broken or kept from it on: one that moves the
        party's shares, those of all, or what else it is measured by; where its terms change, first
        what changes them."""
        issuer = str(clause.issuer)
        accounts = self.case(day).now(issuer).accounts(party, None)
        moving = self._moves_on(issuer, day)
        own = [fact for fact in moving if _touches(fact, accounts)]
        of_all = [fact for fact in moving if fact.type in _OF_ALL]
        rest = self.view.about(f"issuer:{issuer}", types=(ASSERTED, *VOTING)).counted
        terms = [fact for fact in self._turning(clause, party) if fact.order[0] == day]
        other = [f for f in rest if f.order[0] == day]
        other += self._turns(party, reach_of(clause)).events[day]
        ordered = [terms, own, of_all] if by_terms else [own, of_all, terms, other, moving]
        return next((fact for group in ordered for fact in group[-1:]), None)

    def _turning(self, clause: Bound, party: str) -> list[Fact]:
        """What can make a clause begin, change or end for a party: steps of the agreement, its
        condition, the end of the party."""
        found = self._endings(party)
        found += self.view.about(f"agreement:{self.agreement}", types=AGREEMENT_STEPS).counted
        if (condition := clause.text("condition")) is not None:
            found += self.view.about(f"condition:{condition}", types=SETTLING).counted
        return found

    def _of_acts(self, id: str, own: Sequence[Bound]) -> Iterator[BreachRow]:
        """The days on which something was done that a clause forbids, or that it asks for more
        for than is on record."""
        testable = [one for one in own if not is_limit(one) and not _is_in_words(one)]
        if not testable:
            return
        for fact in self._facts_for(testable):
            day = fact.order[0]
            clause = self.on(day, id)
            if clause is None or is_limit(clause):
                continue
            for row in said_of(self.case(day), clause, Act(fact)):
                if row["verdict"] in _DONE:
                    facts = [*clause.facts, fact]
                    yield {
                        "agreement": self.agreement,
                        "clause": id,
                        "kind": clause.kind,
                        "party": row["party"],
                        "issuer": row["issuer"],
                        "verdict": row["verdict"],
                        "from": day,
                        "until": next_day(day),
                        "measured": row["measured"],
                        "limit": row["limit"],
                        "base": row["base"],
                        "opened_by": fact.key,
                        "closed_by": None,
                        "what": row["what"],
                        "standing": weakest(facts),
                        "events": keys(facts),
                    }

    def _facts_for(self, clauses: Sequence[Bound]) -> list[Fact]:
        """The events by the view's day of which clauses may speak."""
        found: dict[str, Fact] = {}
        for clause in clauses:
            types = tuple({*MOVEMENTS, *clause.many("events"), *_ASKED.get(clause.kind, ())})
            subjects = [f"party:{one}" for one in clause.bound]
            subjects += (
                [f"issuer:{clause.issuer}", f"party:{clause.issuer}"] if clause.issuer else []
            )
            subjects = subjects or [f"party:{one}" for one in clause.parties]
            if subjects:
                found |= {one.key: one for one in self.view.about(*subjects, types=types).counted}
        return sorted(found.values(), key=lambda fact: fact.order)


def _new_terms(before: Now) -> Now | None:
    """How a limit stood before its terms changed: one that was broken stays as it was."""
    return before if before.verdict else None


def _parties(clause: Bound) -> Sequence[str]:
    if clause.bound or clause.binds not in (None, "signatories"):
        return clause.bound
    return [one for one in clause.parties if one != clause.issuer]


def _touches(fact: Fact, accounts: Sequence[str]) -> bool:
    return any(account in accounts for account, _ in legs(fact.type, fact.data))


def _is_in_words(clause: Bound) -> bool:
    """Whether nothing about a clause can be tested on the record."""
    if clause.kind not in RULES:
        return True
    if clause.kind in ("standstill", "lock-up"):
        timed = clause.kind == "lock-up" and (clause.text("until") or clause.text("starts"))
        return not is_limit(clause) and not timed
    if clause.kind in ("consent", "consultation", "notice"):
        return not clause.many("events")
    return False
