"""Batches: drafts made into events, page by page, each key and each stream looked up."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from ledger.events.base import Event
from ledger.events.envelope import Recorded, canonical, digest_in, digest_of, enveloped
from ledger.events.one_pass import Said
from ledger.events.references import REFERENCES
from ledger.model.fact import uncited
from ledger.storage.stored_log import Facts
from ledger.time.history import AMENDMENTS, SOURCE_EVENTS, known_when_recorded
from ledger.values.dates import UNKNOWN, days_before, parse_effective
from ledger.values.refusals import MOST_TOLD, Refusal, Refused, all_of, shown, to_run
from ledger.values.text import look_alike
from ledger.values.warnings import Warned, WarningKind

_BY_HAND = (*AMENDMENTS, *SOURCE_EVENTS)  # what a draft of another content does not correct
_OPTIONS = ("known_on", "standing", "inferred_from", "kind")  # of `correct` itself
NAMED = 5  # of many events that a warning is about
LATE_DAYS = 7  # after which it is said that an event became known late
MANY = 5_000  # events that are told and checked in memory; more are indexed first


@dataclass(frozen=True)
class Draft:
    """An event asked to be recorded: under a key, from a place in a file or a command."""

    event: Event | Said
    key: str
    place: str = ""
    key_given: bool = True
    again: bool = False


@dataclass(frozen=True)
class Misread:
    """What stands among the drafts of a batch and is refused: why, and its fields as given."""

    refused: Refused
    fields: Any = None


@dataclass(frozen=True)
class Receipt:
    """What became of a batch: each draft's event, and which of them were recorded only now.

    ``events`` is empty where there were more than ``MANY``; ``known`` counts those recorded before.
    ``known_today`` counts the new events that are known only from the day of recording, having no
    source and no known date, and ``known_late`` those that took effect over a week before it.
    ``left_out`` says which warnings were not looked for, the batch being too large;
    ``verdicts`` are rows of what clauses say of the events.
    ``size`` and ``root`` are those of the tree over the whole log after it (none of a dry run).
    """

    events: tuple[Recorded, ...]
    new: Collection[int]
    known: int
    recorded_at: str
    warnings: tuple[Warned, ...] = ()
    known_today: int = 0
    known_late: int = 0
    left_out: tuple[str, ...] = ()
    verdicts: tuple[Mapping[str, Any], ...] = ()
    size: int = 0
    root: bytes = b""


class DraftPlaces:
    """Where the drafts of a batch came from; lines that follow one another take no room."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, str, int]] = []  # first number, file, its line; -1 without one
        self._count = 0

    def add(self, place: str) -> None:
        """Keep the place of one more draft, such as ``events.jsonl:12``."""
        name, _, line = place.rpartition(":")
        name, at = (name, int(line)) if line.isdecimal() else (place, -1)
        first, last_name, last = self._runs[-1] if self._runs else (0, "", 0)
        due = last + self._count - first if last >= 0 else -1
        if not self._runs or (name, at) != (last_name, due):
            self._runs.append((self._count, name, at))
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> str:
        first, name, line = self._runs[bisect(self._runs, number, key=itemgetter(0)) - 1]
        return name if line < 0 else f"{name}:{line + number - first}"


class Recorder(Protocol):
    """What is recorded already, as a batch asks for it."""

    def facts(self, keys: Sequence[str], digests: Sequence[bytes], streams: Sequence[str]) -> Facts:
        """What is known under keys, of what is said, and of streams."""

    def later(self, stream: str, version: int) -> list[Recorded]:
        """The events of a stream after a version of it."""


