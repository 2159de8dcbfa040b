"""Histories: recorded events found by what they are about, corrections followed to their root."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from ledger.events.envelope import Recorded
from ledger.events.references import COMMON, REFERENCES, WORDS
from ledger.model.named import Named
from ledger.model.posted import FoldKey, Hidden, Limits, Posted, Registers
from ledger.model.subject import parse_subject
from ledger.values.dates import FOREVER
from ledger.values.refusals import Damaged, shown

AMENDMENTS = ("event-corrected", "event-retracted", "event-corroborated")
TRUST_TERMS = ("trust-settled", "trust-amended", "trust-ended")
WITHDRAWAL = "action-withdrawn"  # it ends an event as an amendment does, from its own day on
REVISIONS = (*AMENDMENTS, WITHDRAWAL)
SOURCE_EVENTS = ("source-registered", "source-corrected", "source-retracted")
REGISTRATIONS = frozenset(  # what makes a party, a share class or a source known to the record
    name for name, found in REFERENCES.items() if any(introduces for *_, introduces in found)
)
KINDS = frozenset(("issuer", "party")).union(  # of the things that events speak of
    kind for found in (COMMON, *REFERENCES.values()) for _, _, kind, _ in found
)
OWN_FIELDS = frozenset(  # of a correction; any other field named is one of what it corrects
    ["event", "because", "correction", "standing", "known_on", "citations", "inferred_from", "note"]
)


_DATED = frozenset(["known_on", "citations"])


def known_when_recorded(event: Recorded) -> bool:
    """Whether an event is known from the day of recording alone, for nothing in it says from when
    it was known; record-keeping is known always, or from what it is about."""
    if event.type in REGISTRATIONS or event.type in SOURCE_EVENTS:
        return False
    clerical = event.data.get("correction", "clerical") == "clerical"
    return _DATED.isdisjoint(event.data) and not (event.type in AMENDMENTS and clerical)


MOST_COMPARED = 50_000  # of the keys that one which is not found is compared with


Types = Collection[str] | None


class Span(NamedTuple):
    """A part of the fold: what lies between two places, the newest or the oldest first."""

    after: FoldKey
    before: FoldKey
    newest: bool


class Unplaced(NamedTuple):
    """An event of which the place in the fold depends on more than what it says itself: the days
    between which it lies, the same where only a day of it is asked for, and its position."""

    first: str
    last: str
    position: int


class History(Protocol):
    """Recorded events up to some position, found by subject, in log order.

    Subjects are texts such as ``party:renault``, ``class:nissan/common``, ``issuer:nissan``,
    ``type:shares-issued``, ``event:K`` (events that refer to it), ``reaffirmed:K`` (those of them
    that say it again), ``awaits:shares-issued`` (those that one of a type meets),
    ``trust:T`` (those that tell its terms), and those of the event itself: ``key:K``,
    ``position:12`` and ``id:...``.
    An event is found under every subject it mentions, or any correction of it makes it mention.
    """

    position: int

    def is_amended(self, key: str) -> bool:
        """Whether any event corrects, retracts, corroborates or calls off the event with a key."""

    def root(self, key: str) -> Recorded | None:
        """The event at the end of the chain that the amendment with a key is part of; None where
        the chain leads nowhere."""

    def moved(self, event: Recorded) -> Sequence[str]:
        """The subjects, besides its own, that corrections of an event make it speak of, sorted."""

    def at_each(self, positions: Sequence[int]) -> Iterator[Recorded]:
        """The events at some positions, in their order."""

    def mentioning(self, subject: str, types: Collection[str] | None = None) -> Sequence[Recorded]:
        """The events indexed under a subject, of the types given (all, if None), in log order."""

    def gather(self, subjects: Iterable[str], types: Collection[str]) -> None:
        """Look up at once what is going to be asked about many subjects, one by one."""

    def each(self, subject: str, types: Collection[str] | None = None) -> Iterator[Recorded]:
        """The events indexed under a subject, of the types given (all, if None), one by one and not
        kept in memory, in log order; posted movements need not be among them."""

    def has_over(self, most: int, subject: str) -> bool:
        """Whether ``each`` gives more than so many events of a subject."""

    def places(self, subject: str, limits: Limits, upto: FoldKey) -> Iterator[FoldKey]:
        """The places in the fold of the posted movements indexed under a subject, in no order."""

    def knows(self, subject: str) -> bool:
        """Whether any event is indexed under a subject."""

    def subjects(self, prefix: str) -> Sequence[str]:
        """Every subject in use that starts with the prefix, sorted."""

    def told_of(self, subjects: Sequence[str], types: Collection[str]) -> Collection[str]:
        """Those of some subjects under which any event of some types is indexed; there may be
        others among them."""

    def placed(self, span: Span, limits: Limits, types: Types = None) -> Iterator[FoldKey]:
        """The places in a part of the fold of events of some types (all, if None) that stand there
        whatever else is recorded, or are among those without a place; those that are surely beyond
        some limits need not be among them."""

    def unplaced(self, first: str = "", last: str = FOREVER) -> Sequence[Unplaced]:
        """The events without a place that may lie between two days, one under each date that it
        may have; every amended event is among all of them."""

    def posted(self, issuer: str, limits: Limits, without: Collection[Recorded] = ()) -> Posted:
        """The movements of an issuer that are known by their sums, without some of them."""

    def unposted(self, subject: str, types: Collection[str]) -> Sequence[Recorded]:
        """The events about an issuer or a party that are not posted movements, in log order."""

    def perhaps_later(
        self, subjects: Sequence[str], types: Collection[str], day: str
    ) -> Iterator[Recorded]:
        """The events about some subjects, of some types, that are not posted movements: those that
        surely begin by a day, whatever else is recorded, need not be among them."""

    def hidden(
        self,
        subjects: Sequence[str],
        types: Collection[str] | None,
        limits: Limits,
        as_of: str,
        without: Collection[Recorded] = (),
    ) -> Hidden:
        """How many posted movements about any of the subjects, without some of them, each limit
        leaves out.

        Counted are those that neither ``unposted`` nor, without types, ``each`` gives, with their
        amendments; but for all issuers without types, where these are given by their own types. A
        subject that ends in its colon stands for all of its kind.
        """

    def having(self, words: Collection[str]) -> Iterator[Recorded]:
        """The events whose texts, as they are or may be amended, have all of some words, each as
        FTS5 is asked for it; there may be others among them."""

    def named(self, text: str = "", after: tuple[str, str] = ("", "")) -> Iterator[Named]:
        """All names, at any cut, of the parties of which a name or the id has a text in it, the id
        among them, sorted; those alone that come after a folded name and a party."""

    def registers_of(self, party: str) -> Sequence[str]:
        """The issuers in whose registers posted movements, at any cut, touch a party's account."""

    def plain_registers(
        self, limits: Limits, upto: FoldKey
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Issuers of which every movement at a cut is posted and every share has one vote and is
        capital, with the shares on each account; there may be others."""

    def registers(self, limits: Limits, as_of: str) -> Registers | None:
        """The registers of all issuers by their sums; None where a history keeps none."""

    def written(self, type_name: str, *texts: str) -> Iterator[Recorded]:
        """The events of a type that have any of some texts as they are stored, and those that are
        amended; there may be others among them."""

    def trusts_of(self, issuer: str) -> Collection[str]:
        """The trusts, at any cut, whose accounts posted movements touch in the register of an
        issuer; there may be others among them."""


def subjects_of(type_name: str, data: Mapping[str, Any]) -> set[str]:
    """The subjects an event with this data is indexed under, its key apart.

    Raises Damaged for a type that this release does not know.
    """
    found = {f"type:{type_name}"}
    for kind, id, introduces in _references(type_name, data):
        found.add(f"{kind}:{id}")
        if introduces:
            found.add(f"new-{kind}:{id}")
        if kind == "class":
            found.add(f"issuer:{id.partition('/')[0]}")
        elif kind == "issuer":
            found.add(f"party:{id}")
    if type_name in TRUST_TERMS and "trust" in data:
        found.add(f"trust:{data['trust']}")
    if "reaffirms" in data:
        found.add(f"reaffirmed:{data['reaffirms']}")
    if "met_by" in data:
        found.add(f"awaits:{str(data['met_by']).partition(' ')[0]}")
    return found


def _references(type_name: str, data: Mapping[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """What an event refers to: the kind of each thing, its id, and whether it is made known."""
    own = REFERENCES.get(type_name)
    if own is None:
        raise Damaged(
            f"{shown(type_name)} is no event type of this release. Use a newer stakebook."
        )
    for field, part, kind, introduces in (*own, *COMMON):
        if field not in data:
            continue
        value = data[field]
        for one in [item.get(part) for item in value] if part else (value,):
            for id in (one,) if isinstance(one, str) else one or ():
                if id not in WORDS.get(field, ()):
                    yield kind, id, introduces


def index_entries(recorded: Recorded, history: History) -> Iterator[tuple[str, Recorded]]:
    """Where a new event belongs: itself under its subjects, and what it corrects under new ones."""
    for own in (f"key:{recorded.key}", f"position:{recorded.position}", f"id:{recorded.id}"):
        yield own, recorded
    for subject in sorted(subjects_of(recorded.type, recorded.data)):
        yield subject, recorded
    root = root_of(recorded, history) if recorded.type in AMENDMENTS else None
    if root is not None:
        yield from ((subject, root) for subject in amended_subjects(recorded, root))


def amended_subjects(amendment: Recorded, root: Recorded) -> list[str]:
    """The subjects under which the event that is amended in the end is not found as recorded."""
    if amendment.type == "event-corroborated":
        return [f"source:{citation['source']}" for citation in amendment.data["citations"]]
    if amendment.type != "event-corrected":
        return []
    return sorted(corrected_subjects(amendment, root) - subjects_of(root.type, root.data))


def corrected_subjects(correction: Recorded, root: Recorded) -> set[str]:
    """The subjects the root of a correction would be indexed under, with any one of its changes.

    A value that refers to nothing in the way of its field is left to the rules.
    """
    found: set[str] = set()
    for change in correction.data["changes"]:
        field, value = change["field"], change.get("value")
        if value is not None and not _may_refer(root.type, field, value):
            continue
        changed = {**root.data, field: value}
        found |= subjects_of(root.type, {k: v for k, v in changed.items() if v is not None})
    return found


def _may_refer(type_name: str, field: str, value: Any) -> bool:
    """Whether a value has the shape of what a field refers with: text, texts, or parts."""
    for name, part, *_ in (*REFERENCES.get(type_name, ()), *COMMON):
        if name == field:
            items = value if isinstance(value, list | tuple) else None
            if part:
                return items is not None and all(isinstance(one, Mapping) for one in items)
            return isinstance(value, str) or all(isinstance(one, str) for one in items or (0,))
    return True


def sources_of(event: Recorded) -> list[str]:
    """The sources an event tells of or rests on, or, correcting another, makes that one do so."""
    cited = list(event.data.get("citations", ()))
    found = {event.data["source"]: None} if event.type in SOURCE_EVENTS else {}
    for change in event.data.get("changes", ()):
        value = change.get("value")
        if change["field"] == "source" and value is not None:
            found[str(value)] = None
        elif change["field"] == "citations":
            cited += value or ()
    return list(found | {citation["source"]: None for citation in cited})


def root_of(event: Recorded, history: History) -> Recorded | None:
    """The event that an amendment is about in the end, and any other event itself; None where a
    chain of amendments leads nowhere."""
    return history.root(event.key) if event.type in AMENDMENTS else event


def target_of(amendment: Recorded, history: History) -> Recorded | None:
    """The event, always an earlier one, that an amendment names."""
    earlier = history.mentioning(f"key:{amendment.data['event']}")
    return earlier[0] if earlier and earlier[0].position < amendment.position else None


def amendments_of(event: Recorded, history: History) -> list[Recorded]:
    """The amendments that name an event, in log order."""
    if not history.is_amended(event.key):
        return []
    return [
        other
        for other in history.mentioning(f"event:{event.key}", REVISIONS)
        if other.position > event.position
        and other.data["event"] == event.key
        and other.type != WITHDRAWAL
    ]


def amending(event: Recorded, history: History, known: Container[int]) -> Iterator[Recorded]:
    """An event after its amendments, theirs and so on, each after its own; of all these those
    whose positions are not known."""
    if event.position not in known and not history.is_amended(event.key):
        return iter((event,))
    found, pending = list[Recorded](), [event] if event.position not in known else []
    while pending:
        one = pending.pop()
        found.append(one)
        pending += (a for a in amendments_of(one, history) if a.position not in known)
    return reversed(found)


def known_ids(history: History, *prefixes: str) -> list[str]:
    """The ids in use under any of the prefixes, sorted."""
    return sorted({s.removeprefix(f"{p}:") for p in prefixes for s in history.subjects(f"{p}:")})


def known_of(history: History, kind: str, subjects: Iterable[str]) -> list[str]:
    """The ids of a kind among some subjects that are in use, sorted."""
    of = f"{kind}:"
    return sorted(s.removeprefix(of) for s in subjects if s.startswith(of) and history.knows(s))


def recorded_by(events: Iterable[Recorded], instant: str) -> Iterator[Recorded]:
    """The events of a log recorded at or before a stored instant."""
    return (event for event in events if event.recorded_at <= instant)


def all_unplaced(history: History) -> list[Unplaced]:
    """Every event of a history, each as one that may lie on any day."""
    types = history.subjects("type:")
    return [Unplaced("", FOREVER, e.position) for s in types for e in history.mentioning(s)]


def keys_like(history: History, key: str) -> list[str]:
    """All keys, or of very many those that begin most like a key, in its first half at least."""
    if history.position <= MOST_COMPARED:
        return known_ids(history, "key")
    for length in range(len(key), len(key) // 2, -1):
        if found := history.subjects(f"key:{key[:length]}"):
            return [parse_subject(subject).id for subject in found]
    return []
