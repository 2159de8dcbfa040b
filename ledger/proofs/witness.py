"""A witness: a second party that cosigns a ledger's growth, and never two histories of it.

Its memory is one file, the checkpoint it cosigned last. It is written, and on disk, before a
signature leaves the house; what it reads and answers are the bodies of C2SP tlog-witness.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ledger.storage.atomic_file import create
from ledger.storage.files import file_error
from ledger.storage.input_files import opened
from ledger.transparency.key_chain import sealing
from ledger.transparency.merkle import extends, root_of
from ledger.transparency.signed_notes import (
    COSIGNED,
    NOTE_BYTES,
    Checkpoint,
    Note,
    Signer,
    Verifier,
    decoded_hash,
    read_checkpoint,
    read_note,
)
from ledger.values.refusals import Refusal, Refused

REQUEST_BYTES = 2**20
_PROOF_LINES = 63


class Request(NamedTuple):
    """A checkpoint to cosign, and the proof that it continues one of an old size."""

    old: int
    proof: tuple[bytes, ...]
    note: Note


def read_request(raw: bytes) -> Request:
    """The body of add-checkpoint, read strictly; Refused where it is none."""
    try:
        head, blank, note = raw.decode().partition("\n\n")
    except UnicodeDecodeError:
        raise _no_request() from None
    first, *lines = head.split("\n")
    size = first.removeprefix("old ")
    canonical = size.isdecimal() and size.isascii() and str(int(size[:20])) == size
    if not blank or not first.startswith("old ") or not canonical or len(lines) > _PROOF_LINES:
        raise _no_request()
    return Request(int(size), tuple(map(decoded_hash, lines)), read_note(note))


def cosign(
    request: Request, log: Verifier, signer: Signer, memory: Path, time: int, *, first: bool = False
) -> Note:
    """Cosign a checkpoint that continues the one in memory, and remember it instead.

    ``first`` is said when there is no memory of the ledger yet. Raises Refused where the ledger's
    key has not signed, where the history does not continue, or where the memory is missing.
    """
    checkpoint = read_checkpoint(request.note)
    if signer.verifier.type != COSIGNED:
        raise Refused(
            Refusal.BAD_KEY,
            f"The key of {signer.verifier.name} is not one for cosignatures.",
            "Make one with `stakebook keygen FILE --witness NAME`.",
        )
    if checkpoint.origin != sealing(log).name or not log.signed(request.note):
        raise Refused(
            Refusal.NOT_COSIGNED,
            f"The checkpoint of {checkpoint.origin} is not signed by {log}.",
            "Ask its keeper; take another key only from a rotation that you have verified.",
        )
    with _locked(memory):
        _continue(request, checkpoint, _remembered(memory, log, signer, first))
        cosigned = signer.sign(request.note.text, time)
        note = replace(request.note, signatures=(*request.note.signatures, cosigned))
        create(memory, str(note), replace=True)
    return note


def _continue(request: Request, new: Checkpoint, old: Checkpoint | None) -> None:
    if request.old != (old.size if old else 0):
        raise Refused(
            Refusal.NOT_COSIGNED,
            f"The proof begins at {request.old} events; cosigned last was a checkpoint of"
            f" {old.size if old else 0}.",
            f"Ask for one that begins there: stakebook seal --since {old.size if old else 0}.",
        )
    if old is None or old.size == 0:
        if request.proof:
            raise _no_request()
        if new.size == 0 and new.root != root_of(()):
            raise Refused(
                Refusal.NOT_COSIGNED,
                "It claims no events, and a root that is not that of no events.",
                "Keep the checkpoint: no honest ledger signs it.",
            )
    elif new.size == old.size and new.root != old.root:
        raise Refused(
            Refusal.NOT_COSIGNED,
            f"Its {new.size} events are not the {old.size} that were cosigned before.",
            "Keep both checkpoints: they are proof that the ledger showed two histories.",
        )
    elif not extends(old.size, new.size, old.root, new.root, request.proof):
        raise Refused(
            Refusal.NOT_COSIGNED,
            f"It is not proven that the {new.size} events begin with the {old.size} cosigned"
            " before.",
            "Ask for another request, or for an export: `stakebook verify --last-seen` compares.",
        )


def _remembered(memory: Path, log: Verifier, signer: Signer, first: bool) -> Checkpoint | None:
    if not memory.exists():
        if first:
            return None
        raise Refused(
            Refusal.NOT_COSIGNED,
            f"There is no memory of this ledger at {memory}.",
            "Find it; only if nothing was ever cosigned for this ledger, say --first.",
        )
    if first:
        raise Refused(
            Refusal.NOT_COSIGNED, f"{memory} is there: this is not the first.", "Leave out --first."
        )
    try:
        with opened(memory) as stream:
            note = read_note(stream.read(NOTE_BYTES))
        found = read_checkpoint(note)
        own = signer.verifier.signed(note)
    except Refused as refused:
        raise refused.at(str(memory)) from None
    except OSError as error:
        raise file_error(memory, error) from None
    if not own:
        raise Refused(
            Refusal.NOT_COSIGNED,
            f"{memory} does not bear the cosignature of {signer.verifier.name}.",
            "It is the memory of another witness, or was changed; find the right one.",
        )
    if found.origin != log.name:
        raise Refused(
            Refusal.OTHER_LEDGER,
            f"{memory} remembers {found.origin}, not {log.name}.",
            "Keep one memory for each ledger.",
        )
    return found


@contextmanager
def _locked(memory: Path) -> Iterator[None]:
    """Keep other cosigners out of the folder, so that two cannot start from one memory."""
    try:
        folder = os.open(memory.absolute().parent, os.O_RDONLY)
    except OSError as error:
        raise file_error(memory, error) from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _no_request() -> Refused:
    return Refused(
        Refusal.BAD_NOTE,
        "It is no request for a cosignature.",
        "Give the file that `stakebook seal --request FILE` wrote.",
    )
