"""Crossings: thresholds passed from the end of one day to the end of the next, under the rules of
the later day."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.values.dates import BEGINNING, later_by, next_day
from projections.radar.attribution import Counted
from projections.radar.calendars import period_end
from projections.radar.positions import Base, Position, Positions, Step
from projections.radar.published import Total
from projections.radar.rule import PERIODS, VOTES, Rule

_NONE = Fraction()


class Has(NamedTuple):
    """What a holder has of a base on a day, and all of it."""

    number: Fraction
    of: Total | None

    @property
    def percent(self) -> Fraction:
        """Its part, in percent; nothing of nothing."""
        return self.number / self.of.number * 100 if self.of else _NONE


@dataclass(frozen=True)
class Crossing:
    """A holder passing a threshold of a rule on a day; ``accounts`` are those counted as its own,
    and ``others`` those of them, beside its own, that have anything.

    ``reported`` is the percentage from which a change is counted, where a rule counts changes.
    """

    rule: Rule
    holder: str
    accounts: tuple[str, ...]
    base: Base
    before: Has
    after: Has
    threshold: Fraction
    up: bool
    day: str
    facts: tuple[Fact, ...] = ()
    reported: Fraction | None = None
    others: tuple[str, ...] = ()

    @property
    def passive(self) -> bool:
        """Whether its own number is the same: others' shares or votes changed."""
        return self.before.number == self.after.number

    @property
    def same(self) -> tuple[object, ...]:
        """What makes it the same crossing in another history."""
        return self.rule.id, self.holder, self.base, self.threshold, self.up, self.day


