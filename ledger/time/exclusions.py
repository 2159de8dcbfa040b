"""What a view leaves out: the events of a history that do not count at a cut, each with why."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.movements import SIGNS
from ledger.model.posted import Hidden
from ledger.model.subject import parse_subject
from ledger.time.conditions import says_it_depends
from ledger.time.cut import Cut
from ledger.time.dating import begins_after
from ledger.time.doubts import absence, beyond, is_absent
from ledger.time.history import AMENDMENTS, History, amendments_of
from ledger.time.view import View
from ledger.values.dates import FOREVER, parse_days, parse_effective


class Excluded(NamedTuple):
    """An event that does not count, and why: the reason in a word or two, and the whole of it."""

    fact: Fact
    reason: str
    why: str


def excluded(
    view: View,
    *subjects: str,
    types: Collection[str] | None = None,
    counted: Iterable[Fact] | None = None,
) -> list[Excluded]:
    """The events indexed under any of the subjects that do not count in a view, and why; those that
    do are ``counted``, where they are known already.

    Amendments of such events, and of those that count, are among them when they do not count.
    What was recorded after the view's recorded-by is not: a view never tells of what comes later
    than its log.
    """
    if counted is None:
        counted = view.about(*subjects, types=types).counted
    return _Excluding.of(view).excluded(subjects, types, {f.recorded.position for f in counted})


About = tuple[Sequence[str], Collection[str] | None]  # subjects, and types of events (None: all)


def everything(view: View) -> About:
    """All events: movements are found by their issuers, others by their types."""
    types = (s for s in view.history.subjects("type:") if parse_subject(s).id not in SIGNS)
    return ("issuer:", *types), None


def by_day_alone(cut: Cut) -> bool:
    """Whether nothing but the as-of day leaves events out."""
    return cut.known_by == FOREVER and cut.standing == "any"


def hidden(view: View, about: Iterable[About]) -> Hidden:
    """How many events about any of the subjects each limit of a view's cut leaves out.

    A subject that ends in its colon stands for all of its kind. What was recorded later is not
    counted: a view never tells of what comes later than its log.
    """
    count = Count(view)
    if not count.limited:
        return Hidden()
    found, posted = Hidden(), dict[tuple[str, ...] | None, dict[str, None]]()
    for subjects, types in about:
        subjects = view.identities.widened(subjects, types)
        for recorded in _listed(view, [*_each(view.history, subjects)], types, count.by_day_alone):
            count.see(recorded)
        moving = None if types is None else tuple(sorted(SIGNS.keys() & types))
        posted.setdefault(moving, {}).update(dict.fromkeys(subjects))
    for types, together in posted.items():  # an event may be about several of the subjects
        found += count.posted([*together], types)
    return count.found + found


def _each(history: History, subjects: Iterable[str]) -> Iterator[str]:
    for subject in subjects:
        yield from history.subjects(subject) if subject.endswith(":") else (subject,)


def _listed(
    view: View, subjects: Sequence[str], types: Collection[str] | None, by_day_alone: bool
) -> Iterator[Recorded]:
    """The events about some subjects among which those left out are, posted movements apart."""
    history = view.history
    if types is None and by_day_alone:
        typed = [subject for subject in subjects if parse_subject(subject).kind == "type"]
        of_types = _listed(view, typed, [parse_subject(one).id for one in typed], by_day_alone)
        others = (subject for subject in subjects if parse_subject(subject).kind != "type")
        return chain(of_types, chain.from_iterable(map(history.each, others)))
    if types is None:
        return chain.from_iterable(map(history.each, subjects))
    if by_day_alone:
        return history.perhaps_later(subjects, types, view.cut.as_of)
    history.gather(subjects, types)
    return (event for subject in subjects for event in history.unposted(subject, types))


class Count:
    """Counts the events that it sees and that a limit of a view's cut leaves out, each once."""

    def __init__(self, view: View) -> None:
        cut = view.cut
        self.limited = (cut.as_of, cut.known_by, cut.standing) != (FOREVER, FOREVER, "any")
        self.by_day_alone = by_day_alone(cut)
        self.found = Hidden()
        self._excluding, self._cut, self._history = _Excluding.of(view), cut, view.history
        self._seen: set[int] = set()

    def see(self, recorded: Recorded) -> None:
        """Take an event into account, and its amendments."""
        pending = [recorded] if self.limited else []
        while pending:
            event = pending.pop()
            if event.position in self._seen:
                continue
            self._seen.add(event.position)
            left = self._excluding.hidden(event)
            if left.total:
                self.found += left
            if self._history.is_amended(event.key):
                pending += self._history.mentioning(f"event:{event.key}", AMENDMENTS)

    def posted(self, subjects: Sequence[str], types: Collection[str] | None) -> Hidden:
        """The same of the posted movements about any of the subjects, under all their ids."""
        subjects = self._excluding.identities.widened(subjects, types)
        limits = self._cut.limits
        return self._history.hidden(subjects, types, limits, self._cut.as_of)


