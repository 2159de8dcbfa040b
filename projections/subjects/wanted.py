"""What a reader wants of a timeline."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ledger.model.fact import Fact
from ledger.model.movements import SIGNS
from ledger.model.posted import FoldKey
from ledger.model.subject import parse_subject
from ledger.time.history import History
from ledger.values.dates import FOREVER

POSTED = next(iter(SIGNS))  # a type for all movements that can be posted: they are of one topic


class Wanted(NamedTuple):
    """The events that a reader wants of a timeline: their topics (all, if none), first, last day.

    With a day given, record-keeping without a date is not wanted.
    """

    topics: Collection[str] = ()
    first: str = ""
    last: str = FOREVER

    @property
    def words(self) -> str:
        """What is wanted, as the end of a sentence; empty for everything."""
        topics = f" ({', '.join(self.topics)})" if self.topics else ""
        since = f" from {self.first} on" if self.first else ""
        return topics + since + (f" until {self.last}" if self.last != FOREVER else "")

    def of_topic(self, type_name: str) -> bool:
        """Whether events of a type are of the topics."""
        from ledger.events.topics import topic_of

        return not self.topics or topic_of(type_name) in self.topics

    def types(self, history: History) -> Collection[str] | None:
        """The types of a history that are of the topics; None for all."""
        if not self.topics:
            return None
        used = (parse_subject(subject).id for subject in history.subjects("type:"))
        return [name for name in used if self.of_topic(name)]

    def holds(self, one: Fact | FoldKey) -> bool:
        """Whether a certain fact is wanted, or a posted movement by its place."""
        kind, order = (one.type, one.order) if isinstance(one, Fact) else (POSTED, one)
        return self.of_topic(kind) and self._in_time(order[0])

    def may_hold(self, fact: Fact) -> bool:
        """Whether a fact that is only possible may be wanted."""
        if fact.effective is None:
            return self.of_topic(fact.type) and self._in_time("")
        first, last = fact.effective
        return self.of_topic(fact.type) and first <= self.last and last >= self.first

    def _in_time(self, day: str) -> bool:
        limited = bool(self.first) or self.last != FOREVER
        return self.first <= day <= self.last and (bool(day) or not limited)
