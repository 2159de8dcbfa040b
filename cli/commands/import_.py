"""stakebook import"""

from __future__ import annotations

from pathlib import Path

import click

from cli.context import new_id, now, progress
from cli.render import safe
from cli.signing import VerifierType
from ledger.evidence import Export
from ledger.files import peek, remove
from ledger.notes import Verifier
from ledger.places import refuse_views_name
from ledger.refusals import Refusal, Refused
from ledger.snapshot import origin_of
from ledger.verify import Report, Trust, verify


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=VerifierType(), help="The public key that must have sealed it.")
@click.pass_obj
def command(path: Path, file: Path, key: Verifier | None) -> None:
    """Rebuild the ledger of an audit export at --ledger, byte for byte.

    Into a ledger that holds the first events of the same history, the others are added. The export
    is verified first, and every event checked by the rules that once accepted it; all is recorded,
    or nothing.

    \b
    Example:
      stakebook --ledger copy.db import deal.audit.jsonl --key "$VKEY"
    """
    from ledger.application import Ledger
    from ledger.restore import restore
    from projections.fresh import fresh_read_model
    from projections.index import views_path

    export = Export(file)
    if key is None and export.notes():
        raise Refused(
            Refusal.BAD_KEY,
            f"{file} holds checkpoints, and no key was given to read their signatures.",
            "Give the public key that sealed it.",
            "--key",
        )
    with progress("verifying", export.size) as advance:
        report = verify(export, Trust(key, thorough=True), advance)
    if report.findings:
        place, wrong = report.findings[0]
        raise Refused(
            Refusal.BAD_EXPORT, wrong, f"See all of it with `stakebook verify {file}`.", place
        )
    _refuse_unread(export, report)
    there, views = path.exists(), views_path(path)
    peek(path) if there else refuse_views_name(path)
    try:
        with (
            Ledger(path, now, (lambda: export.id) if not there else new_id, mode="rwc") as ledger,
            fresh_read_model(views, export.id) as filed,
            progress("importing", export.size) as advance,
        ):
            fresh = restore(ledger, export, filed, advance)
            if not there:
                filed.finish()
                filed.put(views)
    except BaseException:
        if not there:
            remove(path)
        raise
    click.echo(safe(f"imported {fresh} events into {path}, {export.size - fresh} already there"))


def _refuse_unread(export: Export, report: Report) -> None:
    """Refuse signatures in the ledger's own name that no key at hand can read."""
    known = {id for key in report.keys for id in (key.key_id, key.cosigning().key_id)}
    for note in export.notes():
        for signature in note.signatures:
            if signature.name == origin_of(export.id) and signature.key_id not in known:
                raise Refused(
                    Refusal.BAD_EXPORT,
                    "A checkpoint is signed in the ledger's name by a key that --key does not lead"
                    " to.",
                    "Give the first key of the ledger; the others are signed in by it.",
                )
