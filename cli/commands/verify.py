"""stakebook verify"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from cli.context import now, progress
from cli.render import safe, write_json
from cli.signing import AgeType, VerifierType, note_at, read_bytes
from ledger.evidence import Evidence, Export
from ledger.notes import Note, Verifier, encoded, read_checkpoint
from ledger.prove import FIRST_LINE, PROOF_BYTES, read_proof
from ledger.refusals import Refused
from ledger.snapshot import Snapshot
from ledger.trust import sealing, witness
from ledger.verify import Report, Trust, verify
from ledger.walk import Finding


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--key", type=VerifierType(), help="The ledger's public key, or its file.")
@click.option(
    "--last-seen", type=click.Path(path_type=Path), help="A checkpoint of it that you kept."
)
@click.option(
    "--witness", "witnesses", type=VerifierType(), multiple=True, help="Must have cosigned."
)
@click.option("--max-age", type=AgeType(), metavar="AGE", help="Refuse if older: 7d, 36h or 90m.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def command(
    path: Path,
    file: Path | None,
    key: Verifier | None,
    last_seen: Path | None,
    witnesses: tuple[Verifier, ...],
    max_age: timedelta | None,
    as_json: bool,
) -> int:
    """Is a history whole, unaltered, and the one that was signed and seen before?

    FILE is an audit export, a proof of an event or an answer with its proofs; without it, the
    ledger itself is verified. Names what was changed, and always says what was not checked. Exit
    code 1 where anything is wrong.

    \b
    Example:
      stakebook verify deal.audit.jsonl --key "$VKEY" --last-seen deal.seen
    """
    trust = Trust(
        sealing(key) if key is not None else None,
        note_at(last_seen) if last_seen else None,
        tuple(map(witness, witnesses)),
        max_age,
        now(),
    )
    kind = _kind(file) if file is not None else ""
    if file is not None and kind == "proof":
        report = _verify_proof(file, trust)
    elif file is not None and kind == "answer":
        report = _verify_answer(file, trust)
    elif file is not None:
        report = _verify_history(Export(file), trust)
    else:
        with Snapshot(path) as snapshot:
            report = _verify_history(snapshot, trust)
    _say(report, f"{file or path}", as_json)
    return 1 if report.findings else 0


def _kind(file: Path) -> str:
    head = _head(file)
    if head.startswith(FIRST_LINE.encode()):
        return "proof"
    return "answer" if b'"stakebook-answer-' in head else "export"


def _head(file: Path) -> bytes:
    """The first bytes of a file, which tell its kind; none where ``Export`` is to complain."""
    try:
        with file.open("rb") as stream:
            return stream.read(100)
    except OSError:
        return b""


def _verify_history(evidence: Evidence, trust: Trust) -> Report:
    with progress("verifying", evidence.size) as advance:
        return verify(evidence, trust, advance)


def _verify_proof(file: Path, trust: Trust) -> Report:
    proof = read_proof(read_bytes(file, PROOF_BYTES))
    report = _start(proof.note)
    if not proof.holds:
        report.findings.append(Finding(str(file), "The event is not in the checkpoint's tree."))
    else:
        report.checked.append(f"Event #{proof.index + 1} is in that history; its bytes are below.")
    _check_signature(report, proof.note, trust)
    report.unchecked.append("Everything else in the ledger, and that what was recorded is true.")
    report.shown = [proof.state.decode(errors="backslashreplace")]
    return report


def _verify_answer(file: Path, trust: Trust) -> Report:
    from cli.proven import BUNDLE_BYTES, read_bundle, rules, wrong_with

    bundle = read_bundle(read_bytes(file, BUNDLE_BYTES))
    report = _start(bundle.note)
    wrong = wrong_with(bundle)
    report.findings += [Finding(str(file), one) for one in wrong]
    if not wrong:
        report.checked += [
            f"The {len(bundle.proofs)} events that the answer rests on are in that history.",
            "Answered again from these events alone, the question gives the same answer.",
        ]
    same = rules()["code_sha256"] == bundle.rules.get("code_sha256")
    told = f"stakebook {bundle.rules.get('stakebook')}"
    report.checked.append(f"It was answered by {told}, {'this code' if same else 'other code'}.")
    _check_signature(report, bundle.note, trust)
    report.unchecked += [
        "That no other event of the ledger bears on the answer: an audit export tells.",
        "That what was recorded is true, and that everything was recorded.",
    ]
    report.shown = [f"question: {' '.join(bundle.question)}"]
    return report


def _start(note: Note) -> Report:
    checkpoint = read_checkpoint(note)
    return Report(
        checkpoint.origin.partition("/")[2], checkpoint.size, encoded(checkpoint.root),
        checkpoint.size,
    )  # fmt: skip


def _check_signature(report: Report, note: Note, trust: Trust) -> None:
    """Whether the key and the witnesses have signed the one checkpoint of a proof."""
    for verifier in (*([trust.key] if trust.key else []), *trust.witnesses):
        try:
            signed = verifier.signed(note) and verifier.name in (
                read_checkpoint(note).origin,
                *(w.name for w in trust.witnesses),
            )
            wrong = "" if signed else f"The checkpoint is not signed by {verifier}."
        except Refused as refused:
            wrong = refused.wrong
        if wrong:
            report.findings.append(Finding("checkpoint", wrong))
        else:
            report.checked.append(f"The checkpoint is signed by {verifier.name}.")
    if trust.key is None:
        report.unchecked.append("Who signed the checkpoint: no --key was given.")


def _say(report: Report, what: str, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "verified": what,
                "ledger": report.ledger,
                "events": report.events,
                "root": report.root,
                "sealed": report.sealed,
                "sound": not report.findings,
                "findings": [finding._asdict() for finding in report.findings],
                "checked": report.checked,
                "not_checked": report.unchecked,
                "evidence": list(map(str, report.evidence)),
                "shown": report.shown,
            }
        )
        return
    verdict = "WRONG" if report.findings else "nothing wrong found"
    click.echo(safe(f"{what}: {verdict}"))
    click.echo(safe(f"ledger {report.ledger}, {report.events} events, {report.sealed} sealed"))
    click.echo(f"root   {report.root}")
    _list("Found:", [f"{place}: {wrong}" for place, wrong in report.findings])
    _list("Checked:", report.checked)
    _list("NOT checked:", report.unchecked)
    for note in report.evidence:
        click.echo("\nA checkpoint that contradicts it, to be kept as evidence:\n")
        click.echo(safe_lines(str(note)), nl=False)
    for line in report.shown:
        click.echo(safe(f"\n{line}".removeprefix("\n")))


def safe_lines(text: str) -> str:
    """Text of several lines, each made safe for a terminal."""
    return "".join(f"{safe(line)}\n" for line in text.splitlines())


def _list(title: str, lines: Sequence[Any]) -> None:
    from textwrap import fill

    if lines:
        click.echo(f"\n{title}")
    for line in lines:
        click.echo(fill(safe(line), 80, initial_indent="* ", subsequent_indent="  ",
                        break_long_words=False, break_on_hyphens=False))  # fmt: skip
