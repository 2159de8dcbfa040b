"""Sealing: the checkpoints that a ledger signs of itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice

from ledger.proofs.scan import Scan, scan
from ledger.proofs.snapshot import Snapshot
from ledger.storage.opening import store_at
from ledger.storage.server import Place
from ledger.transparency.key_chain import rotated, rotation_text
from ledger.transparency.merkle import Node, hashes_of
from ledger.transparency.signed_notes import (
    COSIGNED,
    Checkpoint,
    Note,
    Signer,
    Verifier,
    encoded,
    read_checkpoint,
)
from ledger.values.clock import made_at, step_refused
from ledger.values.dates import LAST_SECOND, stored_instant
from ledger.values.refusals import Damaged, Refusal, Refused

_TIMED = 4 + 8 + 64  # bytes: key id, time, signature


def sign(
    path: Place,
    signer: Signer,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
    size: int | None = None,
    *,
    clock_is_right: bool = False,
    to_come: int = 0,
) -> Note:
    """Sign a checkpoint of everything recorded, or of the first events; ``keep`` keeps it.

    Refused also where the key may not sign for the events ``to_come``.

    The whole log is hashed again first. Raises Damaged where it no longer continues what was
    sealed before, so that two histories are never signed, and Refused for a key of another ledger
    or one handed over, or for a clock far ahead unless ``clock_is_right``; the note lacks the
    signed time where the clock stands behind the last event.
    """
    now = store_at(path).instant(now)
    with Snapshot(path) as snapshot:
        refuse_other(signer.verifier, snapshot.origin)
        kept = list(map(read_checkpoint, snapshot.notes()))
        size = snapshot.size if size is None else size
        scanned = scan(snapshot, [size, *(earlier.size for earlier in kept)], progress)
        for earlier in kept:
            if scanned.roots.get(earlier.size) != earlier.root:
                raise changed(f"It no longer continues its checkpoint of {earlier.size} events.")
        whole = scanned.size == snapshot.size == snapshot.frontier().size
        if not whole or not scanned.valid or scanned.root != snapshot.claimed_root:
            raise changed("Its events are not those that were recorded.")
        _refuse_retired(signer.verifier, scanned, size + to_come)
        last = max([scanned.last.decode("ascii", "replace"), *map(sealed_at, snapshot.notes())])
        ahead = step_refused(last or made_at(snapshot.id), now, confirmed=clock_is_right)
        if ahead is not None:
            raise ahead
        checkpoint = Checkpoint(snapshot.origin, size, scanned.roots[size])
    note = Note(checkpoint.text, (signer.sign(checkpoint.text),))
    if stored_instant(now) > scanned.last.decode("ascii", "replace"):
        timed = signer.sign(checkpoint.text, int(now.timestamp()))
        note = replace(note, signatures=(*note.signatures, timed))
    return note


def _refuse_retired(verifier: Verifier, scan: Scan, size: int) -> None:
    for position, rotation in scan.rotations:
        if rotation.get("old_key") == str(verifier) and position < size:
            raise Refused(
                Refusal.BAD_KEY,
                f"The key was handed over to another by event #{position}.",
                f"Seal with the new one, {rotation.get('new_key')}.",
            )


def hand_over(signer: Signer, new: Verifier) -> dict[str, str]:
    """The data of the event by which a key gives way to another; Refused for a key of others."""
    data = {
        "old_key": str(signer.verifier),
        "new_key": str(new),
        "signature": encoded(signer.sign(rotation_text(new)).value),
    }
    rotated(data)
    return data


def hashes(
    snapshot: Snapshot, size: int, nodes: Sequence[Node], progress: Callable[[int], None]
) -> dict[Node, bytes]:
    """The hashes of nodes of the tree of the first events, by the leaf hashes kept beside them.

    Raises Damaged where the log has fewer events.
    """

    def leaves() -> Iterator[bytes]:
        for number, leaf in enumerate(islice(snapshot.leaves(), size)):
            if number % 1_000 == 0:
                progress(number)
            yield leaf

    found = hashes_of(nodes, leaves()) if nodes else {}
    if not found.keys() >= set(nodes):
        raise Damaged(
            f"Of the {size} events that were sealed some are missing. Run `stakebook verify` to see"
            " which, and `stakebook restore FILE` puts a backup there."
        )
    return found


def newest(snapshot: Snapshot) -> tuple[Note, Checkpoint]:
    """The largest checkpoint; Refused where there is none."""
    notes = snapshot.notes()
    if not notes:
        raise Refused(
            Refusal.NOT_SEALED,
            "No checkpoint has been signed for this ledger.",
            "Sign one with `stakebook seal --key FILE`.",
        )
    return notes[-1], read_checkpoint(notes[-1])


def refuse_other(verifier: Verifier, origin: str) -> None:
    """Refuse a key that is not one of the ledger of an origin."""
    if verifier.name != origin or verifier.type == COSIGNED:
        raise Refused(
            Refusal.BAD_KEY,
            f"The key is of {verifier.name}, this ledger is {origin}.",
            "Make a key for this ledger with `stakebook keygen FILE`.",
        )


def sealed_at(note: Note) -> str:
    """The stored instant at the end of the second in which a kept note was sealed; "" if untold."""
    origin = note.text.partition("\n")[0]
    for signature in note.signatures:
        if signature.name == origin and 4 + len(signature.value) == _TIMED:
            time = int.from_bytes(signature.value[:8])
            if time < LAST_SECOND:  # a forger's time beyond the calendar tells nothing
                return stored_instant(datetime.fromtimestamp(time, UTC))
    return ""


def keep(path: Place, note: Note) -> None:
    """Keep a checkpoint in the ledger as it is."""
    store_at(path).keep(read_checkpoint(note).size, str(note))


def changed(wrong: str) -> Damaged:
    """The failure to sign or to hand out what is no longer the history that was sealed."""
    return Damaged(
        f"The ledger is not sealed. {wrong} Run `stakebook verify` to see where, and restore a"
        " backup."
    )
