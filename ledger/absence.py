"""What a view leaves out: the events of a history that do not count at a cut, each with why."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ledger.dates import UNKNOWN, parse_effective
from ledger.envelope import Recorded
from ledger.fact import Fact
from ledger.history import AMENDMENTS
from ledger.view import View


class LeftOut(NamedTuple):
    """An event that does not count, and why: the reason in a word or two, and the whole of it."""

    fact: Fact
    reason: str
    why: str


def left_out(view: View, *subjects: str, types: Collection[str] | None = None) -> list[LeftOut]:
    """The events filed under any of the subjects that do not count in a view, and why.

    Amendments of such events, and of those that count, are among them when they do not count.
    What was recorded after the view's recorded-by is not: a view never tells of what comes later
    than its log.
    """
    return _Absence(view.history, view.cut).left_out(subjects, types)


class _Absence(View):
    """A view that is asked for what it does not hold."""

    def left_out(
        self, subjects: Collection[str], types: Collection[str] | None = None
    ) -> list[LeftOut]:
        counted = {f.recorded.position for f in self.about(*subjects, types=types).counted}
        pending = [r for subject in subjects for r in self.history.mentioning(subject, types)]
        seen: set[int] = set()
        found: list[LeftOut] = []
        while pending:
            recorded = pending.pop()
            if recorded.position in seen:
                continue
            seen.add(recorded.position)
            left = None if recorded.position in counted else self._reason(recorded)
            if left is not None:
                found.append(left)
            if self.history.is_amended(recorded.key):
                pending += self.history.mentioning(f"event:{recorded.key}", AMENDMENTS)
        return sorted(found, key=lambda left: left.fact.order)

    def _reason(self, recorded: Recorded) -> LeftOut | None:
        """Why an event is not counted; None for an amendment that is."""
        fact = self.fact(recorded)
        if fact is None:
            return self._fallen(recorded)
        why = self._doubt(fact)
        if why:
            undated = not fact.timeless and fact.effective is None
            return LeftOut(fact, "undated" if undated else "possible", why)
        if why is None:
            later, why = self._beyond(fact)
            return LeftOut(fact, "later" if later else "not yet known", why)
        first = self._first_told(fact) if "reaffirms" in fact.data else fact.key
        if first != fact.key:
            return LeftOut(fact, "repeats", f"it says again what {first} tells")
        if fact.type in AMENDMENTS:
            return None
        if fact.amendments:
            key = fact.amendments[-1]
            return LeftOut(fact, "corrected", f"{key} corrects it to speak of something else")
        return LeftOut(fact, "corrected", "it speaks of this only in a correction not counted here")

    def _fallen(self, recorded: Recorded) -> LeftOut:
        """Why an event does not stand: retracted, below the floor, or without a source left."""
        told = View(self.history, self.cut._replace(standing="any")).fact(recorded)
        fact = told or _as_recorded(recorded)
        retractions = [a for a in self._amendments(recorded) if a.type == "event-retracted"]
        if retractions:
            return LeftOut(fact, "retracted", f"{retractions[0].key} retracts it")
        gone = [
            other.key
            for citation in recorded.data.get("citations", ())
            for other in self.history.mentioning(
                f"source:{citation['source']}", ("source-retracted",)
            )
        ]
        if told is not None or not gone:
            why = f"its standing, {fact.standing}, is below the floor, {self.cut.standing}"
            return LeftOut(fact, "below the floor", why)
        return LeftOut(fact, "fallen", f"no source of it is left (see {', '.join(gone)})")


def _as_recorded(recorded: Recorded) -> Fact:
    """A fact of the data as it was recorded, to tell of an event that does not stand."""
    written = recorded.data.get("effective_on", UNKNOWN)
    known = parse_effective(recorded.recorded_at[:10])
    if known is None:
        raise AssertionError(f"{recorded.recorded_at} is no instant")
    return Fact(recorded, recorded.data, parse_effective(written), known)
