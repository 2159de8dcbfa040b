"""Whatever is changed in an export, a proof or a checkpoint: both verifiers say the same of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.proofs.inclusion import Proof
from ledger.transparency.merkle import hashes_of, inclusion_nodes, leaf_hash
from ledger.transparency.signed_notes import (
    COSIGNED,
    Note,
    Signature,
    Signer,
    encoded,
    read_checkpoint,
)
from tests.exports import (
    ID,
    KEY,
    NEXT,
    OTHER_ID,
    START,
    THIEF,
    WITNESS,
    by_standalone,
    event,
    events,
    instant,
    sealed,
    signer,
    written,
)
from tests.helpers import new_ledger, run
from tests.ledger.proofs.test_seal import rotation

STATES = events(20)
OTHER = signer("other.law/w2", b"9" * 32, COSIGNED)
NAMES = ["a", "a\x01b", "a\x7fb", "a+b", "a b", "a\x85b", "x\u200bb", "a" * 300, "\u202e"]
SIZES = ["012", "+12", "-1", "11", "13", "0", str(2**63), str(2**63 - 1), "9" * 19, "1_2", "\u0661"]
ROOTS = [encoded(bytes(32)), encoded(bytes(31)), encoded(bytes(32))[:-1], f"{encoded(bytes(32))}="]
ORIGINS = ["stakebook/x", f"other/{ID}", f"stakebook/{ID} ", f"STAKEBOOK/{ID.upper()}", "", ID]
ENDS = ["ext\n", "\n", "ext \x01\n", "\u00a0\n", " \n", "\x85\n", "\u2028\n"]
TIMES = [0, 1, START + 1500, 2**33, 2**62, 2**63]
VALUES = [b"", b"x", bytes(64), bytes(72), b"\xff" * 72]
ACTORS = [b'{"by":"anna"}', b'{"by":"a","via":"b"}', b'{"via":"b"}', b"{}", b'"anna"', b'{"by":1}']
PIECES = [b"\n", b" ", b"\0", b"\x7f", b"=", b"A", b"\r", b"\x1b", "\u00a0".encode(), b"\xff"]


def note(size: int, by: Signer = KEY, time: int | None = None, states: Any = STATES) -> Note:
    """A checkpoint, signed and cosigned when the last of its events was recorded."""
    cosigned = [(WITNESS, 60 * size + 11)]
    return sealed(states, size, by, 60 * size + 10 if time is None else time, cosigned)


# -- what is changed -------------------------------------------------------------------------------


def noise(draw: random.Random, raw: bytes) -> bytes:
    """Some bytes or lines of a file flipped, left out, put in, doubled, exchanged."""
    changed = bytearray(raw)
    at, rows = draw.randrange(len(raw)), raw.split(b"\n")
    one, other = draw.randrange(len(rows)), draw.randrange(len(rows))
    match draw.randrange(5):
        case 0:
            changed[at] ^= 1 << draw.randrange(8)
        case 1:
            del changed[at : at + draw.randrange(1, 5)]
        case 2:
            changed[at : at + draw.randrange(2)] = draw.choice(PIECES)
        case 3:
            rows[one], rows[other] = rows[other], rows[one]
            return b"\n".join(rows)
        case _:
            rows.insert(one, rows[other])
            return b"\n".join(rows)
    return bytes(changed)


def signatures(draw: random.Random, given: Note) -> Note:
    """A note with a line of a signature changed, added or left out."""
    lines = list(given.signatures)
    at = draw.randrange(len(lines))
    line, by = lines[at], draw.choice([KEY, THIEF, NEXT, WITNESS, OTHER])
    flipped = bytearray(line.value or b"\0")
    flipped[draw.randrange(len(flipped))] ^= 1 << draw.randrange(8)
    others: list[Callable[[], list[Signature]]] = [
        lambda: [line, by.sign(given.text, draw.choice(TIMES))],
        lambda: [by.sign(given.text), line],
        lambda: [replace(line, value=bytes(flipped))],
        lambda: [replace(line, value=draw.choice([*VALUES, line.value[:-1], line.value + b"x"]))],
        lambda: [replace(line, name=draw.choice(NAMES))],
        lambda: [replace(line, key_id=draw.randbytes(4))],
        lambda: [line, line],
        lambda: [] if len(lines) > 1 else [line],
    ]
    lines[at : at + 1] = draw.choice(others)()
    return replace(given, signatures=tuple(lines))


def text(draw: random.Random, given: Note) -> Note:
    """A note with another text, mostly signed anew."""
    origin, size, root, *_ = given.text.split("\n")
    changed = draw.choice(
        [
            f"{draw.choice(ORIGINS)}\n{size}\n{root}\n",
            f"{origin}\n{draw.choice(SIZES)}\n{root}\n",
            f"{origin}\n{size}\n{draw.choice(ROOTS)}\n",
            given.text + draw.choice(ENDS),
        ]
    )
    lines = (
        KEY.sign(changed),
        KEY.sign(changed, START + 1500),
        WITNESS.sign(changed, START + 1501),
    )
    return Note(changed, lines if draw.random() < 0.7 else given.signatures)


def checkpoint(draw: random.Random, given: Note) -> Note:
    for _ in range(draw.choice([0, 1, 1, 2, 3])):
        given = draw.choice([signatures, signatures, text])(draw, given)
    return given


def _with_actor(state: bytes) -> bytes:
    return b'{"actor":{"by":"anna"},' + state[1:].replace(b'"v":1,', b'"v":2,')


def states(draw: random.Random) -> list[bytes]:
    """A history with an event that is not as it must be, or with a rotation, honest or not."""
    changed, at = list(STATES), draw.randrange(20)
    state, number = changed[at], at + 1
    others: list[Callable[[], bytes]] = [
        lambda: state,
        lambda: noise(draw, state).replace(b"\n", b""),
        lambda: state.replace(b'"v":1', draw.choice([b'"v":2', b'"v":true', b'"v":1.0'])),
        lambda: b'{"actor":%b,%b' % (draw.choice(ACTORS), state[1:].replace(b'"v":1', b'"v":2')),
        lambda: event(number, draw.choice([instant(60 * at - 1), "x", "2026-01-01T00:00:00Z"])),
        lambda: event(draw.choice([0, -1, at, number + 1, 2**53]), instant(60 * number)),
        lambda: event(number, ledger=draw.choice([OTHER_ID, "", "\x1b"])),
        lambda: event(number, data={draw.choice(["\uffff", "\x01"]): 2**53, "\U00010000": [None]}),
        lambda: event(number, type="signing-key-rotated", data={"old_key": str(KEY.verifier)}),
        lambda: rotation(number, draw.choice([KEY, THIEF]), NEXT, draw.choice([None, THIEF])),
    ]
    changed[at] = draw.choice(others)()
    if draw.random() < 0.2:  # they say by whom from here on, or from there on
        since = draw.choice([at, at, at + 1, draw.randrange(20)])
        changed[since:] = [_with_actor(one) for one in changed[since:]]
    if draw.random() < 0.2:
        del changed[draw.randrange(20)]
    return changed


# -- what is verified ------------------------------------------------------------------------------


def proof(index: int, given: Note) -> str:
    """The proof of an event under a checkpoint; by the tree of all, where its text was changed."""
    size = read_checkpoint(given).size if given.text == note(12).text else 20
    nodes = inclusion_nodes(index, size)
    found = hashes_of(nodes, map(leaf_hash, STATES[:size]))
    return str(Proof(STATES[index], index, tuple(found[node] for node in nodes), given))


def file(draw: random.Random) -> bytes:
    """An export or a proof, hardly ever a clean one."""
    match draw.randrange(3):
        case 0:
            raw = proof(draw.randrange(12), checkpoint(draw, note(draw.choice([12, 20])))).encode()
        case 1:
            raw = written(STATES, [checkpoint(draw, note(12)), checkpoint(draw, note(20))])
        case _:
            rows = states(draw)
            last = note(len(rows), draw.choice([KEY, NEXT]), draw.choice([None, 0]), rows)
            return written(rows, [note(12, states=rows), last])
    return noise(draw, raw) if draw.random() < 0.3 else raw


def options(draw: random.Random, folder: Path) -> list[str]:
    """What the one who verifies brings."""
    words = []
    if draw.random() < 0.9:
        words += ["--key", str(draw.choice([KEY] * 6 + [THIEF]).verifier)]
    if draw.random() < 0.5:
        words += ["--witness", str(draw.choice([WITNESS, WITNESS, OTHER]).verifier)]
    if draw.random() < 0.5:
        seen = checkpoint(draw, note(draw.choice([0, 5, 12, 20])))
        folder.joinpath("seen").write_bytes(str(seen).encode(errors="surrogateescape"))
        words += ["--last-seen", str(folder / "seen")]
    if draw.random() < 0.3:
        words += ["--max-age", draw.choice(["7d", "9999d", "99999d", "0d", "7", "07d"])]
    return words


@pytest.mark.parametrize(
    ("rounds", "seed"),
    [(150, 5), *(pytest.param(5_000, seed, marks=pytest.mark.whole) for seed in range(5, 9))],
)
def test_both_verifiers_say_the_same(tmp_path: Path, rounds: int, seed: int) -> None:
    draw, path = random.Random(seed), tmp_path / "given"
    valid = 0
    for number in range(rounds):
        path.write_bytes(file(draw))
        words = options(draw, tmp_path)
        ours = run(tmp_path / "none", "verify", str(path), *words, "--thorough")
        theirs = by_standalone(path, *words, key=None)
        assert ours.code in (0, 1, 2), ours
        assert (ours.code == 0) is theirs.valid, (number, words, ours, theirs)
        valid += theirs.valid
    assert rounds // 100 < valid < rounds // 2, "some are clean, most are not"


def test_a_key_is_given_by_its_file_too(tmp_path: Path) -> None:
    path, key, guard = tmp_path / "clean", tmp_path / "key", tmp_path / "guard"
    path.write_bytes(written(STATES, [note(20)]))
    key.write_text(f"{KEY.verifier}\nand what follows\n", encoding="utf-8")
    guard.write_text(f"{WITNESS.verifier}\n", encoding="utf-8")
    words = ("--key", str(key), "--witness", str(guard))
    assert by_standalone(path, *words, key=None).valid
    assert run(tmp_path / "none", "verify", str(path), *words).code == 0
    key.write_text(f"{THIEF.verifier}\n", encoding="utf-8")
    assert not by_standalone(path, *words, key=None).valid
    for unusable in (b"", b"\xff\xfe", b"no key\n"):
        key.write_bytes(unusable)
        assert "Found" not in by_standalone(path, *words, key=None).told


def test_an_answer_with_its_proofs_is_named_and_left_to_stakebook(tmp_path: Path) -> None:
    ledger, key, bundle = new_ledger(tmp_path), tmp_path / "key", tmp_path / "answer"
    assert run(ledger, "keygen", str(key)).code == 0
    assert run(ledger, "seal", "--key", str(key)).code == 0
    assert run(ledger, "prove-answer", "--out", str(bundle), "holdings", "acme").code == 0
    told = by_standalone(bundle, "--key", str(key), key=None)
    assert not told.valid
    assert told.found.count("\n") == 1
    assert "an answer with its proofs; stakebook verify reads it" in told.found
    assert run(ledger, "verify", str(bundle), "--key", str(key)).code == 0


def test_the_proof_of_an_event_fails_with_a_broken_timed_signature(tmp_path: Path) -> None:
    """The plain signature is right; the time was changed."""
    given = note(12)
    plain, timed, cosigned = given.signatures
    later = replace(timed, value=(START + 9_999).to_bytes(8) + timed.value[8:])
    path = tmp_path / "proof"
    for lines, valid in (((plain, timed, cosigned), True), ((plain, later, cosigned), False)):
        path.write_text(proof(3, replace(given, signatures=lines)), encoding="utf-8")
        assert by_standalone(path).valid is valid
        words = ("verify", str(path), "--key", str(KEY.verifier))
        assert (run(tmp_path / "none", *words).code == 0) is valid
