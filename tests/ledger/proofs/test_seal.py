"""Keys, their rotation, witnesses, and what is changed behind the back of a ledger."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.keys import make_key, read_key
from ledger.proofs.witness import Request, cosign
from ledger.transparency.key_chain import rotation_text
from ledger.transparency.merkle import consistency_nodes, hashes_of, leaf_hash
from ledger.transparency.signed_notes import (
    SIGNED,
    Note,
    Signer,
    encoded,
    read_checkpoint,
    read_note,
    read_verifier,
)  # fmt: skip
from ledger.values.refusals import Refusal, Refused
from tests import ROOT
from tests.exports import (
    BOTH,
    KEY,
    NEXT,
    ORIGIN,
    THIEF,
    WITNESS,
    by_stakebook,
    by_standalone,
    event,
    events,
    sealed,
    written,
)  # fmt: skip
from tests.helpers import accept, assert_refused, new_ledger, party, run, stored

# -- rotation ----------------------------------------------------------------------------------


def rotation(position: int, old: Signer, new: Signer, by: Signer | None = None) -> bytes:
    """The event by which a key gives way to another."""
    data = {
        "old_key": str(old.verifier),
        "new_key": str(new.verifier),
        "signature": encoded((by or old).sign(rotation_text(new.verifier)).value),
    }
    return event(position, type="signing-key-rotated", data=data)


def rotated(by: Signer | None = None) -> list[bytes]:
    """Ten events, of which the fifth changes the key."""
    states = events(10)
    states[4] = rotation(5, KEY, NEXT, by)
    return states


def valid(path: Path, raw: bytes) -> list[bool]:
    path.write_bytes(raw)
    return [verdict(path).valid for verdict in BOTH]


def test_the_chain_of_keys_is_followed(tmp_path: Path) -> None:
    states, path = rotated(), tmp_path / "rotated"
    notes = [sealed(states, 3, KEY, 200), sealed(states, 5, KEY, 330), sealed(states, 9, NEXT, 570)]
    path.write_bytes(written(states, notes))
    for verdict in BOTH:
        told = verdict(path)
        assert told.valid, told.found
        assert "hands over" in told.told
    assert by_stakebook(path).told.count("first 9 events") == 1


@pytest.mark.parametrize(("size", "by"), [(6, KEY), (10, KEY), (4, NEXT), (0, NEXT)])
def test_a_key_does_not_seal_beyond_its_tenure(tmp_path: Path, size: int, by: Signer) -> None:
    states = rotated()
    notes = [sealed(states, 5, KEY), sealed(states, 10, NEXT)]
    assert all(valid(tmp_path / "honest", written(states, notes)))
    beyond = sorted([*notes, sealed(states, size, by)], key=lambda n: read_checkpoint(n).size)
    assert not any(valid(tmp_path / "beyond", written(states, beyond)))


@pytest.mark.parametrize("by", [THIEF, NEXT])
def test_a_rotation_that_the_old_key_has_not_signed_is_found(tmp_path: Path, by: Signer) -> None:
    states = rotated(by)
    notes = [sealed(states, 5, KEY), sealed(states, 10, NEXT)]
    assert not any(valid(tmp_path / "stolen", written(states, notes)))
    assert not any(valid(tmp_path / "stolen", written(states, [sealed(states, 10, KEY)])))


def test_a_rotation_of_keys_nobody_trusts_gives_them_nothing(tmp_path: Path) -> None:
    states = events(10)
    states[4] = rotation(5, THIEF, NEXT)
    assert not any(valid(tmp_path / "foreign", written(states, [sealed(states, 10, NEXT)])))
    assert all(valid(tmp_path / "foreign", written(states, [sealed(states, 10, KEY)])))


def test_the_command_rotates_and_the_rules_refuse_a_stolen_key(tmp_path: Path) -> None:
    ledger, old, new = new_ledger(tmp_path), tmp_path / "old", tmp_path / "new"
    for key in (old, new):
        assert run(ledger, "keygen", str(key)).code == 0
    vkey = old.read_text().splitlines()[0]
    assert run(ledger, "rotate-key", "--key", str(old), "--to", str(new)).code == 0
    accept(ledger, party("newco"))
    assert run(ledger, "seal", "--key", str(new)).code == 0
    export = tmp_path / "audit"
    assert run(ledger, "export", "--audit", str(export)).code == 0
    assert run(ledger, "verify", str(export), "--key", vkey).code == 0
    assert by_standalone(export, key=read_verifier(vkey)).valid
    accept(ledger, party("newer"))
    assert_refused(run(ledger, "seal", "--key", str(old)), Refusal.BAD_KEY, "handed over")
    before, third = stored(ledger), tmp_path / "third"
    assert run(ledger, "keygen", str(third)).code == 0
    again = run(ledger, "rotate-key", "--key", str(old), "--to", str(third))
    assert_refused(again, Refusal.BAD_KEY, "handed over")
    assert stored(ledger) == before, "nothing is recorded where the old key cannot seal it"
    assert run(ledger, "verify", "--key", vkey).code == 0, "the old key has given way"
    data = {"old_key": vkey, "new_key": str(THIEF.verifier), "signature": encoded(bytes(64))}
    words = [w for name, value in data.items() for w in (f"--{name.replace('_', '-')}", value)]
    assert_refused(run(ledger, "append", "signing-key-rotated", *words), Refusal.BAD_KEY)


# -- behind the back of a ledger -----------------------------------------------------------------


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, str]:
    """A sealed ledger and its key."""
    ledger, key = new_ledger(tmp_path), tmp_path / "key"
    assert run(ledger, "keygen", str(key)).code == 0
    assert run(ledger, "seal", "--key", str(key)).code == 0
    return ledger, key.read_text().splitlines()[0]


def change(ledger: Path, *statements: str) -> None:
    """Change a ledger's file, past its triggers, which are put back so that nobody misses them."""
    connection = sqlite3.connect(ledger)
    connection.create_function("leaf_of", 1, leaf_hash)
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    triggers = connection.execute(query).fetchall()
    statements = (*(f"DROP TRIGGER {name}" for name, _ in triggers), *statements)
    for statement in (*statements, *(sql for _, sql in triggers)):
        connection.execute(statement)
    connection.commit()
    connection.close()


