"""stakebook report"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import cut_alone, now, progress
from cli.output import is_stdout, output
from cli.safe_text import safe
from cli.signing import VerifierType, note_at
from ledger.proofs.verify import Trust
from ledger.storage.files import peek
from ledger.time.view import Cut
from ledger.transparency.key_chain import sealing, witness
from ledger.transparency.signed_notes import Verifier


@click.command("report")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--about", metavar="ISSUER", multiple=True, help="Only of ISSUER; repeatable [all].")
@click.option("--key", type=VerifierType(), help="The ledger's public key, or its file.")
@click.option(
    "--last-seen", type=click.Path(path_type=Path), help="A checkpoint of it that you kept."
)
@click.option(
    "--witness", "witnesses", type=VerifierType(), multiple=True, help="Must have cosigned."
)
@cut_alone
@click.pass_obj
def command(
    path: Path,
    file: Path,
    about: tuple[str, ...],
    key: Verifier | None,
    last_seen: Path | None,
    witnesses: tuple[Verifier, ...],
    cut: Cut,
) -> int:
    """Write an audit report to FILE: one page of HTML, to be printed or kept.

    The name - is standard output.

    Holdings, votes and governance at the cut, what was restated, the newest checkpoint with its
    signatures, a digest of the whole state, what was verified and what was not, and what
    `stakebook check` finds in the whole record. Exit code 1 where verification or the check finds
    anything; the report says it.

    \b
    Example:
      stakebook report nissan.html --about nissan --as-of 2023-11-08 --key "$VKEY"
    """
    from cli.audit_report import audit_report

    trust = Trust(
        sealing(key) if key is not None else None,
        note_at(last_seen) if last_seen is not None else None,
        tuple(map(witness, witnesses)),
        now=now(),
    )
    with output(file) as stream, progress("verifying", peek(path).position) as advance:
        made = audit_report(path, cut, about, trust, advance)
        stream.write(made.page.encode())
    found = "nothing wrong found" if made.verified else "WRONG, see in it what was found"
    if made.verified and not made.checked:
        found = "verified; the check of the record found something, see in it"
    click.echo(safe(f"wrote {file}: {found}"), err=is_stdout(file))
    return 0 if made.verified and made.checked else 1
