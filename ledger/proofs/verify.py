"""Verification: is a history whole, unaltered, and the one that was signed and seen before?

What is found comes with its place, what was checked and what was not are both told, and where two
signed checkpoints contradict each other both are handed over: they are proof that stands alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from ledger.proofs.audit_export import Evidence
from ledger.proofs.scan import Finding, Scan, examined, listed_root
from ledger.proofs.snapshot import origin_of
from ledger.transparency.key_chain import Chain, sealing, witness
from ledger.transparency.signed_notes import Checkpoint, Note, Verifier, encoded, read_checkpoint
from ledger.values.dates import LAST_SECOND
from ledger.values.refusals import Refusal, Refused

TOLD = 20  # findings of one kind; more are summed up
WITNESS_CLOCKS = timedelta(minutes=5)  # how far a witness's clock and the ledger's may differ


@dataclass(frozen=True)
class Trust:
    """What the one who verifies brings: keys, a checkpoint seen before, and the time.

    ``thorough`` asks to read in full what signed roots already vouch for.
    """

    key: Verifier | None = None
    last_seen: Note | None = None
    witnesses: tuple[Verifier, ...] = ()
    max_age: timedelta | None = None
    now: datetime | None = None
    thorough: bool = False


@dataclass
class Report:
    """What verification found: the size and root of the history, and how far each was checked.

    ``sealed`` is the number of events under the newest checkpoint that counts, ``checkpoint`` that
    under the newest one whose root is theirs, whoever signed it; ``evidence`` holds
    the notes that contradict each other, ``shown`` what was proven, in its own bytes, and ``keys``
    those of the ledger, one signed in by the other.
    """

    ledger: str
    events: int = 0
    root: str = ""
    sealed: int = 0
    checkpoint: int = 0
    findings: list[Finding] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    evidence: list[Note] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    keys: tuple[Verifier, ...] = ()

    @property
    def covered(self) -> str:
        """How much of the history is under a checkpoint, and whether its signatures were read."""
        if self.keys:
            return f"{self.sealed} sealed"
        if self.checkpoint:
            return f"{self.checkpoint} under a checkpoint, its signatures not read"
        return "no checkpoint"


def verify(
    evidence: Evidence, trust: Trust, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Verify a ledger or an export against what the verifier brings.

    Raises Refused where what is brought is unusable or of another ledger.
    """
    return _Verification(evidence, trust, progress).report


class _Signed(NamedTuple):
    """A checkpoint that counts, a time signed for it, and the witness; "" is the ledger itself."""

    checkpoint: Checkpoint
    at: datetime
    witness: str = ""


