"""stakebook restore"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from cli.commands.backup import copied
from cli.context import progress
from cli.hints import say_next
from cli.local import file_only
from cli.render import write_json
from cli.safe_text import safe
from ledger.proofs.snapshot import Snapshot
from ledger.proofs.verify import Trust, verify
from ledger.storage import files
from ledger.storage.atomic_file import BESIDE, appearing
from ledger.storage.files import database_name, file_error
from ledger.storage.filesystems import refuse_new_ledger
from ledger.storage.opening import peek
from ledger.storage.rollback_journal import foreign_journal
from ledger.values.refusals import Damaged, Refusal, Refused, StakebookError


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(path: Path, file: Path, as_json: bool) -> None:
    """Put the backup FILE in the place of the ledger, and keep what lay there.

    The backup is verified and copied first. Then the old file is moved aside, as NAME.replaced-1,
    together with the journal that a killed process may have left beside it: with a plain copy of
    the backup SQLite would write old pages from that journal into it. Nothing is deleted, and
    documents kept beside the ledger stay as they are: `stakebook verify` hashes them again.

    \b
    Example:
      stakebook --ledger deal.db restore deal-2026-11-22.db
    """
    from projections.readmodel.index import views_path
    from projections.readmodel.opening import discard

    path = file_only(path, "Whoever keeps the server restores it.")
    _refuse_invalid(file)
    path, aside = Path(os.path.realpath(path)), list[Path]()
    refuse_new_ledger(path)
    lost = _refuse_other(path, file)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666
    with (
        _undisturbed(path),
        appearing(
            path, mode, replace=True, make_way=lambda: aside.extend(_moved_aside(path))
        ) as part,
    ):
        count, digest = copied(file, part, path)
    discard(views_path(path))
    if as_json:
        kept = [str(one) for one in aside]
        told = {"file": str(path), "events": count, "digest": digest, "kept": kept}
        write_json(told | {"later_events": lost})
        return
    click.echo(safe(f"restored {count} events from {file} to {path}"))
    for one in aside:
        click.echo(safe(f"kept {one}"))
    if lost:
        later = "1 later event" if lost == 1 else f"{lost} later events"
        click.echo(safe(f"{aside[0].name} has {later}, which the backup lacks"))
    click.echo(f"sha256 {digest}")
    say_next("`stakebook verify` checks what is there now.")


def _refuse_invalid(file: Path) -> None:
    with Snapshot(file) as snapshot, progress("verifying", snapshot.size) as advance:
        report = verify(snapshot, Trust(thorough=True), advance)
    if report.findings:
        place, wrong = report.findings[0]
        raise Damaged(f"The backup {file} is damaged: {place}: {wrong} Nothing was changed.")


def _refuse_other(path: Path, file: Path) -> int:
    """Refuse the backup of another ledger; how many events more the ledger has, if it is readable.

    A ledger that cannot be read is what backups are for.
    """
    backup = peek(file)
    if path.exists() and path.samefile(file):
        raise Refused(Refusal.FILE_EXISTS, f"{file} is the ledger itself.", "Name a backup of it.")
    try:
        here = peek(path)
    except StakebookError:
        return 0
    if here.id != backup.id:
        raise Refused(
            Refusal.OTHER_LEDGER,
            f"{file} is of ledger {backup.id}, and {path} is {here.id}.",
            "Name the ledger that it is a backup of, or a new file, with --ledger.",
        )
    return max(0, here.position - backup.position)


@contextmanager
def _undisturbed(path: Path) -> Iterator[None]:
    """Keep others from writing a ledger that is moved, if it is one that SQLite may open."""
    if not path.exists() or not path.stat().st_size or foreign_journal(path):
        yield
        return
    name = database_name(path, "rw")
    opening = sqlite3.connect(name, uri=True, timeout=files.LOCK_SECONDS, isolation_level=None)
    with closing(opening) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise file_error(path, error, writing=True) from None
        yield


def _moved_aside(path: Path) -> Iterator[Path]:
    """Move a ledger and what SQLite keeps beside it to free names: the ledger first, so that its
    journal never lies beside another file."""
    number = 1
    while os.path.lexists(_replaced(path, number)):
        number += 1
    if not path.exists():  # a restore was killed between the ledger and its journal
        number = max(1, number - 1)
    for suffix in ("", *BESIDE):
        old = path.with_name(f"{path.name}{suffix}")
        new = _replaced(path, number, suffix)
        if os.path.lexists(old) and not os.path.lexists(new):
            old.rename(new)
            yield new


def _replaced(path: Path, number: int, suffix: str = "") -> Path:
    return path.with_name(f"{path.name}.replaced-{number}{suffix}")
