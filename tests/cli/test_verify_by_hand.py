"""The commands of docs/verify-by-hand.md, run as they stand, on a true and on altered exports."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import ROOT
from tests.exports import KEY, THIEF, WITNESS, events, sealed, written
from tests.helpers import Outcome

PAGE = ROOT / "docs" / "verify-by-hand.md"
STATES = events(3)
NOTE = sealed(STATES, 3, time=1000, witnesses=[(WITNESS, 1001)])
EXPORT = written(STATES, [NOTE])


def _openssl_is_missing() -> str:
    """Why the commands cannot be run here, if so."""
    if missing := [name for name in ("bash", "openssl", "base64") if shutil.which(name) is None]:
        return f"{missing[0]} is missing"
    told = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"(\d+)\.\d", told)
    return "" if number and int(number[1]) >= 3 and "LibreSSL" not in told else f"{told} is too old"


NEEDS_OPENSSL = pytest.mark.skipif(bool(_openssl_is_missing()), reason=_openssl_is_missing() or "-")


def commands() -> str:
    """All the commands of the page."""
    return "\n".join(re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL))


def by_hand(folder: Path, export: bytes, vkey: str = str(KEY.verifier)) -> Outcome:
    (folder / "deal.audit.jsonl").write_bytes(export)
    (folder / "deal.vkey").write_text(f"{vkey}\n", encoding="utf-8")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands()],
        capture_output=True, text=True, cwd=folder, timeout=60,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout, done.stderr)


@NEEDS_OPENSSL
def test_the_commands_verify_a_true_export(tmp_path: Path) -> None:
    outcome = by_hand(tmp_path, EXPORT)
    assert outcome.code == 0, outcome.err
    assert outcome.out.count("Signature Verified Successfully") == 2
    assert "2026" in outcome.out, "the signed time is printed"


STOLEN = sealed(STATES, 3, by=THIEF, time=1000)


@NEEDS_OPENSSL
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"note-1", b"note-9"),
        (b"note-3", b"note-9"),
        (b'"root":"', b'"root":"A'),
        (b'"leaves":["', b'"leaves":["A'),
        (b"\\n3\\n", b"\\n4\\n"),
        (str(NOTE.signatures[0])[-9:-3].encode(), b"AAAAAA"),
        (str(NOTE.signatures[1])[-9:-3].encode(), b"AAAAAA"),
        (b'{"sha256":"', b'{"sha256":"A'),
    ],
)
def test_the_commands_fail_on_an_altered_export(tmp_path: Path, old: bytes, new: bytes) -> None:
    altered = EXPORT.replace(old, new, 1)
    assert altered != EXPORT
    assert by_hand(tmp_path, altered).code != 0


@NEEDS_OPENSSL
def test_the_commands_fail_for_another_key_and_another_history(tmp_path: Path) -> None:
    assert by_hand(tmp_path, EXPORT, str(THIEF.verifier)).code != 0
    assert by_hand(tmp_path, EXPORT, str(KEY.verifier.cosigning())).code != 0
    assert by_hand(tmp_path, written(STATES, [STOLEN])).code != 0
    assert by_hand(tmp_path, written(STATES[::-1], [NOTE])).code != 0