class Scan:
    """The crossings of an issuer's register under some rules, each id with its versions.

    ``named`` says that the rules were asked for, so that the law of the issuer does not choose.
    ``untold`` gathers why something could not be tested. ``watch`` is told each step.
    """

    def __init__(
        self,
        positions: Positions,
        rules: Mapping[str, Sequence[Rule]],
        named: bool,
        watch: Callable[[Scan, Step], None] = lambda *_: None,
    ) -> None:
        self._watch = watch
        self.positions, self.rules, self.named = positions, rules, named
        self.untold: dict[str, list[str]] = defaultdict(list)  # days, by what is missing
        self.openings: list[str] = []
        self._reported: dict[tuple[str, str, Base], Fraction] = {}
        self._past: dict[tuple[str, str, Base], list[tuple[str, Fraction]]] = defaultdict(list)
        self._at_period: dict[tuple[str, Base], dict[str, Has]] = {}

    def crossings(self) -> Iterator[Crossing]:
        """Every crossing, in order of days."""
        last: Step | None = None
        for step in self.positions.steps():
            if last is not None:
                yield from self._periods(last, step.after.day)
            if step.opens:
                self.openings.append(step.after.day)
            for rule in self.valid(step.after.day, bool(step.after.shares)):
                if rule.deadline.counts_from not in PERIODS:
                    yield from self._tested(rule, step)
            self._watch(self, step)
            last = step
        if last is not None:
            upto = min(self.positions.view.cut.as_of, period_end(last.after.day, "year-end"))
            yield from self._periods(last, next_day(upto))

    def valid(self, day: str, asked: bool = False) -> Iterator[Rule]:
        """The rules that apply to the issuer on a day; if ``asked``, remembers that one has no
        version valid then."""
        law = self.positions.laws.on(day)
        for id, versions in self.rules.items():
            if not self.named and not any(law.is_under(one.applies) for one in versions):
                continue
            found = next((one for one in versions if one.is_valid(day)), None)
            if found is not None:
                if self.named or law.is_under(found.applies):
                    yield found
            elif asked and not any(one.begins and day < one.valid_from for one in versions):
                self.untold[f"no rule version of {id}"].append(day)

    def bases(self, rule: Rule, *positions: Position) -> Iterator[Base]:
        """The bases of a rule, one of each class where it is of classes."""
        for name in rule.bases:
            if name != "class":
                yield Base(name)
                continue
            classes = {c for one in positions for c in one.in_issue.capital}
            yield from (Base(name, c) for c in sorted(classes))

    def _tested(self, rule: Rule, step: Step) -> Iterator[Crossing]:
        for base in self.bases(rule, step.before, step.after):
            if base.name == "value":
                self.untold["no price is recorded, so that a value cannot be told"].append(
                    step.after.day
                )
                continue
            wholes = step.before.whole(base), step.after.whole(base)
            if wholes[1] is None and step.after.shares:
                self.untold[_missing(base)].append(step.after.day)
            for holder in self._concerned(rule, base, step, wholes):
                yield from self._passed(rule, base, step, holder, wholes)

    def _concerned(
        self, rule: Rule, base: Base, step: Step, wholes: tuple[Total | None, Total | None]
    ) -> Iterable[str]:
        """The holders whose percentages may be others than before."""
        issuer = self.positions.issuer
        before, after = step.attribution_before.parties, step.attribution.parties
        if step.moved is None or _numbers(wholes[0]) != _numbers(wholes[1]):
            large = set[str]().union(
                *(
                    position.large(base, math.ceil(rule.lowest * whole.number / 100))
                    for position, whole in zip((step.before, step.after), wholes, strict=True)
                    if whole is not None
                )
            )
            large &= step.before.holders | step.after.holders
            large |= {one for id, one, of in self._reported if (id, of) == (rule.id, base)}
            return sorted((large | before | after) - {issuer})
        found = (step.before.holders | step.after.holders) & step.moved
        kinds = rule.counted(base.name)
        for party in after:
            if not step.moved.isdisjoint(step.attribution.accounts(party, kinds).keys()):
                found |= {party}
        return sorted(found - {issuer})

    def _passed(
        self,
        rule: Rule,
        base: Base,
        step: Step,
        holder: str,
        wholes: tuple[Total | None, Total | None],
    ) -> Iterator[Crossing]:
        accounts = step.attribution.accounts(holder, rule.counted(base.name))
        earlier = step.attribution_before.accounts(holder, rule.counted(base.name))
        before = Has(step.before.number(base, earlier), wholes[0])
        after = Has(step.after.number(base, accounts), wholes[1])
        if after.of is None and before.of is not None and step.after.shares:
            return  # it is not known what it has
        both = tuple(dict.fromkeys([*accounts, *earlier]))
        rights = [r.right for c in (*accounts.values(), *earlier.values()) for r, _ in c.rights]
        if step.opens or (before.of is None and step.before.shares):
            self._begin(rule, base, holder, after, step.after.day)
            return
        others = tuple(
            a for a in both if a != holder and (step.before.of(base, a) or step.after.of(base, a))
        )
        for threshold, up, reported in self._over(
            rule, base, holder, before, after, step.after.day
        ):
            facts = tuple(_moving(step.facts, (*both, *rights), holder))
            yield Crossing(
                rule, holder, own_of(accounts), base, before, after, threshold, up,
                step.after.day, facts, reported, others,
            )  # fmt: skip

    def _begin(self, rule: Rule, base: Base, holder: str, has: Has, day: str) -> None:
        """Take what a holder has as what it had before, of which nothing tells."""
        place = rule.id, holder, base
        if rule.test == "change" and has.percent > rule.above:
            self._reported[place] = has.percent
        if rule.test == "creep":
            self._past[place].append((day, has.percent))

    def _over(
        self, rule: Rule, base: Base, holder: str, before: Has, after: Has, day: str
    ) -> Iterator[tuple[Fraction, bool, Fraction | None]]:
        """The thresholds passed, whether up, and from which percentage a change is counted."""
        place = rule.id, holder, base
        match rule.test:
            case "crossing":
                for threshold, up in crossed(rule, before, after):
                    yield threshold, up, None
            case "change":
                if before.number != after.number or rule.passive != "none":
                    yield from self._changed(rule, place, before.percent, after.percent)
            case "increase":
                low, high = rule.between
                if low <= before.percent <= high and after.percent > before.percent:
                    yield low, True, before.percent
            case "creep":
                yield from self._crept(rule, place, after.percent, day)

    def _changed(
        self, rule: Rule, place: tuple[str, str, Base], before: Fraction, after: Fraction
    ) -> Iterator[tuple[Fraction, bool, Fraction | None]]:
        if before <= rule.above < after:
            self._reported[place] = after
            return
        if (reported := self._reported.get(place)) is None:
            return
        change = abs(after - reported)
        if change > rule.by or (change == rule.by and rule.up == ">="):
            yield rule.by, after > reported, reported
            self._reported[place] = after
        if after <= rule.above and self._reported[place] == after:
            del self._reported[place]

    def _crept(
        self, rule: Rule, place: tuple[str, str, Base], after: Fraction, day: str
    ) -> Iterator[tuple[Fraction, bool, Fraction | None]]:
        past, (low, high) = self._past[place], rule.between
        lowest = _lowest(past, day, rule, low, high)
        past.append((day, after))
        if lowest is None or after - lowest < rule.by:
            return
        earlier = _lowest(past[:-2], past[-2][0], rule, low, high) if len(past) > 1 else None
        if earlier is None or past[-2][1] - earlier < rule.by:
            yield rule.by, True, lowest

    def _periods(self, step: Step, upto: str) -> Iterator[Crossing]:
        """The crossings at the first ends of periods from a step on, before a day."""
        for versions in self.rules.values():
            for rule in versions:
                if rule.deadline.counts_from not in PERIODS:
                    continue
                end = period_end(step.after.day, rule.deadline.counts_from)
                law = self.positions.laws.on(end)
                applies = self.named or law.is_under(rule.applies)
                if end < upto and rule.is_valid(end) and applies:
                    yield from self._at_end(rule, step, end)

    def _at_end(self, rule: Rule, step: Step, day: str) -> Iterator[Crossing]:
        position, attribution = step.after, step.attribution
        for base in self.bases(rule, position):
            whole, then = position.whole(base), self._at_period.get((rule.id, base))
            now: dict[str, Has] = {}
            for holder in sorted(
                (position.holders | attribution.parties) - {self.positions.issuer}
            ):
                accounts = attribution.accounts(holder, rule.counted(base.name))
                now[holder] = Has(position.number(base, accounts), whole)
            self._at_period[rule.id, base] = now
            if then is None and self.openings:
                continue  # nothing tells what was before
            then = then or {}
            for holder in sorted({*now, *then}):
                before = then.get(holder, Has(_NONE, whole))
                after = now.get(holder, Has(_NONE, whole))
                accounts = attribution.accounts(holder, rule.counted(base.name))
                for threshold, up in crossed(rule, before, after):
                    facts = tuple(_moving(step.facts, accounts, holder))
                    others = tuple(a for a in accounts if a != holder and position.of(base, a))
                    yield Crossing(
                        rule,
                        holder,
                        own_of(accounts),
                        base,
                        before,
                        after,
                        threshold,
                        up,
                        day,
                        facts,
                        others=others,
                    )