class Batch:
    """Makes events of drafts, from a position on, all with one recorded time.

    ``events`` has each draft's event, up to ``MANY``; ``places`` those of the new ones, in order.
    """

    def __init__(
        self,
        recorder: Recorder,
        new_id: Callable[[], str],
        ledger_id: str,
        position: int,
        recorded_at: str,
        expected_version: int | None,
        clock_refused: Refused | None = None,
        actor: Mapping[str, str] | None = None,
    ) -> None:
        self._recorder, self._new_id, self._ledger = recorder, new_id, ledger_id
        self.first, self.recorded_at = position + 1, recorded_at
        self._expected, self._clock_refused = expected_version, clock_refused
        self._actor, self._actor_written = actor, canonical(actor) if actor else b""
        self.events: list[Recorded] = []
        self.places = DraftPlaces()
        self.refused: list[Refused] = []
        self.misread: list[Any] = []  # the fields of what is no event
        self.known = 0
        self._uncited: list[int] = []
        self._today, self._late = 0, list[int]()
        self._deceiving: list[Warned] = []
        self._week_before = days_before(recorded_at[:10], LATE_DAYS)
        self._fresh: dict[str, Recorded] = {}
        self._said: dict[bytes, Recorded] = {}  # by what they say, as far as anybody asked
        self._unsaid: list[Recorded] = []
        self._versions: dict[str, int] = {}
        self._known = Facts({}, {}, {})

    @property
    def new(self) -> range:
        """The positions of the new events."""
        return range(self.first, self.first + len(self.places))

    def page(self, items: Sequence[Draft | Misread]) -> list[Recorded]:
        """The new events of some more drafts.

        Kept in ``refused`` is what is no event, a key that is taken by something else, and an event
        without a key of its own that is recorded already. Raises Refused where its stream has moved
        on, where the clock is refused, and where more is wrong than is told.
        """
        drafts = [item for item in items if isinstance(item, Draft)]
        for item in items:
            if isinstance(item, Misread):
                self._refuse(item.refused, item.fields)
        self._known, found = self._looked_up(drafts), []
        for draft in drafts:
            known = self._known.recorded.get(draft.key) or self._fresh.get(draft.key)
            try:
                if known is not None:
                    self._keep(_same(draft, known, told=draft.key in self._known.recorded))
                    self.known += 1
                    continue
                self._refuse_twin(draft)
            except Refused as refused:
                self._refuse(refused, draft.event.data)
                continue
            event = self._event(draft)
            self.places.add(draft.place)
            self._fresh[draft.key] = event
            self._unsaid.append(event)
            if uncited(event.data):
                self._uncited.append(event.position)
            self._count_known(event)
            self._deceiving += _deceiving(event)
            self._keep(event)
            found.append(event)
        return found

    def warnings(self) -> Iterator[Warned]:
        """What is to be said of the events as they are told, apart from the history."""
        yield from self._deceiving
        if self._uncited:
            count, named, first = _counted(self._uncited)
            events = "official event cites" if count == 1 else "official events cite"
            later = f"`stakebook corroborate {first} --source SOURCE`"
            remedy = f"Give citations, or add them later: {later}."
            what = f"{count} {events} no source: {named}."
            yield Warned(WarningKind.NO_SOURCE, what, remedy, first if count == 1 else None)
        if self._late:
            count, named, first = _counted(self._late)
            events = "event is" if count == 1 else "events are"
            yield Warned(
                WarningKind.KNOWN_LATE,
                f"{count} {events} known only from {self.recorded_at[:10]}, over {LATE_DAYS} days"
                f" after taking effect: {named}.",
                "What was known then is recorded with --known-on effective, or a date; a batch"
                " says it once, as known_on in its defaults.",
                first if count == 1 else None,
            )

    def inserted(self) -> None:
        """What was made so far is in the log now, where it is found as well."""
        self._fresh.clear()
        self._said.clear()
        self._unsaid.clear()

    def receipt(
        self,
        warnings: Iterable[Warned],
        left_out: tuple[str, ...],
        verdicts: tuple[Mapping[str, Any], ...] = (),
    ) -> Receipt:
        """What became of the batch; each warning, by number, with the place of its event."""
        told = sorted(warnings, key=lambda one: one.kind.value)
        placed = (w.at(self.places[w.position - self.first]) if w.position else w for w in told)
        return Receipt(
            tuple(self.events), self.new, self.known, self.recorded_at, tuple(placed),
            self._today, len(self._late), left_out, verdicts,
        )  # fmt: skip

    def _refuse(self, refused: Refused, fields: Any) -> None:
        self.refused += refused.each()
        self.misread.append(fields)
        if len(self.refused) >= MOST_TOLD:
            raise all_of(self.refused)

    def _count_known(self, event: Recorded) -> None:
        """Count an event that is known from the day of recording."""
        if not known_when_recorded(event):
            return
        self._today += 1
        effective = parse_effective(event.data.get("effective_on", UNKNOWN))
        if effective.last < self._week_before:
            self._late.append(event.position)

    def _keep(self, event: Recorded) -> None:
        if len(self.places) + self.known <= MANY:
            self.events.append(event)
        else:
            self.events.clear()

    def _event(self, draft: Draft) -> Recorded:
        if self._clock_refused is not None:
            raise self._clock_refused
        event = draft.event
        stream = _stream(event)
        version = self._versions.get(stream) or self._known.versions.get(stream, 0)
        if self._expected is not None and version != self._expected:
            raise self._written_meanwhile(draft, stream, version)
        self._versions[stream] = version + 1
        told = (
            self.new.stop, stream, version + 1, self._new_id(), draft.key, event.type,
            event.schema_number, self.recorded_at,
        )  # fmt: skip
        raw = enveloped(self._ledger, event.written, *told, self._actor_written)
        return Recorded(*told, event.data, raw, actor=self._actor)

    def _looked_up(self, drafts: Sequence[Draft]) -> Facts:
        """What is recorded of some drafts, asked at once."""
        streams = {_stream(draft.event) for draft in drafts}
        digests = {_digest(draft) for draft in drafts if _may_be_twin(draft)}
        new = [stream for stream in streams if stream not in self._versions]
        return self._recorder.facts([draft.key for draft in drafts], list(digests), new)

    def _refuse_twin(self, draft: Draft) -> None:
        """Without a key of its own, an event that says what another one said is a mistake."""
        if not _may_be_twin(draft):
            return
        for event in self._unsaid:
            self._said.setdefault(digest_in(event.raw, event.type), event)
        self._unsaid.clear()
        digest = _digest(draft)
        recorded = self._known.twins.get(digest)
        twin = recorded or self._said.get(digest)
        if twin is not None:
            raise Refused(
                Refusal.IDENTICAL_EVENT,
                f"The same event is recorded as #{twin.position}, key {shown(twin.key)}.",
                "If it happened twice, give each a key, or append with --again."
                + (f" See {to_run('show', twin.position)}." if recorded else ""),
                draft.place,
            )

    def _written_meanwhile(self, draft: Draft, stream: str, found: int) -> Refused:
        events = self._recorder.later(stream, min(self._expected or 0, found))
        unseen = [f"#{event.position} {event.key}" for event in events]
        return Refused(
            Refusal.WRITTEN_MEANWHILE,
            f"{stream} is at version {found}, not {self._expected}"
            + (f"; you have not seen {', '.join(unseen)}." if unseen else "."),
            "Look at what was written, then append again with the version you have seen."
            + (f" See {to_run('show', events[-1].position)}." if events else ""),
            draft.place,
        )


