"""Amended movements: the versions of one at the end of a history, each between its limits, and
how it and its amendments read for a cut that may leave them out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ledger.events.envelope import Recorded
from ledger.model.fact import Fact
from ledger.model.subject import parse_subject
from ledger.time.cut import FLOORS
from ledger.time.dating import Published
from ledger.time.history import REVISIONS, WITHDRAWAL, History
from ledger.time.versions import FLOOR_NAMES, Standings
from ledger.time.without_sums import WithoutSums
from ledger.values.dates import FOREVER
from projections.readmodel.days import number_of
from projections.readmodel.plain import is_plain, is_reported_again
from projections.readmodel.postings import NEVER, WEAKEST
from projections.readmodel.readings import EVER, Reading, readings_of

MOST_AMENDMENTS = 50  # of a movement with more, those of its amendments counted, none is worked out


class Version(NamedTuple):
    """A movement as it reads between limits of knowledge and of standing."""

    fact: Fact
    known: int
    floor: int
    known_until: int
    floor_until: int


class Amended(NamedTuple):
    """What an amended movement comes to with everything known, at the weakest floor: the ``day`` on
    which it takes effect, 0 where it does not stand. One that is ``given_up`` is replayed from now
    on, whatever is recorded."""

    day: int
    given_up: int


class Tree(WithoutSums):
    """A movement with its amendments, theirs and so on, in a history that holds more and goes on;
    when sources were ``published`` is added to as it is worked out."""

    def __init__(self, root: Recorded, history: History, published: dict[str, Published]) -> None:
        self._history, self.position = history, history.position
        self._events, self._amending = {root.key: root}, dict[str, list[Recorded]]()
        self.root_event, self.called_off = root, False
        self.standings = Standings(self, published)

    @classmethod
    def of(cls, root: Recorded, history: History, published: dict[str, Published]) -> Tree:
        """A movement with all that amends it in a history, or more of it than may be posted."""
        tree, pending = cls(root, history, published), [root.key]
        while pending and tree.may_be_posted:
            if history.is_amended(key := pending.pop()):
                others = history.mentioning(f"event:{key}", REVISIONS)
                pending += [other.key for other in others if tree.add(other)]
        return tree

    def go_on(self, history: History) -> None:
        """Be part of a history that goes on further."""
        self._history, self.position = history, history.position

    def add(self, event: Recorded) -> bool:
        """Take in one more event, if it amends one of these; whether it was not among them."""
        target = self._events.get(event.data["event"])
        if target is None or event.key in self._events or event.position <= target.position:
            return False
        self.called_off |= event.type == WITHDRAWAL
        self._events[event.key] = event
        self._amending.setdefault(target.key, []).append(event)
        if self.may_be_posted:  # if not, nothing more is read, and a chain may be of any length
            while target is not self.root_event:
                self.standings.forget(target.position)
                target = self._events[target.data["event"]]
            self.standings.forget(target.position)
        return True

    def readings(self) -> Iterator[Reading]:
        """How the amendments read that a cut may leave out."""
        for event in self._events.values():
            if event is not self.root_event:
                found = readings_of(event.position, self.standings.of(event))
                yield from (one for one in found if one.known > EVER or one.rank)

    @property
    def may_be_posted(self) -> bool:
        """Whether it may be posted, now or later."""
        return not self.called_off and len(self._events) <= MOST_AMENDMENTS + 1

    def is_amended(self, key: str) -> bool:
        return key in self._amending if key in self._events else self._history.is_amended(key)

    def root(self, key: str) -> Recorded | None:
        return self._history.root(key)

    def moved(self, event: Recorded) -> Sequence[str]:
        return self._history.moved(event)

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        kind, id = parse_subject(subject)
        if kind != "event" or id not in self._events:
            return self._history.mentioning(subject, types)
        found = self._amending.get(id, [])
        if types is None or types == REVISIONS:
            return found
        return [event for event in found if event.type in types]

    def knows(self, subject: str) -> bool:
        return self._history.knows(subject)

    def subjects(self, prefix: str) -> Sequence[str]:
        return self._history.subjects(prefix)


def versions_of(tree: Tree) -> tuple[Amended, list[Version] | None, set[Reading]]:
    """What a movement comes to at the end of a history, its versions, and how it and its amendments
    read; no versions and no readings where it must be replayed."""
    root, standings = tree.root_event, tree.standings
    if not tree.may_be_posted:
        return Amended(0, 1), None, set()
    found = standings.of(root)
    replayed = standings.partial or not all(_may_be_posted(one.fact) for one in found)
    if replayed or is_reported_again(root, tree):
        return Amended(0, 0), None, set()
    versions = [
        Version(
            one.fact,
            number_of(max(one.known[0], one.fact.known.last)),
            FLOORS[FLOOR_NAMES[one.floors[0]]],
            NEVER if one.known[1] == FOREVER else number_of(one.known[1]),
            FLOORS[FLOOR_NAMES[one.floors[1] - 1]],
        )
        for one in found
    ]
    own = (v for v in versions if v.known_until == NEVER and v.floor_until == WEAKEST)
    day = next((number_of(one.fact.data["effective_on"]) for one in own), 0)
    posted = [one for one in versions if one.known < one.known_until]
    return Amended(day, 0), posted, {*readings_of(root.position, found), *tree.readings()}


def _may_be_posted(fact: Fact) -> bool:
    exact = fact.known.first == fact.known.last and fact.depending is None
    return exact and is_plain(fact.type, fact.data)
