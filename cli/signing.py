"""What the commands that sign and verify share: keys, checkpoints and ages as options."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from ledger.storage.input_files import opened
from ledger.transparency.signed_notes import (
    NOTE_BYTES,
    Note,
    Signer,
    Verifier,
    read_note,
    read_verifier,
)
from ledger.values.refusals import OutcomeUnknown, Refusal, Refused, shown, unreadable

PASSPHRASE = "STAKEBOOK_PASSPHRASE"
_AGE = re.compile(r"([1-9][0-9]{0,4})(d|h|m)")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class VerifierType(click.ParamType[Any]):
    """A public key, as ``keygen`` printed it, or a file that begins with it."""

    name = "vkey"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> Verifier:
        if isinstance(value, Verifier):
            return value
        text = str(value)
        place = param.opts[0] if param is not None else ""
        try:
            return read_verifier(_first_line(text))
        except Refused as refused:
            raise refused.at(place) from None


class AgeType(click.ParamType[Any]):
    """A span of time: 7d, 36h or 90m."""

    name = "age"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = _AGE.fullmatch(str(value))
        if found is None:
            wrong = f"{shown(str(value))} is no span of time."
            raise Refused(Refusal.BAD_NUMBER, wrong, "Write 7d, 36h or 90m.", "--max-age")
        return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _first_line(text: str) -> str:
    """The first line of the file of that name; where there is none, the text itself."""
    try:
        if not Path(text).is_file():  # opening a pipe would wait for whoever writes into it
            return text
        with Path(text).open("rb") as stream:
            return stream.readline(10_000).decode("utf-8", "replace").strip()
    except (OSError, ValueError):
        return text


@contextmanager
def adding_remedy(remedy: str) -> Iterator[None]:
    """Write what is already done; where it cannot be written, say so instead of refusing."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise
        raise OutcomeUnknown(f"The answer was not written ({error.strerror}). {remedy}") from None


def signer_at(path: Path) -> Signer:
    """The key in a file; its passphrase from the environment, or asked for on a terminal."""
    from cli.keys import read_key

    return read_key(path, lambda: passphrase(confirm=False))


def passphrase(*, confirm: bool) -> str:
    """The passphrase of a key."""
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return _usable(given)
    if not sys.stdin.isatty():
        raise Refused(
            Refusal.BAD_KEY,
            "The key needs a passphrase, and there is no terminal to ask on.",
            f"Set {PASSPHRASE}.",
        )
    asked: str = click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True)
    return _usable(asked)


def _usable(secret: str) -> str:
    if not 0 < len(secret.encode(errors="surrogateescape")) < 1_024:
        raise Refused(
            Refusal.BAD_KEY, "The passphrase is empty or over 1,023 bytes.", "Choose another one."
        )
    return secret


def read_bytes(path: Path, limit: int) -> bytes:
    """A small file whole; ``-`` is standard input. Refused where it is too large or unreadable."""
    try:
        if str(path) == "-":
            raw = sys.stdin.buffer.read(limit + 1)
        else:
            with opened(path) as stream:
                raw = stream.read(limit + 1)
    except OSError as error:
        raise unreadable(path, error) from None
    if len(raw) > limit:
        raise Refused(Refusal.TOO_LARGE, f"{path} is over {limit} bytes.", "Name the right file.")
    return raw


def note_at(path: Path) -> Note:
    """The signed note in a file."""
    try:
        return read_note(read_bytes(path, NOTE_BYTES))
    except Refused as refused:
        raise refused.at(str(path)) from None
