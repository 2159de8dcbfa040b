"""Whose signatures count: the key an auditor was given, and those it was exchanged for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ledger.transparency.signed_notes import (
    COSIGNED,
    SIGNED,
    Note,
    Signature,
    Verifier,
    decoded,
    read_verifier,
)
from ledger.values.refusals import Refusal, Refused

ROTATED = "signing-key-rotated"


class Tenure(NamedTuple):
    """A key, and the sizes of trees it may sign for: from the first to the last (None: no last)."""

    verifier: Verifier
    first: int
    last: int | None


@dataclass
class Chain:
    """The keys of a log, one after another, each signed in by the one before it; and the rotations
    refused, by position, with what is wrong."""

    tenures: list[Tenure]
    refused: list[tuple[int, str]]

    def signs(self, note: Note, size: int) -> bool:
        """Whether a key that may sign for the size has signed; Refused where one is forged."""
        self.times(note)
        signed = [t for t in self.tenures if t.verifier.signed(note)]
        return any(t.first <= size and (t.last is None or size <= t.last) for t in signed)

    def times(self, note: Note) -> list[int]:
        """When the log's own keys say that they signed, in seconds since 1970."""
        found = [t.verifier.cosigning().times(note) for t in self.tenures]
        return [time for times in found for time in times if time is not None]


def chain_of(key: Verifier, rotations: Iterable[tuple[int, Mapping[str, Any]]]) -> Chain:
    """The chain that begins with a key and goes on with the rotations of a log."""
    chain = Chain([Tenure(key, 0, None)], [])
    for position, rotation in rotations:
        old, first, _ = chain.tenures[-1]
        try:
            new = rotated(rotation)
        except Refused as refused:
            chain.refused.append((position, refused.wrong))
            continue
        if rotation["old_key"] == str(old):
            chain.tenures[-1] = Tenure(old, first, position)
            chain.tenures.append(Tenure(new, position, None))
    return chain


def rotation_text(new: Verifier | str) -> str:
    """What the old key signs to hand over to a new one."""
    return f"stakebook key rotation\n{new}\n"


def rotated(rotation: Any) -> Verifier:
    """The new key of a rotation; Refused where the old one has not signed it in."""
    for name in ("old_key", "new_key", "signature"):
        if not isinstance(rotation, Mapping) or not isinstance(rotation.get(name), str):
            raise _refused("It does not tell two keys and a signature.", name)
    old, new = read_verifier(rotation["old_key"]), read_verifier(rotation["new_key"])
    if (old.type, new.type, new.name) != (SIGNED, SIGNED, old.name) or new == old:
        raise _refused("The old and the new key must be two keys of one ledger.", "new_key")
    try:
        value = decoded(rotation["signature"])
    except ValueError:
        raise _refused("The signature is not base64.", "signature") from None
    note = Note(rotation_text(new), (Signature(old.name, old.key_id, value),))
    try:
        old.times(note)
    except Refused:
        raise _refused("The old key has not signed the new one.", "signature") from None
    return new


def witness(verifier: Verifier) -> Verifier:
    """The key that checks the cosignatures of a witness; Refused where it cannot."""
    if verifier.type != COSIGNED:
        raise Refused(
            Refusal.BAD_KEY,
            f"The key of {verifier.name} is not one for cosignatures.",
            "Ask the witness for the key that `stakebook keygen --witness NAME` printed.",
        )
    return verifier


def sealing(verifier: Verifier) -> Verifier:
    """The key that checks a ledger's seals; Refused where it is one for times alone."""
    if verifier.type != SIGNED:
        raise Refused(
            Refusal.BAD_KEY,
            f"The key of {verifier.name} cosigns, and seals no ledger.",
            "Give the ledger's own key, and a witness's with --witness.",
        )
    return verifier


def _refused(wrong: str, place: str) -> Refused:
    return Refused(Refusal.BAD_KEY, wrong, "Let `stakebook rotate-key` record it.", place)
