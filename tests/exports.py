"""Small histories with keys and checkpoints, written as audit exports by another hand.

``written`` makes the file from docs/formats.md and not by ``ledger.proofs.audit_export``, so
that a forger's file can be made too.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from hashlib import sha256
from importlib import util
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.events.envelope import Recorded
from ledger.proofs.audit_export import Export
from ledger.proofs.verify import Report, Trust, verify
from ledger.transparency.merkle import Frontier, leaf_hash
from ledger.transparency.signed_notes import COSIGNED, SIGNED, Checkpoint, Note, Signer, Verifier
from ledger.values.refusals import Refused
from tests import ROOT

ID = "01a20192-b2be-7329-9d5a-a9d78103b496"
OTHER_ID = "01a20192-b2be-7329-9d5a-a9d78103b497"
ORIGIN = f"stakebook/{ID}"
DAY = 86_400
START = 1_767_225_600  # 2026-01-01
STANDALONE = ROOT / "cli" / "verify_ledger.py"
_RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


def signer(name: str, seed: bytes, kind: int = SIGNED) -> Signer:
    """The key of a seed, the same in every run."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(Verifier(name, kind, private.public_key().public_bytes(*_RAW)), private)


KEY = signer(ORIGIN, b"key of the ledger".ljust(32))
NEXT = signer(ORIGIN, b"its next key".ljust(32))
THIEF = signer(ORIGIN, b"another key".ljust(32))
WITNESS = signer("acme.law/w1", b"key of the witness".ljust(32), COSIGNED)


def instant(seconds: int, micro: int = 0) -> str:
    """A stored instant, seconds after the start."""
    from datetime import UTC, datetime

    moment = datetime.fromtimestamp(START + seconds, UTC).replace(microsecond=micro)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event(position: int, recorded_at: str = "", ledger: str = ID, **others: Any) -> bytes:
    """The canonical bytes of an event: a note on Acme, another one at each position."""
    text = others.pop("text", f"soci\u00e9t\u00e9 {position}")
    fields: dict[str, Any] = {
        "originator_id": "subject:acme",
        "originator_version": position,
        "id": f"{position:08}-0000-7000-8000-000000000000",
        "key": f"note-{position}",
        "type": "note-added",
        "schema": 1,
        "data": {"subject": "acme", "text": text},
    }
    at = recorded_at or instant(60 * position)
    return Recorded(position=position, recorded_at=at, **(fields | others)).state(ledger)


def events(count: int, ledger: str = ID) -> list[bytes]:
    """A history, one event a minute."""
    return [event(n, ledger=ledger) for n in range(1, count + 1)]


def root(states: Sequence[bytes]) -> bytes:
    frontier = Frontier()
    for state in states:
        frontier.add(leaf_hash(state))
    return frontier.root()


def sealed(
    states: Sequence[bytes],
    size: int,
    by: Signer = KEY,
    time: int | None = None,
    witnesses: Sequence[tuple[Signer, int]] = (),
    origin: str = ORIGIN,
) -> Note:
    """A checkpoint over the first events, signed and cosigned, at seconds after the start."""
    text = Checkpoint(origin, size, root(states[:size])).text
    lines = [by.sign(text)]
    if time is not None:
        lines.append(by.sign(text, START + time))
    lines += [witness.sign(text, START + moment) for witness, moment in witnesses]
    return Note(text, tuple(lines))


def written(
    states: Sequence[bytes], notes: Sequence[Note], ledger: str = ID, **header: Any
) -> bytes:
    """An export of events and checkpoints, as docs/formats.md describes it."""
    first = {
        "events": len(states),
        "format": "stakebook-audit-1",
        "ledger": ledger,
        "origin": f"stakebook/{ledger}",
        "root": b64encode(root(states)).decode(),
    }
    leaves = [b64encode(leaf_hash(state)).decode() for state in states]
    rows = [{"leaves": leaves[at : at + 1000]} for at in range(0, len(leaves), 1000)]
    around = [line(first | header), *map(line, rows)]
    around += [line({"checkpoint": str(note)}) for note in notes]
    closing = line({"sha256": b64encode(sha256(b"".join(around)).digest()).decode()})
    return b"".join([around[0], *(state + b"\n" for state in states), *around[1:], closing])


def line(value: Any) -> bytes:
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode() + b"\n"  # fmt: skip


class Verdict(NamedTuple):
    """What a verifier said: whether all is well, and its words."""

    valid: bool
    found: str
    told: str


def by_stakebook(path: Path, trust: Trust = Trust(KEY.verifier)) -> Verdict:  # noqa: B008
    """The verdict of ``ledger.proofs.verify``."""
    try:
        report = verify(Export(path), trust)
    except Refused as refused:
        return Verdict(False, str(refused), str(refused))
    found = "\n".join(f"{place}: {wrong}" for place, wrong in report.findings)
    return Verdict(not report.findings, found, told(report))


def told(report: Report) -> str:
    """All the words of a report."""
    rest = [*report.checked, *report.unchecked, *map(str, report.evidence)]
    return "\n".join([*(f"{place}: {wrong}" for place, wrong in report.findings), *rest])


@cache
def standalone() -> ModuleType:
    """The standalone verifier as a module."""
    spec = util.spec_from_file_location("verify_ledger", STANDALONE)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(STANDALONE)
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_standalone(path: Path, *words: str, key: Verifier | None = KEY.verifier) -> Verdict:
    """The verdict of cli/verify_ledger.py, run in this process."""
    given = [str(path), *(["--key", str(key)] if key else []), *words]
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = standalone().main(given)
    text = out.getvalue() + err.getvalue()
    found = text.partition("Found:")[2].partition("Checked:")[0] or err.getvalue()
    return Verdict(code == 0, found, text)


BOTH: tuple[Callable[[Path], Verdict], ...] = (by_stakebook, by_standalone)
