"""Asking witnesses to cosign, from every size to every later one, and keeping what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from cli.keys import read_key
from ledger.proofs.cosigning import cosigning_request
from ledger.proofs.seal import sign
from ledger.proofs.snapshot import Snapshot
from ledger.proofs.witness import Request, cosign, read_request
from ledger.transparency.merkle import extends
from ledger.transparency.signed_notes import Checkpoint, Note, Signer, read_checkpoint, read_note
from ledger.values.refusals import Refusal, Refused
from tests.exports import KEY, ORIGIN, THIEF, WITNESS, by_standalone, events, sealed
from tests.helpers import accept, assert_refused, assert_usage, new_ledger, party, run
from tests.ledger.proofs.test_seal import change, requested

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Office(NamedTuple):
    """A ledger, its key, and a witness with a key and a memory, each in a file."""

    ledger: Path
    key: Path
    guard: Path
    memory: Path

    @property
    def vkey(self) -> str:
        return self.key.read_text().splitlines()[0]

    def seal(self, *words: str) -> None:
        outcome = run(self.ledger, "seal", *words)
        assert outcome.code == 0, outcome.err

    def cosign(self, *words: str) -> None:
        log = ("--log", self.vkey, "--key", str(self.guard), "--state", str(self.memory))
        outcome = run(self.ledger, "cosign", *words, *log)
        assert outcome.code == 0, outcome.err

    def signer(self) -> Signer:
        return read_key(self.key, lambda: "")

    def kept(self) -> list[Note]:
        with Snapshot(self.ledger) as snapshot:
            return snapshot.notes()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A ledger of eight events that nobody has sealed."""
    made = Office(new_ledger(tmp_path), *(tmp_path / name for name in ("key", "guard", "memory")))
    assert run(made.ledger, "keygen", str(made.key)).code == 0
    assert run(made.ledger, "keygen", str(made.guard), "--witness", "acme.law/w1").code == 0
    return made


def grow(ledger: Path, size: int) -> None:
    """Record parties until the ledger has that many events."""
    with Snapshot(ledger) as snapshot:
        named = [party(f"party-{number}") for number in range(snapshot.size, size)]
    if named:
        accept(ledger, *named)


# -- every pair of sizes -------------------------------------------------------------------------


@pytest.mark.parametrize("most", [33, pytest.param(200, marks=pytest.mark.whole)])
def test_a_request_proves_the_growth_from_every_size_to_every_later_one(
    office: Office, most: int
) -> None:
    grow(office.ledger, most)
    signer = office.signer()
    notes = [sign(office.ledger, signer, NOW, size=size) for size in range(most + 1)]
    roots = [read_checkpoint(note).root for note in notes]
    with Snapshot(office.ledger) as snapshot:
        for new, note in enumerate(notes):
            for old in range(new + 1):
                body = cosigning_request(snapshot, note, old, lambda _: None)
                request = read_request(body.encode())
                assert (request.old, request.note) == (old, note)
                if old:
                    assert extends(old, new, roots[old], roots[new], request.proof), (old, new)
                else:
                    assert request.proof == ()


@pytest.mark.parametrize(
    "sizes",
    [
        (8, 9, 11, 11, 12, 23, 24, 31),
        pytest.param(tuple(range(8, 129)), marks=pytest.mark.whole),
    ],
)
def test_a_witness_is_asked_again_and_again(office: Office, sizes: tuple[int, ...]) -> None:
    asked, answer = (office.ledger.with_name(name) for name in ("asked", "answer"))
    for number, size in enumerate(sizes):
        grow(office.ledger, size)
        office.seal("--key", str(office.key), "--request", str(asked))
        office.cosign(str(asked), "--out", str(answer), *(["--first"] if number == 0 else []))
        office.seal("--add", str(answer), "--witness", str(office.guard))
        for file in (asked, answer):
            file.unlink()
    outcome = run(office.ledger, "verify", "--key", str(office.key), "--witness", str(office.guard))
    assert outcome.code == 0, outcome.out
    assert f"saw the first {sizes[-1]} events" in outcome.out


@pytest.mark.parametrize("most", [12, pytest.param(64, marks=pytest.mark.whole)])
def test_a_witness_of_any_size_follows_to_any_later_one(office: Office, most: int) -> None:
    """Through the command, from every size that a witness may have cosigned last."""
    asked, answer = (office.ledger.with_name(name) for name in ("asked", "answer"))
    sizes = range(8, most + 1)
    memories: dict[int, bytes] = {}
    for new in sizes:
        grow(office.ledger, new)
        office.seal("--key", str(office.key))
        for old in (0, *memories):
            office.seal("--request", str(asked), "--since", str(old))
            office.memory.unlink(missing_ok=True)
            if old:
                office.memory.write_bytes(memories[old])
            office.cosign(str(asked), "--out", str(answer), *([] if old else ["--first"]))
            office.seal("--add", str(answer), "--witness", str(office.guard))
            for file in (asked, answer):
                file.unlink()
        memories[new] = office.memory.read_bytes()