class _Verification:
    def __init__(self, evidence: Evidence, trust: Trust, progress: Callable[[int], None]) -> None:
        self._kept_notes, self._trust = evidence, trust
        self.report = Report(evidence.id)
        self._altered = False
        self._read_all = trust.thorough or trust.key is None
        seen = trust.last_seen
        self._seen = self._own(read_checkpoint(seen)) if seen else None
        self._kept = [(note, read_checkpoint(note)) for note in evidence.notes()]
        sizes = [checkpoint.size for _, checkpoint in self._kept]
        self._scan = scan = Scan(
            evidence, [*sizes, *([self._seen.size] if self._seen else [])], progress
        )
        self.report.events, self.report.root = scan.size, encoded(scan.root)
        self._chain = Chain(sealing(trust.key), scan.rotations) if trust.key else None
        self.report.keys = tuple(t.verifier for t in self._chain.tenures) if self._chain else ()
        self._counting = list(self._count())
        self._compare_claims()
        counting = [*self._counting, *self._compare_last_seen()]
        self._times = self._signed_times(counting)
        self._hear_witnesses()
        self._compare_times()
        self._compare_columns()
        self._look_closer()
        _tell(self.report, trust, self._chain, timed=bool(self._times))

    def _own(self, checkpoint: Checkpoint) -> Checkpoint:
        if checkpoint.origin != origin_of(self._kept_notes.id):
            raise Refused(
                Refusal.OTHER_LEDGER,
                f"The checkpoint last seen is of {checkpoint.origin}, not of this ledger,"
                f" {origin_of(self._kept_notes.id)}.",
                "Give the checkpoint of this ledger.",
            )
        return checkpoint

    def _find(self, place: str, wrong: str, *evidence: Note | None) -> None:
        self.report.findings.append(Finding(place, wrong))
        for note in evidence:
            if note is not None and note not in self.report.evidence:
                self.report.evidence.append(note)

    def _count(self) -> Iterator[tuple[Note, Checkpoint]]:
        """The checkpoints that count: of this ledger, signed by a key of its chain, and right."""
        origin = origin_of(self._kept_notes.id)
        for position, wrong in self._chain.refused if self._chain else ():
            self._find(self._kept_notes.place(position), f"The key is changed wrongly: {wrong}")
        for note, checkpoint in self._kept:
            place = f"checkpoint of {checkpoint.size} events"
            if checkpoint.origin != origin:
                self._find(place, f"It is of another log, {checkpoint.origin}.")
                continue
            try:
                signed = self._chain is not None and self._chain.signs(note, checkpoint.size)
                retired = (
                    not signed
                    and self._chain is not None
                    and any(tenure.verifier.signed(note) for tenure in self._chain.tenures)
                )
            except Refused as refused:
                self._find(place, f"{refused.wrong} The whole checkpoint is refused.")
                continue
            if retired:
                self._find(place, "It is signed by a key of another time of this ledger.")
            right = self._fits(place, note, checkpoint)
            if right:
                self.report.checkpoint = max(self.report.checkpoint, checkpoint.size)
            if signed and right:
                yield note, checkpoint
        if self._trust.key and not self.report.findings and not self._kept:
            self._find("the whole history", "There is no checkpoint in it: nobody has sealed it.")

    def _fits(self, place: str, note: Note, checkpoint: Checkpoint) -> bool:
        if checkpoint.size > self._scan.size:
            self._find(
                place,
                f"There are only {self._scan.size} events: the end is missing.",
                note,
            )
        elif checkpoint.root != self._scan.roots[checkpoint.size]:
            self._altered = True
            self._find(place, "The events up to it are not those that were sealed.", note)
        else:
            return True
        return False

    def _compare_claims(self) -> None:
        """The events must be those the header, or the frontier kept beside them, speaks of."""
        report, evidence = self.report, self._kept_notes
        report.sealed = max((c.size for _, c in self._counting), default=0)
        if self._trust.key and not self._counting and not report.findings:
            self._find("the checkpoints", f"None is signed by {self._trust.key}.")
        if evidence.size != self._scan.size:
            self._find(
                "the whole history",
                f"It says that it holds {evidence.size} events, and holds {self._scan.size}.",
            )
        elif evidence.claimed_root != self._scan.root:
            self._find("the whole history", "Its root is not that of the events in it.")
        elif self._read_all and listed_root(evidence) != self._scan.root:
            self._find("the whole history", "The hashes listed are not those of the events in it.")

    def _compare_last_seen(self) -> Iterator[tuple[Note, Checkpoint]]:
        """The checkpoint last seen, where it counts as those of the history do."""
        seen, note, scan = self._seen, self._trust.last_seen, self._scan
        if seen is None or note is None:
            return
        newest = self._counting[-1][0] if self._counting else None
        place = f"checkpoint last seen, of {seen.size} events"
        signed = False
        try:
            signed = self._chain is not None and self._chain.signs(note, seen.size)
            _ = [verifier.times(note) for verifier in self._trust.witnesses]
            if self._chain and not signed:
                self._find(place, f"It is not signed by {self._trust.key}.")
        except Refused as refused:
            self._find(place, refused.wrong)
        if seen.size > scan.size:
            self._find(
                place, f"There are only {scan.size} events now: the end was cut off.", note, newest
            )
        elif seen.root != scan.roots[seen.size]:
            self._find(
                place,
                "The history no longer begins with the events it was of: it was forked or"
                " rewritten. Both checkpoints are below.",
                note,
                newest,
            )
        else:
            self.report.checked.append(
                f"The history begins with the {seen.size} events of the checkpoint last seen."
            )
            if signed:
                yield note, seen

    def _hear_witnesses(self) -> None:
        for verifier in map(witness, self._trust.witnesses):
            heard: tuple[int, int] | None = None
            for note, checkpoint in self._kept:
                try:
                    for time in verifier.times(note):
                        if time is not None and (note, checkpoint) in self._counting:
                            heard = max(heard or (0, 0), (checkpoint.size, time))
                except Refused as refused:
                    self._find(f"checkpoint of {checkpoint.size} events", refused.wrong, note)
            if heard is None:
                self._find("the checkpoints", f"None that counts is cosigned by {verifier.name}.")
            else:
                self.report.checked.append(
                    f"{verifier.name} saw the first {heard[0]} events at {moment_of(heard[1])}."
                )

    def _signed_times(self, counting: Sequence[tuple[Note, Checkpoint]]) -> list[_Signed]:
        found = []
        for note, checkpoint in counting:
            own = self._chain.times(note) if self._chain else []
            found += [_Signed(checkpoint, moment_of(time)) for time in own]
            for verifier in self._trust.witnesses:
                times = _without_forged(verifier, note)
                found += [_Signed(checkpoint, moment_of(t), verifier.name) for t in times]
        return found

    def _compare_times(self) -> None:
        """No event under a checkpoint is later than its signing, none after it earlier than that.

        A witness may cosign when more is recorded already: that is told, and nothing wrong.
        """
        instants = self._scan.instants
        for checkpoint, signed, by in self._times:
            tolerance = WITNESS_CLOCKS if by else timedelta()
            place, next_place = (f"event #{checkpoint.size + n}" for n in (0, 1))
            before, after = instants.get(checkpoint.size, ""), instants.get(checkpoint.size + 1, "")
            if checkpoint.size and before >= _stored(signed, tolerance + timedelta(seconds=1)):
                self._find(place, f"It claims {before}, but was sealed already at {signed}.")
            late = checkpoint.size < self._scan.size and "" < after < _stored(signed, -tolerance)
            if late and not by:
                self._find(next_place, f"It claims {after}, but was not there yet at {signed}.")
            elif late:
                self.report.unchecked.append(
                    f"Whether {next_place} was recorded at {after}: {by} cosigned those before it"
                    f" at {signed}. It was asked late, or the event is back-dated."
                )
        compare_age(self.report, [signed for _, signed, _ in self._times], self._trust)

    def _compare_columns(self) -> None:
        """What a ledger keeps beside the bytes of its events must be what they say."""
        found = self._kept_notes.differing()
        if found is None:
            return
        wrong = list(islice(found, TOLD))
        self.report.findings += [Finding(*each) for each in wrong]
        if not wrong:
            self.report.checked.append("The columns beside the events say what the events say.")

    def _look_closer(self) -> None:
        """Name what is wrong, and read in full what nobody has signed for."""
        file_error = bool(self.report.findings) or not self._scan.valid
        after = 0 if file_error or self._trust.thorough else self.report.sealed
        found = examined(self._kept_notes, after, hashes=file_error)
        told = list(islice(found, TOLD))
        self.report.findings[:0] = told
        if next(found, None) is not None:
            self._find("further on", "There is more that is wrong.")
        if not told and self._altered:
            self._bisect()
        if not self._scan.valid and not self.report.findings:
            self._find("the whole history", "An event is out of its place or time.")

    def _bisect(self) -> None:
        good = self.report.sealed
        bad = [c.size for _, c in self._kept if good < c.size <= self._scan.size]
        if bad and self._counting:
            self._find(
                f"events #{good + 1} to #{min(bad)}",
                "One of them is not the one that was sealed.",
            )


