"""Verification finds every alteration, says where, and says what it did not look at.

Every case is put to both verifiers: ``ledger.proofs.verify`` and cli/verify_ledger.py.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledger.proofs.verify import Trust
from ledger.transparency.signed_notes import Note, Signature
from tests.exports import (
    BOTH,
    DAY,
    KEY,
    OTHER_ID,
    START,
    THIEF,
    WITNESS,
    Verdict,
    by_stakebook,
    by_standalone,
    event,
    events,
    instant,
    sealed,
    standalone,
    written,
)  # fmt: skip

SIZE = 20
STATES = events(SIZE)
NOTES = [
    sealed(STATES, 5, time=60 * 5 + 30),
    sealed(STATES, SIZE, time=60 * SIZE + 30, witnesses=[(WITNESS, 60 * SIZE + 31)]),
]
CLEAN = written(STATES, NOTES)


def verdicts(path: Path, raw: bytes) -> Iterator[Verdict]:
    """What both verifiers say of a file."""
    path.write_bytes(raw)
    yield from (verdict(path) for verdict in BOTH)


def with_seen(path: Path, raw: bytes, seen: Note, witness: bool = False) -> list[Verdict]:
    """The same, with a checkpoint seen before, or with a witness."""
    path.write_bytes(raw)
    kept = path.with_suffix(".seen")
    kept.write_text(str(seen), encoding="utf-8")
    if witness:
        trust, words = (
            Trust(KEY.verifier, witnesses=(WITNESS.verifier,)),
            ["--witness", str(WITNESS.verifier)],
        )
    else:
        trust, words = Trust(KEY.verifier, seen), ["--last-seen", str(kept)]
    return [by_stakebook(path, trust), by_standalone(path, *words)]


def flipped(raw: bytes, bits: range | list[int]) -> Iterator[tuple[int, bytes]]:
    """Copies in which one bit is another: bit 8 * byte + place."""
    for bit in bits:
        copy = bytearray(raw)
        copy[bit // 8] ^= 1 << bit % 8
        yield bit // 8, bytes(copy)


def assert_flips_found(tmp_path: Path, raw: bytes, bits: range | list[int]) -> None:
    ends = [place for place, byte in enumerate(raw) if byte == 10]
    for byte, copy in flipped(raw, bits):
        number = sum(end < byte for end in ends[:SIZE]) + 1
        for verdict in verdicts(tmp_path / "flipped", copy):
            assert not verdict.valid, f"byte {byte}"
            if 1 < number <= SIZE + 1 and ends[0] < byte < ends[SIZE]:
                assert f"line {number}" in verdict.found.splitlines()[0] + verdict.found[:200]


def test_clean_exports_raise_no_alarm(tmp_path: Path) -> None:
    for count in (0, 1, 2, 3, 7, 8, 20, 33):
        states = events(count)
        notes = [sealed(states, n, time=60 * n + 1) for n in range(count + 1)]
        for verdict in verdicts(tmp_path / "clean", written(states, notes)):
            assert verdict.valid, verdict.found


def test_flipped_bits_are_found(tmp_path: Path) -> None:
    draw = random.Random(0)
    bits = [8 * byte + draw.randrange(8) for byte in range(0, len(CLEAN), 23)]
    assert_flips_found(tmp_path, CLEAN, bits)


@pytest.mark.whole
@pytest.mark.parametrize("part", range(8))
def test_every_flipped_bit_is_found(tmp_path: Path, part: int) -> None:
    assert_flips_found(tmp_path, CLEAN, range(part, 8 * len(CLEAN), 8))


@pytest.mark.parametrize(
    ("count", "edits"), [(300, 30), pytest.param(100_000, 10_000, marks=pytest.mark.whole)]
)
def test_random_edits_in_a_long_history_are_found(
    tmp_path: Path, count: int, edits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many events edited at once: every one of their lines is named, and no other line."""
    monkeypatch.setattr("ledger.proofs.verify.MOST_LISTED", count)
    monkeypatch.setattr(standalone(), "TOLD", count)
    draw, states = random.Random(1), events(count)
    notes = [sealed(states, count, time=60 * count + 1)]
    clean = written(states, notes).split(b"\n")
    for _ in range(4 if count < 1_000 else 1):
        rows, lines = list(clean), sorted(draw.sample(range(1, count + 1), edits))
        for number in lines:
            changed = bytearray(rows[number])
            changed[draw.randrange(len(changed))] ^= draw.choice([1, 2, 4, 8, 16, 32, 64])
            rows[number] = bytes(changed).replace(b"\n", b"?")
        for verdict in verdicts(tmp_path / "edited", b"\n".join(rows)):
            named = {int(n) for n in re.findall(r"^line (\d+):", shortened(verdict), re.MULTILINE)}
            assert {number + 1 for number in lines} <= named
            assert len([n for n in named if 1 < n <= count + 1]) == edits


