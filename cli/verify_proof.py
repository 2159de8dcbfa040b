"""Verifying what rests on one checkpoint: the proof of an event, an answer with its proofs."""

from __future__ import annotations

import json
from pathlib import Path

from cli.signing import read_bytes
from ledger.proofs.inclusion import PROOF_BYTES, misplaced, read_proof
from ledger.proofs.scan import Finding
from ledger.proofs.verify import Report, Trust, compare_age, moment_of
from ledger.transparency.key_chain import sealing
from ledger.transparency.signed_notes import Note, Verifier, encoded, read_checkpoint
from ledger.values.refusals import Refusal, Refused


def verify_proof(file: Path, trust: Trust) -> Report:
    """Is the event of a proof in the history of its checkpoint?"""
    proof = read_proof(read_bytes(file, PROOF_BYTES))
    report = _start(proof.note)
    wrong = misplaced(proof) if proof.holds else "The event is not in the checkpoint's tree."
    if wrong:
        report.findings.append(Finding(str(file), wrong))
    else:
        report.checked.append(f"Event #{proof.index + 1} is in that history; its bytes are below.")
    _check_note(report, proof.note, trust)
    report.unchecked.append("Everything else in the ledger, and that what was recorded is true.")
    report.shown = [proof.state.decode(errors="backslashreplace")]
    return report


def verify_answer(file: Path, trust: Trust) -> Report:
    """Do the events of a bundle stand in that history, and give the answer that is told?"""
    from cli.answer_proof import BUNDLE_BYTES, by_this_code, compare, read_bundle

    bundle = read_bundle(read_bytes(file, BUNDLE_BYTES))
    report = _start(bundle.note)
    _check_note(report, bundle.note, trust)
    wrong, passed_over = compare(bundle)
    report.findings += [Finding(str(file), one) for one in wrong]
    if not wrong:
        report.checked += [
            f"The {len(bundle.proofs)} events that the answer rests on are in that history.",
            "Answered again from these events alone, the question gives the same answer.",
        ]
    same = by_this_code(bundle)
    by_code = f"stakebook {bundle.rules.get('stakebook')}"
    report.checked.append(f"It was answered by {by_code}, {'this code' if same else 'other code'}.")
    if wrong and not same:
        report.unchecked.append(f"Whether the code that answered, {by_code}, finds it as well.")
    if passed_over:
        report.unchecked.append(f"What other code words otherwise: {', '.join(passed_over)}.")
    report.unchecked += [
        "That no other event of the ledger bears on the answer: whoever made the bundle may have"
        " left some out. An audit export tells.",
        "That what was recorded is true, and that everything was recorded.",
    ]
    answer = json.dumps(bundle.answer, ensure_ascii=False)
    report.shown = [f"question: {' '.join(bundle.question)}", f"answer: {answer}"]
    return report


def _start(note: Note) -> Report:
    checkpoint = read_checkpoint(note)
    id = checkpoint.origin.partition("/")[2]
    size = checkpoint.size
    return Report(id, size, encoded(checkpoint.root), checkpoint=size)


def _check_note(report: Report, note: Note, trust: Trust) -> None:
    """Whether the checkpoint is signed, is no fork of the one last seen, and is young enough."""
    checkpoint = read_checkpoint(note)
    times: list[int] = []
    if trust.key is None:
        report.unchecked.append("Who signed the checkpoint: no --key was given.")
    else:
        key = sealing(trust.key)
        wrong = "" if key.name == checkpoint.origin else f"The key is of {key.name}."
        times += _signed(report, note, key, wrong)
        report.keys = (key,)
        if all(finding.place != "checkpoint" for finding in report.findings):
            report.sealed = checkpoint.size
    for verifier in trust.witnesses:
        times += _signed(report, note, verifier)
    _compare_last_seen(report, note, trust)
    compare_age(report, list(map(moment_of, times)), trust)
    if trust.max_age is None:
        report.unchecked.append("How old the checkpoint is: no --max-age was given.")


def _signed(report: Report, note: Note, verifier: Verifier, wrong: str = "") -> list[int]:
    """The times of a key's signatures; a finding where there is none, or a forged one."""
    try:
        plain, timed = verifier.times(note), verifier.cosigning().times(note)
    except Refused as refused:
        plain, timed, wrong = [], [], refused.wrong
    if not plain and not wrong:
        wrong = (
            f"The checkpoint is not signed by {verifier}. If the key was handed over since, give"
            " the newer one, which an audit export leads to."
        )
    if wrong:
        report.findings.append(Finding("checkpoint", wrong))
        return []
    report.checked.append(f"The checkpoint is signed by {verifier.name}.")
    return [time for time in timed if time is not None]


def _compare_last_seen(report: Report, note: Note, trust: Trust) -> None:
    if trust.last_seen is None:
        report.unchecked.append("Whether it is a fork: no --last-seen checkpoint was given.")
        return
    ours, seen = read_checkpoint(note), read_checkpoint(trust.last_seen)
    if seen.origin != ours.origin:
        raise Refused(
            Refusal.OTHER_LEDGER,
            f"The checkpoint last seen is of {seen.origin}, not of {ours.origin}.",
            "Give the checkpoint of this ledger.",
            "--last-seen",
        )
    if seen.size == ours.size and seen.root != ours.root:
        wrong = "The checkpoint last seen has the same size and another root: the log was forked."
        report.findings.append(Finding("checkpoint", wrong))
        report.evidence += [trust.last_seen, note]
    elif seen.size == ours.size:
        report.checked.append("It is the checkpoint last seen.")
    else:
        report.unchecked.append(
            f"Whether it continues the checkpoint last seen, of {seen.size} events: only an audit"
            " export or a witness tells."
        )
