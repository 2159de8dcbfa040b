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
from ledger.proofs.scan import Finding, Scan, examined, listed_root, scan
from ledger.proofs.snapshot import origin_of
from ledger.transparency.key_chain import Chain, chain_of, sealing, witness
from ledger.transparency.signed_notes import Checkpoint, Note, Verifier, encoded, read_checkpoint
from ledger.values.dates import LAST_SECOND
from ledger.values.refusals import Refusal, Refused

MOST_LISTED = 20  # findings of one kind; more are summed up
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
    seen = _own(read_checkpoint(trust.last_seen), evidence) if trust.last_seen else None
    kept = [(note, read_checkpoint(note)) for note in evidence.notes()]
    sizes = [checkpoint.size for _, checkpoint in kept] + ([seen.size] if seen else [])
    scanned = scan(evidence, sizes, progress)
    chain = chain_of(sealing(trust.key), scanned.rotations) if trust.key else None
    report = Report(evidence.id, scanned.size, encoded(scanned.root))
    report.keys = tuple(tenure.verifier for tenure in chain.tenures) if chain else ()
    verification = _Verification(evidence, trust, seen, kept, scanned, chain, report)
    _tell(report, trust, chain, timed=verification.compare())
    return report


def _own(checkpoint: Checkpoint, evidence: Evidence) -> Checkpoint:
    if checkpoint.origin != origin_of(evidence.id):
        raise Refused(
            Refusal.OTHER_LEDGER,
            f"The checkpoint last seen is of {checkpoint.origin}, not of this ledger,"
            f" {origin_of(evidence.id)}.",
            "Give the checkpoint of this ledger.",
        )
    return checkpoint


class _Signed(NamedTuple):
    """A checkpoint that counts, a time signed for it, and the witness; "" is the ledger itself."""

    checkpoint: Checkpoint
    at: datetime
    witness: str = ""


