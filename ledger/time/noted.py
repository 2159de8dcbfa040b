"""Noted: a history that notes what is looked at in it, and until when that tells the same.

Whatever is found in a view of such a history depends on what the history was asked, and on
nothing else. So it stands until an event is recorded that one of these questions would give, or
that changes how an event reads which one of them gave; and, where the as-of day moves on, until the
first day that any of the events that were read may speak of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.model.named import Named
from ledger.model.posted import FoldKey, Hidden, Limits, Posted, Registers, end_of
from ledger.time.history import REVISIONS, History, Span, Types, Unplaced
from ledger.values.dates import FOREVER, Days, days_before, next_day, parse_partial
from ledger.values.refusals import Refused

Look = tuple[str, tuple[str, ...] | None]  # a subject, and the types asked for (None: all)
LATER = "later:"  # the subject of whatever may not have begun
ALL = "*"  # before a beginning of subjects, all of which were looked at; alone, it is everything
_MOVING = tuple(sorted(SIGNS))
_DATE = re.compile(
    rb"(?<![0-9])(?<!\"recorded_at\":\")[0-9]{4}(?:-(?:[0-9]{2}(?:-[0-9]{2})?|Q[1-4]|H[12]))?(?![0-9])"
)
_COUNTED = re.compile(  # days that are counted from others, and so stand in no text
    rb'[0-9] (?:day|month|year)|"[a-z_]*(?:days|months|window)[a-z_]*":'
)


class Noted:
    """A history, and what was looked at in it: the subjects, and the first day after an as-of day
    on which anything that was read may read otherwise.

    ``turning`` keeps what was found of events, for other looks after the same day.
    """

    def __init__(self, history: History, as_of: str, turning: dict[int, str]) -> None:
        self._history, self._as_of, self._turning = history, as_of, turning
        self.position = history.position
        self.looks: dict[Look, None] = {}
        self.until = FOREVER

    def is_amended(self, key: str) -> bool:
        return self._history.is_amended(key)  # an amendment is one of what it amends

    def root(self, key: str) -> Recorded | None:
        self._look(f"key:{key}", None)
        found = self._history.root(key)
        return None if found is None else self._read(found)

    def moved(self, event: Recorded) -> Sequence[str]:
        return self._history.moved(event)

    def at_each(self, positions: Sequence[int]) -> Iterator[Recorded]:
        return map(self._read, self._history.at_each(positions))

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        if types is None or not (subject.startswith("event:") and {*types} <= {*REVISIONS}):
            self._look(subject, types)
        return self._all(self._history.mentioning(subject, types))

    def gather(self, subjects: Iterable[str], types: Collection[str]) -> None:
        self._history.gather(subjects, types)

    def each(self, subject: str, types: Collection[str] | None = None) -> Iterator[Recorded]:
        self._look(subject, types)
        return map(self._read, self._history.each(subject, types))

    def has_over(self, most: int, subject: str) -> bool:
        self._look(subject, None)
        return self._history.has_over(most, subject)

    def places(self, subject: str, limits: Limits, upto: FoldKey) -> Iterator[FoldKey]:
        self._everything()
        return self._history.places(subject, limits, upto)

    def placed(self, span: Span, limits: Limits, types: Types = None) -> Iterator[FoldKey]:
        self._everything()
        return self._history.placed(span, limits, types)

    def unplaced(self, first: str = "", last: str = FOREVER) -> Sequence[Unplaced]:
        self._everything()
        return self._history.unplaced(first, last)

    def knows(self, subject: str) -> bool:
        known = self._history.knows(subject)
        if not known:  # what is known once is known ever after
            self._look(subject, None)
        return known

    def subjects(self, prefix: str) -> Sequence[str]:
        self._look(f"{ALL}{prefix}", None)
        return self._history.subjects(prefix)

    def told_of(self, subjects: Sequence[str], types: Collection[str]) -> Collection[str]:
        for subject in subjects:
            self._look(subject, types)
        return self._history.told_of(subjects, types)

    def posted(self, issuer: str, limits: Limits, without: Collection[Recorded] = ()) -> Posted:
        self._look(f"issuer:{issuer}", _MOVING)
        found, after = self._history.posted(issuer, limits, without), end_of(self._as_of)
        for share_class in found.classes:
            if found.has_posting(share_class, None, after, end_of(FOREVER)):
                self._turn(min(found.days(share_class, None, after, end_of(FOREVER))))
        return found

    def unposted(self, subject: str, types: Collection[str]) -> Sequence[Recorded]:
        self._look(subject, types)
        return self._all(self._history.unposted(subject, types))

    def perhaps_later(
        self, subjects: Sequence[str], types: Collection[str], day: str
    ) -> Iterator[Recorded]:
        self._everything()
        return self._history.perhaps_later(subjects, types, day)

    def hidden(
        self,
        subjects: Sequence[str],
        types: Collection[str] | None,
        limits: Limits,
        as_of: str,
        without: Collection[Recorded] = (),
    ) -> Hidden:
        self._everything()
        return self._history.hidden(subjects, types, limits, as_of, without)

    def having(self, words: Collection[str]) -> Iterator[Recorded]:
        self._everything()
        return self._history.having(words)

    def named(self, text: str = "", after: tuple[str, str] = ("", "")) -> Iterator[Named]:
        self._everything()
        return self._history.named(text, after)

    def registers_of(self, party: str) -> Sequence[str]:
        self._look(f"party:{party}", _MOVING)
        return self._history.registers_of(party)

    def plain_registers(
        self, limits: Limits, upto: FoldKey
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        self._everything()
        return self._history.plain_registers(limits, upto)

    def registers(self, limits: Limits, as_of: str) -> Registers | None:
        self._everything()
        return self._history.registers(limits, as_of)

    def written(self, type_name: str, *texts: str) -> Iterator[Recorded]:
        self._look(f"type:{type_name}", None)
        return map(self._read, self._history.written(type_name, *texts))

    def trusts_of(self, issuer: str) -> Collection[str]:
        self._look(f"issuer:{issuer}", None)
        return self._history.trusts_of(issuer)

    def _look(self, subject: str, types: Collection[str] | None) -> None:
        self.looks[subject, None if types is None else tuple(types)] = None

    def _everything(self) -> None:
        """What was found depends on every event, and on the day itself."""
        self._look(ALL, None)
        self._turn(next_day(self._as_of))

    def _all(self, found: Sequence[Recorded]) -> Sequence[Recorded]:
        for event in found:
            self._read(event)
        return found

    def _read(self, event: Recorded) -> Recorded:
        position = event.position
        if position not in self._turning:
            self._turning[position] = turns(event, self._as_of)
        self._turn(self._turning[position])
        return event

    def _turn(self, day: str) -> None:
        if day < self.until:
            self.until = day


def turns(event: Recorded, as_of: str) -> str:
    """The first day after another that an event may speak of, itself or the days around those that
    are written in it; the next one where it counts days from others."""
    if _counts_days(event):
        return next_day(as_of)
    written = (day for days in _written(event, as_of) for day in days)
    around = (near for day in written for near in (days_before(day, 1), day, next_day(day)))
    told = event.recorded_at[:10]  # which an event without a source may be dated by
    return min((day for day in chain(around, (told,)) if day > as_of), default=FOREVER)


def may_begin_after(event: Recorded, day: str) -> bool:
    """Whether anything that an event says, also of another one, may begin after a day."""
    return _counts_days(event) or any(days.first > day for days in _written(event, day))


def _counts_days(event: Recorded) -> bool:
    return _COUNTED.search(_text(event)) is not None


def _written(event: Recorded, after: str) -> Iterator[Days]:
    """The dates that are written in an event, of the year of a day or later, and some more."""
    year = after[:4].encode()
    for date in {date for date in _DATE.findall(_text(event)) if date[:4] >= year}:
        with suppress(Refused):  # a number that is no date
            yield parse_partial(date.decode())


def _text(event: Recorded) -> bytes:
    return event.raw or event.state("")
