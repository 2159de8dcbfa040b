"""What an event depends on beside its own date: conditions, its agreement, its being called off.

A condition is met from the day it is satisfied or waived (or fails, for what waits for that) until
it is reopened; an event that answers to its ``met_by`` satisfies it. An event conditional on one
that is precedent counts from the later of its own day and the first on which all are met, unless
the deal or the agreement of the condition ended before; one that is subsequent ends it. A right
given under an agreement ends with the agreement, and a suspension or a cap after the last day it
gives. What depends on itself never counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Away, Depending, Fact
from ledger.model.posted import FoldKey
from ledger.time.happenings import answering
from ledger.time.history import REVISIONS, WITHDRAWAL, History
from ledger.values.dates import FOREVER, Days, next_day, parse_days, parse_effective, text_of
from ledger.values.text import parse_event_reference

RIGHTS = ("board-seat-granted", "voting-cap-agreed", "voting-rights-suspended")
AGREEMENT_TERMS = ("agreement-signed", "agreement-in-force", "agreement-amended")
DEAL_ENDS = ("deal-abandoned", "deal-completed", "negotiation-opened")
_SETTLING = ("condition-settled", "proceeding-decided")
_MET = ("satisfied", "waived")
_LONGEST = 50  # chain of conditions, each met by an event conditional on the next


class _Turn(NamedTuple):
    """A day on which a condition is settled or reopened, by an event."""

    days: Days
    written: str
    outcome: str
    key: str
    perhaps: str
    order: FoldKey


class _Span(NamedTuple):
    """A time in which a condition is met; ``perhaps`` has the turns by which it perhaps ended, each
    with the days of that by which it was surely met again."""

    start: _Turn
    end: _Turn | None
    perhaps: tuple[tuple[_Turn, Days | None], ...] = ()

    @property
    def until(self) -> Days | None:
        return self.end and self.end.days


def depends(fact: Fact, history: History) -> bool:
    """Whether a fact depends on anything but its own date at some cut: it says so, or something
    calls it off."""
    if says_it_depends(fact.type, fact.data):
        return True
    return history.is_amended(fact.key) and bool(_withdrawals(fact, history))


def says_it_depends(type_name: str, data: Mapping[str, Any]) -> bool:
    """Whether an event with this data says that it depends on something."""
    if "conditional_on" in data:
        return True
    return type_name in RIGHTS and ("agreement" in data or "until" in data)


class Conditions:
    """Works out what facts depend on, in a history as it is read.

    ``doubt`` says of a fact why it is perhaps not known: None where it surely is not, empty where
    it is. ``within`` has the positions of the events that are being worked out.
    """

    def __init__(
        self,
        history: History,
        read: Callable[[Recorded], Fact | None],
        doubt: Callable[[Fact], str | None],
        within: set[int],
    ) -> None:
        self._history, self._read, self._doubt, self._within = history, read, doubt, within
        self._circle = False

    def bound(self, fact: Fact) -> Fact:
        """The fact, with what it depends on."""
        position = fact.recorded.position
        if position in self._within or len(self._within) > _LONGEST:
            waits = (fact.key,)
            own = fact.effective, fact.text("effective_on") or ""
            return replace(fact, depending=Depending(*own, waits=waits, circle=True))
        self._within.add(position)
        try:
            return self._bound(fact)
        finally:
            self._within.discard(position)

    def _bound(self, fact: Fact) -> Fact:
        starts, waits, perhaps = list[_Turn](), list[str](), list[str]()
        away, by = list(self._called_off(fact)), list[str]()
        for one in fact.many("conditional_on"):
            condition = one["condition"]
            setting = self._setting(condition)
            wanted = ("failed",) if one.get("outcome") == "failed" else _MET
            spans = self._spans(condition, wanted, setting)
            by += [span.start.key for span in spans]
            if setting is not None and setting.need("effect") == "subsequent":
                away += (_ended_by(condition, span) for span in spans)
            elif spans:
                starts.append(spans[0].start)
                away += _reopened(condition, spans)
            elif setting is not None:
                waits.append(condition)
            if setting is None:
                perhaps.append(f"no event at this cut sets the condition {condition}")
        if starts or waits:
            away += self._void(fact, starts, waits)
        if fact.type in RIGHTS and fact.text("survives_agreement") != "yes":
            ends = self._ends(f"agreement:{fact.text('agreement')}", restored=True)
            away += (one._replace(reason="lapsed") for one in ends)
        if fact.type in RIGHTS and "until" in fact.data:
            away += _over(fact, "")
        if not (starts or waits or away or self._circle or perhaps):
            return fact
        perhaps += (start.perhaps for start in starts if start.perhaps)
        depending = Depending(
            fact.effective, fact.text("effective_on") or "", tuple(waits), "; ".join(perhaps),
            tuple(away), tuple(by), self._circle,
        )  # fmt: skip
        return replace(_from_later(fact, starts), depending=depending)

    def _facts(self, subject: str, types: tuple[str, ...]) -> Iterator[tuple[Fact, str]]:
        """The facts about a subject that may be known, each with why that is not certain."""
        yield from self._known(map(self._read, self._history.mentioning(subject, types)))

    def _known(self, facts: Iterable[Fact | None]) -> Iterator[tuple[Fact, str]]:
        for fact in facts:
            doubt = self._doubt(fact) if fact is not None else None
            if fact is None or doubt is None or fact.effective is None:
                continue
            depending = fact.depending
            if depending is not None:
                self._circle |= depending.circle
                if depending.waits or depending.away_on(fact.effective.last)[0] is not None:
                    continue
                doubt = " and ".join(filter(None, (doubt, depending.perhaps)))
            yield fact, doubt

    def _setting(self, condition: str) -> Fact | None:
        """The newest event that sets a condition."""
        found = self._facts(f"condition:{condition}", ("condition-set",))
        same = (fact for fact, _ in found if fact.need("condition") == condition)
        return max(same, key=lambda fact: fact.order, default=None)

    def _spans(self, condition: str, wanted: tuple[str, ...], setting: Fact | None) -> list[_Span]:
        """The times in which a condition has one of the outcomes wanted."""
        found: list[_Span] = []
        for turn in sorted(self._turns(condition, setting), key=lambda t: t.order):
            is_open = bool(found) and found[-1].end is None
            if turn.outcome in wanted and not is_open:
                found.append(_Span(turn, None))
            elif turn.outcome in wanted and found[-1].start.perhaps and not turn.perhaps:
                first = found[-1].start.days.first  # it may be met before it surely is
                days = Days(min(first, turn.days.first), turn.days.last)
                found[-1] = _Span(turn._replace(days=days), None)
            elif turn.outcome in wanted and not turn.perhaps:
                again = [(end, back or turn.days) for end, back in found[-1].perhaps]
                found[-1] = found[-1]._replace(perhaps=tuple(again))
            elif turn.outcome not in wanted and is_open and turn.perhaps:
                perhaps = (*found[-1].perhaps, (turn, None))
                found[-1] = found[-1]._replace(perhaps=perhaps)
            elif turn.outcome not in wanted and is_open:
                found[-1] = found[-1]._replace(end=turn)
        return found

    def _turns(self, condition: str, setting: Fact | None) -> Iterator[_Turn]:
        for fact, doubt in self._facts(f"condition:{condition}", _SETTLING):
            outcomes = {one["condition"]: one["outcome"] for one in fact.many("settles")}
            if fact.text("condition") == condition:
                outcomes[condition] = fact.need("outcome")
            if outcomes.get(condition, "extended") != "extended":
                yield _turn(fact, outcomes[condition], doubt)
        met_by = setting and setting.text("met_by")
        if setting is not None and met_by:
            wanted, since = parse_event_reference(met_by), setting.effective
            for fact, doubt in self._known(answering(wanted, self._history, self._read)):
                if since is None or (fact.effective and fact.effective.last >= since.first):
                    yield _turn(fact, "satisfied", doubt)

    def _void(self, fact: Fact, starts: list[_Turn], waits: list[str]) -> Iterator[Away]:
        """When the deals and agreements of the conditions that it waits for ended before."""
        conditions = (one["condition"] for one in fact.many("conditional_on"))
        settings = filter(None, map(self._setting, conditions))
        of = {f"{k}:{s.text(k)}" for s in settings for k in ("deal", "agreement") if s.text(k)}
        begins = max((start.days.last for start in starts), default="")
        for away in (away for subject in sorted(of) for away in self._ends(subject)):
            if waits or away.since.last < begins:
                yield away

    def _ends(self, subject: str, *, restored: bool = False) -> Iterator[Away]:
        """The times in which a deal or an agreement has ended; with ``restored``, until what it
        gave is given back and not only until it is in force again."""
        kind, _, id = subject.partition(":")
        types = ("agreement-ended", *AGREEMENT_TERMS) if kind == "agreement" else DEAL_ENDS
        steps = [pair for pair in self._facts(subject, types) if pair[0].text(kind) == id]
        steps.sort(key=lambda pair: pair[0].order)
        for fact, doubt in steps:
            if fact.type in ("agreement-ended", "deal-abandoned"):
                back = (f.effective for f, _ in steps if _revives(f, fact, restored=restored))
                yield Away(_days(fact), next(back, None), "ended", subject, fact.key, doubt)
        if kind == "agreement":
            yield from _terms_over(id, [fact for fact, doubt in steps if not doubt])

    def _called_off(self, fact: Fact) -> Iterator[Away]:
        if not self._history.is_amended(fact.key):
            return
        withdrawals = _withdrawals(fact, self._history)
        for withdrawal, doubt in self._known(map(self._read, withdrawals)):
            if withdrawal.need("event") == fact.key:
                yield Away(_days(withdrawal), None, "called off", "", withdrawal.key, doubt)


def _withdrawals(fact: Fact, history: History) -> list[Recorded]:
    revisions = history.mentioning(f"event:{fact.key}", REVISIONS)
    return [one for one in revisions if one.type == WITHDRAWAL]


def _days(fact: Fact) -> Days:
    return fact.effective or Days("", "")


def _turn(fact: Fact, outcome: str, doubt: str) -> _Turn:
    return _Turn(_days(fact), fact.need("effective_on"), outcome, fact.key, doubt, fact.order)


def _ended_by(condition: str, span: _Span) -> Away:
    start, about = span.start, f"condition:{condition}"
    return Away(start.days, span.until, "ended", about, start.key, start.perhaps)


def _reopened(condition: str, spans: list[_Span]) -> Iterator[Away]:
    """The times between those in which a condition is met, also those that perhaps are."""
    about, after = f"condition:{condition}", [*(span.start.days for span in spans[1:]), None]
    for span, back in zip(spans, after, strict=True):
        for turn, again in span.perhaps:
            until = again or span.until
            yield Away(turn.days, until, "suspended", about, turn.key, turn.perhaps)
        if span.end is not None:
            yield Away(span.end.days, back, "suspended", about, span.end.key)


def _revives(later: Fact, end: Fact, *, restored: bool) -> bool:
    """Whether a step undoes an end, with what was given under it if that is asked."""
    if later.order <= end.order:
        return False
    named = later.text("revives") == end.key
    if end.type == "deal-abandoned":
        return named or later.type in ("deal-completed", "negotiation-opened")
    return named and (not restored or later.text("restores") == "yes")


def _terms_over(agreement: str, steps: list[Fact]) -> Iterator[Away]:
    """The times after the last day of an agreement, until that is put off."""
    terms = [fact for fact in steps if "until" in fact.data]
    for fact, later in zip(terms, [*terms[1:], None], strict=False):
        for over in _over(fact, f"agreement:{agreement}"):
            if later is None or _days(later).first > over.since.first:
                yield over._replace(until=later.effective if later else None)


def _over(fact: Fact, about: str) -> Iterator[Away]:
    """The time after the last day that an event gives, of an agreement or its own."""
    last = parse_days(fact.need("until"))
    if last.last != FOREVER:
        over = Days(next_day(last.first), next_day(last.last))
        yield Away(over, None, "ended" if about else "over", about, fact.key)


def _from_later(fact: Fact, starts: list[_Turn]) -> Fact:
    """The fact, dated by the last of what it waited for, where that is later."""
    if not starts or fact.effective is None:
        return fact
    last = max(starts, key=lambda start: (start.days.last, start.days.first))
    first = max([fact.effective.first, *(start.days.first for start in starts)])
    days = Days(first, max(fact.effective.last, last.days.last))
    if last.days.last <= fact.effective.last:
        return replace(fact, effective=days)
    dated = last.written
    if parse_effective(dated) != days:
        dated = text_of(days)
    return replace(fact, effective=days, data={**fact.data, "effective_on": dated})