def _stream(event: Event | Said) -> str:
    return event.stream.format_map(event.data)


def _may_be_twin(draft: Draft) -> bool:
    return not (draft.key_given or draft.again)


def _digest(draft: Draft) -> bytes:
    return digest_of(draft.event.type, draft.event.written)


def _counted(positions: Sequence[int]) -> tuple[int, str, int]:
    """How many events there are, the first of them named, and the very first."""
    more = f" and {len(positions) - NAMED} more" if len(positions) > NAMED else ""
    named = ", ".join(f"#{at}" for at in positions[:NAMED])
    return len(positions), f"{named}{more}", positions[0]


def _deceiving(event: Recorded) -> Iterator[Warned]:
    for name in ("name", "title"):
        if name in event.data and (found := look_alike(event.data[name])):
            what = f"{name}: {found}"
            yield Warned(WarningKind.LETTERS_THAT_DECEIVE, what, position=event.position)


def _correcting(
    known: Recorded, ours: Mapping[str, Any], theirs: Mapping[str, Any], differing: Sequence[str]
) -> str:
    """The end of a sentence: the command that makes a recorded event say what a draft says; where
    only a person can decide that, the one that shows it."""
    texts = all(isinstance(side.get(n, ""), str) for side in (ours, theirs) for n in differing)
    made_known = {field for field, _, _, introduces in REFERENCES[known.type] if introduces}
    if (
        "type" in differing
        or not texts
        or made_known.intersection(differing)
        or known.type in _BY_HAND
    ):
        return f". See {to_run('show', known.position)}"
    words: list[str] = []
    for name in differing:
        flag = name.replace("_", "-")
        if name not in ours:
            words += ["--without", flag]
        else:
            words += [f"--corrected-{flag}" if name in _OPTIONS else f"--{flag}", ours[name]]
    return f": {to_run('correct', known.position, *words, '--because', '...')}"


def _same(draft: Draft, known: Recorded, *, told: bool) -> Recorded:
    """The event known under a draft's key; ``told`` says whether it can be asked for."""
    if (known.type, known.data) == (draft.event.type, draft.event.data):
        return known
    ours, theirs = (
        {"type": draft.event.type, **draft.event.data},
        {"type": known.type, **known.data},
    )
    differing = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    raise Refused(
        Refusal.KEY_REUSED,
        f"Key {shown(draft.key)} is taken by #{known.position}, which differs in"
        f" {', '.join(differing)}.",
        "Give another key, or correct the recorded event"
        + (f"{_correcting(known, ours, theirs, differing)}." if told else "."),
        draft.place,
    )
