"""The documents behind sources: hashed when a source is registered, and kept beside the ledger.

A kept document lies in the folder ``deal.db.documents`` under its SHA-256, with the ending it had.
The ledger holds the hash alone, so the folder can be copied, moved or left out like any other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from shlex import quote
from typing import Any, BinaryIO, NamedTuple

import click

from cli.safe_text import safe
from ledger.events.envelope import read_state
from ledger.proofs.scan import Finding
from ledger.proofs.snapshot import Snapshot
from ledger.proofs.verify import Report
from ledger.storage.atomic_file import DRAFT, appearing
from ledger.storage.files import file_error
from ledger.storage.input_files import opened
from ledger.storage.server import Place, Server
from ledger.values.refusals import Damaged, Refusal, Refused

_BLOCK = 2**20
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")
_KEPT = re.compile(r"([0-9a-f]{64})(?:\.[a-z0-9]{1,8})?")
_HASHED = b'sha256"'  # in the bytes of every event that names a hash


def document_options() -> list[click.Parameter]:
    """The options of a source that stand for its hash."""
    return [
        click.Option(
            ["--file", "document"],
            type=click.Path(path_type=Path),
            metavar="PATH",
            help="The document: its SHA-256 is recorded.",
        ),
        click.Option(
            ["--keep"], is_flag=True, help="With --file: keep a copy beside the ledger as well."
        ),
    ]


class Given(NamedTuple):
    """A document given for a source, and whether a copy is to be kept."""

    path: Path
    sha256: str
    keep: bool


def document_of(given: dict[str, Any]) -> Given | None:
    """Take a document out of a command's options, and give them its hash."""
    path, keep = given.pop("document", None), given.pop("keep", False)
    if keep and (later := [name for name in ("save", "draft") if given.get(name)]):
        raise click.UsageError(f"--keep copies what is recorded: leave it out with --{later[0]}.")
    if path is None:
        if keep:
            raise click.UsageError("--keep needs --file PATH: the document to keep.")
        return None
    found = _hash_of(path)
    if given.get("sha256") not in (None, found):
        raise Refused(
            Refusal.FIELDS_DISAGREE,
            f"{path} has the SHA-256 {found}, and another one is given.",
            "Leave out --sha256, or give the file that it is of.",
            "sha256",
        )
    given["sha256"] = found
    return Given(path, found, keep)


def folder_of(ledger: Place) -> Path:
    """Where the documents of a ledger are kept: ``deal.db`` has ``deal.db.documents`` beside it."""
    if isinstance(ledger, Server):
        from cli.local import views_of

        return views_of(ledger).with_name("documents")
    return ledger.with_name(f"{ledger.name}.documents")


def kept(ledger: Place) -> Mapping[str, Path]:
    """The files kept beside a ledger that are named by a hash, by it."""
    found = ((_KEPT.fullmatch(path.name), path) for path in _inside(ledger))
    return {match[1]: path for match, path in found if match}


def is_whole(path: Path) -> bool:
    """Whether a kept document still has the hash that it is named by."""
    return path.name.startswith(_hash_of(path))


@contextmanager
def keeping(ledger: Place, document: Given | None) -> Iterator[None]:
    """Keep a copy of a document if what is done meanwhile succeeds: whole and durable, or none."""
    with _copy(ledger, document) if document and document.keep else nullcontext():
        yield


@contextmanager
def _copy(ledger: Place, document: Given) -> Iterator[None]:
    folder, before = folder_of(ledger), kept(ledger).get(document.sha256)
    if before is not None:
        if not is_whole(before):
            raise Refused(
                Refusal.FILE_EXISTS,
                f"{before} was altered since it was kept.",
                "Move it away, then keep the document again.",
            )
        yield
        click.echo(safe(f"kept already as {before}"), err=True)
        return
    ending = document.path.suffix.lower()
    name = document.sha256 + (ending if _ENDING.fullmatch(ending) else "")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise file_error(folder, error) from None
    try:
        with appearing(folder / name) as draft:
            with _read(document.path) as source, draft.open("wb") as copy:
                if _digest(source, copy) != document.sha256:
                    raise Refused(
                        Refusal.UNREADABLE_FILE,
                        f"{document.path} changed while it was copied.",
                        "Give it again once it is complete; nothing is recorded.",
                    )
            yield
    finally:
        if not any(folder.iterdir()):
            folder.rmdir()
    click.echo(safe(f"kept {folder / name}"), err=True)


