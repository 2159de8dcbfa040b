"""Answers that prove themselves: asked again from what they carry, they say the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ledger.transparency.signed_notes import encoded
from ledger.values.refusals import Refusal
from tests.helpers import accept, assert_refused, joined, new_ledger, party, run, without_names
from tests.test_alliance import PRESS, REGISTER, load, loaded

QUESTIONS = (
    ("holdings", "nissan", "--as-of", "2023-11-08"),
    ("holdings", "nissan", "--as-of", "2024-12-31", "--known-by", "2024-03-31"),
    ("holdings", "--holder", "renault", "--as-of", "2023-12-31", "--standing", "official"),
    ("votes", "renault", "--as-of", "2023-11-08"),
    ("governance", "nissan", "--as-of", "2023-06-30"),
    ("deals", "ampere-ipo"),
    ("pending", "--known-by", "2023-07"),
    ("claims", "ampere"),
    ("show", "trust-sale-2"),
)


class Sealed:
    """The whole alliance, sealed, and the key it was sealed with."""

    def __init__(self, folder: Path, made: Callable[[Path, Sequence[str]], Path] = loaded) -> None:
        self.ledger = made(folder / "alliance.db", [PRESS, REGISTER])
        self.key = folder / "alliance.key"
        for words in (("keygen", str(self.key)), ("seal", "--key", str(self.key))):
            outcome = run(self.ledger, *words)
            assert outcome.code == 0, outcome.err


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return Sealed(tmp_path_factory.mktemp("sealed"))


def bundle(sealed: Sealed, *words: str) -> dict[str, Any]:
    outcome = run(sealed.ledger, "prove-answer", *words)
    assert outcome.code == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def verified(sealed: Sealed, tmp_path: Path, whole: dict[str, Any]) -> tuple[int, str]:
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(whole, indent=1) + "\n")
    outcome = run(tmp_path / "no-ledger.db", "verify", str(file), "--key", str(sealed.key))
    return outcome.code, outcome.out + outcome.err


@pytest.mark.sampled(3)
@pytest.mark.parametrize("words", QUESTIONS, ids=" ".join)
def test_an_answer_is_found_again_from_its_bundle_alone(
    sealed: Sealed, tmp_path: Path, words: tuple[str, ...]
) -> None:
    whole = bundle(sealed, *words)
    asked = run(sealed.ledger, *words, "--format", "json")
    assert whole["answer"] == without_names(json.loads(asked.out))
    assert whole["events"]
    code, told = verified(sealed, tmp_path, whole)
    assert code == 0, told
    assert "gives the same answer" in told
    assert "That no other event of the ledger bears on the answer" in told


def _other_answer(whole: dict[str, Any]) -> None:
    whole["answer"]["rows"][0]["shares"] = "1"


def _other_event(whole: dict[str, Any]) -> None:
    first = whole["events"][0]
    first["state"] = first["state"].replace("2023", "2022").replace("official", "reported")


def _excluded(whole: dict[str, Any]) -> None:
    held = [i for i, e in enumerate(whole["events"]) if '"type":"shares-' in e["state"]]
    del whole["events"][held[0]]


def _other_path(whole: dict[str, Any]) -> None:
    whole["events"][0]["path"][0] = encoded(b"\0" * 32)


def _other_place(whole: dict[str, Any]) -> None:
    whole["events"][0]["index"] += 1


def _other_root(whole: dict[str, Any]) -> None:
    lines = whole["checkpoint"].split("\n")
    lines[2] = encoded(b"\0" * 32)
    whole["checkpoint"] = "\n".join(lines)


def _other_question(whole: dict[str, Any]) -> None:
    whole["question"][1] = "renault"


@pytest.mark.parametrize(
    "forge",
    [
        _other_answer, _other_event, _excluded, _other_path, _other_place, _other_root,
        _other_question,
    ],
)  # fmt: skip
def test_a_forged_bundle_is_found(sealed: Sealed, tmp_path: Path, forge: Any) -> None:
    whole = bundle(sealed, "holdings", "nissan", "--as-of", "2023-11-08")
    forge(whole)
    code, told = verified(sealed, tmp_path, whole)
    assert code in (1, 2), told
    assert code == 2 or "WRONG" in told


def test_other_rules_are_told(sealed: Sealed, tmp_path: Path) -> None:
    whole = bundle(sealed, "holdings", "nissan", "--as-of", "2023-11-08")
    assert "this code" in verified(sealed, tmp_path, whole)[1]
    whole["rules"]["code_sha256"] = "0" * 64
    assert "other code" in verified(sealed, tmp_path, whole)[1]


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"Rows": [{"holder": "acme", "shares": "1"}]},
        {"cut": {"of": "2023"}, "rows": [{"who": "acme"}]},
    ],
)
def test_an_answer_without_what_it_is_compared_by_is_none_of_other_code(
    sealed: Sealed, tmp_path: Path, answer: dict[str, Any]
) -> None:
    whole = bundle(sealed, "holdings", "nissan", "--as-of", "2023-11-08")
    whole["rules"]["code_sha256"] = "0" * 64
    whole["answer"] = answer
    code, told = verified(sealed, tmp_path, whole)
    assert code == 1, told
    assert "The events give another answer than the one that is told." in joined(told)


def test_another_key_has_not_signed_it(sealed: Sealed, tmp_path: Path) -> None:
    other = Sealed(tmp_path, load)
    whole = bundle(sealed, "deals", "ampere-ipo")
    code, told = verified(other, tmp_path, whole)
    assert code == 1
    assert "The key is of stakebook/" in told


def test_what_came_after_the_seal_is_not_in_the_answer(tmp_path: Path) -> None:
    ledger = new_ledger(tmp_path)
    key = str(tmp_path / "deal.key")
    assert_refused(run(ledger, "prove-answer", "holdings"), Refusal.NOT_SEALED)
    assert run(ledger, "keygen", key).code == 0
    assert run(ledger, "seal", "--key", key).code == 0
    before = json.loads(run(ledger, "prove-answer", "timeline").out)["answer"]
    accept(ledger, party("newco"))
    assert json.loads(run(ledger, "prove-answer", "timeline").out)["answer"] == before
    assert len(json.loads(run(ledger, "timeline", "--format", "json").out)["rows"]) > len(
        before["rows"]
    )


@pytest.mark.parametrize("words", [(), ("replay",), ("append",), ("holdings", "--format", "csv")])
def test_what_is_no_question_is_not_proven(sealed: Sealed, words: tuple[str, ...]) -> None:
    assert_refused(run(sealed.ledger, "prove-answer", "--", *words), Refusal.NOT_PROVABLE)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "{}",
        "[]",
        '{"format":"stakebook-answer-1"}',
        '{"format":"stakebook-answer-1","question":1}',
    ],
)
def test_what_is_no_bundle_is_refused(sealed: Sealed, tmp_path: Path, given: str) -> None:
    file = tmp_path / "answer.json"
    file.write_text(given)
    outcome = run(sealed.ledger, "verify", str(file))
    assert outcome.code == 2
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize("words", [("holdings", "acme", "--help"), ("votes", "-h")])
def test_a_question_for_help_ends_nothing(
    sealed: Sealed, tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Help ends a command before anything is checked; no bundle may bring that about."""
    whole = bundle(sealed, "deals", "ampere-ipo")
    whole["question"] = list(words)
    whole["answer"] = {"rows": [{"holder": "anybody", "shares": "1"}]}
    code, told = verified(sealed, tmp_path, whole)
    assert code == 2
    assert told