BEHIND: dict[str, tuple[str, ...]] = {
    "edited": (
        "UPDATE stored_events SET state = CAST(replace(state, 'Acme', 'Acne') AS BLOB)"
        " WHERE position = 1",
    ),
    "edited with its hash": (
        "UPDATE stored_events SET state = CAST(replace(state, 'Acme', 'Acne') AS BLOB),"
        " leaf = leaf_of(CAST(replace(state, 'Acme', 'Acne') AS BLOB)) WHERE position = 1",
    ),
    "its hash alone": ("UPDATE stored_events SET leaf = zeroblob(32) WHERE position = 3",),
    "deleted": ("DELETE FROM stored_events WHERE position = 4",),
    "the last deleted": ("DELETE FROM stored_events WHERE position = 8",),
    "swapped": (
        "UPDATE stored_events SET position = -2 WHERE position = 2",
        "UPDATE stored_events SET position = 2 WHERE position = 3",
        "UPDATE stored_events SET position = 3 WHERE position = -2",
    ),
    "the frontier": ("UPDATE frontier SET peaks = zeroblob(length(peaks))",),
    "a checkpoint": ("UPDATE checkpoints SET note = replace(note, '=', '=')",
                     "UPDATE checkpoints SET note = replace(note, char(10) || '8' || char(10),"
                     " char(10) || '7' || char(10))"),
    "no checkpoint": ("DELETE FROM checkpoints",),
}  # fmt: skip


@pytest.mark.parametrize("case", BEHIND)
def test_changes_in_the_file_are_found(kept: tuple[Path, str], case: str) -> None:
    ledger, vkey = kept
    assert run(ledger, "verify", "--key", vkey).code == 0
    change(ledger, *BEHIND[case])
    thorough = ["--thorough"] if case == "its hash alone" else []
    outcome = run(ledger, "verify", "--key", vkey, *thorough)
    assert outcome.code in (1, 5), outcome
    assert "fault in stakebook" not in outcome.err
    if case in ("edited", "edited with its hash"):
        assert "row 1 of the log" in outcome.out or "not those that were sealed" in outcome.out


def test_what_was_changed_is_not_sealed_again(kept: tuple[Path, str]) -> None:
    ledger, _ = kept
    change(ledger, *BEHIND["edited"])
    before, key, new = stored(ledger), str(ledger.with_name("key")), str(ledger.with_name("new"))
    assert run(ledger, "seal", "--key", key).code == 5
    assert run(ledger, "keygen", new).code == 0
    assert run(ledger, "rotate-key", "--key", key, "--to", new).code == 5
    assert stored(ledger) == before


# -- times of sealing ----------------------------------------------------------------------------


