"""Succession: what is seen just before and just after one event after another.

What was worked out before an event that does not bear on it is not worked out again, so that many
events cost little more than one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import cached_property

from ledger.events.envelope import Recorded
from ledger.time.dependents import deciding_types
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS, History
from ledger.time.view import Cut, View
from projections.changes.days import AnswersOnDays


class Succession:
    """Goes along a history; ``upto`` gives it as it was when a position was the last."""

    def __init__(self, history: History, upto: Callable[[int], History], cut: Cut) -> None:
        self._history, self._upto, self._cut = history, upto, cut
        self._last: AnswersOnDays | None = None

    @cached_property
    def _affecting(self) -> list[Recorded]:
        """The events that can change how others read, in log order."""
        types = (*AMENDMENTS, *SOURCE_EVENTS, *deciding_types(self._history))
        subjects = (f"type:{name}" for name in dict.fromkeys(types))
        found = (event for subject in subjects for event in self._history.mentioning(subject))
        return sorted(found, key=lambda event: event.position)

    def around(self, event: Recorded) -> tuple[AnswersOnDays, AnswersOnDays]:
        """What is seen before and after an event; least work where none is asked about twice, or
        before an earlier one."""
        return self._at(event.position - 1), self._at(event.position)

    def _at(self, position: int) -> AnswersOnDays:
        last = self._last
        if last is not None and last.view.history.position == position:
            return last
        view = View(self._upto(position), self._cut)
        if last is not None and last.view.history.position < position:
            start, end = (
                bisect_right(self._affecting, at, key=lambda event: event.position)
                for at in (last.view.history.position, position)
            )
            view.follow(last.view, self._affecting[start:end])
        self._last = AnswersOnDays(view)
        return self._last