@pytest.mark.parametrize(
    "wrong",
    [
        {"index": float("inf")}, {"index": "1"}, {"state": "{}"}, {"state": "[" * 100_000},
        {"path": None}, {"more": 1},
    ],
)  # fmt: skip
def test_hostile_events_of_a_bundle_are_refused(
    sealed: Sealed, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    whole = bundle(sealed, "deals", "ampere-ipo")
    whole["events"][0] |= wrong
    code, told = verified(sealed, tmp_path, whole)
    assert code in (1, 2)
    assert "fault in stakebook" not in told


def test_a_bundle_that_says_something_twice_is_refused(sealed: Sealed, tmp_path: Path) -> None:
    whole = bundle(sealed, "deals", "ampere-ipo")
    text = json.dumps(whole, indent=1).replace(
        '"answer":', '"answer": {"rows": []},\n "answer":', 1
    )
    file = tmp_path / "answer.json"
    file.write_text(text + "\n")
    assert run(sealed.ledger, "verify", str(file), "--key", str(sealed.key)).code == 2


def test_a_checkpoint_last_seen_and_an_age_are_heeded(sealed: Sealed, tmp_path: Path) -> None:
    file, other = tmp_path / "deal.tlog-proof", Sealed(tmp_path, load)
    assert run(sealed.ledger, "prove", "#1", "--out", str(file)).code == 0
    seen = tmp_path / "seen"
    seen.write_text(run(sealed.ledger, "seal").out)
    words = ("verify", str(file), "--key", str(sealed.key), "--max-age", "1h")
    assert run(sealed.ledger, *words, "--last-seen", str(seen)).code == 0
    lines = seen.read_text().split("\n")
    seen.write_text("\n".join([*lines[:2], encoded(b"\0" * 32), *lines[3:]]))
    forked = run(sealed.ledger, *words, "--last-seen", str(seen))
    assert forked.code == 1
    assert "forked" in forked.out
    seen.write_text(run(other.ledger, "seal").out)
    assert_refused(run(sealed.ledger, *words, "--last-seen", str(seen)), Refusal.OTHER_LEDGER)


def test_the_proof_of_an_event_out_of_place_is_found(sealed: Sealed) -> None:
    """A key holder may sign any bytes; they must still say where they stand."""
    from ledger.proofs.inclusion import Proof, misplaced, read_proof

    raw = run(sealed.ledger, "prove", "#2").out.encode()
    proof = read_proof(raw)
    assert misplaced(proof) == ""
    swapped = Proof(proof.state, proof.index + 1, proof.path, proof.note)
    assert "says of itself" in misplaced(swapped)
    assert misplaced(Proof(b"hello", proof.index, proof.path, proof.note))


def test_a_time_that_is_yet_to_come_does_not_make_a_proof_young(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, key = new_ledger(tmp_path), str(tmp_path / "deal.key")
    assert run(ledger, "keygen", key).code == 0
    with monkeypatch.context() as ahead:
        ahead.setattr("cli.commands.seal.now", lambda: datetime.now(UTC) + timedelta(days=2))
        assert run(ledger, "seal", "--key", key).code == 0
    file = tmp_path / "first.tlog-proof"
    assert run(ledger, "prove", "#1", "--out", str(file)).code == 0
    outcome = run(ledger, "verify", str(file), "--key", key, "--max-age", "1h")
    assert outcome.code == 1
    assert "yet to come" in " ".join(outcome.out.split())


def test_the_words_of_a_question_are_read_as_strictly_as_the_command_line_reads_them(
    sealed: Sealed, tmp_path: Path
) -> None:
    out = ("--out", str(tmp_path / "a.json"))
    refused = run(sealed.ledger, "prove-answer", *out, "holdings", "--as-of", "--holder", "renault")
    assert refused.code == 2
    assert "--as-of needs a value, and --holder is an option" in refused.err
    assert run(sealed.ledger, "prove-answer", *out, "holdings", "--as-of", "2023-12-31").code == 0
    assert "-h, --help" in run(sealed.ledger, "holdings", "-h").out