def compare_age(report: Report, times: Sequence[datetime], trust: Trust) -> None:
    """The newest checkpoint is not too old, and none is of a time that is yet to come."""
    place, newest = "the checkpoints", max(times, default=None)
    if trust.now is None:
        return
    if newest is not None and newest > trust.now + WITNESS_CLOCKS:
        wrong = f"The newest claims {newest}, which is yet to come."
        report.findings.append(Finding(place, wrong))
    if trust.max_age is None:
        return
    if newest is None:
        wrong = "No signed time could be read" + ("." if trust.key else ": give --key.")
        report.findings.append(Finding(place, wrong))
    elif newest < trust.now - trust.max_age:
        report.findings.append(Finding(place, f"The newest is of {newest}: too old."))
    else:
        report.checked.append(f"The newest checkpoint is of {newest}.")


def _without_forged(verifier: Verifier, note: Note) -> list[int]:
    try:
        return [time for time in verifier.times(note) if time is not None]
    except Refused:
        return []  # told where witnesses are heard


def _tell(report: Report, trust: Trust, chain: Chain | None, *, timed: bool) -> None:
    """Say what was checked, and what was not."""
    checked, unchecked = [], []
    if not report.findings:
        checked.append(f"{report.events} events stand in their places, none missing or twice.")
        checked.append("Recorded times never fall.")
    if report.sealed and trust.key and chain:
        checked.append(f"The first {report.sealed} events are those sealed by {trust.key.name}.")
        checked += [
            f"Event #{tenure.first} hands over to {tenure.verifier}, signed in."
            for tenure in chain.tenures[1:]
        ]
    if timed and not report.findings:
        checked.append("Recorded times agree with the times that were signed.")
    if trust.key is None:
        unchecked.append("Who sealed it: no --key was given, so every signature was left unread.")
    elif report.sealed < report.events:
        unchecked.append(
            f"Events #{report.sealed + 1} to #{report.events}: they came after the last"
            " checkpoint, and nobody has signed for them."
        )
    if trust.last_seen is None:
        unchecked.append(
            "Whether the end was cut off, or all of it rewritten by whoever holds the key: no"
            " --last-seen checkpoint was given"
            + (", the witnesses vouch for what they saw." if trust.witnesses else ", no --witness.")
        )
    if not timed:
        unchecked.append("When events were recorded: no time was signed, or no key was given.")
    elif not trust.witnesses:
        unchecked.append("When events were recorded, beyond what the ledger's own clock says.")
    if trust.max_age is None:
        unchecked.append("Whether this is the newest state: no --max-age was given.")
    if report.sealed and not trust.thorough and not report.findings:
        unchecked.append(
            "That the sealed bytes are well-formed events, each read in one way only, and the leaf"
            " hashes beside them theirs: --thorough reads all in full."
        )
    unchecked.append(
        "That the events obey the rules, and that the read model says what the events say:"
        " `stakebook replay` does that."
    )
    unchecked.append("That what was recorded is true, and that everything was recorded.")
    report.checked[:0] = checked
    report.unchecked += unchecked


def moment_of(time: int) -> datetime:
    """A signed time; one beyond the calendar stands at its end."""
    return datetime.fromtimestamp(min(time, LAST_SECOND), UTC)


def _stored(moment: datetime, shift: timedelta = timedelta()) -> str:
    """An instant as events tell it; one beyond the calendar stands at its end."""
    try:
        moment += shift
    except OverflowError:
        moment = moment_of(LAST_SECOND if shift > timedelta() else 0)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