def shortened(verdict: Verdict) -> str:
    """The findings, with the file's name left out of their places."""
    rows = (row.removeprefix("* ") for row in verdict.found.splitlines())
    return "\n".join(f"{row.split(' of /')[0]}:" if " of /" in row else row for row in rows)


Change = Callable[[list[bytes], int], list[bytes]]


def _deleted(rows: list[bytes], at: int) -> list[bytes]:
    return rows[:at] + rows[at + 1 :]


def _inserted(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[:at], event(at + 1, text="never recorded"), *rows[at:]]


def _swapped(rows: list[bytes], at: int) -> list[bytes]:
    other = at + 1 if at + 1 < len(rows) else at - 1
    changed = list(rows)
    changed[at], changed[other] = changed[other], changed[at]
    return changed


def _duplicated(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[: at + 1], *rows[at:]]


def _transplanted(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[:at], event(at + 1, ledger=OTHER_ID), *rows[at + 1 :]]


def _spaced(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[:at], rows[at].replace(b'"schema":1', b'"schema": 1'), *rows[at + 1 :]]


def _reordered(rows: list[bytes], at: int) -> list[bytes]:
    value = dict(reversed(json.loads(rows[at]).items()))
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return [*rows[:at], written, *rows[at + 1 :]]


def _escaped(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[:at], rows[at].replace("\u00e9".encode(), b"\\u00e9"), *rows[at + 1 :]]


def _fractioned(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[:at], rows[at].replace(b'"schema":1', b'"schema":1.0'), *rows[at + 1 :]]


def _doubled_name(rows: list[bytes], at: int) -> list[bytes]:
    return [*rows[:at], rows[at].replace(b'"schema":1', b'"schema":1,"schema":1'), *rows[at + 1 :]]


CHANGES: list[Change] = [
    _deleted, _inserted, _swapped, _duplicated, _transplanted, _spaced, _reordered, _escaped,
    _fractioned, _doubled_name,
]  # fmt: skip


def tampered(states: list[bytes], notes: list[Note], rows: list[bytes], honest: bool) -> bytes:
    """An export whose events are others; the rest is of the true ones, or made to fit."""
    raw = written(states if honest else rows, notes)
    head, *rest = raw.split(b"\n")
    return b"\n".join([head, *rows, *rest[len(states if honest else rows) :]])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__[1:])
@pytest.mark.parametrize("honest", [True, False], ids=["in place", "made to fit"])
@pytest.mark.parametrize("count", [SIZE, pytest.param(100, marks=pytest.mark.whole)])
def test_structural_changes_are_found(
    tmp_path: Path, change: Change, honest: bool, count: int
) -> None:
    """With the old header and hashes, the place is named; with new ones, it is still found."""
    states = events(count)
    notes = [sealed(states, count, time=60 * count + 30)]
    for at in range(count):
        rows = change(states, at)
        assert rows != states
        for verdict in verdicts(tmp_path / "changed", tampered(states, notes, rows, honest)):
            assert not verdict.valid, (change, at)
            if honest and not (change is _deleted and at == count - 1):
                at_line = at + (change is _duplicated) + 2
                assert f"line {at_line}:" in shortened(verdict), (at, verdict.found)


REST = "all of it rewritten"


def test_a_cut_off_end_is_found_by_what_was_seen_before(tmp_path: Path) -> None:
    for kept in range(5, SIZE):
        raw = written(STATES[:kept], [NOTES[0]])
        for verdict in verdicts(tmp_path / "cut", raw):
            assert verdict.valid, "an older, rightly sealed state cannot be told from the newest"
            assert REST in verdict.told.replace("\n  ", " ")
        for verdict in with_seen(tmp_path / "cut", raw, NOTES[1]):
            assert not verdict.valid
            assert str(NOTES[1]) in verdict.told, "both checkpoints are handed over"
            assert str(NOTES[0]) in verdict.told
        for verdict in with_seen(tmp_path / "cut", raw, NOTES[1], witness=True):
            assert not verdict.valid