def test_a_cosignature_added_does_not_make_the_time_of_the_seal_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock set back after sealing: the next event is after the seal all the same."""
    from datetime import UTC, datetime, timedelta

    moment = datetime(2026, 1, 1, tzinfo=UTC)
    for module in ("append", "seal", "verify", "cosign"):
        monkeypatch.setattr(f"cli.commands.{module}.now", lambda: moment, raising=False)
    monkeypatch.setattr("cli.context.now", lambda: moment)
    ledger, key, guard = new_ledger(tmp_path), tmp_path / "key", tmp_path / "guard"
    assert run(ledger, "keygen", str(key)).code == 0
    assert run(ledger, "keygen", str(guard), "--witness", "acme.law/w1").code == 0
    vkey = key.read_text().splitlines()[0]
    moment += timedelta(hours=1)
    request, answer = tmp_path / "request", tmp_path / "answer"
    assert run(ledger, "seal", "--key", str(key), "--request", str(request)).code == 0
    words = ("--log", vkey, "--key", str(guard), "--state", str(tmp_path / "state"), "--first")
    assert run(ledger, "cosign", str(request), *words, "--out", str(answer)).code == 0
    assert run(ledger, "seal", "--add", str(answer), "--witness", str(guard)).code == 0
    moment -= timedelta(minutes=30)
    accept(ledger, party("newco"))
    moment += timedelta(hours=2)
    outcome = run(ledger, "verify", "--key", vkey)
    assert outcome.code == 0, outcome.out


def test_nobody_else_adds_signatures_in_the_ledgers_own_name(kept: tuple[Path, str]) -> None:
    """A time far ahead would make every later event claim it."""
    ledger, vkey = kept
    note = read_note(run(ledger, "seal").out)
    verifier = read_verifier(vkey)
    forged = THIEF.sign(note.text, 2**62)
    line = f"\u2014 {verifier.name} {encoded(verifier.cosigning().key_id + forged.value)}\n"
    path = ledger.with_name("forged")
    path.write_text(f"{note}{line}", encoding="utf-8")
    add = ("seal", "--add", str(path), "--witness", str(WITNESS.verifier))
    assert_refused(run(ledger, *add), Refusal.BAD_NOTE)
    path.write_text(f"{note}{WITNESS.sign(note.text, 2**62)}", encoding="utf-8")
    assert_refused(run(ledger, *add), Refusal.IMPOSSIBLE_TIME)
    accept(ledger, party("newco"))


# -- key files -----------------------------------------------------------------------------------


def refusal(call: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.refusal


def test_unsafe_places_of_keys_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path, ORIGIN, SIGNED)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path, lambda: "").verifier.name == ORIGIN
    for mode in (0o644, 0o640, 0o604, 0o660, 0o601):
        path.chmod(mode)
        assert refusal(lambda: read_key(path, lambda: "")) is Refusal.KEY_UNSAFE
    path.chmod(0o400)
    assert read_key(path, lambda: "").verifier.name == ORIGIN
    tree = tmp_path / "tree" / "below"
    tree.mkdir(parents=True)
    (tmp_path / "tree" / ".git").mkdir()
    assert refusal(lambda: make_key(tree / "key", ORIGIN, SIGNED)) is Refusal.KEY_UNSAFE
    inside = tree / "key"
    inside.write_bytes(path.read_bytes())
    inside.chmod(0o600)
    assert refusal(lambda: read_key(inside, lambda: "")) is Refusal.KEY_UNSAFE
    link = tmp_path / "link"
    link.symlink_to(inside)
    assert refusal(lambda: read_key(link, lambda: "")) is Refusal.KEY_UNSAFE, "where it leads to"
    (tmp_path / "taken").symlink_to(tmp_path / "nowhere")
    assert refusal(lambda: make_key(tmp_path / "taken", ORIGIN, SIGNED)) is Refusal.FILE_EXISTS
    assert refusal(lambda: make_key(path, ORIGIN, SIGNED)) is Refusal.FILE_EXISTS
    for odd in (tmp_path, tmp_path / "none"):
        assert refusal(lambda: read_key(odd, lambda: "")) is Refusal.BAD_KEY  # noqa: B023
    path.chmod(0o600)
    for raw in (b"", b"garbage", b"\xff\xfe\n", f"{KEY.verifier}\n".encode(), path.read_bytes()[5:],
                f"{KEY.verifier}\n".encode() + path.read_bytes().partition(b"\n")[2]):  # fmt: skip
        odd = tmp_path / "odd"
        odd.write_bytes(raw)
        odd.chmod(0o600)
        assert refusal(lambda: read_key(odd, lambda: "")) is Refusal.BAD_KEY  # noqa: B023


def test_a_locked_key_needs_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "key"
    make_key(path, ORIGIN, SIGNED, "secret")
    assert refusal(lambda: read_key(path, lambda: "other")) is Refusal.BAD_KEY
    assert read_key(path, lambda: "secret").verifier.name == ORIGIN


# -- witnesses -----------------------------------------------------------------------------------


def requested(states: list[bytes], old: int, note: Note) -> Request:
    """A request to cosign, with the proof from an old size."""
    size = read_checkpoint(note).size
    nodes = consistency_nodes(old, size) if old else []
    found = hashes_of(nodes, map(leaf_hash, states[:size])) if nodes else {}
    return Request(old, tuple(found[node] for node in nodes), note)


FORK = [*events(4), *(event(n, text="forked") for n in range(5, 13))]


def test_a_witness_never_cosigns_two_histories(tmp_path: Path) -> None:
    memory, states = tmp_path / "memory", events(12)
    log = KEY.verifier

    def ask(history: list[bytes], old: int, size: int, first: bool = False) -> Note:
        request = requested(history, old, sealed(history, size))
        return cosign(request, log, WITNESS, memory, 1_800_000_000, first=first)

    assert refusal(lambda: ask(states, 0, 3)) is Refusal.NOT_COSIGNED, "no memory"
    assert WITNESS.verifier.signed(ask(states, 0, 3, first=True))
    assert refusal(lambda: ask(states, 0, 3, first=True)) is Refusal.NOT_COSIGNED
    ask(states, 3, 3)
    ask(states, 3, 8)
    for history, old, size in ((states, 3, 9), (states, 7, 7), (FORK, 8, 9), (FORK, 4, 9)):
        assert refusal(lambda: ask(history, old, size)) is Refusal.NOT_COSIGNED  # noqa: B023
    ask(states, 8, 12)
    memory.unlink()
    assert refusal(lambda: ask(FORK, 0, 9)) is Refusal.NOT_COSIGNED, "memory lost"
    memory.write_text("garbage")
    assert refusal(lambda: ask(states, 0, 3)) is Refusal.BAD_NOTE


def test_a_witness_asks_for_the_ledgers_own_key(tmp_path: Path) -> None:
    memory, states = tmp_path / "memory", events(3)
    stolen = requested(states, 0, sealed(states, 3, THIEF))
    honest = requested(states, 0, sealed(states, 3))
    cases = ((stolen, KEY.verifier), (honest, THIEF.verifier), (honest, WITNESS.verifier))
    for request, log in cases:
        reason = refusal(lambda: cosign(request, log, WITNESS, memory, 1, first=True))  # noqa: B023
        assert reason in (Refusal.NOT_COSIGNED, Refusal.BAD_KEY)
    assert refusal(lambda: cosign(honest, KEY.verifier, KEY, memory, 1, first=True)) is (
        Refusal.BAD_KEY
    )
    assert not memory.exists()
    assert cosign(honest, KEY.verifier, WITNESS, memory, 1, first=True)


RACER = """
import sys
from pathlib import Path
from tests.exports import KEY, WITNESS, events, event, sealed
from tests.ledger.proofs.test_seal import FORK, requested
from ledger.values.refusals import Refused
from ledger.proofs.witness import cosign
memory, branch, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
history = FORK if branch == "fork" else events(12)
for size in range(5, 13):
    for old in range(4, size + 1):
        try:
            note = cosign(requested(history, old, sealed(history, size)), KEY.verifier, WITNESS,
                          memory, 1_800_000_000)
        except Refused:
            continue
        with out.open("ab") as stream:
            stream.write(note.text.encode().replace(b"\\n", b" ") + b"\\n")
