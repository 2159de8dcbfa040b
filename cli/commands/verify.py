"""stakebook verify"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import click

from cli.context import now, progress
from cli.documents import check_documents
from cli.page import say
from cli.render import write_json
from cli.safe_text import filled, safe, safe_lines
from cli.signing import AgeType, VerifierType, note_at
from cli.verify_proof import verify_answer, verify_proof
from ledger.proofs.audit_export import Evidence, Export
from ledger.proofs.inclusion import FIRST_LINE
from ledger.proofs.snapshot import Snapshot
from ledger.proofs.verify import Report, Trust, verify
from ledger.storage.input_files import opened
from ledger.storage.server import Place
from ledger.transparency.key_chain import sealing, witness
from ledger.transparency.signed_notes import Verifier


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
@click.option("--thorough", is_flag=True, help="Read sealed events in full as well.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_obj
def command(
    path: Place,
    file: Path | None,
    key: Verifier | None,
    last_seen: Path | None,
    witnesses: tuple[Verifier, ...],
    max_age: timedelta | None,
    thorough: bool,
    as_json: bool,
) -> int:
    """Is a history whole, unaltered, and the one that was signed and seen before?

    FILE is an audit export, a proof of an event or an answer with its proofs; without it, the
    ledger itself is verified, with the documents kept beside it. Names what was changed, and always
    says what was not checked. Exit code 1 where anything is wrong.

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
        thorough,
    )
    kind = _kind(file) if file is not None else ""
    if file is not None and kind == "proof":
        report = verify_proof(file, trust)
    elif file is not None and kind == "answer":
        report = verify_answer(file, trust)
    elif file is not None:
        report = _verify_history(Export(file), trust)
    else:
        with Snapshot(path) as snapshot:
            report = _verify_history(snapshot, trust)
            check_documents(path, snapshot, report)
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
        with opened(file) as stream:
            return stream.read(200)
    except OSError:
        return b""


def _verify_history(evidence: Evidence, trust: Trust) -> Report:
    with progress("verifying", evidence.size) as advance:
        return verify(evidence, trust, advance)


def _say(report: Report, what: str, as_json: bool) -> None:
    if as_json:
        write_json(
            {
                "verified": what,
                "ledger": report.ledger,
                "events": report.events,
                "root": report.root,
                "sealed": report.sealed if report.keys else None,
                "checkpoint": report.checkpoint,
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
    say(f"{what}: {verdict}")
    say(f"ledger {report.ledger}")
    say(f"{report.events} events, {report.covered}")
    say(f"root   {report.root}")
    _list("Found:", [f"{place}: {wrong}" for place, wrong in report.findings])
    _list("Checked:", report.checked)
    _list("NOT checked:", report.unchecked)
    for note in report.evidence:
        click.echo("\nA checkpoint that contradicts it, to be kept as evidence:\n")
        click.echo(safe_lines(str(note)), nl=False)
    for line in report.shown:  # the bytes of an event are shown as they are
        click.echo(safe(line)) if line.startswith("{") else say(line)


def _list(title: str, lines: Sequence[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
    for line in lines:
        click.echo(filled(line, 80, "* ", "  "))
