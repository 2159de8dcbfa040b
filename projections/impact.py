"""Impact: which answers new events change, before and after, and from when until when.

An answer's rows change only on the last effective day of a fact it is made of, or the day after a
date it waits for. Those days, found by watching which facts an answer asks for, are compared one by
one; between two of them nothing can differ, so the intervals are exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any

from ledger.dates import BEGINNING, FOREVER, next_day, parse_published
from ledger.envelope import Recorded
from ledger.fact import Fact, Slice
from ledger.history import History, Log
from ledger.rules.news import News
from ledger.settled import NOTHING, Settled
from ledger.view import Cut, View
from projections import thresholds as marks
from projections.answer import Answer, Row
from projections.causes import bears_on
from projections.compared import ASKED, Asked, differing
from projections.position import CHECKS
from projections.restated import restated, worked_out
from projections.votes import votes

EVERYTHING = Cut()
MOST_WORK = 60_000  # facts looked at in comparing the days of one answer
_AWAITED = ("window", "expected_on", "term_ends_on")


@dataclass(slots=True)
class Impact:
    """What new events change: rows of answers by interval, crossings, earlier events, notes."""

    changes: list[Row] = field(default_factory=list)
    crossings: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The impact as plain values."""
        return asdict(self)


def impact(
    before: History,
    after: Log,
    new: Sequence[Recorded],
    thresholds: Sequence[Fraction] = marks.USUAL,
    cut: Cut = EVERYTHING,
) -> Impact:
    """What new events change, seen with everything known and of any standing, or through a cut.

    ``changes``: answer, subject, row, whether it is changed, added or gone, the fields that
    differ as [before, after], ``from`` (inclusive; None: from the beginning) and ``until``
    (exclusive; None: open). ``crossings``: thresholds crossed in one
    history and not in the other. ``events``: earlier events that read otherwise now.
    """
    views = View(before, cut), View(after, cut)
    found = Impact(events=restated(*views, new), notes=list(worked_out(*views, new)))
    news = News(new, before.position + 1).within(after)
    for one in ASKED:
        for id in news.touched(f"{one.kind}:"):
            compared = Compared(views, one, id)
            for change in compared.changes():
                if not any(_same_change(change, other) for other in found.changes):
                    found.changes.append(change)
            found.crossings += compared.crossings(thresholds)
            found.notes += compared.notes
    return found


class Watched(View):
    """A view that remembers which facts were asked of it."""

    def __init__(self, view: View) -> None:
        super().__init__(view.history, view.cut)
        self.seen: dict[int, Fact] = {}

    def about(self, *subjects: str, types: Collection[str] | None = None) -> Slice:
        found = super().about(*subjects, types=types)
        for fact in [*found.certain, *(possible.fact for possible in found.possible)]:
            self._see(fact)
        return found

    def settled(self, issuer: str) -> Settled:
        return NOTHING

    def unsettled(self, subject: str, types: Collection[str]) -> Slice:
        return self.about(subject, types=types)

    def _see(self, fact: Fact) -> None:
        if self.seen.setdefault(fact.recorded.position, fact) is not fact:
            return
        said = fact.text("reaffirms") or fact.key  # what it repeats, or what repeats it
        for subject in (f"key:{said}", f"event:{said}"):
            for recorded in self.history.mentioning(subject):
                other = self.fact(recorded)
                if other is not None and fact.key in (other.text("reaffirms"), fact.key):
                    self.seen.setdefault(recorded.position, other)


