"""Verdicts: what every clause that bears on new events says of them, the gravest first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import NamedTuple, get_args

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.movements import MOVEMENTS
from ledger.model.posted import end_of
from ledger.time.class_terms import TYPES as TERMS
from ledger.time.history import root_of, subjects_of
from ledger.time.view import View
from ledger.values.dates import FOREVER
from projections.answer import Answer
from projections.obligation_rows import Verdict, VerdictRow
from projections.obligations.acts import Act
from projections.obligations.binding import Bound, agreements_about, bound_on
from projections.obligations.case import Case
from projections.obligations.clause_rules import said_of
from projections.obligations.limit_rules import begun, held_to
from projections.obligations.limits import is_limit
from projections.obligations.moved import days_moved, movements_of
from projections.obligations.seats import SEATS, seats_changed
from projections.obligations.terms_of_classes import class_consents
from projections.subjects.governance import AGREEMENT_STEPS
from projections.told import told

MOST_DAYS = 20  # of one issuer on which clauses are looked at
MOST_PARTIES = 100  # whose agreements are looked for by their names
WEIGHT: Sequence[Verdict] = get_args(Verdict)


_Clause = tuple[str, str]
_About = tuple[str, str | None, str | None, str | None]


class Verdicts(NamedTuple):
    """What clauses say of new events, and in sentences what was not looked at."""

    rows: list[VerdictRow]
    left_out: list[str]


def verdicts(before: View, after: View, new: Sequence[Recorded]) -> Verdicts:
    """What every clause that bears on new events says of them, the gravest first."""
    looked = _Looked(before, after, new)
    rows = list(looked.rows())
    rows.sort(key=lambda row: (WEIGHT.index(row["verdict"]), row["agreement"] or ""))
    return Verdicts(rows, looked.left_out)


def proposed(before: View, after: View, new: Sequence[Recorded]) -> Answer[VerdictRow]:
    """The verdicts on events that are proposed, as an answer."""
    found = verdicts(before, after.on(FOREVER), new)
    answer = Answer[VerdictRow](found.rows)
    for note in found.left_out:
        answer.note(note)
    if not found.rows:
        answer.none("No clause on record that can be tested bears on it.")
    return answer


class _Looked:
    """New events seen before and after, on each day on which clauses may bear on them."""

    def __init__(self, before: View, after: View, new: Sequence[Recorded]) -> None:
        self.before, self.after, self.new = before, after, new
        self.left_out: list[str] = []
        self._begun: dict[_Clause, object] = {}  # the terms of limits told of an earlier day
        self._gravest: dict[_About, int] = {}  # the gravest told of an earlier day

    @cached_property
    def _facts(self) -> list[Fact]:
        return [fact for event in self.new if (fact := self.after.fact(event)) is not None]

    @cached_property
    def _acts(self) -> dict[str, list[Act]]:
        """The new events, and those that new corrections change, as they were and are, by the day
        of each."""
        found: dict[str, list[Act]] = defaultdict(list)
        seen = set[tuple[str, str, bool]]()
        for fact in self._facts:
            for moved in (fact, *movements_of(self.before, self.after, fact), *self._step(fact)):
                dated = moved.effective
                if dated is None or dated.last == FOREVER or moved.type in _AMENDING:
                    continue
                stands = moved == self.after.fact(moved.recorded)
                if (place := (moved.key, dated.last, stands)) not in seen:
                    seen.add(place)
                    found[dated.last].append(Act(moved, fact, stands=stands))
        return found

    def _step(self, fact: Fact) -> list[Fact]:
        """The step of an agreement that a new fact amends, as it is by now."""
        root = root_of(fact.recorded, self.after.history) if fact.type in _AMENDING else None
        is_step = root is not None and root.type in AGREEMENT_STEPS
        step = self.after.fact(root) if root is not None and is_step else None
        return [step] if step is not None else []

    def rows(self) -> Iterator[VerdictRow]:
        """What clauses say, day by day."""
        agreements = self._agreements()
        days = self._days(agreements) if agreements else {}
        for day in sorted({*days, *self._days_of_acts(agreements)}):
            case = Case(self.before.on(day), self.after.on(day), partial(self._acts_on, day))
            bound = [b for one in agreements for b in bound_on(case.after, one)]
            begin = self._beginnings(case, agreements, bound)
            told_now: dict[_About, int] = {}
            for row in self._of_day(case, bound, (begin, days.get(day, {}))):
                weight, about = WEIGHT.index(row["verdict"]), _about(row)
                if weight < self._gravest.get(about, len(WEIGHT)):
                    told_now[about] = min(weight, told_now.get(about, weight))
                    yield row
            self._gravest |= told_now

    def _beginnings(
        self, case: Case, agreements: Sequence[str], bound: Sequence[Bound]
    ) -> dict[_Clause, Bound | None]:
        """The limits that begin or change by new events of the day, each as it was without them."""
        if all(act.fact.type in MOVEMENTS for act in case.acts):
            return {}
        was = {_id(one): one for a in agreements for one in bound_on(case.before, a)}
        found = dict[_Clause, Bound | None]()
        for one in filter(is_limit, bound):
            terms, before = (one.terms, one.dormant), was.get(_id(one))
            if self._begun.get(_id(one), before and (before.terms, before.dormant)) != terms:
                found[_id(one)], self._begun[_id(one)] = before, terms
        return found

    def _of_day(
        self,
        case: Case,
        bound: Sequence[Bound],
        of: tuple[Mapping[_Clause, Bound | None], Mapping[str, Fact]],
    ) -> Iterator[VerdictRow]:
        begin, moved = of
        for clause in bound:
            if not is_limit(clause):
                for act in case.standing_acts:
                    yield from said_of(case, clause, act)
            elif (id := _id(clause)) in begin:
                act = next(one for one in case.acts[::-1] if one.fact.type not in MOVEMENTS)
                yield from begun(case, clause, begin[id], act)
            elif (fact := moved.get(str(clause.issuer))) is not None:
                yield from held_to(case, clause, Act(fact))
        for act in case.acts:
            if act.stands and act.issuers & self._with_consents:
                yield from class_consents(case, act)
            if act.issuers & self._with_steps and act.fact.type in MOVEMENTS:
                yield from seats_changed(case, act)

    def _acts_on(self, day: str) -> Sequence[Act]:
        return self._acts.get(day, ())

    def _days_of_acts(self, agreements: Sequence[str]) -> list[str]:
        """The days of new events on which clauses are asked, the last of them where many are."""
        if not (agreements or self._with_consents or self._with_steps):
            return []
        days = sorted(self._acts)
        if len(days) > MOST_DAYS:
            self.left_out.append(
                f"Clauses are asked of the events of the last {MOST_DAYS} of {len(days)} days."
            )
        return days[-MOST_DAYS:]

    @cached_property
    def _issuers(self) -> set[str]:
        return {one for acts in self._acts.values() for act in acts for one in act.issuers}

    @cached_property
    def _with_consents(self) -> set[str]:
        """The issuers of which a class carries consents."""
        return {
            one
            for one in self._issuers
            if any(
                f.many("consents") for f in self.after.about(f"issuer:{one}", types=TERMS).certain
            )
        }

    @cached_property
    def _with_steps(self) -> set[str]:
        """The issuers on whose board a right to seats depends on a holding."""
        return {one for one in self._issuers if any(f.many("steps") for f in self._granted(one))}

    def _granted(self, issuer: str) -> Sequence[Fact]:
        """The rights to seats on the board of an issuer, or on others by holdings in it."""
        return self.after.about(f"party:{issuer}", f"issuer:{issuer}", types=SEATS).certain

    def _agreements(self) -> list[str]:
        """The agreements with clauses that may bear on the new events."""
        if not self.after.history.subjects("agreement:"):
            return []
        about, parties = set[str](), set[str]()
        for issuer in self._issuers:
            about.update((f"issuer:{issuer}", f"party:{issuer}"))
        for act in (one for acts in self._acts.values() for one in acts):
            for subject in subjects_of(act.fact.type, act.fact.data):
                kind, _, id = subject.partition(":")
                if kind == "party":
                    parties.add(f"party:{id}")
                elif kind == "agreement":
                    about.add(subject)
        if len(parties) <= MOST_PARTIES:
            about |= parties
        elif parties - about:
            self.left_out.append(
                f"Clauses that name no issuer are not looked for: the events name {len(parties)}"
                " parties."
            )
        return sorted(agreements_about(self.after, sorted(about)))

    def _days(self, agreements: Sequence[str]) -> dict[str, dict[str, Fact]]:
        """The days on which limits are looked at, each with the new event that bears on it, by
        issuer."""
        found: dict[str, dict[str, Fact]] = defaultdict(dict)
        moved = days_moved(self.before, self.after, self.new, self._facts)
        for issuer, on in moved.items():
            steps = [
                fact
                for one in agreements
                for fact in self.after.about(f"agreement:{one}", types=AGREEMENT_STEPS).counted
            ]
            parties = {
                clause.get("party")
                for fact in steps
                for clause in fact.many("clauses")
                if clause.get("issuer") == issuer
            }
            self._later(issuer, on, (steps, sorted(p for p in parties if p)))
            if len(on) > MOST_DAYS and parties:
                self.left_out.append(
                    f"Clauses about {told('party', issuer)} are looked at on the last {MOST_DAYS}"
                    f" of {len(on)} days."
                )
            for day in sorted(on)[-MOST_DAYS:]:
                found[day][issuer] = on[day]
        return found

    def _later(
        self, issuer: str, on: dict[str, Fact], of: tuple[Sequence[Fact], Sequence[str]]
    ) -> None:
        """Add the later days on which agreements change, and on which their parties move."""
        steps, parties = of
        if not parties:
            return
        since = min(on)
        moving = self.after.unposted(f"issuer:{issuer}", MOVEMENTS).counted
        posted = self.after.posted(issuer)
        days = {fact.order[0] for fact in (*steps, *moving)}
        for share_class in posted.classes:
            for party in parties:
                days.update(posted.days(share_class, party, None, end_of(FOREVER)))
        for day in days:
            if since < day < FOREVER:
                on.setdefault(day, on[since])


def _id(clause: Bound) -> _Clause:
    return clause.agreement, clause.id


def _about(row: VerdictRow) -> _About:
    return row["event"], row["agreement"], row["clause"], row["party"]


_AMENDING = ("event-corrected", "event-retracted", "event-corroborated")