def test_a_fork_is_found_by_what_was_seen_before(tmp_path: Path) -> None:
    for at in range(SIZE):
        forked = [*STATES[:at], *(event(n + 1, text="forked") for n in range(at, SIZE))]
        resealed = sealed(forked, SIZE, time=60 * SIZE + 40)
        raw = written(forked, [resealed])
        for verdict in verdicts(tmp_path / "forked", raw):
            assert verdict.valid, "whoever holds the key can rewrite what nobody has seen"
            assert REST in verdict.told.replace("\n  ", " ")
        for verdict in with_seen(tmp_path / "forked", raw, NOTES[1]):
            assert not verdict.valid
            assert str(NOTES[1]) in verdict.told
            assert str(resealed) in verdict.told
        for verdict in with_seen(tmp_path / "forked", raw, NOTES[1], witness=True):
            assert not verdict.valid


def test_two_checkpoints_of_one_ledger_that_disagree_are_evidence(tmp_path: Path) -> None:
    other = sealed([event(n, text="other") for n in range(1, 6)], 5, time=1000)
    for verdict in verdicts(tmp_path / "two", written(STATES, [NOTES[0], other, NOTES[1]])):
        assert not verdict.valid
        assert str(other) in verdict.told


def test_last_seen_of_size_zero_of_the_same_size_and_of_another_ledger(tmp_path: Path) -> None:
    for seen in (sealed(STATES, 0), NOTES[0], NOTES[1]):
        for verdict in with_seen(tmp_path / "clean", CLEAN, seen):
            assert verdict.valid, verdict.found
    same_size = sealed(events(SIZE)[::-1], SIZE)
    stolen = sealed(STATES, 5, by=THIEF)
    foreign = sealed(STATES, 5, origin=f"stakebook/{OTHER_ID}")
    for seen in (same_size, stolen, foreign):
        for verdict in with_seen(tmp_path / "clean", CLEAN, seen):
            assert not verdict.valid


def test_wrong_keys_are_found(tmp_path: Path) -> None:
    path = tmp_path / "clean"
    path.write_bytes(CLEAN)
    namesake = THIEF.verifier
    assert not by_stakebook(path, Trust(namesake)).valid
    assert not by_standalone(path, key=namesake).valid
    assert str(namesake) in by_stakebook(path, Trust(namesake)).found
    for key in (WITNESS.verifier, KEY.verifier.cosigning()):
        assert not by_stakebook(path, Trust(key)).valid, "a key for times seals nothing"
        assert not by_standalone(path, key=key).valid
    for verdict in (by_stakebook(path, Trust()), by_standalone(path, key=None)):
        assert verdict.valid
        assert "no --key was given" in verdict.told


def test_a_stranger_without_the_key_cannot_reseal(tmp_path: Path) -> None:
    rewritten = [*STATES[:7], event(8, text="rewritten"), *STATES[8:]]
    for by in (THIEF, WITNESS):
        notes = [sealed(rewritten, SIZE, by=by, time=60 * SIZE + 30)]
        for verdict in verdicts(tmp_path / "stolen", written(rewritten, notes)):
            assert not verdict.valid
    for verdict in verdicts(tmp_path / "unsealed", written(rewritten, [])):
        assert not verdict.valid


def test_a_forged_line_beside_a_good_one_refuses_the_checkpoint(tmp_path: Path) -> None:
    good = NOTES[1].signatures[0]
    forged = Signature(good.name, good.key_id, bytes(64))
    note = replace(NOTES[1], signatures=(forged, *NOTES[1].signatures))
    for verdict in verdicts(tmp_path / "forged", written(STATES, [note])):
        assert not verdict.valid
    unknown = Signature("stranger", bytes(4), bytes(64))
    note = replace(NOTES[1], signatures=(*[unknown] * 1_000, *NOTES[1].signatures))
    for verdict in verdicts(tmp_path / "forged", written(STATES, [note])):
        assert verdict.valid, "signatures by unknown keys are left aside"


