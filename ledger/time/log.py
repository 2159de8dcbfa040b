"""The log in memory: the pure history, and a batch laid over another history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ledger.events.envelope import Recorded
from ledger.model.movements import SIGNS
from ledger.model.named import Named, sorted_names
from ledger.model.posted import NOTHING, FoldKey, Hidden, Limits, Posted, Registers
from ledger.time.affected import Affected, affects_others
from ledger.time.history import (
    AMENDMENTS,
    REVISIONS,
    History,
    Span,
    Types,
    Unplaced,
    all_unplaced,
    amending,
    index_entries,
    root_of,
    subjects_of,
    target_of,
)
from ledger.time.names import all_named, names_told
from ledger.values.dates import FOREVER


class Log:
    """A history held in memory: the pure form, and the way to lay a batch over another history,
    which must not grow meanwhile."""

    def __init__(self, events: Iterable[Recorded] = (), base: History | None = None) -> None:
        self._base = base
        self._indexed: dict[str, dict[int, Recorded]] = {}
        self._found: dict[str, dict[tuple[str, ...] | None, Sequence[Recorded]]] = {}
        self._roots: dict[str, Recorded | None] = {}  # of the amendments, by their keys
        self._moved: dict[int, set[str]] = {}
        self._amended: set[str] = set()
        self._reread: dict[int, Recorded] = {}  # movements of the base that may read otherwise
        self._affected: Affected | None = None
        self.position = base.position if base else 0
        for event in events:
            self.add(event)

    def add(self, event: Recorded) -> None:
        """Index one more event; positions must ascend."""
        self.position = event.position
        if event.type in REVISIONS:
            self._amended.add(event.data["event"])
        if event.type in AMENDMENTS:
            earlier = target_of(event, self)
            self._roots.setdefault(event.key, earlier and root_of(earlier, self))
        for subject, indexed in index_entries(event, self):
            self._indexed.setdefault(subject, {})[indexed.position] = indexed
            self._found.pop(subject, None)
            if indexed.position != event.position and event.type == "event-corrected":
                self._moved.setdefault(indexed.position, set()).add(subject)
        if self._base is not None:
            self._mark_reread(event)

    def is_amended(self, key: str) -> bool:
        return key in self._amended or (self._base is not None and self._base.is_amended(key))

    def root(self, key: str) -> Recorded | None:
        if key in self._roots or self._base is None:
            return self._roots.get(key)
        return self._base.root(key)

    def moved(self, event: Recorded) -> Sequence[str]:
        earlier = () if self._base is None else self._base.moved(event)
        own = self._moved.get(event.position)
        return sorted(own.union(earlier)) if own else earlier

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        if subject not in self._indexed:
            return () if self._base is None else self._base.mentioning(subject, types)
        known, chosen = self._found.setdefault(subject, {}), None if types is None else tuple(types)
        if chosen not in known:
            earlier = () if self._base is None else self._base.mentioning(subject, types)
            known[chosen] = self._with_own(earlier, subject, types)
        return known[chosen]

    def gather(self, subjects: Iterable[str], types: Collection[str]) -> None:
        if self._base is not None:
            self._base.gather(subjects, types)

    def each(self, subject: str, types: Collection[str] | None = None) -> Iterator[Recorded]:
        return iter(self.mentioning(subject, types))

    def has_over(self, most: int, subject: str) -> bool:
        return len(self.mentioning(subject)) > most

    def places(self, subject: str, limits: Limits, upto: FoldKey) -> Iterator[FoldKey]:
        return iter(())

    def placed(self, span: Span, limits: Limits, types: Types = None) -> Iterator[FoldKey]:
        if self._base is None:
            return iter(())
        return self._base.placed(span, limits, types)

    def unplaced(self, first: str = "", last: str = FOREVER) -> Sequence[Unplaced]:
        if self._base is None:
            return all_unplaced(self)
        own = {event.position for event in self._own()}
        own |= {root.position for root in map(self._root_of, self._own()) if root is not None}
        return [
            *self._base.unplaced(first, last),
            *(Unplaced("", FOREVER, position) for position in sorted(own)),
        ]

    def _root_of(self, event: Recorded) -> Recorded | None:
        """What an event amends in the end."""
        return root_of(event, self) if event.type in AMENDMENTS else None

    def knows(self, subject: str) -> bool:
        return subject in self._indexed or (self._base is not None and self._base.knows(subject))

    def subjects(self, prefix: str) -> Sequence[str]:
        own = {subject for subject in self._indexed if subject.startswith(prefix)}
        return sorted(own.union(self._base.subjects(prefix) if self._base else ()))

    def told_of(self, subjects: Sequence[str], types: Collection[str]) -> Collection[str]:
        own = self._indexed.keys() & subjects
        return own.union(self._base.told_of(subjects, types)) if self._base else own

    def at_each(self, positions: Sequence[int]) -> Iterator[Recorded]:
        return (one for at in positions for one in self.mentioning(f"position:{at}"))

    def posted(self, issuer: str, limits: Limits, without: Collection[Recorded] = ()) -> Posted:
        if self._base is None:
            return NOTHING
        return self._base.posted(issuer, limits, self._with_reread(without))

    def unposted(self, subject: str, types: Collection[str]) -> Sequence[Recorded]:
        if self._base is None:
            return self.mentioning(subject, types)
        found = {event.position: event for event in self._base.unposted(subject, types)}
        for event in self._reread.values():
            if event.type in types and subject in self._subjects_of(event):
                found[event.position] = event
        return self._with_own([found[at] for at in sorted(found)], subject, types)

    def perhaps_later(
        self, subjects: Sequence[str], types: Collection[str], day: str
    ) -> Iterator[Recorded]:
        return (event for subject in subjects for event in self.unposted(subject, types))

    def hidden(
        self,
        subjects: Sequence[str],
        types: Collection[str] | None,
        limits: Limits,
        as_of: str,
        without: Collection[Recorded] = (),
    ) -> Hidden:
        if self._base is None or types is None:
            return Hidden()  # every event is among those given
        return self._base.hidden(subjects, types, limits, as_of, self._with_reread(without))

    def having(self, words: Collection[str]) -> Iterator[Recorded]:
        found = dict[int, Recorded]()
        for event in self._own():
            root = root_of(event, self) or event
            found |= {one.position: one for one in (event, *amending(root, self, found))}
        for event in self._base.having(words) if self._base else ():
            found[event.position] = event
        return iter(found.values())

    def named(self, text: str = "", after: tuple[str, str] = ("", "")) -> Iterator[Named]:
        if self._base is None:
            return sorted_names(all_named(self), text, after)
        ids = (s.removeprefix("party:") for s in self._indexed if s.startswith("party:"))
        found = [*self._base.named(), *(Named.of(id, id) for id in ids)]
        found += (one for event in self._own() for one in names_told(event, self))
        return sorted_names(found, text, after)

    def _own(self) -> Iterator[Recorded]:
        """The events that are not of the base."""
        first = self._base.position if self._base else 0
        for subject, indexed in self._indexed.items():
            if subject.startswith("type:"):
                yield from (event for at, event in indexed.items() if at > first)

    def plain_registers(
        self, limits: Limits, upto: FoldKey
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        return iter(())

    def registers(self, limits: Limits, as_of: str) -> Registers | None:
        return None

    def written(self, type_name: str, *texts: str) -> Iterator[Recorded]:
        return self.each(f"type:{type_name}")

    def registers_of(self, party: str) -> Sequence[str]:
        return () if self._base is None else self._base.registers_of(party)

    def trusts_of(self, issuer: str) -> Collection[str]:
        if self._base is None:
            return ()
        own = {s.removeprefix("trust:") for s in self._indexed if s.startswith("trust:")}
        return own.union(self._base.trusts_of(issuer))

    def _with_own(
        self, earlier: Sequence[Recorded], subject: str, types: Collection[str] | None
    ) -> Sequence[Recorded]:
        own = self._indexed.get(subject)
        if not own:
            return earlier
        found = {recorded.position: recorded for recorded in earlier} | own
        return [found[p] for p in sorted(found) if types is None or found[p].type in types]

    def _with_reread(self, without: Collection[Recorded]) -> Collection[Recorded]:
        """Some movements, and those of the base that may read otherwise, each once."""
        if not self._reread:
            return without
        return [*({one.position: one for one in without} | self._reread).values()]

    def _subjects_of(self, event: Recorded) -> set[str]:
        """The subjects that an event is about, or may be after its amendments."""
        return subjects_of(event.type, event.data).union(self.moved(event))

    def _mark_reread(self, event: Recorded) -> None:
        """Remember the movements of the base that a new event may make read otherwise: these are
        replayed, as all other events are at any rate."""
        if not affects_others(event):
            return
        self._affected = self._affected or Affected(self)
        for recorded in self._affected.of(event):
            if recorded.type in SIGNS and self._base and recorded.position <= self._base.position:
                self._reread[recorded.position] = recorded