class _Excluding(View):
    """A view that is asked for what it does not hold."""

    @classmethod
    def of(cls, view: View) -> _Excluding:
        """The absence of a view; what the view has worked out is shared."""
        other = cls(view.history, view.cut)
        other.share(view)
        return other

    def hidden(self, recorded: Recorded) -> Hidden:
        """The limit that leaves an event out, if any does."""
        if by_day_alone(self.cut) and self._has_surely_begun(recorded):
            return _NONE
        if not self._may_have_begun(recorded):
            cited = [c["source"] for c in recorded.data.get("citations", ())]
            fallen = bool(cited) and all(self.publication(source) is False for source in cited)
            return _NONE if fallen else _LATER
        fact = self.fact(recorded) or self._of_any_standing.fact(recorded)
        if fact is None:
            return _NONE
        if is_absent(fact, self.cut):
            return _NONE
        if self._doubt(fact) is None:
            return _LATER if beyond(fact, self.cut)[0] else _unknown(fact)
        return _NONE if fact.rank <= self._floor or fact.recorded.supposed else _WEAK

    def _has_surely_begun(self, recorded: Recorded) -> bool:
        """Whether an event begins by the as-of day whatever else is recorded: it is as it was
        recorded, and depends on nothing."""
        plain = not self.history.is_amended(recorded.key)
        if not plain or says_it_depends(recorded.type, recorded.data):
            return False
        return not begins_after(recorded.data, self.cut.as_of)

    @cached_property
    def _of_any_standing(self) -> View:
        return View(self.history, self.cut._replace(standing="any"))

    def excluded(
        self, subjects: Collection[str], types: Collection[str] | None, counted: Container[int]
    ) -> list[Excluded]:
        subjects = self.identities.widened(subjects, types)
        pending = [r for subject in subjects for r in self.history.mentioning(subject, types)]
        seen: set[int] = set()
        found: list[Excluded] = []
        while pending:
            recorded = pending.pop()
            if recorded.position in seen:
                continue
            seen.add(recorded.position)
            left = None if recorded.position in counted else self._reason(recorded)
            if left is not None:
                found.append(left)
            pending += amendments_of(recorded, self.history)
        return sorted(found, key=lambda left: left.fact.order)

    def _reason(self, recorded: Recorded) -> Excluded | None:
        """Why an event is not counted; None for an amendment that is."""
        fact = self.fact(recorded)
        if fact is None:
            return self._fallen(recorded)
        if is_absent(fact, self.cut):
            return Excluded(fact, *absence(fact, self.cut))
        why = self._doubt(fact)
        if why:
            undated = fact.undated and not self.has_happened(fact)
            return Excluded(fact, "undated" if undated else "possible", why)
        if why is None:
            later, why = beyond(fact, self.cut)
            return Excluded(fact, "later" if later else "not yet known", why)
        first = self._first_report(fact) if "reaffirms" in fact.data else fact.key
        if first != fact.key:
            return Excluded(fact, "repeats", f"it says again what {first} tells")
        if fact.type in AMENDMENTS:
            return None
        if fact.amendments:
            key = fact.amendments[-1]
            return Excluded(fact, "corrected", f"{key} corrects it to speak of something else")
        return Excluded(
            fact, "corrected", "it speaks of this only in a correction not counted here"
        )

    def _fallen(self, recorded: Recorded) -> Excluded:
        """Why an event does not stand: retracted, below the floor, or without a source left."""
        told = self._of_any_standing.fact(recorded)
        fact = told or _as_recorded(recorded)
        retractions = [a for a in self._amendments(recorded, {}) if a.type == "event-retracted"]
        if retractions:
            return Excluded(fact, "retracted", f"{retractions[0].key} retracts it")
        gone = [
            other.key
            for citation in recorded.data.get("citations", ())
            for other in self.history.mentioning(
                f"source:{citation['source']}", ("source-retracted",)
            )
        ]
        if told is not None or not gone:
            why = f"its standing, {fact.standing}, is below the floor, {self.cut.standing}"
            return Excluded(fact, "below the floor", why)
        return Excluded(fact, "fallen", f"no source of it is left (see {', '.join(gone)})")


_NONE, _LATER, _WEAK = Hidden(), Hidden(as_of=1), Hidden(standing=1)


def _unknown(fact: Fact) -> Hidden:
    """The count of one fact that is not yet known."""
    if "known_on" in fact.data or "citations" in fact.data:
        return Hidden(known_by=1)
    return Hidden(0, 1, 0, 1, fact.known.first, fact.known.last)


def _as_recorded(recorded: Recorded) -> Fact:
    """A fact of the data as it was recorded, to tell of an event that does not stand."""
    written = recorded.data.get("effective_on")
    effective = parse_effective(written) if written else None
    return Fact(recorded, recorded.data, effective, parse_days(recorded.recorded_at[:10]))