def test_events_after_the_last_checkpoint_are_told_to_be_unsealed(tmp_path: Path) -> None:
    for verdict in verdicts(tmp_path / "some", written(STATES, NOTES[:1])):
        assert verdict.valid
        assert "after" in verdict.told
    rows = [*STATES[:9], STATES[9].replace(b'"schema":1', b'"schema": 1'), *STATES[10:]]
    for verdict in verdicts(tmp_path / "some", written(rows, NOTES[:1])):
        assert not verdict.valid, "they are read in full all the same"
        assert "line 11" in verdict.found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            b'"recorded_at":"2026',
            b'"recorded_at":"2026-01-01T00:09:00.000000Z","recorded_at":"1999',
        ),
        (b'"schema":1', b'"schema": 1'),
        (b'"version":10', b'"version":10 '),
        (b'"version":10', b'"version":10,"position":3'),
    ],
)
def test_the_holder_of_the_key_cannot_seal_an_event_read_in_two_ways(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    rows = [*STATES[:9], STATES[9].replace(old, new), *STATES[10:]]
    path = tmp_path / "odd"
    path.write_bytes(written(rows, [sealed(rows, SIZE)]))
    for verdict in (by_stakebook(path, Trust(KEY.verifier, thorough=True)), by_standalone(path)):
        assert not verdict.valid
        assert "line 11" in verdict.found
    assert "read in one way only" in by_stakebook(path).told, "what is not read in full is said"


# -- times ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rounds", [30, pytest.param(200, marks=pytest.mark.whole)])
def test_back_dated_and_post_dated_events_are_rejected(tmp_path: Path, rounds: int) -> None:
    """Ten days, a checkpoint and a cosignature each day; one event forged, all of it resealed."""
    draw, days, each = random.Random(2), 10, 4
    times = [day * DAY + 3600 * (n + 1) for day in range(days) for n in range(each)]
    states = [event(n, instant(at)) for n, at in enumerate(times, 1)]
    notes = [sealed(states, each * (d + 1), time=DAY * (d + 1) - 60,
                    witnesses=[(WITNESS, DAY * (d + 1) - 50)]) for d in range(days)]  # fmt: skip
    for verdict in verdicts(tmp_path / "honest", written(states, notes)):
        assert verdict.valid, verdict.found
    for _ in range(rounds):
        day, early = draw.randrange(1, days), draw.random() < 0.5
        shift = draw.randrange(600, DAY)
        first, last = each * day, each * day + each - 1
        if early:  # the first event of a day claims the day before, or long before
            number, claimed = first, day * DAY - 60 - shift
        else:  # the last event of a day claims a time after the day was sealed
            number, claimed = last, (day + 1) * DAY - 60 + shift
        forged = list(states)
        forged[number] = event(number + 1, instant(claimed))
        assert forged[number] != states[number]
        if early:  # those before it must not be later
            for n in range(number):
                forged[n] = event(n + 1, min(instant(times[n]), instant(claimed)))
        else:
            for n in range(number + 1, len(states)):
                forged[n] = event(n + 1, max(instant(times[n]), instant(claimed)))
        resealed = [sealed(forged, n.text.count("\n") and int(n.text.split("\n")[1]),
                           time=times_of(n)) for n in notes]  # fmt: skip
        for verdict in verdicts(tmp_path / "forged", written(forged, resealed)):
            assert not verdict.valid, (early, shift)
            assert "claims" in verdict.found


def times_of(note: Note) -> int:
    """The time that the ledger's own key signed, in seconds after the start."""
    return int.from_bytes(note.signatures[1].value[:8]) - START


def test_the_second_of_signing_is_not_called_late(tmp_path: Path) -> None:
    states = [event(1, instant(100, 999_999)), event(2, instant(101))]
    for time, valid in ((100, True), (99, False), (101, True)):
        for verdict in verdicts(tmp_path / "edge", written(states, [sealed(states, 1, time=time)])):
            assert verdict.valid is valid, (time, verdict.found)
    states[1] = event(2, instant(100, 999_999))
    for verdict in verdicts(tmp_path / "edge", written(states, [sealed(states, 1, time=101)])):
        assert not verdict.valid, "the second event was not there at 101"


def test_old_and_future_checkpoints(tmp_path: Path) -> None:
    path = tmp_path / "clean"
    path.write_bytes(CLEAN)
    now = datetime.fromtimestamp(START, UTC) + timedelta(days=400)
    for age, valid in ((timedelta(days=500), True), (timedelta(days=7), False)):
        assert by_stakebook(path, Trust(KEY.verifier, max_age=age, now=now)).valid is valid
    assert by_standalone(path, "--max-age", "90000d").valid
    assert not by_standalone(path, "--max-age", "1m").valid
    for time in (2**40, 2**62):
        ahead = sealed(STATES, SIZE, time=time)
        for verdict in (
            *list(verdicts(path, written(STATES, [ahead])))[1:],
            by_stakebook(path, Trust(KEY.verifier, max_age=timedelta(days=7), now=now)),
        ):
            assert not verdict.valid, "a time that is yet to come would keep it young for ever"
    untimed = written(STATES, [sealed(STATES, SIZE)])
    path.write_bytes(untimed)
    assert not by_stakebook(path, Trust(KEY.verifier, max_age=timedelta(days=7), now=now)).valid
    assert not by_standalone(path, "--max-age", "7d").valid
