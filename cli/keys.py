"""Key files: an Ed25519 key that signs checkpoints, kept outside the ledger and readable by one.

The first line of the file is the public key with its name (a vkey), under it is the private key in
PEM (PKCS 8, encrypted where a passphrase is given), which ``openssl`` reads too.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.storage.atomic_file import create
from ledger.storage.input_files import opened
from ledger.transparency.signed_notes import Signer, Verifier, make_name, read_verifier
from ledger.values.refusals import Refusal, Refused

_KEY_BYTES = 10_000
_RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


def make_key(path: Path, name: str, type: int, passphrase: str | None = None) -> Verifier:
    """A new key in a new file; Refused where the file is there or its place is unsafe."""
    make_name(name)
    _refuse_work_tree(path)
    private = Ed25519PrivateKey.generate()
    verifier = Verifier(name, type, private.public_key().public_bytes(*_RAW))
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )
    create(path, f"{verifier}\n".encode() + pem, mode=0o600)
    return verifier


def read_key(path: Path, ask: Callable[[], str]) -> Signer:
    """The key in a file; ``ask`` is called for the passphrase where the key has one.

    Raises Refused where the file is none, may be read by others, or lies in a git work tree.
    """
    _refuse_work_tree(path)
    vkey, _, pem = _read(path).partition(b"\n")
    private: object
    try:
        verifier = read_verifier(vkey.decode())
        private = serialization.load_pem_private_key(pem, None)
    except TypeError:
        private = _decrypted(path, pem, ask())
    except ValueError:
        raise _refused(Refusal.BAD_KEY, f"{path} holds no key of `stakebook keygen`.") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise _refused(Refusal.BAD_KEY, f"{path} holds a key that is not Ed25519.")
    if private.public_key().public_bytes(*_RAW) != verifier.public:
        raise _refused(Refusal.BAD_KEY, f"The first line of {path} is not of the key under it.")
    return Signer(verifier, private)


def _decrypted(path: Path, pem: bytes, passphrase: str) -> object:
    try:
        return serialization.load_pem_private_key(pem, passphrase.encode())
    except (ValueError, TypeError):
        raise Refused(
            Refusal.BAD_KEY,
            f"The passphrase does not open {path}.",
            "Type it again, or set STAKEBOOK_PASSPHRASE.",
        ) from None


def _read(path: Path) -> bytes:
    try:
        with opened(path) as stream:
            mode = os.fstat(stream.fileno()).st_mode & 0o777
            if mode & 0o077:
                raise Refused(
                    Refusal.KEY_UNSAFE,
                    f"{path} may be read or written by others (mode {mode:o}).",
                    "Allow only yourself: chmod 600.",
                )
            return stream.read(_KEY_BYTES)
    except OSError as error:
        raise _refused(
            Refusal.BAD_KEY, f"The key {path} cannot be read: {error.strerror}."
        ) from None


def _refuse_work_tree(path: Path) -> None:
    for folder in Path(os.path.realpath(path)).parents:
        if (folder / ".git").exists():
            raise Refused(
                Refusal.KEY_UNSAFE,
                f"{path} lies in a git work tree ({folder}), from where it may be published.",
                "Keep the key outside of it.",
            )


def _refused(refusal: Refusal, wrong: str) -> Refused:
    return Refused(refusal, wrong, "Make a key with `stakebook keygen FILE`, or name another file.")
