"""Rollback journals: whether the one beside a ledger is of that file, before SQLite plays it back.

A journal that a killed process left holds pages as they were before its transaction. SQLite writes
them into whatever file lies beside it, also into a backup that was copied there. The first page
that a ledger's transactions journal is the first of the file: it counts the changes made, and bears
a number that is drawn for every new file and every copy of one.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ledger.values.refusals import Refusal, Refused

HEAD = 100  # bytes of a database's header
_MAGIC = bytes.fromhex("d9d505f920a163d7")
_HEADER, _WORD = 28, 4  # bytes
_kept: dict[tuple[int, int], int] = {}  # descriptors by file, never closed: see ``_head``


class _Journal(NamedTuple):
    """What a journal tells of the file that it is of, as it was before the transaction."""

    head: bytes  # the journal's own header, which no two transactions have in common
    pages: int
    page_size: int
    first: bytes  # the file's header; empty where its first page was not to be changed


def foreign_journal(ledger: Path) -> Path | None:
    """The journal beside a ledger, where SQLite would play it back although it is of another file.

    A journal belongs to one transaction. While it is the same before and after the file's header is
    read, that header is of this transaction: as it was before, or with the changes counted once.
    """
    real = Path(os.path.realpath(ledger))
    path = real.with_name(f"{real.name}-journal")
    while (journal := _read(path)) is not None:
        file = _head(real)
        if _read(path) == journal:
            return None if _fits(journal, file) else path
    return None


def refuse_foreign(ledger: Path) -> None:
    """Refuse a ledger beside which another file's journal lies."""
    if journal := foreign_journal(ledger):
        raise Refused(
            Refusal.FOREIGN_JOURNAL,
            f"{journal} was left by a killed process and belongs to another file than the one"
            " beside it, into which SQLite would write old pages.",
            f"Keep it with the file that was {ledger.name} before. To put a backup in place use"
            " `stakebook restore FILE`, which moves both aside.",
        )


def _fits(journal: _Journal, file: bytes) -> bool:
    if len(file) < HEAD or _page_size(file) != journal.page_size:
        return False
    before = journal.first
    if not before:
        return _number(file, 28) == journal.pages
    counted = (_number(file, 24) - _number(before, 24)) % 2**32
    if counted == 0:
        return file == before
    return counted == 1 and file[40:44] == before[40:44]


def _read(path: Path) -> _Journal | None:
    """A journal; None where there is none that SQLite would play back."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as stream:
            head = stream.read(_HEADER)
            if len(head) < _HEADER or not head.startswith(_MAGIC):
                return None
            page_size = _number(head, 24)
            return _Journal(head, _number(head, 16), page_size, _first_page(stream)[:HEAD])
    except FileNotFoundError:
        return None


def _first_page(stream: BinaryIO) -> bytes:
    """The first page of the file, if it is journaled: parts of a header and its records follow one
    another, and the last part may not tell how many records it has."""
    start, last = 0, stream.seek(0, os.SEEK_END)
    while True:
        stream.seek(start)
        head = stream.read(_HEADER)
        if len(head) < _HEADER or not head.startswith(_MAGIC):
            return b""
        records, nonce, sector, page_size = (_number(head, at) for at in (8, 12, 20, 24))
        length = 2 * _WORD + page_size
        known = min((last - start - sector) // length, records or last)
        for at in range(start + sector, start + sector + known * length, length):
            stream.seek(at)
            if stream.read(_WORD) == b"\0\0\0\1":
                page, checksum = stream.read(page_size), stream.read(_WORD)
                return page if _number(checksum, 0) == _checksum(nonce, page) else b""
        if not records:
            return b""
        start += -(-(sector + records * length) // max(sector, 1)) * max(sector, 1)


def _checksum(nonce: int, page: bytes) -> int:
    return (nonce + sum(page[at] for at in range(len(page) - 200, 0, -200))) % 2**32


def _head(path: Path) -> bytes:
    """The header of a database, read without closing it: whoever closes a file gives up all locks
    that the same process has on it, those of SQLite too."""
    status = path.stat()
    key = status.st_dev, status.st_ino
    if key not in _kept:
        _kept[key] = os.open(path, os.O_RDONLY)
    return os.pread(_kept[key], HEAD, 0)


def _page_size(head: bytes) -> int:
    size = int.from_bytes(head[16:18])
    return 2**16 if size == 1 else size


def _number(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + _WORD])
