"""stakebook backup"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import chain, islice
from pathlib import Path

import click

from cli.context import progress
from cli.documents import not_copied
from cli.hints import say_next
from cli.local import file_only
from cli.making import tell_apart
from cli.output import FileOnly
from cli.render import write_json
from cli.safe_text import safe
from ledger.proofs.snapshot import Snapshot
from ledger.storage.atomic_file import appearing
from ledger.storage.files import file_error, reading
from ledger.storage.filesystems import refuse_new_ledger
from ledger.storage.opening import peek
from ledger.storage.stored_log import PAGE
from ledger.values.refusals import Damaged, to_run

PAGES = 256  # copied between two looks at the progress


@click.command("backup")
@click.argument("file", type=FileOnly())
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_obj
def command(path: Path, file: Path, as_json: bool) -> None:
    """Copy the ledger to a new FILE, and check the copy against the ledger.

    Others may go on reading and appending (an append waits while the file is copied): the copy
    holds the log as it stood at one moment. FILE appears only when the copy is whole, checked and
    durable; a file that exists is never replaced.
    Documents that are kept beside the ledger are not part of it, which is said.
    The copy is a ledger like any other: `stakebook --ledger FILE replay` checks every event of it.

    \b
    Example:
      stakebook --ledger deal.db backup deal-2026-11-22.db
    """
    path = file_only(path, "`stakebook export --audit FILE` backs it up.")
    seen = peek(path)
    refuse_new_ledger(file)
    with appearing(file, 0o600) as part:
        count, digest = copied(path, part, file)
    if as_json:
        write_json({"file": str(file), "ledger": seen.id, "events": count, "digest": digest})
    else:
        click.echo(safe(f"backed up {count} events to {file}"))
        click.echo(f"sha256 {digest}")
        say_next(f"keep it elsewhere; {to_run('restore', file)} puts it back.")
    if left := not_copied(path, file):
        click.echo(safe(left), err=True)


def copied(source: Path, part: Path, file: Path) -> tuple[int, str]:
    """Copy a ledger to a draft of a file, and check it: the number of events and their digest."""
    size = peek(source).position
    try:
        with progress("copying", size) as advance:
            _copy(source, part, lambda share: advance(int(share * size)))
            tell_apart(part)
        with progress("checking the copy", size) as advance:
            return checked(part, source, advance)
    except (sqlite3.Error, OSError) as error:
        raise file_error(source if "locked" in str(error) else file, error) from None


def checked(copy: Path, source: Path, advance: Callable[[int], None]) -> tuple[int, str]:
    """The number of events of a copy and the digest of their bytes.

    Damaged where the copy is unsound, its events are not those of its tree, or no prefix of the
    source's.
    """
    with closing(reading(copy)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise Damaged(f"The copy was not kept: SQLite finds it unsound ({found}).")
    with Snapshot(copy) as ours, Snapshot(source) as theirs:
        try:
            digest = _digest(ours.valid_pages(), None, advance)
        except Damaged as damaged:
            raise Damaged(f"The copy was not kept. {damaged}") from None
        if _digest(theirs.pages(), ours.size, advance) != digest:
            raise Damaged("The copy was not kept: its events are not those of the ledger.")
        return ours.size, digest


def _digest(pages: Iterable[list[bytes]], count: int | None, advance: Callable[[int], None]) -> str:
    """The digest of the first events of a history; of all of them where no number is given."""
    digest = hashlib.sha256()
    for number, state in enumerate(islice(chain.from_iterable(pages), count), 1):
        digest.update(len(state).to_bytes(8, "big") + state)
        if number % PAGE == 0:
            advance(number)
    return digest.hexdigest()


def _copy(path: Path, part: Path, advance: Callable[[float], None]) -> None:
    def report(_status: int, remaining: int, total: int) -> None:
        advance((total - remaining) / max(total, 1))

    with closing(reading(path)) as source, closing(sqlite3.connect(part)) as target:
        source.execute("BEGIN")  # one moment of the ledger, however long the copy takes
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(target, pages=PAGES, progress=report)
        source.execute("ROLLBACK")
