"""Impact: which answers new events change, before and after, and from when until when.

An answer's rows change only on the last effective day of a fact it is made of, or the day after a
date it waits for. Those days, found by watching which facts an answer asks for, are compared one by
one; between two of them nothing can differ, so the intervals are exact. Where there are too many,
the first ones and the last are compared, and a note says what is not told of those between.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.rules.across import bearing
from ledger.rules.new_events import NewEvents
from ledger.time.history import History
from ledger.time.view import View
from ledger.values.dates import BEGINNING, FOREVER
from projections.changes import thresholds as marks
from projections.changes.causes import affects
from projections.changes.compare import Line, Lines, RowDifference, changed, difference
from projections.changes.days import AnswersOnDays, behind_any, holder_of
from projections.changes.restated import restated, worked_out
from projections.questions import WATCHED, Question
from projections.rows import ChangeRow, CrossingRow, EventNameRow, ImpactFields, RestatedRow, Row
from projections.subjects.register_at_cut import CHECKS

_Made = Row | Line | None  # a row, or what it is made of, if there is one


@dataclass(slots=True)
class Impact:
    """What new events change: rows of answers by interval, crossings, earlier events, notes."""

    changes: list[ChangeRow] = field(default_factory=list)
    crossings: list[CrossingRow] = field(default_factory=list)
    events: list[RestatedRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> ImpactFields:
        """The impact as plain values."""
        return {
            "changes": self.changes,
            "crossings": self.crossings,
            "events": self.events,
            "notes": self.notes,
        }


def impact(
    before: History,
    after: History,
    new: Sequence[Recorded],
    thresholds: Sequence[Fraction] | None = None,
) -> Impact:
    """What new events change, seen with everything known and of any standing.

    ``changes``: answer, subject, row, whether it is changed, added or gone, the fields that
    differ as [before, after], ``from`` (inclusive; None: from the beginning) and ``until``
    (exclusive; None: open). ``crossings``: thresholds crossed in one
    history and not in the other. ``events``: earlier events that read otherwise now.
    """
    return impact_seen((AnswersOnDays(View(before)), AnswersOnDays(View(after))), new, thresholds)


def impact_seen(
    sides: tuple[AnswersOnDays, AnswersOnDays],
    new: Sequence[Recorded],
    thresholds: Sequence[Fraction] | None = None,
    concerning: Collection[str] = (),
) -> Impact:
    """The same, seen through views of the histories before and after the events; with subjects
    only their own answers, and those on which events bear that bear on one of them."""
    before, after = (sight.view for sight in sides)
    found = Impact(events=restated(before, after, new, concerning))
    found.notes += worked_out(before, after, new, concerning)
    new_events = _bearing_on(new, before, after)
    near = _near(new, before, after, concerning) if concerning else None
    known = set[str]()
    for question, kind in ((one, kind) for one in WATCHED for kind in one.kinds):
        for id in _ids(new_events, kind, before, after):
            if near is not None and f"{kind}:{id}" not in near:
                continue
            compared = Compared(sides, question, id)
            found.changes += _not_known(compared.changes(), question, known)
            if "issuer" in question.kinds:
                passed = thresholds or marks.usual_for(after, id)
                found.crossings += compared.crossings(passed)
            found.notes += compared.notes
    return found


def _bearing_on(
    new: Sequence[Recorded], before: View, after: View, concerning: Collection[str] = ()
) -> NewEvents:
    new_events = NewEvents(new, before.history.position + 1).within(after.history, concerning)
    bearing(View(after.history), new_events)
    return new_events


def _near(
    new: Sequence[Recorded], before: View, after: View, concerning: Collection[str]
) -> Collection[str]:
    """Some subjects, under all their ids, and those on which events bear that bear on one of
    them."""
    found = {view.identities.subject(one) for view in (before, after) for one in concerning}
    return found.union(concerning, _bearing_on(new, before, after, concerning).touched(""))


def _ids(new_events: NewEvents, kind: str, before: View, after: View) -> list[str]:
    """The ids of a kind that new events bear on; those of one party, before and after, once."""
    found = dict[str, None]()
    for id in new_events.touched(f"{kind}:"):
        then, now = (view.identities.subject(f"{kind}:{id}") for view in (before, after))
        found[now.removeprefix(f"{kind}:") if then == now else id] = None
    return list(found)


class Compared:
    """One answer in two histories, on every day on which it can differ."""

    def __init__(
        self, sides: tuple[AnswersOnDays, AnswersOnDays], question: Question, id: str
    ) -> None:
        self.question, self.id = question, id
        self.notes: list[str] = []
        self._sides = sides[0].of(question, id), sides[1].of(question, id)
        self._differing: dict[str, list[RowDifference]] = {}
        self._last: tuple[Lines, Lines] = {}, {}  # of the day that was compared last, and
        self._found: dict[str, RowDifference] = {}  # the rows that differ on it, by their words
        self._holding: dict[str, set[str]] = {}

    @cached_property
    def _stops(self) -> list[tuple[str, str | None]]:
        """The days to compare, for which both sides are prepared; what is left out is noted."""
        stops = self._find_stops()
        if len(stops) == 1:
            return stops
        days = [day for day, _ in stops]
        most = min(side.affordable(days) for side in self._sides)
        if most >= len(stops) - 1:
            return stops
        start = stops[most][0]
        self.notes.append(
            f"{self.question.name} {self.id}: from {start} to {stops[-1][0]} the answers change on"
            f" {len(stops) - most} days, of which only the last was compared. What differs only"
            " between, and which thresholds are crossed there, is not told; what differs until"
            f" {start} may do so for longer."
        )
        return [*stops[:most], stops[-1]]

    def changes(self) -> Iterator[ChangeRow]:
        """The rows that differ, days with the same difference in one interval."""
        running: dict[str, ChangeRow] = {}
        done: list[ChangeRow] = []
        for start, until in self._stops[1:]:
            for found in self._differ(start):
                last = running.get(found.row)
                same = last and (last["change"], last["fields"]) == (found.change, found.fields)
                if last and same and last["until"] == start:
                    last["until"] = until
                    continue
                running[found.row] = {
                    "answer": self.question.name,
                    "subject": self.id,
                    "row": found.row,
                    "change": found.change,
                    "fields": found.fields,
                    "from": None if start == BEGINNING else start,
                    "until": until,
                }
                done.append(running[found.row])
        yield from done

    def crossings(self, thresholds: Sequence[Fraction]) -> Iterator[CrossingRow]:
        """The crossings of one history that are not in the other."""
        found: tuple[dict[Any, marks.Crossing], dict[Any, marks.Crossing]] = {}, {}
        for (start, until), (day, _) in pairwise(self._stops):
            holders = self._holders(start) | self._holders(day)
            if until == day and holders:  # not over days left out
                for side in (0, 1):
                    for crossing in self._crossed(side, (start, day), holders, thresholds):
                        found[side][crossing._replace(alone=False)] = crossing
        one_sided = found[0].keys() ^ found[1].keys()  # by what is crossed, whatever moved it
        bases: dict[tuple[marks.Crossing, int], list[str]] = {}
        for same in sorted(one_sided, key=lambda c: (c.day, c.holder, c.threshold, c.of)):
            key = same._replace(of=""), int(same in found[1])
            bases.setdefault(key, []).append(same.of)
        for (same, side), of in bases.items():
            first = same._replace(of=of[0])
            crossing = found[side][first]._replace(of=marks.of_words(of))
            events = self._events_of(side, crossing)
            yield marks.crossing_row(self.id, crossing, bool(side), events)

    def _find_stops(self) -> list[tuple[str, str | None]]:
        """The days to compare, each with the first day on which something may be otherwise.

        The first one is before any difference.
        """
        then, now = (side.seen for side in self._sides)
        differing = [
            fact
            for position in then.keys() | now.keys()
            if not _alike(then.get(position), now.get(position))
            for fact in (then.get(position), now.get(position))
            if fact is not None
        ]
        if not differing:
            return [(BEGINNING, None)]
        everywhere = any(fact.effective is None for fact in differing)
        first = min((f.effective.first for f in differing if f.effective), default=FOREVER)
        days = sorted(self._sides[0].stops | self._sides[1].stops)
        kept = days if everywhere else [day for day in days if day >= first]
        earlier = [day for day in days if day < first]
        start = BEGINNING if everywhere or not earlier else earlier[-1]
        opened = [BEGINNING, BEGINNING, *kept] if everywhere else [start, *kept]
        return [*pairwise(opened), (opened[-1], None)]

    def _differ(self, day: str) -> list[RowDifference]:
        """The rows that differ at the end of a day, in the order of the answers; only those are
        worked out again of which one is not as on the day that was compared last."""
        if day not in self._differing:
            then, now = self._sides[0].lines(day), self._sides[1].lines(day)
            for words in changed(self._last[0], then) | changed(self._last[1], now):
                ours, theirs = then.get(words), now.get(words)
                self._found.pop(words, None)
                if ours is theirs:  # there is none any more
                    continue
                if row := difference(words, ours, theirs, self.question):
                    self._found[words] = row
            self._last = then, now
            self._differing[day] = self._in_order(then, now) if self._found else []
        return self._differing[day]

    def _in_order(self, then: Lines, now: Lines) -> list[RowDifference]:
        """The rows that differ, in the order of two answers."""
        made = {words: (then.get(words), now.get(words)) for words in self._found}
        number = dict[str, int]()
        if any(isinstance(one, Mapping) for both in made.values() for one in both):
            number = {words: n for n, words in enumerate({**then, **now})}
        return [
            self._found[words]
            for words in sorted(made, key=lambda w: (_place(*made[w], number.get(w, 0)), w))
        ]

    def _holders(self, day: str) -> set[str]:
        """Those whose rows, or rows of trusts for them, differ at the end of a day."""
        if day not in self._holding:
            words = [found.row for found in self._differ(day)]
            made = (side.lines(day).get(one) for side in self._sides for one in words)
            accounts = {holder_of(line) for line in made if line is not None}
            self._holding[day] = behind_any(accounts, [one.trusts(day) for one in self._sides])
        return self._holding[day]

    def _crossed(
        self,
        side: int,
        days: tuple[str, str],
        holders: Collection[str],
        thresholds: Sequence[Fraction],
    ) -> Iterator[marks.Crossing]:
        moved = self._sides[side].moved(*days).intersection(holders)
        if not moved:
            return
        old, new = (self._sides[side].standings(day, moved) for day in days)
        for of in old:
            yield from marks.crossings(of, old[of], new[of], days[1], thresholds)

    def _events_of(self, side: int, crossing: marks.Crossing) -> list[EventNameRow]:
        """The events of a crossing's day that moved its holder or the whole; disclosures only
        where nothing else happened."""
        day, share_class = crossing.day, crossing.share_class
        found = [f for f in self._sides[side].on(day) if not f.repeats]
        facts = sorted(found, key=lambda fact: fact.order)
        facts = [fact for fact in facts if affects(fact, crossing.holder, share_class)]
        moving = [fact for fact in facts if fact.type not in CHECKS]
        return [{"event": fact.key, "type": fact.type} for fact in moving or facts]


def _place(ours: _Made, theirs: _Made, number: int) -> tuple[bool, bool, Any]:
    """The place of a row among those of two answers: of the first, then those of the other alone;
    rows that are made already after others, in the order in which they came."""
    line = theirs if ours is None else ours
    if line is None or isinstance(line, Mapping):
        return ours is None, True, number
    return ours is None, False, line.place


def _not_known(
    changes: Iterable[ChangeRow], question: Question, known: set[str]
) -> Iterator[ChangeRow]:
    """Some changes, without those that a row asked for under another id gave before."""
    for change in changes:
        if len(question.kinds) > 1:
            said = json.dumps(change | {"subject": ""}, sort_keys=True)
            if said in known:
                continue
            known.add(said)
        yield change


def _alike(then: Fact | None, now: Fact | None) -> bool:
    if then is now or then is None or now is None:
        return then is now
    return all(
        getattr(then, name) == getattr(now, name)
        for name in ("data", "effective", "known", "citations", "repeats", "depending")
    )
