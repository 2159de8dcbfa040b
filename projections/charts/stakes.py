"""What the holders of an issuer have over time: as known now, beside what was known on the day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import BY_TYPE, MOVEMENTS, RESHAPING, TRANSFERS, takes_all
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.answer import Answer, keys
from projections.changes.causes import touches
from projections.chart_rows import FigureRow, StakeRow
from projections.charts.figures import QUESTION, Figure, Figures, FiguresOnDays, Measure
from projections.charts.knowledge import Knowledge
from projections.questions import QUESTIONS
from projections.subjects import voting_rights
from projections.subjects.register_at_cut import CHECKS
from projections.told import told

MOST_READ = 300_000  # events, over all the days of which it is asked what was known
_SAME, _NOT_LOOKED = "same", "not-looked-at"


class _State(NamedTuple):
    """What a line has, and what was known of it."""

    now: Figure | None
    then: Any
    known_then: Figure | None


class _Moved(NamedTuple):
    """What made a step."""

    how: Any
    events: Sequence[Fact]


def stakes(
    view: View, issuer: str, measure: Measure = "capital", holder: str | None = None,
    first: str = BEGINNING, last: str = FOREVER, digits: int = 2,
) -> Answer[StakeRow]:  # fmt: skip
    """The stakes in an issuer up to the cut, each from a step to the next.

    ``first`` and ``last`` leave out what had ended, or had not begun; with a ``holder`` there are
    its lines alone.
    """
    issuer = view.identities.of(issuer)
    asked = QUESTIONS[QUESTION[measure]].ask(view, issuer)
    answer = Answer[StakeRow](about=asked.about)
    answer.possible = list(asked.possible)
    stakes = _Stakes(view, issuer, measure)
    wanted = None if holder is None else view.identities.of(holder)
    answer.rows += (
        row
        for row in stakes.rows(digits)
        if wanted in (None, row["holder"])
        if (row["since"] or BEGINNING) <= last and (row["until"] or FOREVER) > first
    )
    if stakes.unlooked is not None:
        since = "the first day" if stakes.unlooked == BEGINNING else stakes.unlooked
        answer.note(f"What was known on the day itself is not looked at from {since} on: the ledger"
                    " is too large for that.")  # fmt: skip
    if not answer.rows:
        whose = f" of {told('party', wanted)}" if wanted else ""
        what = "stake" if measure == "capital" else "vote"
        answer.gap(f"no event at this cut tells of a {what}{whose} in {told('party', issuer)}")
    return answer


class _Stakes:
    """The figures of an issuer over all days up to the cut, in both ways of knowing them."""

    def __init__(self, view: View, issuer: str, measure: Measure) -> None:
        self._issuer, self._measure, self._last = issuer, measure, view.cut.as_of
        self._knowledge = Knowledge(view)
        self._now = FiguresOnDays(view.on(FOREVER), issuer, measure)
        self.unlooked: str | None = None

    @cached_property
    def _figures(self) -> Mapping[str, Figures]:
        """The figures as known now, on each day on which they may change."""
        days = self._until(self._now.stops)
        self._now.prepare(days)
        return {day: self._now.on(day) for day in [BEGINNING, *days]}

    def rows(self, digits: int) -> Iterator[StakeRow]:
        """The intervals of each line, line after line."""
        lines = dict.fromkeys(
            name
            for found in (*self._figures.values(), *self._then.values())
            for name in (found if isinstance(found, dict) else ())
        )
        states = self._states()
        for line in lines:
            yield from self._intervals(line, states, digits)

    def _until(self, days: set[str]) -> list[str]:
        return sorted(day for day in days if BEGINNING < day <= self._last)

    @cached_property
    def _then(self) -> dict[str, Figures | str]:
        """What was known on the day itself, from each day to the next: other figures, or the
        same."""
        self._knowledge.ask(self._now.asked)
        found: dict[str, Figures | str] = {}
        day: str | None = BEGINNING
        read = 0
        while day is not None:
            later = [one for one in self._knowledge.days if day < one <= self._last]
            until = min(later, default=None)
            found[day] = _SAME
            if self._knowledge.lacks(day, until or FOREVER):
                if read > MOST_READ or not self._knowledge.whole:
                    self.unlooked, found[day] = day, _NOT_LOOKED
                    return found
                known = FiguresOnDays(self._knowledge.at(day), self._issuer, self._measure)
                read += len(list(known.seen))
                self._knowledge.ask(known.asked)
                until = min(
                    (d for d in self._knowledge.days if day < d <= self._last), default=None
                )
                days = [d for d in self._until(known.stops) if day < d < (until or FOREVER)]
                known.prepare([day, *days])
                found |= {one: known.on(one) for one in [day, *days]}
            day = until
        return found

    def _states(self) -> list[tuple[str, Figures, Figures | str]]:
        """Both figures of all lines on every day on which either may change."""
        found = list[tuple[str, Figures, Figures | str]]()
        now: Figures = {}
        then: Figures | str = _SAME
        for day in sorted({*self._figures, *self._then}):
            now, then = self._figures.get(day, now), self._then.get(day, then)
            found.append((day, now, then))
        return found

    def _intervals(
        self, line: str, states: Sequence[tuple[str, Figures, Figures | str]], digits: int
    ) -> Iterator[StakeRow]:
        steps = list[tuple[str, _State]]()
        for day, now, then in states:
            state = _state(now.get(line), then if isinstance(then, str) else then.get(line))
            if not steps or steps[-1][1] != state:
                steps.append((day, state))
        before: Figure | None = None
        days = [*(day for day, _ in steps[1:]), None]
        for (day, state), until in zip(steps, days, strict=True):
            figure = state.now or state.known_then
            if figure is not None:
                yield self._row(line, figure, state, before, (day, until), digits)
            before = state.now

    def _row(
        self,
        line: str,
        figure: Figure,
        state: _State,
        before: Figure | None,
        days: tuple[str, str | None],
        digits: int,
    ) -> StakeRow:
        day, until = days
        moved = _Moved(None, [])
        if state.now is not None and state.now != before:
            moved = self._moved(figure, day)
        return {
            "issuer": self._issuer,
            "holder": figure.holder,
            "basis": figure.basis,  # type: ignore[typeddict-item]
            "line": line,
            "since": None if day == BEGINNING else day,
            "until": until,
            "now": _row_of(state.now, digits),
            "then": state.then,
            "known_then": _row_of(state.known_then, digits),
            "made": moved.how,
            "causes": list(dict.fromkeys(map(_word, moved.events))),
            "earliest": _earliest(moved.events),
            "events": keys(moved.events),
        }

    def _moved(self, figure: Figure, day: str) -> _Moved:
        """By which events a figure is another from a day on."""
        if day == BEGINNING:
            return _Moved("start", [])
        facts = [fact for fact in self._counting(day) if not fact.repeats]
        stated = figure.basis != "register"
        facts = [fact for fact in facts if (fact.type in CHECKS) == stated] or facts
        shares = self._measure == "capital" and not stated
        own = [fact for fact in facts if _is_own(fact, figure.holder)]
        own = [fact for fact in own if fact.type in MOVEMENTS or not shares]
        if own:
            return _Moved("own", own)
        if shares:
            whole = [f for f in facts if f.type in MOVEMENTS and f.type not in TRANSFERS]
            facts = whole or facts
        return _Moved("passive" if facts else "dated", facts)

    def _counting(self, day: str) -> list[Fact]:
        """The events that count from the end of a day on."""
        of_day = [fact for fact in self._now.seen if not fact.timeless and fact.order[0] == day]
        view = self._now.view
        found = [one for f in of_day for one in view.about(f"key:{f.key}").certain]
        return sorted(found, key=lambda fact: fact.order)


def _state(now: Figure | None, then: Figure | str | None) -> _State:
    if then == _NOT_LOOKED:
        return _State(now, _NOT_LOOKED, None)
    if isinstance(then, str) or then == now:
        return _State(now, _SAME, None)
    return _State(now, "nothing" if then is None else "other", then)


def _row_of(figure: Figure | None, digits: int) -> FigureRow | None:
    return None if figure is None else figure.row(digits)


def _is_own(fact: Fact, holder: str) -> bool:
    """Whether an event is of the holder's own shares or votes, not of those of all."""
    if fact.type in MOVEMENTS and (fact.type in RESHAPING or takes_all(fact.type, fact.data)):
        return False
    return fact.type in (*MOVEMENTS, *voting_rights.TYPES, *CHECKS) and touches(fact, holder)


def _word(fact: Fact) -> str:
    """What an event is, in a word or a few."""
    created = BY_TYPE[fact.type].creates(fact.data) if fact.type in BY_TYPE else 0
    if created and fact.type != "register-opened":
        return "cancellation" if created < 0 else "issue"
    return fact.type.removeprefix("shares-").replace("-", " ")


def _earliest(facts: Sequence[Fact]) -> str | None:
    """The first day on which a step can have happened, where its events are dated by several."""
    dated = [f.effective for f in facts if f.effective and f.effective.first < f.effective.last]
    first = min((days.first for days in dated), default=None)
    return "unknown" if first == BEGINNING else first
