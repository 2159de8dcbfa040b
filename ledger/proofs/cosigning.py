"""Witnesses from the ledger's side: what they are asked to cosign, and keeping what they answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from ledger.events.envelope import read_state
from ledger.proofs.seal import changed, hashes, keep, sealed_at
from ledger.proofs.snapshot import Snapshot
from ledger.proofs.verify import WITNESS_CLOCKS, moment_of
from ledger.storage.server import Place
from ledger.transparency.merkle import consistency_nodes, extends, frontier_nodes, root_of
from ledger.transparency.signed_notes import (
    Note,
    Verifier,
    encoded,
    read_checkpoint,
    read_note,
    read_signatures,
)
from ledger.values.dates import stored_instant
from ledger.values.refusals import Refusal, Refused

_SECOND = timedelta(seconds=1)  # a signed time is that of a whole second


class Added(NamedTuple):
    """The names of the cosignatures that were kept, and of those whose key was not given."""

    kept: list[str]
    excluded: list[str]


def cosigning_request(
    snapshot: Snapshot, note: Note, old: int, progress: Callable[[int], None]
) -> str:
    """What a witness is asked to cosign: the body of add-checkpoint in C2SP tlog-witness.

    ``old`` is the size of the checkpoint that the witness cosigned last, 0 for none. Raises
    Refused where that size is beyond the checkpoint of the note.
    """
    checkpoint = read_checkpoint(note)
    if old > checkpoint.size:
        raise Refused(
            Refusal.NOT_SEALED,
            f"The newest checkpoint is of {checkpoint.size} events, fewer than {old}.",
            "Seal first, or give a smaller size.",
            "--since",
        )
    nodes = consistency_nodes(old, checkpoint.size) if old else []
    before = frontier_nodes(old)
    found = hashes(snapshot, checkpoint.size, [*nodes, *before], progress)
    proof = [found[node] for node in nodes]
    old_root = root_of([found[node] for node in before])
    if old and not extends(old, checkpoint.size, old_root, checkpoint.root, proof):
        raise changed("The leaf hashes kept beside its events are not theirs.")
    lines = "".join(f"{encoded(one)}\n" for one in proof)
    return f"old {old}\n{lines}\n{note}"


def add_cosignatures(
    path: Place, raw: bytes, witnesses: Sequence[Verifier], now: datetime
) -> Added:
    """Keep what witnesses added to a checkpoint of this ledger: the note, or their lines alone.

    Only signatures of the witnesses given are kept, when they are theirs and of a time that can
    be: what cannot be verified now could never be taken out again. Raises Refused otherwise.
    """
    with Snapshot(path) as snapshot:
        ours, given = _matched(raw, snapshot.notes(), witnesses)
        _refuse_own_name(ours, given)
        _refuse_impossible(snapshot, ours, given, witnesses, now)
    known = {(each.name, each.key_id) for each in witnesses}
    fresh = [each for each in given.signatures if each not in ours.signatures]
    kept = [each for each in fresh if (each.name, each.key_id) in known]
    if kept:
        keep(path, replace(given, signatures=tuple(kept)))
    return Added([each.name for each in kept], [each.name for each in fresh if each not in kept])


def _matched(raw: bytes, kept: Sequence[Note], witnesses: Sequence[Verifier]) -> tuple[Note, Note]:
    """The checkpoint kept here that is spoken of, and what was given as a note of its text."""
    lines = read_signatures(raw)
    given = None if lines else read_note(raw)
    for ours in reversed(kept):
        note = given or Note(ours.text, lines)
        if ours.text == note.text and (given or _fits(note, witnesses)):
            return ours, note
    raise Refused(
        Refusal.OTHER_LEDGER,
        "This ledger holds no checkpoint "
        + ("with that text." if given else "that the witnesses given signed with that line."),
        "Give what a witness answered about one that `stakebook seal` made here.",
    )


def _fits(note: Note, witnesses: Sequence[Verifier]) -> bool:
    """Whether a witness signed this text, and no signature of the witnesses is of another."""
    try:
        signed = [each.signed(note) for each in witnesses]
    except Refused:
        return False
    return any(signed)


def _refuse_own_name(ours: Note, given: Note) -> None:
    own = read_checkpoint(ours).origin
    if any(each.name == own and each not in ours.signatures for each in given.signatures):
        raise Refused(
            Refusal.BAD_NOTE,
            "It holds a signature in the ledger's own name that was not made here.",
            "Take only what a witness added to the checkpoint.",
        )


def _refuse_impossible(
    snapshot: Snapshot, ours: Note, given: Note, witnesses: Sequence[Verifier], now: datetime
) -> None:
    """Nobody cosigns a checkpoint before it is there, or at a time that is yet to come."""
    size = read_checkpoint(ours).size
    last = read_state(snapshot.state(size)).recorded_at if size else ""
    made, signed = max(last, sealed_at(ours)), False
    for witness in witnesses:
        for time in witness.times(given):
            signed, claimed = True, moment_of(time or 0)
            early = claimed < now and stored_instant(claimed + WITNESS_CLOCKS + _SECOND) <= made
            if early or claimed > now + WITNESS_CLOCKS:
                wrong = f"before the checkpoint was made ({made})" if early else "still to come"
                raise Refused(
                    Refusal.IMPOSSIBLE_TIME,
                    f"{witness.name} claims to have cosigned at {stored_instant(claimed)},"
                    f" {wrong}.",
                    "Compare its clock with that of this machine, and ask it to cosign again.",
                )
    if not signed:
        raise Refused(
            Refusal.BAD_NOTE,
            "It bears no cosignature of the witnesses given.",
            "Give the public key of each witness with --witness.",
        )
