"""Proofs of single events in the format of C2SP tlog-proof: an event, its path, a checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ledger.events.envelope import read_state
from ledger.proofs.scan import read_event
from ledger.proofs.seal import hashes, newest
from ledger.proofs.snapshot import Snapshot, origin_of
from ledger.transparency.merkle import includes, inclusion_nodes, leaf_hash
from ledger.transparency.signed_notes import (
    Checkpoint,
    Note,
    decoded,
    decoded_hash,
    encoded,
    read_checkpoint,
    read_note,
)
from ledger.values.refusals import Refusal, Refused, shown

FIRST_LINE = "c2sp.org/tlog-proof@v1"
PROOF_BYTES = 32 * 2**20
_HASHES = 63


@dataclass(frozen=True)
class Proof:
    """The bytes of an event, its index in the tree, its audit path, and a checkpoint over it."""

    state: bytes
    index: int
    path: tuple[bytes, ...]
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint whose tree the event is in."""
        return read_checkpoint(self.note)

    @property
    def holds(self) -> bool:
        """Whether the event is in the tree of the checkpoint; signatures are another question."""
        size, root = self.checkpoint.size, self.checkpoint.root
        return includes(leaf_hash(self.state), self.index, size, self.path, root)

    def __str__(self) -> str:
        lines = [FIRST_LINE, f"extra {encoded(self.state)}", f"index {self.index}"]
        return "\n".join([*lines, *map(encoded, self.path), "", str(self.note)])


def prove(
    snapshot: Snapshot, event: str, progress: Callable[[int], None] = lambda _: None
) -> Proof:
    """The proof that the event of a key, or at a position, is under the newest checkpoint.

    Raises Refused where there is no such event, or where it is not sealed yet.
    """
    note, checkpoint = newest(snapshot)
    position = snapshot.position_of(event)
    if position is None:
        raise Refused(
            Refusal.UNKNOWN_REFERENCE,
            f"No event is recorded as {shown(event)}.",
            "Give its key, or its position as '#12'.",
        )
    if position > checkpoint.size:
        raise Refused(
            Refusal.NOT_SEALED,
            f"Event #{position} came after the newest checkpoint, of {checkpoint.size} events.",
            "Sign one with `stakebook seal --key FILE`.",
        )
    nodes = inclusion_nodes(position - 1, checkpoint.size)
    found = hashes(snapshot, checkpoint.size, nodes, progress)
    path = tuple(found[node] for node in nodes)
    proof = Proof(snapshot.state(position), position - 1, path, note)
    if not proof.holds or misplaced(proof) or not _is_named(proof.state, event, position):
        raise Refused(
            Refusal.LOG_CHANGED,
            f"Event #{position} is not the one that was sealed, or not {shown(event)}.",
            "Run `stakebook verify` to see what was changed.",
        )
    return proof


def misplaced(proof: Proof) -> str:
    """What is wrong with the event of a proof that holds: its ledger, its place, its bytes."""
    origin = proof.checkpoint.origin
    event, wrong = read_event(proof.state, origin.removeprefix(origin_of("")))
    if event is None:
        return wrong
    position = event["position"]
    return "" if position == proof.index + 1 else f"It says of itself that it is #{position}."


def read_proof(raw: bytes) -> Proof:
    """A proof read strictly; Refused where it is none, or does not carry the event's bytes."""
    try:
        head, blank, note = raw.decode().partition("\n\n")
        first, extra, index, *path = head.split("\n")
        state = decoded(extra.removeprefix("extra "))
    except ValueError:
        raise _no_proof() from None
    number = index.removeprefix("index ")
    whole = number.isdecimal() and number.isascii() and len(number) < 19
    if (
        first != FIRST_LINE
        or not blank
        or not extra.startswith("extra ")
        or not index.startswith("index ")
        or not whole
        or str(int(number)) != number
        or len(path) > _HASHES
    ):
        raise _no_proof()
    return Proof(state, int(number), tuple(map(decoded_hash, path)), read_note(note))


def _is_named(state: bytes, event: str, position: int) -> bool:
    """Whether the bytes are of the event asked for, by key or by position."""
    return event.removeprefix("#") == str(position) or read_state(state).key == event


def _no_proof() -> Refused:
    return Refused(
        Refusal.BAD_NOTE,
        "It is no proof of an event, or the event's bytes are not in it.",
        "Give a file that `stakebook prove` wrote.",
    )
