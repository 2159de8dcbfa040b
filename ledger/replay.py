"""Replay: every stored event read again and checked by the rules that once accepted it.

The events are indexed in a fresh read model as they come, several batches at a time, and each batch
is checked in the history as it was when the batch was recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, groupby, islice
from typing import Protocol

from ledger.application import Ledger
from ledger.batch import MANY
from ledger.events.actor import is_actor
from ledger.events.envelope import Recorded, read_state
from ledger.events.upcasters import STREAMS_BEFORE, upcast
from ledger.events.validation import make_event
from ledger.rules import Examination, problems
from ledger.rules.fast_check import FastCheck
from ledger.rules.new_events import NewEvents
from ledger.rules.unbounded import UnboundedView
from ledger.storage.sound import sound, sound_rows
from ledger.storage.writing import LedgerStoredEvent
from ledger.time.history import History
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.values.dates import parse_stored
from ledger.values.refusals import NOT_THE_TREE, Damaged, Refused, shown
from ledger.values.text import checked_key

PAGE = 20_000  # events that are indexed together
Batch = Sequence[Recorded]
Problems = Iterator[tuple[Recorded, Refused]]
OnTolerated = Callable[[Recorded, Refused], None]


class Indexed(Protocol):
    """Where events are indexed as they come, to be seen as they were at any position."""

    def file(self, events: Iterable[Recorded]) -> Collection[int]:
        """Index the next events; returns the positions of movements that are not posted."""

    def at(self, position: int) -> History:
        """The history up to a position."""


def unremarked(event: Recorded, refused: Refused) -> None:
    """Say nothing of an event that only the rules of today refuse."""


def replayed(
    ledger: Ledger, indexed: Indexed, on_tolerated: OnTolerated = unremarked, jobs: int = 1
) -> Iterator[int]:
    """Check the whole log, yielding positions up to which it has passed.

    ``on_tolerated`` is called for each batch that keeps the rules of release 0.1.0 and not those of
    today, with what is wrong with it. ``jobs`` says how many processes may read. Raises Damaged at
    the first event that is not what an append would have stored, and at the end where they are not
    those of the tree.
    """
    tree, leaves = Frontier(), list[bytes]()
    kept = ledger.peek()

    def rows() -> Iterator[LedgerStoredEvent | Recorded]:
        for stored in sound_rows(ledger.stored, ledger.path, kept.position, jobs):
            state = stored.raw if isinstance(stored, Recorded) else stored.state
            leaves.append(leaf_hash(state))
            if len(leaves) == PAGE:
                tree.extend(leaves)
                leaves.clear()
            yield stored

    yield from audited(rows(), kept.id, indexed, on_tolerated)
    tree.extend(leaves)
    if tree.peaks() != kept.peaks:
        raise Damaged(NOT_THE_TREE)


def audited(
    rows: Iterable[LedgerStoredEvent | Recorded],
    ledger_id: str,
    indexed: Indexed,
    on_tolerated: OnTolerated = unremarked,
    thinking: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Iterator[int]:
    """Check rows that make a whole log, yielding positions up to which it has passed.

    Of a row that was found sound already, the event is given in its place. ``thinking`` is entered
    where it takes long until the next row is asked for.
    A batch was recorded at one instant, so the instant tells where batches begin and end. Raises
    Damaged at the first event that is not what an append would have stored.
    """
    audit = _Audit(indexed, on_tolerated, thinking)
    batches = groupby(_checked(rows, ledger_id), key=lambda event: event.recorded_at)
    page: list[Batch] = []
    gathered, last = 0, ""
    try:
        for recorded_at, group in batches:
            few = list(islice(group, MANY + 1))
            if recorded_at <= last:
                raise Damaged(
                    f"Recorded times fall at {recorded_at}; the log was changed from outside."
                )
            last, gathered = recorded_at, gathered + len(few)
            if len(few) <= MANY:
                page.append(few)
            if page and (gathered >= PAGE or len(few) > MANY):
                full, page, gathered = page, [], 0
                yield audit.small(full)
            if len(few) > MANY:
                yield from audit.large(chain(few, group))
    except Damaged:
        audit.small(page)  # what is wrong earlier is reported first
        raise
    if page:
        yield audit.small(page)


class _Audit:
    """Files batches and checks each of them, in order."""

    def __init__(
        self,
        indexed: Indexed,
        on_tolerated: OnTolerated,
        thinking: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._indexed, self._plain, self._position = indexed, FastCheck(), 0
        self._on_tolerated, self._thinking = on_tolerated, thinking

    def small(self, batches: Sequence[Batch]) -> int:
        """Check batches that fit in memory together; returns the last position."""
        with self._thinking():
            replayed = self._indexed.file(chain.from_iterable(batches))
            for batch in batches:
                end = batch[-1].position
                if not self._plain.is_valid(batch, replayed, self._indexed.at, self._position):
                    self._check(batch, end)
                    self._plain.forget(batch, self._indexed.at(end))
                self._position = end
        return self._position

    def large(self, batch: Iterable[Recorded]) -> Iterator[int]:
        """Check one batch that need not fit in memory, yielding positions as it is indexed."""
        new_events, events = NewEvents((), self._position + 1, indexed=True), iter(batch)
        end = self._position
        while page := list(islice(events, PAGE)):
            for event in page:
                new_events.add(event)
            self._indexed.file(page)
            end = page[-1].position
            yield end
        base, together = self._indexed.at(self._position), self._indexed.at(end)
        found = Examination(base, new_events, together).problems()
        with self._thinking():
            self._judge(found, _of_old(base, new_events, together))
        self._plain.forget_all()
        self._position = end

    def _check(self, batch: Batch, end: int) -> None:
        """Ask the rules; where anything looks wrong, as the append of the batch did."""
        base, together = self._indexed.at(self._position), self._indexed.at(end)
        if not any(problems(base, batch, together)):
            return
        self._judge(problems(base, batch), problems(base, batch, seen=UnboundedView))

    def _judge(self, found: Problems, of_old: Problems) -> None:
        """Refuse a batch in which the rules of today and those of 0.1.0 find something wrong."""
        wrong = next(found, None)
        if wrong is None:
            return
        event, refused = wrong
        if any(of_old):
            raise damaged(event, f"the rules refuse it: {refused}")
        self._on_tolerated(event, refused)


def _of_old(base: History, new_events: NewEvents, together: History) -> Problems:
    """What the rules of release 0.1.0 find wrong with new events."""
    yield from Examination(base, new_events, together, UnboundedView).problems()


def read_given(state: bytes) -> Recorded:
    """The event in stored bytes; Damaged where what a store gives with it is not as it gives it."""
    event = read_state(state)
    texts = (event.id, event.key, event.type, event.originator_id, event.recorded_at)
    numbers = (event.position, event.originator_version, event.schema)
    if {str} != set(map(type, texts)) or {int} != set(map(type, numbers)) or min(numbers) < 1:
        raise damaged(event, "its texts and numbers are not of their kind.")
    if not isinstance(event.data, dict):
        raise damaged(event, "its data are not fields.")
    if event.actor is not None and not is_actor(event.actor):
        raise damaged(event, "it does not say by whom it was recorded, as events of its form do.")
    try:
        for name in (event.id, event.key):
            checked_key(name)
        parse_stored(event.recorded_at)
    except ValueError as error:
        raise damaged(event, f"no store gives what it bears: {error}") from None
    return event


def _checked(rows: Iterable[LedgerStoredEvent | Recorded], ledger_id: str) -> Iterator[Recorded]:
    """Each event after its bytes, columns and fields are compared with what they must be."""
    versions: dict[str, int] = {}
    actors = False
    for stored in rows:
        if isinstance(stored, Recorded):
            event = stored
        else:
            event = sound(stored, ledger_id) or looked_at(stored, ledger_id)
        versions[event.originator_id] = version = versions.get(event.originator_id, 0) + 1
        if event.originator_version != version:
            raise damaged(event, "its stream has a gap before it.")
        if actors and event.actor is None:
            raise damaged(event, "it does not say by whom, and the event before it does.")
        actors = event.actor is not None
        yield event


def looked_at(stored: LedgerStoredEvent, ledger_id: str) -> Recorded:
    """The event in a row, as of the newest schema; Damaged where no append would write it so."""
    event = read_given(stored.state)
    try:
        state, content = event.written(ledger_id)
    except (ValueError, TypeError, RecursionError):
        raise damaged(event, "its bytes hold what no event can.") from None
    if state != stored.state:
        raise damaged(event, "its bytes are not the canonical bytes of this ledger.")
    columns = (stored.position, stored.originator_id, stored.originator_version, stored.key)
    if columns != (event.position, event.originator_id, event.originator_version, event.key):
        raise damaged(event, "its columns do not match its bytes.")
    if stored.topic != event.type or stored.content != content:
        raise damaged(event, "its type or content digest does not match its bytes.")
    newest = upcast(event)
    _check_fields(newest, event.schema)
    return newest


def _check_fields(event: Recorded, schema: int) -> None:
    """Refuse as damaged what an append would not have written; ``schema`` is that of its bytes."""
    try:
        made = make_event(event.type, event.data)
    except Refused as refused:
        raise damaged(event, f"it is not a sound event: {refused}") from None
    data = made.data
    stream = STREAMS_BEFORE.get((event.type, schema), made.stream)
    if data != event.data or stream.format_map(data) != event.originator_id:
        raise damaged(event, "its fields or stream are not as an append writes them.")
    if made.schema_number != event.schema:
        raise damaged(event, f"its schema {event.schema} is not known to this release.")


def damaged(event: Recorded, why: str) -> Damaged:
    """The error that names an event and what is wrong with it."""
    key, type_name = (shown(name)[1:-1] for name in (event.key, event.type))
    return Damaged(f"Event #{event.position} {key} ({type_name}) is damaged: {why}")
