"""New events: what they refer to, make known and affect, gathered in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from ledger.events.envelope import Recorded
from ledger.events.fields import Kind
from ledger.events.introspection import Mention, referring
from ledger.events.registry import event_class, mentions_in
from ledger.model.fractional import may_be_fractional
from ledger.model.movements import MOVEMENTS, SIGNS, classes_of
from ledger.model.register import issuer_of
from ledger.model.share_rights import RIGHTS
from ledger.model.subject import parse_subject
from ledger.model.threads import OWN_KINDS
from ledger.time.affected import Affected, affects_others
from ledger.time.dependents import Dependents
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS, History, subjects_of
from ledger.time.identities import IDENTIFYING, Identities
from ledger.time.view import View
from ledger.values.dates import Days, parse_effective
from ledger.values.refusals import Damaged

LOCAL = ("event-type-declared", "declared-event-recorded")
_ELSEWHERE = (
    "trust-",
    "share-right-ended",
    "agreement-",
)  # begin the types that bear on what others speak of
_OF_AGREEMENTS = OWN_KINDS["agreement"].types
Reference = tuple[str, str]  # a kind of thing and its id
Found = TypeVar("Found")


class NewEvents:
    """The new events, from a position on, and every subject whose answers they can change.

    ``indexed`` says that the history holds them like all others, not laid over it. Only what the
    rules ask for is kept, so that a million new events are not all kept:

    - ``required``: references to what must be known, each with the first position and field;
    - ``introducing`` and ``affecting``: the positions of events that make something known, and of
      those that can change how another one reads;
    - ``amending`` and ``reaffirming``: of these, amendments and news of sources; and those that
      reaffirm another, or name themselves;
    - ``spanning``: the positions of events that are dated by more than one day;
    - ``fractional``: the positions of events that may have to do with fractional shares;
    - ``naming_lots``: the positions of events that say which lots they are of;
    - ``local``: the positions of declarations of types, and of events of declared types;
    - ``mentioned``: threads and other things spoken of, with the first position about each;
    - ``moved_from``: the first day on which a movement touches the register of an issuer; the
      beginning, where an earlier event reads otherwise;
    - ``before``: what was recorded before them, where it is asked for;
    - ``reshaped``: issuers of which an earlier split, conversion or the like reads otherwise;
    - ``reread``: earlier movements that may read otherwise, by their positions.
    """

    def __init__(self, events: Iterable[Recorded], first: int, *, indexed: bool = False) -> None:
        self.indexed, self._first = indexed, first
        self.before: View | None = None
        self.required: dict[Reference, tuple[int, str]] = {}
        self.mentioned: dict[Reference, int] = {}
        self.introducing: list[int] = []
        self.affecting: list[int] = []
        self.amending: list[int] = []
        self.reaffirming: list[int] = []
        self._correcting: dict[str, list[int]] = {}  # by the fields that they change
        self.spanning: list[int] = []
        self.local: list[int] = []
        self.fractional: list[int] = []
        self.naming_lots: list[int] = []
        self.moved_from: dict[str, str] = {}
        self.reshaped: set[str] = set()
        self.reread: dict[int, Recorded] = {}
        self._types: set[str] = set()
        self._seen: dict[tuple[str, bool], set[str]] = defaultdict(set)  # ids, of which all is kept
        self._attributed: dict[str, int] = {}
        self._history: History | None = None
        self._worked_out: dict[Callable[..., Any], tuple[View, list[Any]]] = {}
        for event in events:
            self.add(event)

    def add(self, event: Recorded) -> None:
        """Take one more event into account."""
        position, new_subject = event.position, event.type not in self._types
        self._types.add(event.type)
        for mention in self._unseen(event):
            kind = mention.kind
            if kind.introduces:
                self.introducing.append(position)
            new_subject = True
            self.mentioned.setdefault((kind.refers, mention.id), position)
            reference = required(mention)
            if reference is not None:
                self.required.setdefault(reference, (position, mention.field))
        if affects_others(event) or event.type.startswith(_ELSEWHERE):
            self.affecting.append(position)
            self._list_affecting(event)
        dated = (
            parse_effective(event.data["effective_on"]) if "effective_on" in event.data else None
        )
        self._list(event, dated)
        if dated is not None and event.type in MOVEMENTS:
            for issuer in map(issuer_of, classes_of(event.data)):
                self.moved_from[issuer] = min(dated.first, self.moved_from.get(issuer, dated.first))
        if new_subject:  # else every subject of it is known from an earlier event
            for subject in subjects_of(event.type, event.data):
                self._attributed.setdefault(subject, position)

    def _unseen(self, event: Recorded) -> Iterator[Mention]:
        """The references of an event, but for those that an earlier one made in the same way."""
        for one in referring(event_class(event.type)):
            if one.name not in event.data or self._is_seen(one.kind, event.data[one.name]):
                continue
            for mention in mentions_in(one, event.data[one.name]):
                kind = mention.kind
                if not self._is_seen(kind, mention.id):
                    self._seen[kind.refers, kind.must_exist].add(mention.id)
                    yield mention

    def _is_seen(self, kind: Kind | None, value: Any) -> bool:
        if kind is None or kind.introduces or not isinstance(value, str):
            return False
        return value in self._seen[kind.refers, kind.must_exist]

    def _list_affecting(self, event: Recorded) -> None:
        """List the position of one that can change how another reads where a rule looks for it."""
        position = event.position
        if event.type in AMENDMENTS or event.type in SOURCE_EVENTS:
            self.amending.append(position)
        if "reaffirms" in event.data or event.data.get("event") == event.key:
            self.reaffirming.append(position)
        for field in {change["field"] for change in event.data.get("changes", ())}:
            self._correcting.setdefault(field, []).append(position)

    def _list(self, event: Recorded, dated: Days | None) -> None:
        """List the position of an event where a rule looks for such."""
        if event.type in LOCAL:
            self.local.append(event.position)
        if may_be_fractional(event.type, event.data):
            self.fractional.append(event.position)
        if "lots" in event.data:
            self.naming_lots.append(event.position)
        if dated is not None and dated.first != dated.last:
            self.spanning.append(event.position)

    def within(self, history: History, concerning: Collection[str] = ()) -> NewEvents:
        """Follow the events to those they bear on, in the history with all of them in it; with
        subjects to those alone that bear on one of them."""
        self._history, affected = history, Affected(history)
        for event in (*self.events(self.affecting), *self._awaited(history)):
            for recorded in affected.of(event):
                is_new = self.has(recorded.position)
                if not is_new and not bears_on_any(recorded, history, concerning):
                    continue
                if recorded.type in SIGNS and not is_new:
                    self.reread[recorded.position] = recorded
                for subject in bears_on(recorded, history):
                    self._attributed.setdefault(subject, event.position)
                    if subject.startswith("issuer:"):
                        self.moved_from[parse_subject(subject).id] = ""
                    self._mark_reshaped(recorded, subject)
        self._identify(View(history).identities)
        return self

    def _identify(self, identities: Identities) -> None:
        """Touch what the subjects are under the ids of answers too."""
        for subject in list(self._attributed) if identities else ():
            self.pass_on(subject, identities.subject(subject))

    def _awaited(self, history: History) -> Iterator[Recorded]:
        """The new events that others may wait for, whatever their types."""
        dependents = Dependents(history)
        for name in sorted(self._types):
            if waiting := dependents.awaiting(name):
                for event in history.mentioning(f"type:{name}"):
                    about = subjects_of(event.type, event.data) if self.has(event.position) else ()
                    if any(dependents.may_answer(about, one) for one in waiting if about):
                        yield event

    def _mark_reshaped(self, event: Recorded, subject: str) -> None:
        about = parse_subject(subject)
        always_replayed = event.type in MOVEMENTS and event.type not in SIGNS
        if always_replayed and about.kind == "issuer" and not self.has(event.position):
            self.reshaped.add(about.id)

    def events(self, positions: Sequence[int]) -> Iterator[Recorded]:
        """New events by their positions."""
        found = self._history.at_each(positions) if self._history else iter(())
        for position in positions:
            event = next(found, None)
            if event is None or event.position != position:
                raise _not_found(position)
            yield event

    def correcting(self, fields: Iterable[str]) -> list[int]:
        """The positions of the new corrections that change any of some fields, in order."""
        return sorted({at for one in fields for at in self._correcting.get(one, ())})

    def worked_out(
        self, ask: Callable[[View, NewEvents], Iterable[Found]], view: View
    ) -> list[Found]:
        """What a function finds in a view, asked once, though more than one rule looks at it."""
        before = self._worked_out.get(ask)
        if before is None or before[0] is not view:
            before = self._worked_out[ask] = view, list(ask(view, self))
        return before[1]

    def touched(self, prefix: str) -> list[str]:
        """The ids after a prefix such as ``issuer:`` that the new events bear on, sorted."""
        return sorted(s.removeprefix(prefix) for s in self._attributed if s.startswith(prefix))

    def touched_by(self, view: View, kind: str, types: Collection[str]) -> list[str]:
        """The ids of a kind that the new events bear on, of which any event of some types tells;
        there may be others among them."""
        ids = self.touched(f"{kind}:")
        if view.identities:
            return ids
        told = view.history.told_of([f"{kind}:{id}" for id in ids], types)
        return [id for id in ids if f"{kind}:{id}" in told]

    def has_any(self, types: Iterable[str]) -> bool:
        """Whether any of the new events is of one of some types."""
        return not self._types.isdisjoint(types)

    def has(self, position: int) -> bool:
        """Whether the event at a position is a new one."""
        return position >= self._first

    def moves(self, position: int) -> bool:
        """Whether the movement at a position is a new one, or may read otherwise."""
        return self.has(position) or position in self.reread

    def attribute_to(self, subject: str, at_position: int) -> Recorded:
        """The new event at a position if it is one, else the first that touched the subject."""
        return self.event(at_position if self.has(at_position) else self._attributed[subject])

    def pass_on(self, subject: str, to: str) -> None:
        """Attribute what another subject makes of the answers of one that the events touch."""
        self._attributed.setdefault(to, self._attributed[subject])

    def event(self, position: int) -> Recorded:
        """A new event by its position."""
        found = self._history.mentioning(f"position:{position}") if self._history else ()
        if not found:
            raise _not_found(position)
        return found[0]


def _not_found(position: int) -> Damaged:
    return Damaged(f"Event #{position} is new, and cannot be found in the history.")


def required(mention: Mention) -> Reference | None:
    """What must be known for a mention: the thing itself, or the issuer of a new share class."""
    kind = mention.kind
    if kind.introduces and kind.refers == "class":
        return "issuer", issuer_of(mention.id)
    return (kind.refers, mention.id) if kind.must_exist else None


def bears_on_any(event: Recorded, history: History, subjects: Collection[str]) -> bool:
    """Whether an event bears on one of some subjects; on any, where there are none."""
    return not subjects or not set(bears_on(event, history)).isdisjoint(subjects)


def bears_on(event: Recorded, history: History) -> Iterator[str]:
    """The subjects an event bears on: its own, and those that it is corrected to speak of."""
    yield from sorted(subjects_of(event.type, event.data))
    yield from history.moved(event)
    if event.type.startswith("trust-"):
        yield from _entrusted(event, history)
    if event.type == IDENTIFYING:
        for id in (event.data["party"], event.data["same_as"]):
            for told in history.mentioning(f"party:{id}"):
                yield from sorted({*subjects_of(told.type, told.data), *history.moved(told)})
    if event.type in _OF_AGREEMENTS:
        yield from _bound(event, history)
    if event.type == "share-right-ended":
        for granted in history.mentioning(f"right:{event.data['right']}", RIGHTS[:1]):
            yield from sorted(subjects_of(granted.type, granted.data))


def _bound(event: Recorded, history: History) -> Iterator[str]:
    """The parties that any event of the same agreement names: they are bound by its steps."""
    for step in history.mentioning(f"agreement:{event.data['agreement']}", _OF_AGREEMENTS):
        for subject in sorted(subjects_of(step.type, step.data).union(history.moved(step))):
            if subject.startswith("party:"):
                yield subject


def _entrusted(event: Recorded, history: History) -> Iterator[str]:
    """The issuers in whose registers a trust has an account: its terms decide on its votes."""
    trust = event.data["trust"]
    yield from (f"issuer:{issuer}" for issuer in history.registers_of(trust))
    for moved in history.unposted(f"party:{trust}", MOVEMENTS):
        yield from sorted(subjects_of(moved.type, moved.data))
