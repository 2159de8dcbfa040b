"""stakebook import"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.context import clock_option, now, open_ledger, progress
from cli.hints import say_next
from cli.local import views_of
from cli.making import make_on_server, tell_apart
from cli.safe_text import safe
from cli.signing import VerifierType
from ledger.events.envelope import read_state
from ledger.proofs.audit_export import Export
from ledger.proofs.snapshot import origin_of
from ledger.proofs.verify import Report, Trust, verify
from ledger.storage.atomic_file import appearing
from ledger.storage.filesystems import refuse_new_ledger
from ledger.storage.opening import peek
from ledger.storage.server import Place, Server
from ledger.transparency.signed_notes import Verifier
from ledger.values.refusals import Refusal, Refused

if TYPE_CHECKING:
    from ledger.application import Ledger


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", type=VerifierType(), help="The public key that must have sealed it.")
@click.option("--actors", is_flag=True, help="A new ledger keeps who records from now on.")
@click.option("--four-eyes", is_flag=True, help="One on a server takes what another approves.")
@click.option("--take-over", is_flag=True, help="On a server: go on with this ledger there.")
@click.pass_obj
def command(
    path: Place,
    file: Path,
    key: Verifier | None,
    take_over: bool,
    clock_is_right: bool,
    actors: bool,
    four_eyes: bool,
) -> None:
    """Rebuild the ledger of an audit export at --ledger, byte for byte.

    Into a ledger that holds the first events of the same history, the others are added. The export
    is verified first, and every event checked by the rules that once accepted it; all is recorded,
    or nothing.

    \b
    Example:
      stakebook --ledger copy.db import deal.audit.jsonl --key "$VKEY"
    """
    from ledger.restore import restore
    from projections.readmodel.rebuild import rebuilt_read_model

    export = _verified(file, key)
    if four_eyes and not isinstance(path, Server):
        raise click.UsageError("--four-eyes is for a ledger on a server.")
    actors = actors or _keeps_actors(export)
    views, there = _prepared(path, export, take_over, actors=actors, four_eyes=four_eyes)
    with rebuilt_read_model(views, export.id) as indexed:
        with (
            _target(path, export, there, actors) as ledger,
            progress("importing", export.size) as advance,
        ):
            fresh = restore(
                ledger, export, indexed, advance, now=now(), clock_is_right=clock_is_right
            )
        if not there:
            indexed.finish()
            indexed.put(views)
    click.echo(safe(f"imported {fresh} events into {path}, {export.size - fresh} already there"))
    say_next("`stakebook replay` rebuilds every answer from it.")


def _verified(file: Path, key: Verifier | None) -> Export:
    """The export in a file, found to be whole and sealed as it says."""
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
    return export


def _prepared(path: Place, export: Export, take_over: bool, **choices: bool) -> tuple[Path, bool]:
    """Where the read model of a ledger is to be, and whether the ledger is there already."""
    if not isinstance(path, Server):
        there = os.path.lexists(path)
        if not there:
            refuse_new_ledger(path)
        return views_of(path), there
    if not take_over:
        raise click.UsageError(
            "Two places that go on with one ledger are a fork: say --take-over, and after it"
            " `stakebook --ledger OLD init --moved-to URL`."
        )
    try:
        return views_of(path), bool(peek(path).position)
    except Refused as refused:
        if refused.refusal is not Refusal.NO_LEDGER:
            raise
    make_on_server(path, export.id, **choices)
    return views_of(path), False


def _keeps_actors(export: Export) -> bool:
    """Whether the ledger of an export keeps who records, by the last of its events."""
    last = [state for page in export.pages(max(export.size - 1, 0)) for state in page]
    return bool(last) and read_state(last[-1]).actor is not None


@contextmanager
def _target(path: Place, export: Export, there: bool, actors: bool) -> Iterator[Ledger]:
    """The ledger to import into: the one at a place, or a new one that appears when it is whole."""
    if there or isinstance(path, Server):
        with open_ledger(path) as ledger:
            yield ledger
        return
    from ledger.application import Ledger

    with appearing(path) as draft:
        with Ledger(draft, now, lambda: export.id, mode="rwc", actors=actors) as ledger:
            yield ledger
        tell_apart(draft)


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


command.params.append(clock_option())
