"""Answers on many days: what those seen through a view are made of at the end of each.

The holdings and votes of an issuer are read off one walk through its register; of every other
answer each day is asked for by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from ledger.model.fact import Fact
from ledger.time.view import View
from projections.changes import thresholds as marks
from projections.changes.compare import Line as AnyLine
from projections.changes.compare import Lines, changed, row_of, rows_by
from projections.changes.register_days import LEAST_DAYS, Register
from projections.control.members import members
from projections.questions import Question
from projections.radar.attribution import Attribution, behind
from projections.rows import Row
from projections.subjects import vote_lines
from projections.subjects.register_at_cut import RegisterAtCut, register_at_cut
from projections.subjects.register_walk import Watched, stops_of
from projections.subjects.trusts import Trust
from projections.subjects.vote_lines import Line
from projections.subjects.voting_rights import Rights

MOST_FACTS = 60_000  # looked at in comparing an answer that is asked for day by day
MOST_ROWS = 20_000  # worked out in comparing one that is read off a walk
Trusts = Mapping[str, Trust | None]


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

    def affordable(self, days: Sequence[str]) -> int:
        """How many of some days in order, the first ones, can be asked for without too much work;
        these are prepared."""
        return max(LEAST_DAYS, MOST_FACTS // (2 * len(self.seen) or 1))

    def on(self, day: str) -> list[Fact]:
        """The facts seen that count from the end of a day on."""
        if not self._by_day:
            for fact in self.seen.values():
                if fact.effective is not None:
                    self._by_day[fact.effective.last].append(fact)
        return self._by_day.get(day, [])

    def moved(self, then: str, day: str) -> set[str]:
        """Those whose rows, or rows of trusts for them, may be others at the end of a day than
        then."""
        before, after = self.lines(then), self.lines(day)
        made = [(before.get(words), after.get(words)) for words in changed(before, after)]
        found = {holder_of(line) for one, other in made for line in (one, other) if line}
        return behind_any(found, [self.trusts(then), self.trusts(day)])

    def trusts(self, day: str) -> Trusts:
        """The terms of trusts at the end of a day, where shares in them count for others."""
        return {}

    def standings(self, day: str, parties: Collection[str]) -> Mapping[str, marks.Standings]:
        """What some parties have of each base at the end of a day, of an answer that says so."""
        return {}


class RegisterDays(Days):
    """The holdings or votes of an issuer, on many days."""

    def __init__(self, register: Register, question: Question, id: str) -> None:
        self._register = register
        self._rows: dict[int, tuple[Row | AnyLine, Row]] = {}
        self._standings: dict[tuple[str, frozenset[str]], Mapping[str, marks.Standings]] = {}
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

    def affordable(self, days: Sequence[str]) -> int:
        walked = self._register.may_be_walked
        return self._register.walk(days, MOST_ROWS) if walked else super().affordable(days)

    def standings(self, day: str, parties: Collection[str]) -> Mapping[str, marks.Standings]:
        asked = day, frozenset(parties)
        if asked not in self._standings:
            self._standings[asked] = self._standings_of(*asked)
        return self._standings[asked]

    def _standings_of(self, day: str, parties: Collection[str]) -> Mapping[str, marks.Standings]:
        attribution = Attribution(self._id, self.trusts(day), [])
        if self._question.name == "holdings":
            own = {a or self._id for p in parties for a in attribution.accounts(p, marks.COUNTED)}
            rows = [self._row(one) for one in self.lines(day).values() if holder_of(one) in own]
            return {marks.OF_SHARES: marks.holdings_standings(rows, attribution, parties)}
        found = [one for one in self._votes(day) if isinstance(one, Line)]
        return marks.votes_standings(found, attribution, parties)

    def trusts(self, day: str) -> Trusts:
        if self._register.may_be_walked:
            self.lines(day)
            return self._register.trusts[day]
        return self._at(day).trusts

    def _row(self, line: Row | AnyLine) -> Row:
        """The row of a line, made once of each."""
        if id(line) not in self._rows:
            self._rows[id(line)] = line, row_of(line)
        return self._rows[id(line)][1]

    def _votes(self, day: str) -> Iterable[object]:
        if self._register.may_be_walked:
            return self.lines(day).values()
        at_cut = self._at(day)
        return vote_lines.lines(at_cut, Rights(at_cut.view, members))

    def _at(self, day: str) -> RegisterAtCut:
        return register_at_cut(self._view.on(day), self._id, Rights(self._view.on(day), members))

    @property
    def seen(self) -> dict[int, Fact]:
        return self._register.seen

    @property
    def stops(self) -> set[str]:
        return self._register.stops


def holder_of(line: Row | AnyLine) -> str:
    """Whose holding or votes a line is about."""
    return str(line["holder"]) if isinstance(line, Mapping) else line.identity[-1]


def behind_any(accounts: Collection[str], sides: Sequence[Trusts]) -> set[str]:
    """Those to whom some accounts count: whoever is behind a trust, by its terms on any side, and
    by every trust of which the terms differ; else the holder."""
    apart = {one for side in sides for one in side if any(o.get(one) != side[one] for o in sides)}
    found = set[str]()
    for account in {*accounts, *apart}:
        for trusts in sides or [{}]:
            trust = trusts.get(account)
            found.update((behind(trust) if trust else None) or [account])
    return found