def own_of(accounts: Mapping[str, Counted]) -> tuple[str, ...]:
    """The accounts that count themselves, and not by a right in their shares."""
    return tuple(account for account, counted in accounts.items() if counted.part)


def crossed(rule: Rule, before: Has, after: Has) -> Iterator[tuple[Fraction, bool]]:
    """The thresholds of a rule passed from one position to another, each whether up."""
    if not rule.thresholds or (before.number, before.of) == (after.number, after.of):
        return
    lowest = rule.thresholds[0]
    if all(has.of is None or has.number * 100 < lowest * has.of.number for has in (before, after)):
        return
    then, now = before.percent, after.percent
    for threshold in rule.thresholds:
        if not rule.is_over(then, threshold) and rule.is_over(now, threshold):
            yield threshold, True
        if rule.down and not rule.is_under(then, threshold) and rule.is_under(now, threshold):
            yield threshold, False


def _lowest(
    past: Sequence[tuple[str, Fraction]], day: str, rule: Rule, low: Fraction, high: Fraction
) -> Fraction | None:
    """The lowest percentage between two that stood within the months before a day."""
    start = _months_before(day, rule.months)
    standing = [p for on, p in past if on <= start][-1:]
    within = [p for on, p in past if start < on < day]
    return min((p for p in [*standing, *within] if low <= p <= high), default=None)


def _months_before(day: str, months: int) -> str:
    """The same day so many months before; of a month that is too short its last day."""
    early = int(day[:4]) * 12 + int(day[5:7]) - 1 - months < 12
    return BEGINNING if early else later_by(day, -months, "months")


def _moving(facts: Iterable[Fact], accounts: Iterable[str], holder: str) -> Iterator[Fact]:
    """The events of a day that bear on what a holder has; all of them where none names it."""
    listed = list(facts)
    named = {holder, *accounts}  # rights in shares too
    own = [fact for fact in listed if not named.isdisjoint(_parties(fact))]
    yield from own or listed


def _parties(fact: Fact) -> set[str]:
    names = (
        "holder",
        "transferor",
        "transferee",
        "trust",
        "party",
        "of",
        "counterparty",
        "to",
        "right",
    )
    found = {str(fact.data[name]) for name in names if name in fact.data}
    return found | {one["party"] for one in fact.data.get("beneficiaries", ())}


def _numbers(whole: Total | None) -> Fraction | None:
    return whole.number if whole else None


def _missing(base: Base) -> str:
    if base.name in VOTES:
        return "the votes of a share of some class are not told"
    return "the par value of some class is not told" if base.name == "capital-par" else "no shares"
