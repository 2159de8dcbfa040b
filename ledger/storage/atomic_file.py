"""New files: one that appears whole and durably when all of it is written, or not at all.

Until then it is a draft beside its place, under a name that tells what it is and locked by the
process that writes it. What a process that was killed has left is found by both, and cleared.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from ledger.storage.files import file_error
from ledger.values.refusals import Refusal, Refused

DRAFT = ".stakebook-part"
BESIDE = ("-journal", "-wal", "-shm")  # what SQLite names files beside a database


@contextmanager
def appearing(
    path: Path,
    mode: int = 0o666,
    *,
    replace: bool = False,
    make_way: Callable[[], object] = lambda: None,
) -> Iterator[Path]:
    """A draft beside a path, an empty file to be written, which is given the path at the end.

    ``make_way`` is called when the draft is whole and durable. Raises Refused where the path is
    taken (unless it is to be replaced) or cannot be written.
    """
    try:
        refuse_name(path, replace=replace)
        with drafted(path, mode) as draft:
            try:
                yield draft
            except Refused as refused:
                wrong = refused.wrong.replace(str(draft), str(path))
                raise Refused(refused.refusal, wrong, refused.remedy, refused.place) from None
            _make_durable(draft)
            make_way()
            if replace:
                draft.replace(path)
            else:
                _rename_to_free(draft, path)
        _make_durable(path.absolute().parent)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise file_error(path, error) from None


def create(path: Path, content: str | bytes, mode: int = 0o666, *, replace: bool = False) -> None:
    """Make a file, which appears when it is whole; text is written in UTF-8."""
    with appearing(path, mode, replace=replace) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)


def refuse_name(path: Path, *, replace: bool = False) -> None:
    """Refuse a name for a new file that is taken, or that SQLite gives to files of its own."""
    if path.name.endswith(BESIDE):
        raise Refused(
            Refusal.RESERVED_NAME,
            f"{path} is a name that SQLite gives to a file beside a database, and deletes.",
            f"Choose a name that does not end with {', '.join(BESIDE[:-1])} or {BESIDE[-1]}.",
        )
    with suppress(FileNotFoundError):
        path.lstat()
        if not replace or not path.is_file() or path.is_symlink():
            raise _taken(path)


@contextmanager
def drafted(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """A draft beside a path, removed at the end unless it was given another name.

    Raises OSError where none can be made.
    """
    folder = path.absolute().parent
    for left in left_behind(folder):
        with suppress(OSError):  # it may be of somebody else
            _remove(left)
    descriptor, draft = _locked(folder, path.name[:40])
    try:
        os.fchmod(descriptor, mode & ~_mask())
        yield draft
    finally:
        _remove(draft)
        os.close(descriptor)


def left_behind(folder: Path) -> Iterator[Path]:
    """The drafts in a folder that no process is writing, each locked as long as it is looked at."""
    for draft in sorted(folder.glob(f".*{DRAFT}")):
        with suppress(OSError):  # it is gone, of somebody else, or being written
            descriptor = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield draft
            finally:
                os.close(descriptor)


def _locked(folder: Path, name: str) -> tuple[int, Path]:
    """A new draft and its descriptor, locked before anybody could take it for left behind."""
    while True:
        descriptor, made = mkstemp(DRAFT, f".{name}.", folder)
        with suppress(OSError):  # where there are no such locks, nothing is cleared either
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.path.lexists(made):
            return descriptor, Path(made)
        os.close(descriptor)


def _remove(draft: Path) -> None:
    for suffix in (*BESIDE, ""):
        draft.with_name(f"{draft.name}{suffix}").unlink(missing_ok=True)


def _rename_to_free(draft: Path, path: Path) -> None:
    """Rename without ever taking another file's place, where the file system has links."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise _taken(path) from None
        draft.rename(path)


def _mask() -> int:
    """The permissions that new files are not to have."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _taken(path: Path) -> Refused:
    return Refused(Refusal.FILE_EXISTS, f"{path} exists already.", "Name a file that does not.")