def check_documents(ledger: Place, snapshot: Snapshot, report: Report) -> None:
    """Hash every kept document again; the report says what is altered, extra and missing."""
    if not folder_of(ledger).exists():
        return
    try:
        recorded = _recorded(snapshot)
    except Damaged as damaged:
        report.findings.append(Finding(str(folder_of(ledger)), f"It is not checked: {damaged}"))
        return
    wrong = {path: _wrong(path, recorded) for path in _inside(ledger)}
    report.findings += [Finding(str(path), said) for path, said in wrong.items() if said]
    whole = list(wrong.values()).count("")
    documents = "1 kept document has" if whole == 1 else f"{whole} kept documents have"
    report.checked.append(f"{documents} the hash that was recorded.")
    if missing := [recorded[sha256] for sha256 in recorded.keys() - kept(ledger).keys()]:
        report.unchecked.append(
            f"The documents of {', '.join(sorted(missing))}: a hash is recorded, and no file of it"
            f" lies in {folder_of(ledger).name}."
        )


def _wrong(path: Path, recorded: Mapping[str, str]) -> str:
    """What is wrong with a file among kept documents, if anything."""
    match = _KEPT.fullmatch(path.name)
    if match is None or match[1] not in recorded:
        return "It is named by no hash that is recorded for a source."
    try:
        return "" if is_whole(path) else f"The document of {recorded[match[1]]} was altered."
    except Refused as refused:
        return refused.wrong


def not_copied(ledger: Path, copy: Path) -> str:
    """What a backup says of the documents kept beside the ledger; empty where there are none."""
    number = len(list(_inside(ledger)))
    if not number:
        return ""
    documents = "1 document is" if number == 1 else f"{number} documents are"
    words = " ".join(quote(str(folder_of(file))) for file in (ledger, copy))
    return f"{documents} kept beside the ledger and not in its backup. Copy them too: cp -R {words}"


def _recorded(snapshot: Snapshot) -> dict[str, str]:
    """Every hash that was ever recorded for a document, with the source it is of."""
    found = dict[str, str]()
    states = (state for page in snapshot.pages() for state in page if _HASHED in state)
    for event in map(read_state, states):
        named = [event.data.get("sha256"), *map(_changed, event.data.get("changes", ()))]
        source = str(event.data.get("source", event.data.get("event")))
        found |= dict.fromkeys((str(sha256) for sha256 in named if sha256), source)
    return found


def _changed(change: Mapping[str, Any]) -> Any:
    return change.get("value") if change["field"] == "sha256" else None


def _inside(ledger: Place) -> Iterator[Path]:
    """The files in the folder of documents, but for those that are being written."""
    folder = folder_of(ledger)
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if DRAFT not in path.name)


def _hash_of(path: Path) -> str:
    with _read(path) as stream:
        return _digest(stream)


@contextmanager
def _read(path: Path) -> Iterator[BinaryIO]:
    try:
        with opened(path) as stream:
            yield stream
    except OSError as error:
        raise Refused(
            Refusal.UNREADABLE_FILE,
            f"It cannot be read: {error.strerror or error}.",
            "Check the name and the permissions.",
            str(path),
        ) from None


def _digest(source: BinaryIO, copy: BinaryIO | None = None) -> str:
    digest = hashlib.sha256()
    while block := source.read(_BLOCK):
        digest.update(block)
        if copy is not None:
            copy.write(block)
    return digest.hexdigest()