class Compared:
    """One answer in two histories, on every day on which it can differ."""

    def __init__(self, views: tuple[View, View], asked: Asked, id: str) -> None:
        self.views, self.asked, self.id = views, asked, id
        self.notes: list[str] = []
        self._seen = tuple(_consulted(view, asked, id) for view in views)
        self._stops = self._find_stops()
        self._answers: dict[str, tuple[Answer, Answer]] = {}
        self._standings: dict[tuple[int, str], marks.Standings] = {}

    def changes(self) -> Iterator[Row]:
        """The rows that differ, days with the same difference in one interval."""
        running: dict[str, Row] = {}
        done: list[Row] = []
        for start, until in self._stops[1:]:
            for found in differing(*self._ask(start), self.asked):
                last = running.get(found["row"])
                if last and last["until"] == start and last | found == last:
                    last["until"] = until
                    continue
                since = None if start == BEGINNING else start
                about = {"answer": self.asked.name, "subject": self.id, **found}
                running[found["row"]] = about | {"from": since, "until": until}
                done.append(running[found["row"]])
        yield from done

    def crossings(self, thresholds: Sequence[Fraction]) -> Iterator[Row]:
        """The crossings of one history that are not in the other."""
        found: tuple[dict[Any, marks.Crossing], dict[Any, marks.Crossing]] = {}, {}
        if self.asked.name in ("holdings", "votes"):
            for (start, until), (day, _) in pairwise(self._stops):
                if until == day:  # not over days left out
                    for side in (0, 1):
                        for crossing in self._crossed(side, start, day, thresholds):
                            found[side][crossing._replace(alone=False)] = crossing
        one_sided = found[0].keys() ^ found[1].keys()  # by what is crossed, whatever moved it
        for same in sorted(one_sided, key=lambda c: (c.day, c.holder, c.threshold)):
            side = int(same in found[1])
            crossing = found[side][same]
            row = marks.crossing_row(crossing, bool(side), self._events_of(side, crossing))
            yield {"issuer": self.id} | row

    def _find_stops(self) -> list[tuple[str, str | None]]:
        """The days to compare, each with the first day on which something may be otherwise.

        The first one is before any difference. Where there are too many, the last ones are left
        out, except the very last.
        """
        then, now = self._seen
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
        days = sorted(set(_days([*then.values(), *now.values()])))
        kept = days if everywhere else [day for day in days if day >= first]
        earlier = [day for day in days if day < first]
        start = BEGINNING if everywhere or not earlier else earlier[-1]
        opened = [BEGINNING, BEGINNING, *kept] if everywhere else [start, *kept]
        stops: list[tuple[str, str | None]] = [*pairwise(opened), (opened[-1], None)]
        most = max(3, MOST_WORK // (len(then) + len(now)))
        if len(stops) > most:
            self.notes.append(
                f"{self.asked.name} {self.id}: from {stops[most][0]} to {stops[-1][0]} the answers"
                f" change on {len(stops) - most} days, of which only the last was compared."
            )
            stops = [*stops[:most], stops[-1]]
        return stops

    def _ask(self, day: str) -> tuple[Answer, Answer]:
        if day not in self._answers:
            then, now = (self.asked.ask(view.on(day), self.id) for view in self.views)
            self._answers[day] = then, now
        return self._answers[day]

    def _crossed(
        self, side: int, then: str, day: str, thresholds: Sequence[Fraction]
    ) -> Iterator[marks.Crossing]:
        of = "issued shares"
        if self.asked.name == "votes":
            of = "exercisable votes"
            if not any(differing(*self._ask(d), self.asked) for d in (then, day)):
                return
        old, new = (self._standings_on(side, d) for d in (then, day))
        yield from marks.crossings(of, old, new, day, thresholds)

    def _standings_on(self, side: int, day: str) -> marks.Standings:
        if (side, day) not in self._standings:
            if self.asked.name == "holdings":
                standings = marks.holdings_standings(self._ask(day)[side])
            else:
                counted = votes(self.views[side].on(day), self.id, marks.PLACES)
                standings = marks.votes_standings(counted)
            self._standings[side, day] = standings
        return self._standings[side, day]

    def _events_of(self, side: int, crossing: marks.Crossing) -> list[Row]:
        """The events of a crossing's day that moved its holder or the whole; disclosures only
        where nothing else happened."""
        facts = sorted(self._seen[side].values(), key=lambda fact: fact.order)
        day, share_class = crossing.day, crossing.share_class
        facts = [f for f in facts if f.effective and f.effective.last == day and not f.repeats]
        facts = [fact for fact in facts if bears_on(fact, crossing.holder, share_class)]
        moving = [fact for fact in facts if fact.type not in CHECKS]
        return [{"event": fact.key, "type": fact.type} for fact in moving or facts]


def _same_change(one: Row, other: Row) -> bool:
    """Whether a thread asked for under several ids gave the same change before."""
    names = ("answer", "row", "from", "until", "fields")
    return one["answer"] == "deals" and all(one[name] == other[name] for name in names)


def _consulted(view: View, asked: Asked, id: str) -> dict[int, Fact]:
    watched = Watched(view)
    asked.ask(watched, id)
    return watched.seen


def _alike(then: Fact | None, now: Fact | None) -> bool:
    if then is None or now is None:
        return then is now
    return (then.data, then.effective, then.known, then.citations, then.repeats) == (
        now.data, now.effective, now.known, now.citations, now.repeats,
    )  # fmt: skip


def _days(facts: Sequence[Fact]) -> Iterator[str]:
    for fact in facts:
        if fact.effective is not None:
            yield from fact.effective
        for name in _AWAITED:
            if (awaited := parse_published(fact.text(name))) is not None:
                yield next_day(awaited.last)