# -- nothing is kept when a request fails ----------------------------------------------------------


def test_nothing_is_signed_where_the_request_cannot_be_written(office: Office) -> None:
    taken = office.ledger.with_name("taken")
    taken.touch()
    for words, refusal in (
        (("--request", str(taken)), Refusal.FILE_EXISTS),
        (("--request", str(taken.with_name("none") / "asked")), Refusal.FILE_TROUBLE),
        (("--request", str(office.ledger)), Refusal.FILE_EXISTS),
        (("--out", str(taken)), Refusal.FILE_EXISTS),
        (("--request", str(taken.with_name("asked")), "--since", "9"), Refusal.NOT_SEALED),
        (("--request", str(taken.with_name("asked")), "--out", str(taken)), Refusal.FILE_EXISTS),
    ):
        outcome = run(office.ledger, "seal", "--key", str(office.key), *words)
        assert_refused(outcome, refusal)
        assert office.kept() == []
        assert not taken.with_name("asked").exists()


def test_nothing_is_signed_where_the_leaf_hashes_are_not_those_of_the_events(
    office: Office,
) -> None:
    office.seal("--key", str(office.key))
    grow(office.ledger, 11)
    change(office.ledger, "UPDATE stored_events SET leaf = zeroblob(32) WHERE position = 3")
    asked = office.ledger.with_name("asked")
    words = ("--key", str(office.key), "--request", str(asked), "--since", "7")
    outcome = run(office.ledger, "seal", *words)
    assert outcome.code == 5, outcome
    assert len(office.kept()) == 1
    assert not asked.exists()


def test_a_request_or_a_proof_of_a_log_cut_short_is_damage(office: Office) -> None:
    office.seal("--key", str(office.key))
    change(office.ledger, "DELETE FROM stored_events WHERE position = 8")
    asked = office.ledger.with_name("asked")
    for words in (("seal", "--request", str(asked), "--since", "3"), ("prove", "#2")):
        outcome = run(office.ledger, *words)
        assert (outcome.code, outcome.out) == (5, ""), outcome
        assert "missing" in outcome.err
        assert not asked.exists()


def test_a_request_goes_to_standard_output(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.ledger.parent)
    outcome = run(office.ledger, "seal", "--key", str(office.key), "--request", "-")
    assert outcome.code == 0, outcome.err
    assert read_request(outcome.out.encode()).note == office.kept()[0]
    asked = office.ledger.with_name("asked")
    asked.write_text(outcome.out, encoding="utf-8")
    office.cosign(str(asked), "--first", "--out", "-")
    assert not Path("-").exists()
    assert_usage(run(office.ledger, "seal", "--request", "-", "--json"), "standard output")


# -- a checkpoint of no events -----------------------------------------------------------------


def test_an_empty_ledger_is_cosigned_only_under_the_root_of_no_events(tmp_path: Path) -> None:
    memory, log = tmp_path / "memory", KEY.verifier

    def ask(note: Note) -> Note:
        return cosign(Request(0, (), note), log, WITNESS, memory, 1, first=not memory.exists())

    text = Checkpoint(ORIGIN, 0, bytes(32)).text
    wrong = Note(text, (KEY.sign(text),))
    for _ in range(2):  # without a memory of anything, and after a checkpoint of no events
        with pytest.raises(Refused) as refused:
            ask(wrong)
        assert refused.value.refusal is Refusal.NOT_COSIGNED
        assert not memory.exists() or read_note(memory.read_bytes()).text != text
        assert WITNESS.verifier.signed(ask(sealed([], 0)))
    states = events(3)
    assert WITNESS.verifier.signed(ask(sealed(states, 3)))
    grown = requested(states, 3, sealed(states, 3))
    assert cosign(grown, log, WITNESS, memory, 1)


# -- what a witness answers -----------------------------------------------------------------------


@contextmanager
def clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Iterator[None]:
    """The clock of this machine stands at a moment."""
    with monkeypatch.context() as patch:
        for module in ("cli.context", "cli.commands.seal", "cli.commands.verify"):
            patch.setattr(f"{module}.now", lambda: moment)
        yield