@dataclass
class _Verification:
    """What is compared with what; ``report`` takes what is found."""

    evidence: Evidence
    trust: Trust
    seen: Checkpoint | None
    kept: list[tuple[Note, Checkpoint]]
    scan: Scan
    chain: Chain | None
    report: Report
    counting: list[tuple[Note, Checkpoint]] = field(default_factory=list)
    altered: bool = False

    def compare(self) -> bool:
        """Compare everything; whether any time was signed."""
        self.counting += self._count()
        self._compare_claims()
        times = self._signed_times([*self.counting, *self._compare_last_seen()])
        self._hear_witnesses()
        self._compare_times(times)
        self._compare_columns()
        self._look_closer()
        return bool(times)

    def _find(self, place: str, wrong: str, *evidence: Note | None) -> None:
        self.report.findings.append(Finding(place, wrong))
        for note in evidence:
            if note is not None and note not in self.report.evidence:
                self.report.evidence.append(note)

    def _count(self) -> Iterator[tuple[Note, Checkpoint]]:
        """The checkpoints that count: of this ledger, signed by a key of its chain, and right."""
        origin = origin_of(self.evidence.id)
        for position, wrong in self.chain.refused if self.chain else ():
            self._find(self.evidence.place(position), f"The key is changed wrongly: {wrong}")
        for note, checkpoint in self.kept:
            place = f"checkpoint of {checkpoint.size} events"
            if checkpoint.origin != origin:
                self._find(place, f"It is of another log, {checkpoint.origin}.")
                continue
            try:
                signed = self.chain is not None and self.chain.signs(note, checkpoint.size)
                tenures = self.chain.tenures if self.chain and not signed else []
                retired = any(tenure.verifier.signed(note) for tenure in tenures)
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
        if self.trust.key and not self.report.findings and not self.kept:
            self._find("the whole history", "There is no checkpoint in it: nobody has sealed it.")

    def _fits(self, place: str, note: Note, checkpoint: Checkpoint) -> bool:
        if checkpoint.size > self.scan.size:
            self._find(place, f"There are only {self.scan.size} events: the end is missing.", note)
        elif checkpoint.root != self.scan.roots[checkpoint.size]:
            self.altered = True
            self._find(place, "The events up to it are not those that were sealed.", note)
        else:
            return True
        return False

    def _compare_claims(self) -> None:
        """The events must be those the header, or the frontier kept beside them, speaks of."""
        report, evidence = self.report, self.evidence
        read_all = self.trust.thorough or self.trust.key is None
        report.sealed = max((c.size for _, c in self.counting), default=0)
        if self.trust.key and not self.counting and not report.findings:
            self._find("the checkpoints", f"None is signed by {self.trust.key}.")
        if evidence.size != self.scan.size:
            self._find(
                "the whole history",
                f"It says that it holds {evidence.size} events, and holds {self.scan.size}.",
            )
        elif evidence.claimed_root != self.scan.root:
            self._find("the whole history", "Its root is not that of the events in it.")
        elif read_all and listed_root(evidence) != self.scan.root:
            self._find("the whole history", "The hashes listed are not those of the events in it.")

    def _compare_last_seen(self) -> Iterator[tuple[Note, Checkpoint]]:
        """The checkpoint last seen, where it counts as those of the history do."""
        seen, note, scanned = self.seen, self.trust.last_seen, self.scan
        if seen is None or note is None:
            return
        newest = self.counting[-1][0] if self.counting else None
        place = f"checkpoint last seen, of {seen.size} events"
        signed = False
        try:
            signed = self.chain is not None and self.chain.signs(note, seen.size)
            _ = [verifier.times(note) for verifier in self.trust.witnesses]
            if self.chain and not signed:
                self._find(place, f"It is not signed by {self.trust.key}.")
        except Refused as refused:
            self._find(place, refused.wrong)
        if seen.size > scanned.size:
            self._find(
                place,
                f"There are only {scanned.size} events now: the end was cut off.",
                note,
                newest,
            )
        elif seen.root != scanned.roots[seen.size]:
            self._find(
                place,
                "The history no longer begins with the events it was of: it was forked or"
                " rewritten. Both checkpoints are below.", note, newest,
            )  # fmt: skip
        else:
            self.report.checked.append(
                f"The history begins with the {seen.size} events of the checkpoint last seen."
            )
            if signed:
                yield note, seen

    def _hear_witnesses(self) -> None:
        for verifier in map(witness, self.trust.witnesses):
            latest: tuple[int, int] | None = None
            for note, checkpoint in self.kept:
                try:
                    for time in verifier.times(note):
                        if time is not None and (note, checkpoint) in self.counting:
                            latest = max(latest or (0, 0), (checkpoint.size, time))
                except Refused as refused:
                    self._find(f"checkpoint of {checkpoint.size} events", refused.wrong, note)
            if latest is None:
                self._find("the checkpoints", f"None that counts is cosigned by {verifier.name}.")
            else:
                self.report.checked.append(
                    f"{verifier.name} saw the first {latest[0]} events at {moment_of(latest[1])}."
                )

    def _signed_times(self, counting: Sequence[tuple[Note, Checkpoint]]) -> list[_Signed]:
        found = []
        for note, checkpoint in counting:
            own = self.chain.times(note) if self.chain else []
            found += [_Signed(checkpoint, moment_of(time)) for time in own]
            for verifier in self.trust.witnesses:
                times = _without_forged(verifier, note)
                found += [_Signed(checkpoint, moment_of(t), verifier.name) for t in times]
        return found

    def _compare_times(self, times: Sequence[_Signed]) -> None:
        """No event under a checkpoint is later than its signing, none after it earlier than that.

        A witness may cosign when more is recorded already: that is told, and nothing wrong.
        """
        instants = self.scan.instants
        for checkpoint, signed, by in times:
            tolerance = WITNESS_CLOCKS if by else timedelta()
            place, next_place = (f"event #{checkpoint.size + n}" for n in (0, 1))
            before, after = instants.get(checkpoint.size, ""), instants.get(checkpoint.size + 1, "")
            if checkpoint.size and before >= _stored(signed, tolerance + timedelta(seconds=1)):
                self._find(place, f"It claims {before}, but was sealed already at {signed}.")
            late = checkpoint.size < self.scan.size and "" < after < _stored(signed, -tolerance)
            if late and not by:
                self._find(next_place, f"It claims {after}, but was not there yet at {signed}.")
            elif late:
                self.report.unchecked.append(
                    f"Whether {next_place} was recorded at {after}: {by} cosigned those before it"
                    f" at {signed}. It was asked late, or the event is back-dated."
                )
        compare_age(self.report, [signed for _, signed, _ in times], self.trust)

    def _compare_columns(self) -> None:
        """What a ledger keeps beside the bytes of its events must be what they say."""
        found = self.evidence.differing()
        if found is None:
            return
        wrong = list(islice(found, MOST_LISTED))
        self.report.findings += [Finding(*each) for each in wrong]
        if not wrong:
            self.report.checked.append("The columns beside the events say what the events say.")

    def _look_closer(self) -> None:
        """Name what is wrong, and read in full what nobody has signed for."""
        file_error = bool(self.report.findings) or not self.scan.valid
        after = 0 if file_error or self.trust.thorough else self.report.sealed
        found = examined(self.evidence, after, hashes=file_error)
        listed = list(islice(found, MOST_LISTED))
        self.report.findings[:0] = listed
        if next(found, None) is not None:
            self._find("further on", "There is more that is wrong.")
        if not listed and self.altered:
            self._bisect()
        if not self.scan.valid and not self.report.findings:
            self._find("the whole history", "An event is out of its place or time.")

    def _bisect(self) -> None:
        good = self.report.sealed
        bad = [c.size for _, c in self.kept if good < c.size <= self.scan.size]
        if bad and self.counting:
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
