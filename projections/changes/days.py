"""Answers on many days: what those seen through a view are made of at the end of each.

The holdings and votes of an issuer are read off one walk through its register; of every other
answer each day is asked for by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.answer import Answer
from projections.changes import thresholds as marks
from projections.changes.compare import Line, Lines, row_of, rows_by
from projections.changes.register_days import Register
from projections.control.members import members
from projections.questions import Question
from projections.rows import Row
from projections.subjects import holdings, votes
from projections.subjects.register_walk import Watched, stops_of


class AnswersOnDays:
    """A view, and what was looked at through it."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._days: dict[tuple[str, str], Days] = {}
        self._registers: dict[str, Register] = {}

    def of(self, question: Question, id: str) -> Days:
        """An answer on many days."""
        if (question.name, id) not in self._days:
            self._days[question.name, id] = self._looked(question, id)
        return self._days[question.name, id]

    def _looked(self, question: Question, id: str) -> Days:
        if "issuer" not in question.kinds:
            return Days(self.view, question, id)
        if id not in self._registers:
            self._registers[id] = Register.begun(self.view, id)
        return RegisterDays(self._registers[id], question, id)


class Days:
    """One answer seen through a view, on many days: the facts it asks for, the days on which it can
    change, and what it is made of on each."""

    def __init__(self, view: View, question: Question, id: str) -> None:
        self._view, self._question, self._id = view, question, id
        self._lines: dict[str, Lines] = {}
        self._by_day: dict[str, list[Fact]] = defaultdict(list)

    @cached_property
    def seen(self) -> dict[int, Fact]:
        """The facts that the answer asks for, by position."""
        watched = Watched(self._view)
        self._question.ask(watched, self._id)
        return watched.seen

    @cached_property
    def stops(self) -> set[str]:
        """The days on which the answer can change."""
        return stops_of(self.seen.values())

    def lines(self, day: str) -> Lines:
        """What the answer of a day is made of."""
        if day not in self._lines:
            self._lines[day] = rows_by(
                self._question.ask(self._view.on(day), self._id), self._question
            )
        return self._lines[day]

    def prepare(self, days: Iterable[str]) -> None:
        """Look at some days that are going to be asked for."""

    def on(self, day: str) -> list[Fact]:
        """The facts seen that count from the end of a day on."""
        if not self._by_day:
            for fact in self.seen.values():
                if fact.effective is not None:
                    self._by_day[fact.effective.last].append(fact)
        return self._by_day.get(day, [])

    def moved(self, then: str, day: str, holders: Collection[str]) -> set[str]:
        """Those of some holders whose rows may be others at the end of a day than then."""
        before, after = self.lines(then), self.lines(day)
        changed = [w for w, line in after.items() if before.get(w) is not line]
        changed += before.keys() - after.keys()
        made = [(before.get(words), after.get(words)) for words in changed]
        found = {holder_of(line) for one, other in made for line in (one, other) if line}
        return found.intersection(holders)

    def standings(self, day: str, holders: Collection[str]) -> marks.Standings:
        """What some holders have at the end of a day, of an answer that says so."""
        return {}


class RegisterDays(Days):
    """The holdings or votes of an issuer, on many days."""

    def __init__(self, register: Register, question: Question, id: str) -> None:
        self._register = register
        self._exact: dict[int, tuple[Row | Line, Row]] = {}
        super().__init__(register.view, question, id)

    def lines(self, day: str) -> Lines:
        if not self._register.may_be_walked:
            return super().lines(day)
        if day not in self._register.walked:
            self._register.walk([day])
        return self._register.walked[day][self._question.name]

    def prepare(self, days: Iterable[str]) -> None:
        if self._register.may_be_walked:
            self._register.walk(days)

    def standings(self, day: str, holders: Collection[str]) -> marks.Standings:
        lines = self.lines(day)
        if self._question.name == "votes" and not self._register.may_be_walked:
            finer = votes.votes(self._view.on(day), self._id, members, marks.PLACES)
            lines = rows_by(finer, self._question)
        owners = {owner_of(line) for line in lines.values() if holder_of(line) in holders}
        of = owners | set(holders)
        rows = [self._exactly(line) for line in lines.values() if owner_of(line) in of]
        standings = {"holdings": marks.holdings_standings, "votes": marks.votes_standings}
        return standings[self._question.name](Answer(rows))

    def _exactly(self, line: Row | Line) -> Row:
        """The row of a line, its percentages as exact as thresholds ask; made once of each."""
        if id(line) not in self._exact:
            self._exact[id(line)] = line, row_of(line, marks.PLACES)
        return self._exact[id(line)][1]

    @property
    def seen(self) -> dict[int, Fact]:
        return self._register.seen

    @property
    def stops(self) -> set[str]:
        return self._register.stops


def owner_of(line: Row | Line) -> str:
    """Who alone bears gain and loss of what a line is about; else its holder."""
    if isinstance(line, Mapping):
        return str(line.get("economic_owner") or line["holder"])
    trust = line.balance.trust if isinstance(line, holdings.Line) else None
    return (trust and trust.beneficiary) or holder_of(line)


def holder_of(line: Row | Line) -> str:
    """Whose holding or votes a line is about."""
    return str(line["holder"]) if isinstance(line, Mapping) else line.identity[-1]
