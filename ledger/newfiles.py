"""New files: one that appears whole and durably when all of it is written, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from ledger.files import trouble
from ledger.refusals import Refusal, Refused


@contextmanager
def appearing(path: Path, mode: int = 0o666, *, replace: bool = False) -> Iterator[Path]:
    """A draft beside a path, an empty file to be written, which is given the path at the end.

    Raises Refused where the path is taken (unless it is to be replaced) or cannot be written.
    """
    try:
        if os.path.lexists(path) and (not replace or not path.is_file() or path.is_symlink()):
            raise _taken(path)
        descriptor, name = mkstemp(".part", f".{path.name[:100]}.", path.absolute().parent)
        draft = Path(name)
        try:
            os.fchmod(descriptor, mode & ~_mask())
            os.close(descriptor)
            yield draft
            _make_durable(draft)
            if replace:
                draft.replace(path)
            else:
                _rename_to_free(draft, path)
        finally:
            for left in (draft, draft.with_name(f"{draft.name}-journal")):
                left.unlink(missing_ok=True)
        _make_durable(path.absolute().parent)
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        raise trouble(path, error) from None


def create(path: Path, content: str | bytes, mode: int = 0o666, *, replace: bool = False) -> None:
    """Make a file, which appears when it is whole; text is written in UTF-8."""
    with appearing(path, mode, replace=replace) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)


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