@pytest.fixture
def dated(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The same ledger, recorded and sealed at noon."""
    ledger = office.ledger
    for file in ledger.parent.iterdir():
        file.unlink()
    with clock(monkeypatch, NOW - timedelta(minutes=1)):
        new_ledger(ledger.parent)
    assert run(ledger, "keygen", str(office.key)).code == 0
    with clock(monkeypatch, NOW):
        office.seal("--key", str(office.key))
    return office


def answered(office: Office, text: str) -> Path:
    """A file of what a witness answered."""
    file = office.ledger.with_name("answer")
    file.write_text(text, encoding="utf-8")
    return file


def added(office: Office, text: str) -> tuple[str, ...]:
    """The words that keep an answer of the witness."""
    return ("seal", "--add", str(answered(office, text)), "--witness", str(WITNESS.verifier))


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def test_the_bare_line_of_a_witness_is_taken(
    dated: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells no text: the checkpoint that it signs is found, also when it is not the newest."""
    ledger, (first,) = dated.ledger, dated.kept()
    with clock(monkeypatch, NOW + timedelta(hours=1)):
        grow(ledger, 11)
    line = str(WITNESS.sign(first.text, seconds(NOW) + 1))
    other = str(THIEF.sign(first.text, seconds(NOW)))
    with clock(monkeypatch, NOW + timedelta(hours=2)):
        dated.seal("--key", str(dated.key))
        outcome = run(ledger, *added(dated, line + other))
        assert outcome.code == 0, outcome.err
        assert "added: acme.law/w1" in outcome.err
        assert "left out" in outcome.err
        assert len(dated.kept()) == 2
        assert WITNESS.verifier.signed(dated.kept()[0])
        again = run(ledger, *added(dated, line))
        assert "added: nothing new" in again.err
        words = ("--key", str(dated.key), "--witness", str(WITNESS.verifier))
        outcome = run(ledger, "verify", *words)
        assert outcome.code == 0, outcome.out


def test_lines_that_no_witness_signed_are_refused(dated: Office) -> None:
    (note,) = dated.kept()
    line = str(WITNESS.sign(note.text, seconds(NOW)))
    other = note.text.replace("\n8\n", "\n7\n")
    for bad, refusal in (
        (line[:-2], Refusal.BAD_NOTE),
        (line.replace(" ", "  "), Refusal.BAD_NOTE),
        (line.replace("\n", "\r\n"), Refusal.BAD_NOTE),
        (f"\n{line}", Refusal.BAD_NOTE),
        (f"{line}\n", Refusal.BAD_NOTE),
        (f"{line}\n{line}", Refusal.OTHER_LEDGER),  # a note whose text is a line
        (str(WITNESS.sign(other, seconds(NOW))), Refusal.OTHER_LEDGER),
        (str(THIEF.sign(note.text, seconds(NOW))), Refusal.OTHER_LEDGER),
        (f"{note}{THIEF.sign(note.text, seconds(NOW))}", Refusal.BAD_NOTE),
        (f"{note}{WITNESS.sign(other, seconds(NOW))}", Refusal.BAD_NOTE),
    ):
        assert_refused(run(dated.ledger, *added(dated, bad)), refusal, "answer")
        assert dated.kept() == [note]


@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize(
    "moment",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        NOW - timedelta(minutes=5, seconds=2),
        NOW + timedelta(minutes=5, seconds=2),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
        2**40,
        2**63 - 1,
    ],
)
def test_a_time_that_cannot_be_is_not_kept(
    dated: Office, monkeypatch: pytest.MonkeyPatch, moment: datetime | int, bare: bool
) -> None:
    (note,) = dated.kept()
    time = moment if isinstance(moment, int) else seconds(moment)
    line = WITNESS.sign(note.text, time)
    words = added(dated, str(line) if bare else f"{note}{line}")
    with clock(monkeypatch, NOW):
        assert_refused(run(dated.ledger, *words), Refusal.IMPOSSIBLE_TIME, "acme.law/w1")
    assert dated.kept() == [note]


def test_what_is_kept_always_verifies(dated: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the edges of what clocks may differ by, and long after more was recorded."""
    (note,) = dated.kept()
    with clock(monkeypatch, NOW + timedelta(days=1)):
        grow(dated.ledger, 11)
    at = NOW + timedelta(days=3)
    export = dated.ledger.with_name("audit")
    for moment in (NOW - timedelta(minutes=5), NOW, NOW + timedelta(days=2), at):
        with clock(monkeypatch, at):
            line = str(WITNESS.sign(note.text, seconds(moment)))
            assert run(dated.ledger, *added(dated, line)).code == 0
            key = dated.signer().verifier
            words = ("--witness", str(WITNESS.verifier))
            outcome = run(dated.ledger, "verify", "--key", str(key), *words)
            assert outcome.code == 0, outcome.out
            late = "asked late, or the event is back-dated" in " ".join(outcome.out.split())
            assert late is (moment > NOW + timedelta(days=1))
            assert run(dated.ledger, "export", "--audit", str(export)).code == 0
            assert by_standalone(export, *words, key=key).valid
            export.unlink()
