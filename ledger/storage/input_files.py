"""Files that are given to be read: regular ones, opened without waiting for whoever may write."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """A file to read from; OSError where there is none, or it is a folder, a pipe or a device."""
    if "\0" in str(path):
        raise OSError(22, "no file has such a name")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise OSError(22, "it is a folder" if stat.S_ISDIR(mode) else "it is not a regular file")
    return open(descriptor, "rb")
