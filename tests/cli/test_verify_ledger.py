"""The verifier of one file: alone, on anything, and in agreement with stakebook."""

from __future__ import annotations

import ast
import random
import re
import subprocess
import sys
import time
import venv
from pathlib import Path

import pytest

from cli.context import shipped
from ledger.proofs.inclusion import prove, read_proof
from ledger.proofs.snapshot import Snapshot
from ledger.transparency.signed_notes import encoded, read_verifier
from tests.exports import (
    BOTH,
    KEY,
    STANDALONE,
    THIEF,
    WITNESS,
    by_stakebook,
    by_standalone,
    event,
    events,
    sealed,
    written,
)  # fmt: skip
from tests.helpers import new_ledger, run

STATES = events(20)
NOTE = sealed(STATES, 20, time=1500, witnesses=[(WITNESS, 1501)])
CLEAN = written(STATES, [NOTE])


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """A clean export."""
    path = tmp_path / "deal.audit.jsonl"
    path.write_bytes(CLEAN)
    return path


def alone(python: str, verifier: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the verifier in a process of its own that sees no package but those installed."""
    return subprocess.run(
        [python, "-I", str(verifier), *words], capture_output=True, text=True, cwd=verifier.parent
    )


def test_it_imports_nothing_of_stakebook_and_runs_on_old_pythons() -> None:
    tree = ast.parse(STANDALONE.read_text("utf-8"), feature_version=(3, 9))
    names = [a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names]
    names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    roots = {name.partition(".")[0] for name in names}
    assert "cryptography" in roots
    assert roots - {"cryptography", "__future__"} <= sys.stdlib_module_names


def test_it_is_short_enough_to_be_read() -> None:
    assert len(STANDALONE.read_text("utf-8").splitlines()) <= 310


def test_the_export_command_writes_it(clean: Path) -> None:
    ledger = new_ledger(clean.parent)
    copy = clean.parent / "verifier.py"
    assert run(ledger, "export", "--verifier", str(copy)).code == 0
    assert copy.read_bytes() == shipped("verify_ledger.py").read_bytes() == STANDALONE.read_bytes()
    assert run(ledger, "export", "--verifier", str(copy)).code == 2, "never over another file"
    done = alone(sys.executable, copy, str(clean), "--key", str(KEY.verifier))
    assert (done.returncode, done.stderr) == (0, "")
    assert "20 events, 20 sealed" in done.stdout
    done = alone(sys.executable, copy, str(clean), "--key", str(THIEF.verifier))
    assert done.returncode == 1


def test_a_ledger_exported_by_the_command_verifies(tmp_path: Path) -> None:
    ledger, key, export = new_ledger(tmp_path), tmp_path / "key", tmp_path / "audit"
    assert run(ledger, "keygen", str(key)).code == 0
    vkey = key.read_text().splitlines()[0]
    assert run(ledger, "seal", "--key", str(key)).code == 0
    assert run(ledger, "export", "--audit", str(export)).code == 0
    verifier = read_verifier(vkey)
    assert by_standalone(export, "--max-age", "1d", key=verifier).valid
    export.write_bytes(export.read_bytes().replace(b"Bolt", b"Colt"))
    assert not by_standalone(export, key=verifier).valid
    proof = tmp_path / "proof"
    assert run(ledger, "prove", "opened", "--out", str(proof)).code == 0
    told = by_standalone(proof, key=verifier)
    assert told.valid, told.told
    assert '"shares":"100"' in told.told


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A proof of an event, and the key."""
    folder = tmp_path_factory.mktemp("proofs")
    ledger, key = new_ledger(folder), folder / "key"
    assert run(ledger, "keygen", str(key)).code == 0
    assert run(ledger, "seal", "--key", str(key)).code == 0
    with Snapshot(ledger) as snapshot:
        return str(prove(snapshot, "#3")), key.read_text().splitlines()[0]


def test_mangled_proofs_are_found(proofs: tuple[str, str], tmp_path: Path) -> None:
    whole, vkey = proofs
    proof, path, key = read_proof(whole.encode()), tmp_path / "proof", read_verifier(vkey)
    path.write_text(whole, encoding="utf-8")
    assert by_standalone(path, key=key).valid
    assert run(tmp_path / "none", "verify", str(path), "--key", vkey).code == 0
    steps = list(map(encoded, proof.path))
    body = "\n".join(steps)
    other = event(3)
    changes = {
        "too long": (body, "\n".join([*steps, steps[0]])),
        "too short": (body, "\n".join(steps[1:])),
        "64 hashes": (body, "\n".join(steps[:1] * 64)),
        "turned around": (body, "\n".join(steps[::-1])),
        "another index": ("index 2", "index 3"),
        "a huge index": ("index 2", "index 9999999999999999999"),
        "an index with a zero": ("index 2", "index 02"),
        "no index": ("index 2\n", ""),
        "no event": (f"extra {encoded(proof.state)}\n", ""),
        "another event": (encoded(proof.state), encoded(other)),
        "another first line": ("@v1", "@v2"),
        "another root": (encoded(proof.checkpoint.root), encoded(bytes(32))),
        "base64 of addresses": (steps[0], steps[0].replace("=", "-")),
        "garbage after it": (whole, f"{whole}garbage\n"),
        "an empty line more": (body, f"{body}\n"),
    }
    for case, (old, new) in changes.items():
        assert old in whole
        path.write_text(whole.replace(old, new, 1), encoding="utf-8")
        assert not by_standalone(path, key=key).valid, case
        assert run(tmp_path / "none", "verify", str(path), "--key", vkey).code in (1, 2), case
    path.write_text(f"garbage\n{whole}", encoding="utf-8")
    assert not by_standalone(path, key=key).valid
    path.write_text(whole, encoding="utf-8")
    assert not by_standalone(path, key=THIEF.verifier).valid
    assert not by_standalone(path, "--witness", str(WITNESS.verifier), key=key).valid


def test_unusable_input_ends_with_2_and_one_line(clean: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    seen.write_text(str(sealed(STATES, 5, origin="stakebook/other")), encoding="utf-8")
    (tmp_path / "empty").touch()
    cases: list[list[str]] = [
        [str(tmp_path / "none")],
        [str(tmp_path)],
        [str(tmp_path / "empty")],
        [str(seen)],
        [str(clean), "--key", "nonsense"],
        [str(clean), "--key", str(WITNESS.verifier)],
        [str(clean), "--key", ""],
        [str(clean), "--witness", str(KEY.verifier)],
        [str(clean), "--last-seen", str(tmp_path / "none")],
        [str(clean), "--last-seen", str(clean)],
        [str(clean), "--last-seen", str(seen)],
        [str(clean), "--max-age", "7 days"],
        [str(clean), "--key", "\udcff+00000000+AAAA"],
        ["a\0b"],
    ]
    for words in cases:
        verdict = by_standalone(Path(words[0]), *words[1:], key=None)
        assert verdict.found.count("\n") == 1, words
        assert not verdict.valid
        assert "Found" not in verdict.told


HOSTILE = [
    b"", b"\n", b"\0", b"{}", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000,
    b'{"events":1e999}', b'{"v":NaN}', b"9" * 10_000, b'"\\ud800"', b'{"data":"\\ud800"}',
    b'{"leaves":', b'{"leaves":0}', b'{"leaves":[0]}', b'{"leaves":["\\ud800"]}',
    b'{"checkpoint":0}', b'{"checkpoint":"\\n\\n"}', b'{"checkpoint":"a\\n1\\n\\n\\n\\n"}',
    b'{"sha256":0}', b'{"sha256":null}', b"x" * 100_000,
    event(1, type="signing-key-rotated", data={}),
    event(1, type="signing-key-rotated", data={"old_key": 1, "new_key": None, "signature": []}),
    event(1, data=[]),
]  # fmt: skip


def test_no_input_makes_it_crash(tmp_path: Path) -> None:
    """Hostile lines at every kind of place; the control is that the clean export stays sound."""
    path, rows = tmp_path / "hostile", CLEAN.split(b"\n")
    seen = tmp_path / "seen"
    seen.write_text(str(NOTE), encoding="utf-8")
    words = ("--last-seen", str(seen), "--witness", str(WITNESS.verifier), "--max-age", "9d")
    for hostile in HOSTILE:
        for at in (0, 1, 10, 21, 22, len(rows)):
            for instead in (0, 1):
                path.write_bytes(b"\n".join([*rows[:at], hostile, *rows[at + instead :]]))
                verdict = by_standalone(path, *words)
                assert not verdict.valid or (hostile == b"" and at == len(rows))
                assert "Traceback" not in verdict.told
                assert by_stakebook(path).valid is verdict.valid or hostile in (b"", b"\n")
    path.write_bytes(CLEAN)
    assert by_standalone(path, *words[:4]).valid


@pytest.mark.parametrize("rounds", [100, pytest.param(5_000, marks=pytest.mark.whole)])
def test_no_noise_makes_it_crash(tmp_path: Path, rounds: int) -> None:
    draw, path = random.Random(3), tmp_path / "noise"
    for _ in range(rounds):
        noise = bytearray(CLEAN)
        for _ in range(draw.randrange(1, 9)):
            at, count = draw.randrange(len(noise)), draw.randrange(60)
            some = draw.choice([b"", draw.randbytes(count), bytes(noise[at : at + count]), b"\n"])
            noise[draw.randrange(len(noise)) :][:count] = b""
            noise[at : at + draw.randrange(60)] = some
        path.write_bytes(noise)
        for verdict in BOTH:
            assert not verdict(path).valid or bytes(noise) == CLEAN


def test_it_prints_nothing_that_steers_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "odd"
    states = [event(1, ledger="\x1b[2J\u202e")]
    path.write_bytes(written(states, [], ledger="\x1b[2J"))
    told = by_standalone(path).told
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "\\x1b[2J" in told


MEASURED = """
import pathlib, runpy, sys
sys.argv.pop(0)
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    if (status := pathlib.Path("/proc/self/status")).exists():
        print(status.read_text(), file=sys.stderr)
"""


@pytest.mark.whole
def test_it_needs_nothing_but_cryptography(tmp_path: Path) -> None:
    """In an environment of its own: 100,000 events; time and memory are printed."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    install = [python, "-m", "pip", "install", "-q", "cryptography"]
    if subprocess.run(install, capture_output=True).returncode:
        pytest.skip("pip cannot install cryptography here")
    for module in ("ledger", "cli", "click"):
        assert subprocess.run([python, "-I", "-c", f"import {module}"]).returncode, module
    count, path = 100_000, tmp_path / "long"
    states = events(count)
    path.write_bytes(written(states, [sealed(states, count, time=60 * count + 1)]))
    start = time.monotonic()
    words = ["-c", MEASURED, str(STANDALONE), str(path), "--key", str(KEY.verifier)]
    done = subprocess.run([python, "-I", *words], capture_output=True, text=True)
    took, peak = time.monotonic() - start, re.search(r"VmHWM:\s+(\d+) kB", done.stderr)
    memory = int(peak[1]) / 1024 if peak else 0  # told by Linux alone
    print(f"\n{count} events of {path.stat().st_size} bytes: {took:.1f} s, {memory:.0f} MiB")
    assert done.returncode == 0, done.stdout
    assert memory < 60
    assert took < 60