"""


@pytest.mark.parametrize("racers", [6, pytest.param(40, marks=pytest.mark.whole)])
def test_racing_cosigners_follow_one_branch(tmp_path: Path, racers: int) -> None:
    """Processes ask for two forks at once and are killed; at most one fork is ever cosigned."""
    draw = random.Random(4)
    for _ in range((racers + 5) // 6):
        memory = tmp_path / "memory"
        memory.write_text(str(sealed(events(4), 4)), encoding="utf-8")
        outs = {name: tmp_path / name for name in ("fork", "main")}
        root = ROOT
        running = [
            subprocess.Popen(
                [sys.executable, "-c", RACER, str(memory), name, str(outs[name])], cwd=root
            )
            for name in ("fork", "main") * 3
        ]
        victim = draw.choice(running)
        time.sleep(draw.random())
        victim.kill()
        for process in running:
            assert process.wait(60) in (0, -9)
        signed = [name for name, out in outs.items() if out.exists()]
        assert len(signed) <= 1, signed
        found = read_checkpoint(read_note(memory.read_bytes()))
        states = FORK if signed == ["fork"] else events(12)
        assert found.root == read_checkpoint(sealed(states, found.size)).root
        for path in (memory, *outs.values()):
            path.unlink(missing_ok=True)


def test_a_pipe_given_as_a_key_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    outcome = run(new_ledger(tmp_path), "verify", "--key", str(tmp_path / "pipe"))
    assert_refused(outcome, Refusal.BAD_KEY, "--key")
