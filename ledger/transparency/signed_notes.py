"""Signed notes and checkpoints, to the letter of the C2SP specifications.

They are signed-note, tlog-checkpoint and tlog-cosignature. A note is a text and lines of signatures
under it. A checkpoint is a note that tells the size and the root of a log's tree. Two kinds of
Ed25519 signature are read and made: over the text itself (0x01) and over the text with a time
(0x04, a cosignature).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.transparency.merkle import HASH_BYTES
from ledger.values.refusals import Refusal, Refused, shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNED, COSIGNED = 1, 4  # types of signature
NOTE_BYTES = 2**20
_LARGEST = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")
_DASH = "\u2014 "


@dataclass(frozen=True)
class Signature:
    """One line under a note: the name and the id of a key, and what it signed."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {encoded(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of its tree: who it is, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


@dataclass(frozen=True)
class Verifier:
    """A public key under a name, for one type of signature."""

    name: str
    type: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the hash of name, type and key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """The key as text, a *vkey*."""
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.type]) + self.public)}"

    def cosigning(self) -> Verifier:
        """The same key for timestamped signatures."""
        return replace(self, type=COSIGNED)

    def times(self, note: Note) -> list[int | None]:
        """What the key's signatures of a note tell: for each its time, None where it has none.

        Raises Refused where a signature said to be of this key is not.
        """
        return [
            self._time(note.text, signature.value)
            for signature in note.signatures
            if (signature.name, signature.key_id) == (self.name, self.key_id)
        ]

    def signed(self, note: Note) -> bool:
        """Whether the key has signed a note; Refused where a signature of it is forged."""
        return bool(self.times(note))

    def _time(self, text: str, value: bytes) -> int | None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        time = int.from_bytes(value[:8]) if self.type == COSIGNED else None
        signature = value if time is None else value[8:]
        message = text if time is None else _cosigned(text, time)
        try:
            if time is not None and time > _LARGEST:
                raise InvalidSignature
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message.encode())
        except InvalidSignature:
            raise _bad_note(f"The signature of {shown(self.name, 200)} is not its own.") from None
        return time


@dataclass(frozen=True)
class Signer:
    """A private key under a name, for one type of signature."""

    verifier: Verifier
    private: Ed25519PrivateKey

    def sign(self, text: str, time: int | None = None) -> Signature:
        """A signature over a text; over a time (seconds since 1970) too, where one is given."""
        if time is None:
            verifier, prefix, message = replace(self.verifier, type=SIGNED), b"", text
        else:
            verifier, prefix = self.verifier.cosigning(), time.to_bytes(8)
            message = _cosigned(text, time)
        value = prefix + self.private.sign(message.encode())
        return Signature(verifier.name, verifier.key_id, value)


def read_note(raw: bytes | str) -> Note:
    """A note read strictly; Refused where it is none."""
    text, blank, lines = _lines(raw).rpartition("\n\n")
    if not blank or not text or not lines.endswith("\n"):
        raise _bad_note("There is no text, an empty line, and signatures under it.")
    return Note(text + "\n", _signatures(lines))


def read_signatures(raw: bytes) -> tuple[Signature, ...]:
    """Lines of signatures without the text they are of, as a witness answers; () if it is a note.

    Raises Refused where it is neither.
    """
    lines = _lines(raw)
    return _signatures(lines) if lines.startswith(_DASH) and "\n\n" not in lines else ()


def read_checkpoint(note: Note) -> Checkpoint:
    """The checkpoint in a note's text; Refused where it tells none."""
    lines = note.text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines):
        raise _bad_note("A checkpoint is an origin, a size and a root, each on a line.")
    if not _DECIMAL.fullmatch(lines[1]) or int(lines[1]) > _LARGEST:
        raise _bad_note(f"{shown(lines[1])} is no size of a tree.")
    return Checkpoint(lines[0], int(lines[1]), decoded_hash(lines[2]))


def read_verifier(text: str) -> Verifier:
    """The public key in a vkey, ``name+id+key``; Refused where it is malformed."""
    name, _, rest = text.partition("+")
    key_id, _, material = rest.partition("+")
    try:
        raw = decoded(material)
    except ValueError:
        raw = b""
    _check_name(name)
    if len(raw) != 33 or raw[0] not in (SIGNED, COSIGNED):
        raise _bad_key(f"{shown(text, 200)} is not an Ed25519 vkey.")
    verifier = Verifier(name, raw[0], raw[1:])
    if verifier.key_id.hex() != key_id:
        raise _bad_key(f"The id of {shown(text, 200)} is not that of its key.")
    return verifier


def make_name(name: str) -> str:
    """A name for a key, as given; Refused where a note could not carry it."""
    _check_name(name)
    return name


def encoded(raw: bytes) -> str:
    """Base64 as notes and proofs write it."""
    return b64encode(raw).decode()


def decoded(text: str) -> bytes:
    """The bytes in strict base64; ValueError where another way of writing them is used."""
    try:
        raw = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        raise ValueError("not base64") from None
    if encoded(raw) != text:
        raise ValueError("not the one way to write it")
    return raw


def decoded_hash(text: str) -> bytes:
    """A hash in strict base64; Refused where it is none."""
    try:
        raw = decoded(text)
    except ValueError:
        raw = b""
    if len(raw) != HASH_BYTES:
        raise _bad_note(f"{shown(text)} is not a SHA-256 hash in base64.")
    return raw


def _lines(raw: bytes | str) -> str:
    if len(raw) > NOTE_BYTES:
        raise _bad_note("It is over 1 MiB.")
    try:
        whole = raw.decode() if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        raise _bad_note("It is not UTF-8.") from None
    if any(c < " " and c != "\n" for c in whole):
        raise _bad_note("It holds control characters or carriage returns.")
    return whole


def _signatures(lines: str) -> tuple[Signature, ...]:
    return tuple(map(_signature, lines.removesuffix("\n").split("\n")))


def _signature(line: str) -> Signature:
    name, _, value = line.removeprefix(_DASH).partition(" ")
    try:
        raw = decoded(value)
    except ValueError:
        raw = b""
    named = name.split() == [name] and "+" not in name
    if not line.startswith(_DASH) or not named or len(raw) < 5:
        raise _bad_note(f"{shown(line)} is no line of a signature.")
    return Signature(name, raw[:4], raw[4:])


def _cosigned(text: str, time: int) -> str:
    return f"cosignature/v1\ntime {time}\n{text}"


def _check_name(name: str) -> None:
    if not 0 < len(name) <= 200 or set(" +") & set(name) or not name.isprintable():
        raise _bad_key(
            f"{shown(name)} cannot name a key: no spaces, no plus, at most 200 printed letters."
        )


def _bad_note(wrong: str) -> Refused:
    return Refused(Refusal.BAD_NOTE, wrong, "Give a signed note as it was written, unchanged.")


def _bad_key(wrong: str) -> Refused:
    return Refused(
        Refusal.BAD_KEY, wrong, "Give the line that `stakebook keygen FILE` printed, name+id+key."
    )
