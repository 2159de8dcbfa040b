"""Histories: recorded events found by what they are about, corrections followed to their root."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Protocol

from ledger.envelope import Recorded

AMENDMENTS = ("event-corrected", "event-retracted", "event-corroborated")
SOURCE_EVENTS = ("source-registered", "source-corrected", "source-retracted")
OWN_FIELDS = frozenset(  # of a correction; any other field named is one of what it corrects
    ["event", "because", "correction", "standing", "known_on", "citations", "inferred_from", "note"]
)


class History(Protocol):
    """Recorded events up to some position, found by subject, in log order.

    Subjects are texts such as ``party:renault``, ``class:nissan/common``, ``issuer:nissan``,
    ``type:shares-issued``, ``key:K`` (the event itself) and ``event:K`` (events that refer to it).
    An event is found under every subject it mentions, or any correction of it makes it mention.
    """

    position: int

    @property
    def amended(self) -> Set[str]:
        """The keys of all events that some event corrects or retracts."""

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        """The events filed under a subject, of the types given (all, if None), in log order."""

    def knows(self, subject: str) -> bool:
        """Whether any event is filed under a subject."""

    def subjects(self, prefix: str) -> Sequence[str]:
        """Every subject in use that starts with the prefix, sorted."""


def subjects_of(type_name: str, data: Mapping[str, Any]) -> set[str]:
    """The subjects an event with this data is filed under, its key apart."""
    from ledger.event import mentions  # the classes are needed to file, not to ask

    found = {f"type:{type_name}"}
    for mention in mentions(type_name, data):
        found.add(f"{mention.kind.refers}:{mention.id}")
        if mention.kind.introduces:
            found.add(f"new-{mention.kind.refers}:{mention.id}")
        if mention.kind.refers == "class":
            found.add(f"issuer:{mention.id.partition('/')[0]}")
        elif mention.kind.refers == "issuer":
            found.add(f"party:{mention.id}")
    return found


def filings(recorded: Recorded, history: History) -> Iterator[tuple[str, Recorded]]:
    """Where a new event belongs: itself under its subjects, and what it corrects under new ones."""
    yield f"key:{recorded.key}", recorded
    for subject in sorted(subjects_of(recorded.type, recorded.data)):
        yield subject, recorded
    if recorded.type == "event-corroborated":
        root = root_of(recorded, history)
        if root is not None:
            for citation in recorded.data["citations"]:
                yield f"source:{citation['source']}", root
    if recorded.type == "event-corrected":
        root = root_of(recorded, history)
        if root is not None:
            for subject in sorted(
                corrected_subjects(recorded, root) - subjects_of(root.type, root.data)
            ):
                yield subject, root


def corrected_subjects(correction: Recorded, root: Recorded) -> set[str]:
    """The subjects the root of a correction would be filed under, with any one of its changes."""
    found: set[str] = set()
    for change in correction.data["changes"]:
        changed = {**root.data, change["field"]: change.get("value")}
        found |= subjects_of(root.type, {k: v for k, v in changed.items() if v is not None})
    return found


def root_of(amendment: Recorded, history: History) -> Recorded | None:
    """The event at the end of a chain of corrections; None where the chain leads nowhere."""
    current: Recorded | None = amendment
    while current is not None and current.type in AMENDMENTS:
        earlier = history.mentioning(f"key:{current.data['event']}")
        current = earlier[0] if earlier and earlier[0].position < current.position else None
    return current


class Log:
    """A history held in memory: the pure form, and the way to lay a batch over another history."""

    def __init__(self, events: Iterable[Recorded] = (), base: History | None = None) -> None:
        self._base = base
        self._filed: dict[str, dict[int, Recorded]] = {}
        self._amended: set[str] = set(base.amended) if base else set()
        self.position = base.position if base else 0
        for event in events:
            self.add(event)

    def add(self, event: Recorded) -> list[tuple[str, Recorded]]:
        """File one more event; positions must ascend. Returns what was filed under what."""
        self.position = event.position
        if event.type in AMENDMENTS:
            self._amended.add(event.data["event"])
        found = list(filings(event, self))
        for subject, filed in found:
            self._filed.setdefault(subject, {})[filed.position] = filed
        return found

    @property
    def amended(self) -> Set[str]:
        return self._amended

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        own = self._filed.get(subject, {})
        if self._base is not None:
            own = {r.position: r for r in self._base.mentioning(subject, types)} | own
        return [own[p] for p in sorted(own) if types is None or own[p].type in types]

    def knows(self, subject: str) -> bool:
        return subject in self._filed or (self._base is not None and self._base.knows(subject))

    def subjects(self, prefix: str) -> Sequence[str]:
        own = {subject for subject in self._filed if subject.startswith(prefix)}
        return sorted(own.union(self._base.subjects(prefix) if self._base else ()))


def recorded_by(events: Iterable[Recorded], instant: str) -> Iterator[Recorded]:
    """The events of a log recorded at or before a stored instant."""
    return (event for event in events if event.recorded_at <= instant)
